# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One playbook, all operations: counted in the simulator's journal, and held against the page that lists them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.samsungcloud.scp.tests.unit.contract.document import operations
from harness.operations_page import Row, rows
from harness.play import Play, Ran
from harness.simulator import Json
from harness.trouble import serve, settings

PLAYBOOK = Path(__file__).with_name("all_operations.yml")
PREFIX = "samsungcloud.scp."


def succeeded(calls: Iterable[Json]) -> set[str]:
    """The titles of the operations that were answered with a success."""
    return {call["operation"] for call in calls if 200 <= (call["status"] or 0) < 300}


def test_every_operation_succeeds(play: Play) -> None:
    settings(play.simulator, time_scale=6000, stale_reads=0)
    serve(play, "1.0", "1.3")

    ran = play.run(str(PLAYBOOK))

    assert play.exit_code == 0, play.output
    titles = {operation.title for operation in operations()}
    missing = titles - succeeded(play.simulator.calls())
    assert not missing
    assert [one.task for one in ran if one.writes and not one.changed] == []
    unproven = [row for row in rows() if not is_proven(row, ran)]
    assert not unproven


def is_proven(row: Row, ran: list[Ran]) -> bool:
    """Tell whether a task with the row's module and option used the row's operation with success."""
    names = {task["name"] for task in tasks() if uses(task, row)}
    return any(row.title in succeeded(one.calls) for one in ran if one.task in names)


def tasks() -> list[Json]:
    (play,) = yaml.safe_load(PLAYBOOK.read_text(encoding="utf-8"))
    found: list[Json] = play["tasks"]
    return found


def uses(task: Json, row: Row) -> bool:
    name, wanted = row.setting
    values = list(values_of(task.get(PREFIX + row.module), name.split(".")))
    return bool(values) and (wanted is ... or wanted in values)


def values_of(options: Any, keys: list[str]) -> Iterable[Any]:
    """The values of an option such as ``instance_groups[].server_type_name``."""
    if not keys:
        yield options
        return
    key = keys[0].removesuffix("[]")
    if isinstance(options, dict) and key in options:
        for value in options[key] if keys[0].endswith("[]") else [options[key]]:
            yield from values_of(value, keys[1:])


def test_tasks_are_told_apart_by_their_names() -> None:
    names = [task["name"] for task in tasks()]
    assert len(names) == len(set(names))


def test_every_module_is_used() -> None:
    used = {key.removeprefix(PREFIX) for task in tasks() for key in task if key.startswith(PREFIX)}
    assert used == {row.module for row in rows()}
