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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from harness.processes import family, kill, wait_until

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
