# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One cluster: its detail in the API's own shape, and what other calls or none show of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .backups import NO_BACKUP, Backups
from .catalogue import EngineVersion, memory_of
from .clock import timestamp
from .outcomes import COMPLETED, FAILED, IN_PROGRESS, Outcome
from .parameters import Group, Parameter, ParameterValues, group_of
from .replication import Replication

Json = dict[str, Any]

NO_MAINTENANCE: Json = {
    "period_hour": None,
    "starting_day_of_week": None,
    "starting_time": None,
    "use_maintenance_option": False,
}
DEFAULT_ARCHIVE: Json = {"archive_enabled": True, "retention_period_day": 3}
# Backups are taken while the database runs and nothing else restarts it.
STATES_WITH_BACKUPS = ("RUNNING", "EDITING")


@dataclass
class Request:
    """What a 202 promised, in the region where it was asked for. `state` names one of the words in the settings."""

    id: str
    title: str
    cluster_id: str
    is_elsewhere: bool = False
    state: str = IN_PROGRESS

    def end(self, state: str) -> None:
        """Of the several jobs that one request can have, one that failed makes it a failed request."""
        if self.state != FAILED:
            self.state = state

    def accepted(self) -> Json:
        return {"request_id": self.id, "resource": {"id": self.cluster_id}}


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
    """`is_elsewhere` says that it is in the other one of the two regions, `made_at` when an operation created it."""

    detail: Json
    is_elsewhere: bool = False
    archive: Json = field(default_factory=lambda: dict(DEFAULT_ARCHIVE))
    archive_on_servers: Json = field(default_factory=dict)
    backups: Backups = field(default_factory=Backups)
    log_exports: dict[str, Json] = field(default_factory=dict)
    parameters: ParameterValues = field(default_factory=ParameterValues)
    replication: Replication = field(default_factory=Replication)
    tags: dict[str, str | None] = field(default_factory=dict)
    untagged_reads: int = 0
    made_at: float | None = None
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
    def name(self) -> str:
        return str(self.detail["name"])

    @property
    def is_replica(self) -> bool:
        return bool(self.detail["role_type"] == "REPLICA")

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
    def backup_policy(self) -> Json | None:
        option: Json = self.init_config["backup_option"] or NO_BACKUP
        return None if option["starting_time_hour"] is None else option

    @property
    def memory_gb(self) -> int:
        return memory_of(self.groups[0]["server_type_name"])

    @property
    def parameter_group(self) -> Group:
        return group_of(self.detail["software_version"])

    @property
    def data_size_gb(self) -> int:
        return sum(volume["size_gb"] for volume in self.volumes() if volume["role_type"] == "DATA")

    @property
    def addresses(self) -> set[str]:
        addresses = {self.detail["virtual_ip_address"], *(item["service_ip_address"] for item in self.instances())}
        return {str(address) for address in addresses if address}

    def applied(self, parameter: Parameter, shows_templates: bool = False) -> str:
        """Return the value that is shown. A default that is a template is a number, or that template itself."""
        if shows_templates:
            return self.parameters.shown.get(parameter.definition.name, parameter.definition.default)
        return self.parameters.applied(parameter.definition, self.memory_gb)

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

    def take_backups(self, until: float, duration: float) -> None:
        """Take those that the policy made due since the last time."""
        policy = self.backup_policy if self.state in STATES_WITH_BACKUPS else None
        for moment in self.backups.due(policy, until):
            self.backups.take(moment, duration, self.data_size_gb, self.detail["software_version"], policy)
        self.backups.drop_expired(until)

    def finish_job(self, job: Job) -> None:
        """Let the job's effects appear, or what its outcome makes of them."""
        self.job = None
        outcome = job.outcome
        if outcome is None or outcome.applied:
            job.apply()
        self.set_state((outcome and outcome.service_state) or job.then, job.ends_at)
        self.trouble = outcome.detail if outcome else None
        job.request.end(outcome.request if outcome else COMPLETED)

    def abandon_job(self) -> None:
        if self.job is not None:
            self.job.request.end(FAILED)
            self.job = None
