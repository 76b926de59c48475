# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many calls of the API a task makes, by the simulator's journal."""

from __future__ import annotations

from dataclasses import dataclass

from bench.report import Section, Table
from bench.running import Run
from faults.scenarios import SCENARIOS, Scenario
from faults.world import Run as Task

METHOD = """\
The tasks of the fault matrix (`tests/faults/scenarios.py`), each run twice, on a clock that passes in sleeps
only and with the durations seen on SCP. The first run changes something: the reads before its first write, the
writes, and the reads from then on, most of them while it waits. The second finds nothing to do, except where a
state is an order such as `restarted`. Exact, so that nothing is repeated."""


@dataclass(frozen=True)
class Counted:
    before: int
    writes: int
    after: int
    again: str

    @property
    def cells(self) -> list[str]:
        return [*map(str, (self.before, self.writes, self.after)), self.again]


def measure(run: Run) -> Section:
    rows = []
    for name, scenario in SCENARIOS.items():
        run.tell(name)
        rows.append([name, *counted(scenario).cells])
    columns = ["Task", "reads before", "writes", "reads after", "calls with nothing to do"]
    return Section("calls", "Calls of the API", METHOD, [Table(columns, rows)])


def counted(scenario: Scenario) -> Counted:
    world = scenario.world()
    world.simulation.change_settings({"time_scale": 1})
    first = succeeded(world.run(scenario.module, scenario.options))
    second = succeeded(world.run(scenario.module, scenario.options))
    is_write = [call.method != "GET" for call in first.calls]
    before, writes = is_write.index(True), sum(is_write)
    return Counted(before, writes, len(is_write) - before - writes, "-" if second.writes else str(len(second.calls)))


def succeeded(task: Task) -> Task:
    """Return the task; raises :class:`RuntimeError` when it failed, so that its calls say nothing."""
    if task.failed:
        raise RuntimeError(f"{task.crash or task.result}")
    return task
