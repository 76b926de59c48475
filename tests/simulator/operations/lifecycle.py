# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What moves a cluster as a whole: start, stop, restart, switchover, synchronize, patch."""

from __future__ import annotations

from functools import partial

from .. import catalogue
from ..building import assign_addresses
from ..cloud import Cloud
from ..cluster import Cluster, Json
from ..problems import Problem, refused
from .call import Call, update

OTHER_ROLE = {"ACTIVE": "STANDBY", "STANDBY": "ACTIVE"}


def start_cluster(call: Call) -> Json:
    cluster = call.idle_cluster("STOPPED")
    return call.begin(cluster, "STARTING", "RUNNING", cluster.parameters.restart)


def stop_cluster(call: Call) -> Json:
    return call.begin(call.idle_cluster("RUNNING"), "STOPPING", "STOPPED")


def restart_cluster(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    return call.begin(cluster, "RESTARTING", "RUNNING", cluster.parameters.restart)


def switchover_cluster(call: Call) -> Json:
    cluster = call.cluster()
    if not cluster.detail["ha_enabled"]:
        raise Problem(404, "Dbaas.NotFound", "switch over host not found")
    return call.edit(call.idle_cluster("RUNNING"), partial(_swap_roles, cluster))


def synchronize_cluster_state(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING", "STOPPED", "FAILED", "ERROR", "UNKNOWN")
    then = "STOPPED" if cluster.state == "STOPPED" else "RUNNING"
    return call.begin(cluster, "SYNCHRONIZING", then, partial(_recover, call.cloud, cluster))


def patch_minor_version(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    engine = catalogue.mariadb_engine(call.body["software_version"])
    if engine is None:
        raise refused("No such software version")
    _check_patch(cluster, engine)
    if any(replica.is_replica and _is_older(replica, engine) for replica in call.cloud.replicas_of(cluster)):
        raise refused("Patch the replicas first")
    return call.begin(cluster, "UPGRADING", "RUNNING", partial(cluster.set_engine, engine))


def upgrade_kernel(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    if not cluster.detail["is_kernel_patchable"]:
        raise refused("Unpatchable")
    return call.begin(cluster, "UPGRADING", "RUNNING", update(cluster.detail, is_kernel_patchable=False))


def upgrade_major_version(call: Call) -> Json:
    """What the live API takes and refuses besides is not known."""
    cluster = call.idle_cluster("RUNNING")
    engine = catalogue.mariadb_engine(call.body["software_version"])
    if engine is None or call.body["dbaas_engine"] != cluster.detail["dbaas_engine"]:
        raise refused("No such software version")
    if _major(engine.software_version) <= _major(cluster.detail["software_version"]):
        raise refused("Only a later major version can be upgraded to")
    return call.begin(cluster, "UPGRADING", "RUNNING", partial(cluster.set_engine, engine))


def _major(software_version: str) -> tuple[int, ...]:
    return catalogue.number(software_version)[:2]


def _check_patch(cluster: Cluster, engine: catalogue.EngineVersion) -> None:
    present = catalogue.number(cluster.detail["software_version"])
    wanted = catalogue.number(engine.software_version)
    if wanted == present:
        raise refused("Unpatchable")
    if wanted < present or _major(engine.software_version) != _major(cluster.detail["software_version"]):
        raise refused("Only a newer version of the same major version can be patched to")
    if cluster.backup_policy is None:
        raise refused("Backup is not configured")


def _is_older(cluster: Cluster, engine: catalogue.EngineVersion) -> bool:
    return catalogue.number(cluster.detail["software_version"]) < catalogue.number(engine.software_version)


def _recover(cloud: Cloud, cluster: Cluster) -> None:
    """Complete a half-made cluster, and undo values that the database does not run with."""
    assign_addresses(cluster, cloud.addresses)
    cluster.parameters.recover()


def _swap_roles(cluster: Cluster) -> None:
    for instance in cluster.instances():
        instance["role_type"] = OTHER_ROLE[instance["role_type"]]
