# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time, in one place, so that tests can bring their own."""

from __future__ import annotations

import random
import threading
import time

# The share of a pause that chance may take off.
JITTER = 0.1


class Clock:
    """The machine's clock: seconds for spans, milliseconds since the epoch for time stamps."""

    def monotonic(self) -> float:
        return time.monotonic()

    def epoch_ms(self) -> int:
        return int(time.time() * 1000)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Sleep until the event is set or the time is over; True when it is set."""
        return event.wait(seconds)

    def jitter(self, seconds: float, share: float = JITTER) -> float:
        """Return ``seconds`` less up to ``share`` of them, so that many runs do not poll in step."""
        return seconds * random.uniform(1 - share, 1)  # noqa: S311

    def later(self, seconds: float) -> float:
        """Return ``seconds`` and up to 20 % more, so that those who must not come before that do not come at once."""
        return seconds * random.uniform(1.0, 1.2)  # noqa: S311


class Budget:
    """The seconds that a whole task may spend waiting, counted from its creation on the monotonic clock."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self.seconds = seconds
        self._clock = clock
        self._start = clock.monotonic()

    def spent(self) -> float:
        return self._clock.monotonic() - self._start

    def left(self) -> float:
        return self.seconds - self.spent()
