# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account's state: clusters and requests, brought up to date when a call arrives."""

from __future__ import annotations

import copy
from collections.abc import Callable
from uuid import uuid4

from .addresses import AddressPool
from .clock import Clock
from .cluster import Cluster, Job, Json, Request
from .outcomes import Outcome
from .problems import not_found, request_not_found
from .scheduled import Schedule
from .settings import Settings


class Cloud:
    def __init__(self, clock: Clock, settings: Settings) -> None:
        self.clock = clock
        self.settings = settings
        self.clusters: dict[str, Cluster] = {}
        self.requests: dict[str, Request] = {}
        self.outcomes: Schedule[Outcome] = Schedule()
        self.addresses = AddressPool()

    def advance(self) -> None:
        """Finish what is due, in the order in which it was due."""
        now = self.clock.now()
        due = [(c.job.ends_at, c.id, c.job) for c in self.clusters.values() if c.job and c.job.ends_at <= now]
        for _ends_at, cluster_id, job in sorted(due, key=lambda item: item[:2]):
            self._finish(self.clusters[cluster_id], job)
        for cluster in self.clusters.values():
            cluster.take_backups(now, self.settings.backup_duration)
        self.clusters = {c.id: c for c in self.clusters.values() if c.stale_reads or not c.is_gone}

    def add(self, cluster: Cluster) -> None:
        cluster.backups.seen_until = self.clock.now()
        self.clusters[cluster.id] = cluster

    def create(self, cluster: Cluster) -> None:
        """Add a cluster that an operation makes."""
        cluster.made_at = self.clock.now()
        self.add(cluster)

    def begin(
        self,
        title: str,
        cluster: Cluster,
        during: str,
        then: str,
        apply: Callable[[], None] = lambda: None,
        outcome: Outcome | None = None,
    ) -> Json:
        """Accept an operation; its effects appear when its time is over. An outcome that was ordered wins."""
        request = self.open_request(title, cluster)
        self.work(request, cluster, during, then, apply, self.outcomes.take(title) or outcome)
        return request.accepted()

    def open_request(self, title: str, cluster: Cluster) -> Request:
        request = Request(f"req-{uuid4()}", title, cluster.id, cluster.is_elsewhere)
        self.requests[request.id] = request
        return request

    def work(
        self,
        request: Request,
        cluster: Cluster,
        during: str,
        then: str,
        apply: Callable[[], None] = lambda: None,
        outcome: Outcome | None = None,
    ) -> None:
        """Let a request keep one cluster busy."""
        if cluster.id in self.clusters:
            self._keep_stale(cluster)
        ends_at = self.clock.now() + self.settings.duration(request.title)
        cluster.job = Job(request, ends_at, then, apply, outcome)
        cluster.set_state(during, self.clock.now())

    def find(self, cluster_id: str) -> Cluster:
        try:
            return self.clusters[cluster_id]
        except KeyError:
            raise not_found("Cluster") from None

    def find_group(self, group_id: str) -> tuple[Cluster, Json]:
        for cluster in self.clusters.values():
            for group in cluster.groups:
                if group["id"] == group_id:
                    return cluster, group
        raise not_found("Instance group")

    def find_volume(self, volume_id: str) -> tuple[Cluster, Json]:
        for cluster in self.clusters.values():
            for volume in cluster.volumes():
                if volume["id"] == volume_id:
                    return cluster, volume
        raise not_found("Block storage group")

    def find_request(self, request_id: str) -> Request:
        try:
            return self.requests[request_id]
        except KeyError:
            raise request_not_found() from None

    def read(self, cluster: Cluster) -> Json:
        """The detail as a client gets to see it, which right after a 202 is the old one."""
        if cluster.stale_reads > 0:
            cluster.stale_reads -= 1
            return cluster.stale_detail
        return self.look_at(cluster)

    @staticmethod
    def look_at(cluster: Cluster) -> Json:
        """The present detail. A terminated cluster is gone after it has been looked at often enough."""
        if cluster.state == "TERMINATED":
            cluster.terminated_reads -= 1
        return cluster.detail

    def listed(self) -> list[Cluster]:
        return [cluster for cluster in self.clusters.values() if not cluster.is_gone]

    def is_listed(self, cluster: Cluster) -> bool:
        """Whether lists show it yet."""
        return self._is_older(cluster, self.settings.list_lag_seconds)

    def is_shown(self, cluster: Cluster) -> bool:
        """Whether its detail can be read yet."""
        return self._is_older(cluster, self.settings.detail_lag_seconds)

    def _is_older(self, cluster: Cluster, seconds: float) -> bool:
        return cluster.made_at is None or self.clock.now() >= cluster.made_at + seconds

    def region_of(self, cluster: Cluster) -> str:
        return self.settings.other_region if cluster.is_elsewhere else self.settings.region

    def replicas_of(self, origin: Cluster) -> list[Cluster]:
        """All that its detail names, be they promoted by now."""
        return [self.clusters[replica_id] for replica_id in origin.detail["replicas"] if replica_id in self.clusters]

    def has_replicas(self, origin: Cluster) -> bool:
        """Whether any that its detail names is there and no cluster of its own by now."""
        return any(cluster.is_replica for cluster in self.replicas_of(origin))

    def origin_of(self, cluster: Cluster) -> Cluster | None:
        return self.clusters.get(cluster.detail["origin_cluster_id"] or "")

    def leave_origin(self, cluster: Cluster) -> None:
        for other in self.clusters.values():
            if cluster.id in other.detail["replicas"]:
                other.detail["replicas"].remove(cluster.id)

    def put_in_state(self, cluster: Cluster, state: str) -> None:
        """Set a state from outside, whatever was going on."""
        cluster.abandon_job()
        cluster.stale_reads = 0
        cluster.set_state(state, self.clock.now())
        cluster.terminated_reads = self.settings.terminated_reads

    def taken_addresses(self) -> set[str]:
        return {address for cluster in self.listed() for address in cluster.addresses}

    def _keep_stale(self, cluster: Cluster) -> None:
        cluster.stale_detail = copy.deepcopy(cluster.detail)
        cluster.stale_reads = self.settings.stale_reads

    def _finish(self, cluster: Cluster, job: Job) -> None:
        cluster.take_backups(job.ends_at, self.settings.backup_duration)
        cluster.finish_job(job)
        cluster.terminated_reads = self.settings.terminated_reads
        if cluster.state == "TERMINATED":
            self.leave_origin(cluster)
