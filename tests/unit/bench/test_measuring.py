# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repetitions in turn, and the figures made of them."""

from __future__ import annotations

import pytest

from bench.measuring import in_turn, ratio, spread
from bench.report import compact


def test_contestants_take_turns() -> None:
    order: list[str] = []
    told: list[str] = []

    def measure(name: str) -> int:
        order.append(name)
        return len(order)

    measured = in_turn({"a": lambda: measure("a"), "b": lambda: measure("b")}, 2, told.append)

    assert order == ["a", "b", "a", "b"]
    assert measured == {"a": [1, 3], "b": [2, 4]}
    assert told[-1] == "repetition 2 of 2: b"


def test_a_ratio_is_taken_within_each_repetition() -> None:
    # The machine was ten times as slow in the second repetition, and the peer met a hiccup in the third.
    assert ratio([1, 10, 1], [2, 20, 9]) == 0.5


def test_figures_without_a_partner_are_no_ratio() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratio([1, 2], [1])


@pytest.mark.parametrize(
    ("figures", "text"),
    [([1.0], "1"), ([3.0, 1.0, 2.0], "2 (1 to 3)"), ([4.0, 1.0], "2.5 (1 to 4)")],
    ids=["one", "odd", "even"],
)
def test_spread(figures: list[float], text: str) -> None:
    assert spread(figures, compact) == text
