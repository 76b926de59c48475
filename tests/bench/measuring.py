# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repetitions in turn, and what is made of their figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

Measured = TypeVar("Measured")


def in_turn(
    contestants: Mapping[str, Callable[[], Measured]], repetitions: int, tell: Callable[[str], None]
) -> dict[str, list[Measured]]:
    """Measure all contestants once, then all of them again, so that a busy machine is busy for all of them."""
    measured: dict[str, list[Measured]] = {name: [] for name in contestants}
    for repetition in range(1, repetitions + 1):
        for name, measure in contestants.items():
            tell(f"repetition {repetition} of {repetitions}: {name}")
            measured[name].append(measure())
    return measured


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios within each repetition, in which both had the machine in the same state."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def spread(figures: Sequence[float], number: Callable[[float], str]) -> str:
    """Return the median, and where there are several figures what they lie between."""
    middle = number(median(figures))
    return f"{middle} ({number(min(figures))} to {number(max(figures))})" if len(figures) > 1 else middle
