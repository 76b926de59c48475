# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the operations: each of its rows has to be true.

That a module's code builds the call of an operation is read from the code itself: from the function that the module
runs, every function and class that its code names is followed, and with it those that they name.
"""

from __future__ import annotations

import ast
import functools
import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _versions
from ansible_collections.samsungcloud.scp.tests.unit.contract.document import operations
from harness.operations_page import ROOT, Row, rows, table_lines

PACKAGE = "ansible_collections.samsungcloud.scp.plugins"
OPERATIONS = {operation.title: operation for operation in operations()}
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
ROWS = rows()
in_every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)

# A name of a file of the core, such as ("_cluster", "find").
Name = tuple[str, str]


@functools.cache
def parsed(folder: str, stem: str) -> ast.Module:
    return ast.parse((ROOT / "plugins" / folder / f"{stem}.py").read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> dict[str, Name]:
    """What the names that a file imports from the core stand for; a file as a whole has an empty name."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}.module_utils"):
            stem = (node.module or "").removeprefix(f"{PACKAGE}.module_utils").lstrip(".")
            for alias in node.names:
                found[alias.asname or alias.name] = (stem, alias.name) if stem else (alias.name, "")
    return found


@functools.cache
def definitions(stem: str) -> dict[str, ast.stmt]:
    """The functions, classes and constants of a file of the core."""
    found: dict[str, ast.stmt] = {}
    for node in parsed("module_utils", stem).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found.update({target.id: node for target in node.targets if isinstance(target, ast.Name)})
    return found


def named(node: ast.AST, imported: dict[str, Name], own: str = "") -> Iterator[Name]:
    """The names of the core that a piece of code uses."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            stem, name = imported.get(part.value.id, ("", "-"))
            if not name:
                yield stem, part.attr
        elif isinstance(part, ast.Name):
            if imported.get(part.id, ("", ""))[1]:
                yield imported[part.id]
            elif own and part.id in definitions(own):
                yield own, part.id


@functools.cache
def called(module: str) -> frozenset[str]:
    """The functions of ``_api`` that a module's code can get to."""
    tree = parsed("modules", module)
    todo = list(named(tree, imports(tree)))
    seen: set[Name] = set()
    while todo:
        stem, name = found = todo.pop()
        if found in seen:
            continue
        seen.add(found)
        if stem != "_api" and name in definitions(stem):
            todo += named(definitions(stem)[name], imports(parsed("module_utils", stem)), stem)
    return frozenset(name for stem, name in seen if stem == "_api")


def entry_of(spec: dict[str, Any], path: str) -> dict[str, Any] | None:
    """The entry of an option such as ``instance_groups[].server_type_name`` in an argument spec."""
    entry: dict[str, Any] | None = {"options": spec}
    for key in path.split("."):
        entry = (entry or {}).get("options", {}).get(key.removesuffix("[]"))
    return entry


@functools.cache
def proofs_in(file: str) -> frozenset[str]:
    path = ROOT / "tests" / "integration" / file
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_line_of_the_table_is_understood() -> None:
    assert len(table_lines()) == len(ROWS)


def test_all_operations_stand_in_the_order_of_the_reference() -> None:
    later = sorted(_versions.OPERATIONS_SINCE)
    assert [row.number for row in ROWS] == [*range(1, 45), *(None for _title in later)]
    assert [row.title for row in ROWS[44:]] == later


@in_every_row
def test_operation_is_the_contracts(row: Row) -> None:
    operation = OPERATIONS[row.title]
    assert (row.number, row.method, row.path) == (operation.number, operation.method, operation.path)


@in_every_row
def test_versions_are_those_that_have_the_operation(row: Row) -> None:
    changed = _versions.OPERATIONS_CHANGED.get(row.title)
    told = f"{_versions.since(row.title)} to {_versions.IMPLEMENTED[-1]}"
    assert row.versions == (f"{told}, another in {changed}" if changed else told)


@in_every_row
def test_module_calls_the_operation(row: Row) -> None:
    assert row.module in MODULES
    assert OPERATIONS[row.title].id in called(row.module)


@in_every_row
def test_option_is_one_of_the_module(row: Row) -> None:
    name, value = row.setting
    entry = entry_of(importlib.import_module(f"{PACKAGE}.modules.{row.module}").ARGUMENT_SPEC, name)
    assert entry is not None
    assert value is ... or value in entry.get("choices", [value])


@in_every_row
def test_proof_is_there(row: Row) -> None:
    assert row.test.startswith("test_")
    assert row.test in proofs_in(row.test_file)


def test_every_module_is_on_the_page() -> None:
    assert sorted({row.module for row in ROWS}) == MODULES


@pytest.mark.parametrize("module", [module for module in MODULES if module.endswith("_info")])
def test_modules_that_only_inform_call_no_write(module: str) -> None:
    """This holds the following of names to account as well: it must not find more than there is."""
    reads = {operation.id for operation in OPERATIONS.values() if operation.method == "GET"}
    assert {name for name in called(module) if name in {one.id for one in OPERATIONS.values()}} <= reads


@pytest.mark.parametrize(
    ("module", "operation"),
    [
        ("mariadb_parameters", "terminate_cluster"),
        ("mariadb_log_export", "set_parameter_values"),
        ("mariadb_cluster", "create_replica"),
        ("mariadb_backup", "remove_backup_histories"),
    ],
)
def test_modules_do_not_call_what_is_not_theirs(module: str, operation: str) -> None:
    assert operation not in called(module)
