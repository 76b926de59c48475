# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One checked call of the API, and what most operations need of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..cloud import Cloud
from ..cluster import Cluster, Json, Request
from ..contract import Contract, Operation
from ..outcomes import Outcome
from ..problems import in_progress, not_found, wrong_state


@dataclass(frozen=True)
class Call:
    """`is_elsewhere` says that it came in at the endpoint of the other region."""

    cloud: Cloud
    contract: Contract
    operation: Operation
    path: dict[str, str]
    query: dict[str, Any]
    body: Any
    is_elsewhere: bool = False

    def cluster(self, name: str = "cluster_id") -> Cluster:
        cluster = self.cloud.find(self.path[name])
        if not self.reaches(cluster):
            raise not_found("Cluster")
        return cluster

    def group(self) -> tuple[Cluster, Json]:
        """The addressed instance group, and its cluster."""
        cluster, group = self.cloud.find_group(self.path["instance_group_id"])
        if not self.reaches(cluster):
            raise not_found("Instance group")
        return cluster, group

    def volume(self) -> tuple[Cluster, Json]:
        """The addressed block storage group, and its cluster."""
        cluster, volume = self.cloud.find_volume(self.path["block_storage_group_id"])
        if not self.reaches(cluster):
            raise not_found("Block storage group")
        return cluster, volume

    def reaches(self, subject: Cluster | Request) -> bool:
        """Whether that is in the region at whose endpoint the call came in."""
        return subject.is_elsewhere == self.is_elsewhere

    def idle_cluster(self, *states: str) -> Cluster:
        """The addressed cluster, if it has nothing else to do and is in one of the states."""
        return self.require_idle(self.cluster(), *states)

    @staticmethod
    def require_idle(cluster: Cluster, *states: str) -> Cluster:
        if cluster.job is not None:
            raise in_progress()
        if cluster.state not in states:
            raise wrong_state(cluster.state, cluster.trouble)
        return cluster

    def begin(self, cluster: Cluster, during: str, then: str, apply: Callable[[], None] = lambda: None) -> Json:
        return self.cloud.begin(self.operation.title, cluster, during, then, apply)

    def edit(self, cluster: Cluster, apply: Callable[[], None] = lambda: None, outcome: Outcome | None = None) -> Json:
        """A change of a running cluster, which runs on afterwards."""
        return self.cloud.begin(self.operation.title, cluster, "EDITING", "RUNNING", apply, outcome)

    def synchronize(self, cluster: Cluster, apply: Callable[[], None]) -> Json:
        return self.begin(cluster, "SYNCHRONIZING", "RUNNING", apply)

    @property
    def now(self) -> float:
        return self.cloud.clock.now()


def update(part: Json, **values: Any) -> Callable[[], None]:
    """An effect that appears later. It is no lambda, so that it can be copied together with the cluster."""
    return partial(dict.update, part, values)
