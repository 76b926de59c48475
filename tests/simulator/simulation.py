# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that one running simulator knows."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable

from .clock import Clock
from .cloud import Cloud
from .faults import Fault
from .journal import Journal
from .scheduled import Schedule
from .settings import Settings
from .signatures import Credentials

State = tuple[Settings, Cloud, Journal, Schedule[Fault]]

DEFAULT_CREDENTIALS = Credentials("SIMULATORACCESSKEY", "simulator-secret-key")


class Simulation:
    def __init__(
        self,
        settings: Settings | None = None,
        credentials: Credentials = DEFAULT_CREDENTIALS,
        tick: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        on_call: Callable[[str], None] = lambda line: None,
        seconds_behind: float = 0.0,
    ) -> None:
        """The cloud's time begins so many seconds ago, because it runs ahead of ours from then on."""
        self.credentials = credentials
        self.wall = wall
        self.on_call = on_call
        self._tick = tick
        self._seconds_behind = seconds_behind
        self._initial = settings or Settings()
        self._kept: tuple[State, float] | None = None
        self.reset()

    def reset(self) -> None:
        self.settings = copy.deepcopy(self._initial)
        self.clock = Clock(self.settings.time_scale, self._tick, time.time() - self._seconds_behind)
        self.cloud = Cloud(self.clock, self.settings)
        self.journal = Journal()
        self.faults: Schedule[Fault] = Schedule()

    def snapshot(self) -> None:
        """Keep everything as it is now. The cloud's time stands still until the next call."""
        self._kept = self._copied((self.settings, self.cloud, self.journal, self.faults)), self.clock.now()
        self.clock.hold(self._kept[1])

    def restore(self) -> bool:
        """Return to the snapshot, and stand still there until the next call; False when there is none."""
        if self._kept is None:
            return False
        state, now = self._kept
        self.settings, self.cloud, self.journal, self.faults = self._copied(state)
        self.clock.set_scale(self.settings.time_scale)
        self.clock.hold(now)
        return True

    def _copied(self, state: State) -> State:
        return copy.deepcopy(state, {id(self.clock): self.clock})

    def change_settings(self, values: dict[str, object]) -> None:
        self.settings.change(values)
        self.clock.set_scale(self.settings.time_scale)
