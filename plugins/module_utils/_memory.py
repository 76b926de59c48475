# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks of one run of Ansible share, although each has a process of its own.

They share a folder that lasts as long as the run. It holds the versions of the API that each endpoint serves, so that
one task asks for them and not every task, and what was done there and need not show there yet.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils._endpoint import Endpoint, Json, Records

# The variable that names the folder to a module that runs on the same machine.
FOLDER = "SCP_RUN_FOLDER"


class Store:
    """A JSON file in the folder, with a part for each endpoint."""

    def __init__(self, folder: Path, name: str) -> None:
        self.file = folder / f"samsungcloud.scp.{name}.json"

    def part(self, url: str) -> Any:
        """Return the part of an endpoint; None where there is none."""
        return self._content().get(url)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Prevent the other processes of this run from replacing anything."""
        with self.file.with_suffix(".lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def replace(self, url: str, part: Any) -> None:
        """Replace the file in one go, for others read it without waiting for their turn."""
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps({**self._content(), url: part}), encoding="utf-8")
        new.replace(self.file)

    def _content(self) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return content


class RunRecords(Records):
    """Records that all tasks of the run share."""

    def __init__(self, url: str, store: Store) -> None:
        super().__init__()
        self._url = url
        self._store = store

    def of(self, kind: str) -> dict[str, Json]:
        self._entries = self._store.part(self._url) or {}
        return super().of(kind)

    def put(self, kind: str, key: str, entry: Json | None) -> None:
        with self._store.alone():
            super().put(kind, key, entry)
            self._store.replace(self._url, self._entries)


class RememberedEndpoint(Endpoint):
    """An endpoint whose versions are asked for once in a run, by whichever task needs them first."""

    def __init__(self, url: str, folder: Path, access_key: str) -> None:
        """The records are those of the tasks with the same access key, for another one can be another account's."""
        self._url = url
        self._versions = Store(folder, "versions")
        whose = hashlib.sha256(access_key.encode()).hexdigest()
        super().__init__(self._served(), RunRecords(f"{url} {whose}", Store(folder, "records")))

    @contextmanager
    def negotiation(self) -> Iterator[None]:
        with super().negotiation(), self._versions.alone():
            self.served = self._served() or self.served
            yield
            self._versions.replace(self._url, self.served)

    def _served(self) -> tuple[str, ...]:
        return tuple(self._versions.part(self._url) or ())


def endpoint_at(url: str, access_key: str) -> Endpoint:
    """Return an endpoint that shares what it knows with the other tasks of the run, where this process can."""
    folder = os.environ.get(FOLDER, "")
    if os.access(folder, os.W_OK | os.X_OK):
        return RememberedEndpoint(url, Path(folder), access_key)
    return Endpoint()
