# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets stay in memory: a module starts no process and writes no file but the records of its run, which hold none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from faults.scenarios import CANARIES, SCENARIOS
from faults.world import SECRETS

PROCESSES = ("subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "pty.spawn")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
_seen: list[str] | None = None


def note(event: str, arguments: tuple[object, ...]) -> None:
    """Keep what starts a process or opens a file for writing; an audit hook stays for good."""
    if _seen is None:
        return
    if event.startswith(PROCESSES) or (event == "open" and is_for_writing(*arguments)):
        _seen.append(f"{event} {arguments}")


def is_for_writing(path: object, _mode: object, flags: object) -> bool:
    """Python's own caches of compiled code hold no data."""
    return bool(int(str(flags)) & WRITING) and "__pycache__" not in str(path)


sys.addaudithook(note)


@contextmanager
def watched() -> Iterator[list[str]]:
    global _seen  # noqa: PLW0603
    _seen = []
    try:
        yield _seen
    finally:
        _seen = None


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_is_written_and_nothing_is_started(name: str) -> None:
    scenario = SCENARIOS[name]
    world = scenario.world()
    with watched() as seen:
        run = world.run(scenario.module, scenario.options)
    assert scenario.may_refuse or not run.failed, run.result
    # The run's own folder is for the tasks that follow, and is without secrets.
    assert [event for event in seen if str(world.folders) not in event] == []
    assert not [secret for secret in (*SECRETS.values(), *CANARIES) if secret in world.recorded()]


def test_the_watch_sees(tmp_path: Path) -> None:
    with watched() as seen:
        (tmp_path / "file").write_text("", encoding="utf-8")
        subprocess.run(["true"], check=True)
    assert seen[0].startswith("open ")
    assert seen[1].startswith("subprocess.Popen ")
