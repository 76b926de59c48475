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

from faults.kinds import writes
from faults.matrix import Cell, clean, judge, kinds_of
from faults.scenarios import SCENARIOS
from faults.world import MODULES

MODULE_FILES = Path(__file__).parents[2] / "plugins" / "modules"


def part(number: int, name: str) -> list[Cell]:
    """One call for each third kind of fault, or each fourth of those about the service, and for each with a rival."""
    calls = clean(name).calls
    met = [(kind, positions) for kind in kinds_of(name) if (positions := kind.where(calls))]
    rivals = [(kind, positions) for kind, positions in met if kind.rivals]
    of_line = [(kind, positions) for kind, positions in met if not kind.of_service]
    of_service = [(kind, positions) for kind, positions in met if kind.of_service and not kind.rivals]
    chosen = [
        Cell(name, kind.name, dangerous(positions, calls, number + turn))
        for turn, (kind, positions) in enumerate(rivals)
    ]
    for turn, (kind, positions) in [
        *list(enumerate(of_line))[number % 3 :: 3],
        *list(enumerate(of_service))[number % 4 :: 4],
    ]:
        # What is lost after it was carried out is about writes; a read that was carried out is one that was not.
        if kind.name.endswith(", carried out") or (number + turn) // 2 % 2:
            candidates = [position for position in writes(calls) if position in positions]
        else:
            candidates = []
        candidates = candidates or positions
        chosen.append(Cell(name, kind.name, candidates[(number * 7 + turn * 3) % len(candidates)]))
    return chosen


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
