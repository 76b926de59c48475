# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cuts the contract to what one version of the API has.

The collection's own table says what that is, for there is to be one only. It is loaded from its file, because the
simulator also runs where the collection is not installed.
"""

from __future__ import annotations

import copy
import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

TABLE = Path(__file__).parents[2] / "plugins" / "module_utils" / "_versions.py"
JSON = "application/json"

Json = dict[str, Any]


def load_table() -> ModuleType:
    """Return the collection's module of versions."""
    spec = importlib.util.spec_from_file_location("versions_of_the_api", TABLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


table = load_table()


def view(document: Json, version: str) -> Json:
    """Return a copy of the document without the operations and fields that a later version adds."""
    document = copy.deepcopy(document)
    for path, item in list(document["paths"].items()):
        for method, operation in list(_operations(item)):
            if table.is_older(version, table.since(operation["summary"])):
                del item[method]
            else:
                _cut(document, operation, version)
        if not dict(_operations(item)):
            del document["paths"][path]
    return document


def _operations(item: Json) -> Iterator[tuple[str, Json]]:
    return ((method, operation) for method, operation in item.items() if "operationId" in operation)


def _cut(document: Json, operation: Json, version: str) -> None:
    title = operation["summary"]
    later = _later(table.BODY_FIELDS_SINCE.get(title, {}), version)
    optional = _later(table.BODY_FIELDS_REQUIRED_SINCE.get(title, {}), version)
    if later or optional:
        body = _schema(document, operation["requestBody"])
        _drop(body, later)
        _make_optional(body, optional)
    later = _later(table.ANSWER_FIELDS_SINCE.get(title, {}), version)
    if later:
        _drop(_schema(document, operation["responses"]["200"]), later)


def _later(fields: Mapping[str, str], version: str) -> set[str]:
    return {field for field, since in fields.items() if table.is_older(version, since)}


def _schema(document: Json, place: Json) -> Json:
    """Return the schema of a body or an answer, which may stand somewhere else."""
    schema: Json = _resolved(document, _resolved(document, place)["content"][JSON]["schema"])
    return schema


def _resolved(document: Json, item: Json) -> Json:
    while "$ref" in item:
        found: Any = document
        for part in item["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        item = found
    return item


def _drop(schema: Json, fields: set[str]) -> None:
    schema["properties"] = {name: item for name, item in schema["properties"].items() if name not in fields}
    _make_optional(schema, fields)


def _make_optional(schema: Json, fields: set[str]) -> None:
    schema["required"] = [name for name in schema.get("required", []) if name not in fields]
