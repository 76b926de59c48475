# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A part of the matrix: each scenario meets some of the kinds of faults, at one call, and the next scenarios the rest.

Which call moves on with every scenario and kind, so that all have their turn, every other time among the writes alone,
where the harm is done. Another run at work meets every scenario, right before its first write or behind its first call;
``make faults`` runs them all.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from faults.kinds import Kind, writes
from faults.matrix import Cell, clean, judge, kinds_of
from faults.scenarios import SCENARIOS
from faults.world import MODULES

# A kind and the calls that it can stand at.
Met = tuple[Kind, list[int]]
MODULE_FILES = Path(__file__).parents[2] / "plugins" / "modules"


def part(number: int, name: str) -> list[Cell]:
    """One call for each kind of another run, and for each third of the other kinds.

    A scenario that forbids a write meets all words, for they are what may lead to it.
    """
    calls = clean(name).calls
    met = [(kind, positions) for kind in kinds_of(name) if (positions := kind.where(calls))]
    rivals = [one for one in met if one[0].rivals]
    others = [one for one in met if one[0].of_service and not one[0].rivals]
    line = [one for one in met if not one[0].of_service]
    chosen = [
        Cell(name, kind.name, dangerous(positions, calls, number + turn))
        for turn, (kind, positions) in enumerate(rivals)
    ]
    words = [one for one in others if one[0].always and SCENARIOS[name].harms]
    others = [one for one in others if one not in words]
    for turn, (kind, positions) in enumerate(words + by_turns(others, number, 3) + by_turns(line, number, 3)):
        # What is lost after it was carried out is about writes; a read that was carried out is one that was not.
        is_about_writes = kind.name.endswith(", carried out") or (number + turn) // 2 % 2
        written = [position for position in writes(calls) if position in positions] if is_about_writes else []
        candidates = written or positions
        chosen.append(Cell(name, kind.name, candidates[(number * 7 + turn * 3) % len(candidates)]))
    return chosen


def by_turns(met: list[Met], number: int, count: int) -> list[Met]:
    """Return one of so many, and the next one for the next scenario."""
    return met[number % count :: count]


def dangerous(positions: list[int], calls: list[Any], turn: int) -> int:
    """Return the last call before the first write, or the one behind the first look, by turns."""
    first_write = next(iter(writes(calls)), len(calls))
    before = [position for position in positions if position < first_write]
    return (before[-1] if turn % 2 else before[:2][-1]) if before else positions[0]


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
