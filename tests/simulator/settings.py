# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be told to a running simulator."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

# Cloud seconds that an operation takes, near to what was seen live (facts, section 4).
DURATIONS: dict[str, float] = {
    "Add Block Storages": 300,
    "Create Cluster": 600,
    "Patch Minor Version": 480,
    "Restart Cluster": 120,
    "Set Audit Log": 60,
    "Set Backup": 60,
    "Set Block Storage Size": 300,
    "Set Maintenance": 10,
    "Set Security Group Rules": 20,
    "Set Server Type": 330,
    "Start Cluster": 180,
    "Stop Cluster": 120,
    "Switchover Cluster": 60,
    "Synchronize Cluster State": 30,
    "Terminate Cluster": 210,
    "Unset Backup": 60,
    "Unset Maintenance": 10,
}
DEFAULT_DURATION = 60.0


@dataclass
class RequestWords:
    """The words for a request's state. The API publishes none, so a client must live with any."""

    in_progress: str = "IN_PROGRESS"
    completed: str = "COMPLETED"
    failed: str = "FAILED"


@dataclass
class Settings:
    time_scale: float = 600.0
    stale_reads: int = 1
    terminated_reads: int = 1
    versions: list[str] = field(default_factory=lambda: ["1.0"])
    request_words: RequestWords = field(default_factory=RequestWords)
    page_size_cap: int | None = 100
    skew_tolerance: float = 900.0
    durations: dict[str, float] = field(default_factory=lambda: dict(DURATIONS))

    def change(self, values: dict[str, Any]) -> None:
        """Take over the given values; words and durations are merged into those in force."""
        for name, value in values.items():
            if name == "request_words":
                self.request_words = RequestWords(**{**asdict(self.request_words), **value})
            elif name == "durations":
                self.durations = {**self.durations, **value}
            else:
                setattr(self, name, value)

    def duration(self, title: str) -> float:
        return self.durations.get(title, DEFAULT_DURATION)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
