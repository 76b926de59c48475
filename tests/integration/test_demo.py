# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: its story comes true, and whoever stops it is left with nothing running."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
INTERRUPTED = 130
SECONDS_TO_START = 60.0
SECONDS_TO_END = 15.0


class Demo(NamedTuple):
    """A demo that runs in a session of its own."""

    process: subprocess.Popen[str]
    output: Path

    def told(self) -> str:
        return self.output.read_text(encoding="utf-8")


@contextmanager
def demo(folder: Path, *options: str) -> Iterator[Demo]:
    """Start the demo as ``make demo`` does, and end what is left of its process group."""
    output = folder / "output"
    environ = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": "tests",
    }
    command = [sys.executable, "tests/demo/run.py", *options]
    with (
        output.open("w", encoding="utf-8") as file,
        subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=file, stderr=subprocess.STDOUT, start_new_session=True, text=True
        ) as process,
    ):
        try:
            yield Demo(process, output)
        finally:
            kill(family(process.pid))


class Process(NamedTuple):
    """A process that is not mistaken for another that has got its number later."""

    pid: int
    started: str


class Entry(NamedTuple):
    """A line of the system's table of processes."""

    process: Process
    parent: int
    group: int


def processes() -> Iterator[Entry]:
    """Yield all processes but those that have ended and are only remembered for their parents."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            # It ended meanwhile.
            continue
        state, parent, group, *rest = text.rpartition(")")[2].split()
        if state not in "ZX":
            yield Entry(Process(int(path.parent.name), rest[16]), int(parent), int(group))


def family(pid: int, known: Set[Process] = frozenset()) -> set[Process]:
    """Return what lives of a process group, of all its descendants and of those known from before.

    Ansible's workers leave the group, and are nobody's descendants when the process above them is gone.
    """
    entries = list(processes())
    found = {entry.process for entry in entries if entry.group == pid or entry.process in known}
    while True:
        pids = {process.pid for process in found}
        children = {entry.process for entry in entries if entry.parent in pids} - found
        if not children:
            return found
        found |= children


def kill(members: Set[Process]) -> None:
    for process in members:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_story_comes_true(tmp_path: Path) -> None:
    with demo(tmp_path, "--time-scale", "600") as running:
        assert running.process.wait(timeout=120) == 0, running.told()
        left = family(running.process.pid)
    chapters = re.split(r"^=== ", running.told(), flags=re.MULTILINE)[1:]

    assert [chapter[:3] for chapter in chapters] == [f"{number}/6" for number in range(1, 7)]
    provision, again, dry_run, growth, listing, end = chapters
    assert "changed=5 " in provision
    assert "orders is RUNNING: MariaDB 10.11.15 at 10." in provision
    assert "changed=0 " in again
    assert "changed=2 " in dry_run
    for line in (r'^- +"?server_type_name"?: "?db1v2m4', r'^\+ +"?server_type_name"?: "?db1v4m8'):
        assert re.search(line, dry_run, re.MULTILINE)
    assert "changed=2 " in growth
    assert re.search(r"service_state\"?: \"?RUNNING", listing)
    assert "changed=2 " in end
    assert "Terminate Cluster, Terminate Cluster" in end
    assert "the simulator is stopped" in end
    assert not left
    assert "failed=1" not in running.told()


@pytest.mark.parametrize(
    "stop",
    [
        pytest.param(lambda pid: os.killpg(pid, signal.SIGINT), id="Ctrl-C in the terminal"),
        pytest.param(lambda pid: os.kill(pid, signal.SIGTERM), id="SIGTERM to the demo alone"),
    ],
)
def test_interruption(tmp_path: Path, stop: Callable[[int], None]) -> None:
    with demo(tmp_path, "--time-scale", "1") as running:
        assert wait_until(lambda: is_creating(running.told()), SECONDS_TO_START), running.told()
        members = family(running.process.pid)
        assert len(members) > 3

        stop(running.process.pid)

        assert running.process.wait(timeout=SECONDS_TO_END) == INTERRUPTED
        assert running.told().endswith("Interrupted; the simulator is stopped.\n")
        wait_until(lambda: not family(running.process.pid, members), SECONDS_TO_END)
        left = family(running.process.pid, members)
        kill(left)
        assert not left


def is_creating(told: str) -> bool:
    """Tell whether the first task waits for the cluster."""
    endpoint = re.search(r"listens at (http://127\.0\.0\.1:\d+)", told)
    if not endpoint:
        return False
    with requests.Session() as session:
        session.trust_env = False
        calls = session.get(f"{endpoint[1]}/_simulator/calls", timeout=10).json()["calls"]
    return bool(calls and calls[-1]["operation"] == "Show Cluster")
