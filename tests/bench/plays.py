# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ``ansible-playbook``, with what they cost."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from harness.processes import Process, family, kill

Json = dict[str, Any]

HERE = Path(__file__).resolve().parent
SAMPLING_SECONDS = 0.25


@dataclass(frozen=True)
class Event:
    """Something that Ansible told of: ``start`` of a task, end of an ``item``, or ``end`` of the play.

    ``processor_seconds`` is what Ansible and its workers had used until then.
    """

    kind: str
    name: str
    at: float
    processor_seconds: float


@dataclass(frozen=True)
class Played:
    """What a run cost. ``memory`` is the largest sum over all of its processes, in bytes, shared pages counted once."""

    events: list[Event]
    seconds: float
    processor_seconds: float
    memory: int

    def first(self, kind: str, name: str) -> Event:
        return next(event for event in self.events if (event.kind, event.name) == (kind, name))

    @property
    def end(self) -> Event:
        return self.events[-1]


class BadRun(Exception):
    """A play did something else than nothing, so that its figures mean nothing."""


class Ansible:
    """Runs plays in a folder of its own; ``environ`` is what the contestants need to find their services."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._record = folder / "events.jsonl"
        self._environ = {
            **os.environ,
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_REMOTE_TMP": str(folder / "tmp"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "timer",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_STRATEGY_PLUGINS": _mitogen(),
            "HOME": str(folder),
            "TIMER_FILE": str(self._record),
            **environ,
        }

    def run(self, play: Json, hosts: Sequence[str] = ("localhost",), forks: int = 5, watch: bool = False) -> Played:
        """Run a play on local hosts. ``watch`` measures its memory, which costs the machine a little.

        Raises :class:`BadRun` when anything failed or changed.
        """
        (self._folder / "play.yml").write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        inventory = {"all": {"hosts": dict.fromkeys(hosts), "vars": local}}
        (self._folder / "hosts.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
        self._record.unlink(missing_ok=True)
        program = str(Path(sys.executable).parent / "ansible-playbook")
        return self._measured([program, "-i", "hosts.yml", "-f", str(forks), "play.yml"], watch)

    def _measured(self, command: list[str], watch: bool) -> Played:
        before = _processor_seconds()
        started = time.monotonic()
        output = self._folder / "output.txt"
        with output.open("w") as file, self._started(command, file.fileno()) as process:
            memory = Memory(process.pid)
            if watch:
                memory.watch_until(process)
            process.wait()
        seconds = time.monotonic() - started
        played = Played(self._events(), seconds, _processor_seconds() - before, memory.peak)
        if process.returncode or played.end.name != "nothing changed":
            raise BadRun(output.read_text(encoding="utf-8"))
        return played

    @contextmanager
    def _started(self, command: list[str], output: int) -> Iterator[subprocess.Popen[bytes]]:
        """Start a program in a session of its own; whatever is left of it at the end of the block is killed."""
        process = subprocess.Popen(
            command,
            env=self._environ,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            left: set[Process] = set()
            while left := family(process.pid, left):
                kill(left)
                process.poll()

    def _events(self) -> list[Event]:
        if not self._record.exists():
            return [Event("end", "no task ran", 0, 0)]
        return [Event(**json.loads(line)) for line in self._record.read_text(encoding="utf-8").splitlines()]


class Memory:
    """The memory of a process and all that it started."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.peak = 0

    def watch_until(self, process: subprocess.Popen[bytes]) -> None:
        """Look again and again until the process has ended."""
        while process.poll() is None:
            self.peak = max(self.peak, sum(proportional_size(member.pid) for member in family(self._pid)))
            with suppress(subprocess.TimeoutExpired):
                process.wait(SAMPLING_SECONDS)


def proportional_size(pid: int) -> int:
    """Return the bytes of a process, each page divided by the number of processes that share it; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _mitogen() -> str:
    package = find_spec("ansible_mitogen")
    assert package, "mitogen is not installed"
    return str(Path(str(package.origin)).parent / "plugins/strategy")
