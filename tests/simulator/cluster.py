# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One cluster: its detail in the API's own shape, and what the API does not show of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .catalogue import EngineVersion
from .clock import timestamp
from .outcomes import FAILED, Outcome

Json = dict[str, Any]

NO_BACKUP: Json = {"archive_frequency_minute": None, "retention_period_day": None, "starting_time_hour": None}
NO_MAINTENANCE: Json = {
    "period_hour": None,
    "starting_day_of_week": None,
    "starting_time": None,
    "use_maintenance_option": False,
}


@dataclass
class Request:
    """What a 202 promised. `state` names one of the words in the settings."""

    id: str
    title: str
    cluster_id: str
    state: str = "in_progress"


@dataclass
class Job:
    """Work in the background, to be applied when the clock gets there."""

    request: Request
    ends_at: float
    then: str
    apply: Callable[[], None]
    outcome: Outcome | None = None


@dataclass
class Cluster:
    detail: Json
    archive: Json = field(default_factory=lambda: {"archive_enabled": True, "retention_period_day": 3})
    job: Job | None = None
    trouble: str | None = None
    stale_detail: Json = field(default_factory=dict)
    stale_reads: int = 0
    terminated_reads: int = 0

    @property
    def id(self) -> str:
        return str(self.detail["id"])

    @property
    def state(self) -> str:
        return str(self.detail["service_state"])

    @property
    def is_gone(self) -> bool:
        return self.state == "TERMINATED" and self.terminated_reads <= 0

    @property
    def init_config(self) -> Json:
        config: Json = self.detail["init_config_option"]
        return config

    @property
    def groups(self) -> list[Json]:
        groups: list[Json] = self.detail["instance_groups"]
        return groups

    @property
    def has_backup(self) -> bool:
        option = self.init_config["backup_option"] or NO_BACKUP
        return option["starting_time_hour"] is not None

    @property
    def addresses(self) -> set[str]:
        addresses = {self.detail["virtual_ip_address"], *(item["service_ip_address"] for item in self.instances())}
        return {str(address) for address in addresses if address}

    def instances(self) -> Iterator[Json]:
        for group in self.groups:
            yield from group["instances"]

    def volumes(self) -> Iterator[Json]:
        for group in self.groups:
            yield from group["block_storage_groups"]

    def set_state(self, state: str, now: float) -> None:
        self.detail["service_state"] = state
        for instance in self.instances():
            instance["service_state"] = state
        self.detail["modified_at"] = timestamp(now)

    def set_engine(self, engine: EngineVersion) -> None:
        self.detail["software_version"] = engine.software_version
        self.detail["dbaas_engine_version_name"] = engine.name

    def finish_job(self, job: Job) -> None:
        """Let the job's effects appear, or what its outcome makes of them."""
        self.job = None
        outcome = job.outcome
        if outcome is None or outcome.applied:
            job.apply()
        self.set_state((outcome and outcome.service_state) or job.then, job.ends_at)
        self.trouble = outcome.detail if outcome else None
        job.request.state = outcome.request if outcome else "completed"

    def abandon_job(self) -> None:
        if self.job is not None:
            self.job.request.state = FAILED
            self.job = None
