# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backups of one cluster: those that a policy took as time went by, and those that a test put there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .clock import timestamp
from .settings import StateWords

Json = dict[str, Any]

HOUR = 3600
DAY = 24 * HOUR
NUMBER_FORMAT = "%Y%m%d%H%M"
# Stands for a state that follows from the time alone.
BY_TIME = ""
NO_BACKUP: Json = {"archive_frequency_minute": None, "retention_period_day": None, "starting_time_hour": None}


@dataclass
class Backup:
    """`state` is the word shown, `BY_TIME` or None (null). `expires_at` None keeps a backup until it is removed."""

    number: str
    started_at: float
    ended_at: float
    size_gb: float
    software_version: str
    state: str | None = BY_TIME
    detail: str | None = None
    expires_at: float | None = None

    def word(self, words: StateWords, now: float) -> str | None:
        if self.state != BY_TIME:
            return self.state
        return words.completed if self.ended_at <= now else words.in_progress

    def is_finished(self, words: StateWords, now: float) -> bool:
        return self.ended_at <= now if self.state == BY_TIME else self._means(words.completed)

    def is_running(self, words: StateWords, now: float) -> bool:
        return self.ended_at > now if self.state == BY_TIME else self._means(words.in_progress)

    def _means(self, word: str | None) -> bool:
        return self.state is not None and self.state == word

    def as_json(self, words: StateWords, now: float, running_shows_end: bool = False) -> Json:
        shows_end = running_shows_end or not self.is_running(words, now)
        return {
            "backup_end_at": timestamp(self.ended_at) if shows_end else "",
            "backup_history_number": self.number,
            "backup_size_gb": self.size_gb,
            "backup_start_at": timestamp(self.started_at),
            "backup_state": self.word(words, now),
            "backup_state_detail": self.detail,
            "software_version": self.software_version,
        }


class Backups:
    def __init__(self) -> None:
        self.taken: list[Backup] = []
        self.seen_until = 0.0

    def find(self, number: str) -> Backup | None:
        return next((backup for backup in self.taken if backup.number == number), None)

    def due(self, policy: Json | None, until: float) -> list[float]:
        """The moments since the last time at which the policy, if any, wants a backup."""
        since, self.seen_until = self.seen_until, until
        return [] if policy is None else list(_daily(int(policy["starting_time_hour"]), since, until))

    def take(self, moment: float, duration: float, data_size_gb: int, version: str, policy: Json | None) -> None:
        kept_until = moment + int(policy["retention_period_day"]) * DAY if policy else None
        number = self.free_number(moment)
        size_gb = usual_size(data_size_gb)
        self.taken.append(Backup(number, moment, moment + duration, size_gb, version, expires_at=kept_until))

    def drop_expired(self, now: float) -> None:
        self.taken = [backup for backup in self.taken if backup.expires_at is None or backup.expires_at > now]

    def remove(self, numbers: list[str]) -> None:
        self.taken = [backup for backup in self.taken if backup.number not in numbers]

    def free_number(self, moment: float) -> str:
        """Two backups of one minute have different numbers all the same."""
        number = time.strftime(NUMBER_FORMAT, time.gmtime(moment))
        return number if self.find(number) is None else self.free_number(moment + 60)

    def finished(self, words: StateWords, now: float) -> list[Backup]:
        """Those to restore from, the oldest first."""
        found = (backup for backup in self.taken if backup.is_finished(words, now))
        return sorted(found, key=lambda backup: backup.ended_at)


def usual_size(data_size_gb: int) -> float:
    return round(data_size_gb / 10, 1)


def _daily(hour: int, since: float, until: float) -> Iterator[float]:
    """The times after `since` and up to `until` at which this hour of a day (UTC) begins."""
    moment = since - since % DAY + hour * HOUR
    while moment <= until:
        if moment > since:
            yield moment
        moment += DAY
