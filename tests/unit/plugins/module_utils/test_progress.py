# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Budget
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Progress, Teller, duration
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import FakeClock

CREATING = Progress("Create Cluster", "orders", "c1", "CREATING", "req-1")


def told(*states: tuple[float, str], every: float = 1) -> list[tuple[float, str | None]]:
    """Return when what is told of a wait that ends with the last state, each of which lasts for so many seconds."""
    clock = FakeClock()
    begun = clock.now
    heard: list[tuple[float, str | None]] = []
    teller = Teller(
        lambda progress: heard.append((clock.now - begun, progress.service_state)), Budget(9e9, clock), clock
    )
    for seconds, state in states:
        end = clock.now + seconds
        while clock.now < end:
            teller.see(Progress("Create Cluster", service_state=state))
            clock.sleep(every)
    return heard


def test_nothing_is_told_of_a_short_wait() -> None:
    assert told((2, "RUNNING"), (3, "EDITING")) == []


def test_same_state_is_told_at_growing_gaps_of_five_minutes_at_most() -> None:
    times = [at for at, _state in told((2000, "CREATING"))]
    assert times == [5, 15, 35, 75, 155, 315, 615, 915, 1215, 1515, 1815]


def test_change_is_told_at_once_and_the_gap_counts_from_it() -> None:
    assert told((20, "RUNNING"), (4, "EDITING"), (12, "UPGRADING")) == [
        (5, "RUNNING"),
        (15, "RUNNING"),
        (20, "EDITING"),
        (24, "UPGRADING"),
    ]
    assert told((6, "RUNNING"), (30, "EDITING")) == [(5, "RUNNING"), (6, "EDITING"), (16, "EDITING")]


def test_it_is_told_at_looks_only() -> None:
    assert [at for at, _state in told((100, "CREATING"), every=30)] == [30, 60, 90]


def test_nobody_has_to_listen() -> None:
    clock = FakeClock()
    teller = Teller(None, Budget(100, clock), clock)
    clock.sleep(60)
    teller.see(CREATING)


@pytest.mark.parametrize(("since", "seconds"), [(None, 130), (900.0, 230)])
def test_seconds_are_told(since: float | None, seconds: float) -> None:
    clock = FakeClock()
    budget = Budget(7200, clock)
    heard: list[Progress] = []
    teller = Teller(heard.append, budget, clock, since)
    clock.sleep(130)
    teller.see(CREATING)
    assert heard == [Progress("Create Cluster", "orders", "c1", "CREATING", "req-1", None, None, seconds, 7070)]


def test_no_less_than_nothing_is_left() -> None:
    clock = FakeClock()
    heard: list[Progress] = []
    teller = Teller(heard.append, Budget(10, clock), clock)
    clock.sleep(30)
    teller.see(CREATING)
    assert heard[0].seconds_left == 0


@pytest.mark.parametrize(
    ("progress", "sentence"),
    [
        (
            Progress("Create Cluster", "orders", "c1", "CREATING", "req-1", seconds=130, seconds_left=7070),
            "Create Cluster: cluster orders (c1) is CREATING, 2 min 10 s so far, 117 min left",
        ),
        (
            Progress("Create Cluster", cluster_id="c1", service_state="not visible", seconds=5.4, seconds_left=54.6),
            "Create Cluster: cluster c1 is not visible, 5 s so far, 55 s left",
        ),
        (
            Progress("Requests", unfinished=3, requests=5, seconds=60, seconds_left=599),
            "Requests: 3 of 5 unfinished, 1 min 0 s so far, 9 min 59 s left",
        ),
    ],
)
def test_sentence(progress: Progress, sentence: str) -> None:
    assert str(progress) == sentence


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59.7, "1 min 0 s"), (599.4, "9 min 59 s"), (600, "10 min"), (7199, "119 min")]
)
def test_duration(seconds: float, words: str) -> None:
    assert duration(seconds) == words
