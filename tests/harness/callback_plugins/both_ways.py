# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does each task of the collection twice from the same state of the cloud: as a module, then inside the worker.

It takes effect by being loaded, in the process that the workers are forked from. What the play goes on with is the
second; both are written to a file, for the test to compare.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from ansible import constants as C  # noqa: N812
from ansible.plugins.callback import CallbackBase

from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _handover
from ansible_collections.samsungcloud.scp.plugins.plugin_utils._action import ScpAction

DOCUMENTATION = r"""
name: both_ways
type: aggregate
short_description: Does each task as a module and inside the worker
description: Appends what came of both to the file that E(BOTH_WAYS_FILE) names, as a line of JSON.
"""

Json = dict[str, Any]
Run = Callable[..., Json]


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "both_ways"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        setattr(ScpAction, "run", both_ways(ScpAction.run))  # noqa: B010


def both_ways(run: Run) -> Run:
    def run_twice(action: Any, tmp: None = None, task_vars: Json | None = None) -> Json:
        variables = task_vars or {}
        if _handover.find_obstacle(action, action._environment_of_task(), variables):
            return run(action, tmp, variables)
        # A module's arguments get internal ones beside them.
        arguments = copy.deepcopy(action._task.args)
        control("POST", "snapshot")
        before, remembered = len(calls()), memory()
        as_module = action._hand_over(variables)
        module_calls = calls()[before:]
        control("POST", "restore")
        forget_what_came_after(remembered)
        action._task.args = arguments
        in_process = run(action, tmp, variables)
        record(
            task=action._task.get_name(),
            module={"result": as_module, "calls": module_calls},
            in_process={"result": in_process, "calls": calls()[before:]},
        )
        return in_process

    return run_twice


def calls() -> list[Json]:
    found: list[Json] = control("GET", "calls")["calls"]
    return found


def memory() -> dict[Path, bytes]:
    """What the tasks before have left for those that follow."""
    return {file: file.read_bytes() for file in Path(C.DEFAULT_LOCAL_TMP).glob("samsungcloud.scp.*.json")}


def forget_what_came_after(remembered: dict[Path, bytes]) -> None:
    for file in memory():
        file.unlink()
    for file, content in remembered.items():
        file.write_bytes(content)


def control(method: str, path: str) -> Any:
    request = Request(f"{os.environ['BOTH_WAYS_CONTROL']}/_simulator/{path}", method=method)  # noqa: S310
    with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
        return json.load(answer)


def record(**both: Any) -> None:
    with open(os.environ["BOTH_WAYS_FILE"], "a", encoding="utf-8") as file:  # noqa: PTH123
        file.write(json.dumps(both, default=as_text) + "\n")


def as_text(value: Any) -> str:
    """Return the text of a warning, which comes back from a module as an object of Ansible's own."""
    return str(value.event.msg if hasattr(value, "event") else value)
