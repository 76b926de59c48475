# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs that a test started, with all that they started in turn."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Set
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


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
    """Give processes no chance to clean up."""
    for process in members:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Tell whether a condition comes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
