# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks of one run of Ansible tell each other, although each has a process of its own.

They share a folder that lasts as long as the run. What is kept there are the versions of the API that each endpoint
serves, so that one task asks for them and not every task.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ansible_collections.samsungcloud.scp.plugins.module_utils._endpoint import Endpoint

# The variable that names the folder to a module that runs on the same machine.
FOLDER = "SCP_RUN_FOLDER"


class Memory:
    """The versions that endpoints serve, by their URLs."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "samsungcloud.scp.versions.json"

    def served(self, url: str) -> tuple[str, ...]:
        """Return the versions of an endpoint; none where nobody has asked for them."""
        return tuple(self._content().get(url, ()))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep the other processes of this run from asking, and from keeping anything."""
        with self.file.with_suffix(".lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def keep(self, url: str, served: tuple[str, ...]) -> None:
        """Replace the file in one go, for others read it without waiting for their turn."""
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps({**self._content(), url: served}), encoding="utf-8")
        new.replace(self.file)

    def _content(self) -> dict[str, list[str]]:
        try:
            content: dict[str, list[str]] = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return content


class RememberedEndpoint(Endpoint):
    """An endpoint whose versions are asked for once in a run, by whichever task needs them first."""

    def __init__(self, url: str, memory: Memory) -> None:
        super().__init__(memory.served(url))
        self._url = url
        self._memory = memory

    @contextmanager
    def negotiation(self) -> Iterator[None]:
        with super().negotiation(), self._memory.alone():
            self.served = self._memory.served(self._url) or self.served
            yield
            self._memory.keep(self._url, self.served)


def endpoint_at(url: str) -> Endpoint:
    """Return an endpoint that shares what it knows with the other tasks of the run, where this process can."""
    folder = os.environ.get(FOLDER, "")
    if os.access(folder, os.W_OK | os.X_OK):
        return RememberedEndpoint(url, Memory(Path(folder)))
    return Endpoint()
