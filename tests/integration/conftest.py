# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for real runs against a simulator that is as new for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.play import Play
from harness.simulator import NEWEST, USUAL, VERSIONS, Simulator, running_simulator

# A creation takes a second.
TIME_SCALE = "600"
# What tasks of roles and examples come to as modules, the tests of the modules and of the role mariadb show.
ONE_WAY = (
    "test_examples",
    "test_provision",
    "test_role_failover",
    "test_role_report",
    "test_role_restore_drill",
    "test_role_upgrade",
    "test_role_variables",
)


@pytest.fixture(scope="session")
def shared_simulator() -> Iterator[Simulator]:
    with running_simulator("--time-scale", TIME_SCALE, "--versions", VERSIONS) as simulator:
        yield simulator


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    shared_simulator.control("POST", "reset")
    return shared_simulator


@pytest.fixture
def play(simulator: Simulator, tmp_path: Path, request: pytest.FixtureRequest) -> Play:
    """Plays that speak the newest version that is served, unless a test says otherwise.

    With other versions than the usual one all go one way: how a task runs has nothing to do with the version.
    """
    environ = {"SCP_API_VERSION": NEWEST} if VERSIONS != USUAL else {}
    return Play(simulator, tmp_path, environ, both_ways=VERSIONS == USUAL and request.path.stem not in ONE_WAY)
