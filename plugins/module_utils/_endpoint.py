# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all conversations with one endpoint know together: the version agreed upon, and when to call again."""

from __future__ import annotations

import math
import threading


class Endpoint:
    """Shared by the ``Http`` of several threads. Moments are seconds on the monotonic clock.

    Whoever agrees on a version holds ``negotiation`` meanwhile, so that one asks for all.
    """

    def __init__(self) -> None:
        self.negotiation = threading.Lock()
        self.version: str | None = None
        self._lock = threading.Lock()
        self._until = -math.inf
        self._told = -math.inf

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
