# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names in roles and playbooks: none that a caller may use as well.

Variables of a caller may be templates that are evaluated inside a role, where ``item`` is that of the innermost loop.
And extra variables win over variables of a task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
FACTS = ("ansible.builtin.set_fact", "set_fact")
# The variables of a playbook that its users set.
OF_USERS = {"mariadb_state", "decommission_confirm"}


class Names(NamedTuple):
    """What one file of tasks or variables defines, with where it stands."""

    file: Path
    prefix: str
    tasks: list[dict[str, Any]]

    @property
    def defined(self) -> Iterator[str]:
        if "tasks" not in self.file.parts and "playbooks" not in self.file.parts:
            yield from yaml.safe_load(self.file.read_text(encoding="utf-8")) or {}
        for task in self.tasks:
            yield from task.get("vars", {})
            yield from [task["register"]] if "register" in task else []
            yield from (task.get("loop_control") or {}).get("loop_var", "").split()
            for action in FACTS:
                yield from task.get(action, {})


def nested(tasks: Any) -> Iterator[dict[str, Any]]:
    for task in tasks if isinstance(tasks, list) else []:
        yield task
        for part in ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks", "handlers"):
            yield from nested(task.get(part))


def files() -> list[Names]:
    found = []
    for path in [*sorted(ROOT.glob("roles/*/*/*.yml")), *sorted(ROOT.glob("playbooks/*.yml"))]:
        if path.parent.name in ("tasks", "handlers", "vars", "defaults") or path.parent.name == "playbooks":
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            prefix = path.stem if path.parent.name == "playbooks" else path.parent.parent.name
            found.append(Names(path, prefix, list(nested(content))))
    return found


FILES = files()
each_file = pytest.mark.parametrize("names", FILES, ids=[str(names.file.relative_to(ROOT)) for names in FILES])


def test_files_are_found() -> None:
    assert len(FILES) > 25
    assert sum(1 for names in FILES for task in names.tasks if "loop" in task) > 10


@each_file
def test_each_name_has_the_prefix_of_its_role_or_playbook(names: Names) -> None:
    prefix = re.compile(rf"_{{0,2}}{names.prefix}(_|$)")
    assert [name for name in names.defined if not prefix.match(name) and name not in OF_USERS] == []


@each_file
def test_each_loop_has_a_variable_of_its_own(names: Names) -> None:
    loops = [task for task in names.tasks if "loop" in task or any(key.startswith("with_") for key in task)]
    assert [task["name"] for task in loops if not (task.get("loop_control") or {}).get("loop_var")] == []
