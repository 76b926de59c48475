# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be told to a running simulator."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .catalogue import OTHER_REGION, REGION
from .styles import AnswerStyle

# Cloud seconds that an operation takes, near to what was seen live (facts, section 4).
DURATIONS: dict[str, float] = {
    "Add Block Storages": 300,
    "Create Cluster": 600,
    "Create Manual Backup": 300,
    "Create Replica": 900,
    "Create Replica in Other Region": 900,
    "Create Restore Cluster": 900,
    "Export Log": 30,
    "Patch Minor Version": 480,
    "Promote Replica Cluster": 120,
    "Register Log Export Config": 20,
    "Remove Backup Histories": 30,
    "Reset Replica": 300,
    "Restart Cluster": 120,
    "Set Archive Config": 60,
    "Set Audit Log": 60,
    "Set Backup": 60,
    "Set Block Storage Size": 300,
    "Set Log Export Config": 20,
    "Set Maintenance": 10,
    "Set Parameter Values": 60,
    "Set Security Group Rules": 20,
    "Set Server Type": 330,
    "Start Cluster": 180,
    "Stop Cluster": 120,
    "Switchover Cluster": 60,
    "Synchronize Archive Config": 10,
    "Synchronize Cluster State": 30,
    "Synchronize Parameter Values": 10,
    "Synchronize Replica State": 10,
    "Terminate Cluster": 210,
    "Unregister Log Export Config": 20,
    "Unset Backup": 60,
    "Unset Maintenance": 10,
    "Upgrade Kernel": 480,
    "Upgrade Major Version": 900,
}
DEFAULT_DURATION = 60.0


@dataclass
class StateWords:
    """The words for the state of a request or of a backup. The API publishes none: a client must live with any.

    Those of backups can be null as well.
    """

    in_progress: str | None = "IN_PROGRESS"
    completed: str | None = "COMPLETED"
    failed: str | None = "FAILED"


# The settings of several parts, of which those that are given replace the ones in force.
MERGED = ("answer_style", "backup_words", "request_words")


@dataclass
class Settings:
    time_scale: float = 600.0
    stale_reads: int = 1
    list_lag_seconds: float = 0.0
    detail_lag_seconds: float = 0.0
    promoted_stays_listed: bool = False
    role_words: dict[str, str | None] = field(default_factory=dict)
    terminated_reads: int = 1
    versions: list[str] = field(default_factory=lambda: ["1.0"])
    request_words: StateWords = field(default_factory=StateWords)
    backup_words: StateWords = field(default_factory=StateWords)
    backup_page_base: int = 0
    backup_duration: float = 600.0
    running_backups_show_end: bool = False
    static_values_show_at_once: bool = True
    templates_show_as_applied: bool = False
    answer_style: AnswerStyle = field(default_factory=AnswerStyle)
    page_size_cap: int | None = 100
    region: str = REGION
    other_region: str = OTHER_REGION
    origins_list_replicas_elsewhere: bool = True
    untagged_reads: int = 1
    set_tags_merges: bool = False
    skew_tolerance: float = 900.0
    durations: dict[str, float] = field(default_factory=lambda: dict(DURATIONS))

    def change(self, values: dict[str, Any]) -> None:
        """Take over the given values; words, styles and durations are merged into those in force."""
        for name, value in values.items():
            if name in MERGED:
                setattr(self, name, replace(getattr(self, name), **value))
            elif name == "durations":
                self.durations = {**self.durations, **value}
            else:
                setattr(self, name, value)

    def duration(self, title: str) -> float:
        return self.durations.get(title, DEFAULT_DURATION)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
