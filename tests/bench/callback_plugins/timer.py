# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes when tasks and items began or ended, as lines of JSON, and at the end whether nothing was changed.

Each line has the processor time until then: that of Ansible and of its workers, with their modules, that have ended.
A worker is counted when the next one starts, so that between the starts of two tasks as many are counted as tasks.
"""

from __future__ import annotations

import json
import os
import resource
import time
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: timer
type: aggregate
short_description: Takes the time of tasks for the benchmark
description: Appends a line of JSON for each event to the file that E(TIMER_FILE) names.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "timer"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: ARG002
        self._tell("start", task.get_name())

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._tell("item", result.task.get_name())

    def v2_playbook_on_stats(self, stats: Any) -> None:
        hosts = [stats.summarize(host) for host in stats.processed]
        idle = all(host["ok"] and not host["changed"] and not host["skipped"] for host in hosts)
        self._tell("end", "nothing changed" if idle else f"not idle: {hosts}")

    def _tell(self, kind: str, name: str) -> None:
        usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        used = sum(usage.ru_utime + usage.ru_stime for usage in usages)
        line = json.dumps({"kind": kind, "name": name, "at": time.monotonic(), "processor_seconds": used})
        with open(os.environ["TIMER_FILE"], "a", encoding="utf-8") as file:  # noqa: PTH123
            file.write(line + "\n")
