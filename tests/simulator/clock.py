# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cloud's time, which can run faster than ours."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Cloud seconds since the epoch, `scale` of them per second of `tick`."""

    def __init__(self, scale: float, tick: Callable[[], float] = time.monotonic, start: float | None = None) -> None:
        self._tick = tick
        self._scale = scale
        self._cloud_base = time.time() if start is None else start
        self._tick_base = tick()
        self._held = False

    def now(self) -> float:
        if self._held:
            return self._cloud_base
        return self._cloud_base + (self._tick() - self._tick_base) * self._scale

    def set_scale(self, scale: float) -> None:
        self._rebase(self.now())
        self._scale = scale

    def hold(self, now: float) -> None:
        """Stand still at a moment, until :meth:`go_on`."""
        self._rebase(now)
        self._held = True

    def go_on(self) -> None:
        if self._held:
            self._rebase(self._cloud_base)
            self._held = False

    def advance(self, cloud_seconds: float) -> None:
        self._rebase(self.now() + cloud_seconds)

    def _rebase(self, now: float) -> None:
        self._cloud_base, self._tick_base = now, self._tick()


def seconds_of(text: str) -> float:
    """A date and time without a zone is in UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def timestamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
