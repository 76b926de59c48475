# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for what is done with the collection as it was installed from its artifact."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.play import Play
from harness.simulator import Simulator, running_simulator


@pytest.fixture(scope="session")
def installed() -> Path:
    """The collection as it was installed, which is the only one that Ansible finds."""
    folder = Path(os.environ["ANSIBLE_COLLECTIONS_PATH"]) / "ansible_collections" / "samsungcloud" / "scp"
    assert (folder / "MANIFEST.json").exists(), f"{folder} was not installed from an artifact"
    return folder


@pytest.fixture(scope="session")
def shared_simulator() -> Iterator[Simulator]:
    with running_simulator("--time-scale", "6000") as simulator:
        yield simulator


@pytest.fixture
def play(shared_simulator: Simulator, tmp_path: Path) -> Play:
    shared_simulator.control("POST", "reset")
    return Play(shared_simulator, tmp_path)
