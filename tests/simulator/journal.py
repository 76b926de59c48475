# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was asked of the API, secrets left out."""

from __future__ import annotations

import json
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

HIDDEN = "********"
KEPT_CALLS = 100_000
SECRET_KEYS = ("password", "secret", "token", "access_key")


@dataclass
class Entry:
    """One call. `status` stays None where no answer was sent, `ended_at` while the call is under way."""

    sequence: int
    operation: str | None
    method: str
    path: str
    query: dict[str, str]
    body: Any
    version: str | None
    status: int | None
    fault: str | None
    started_at: float
    ended_at: float | None


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT_CALLS)
        self._sequence = 0

    def open(
        self, operation: str | None, method: str, path: str, query: dict[str, str], raw: bytes, version: str | None
    ) -> Entry:
        self._sequence += 1
        entry = Entry(
            sequence=self._sequence,
            operation=operation,
            method=method,
            path=path,
            query=query,
            body=redacted(raw),
            version=version,
            status=None,
            fault=None,
            started_at=time.time(),
            ended_at=None,
        )
        self._entries.append(entry)
        return entry

    def entries(self) -> list[Entry]:
        return list(self._entries)

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self._entries]

    def drain(self) -> list[dict[str, Any]]:
        entries = self.as_json()
        self._entries.clear()
        return entries


def redacted(raw: bytes) -> Any:
    """The JSON body without its secrets; a body that is no JSON might hold them anywhere, so nothing of it is kept."""
    if not raw:
        return None
    try:
        return hide_secrets(json.loads(raw))
    except ValueError:
        return f"<{len(raw)} bytes, not JSON>"


def hide_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: HIDDEN if is_secret(key) and item is not None else hide_secrets(item) for key, item in value.items()
        }
    if isinstance(value, list):
        return [hide_secrets(item) for item in value]
    return value


def is_secret(key: str) -> bool:
    return any(word in key.lower() for word in SECRET_KEYS)
