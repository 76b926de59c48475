# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A part of the matrix: each scenario meets every other kind of fault, at one call, and the next scenario the rest.

Which one moves on with every scenario and kind, so that all have their turn, every other time among the writes alone,
where the harm is done; ``make faults`` runs them all.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from faults.kinds import KINDS, writes
from faults.matrix import Cell, clean, judge
from faults.scenarios import SCENARIOS
from faults.world import MODULES

MODULE_FILES = Path(__file__).parents[2] / "plugins" / "modules"


def part(number: int, name: str) -> list[Cell]:
    """One call for each second kind of fault."""
    calls = clean(name).calls
    chosen = []
    for turn, kind in list(enumerate(KINDS.values()))[number % 2 :: 2]:
        positions = kind.where(calls)
        # What is lost after it was carried out is about writes; a read that was carried out is one that was not.
        if kind.name.endswith(", carried out") or (number + turn) // 2 % 2:
            positions = [position for position in writes(calls) if position in positions] or positions
        if positions:
            chosen.append(Cell(name, kind.name, positions[(number * 7 + turn * 3) % len(positions)]))
    return chosen


@pytest.mark.parametrize(("number", "name"), list(enumerate(SCENARIOS)), ids=list(SCENARIOS))
def test_faults(number: int, name: str) -> None:
    verdicts = [judge(cell) for cell in part(number, name)]
    assert verdicts
    wrong = [f"{verdict.cell} ({verdict.operation}): {verdict.problems}" for verdict in verdicts if verdict.problems]
    assert not wrong, "\n".join(wrong)


def test_every_state_of_every_writing_module_has_a_scenario() -> None:
    found = set()
    for path in MODULE_FILES.glob("mariadb_*.py"):
        state = importlib.import_module(f"{MODULES}.{path.stem}").ARGUMENT_SPEC.get("state", {})
        found |= {(path.stem, choice) for choice in state.get("choices", ())}
    assert found
    covered = {
        (f"mariadb_{scenario.module}", scenario.options.get("state", default_state(scenario.module)))
        for scenario in SCENARIOS.values()
    }
    assert covered == found


def default_state(module: str) -> str:
    return str(importlib.import_module(f"{MODULES}.mariadb_{module}").ARGUMENT_SPEC["state"]["default"])
