# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes each task's result, with the moments between which it ran, as a line of JSON."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: recorder
type: aggregate
short_description: Records the results of tasks for the integration tests
description: Appends a line of JSON for each result to the file that E(RECORDER_FILE) names.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "recorder"

    def __init__(self) -> None:
        super().__init__()
        self._started: dict[str, float] = {}

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: ARG002
        self._started[task._uuid] = time.time()

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record(result, failed=False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: ARG002
        self._record(result, failed=True)

    def _record(self, result: Any, failed: bool) -> None:
        record = {
            "task": result.task.get_name(),
            "started_at": self._started[result.task._uuid],
            "ended_at": time.time(),
            "failed": failed,
            "result": result.result,
        }
        with open(os.environ["RECORDER_FILE"], "a", encoding="utf-8") as file:  # noqa: PTH123
            file.write(json.dumps(record, default=str) + "\n")
