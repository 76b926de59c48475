# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all conversations with one endpoint know together: its versions, when to call again, and what was done there."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Json = dict[str, Any]


class Records:
    """What was done at an endpoint and may not show there yet, by its kind and a key."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[str, Json]] = {}

    def of(self, kind: str) -> dict[str, Json]:
        """Return the entries of a kind by their keys."""
        return dict(self._entries.get(kind, {}))

    def put(self, kind: str, key: str, entry: Json | None) -> None:
        """Record an entry; None removes it."""
        self._entries[kind] = {name: old for name, old in self.of(kind).items() if name != key}
        if entry is not None:
            self._entries[kind][key] = entry


class Endpoint:
    """Shared by the ``Http`` of several threads. Moments are seconds on the monotonic clock."""

    def __init__(self, served: Iterable[str] = (), records: Records | None = None) -> None:
        """``served`` are the versions of the API that it serves; empty as long as nobody had to ask."""
        self.served = tuple(served)
        self.records = records or Records()
        self._negotiation = threading.Lock()
        self._lock = threading.Lock()
        self._until = -math.inf
        self._told = -math.inf

    @contextmanager
    def negotiation(self) -> Iterator[None]:
        """Ask for the versions alone, so that one asks for all; what they are may be known inside."""
        with self._negotiation:
            yield

    def hold(self, now: float, seconds: float, began: float) -> bool:
        """Keep all calls back for so many seconds, because the call that began then was told to come back later.

        Returns whether that call goes first afterwards. Those that were under way with it, and were told the same,
        do not: they follow once it has found out whether the endpoint takes calls again.
        """
        with self._lock:
            first = began > self._told
            if first:
                self._told = now
            self._until = max(self._until, now + seconds)
        return first

    def left(self, now: float) -> float:
        """Return the seconds for which calls are still kept back; 0 or less when they may go out."""
        with self._lock:
            return self._until - now
