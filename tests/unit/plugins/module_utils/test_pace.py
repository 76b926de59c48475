# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import bisect
import math
import random
from collections.abc import Iterator

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _pace
from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import JITTER, Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._pace import Pace, Span
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import FakeClock

LONGEST = 3600


class Dice(FakeClock):
    """Time that passes in sleeps only, with chance that is the same in every run."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed)  # noqa: S311

    def jitter(self, seconds: float, share: float = JITTER) -> float:
        self.chance = self._random.random()
        return super().jitter(seconds, share)


CLOCKS = [FakeClock(0), FakeClock(0.5), FakeClock(1), *(Dice(seed) for seed in range(30))]
SPANS: dict[str, Span] = {
    operation: pace.__self__ for operation, pace in _pace.PACES.items() if pace is not _pace.unknown
}


def looks(pace: Pace, clock: Clock) -> list[float]:
    """Return when an operation that goes on for an hour and more is looked at, in seconds since its begin."""
    at = [0.0]
    while at[-1] < LONGEST * 1.1:
        at.append(at[-1] + pace(at[-1], clock))
    return at


def ends(at: list[float], shortest: float, longest: float) -> Iterator[tuple[float, int, float]]:
    """Yield ends of an operation: the duration, the looks that it takes to notice it, and the overshoot.

    They are those of every full second, and those just after each look, which are noticed latest.
    """
    for seconds in (*range(math.ceil(shortest), math.floor(longest) + 1), *at):
        if shortest <= seconds <= longest:
            # A look sees what has ended before it; what ends at that very moment may be left for the next.
            index = bisect.bisect_right(at, seconds)
            yield seconds, index + 1, at[index] - seconds


@pytest.mark.parametrize("operation", SPANS)
def test_looks_are_fewer_than_at_a_fixed_pause(operation: str) -> None:
    for clock in CLOCKS:
        for seconds, count, _overshoot in ends(looks(SPANS[operation].pause, clock), 120.001, LONGEST):
            assert count < seconds / 10 + 1, (clock.chance, seconds)


@pytest.mark.parametrize("operation", SPANS)
def test_end_in_the_span_is_noticed_soon(operation: str) -> None:
    span = SPANS[operation]
    for clock in CLOCKS:
        for seconds, _count, overshoot in ends(looks(span.pause, clock), span.shortest, span.longest):
            assert overshoot <= min(max(1, 0.02 * seconds), 30) + 1e-9, (clock.chance, seconds)


@pytest.mark.parametrize("operation", SPANS)
def test_end_outside_the_span_is_noticed_all_the_same(operation: str) -> None:
    span = SPANS[operation]
    for clock in CLOCKS:
        at = looks(span.pause, clock)
        for _seconds, _count, overshoot in ends(at, 0, span.shortest):
            assert overshoot <= span.longest_pause + 0.02 * span.shortest + 1e-9
        for seconds, _count, overshoot in ends(at, span.longest, LONGEST):
            assert overshoot <= min(max(10, 0.02 * seconds), 30) + 1e-9


@pytest.mark.parametrize("operation", SPANS)
def test_runs_that_began_together_are_out_of_step_in_the_span(operation: str) -> None:
    span = SPANS[operation]
    first = [next(at for at in looks(span.pause, Dice(seed)) if at >= span.shortest) for seed in range(100)]
    # They lie all over the first pause in the span.
    assert max(first) - min(first) > 0.9 * max(1, 0.02 * span.shortest)


def test_end_of_a_short_operation_is_noticed_soon() -> None:
    for clock in CLOCKS:
        at = looks(_pace.short, clock)
        for seconds, _count, overshoot in ends(at, 1, 120):
            assert overshoot <= max(1, 0.02 * seconds) + 1e-9
        assert all(overshoot <= 10 for _seconds, _count, overshoot in ends(at, 120, LONGEST))


def test_looks_at_what_is_not_known() -> None:
    at = looks(_pace.unknown, FakeClock())
    assert at[:5] == pytest.approx([0, 0.25, 0.625, 1.1875, 2.03125])
    for seconds, count, overshoot in ends(at, 0, LONGEST):
        assert overshoot <= 10
        assert count < seconds / 10 + 11


@pytest.mark.parametrize("pace", [_pace.short, _pace.unknown, *(span.pause for span in SPANS.values())])
def test_first_looks_come_soon(pace: Pace) -> None:
    """What fails at once is noticed at once."""
    assert [at < limit for at, limit in zip(looks(pace, FakeClock())[1:], (0.3, 1.3, 5.3))] == [True] * 3


@pytest.mark.parametrize(
    ("operation", "pace"),
    [("Set Audit Log", _pace.short), ("Restart Cluster", _pace.short), ("Reset Replica", _pace.unknown)],
)
def test_operation_without_a_span(operation: str, pace: Pace) -> None:
    assert _pace.of(operation) is pace


def test_jitter_only_shortens() -> None:
    shortened = [Clock().jitter(10, 0.3) for _time in range(100)]
    assert 7 <= min(shortened) < max(shortened) <= 10
