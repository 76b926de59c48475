# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is counted of a run, and of processes."""

from __future__ import annotations

import os

from bench.plays import Event, Played, proportional_size

ABOVE_EVERY_PID = 2**22 + 1
EVENTS = [
    Event("start", "task 0", 1.0, 0.1),
    Event("start", "loop", 2.0, 0.2),
    Event("item", "loop", 2.5, 0.3),
    Event("item", "loop", 3.0, 0.4),
    Event("end", "nothing changed", 3.5, 0.5),
]


def test_events_are_found() -> None:
    played = Played(EVENTS, 4.0, 1.0, 0)
    assert played.first("item", "loop").at == 2.5
    assert played.end.at == 3.5


def test_memory_of_a_process() -> None:
    assert proportional_size(os.getpid()) > 2**20


def test_a_process_that_has_ended_has_no_memory() -> None:
    assert proportional_size(ABOVE_EVERY_PID) == 0
