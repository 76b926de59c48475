# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A part of the shape matrix: every sixth form of a field, and each field that may be missing, in one scenario.

``make shapes`` runs all.

Where a scenario can meet a form also later on, or once, that is as likely as for good.
"""

from __future__ import annotations

from functools import cache

import pytest

from faults.shapes import Cell, cells, judge, later


@cache
def part() -> dict[str, list[Cell]]:
    """Return one cell for each chosen form of a field, by operation; the scenario is another each time."""
    met: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells():
        met.setdefault((cell.operation, str(cell.field), cell.mutation), []).append(cell)
    chosen: dict[str, list[Cell]] = {}
    for number, (form, candidates) in enumerate(sorted(met.items())):
        if number % 6 and not is_left_out(candidates[0]):
            continue
        cell = candidates[number * 7 % len(candidates)]
        lasting = [cell, *later(cell)]
        chosen.setdefault(form[0], []).append(lasting[number // 6 % len(lasting)])
    return chosen


def is_left_out(cell: Cell) -> bool:
    """Tell whether a cell is about a field that the contract allows to be missing."""
    return cell.mutation == "missing" and cell.field is not None and not cell.field.is_required


@pytest.mark.parametrize("operation", sorted(part()))
def test_shapes(operation: str) -> None:
    verdicts = [judge(cell) for cell in part()[operation]]
    assert verdicts
    wrong = [f"{verdict.cell}: {verdict.problems}" for verdict in verdicts if verdict.problems]
    assert not wrong, "\n".join(wrong)
