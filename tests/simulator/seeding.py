# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts clusters there for a test's start, and changes them, without any operation of the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from . import log_exports
from .backups import BY_TIME, DAY, Backup, usual_size
from .building import merged, seed_cluster
from .clock import seconds_of
from .cloud import Cloud
from .cluster import Cluster, Job, Json, Request
from .contract import ContractViolation, load_newest

# What a replica has of its origin.
INHERITED = ("allowable_ip_addresses", "init_config_option", "software_version", "subnet_id", "timezone")


class BadSeed(Exception):
    """What is given makes no cluster."""


class Seeds:
    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        # What is no part of a detail, in the order in which it is taken over.
        self._further: dict[str, Callable[[Cluster, Any], None]] = {
            "archive": lambda cluster, given: cluster.archive.update(given),
            "backup_histories": self._set_backups,
            "log_exports": self._set_log_exports,
            "parameters": self._set_parameters,
            "on_servers": self._set_on_servers,
            "replication": self._set_replication,
            "tags": self._set_tags,
            "is_elsewhere": lambda cluster, given: setattr(cluster, "is_elsewhere", given),
            "becomes": self._set_becomes,
        }

    def add(self, parts: Json) -> Cluster:
        """Add a cluster with its replicas, or nothing at all."""
        before = dict(self._cloud.clusters)
        try:
            return self._add(parts)
        except BadSeed:
            self._cloud.clusters = before
            raise

    def change(self, cluster: Cluster, parts: Json) -> None:
        detail = merged(cluster.detail, self._detail_part(parts))
        if "replicas" in parts:
            detail["replicas"] = self._replica_ids(cluster, parts["replicas"])
        _check_detail(detail)
        cluster.detail = detail
        if "service_state" in parts:
            self._cloud.put_in_state(cluster, parts["service_state"])
        self._take_further(cluster, parts)

    def add_backup(self, cluster: Cluster, given: Json) -> Json:
        backup = self._backup(cluster, given)
        cluster.backups.taken.append(backup)
        settings = self._cloud.settings
        return backup.as_json(settings.backup_words, self._now, settings.running_backups_show_end)

    @property
    def _now(self) -> float:
        return self._cloud.clock.now()

    def _detail_part(self, parts: Json) -> Json:
        return {name: value for name, value in parts.items() if name not in self._further and name != "replicas"}

    def _add(self, parts: Json) -> Cluster:
        cluster = seed_cluster(self._detail_part(parts), self._now, self._cloud.addresses)
        if cluster.id in self._cloud.clusters:
            raise BadSeed("there is a cluster of this id")
        _check_detail(cluster.detail)
        self._cloud.put_in_state(cluster, cluster.state)
        self._cloud.add(cluster)
        if cluster.is_replica:
            cluster.replication.look(cluster.state, self._now)
        cluster.detail["replicas"] = self._replica_ids(cluster, parts.get("replicas", []))
        self._take_further(cluster, parts)
        return cluster

    def _take_further(self, cluster: Cluster, parts: Json) -> None:
        for name, take in self._further.items():
            if name in parts:
                take(cluster, parts[name])

    def _replica_ids(self, origin: Cluster, given: list[Json | str]) -> list[str]:
        return [
            item if isinstance(item, str) else self._add_replica(origin, number, item)
            for number, item in enumerate(given, 1)
        ]

    def _add_replica(self, origin: Cluster, number: int, given: Json) -> str:
        inherited = {name: origin.detail[name] for name in INHERITED}
        own = {"name": f"replica-{number}", "origin_cluster_id": origin.id, "role_type": "REPLICA"}
        return self._add(merged({**inherited, **own}, given)).id

    def _set_backups(self, cluster: Cluster, given: list[Json]) -> None:
        cluster.backups.taken = []
        for item in given:
            self.add_backup(cluster, item)

    def _backup(self, cluster: Cluster, given: Json) -> Backup:
        """A backup that was taken just now and has no end to its life, but for what is given."""
        started_at = self._now - given.get("age_days", 0) * DAY
        if "backup_start_at" in given:
            started_at = seconds_of(given["backup_start_at"])
        number = given.get("backup_history_number") or cluster.backups.free_number(started_at)
        if cluster.backups.find(number):
            raise BadSeed("there is a backup of this number")
        usual_end = min(started_at + self._cloud.settings.backup_duration, self._now)
        return Backup(
            number=number,
            started_at=started_at,
            ended_at=seconds_of(given["backup_end_at"]) if "backup_end_at" in given else usual_end,
            size_gb=given.get("backup_size_gb", usual_size(cluster.data_size_gb)),
            software_version=given.get("software_version") or str(cluster.detail["software_version"]),
            state=given.get("backup_state", BY_TIME),
            detail=given.get("backup_state_detail"),
        )

    @staticmethod
    def _set_log_exports(cluster: Cluster, given: list[Json]) -> None:
        """Each is merged into what is there of its log."""
        for item in given:
            present = cluster.log_exports.get(item["log_type"], {})
            config = log_exports.seeded({**present, **item})
            if config["is_registered"]:
                cluster.log_exports[item["log_type"]] = config
            else:
                cluster.log_exports.pop(item["log_type"], None)

    @staticmethod
    def _set_parameters(cluster: Cluster, given: dict[str, str]) -> None:
        cluster.parameters.shown.update(_known_parameters(cluster, given))

    @staticmethod
    def _set_on_servers(cluster: Cluster, given: Json) -> None:
        cluster.parameters.on_servers.update(_known_parameters(cluster, given.get("parameters", {})))
        cluster.archive_on_servers.update(given.get("archive", {}))

    @staticmethod
    def _set_replication(cluster: Cluster, given: Json) -> None:
        cluster.replication = replace(cluster.replication, **given)

    @staticmethod
    def _set_tags(cluster: Cluster, given: dict[str, str | None]) -> None:
        cluster.tags = dict(given)

    def _set_becomes(self, cluster: Cluster, given: Json) -> None:
        request = Request(id="req-seeded", title="", cluster_id=cluster.id)
        cluster.job = Job(request, self._now + given["after"], given["service_state"], lambda: None)


def _known_parameters(cluster: Cluster, given: dict[str, str]) -> dict[str, str]:
    unknown = [name for name in given if cluster.parameter_group.by_name(name) is None]
    if unknown:
        raise BadSeed(f"there are no parameters {', '.join(unknown)}")
    return given


def _check_detail(detail: Json) -> None:
    contract = load_newest()
    try:
        contract.check_answer(contract.operations["show_cluster"], 200, detail)
    except ContractViolation as error:
        raise BadSeed(f"this makes no cluster: {error}") from error
