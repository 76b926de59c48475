# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for real runs against a simulator that is as new for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.play import Play
from harness.simulator import NEWEST, STYLE, USUAL, VERSIONS, Simulator, running_simulator

# A creation takes a second.
TIME_SCALE = "600"
# Where each task is done as a module too: every operation of every module, the life of a cluster, and secrets. The
# session integration_both_ways has it everywhere.
BOTH_WAYS = ("test_all_operations", "test_in_process", "test_mariadb_cluster", "test_mariadb_restore", "test_secrets")


@pytest.fixture(scope="session")
def shared_simulator() -> Iterator[Simulator]:
    with running_simulator("--time-scale", TIME_SCALE, "--versions", VERSIONS, "--style", STYLE) as simulator:
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
    both_ways = request.path.stem in BOTH_WAYS or "BOTH_WAYS" in os.environ
    return Play(simulator, tmp_path, environ, both_ways=both_ways and VERSIONS == USUAL)
