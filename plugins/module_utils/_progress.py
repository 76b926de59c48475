# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task that waits tells of it, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Budget, Clock

# Of a wait that is over after so many seconds nothing is told.
QUIET_SECONDS = 5.0
# Seconds from what was told to the next time that the same is told; they double from the first to the longest.
FIRST_GAP = 10.0
LONGEST_GAP = 300.0


@dataclass(frozen=True)
class Progress:
    """A wait that goes on; as a string the sentence that people read.

    It is for one cluster, which ``service_state`` tells of, or for ``requests`` of which some are ``unfinished``.
    ``seconds`` are those since the operation began, or since the wait did where that is not known, ``seconds_left``
    those of the budget.
    """

    operation: str
    cluster_name: str | None = None
    cluster_id: str | None = None
    service_state: str | None = None
    request_id: str | None = None
    unfinished: int | None = None
    requests: int | None = None
    seconds: float = 0.0
    seconds_left: float = 0.0

    @property
    def state(self) -> object:
        """What is worth telling at once when it changes."""
        return self.service_state, self.unfinished

    def __str__(self) -> str:
        spent, left = duration(self.seconds), duration(self.seconds_left)
        return f"{self.operation}: {self._subject()}, {spent} so far, {left} left"

    def _subject(self) -> str:
        if self.unfinished is not None:
            return f"{self.unfinished} of {self.requests} unfinished"
        cluster = f"{self.cluster_name} ({self.cluster_id})" if self.cluster_name else str(self.cluster_id)
        return f"cluster {cluster} is {self.service_state}"


# Hears of the progress of a wait.
Listener = Callable[[Progress], None]


class Teller:
    """Tells a listener of one wait: at once what has changed, and at growing gaps what has not."""

    def __init__(self, tell: Listener | None, budget: Budget, clock: Clock, since: float | None = None) -> None:
        """``since`` is when the operation began on the monotonic clock, if that is known."""
        self._tell = tell
        self._budget = budget
        self._clock = clock
        self._begun = clock.monotonic()
        self._since = self._begun if since is None else since
        self._told: object = None
        self._gap = FIRST_GAP
        self._due = self._begun

    def see(self, progress: Progress) -> None:
        """Tell of the progress, to which the seconds are added, if it is time to."""
        now = self._clock.monotonic()
        if self._tell is None or now - self._begun < QUIET_SECONDS:
            return
        if progress.state == self._told:
            if now < self._due:
                return
            self._gap = min(self._gap * 2, LONGEST_GAP)
        self._told = progress.state
        self._due = now + self._gap
        self._tell(replace(progress, seconds=now - self._since, seconds_left=max(self._budget.left(), 0.0)))


def duration(seconds: float) -> str:
    """Return a time for people: ``45 s``, ``2 min 10 s``, and from ten minutes on ``117 min``."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 10:
        return f"{minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
