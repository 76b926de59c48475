# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read replicas: create, list, promote, reset, synchronize."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..building import assign_addresses, derive_cluster, os_volume_of
from ..cloud import Cloud
from ..cluster import Cluster, Json
from ..problems import Problem, refused, wrong_state
from ..replication import Replication
from .call import Call
from .rules import (
    check_data_volume,
    check_free_addresses,
    check_instances,
    check_maintenance,
    check_server_type,
    check_storage_type,
    check_tags,
    check_volume_count,
)
from .tags import tag_new

MOST_REPLICAS = 5
VOLUMES_TO_CHOOSE = ("DATA", "TEMP")


def list_replicas(call: Call) -> Json:
    replicas = [replica for replica in call.cloud.replicas_of(call.cluster()) if call.cloud.is_listed(replica)]
    return {"contents": [_list_item(call, replica) for replica in replicas], "count": len(replicas)}


def create_replica(call: Call) -> Json:
    """The origin is busy as long as its replicas are being made. How one of these ends is its own affair."""
    return _create(call, call.is_elsewhere, lambda origin, wanted: _build(call, origin, wanted))


def create_replica_in_other_region(call: Call) -> Json:
    """The request, as the origin, is in the region of the call."""
    cloud, body = call.cloud, call.body
    if body["region"] != (cloud.settings.region if call.is_elsewhere else cloud.settings.other_region):
        raise refused("The region has to be another one of this environment", "InvalidRegion")

    def build(origin: Cluster, wanted: Json) -> Cluster:
        replica = _build(call, origin, wanted)
        replica.detail.update(subnet_id=body["subnet_id"], nat_enabled=body["nat_enabled"])
        replica.is_elsewhere = not call.is_elsewhere
        return replica

    return _create(call, not call.is_elsewhere, build)


def _create(call: Call, is_elsewhere: bool, build: Callable[[Cluster, Json], Cluster]) -> Json:
    cloud, title = call.cloud, call.operation.title
    origin = call.idle_cluster("RUNNING")
    _check_creation(call, origin, is_elsewhere)
    replicas = [build(origin, wanted) for wanted in call.body["replicas"]]
    check_free_addresses(cloud, *replicas)
    request = cloud.open_request(title, replicas[0])
    request.is_elsewhere = call.is_elsewhere
    cloud.work(request, origin, "EDITING", "RUNNING")
    for replica in replicas:
        complete = partial(_complete, cloud, replica)
        cloud.work(request, replica, "CREATING", "RUNNING", complete, cloud.outcomes.take(title))
        cloud.create(replica)
        tag_new(call, replica)
        origin.detail["replicas"].append(replica.id)
    return request.accepted()


def promote_replica_cluster(call: Call) -> Json:
    """What state the origin is in does not matter: it may be lost."""
    replica = _replica(call, "cluster_id", "RUNNING")
    return call.edit(replica, partial(_promote, call.cloud, replica))


def reset_replica(call: Call) -> Json:
    replica = _replica(call, "replica_cluster_id", "RUNNING", "ERROR", "UNKNOWN")
    origin = call.cloud.origin_of(replica)
    if origin is not None and origin.state != "RUNNING":
        raise wrong_state(origin.state, "the origin has to run")
    return call.edit(replica, partial(_reset, call.cloud, replica))


def synchronize_replica_state(call: Call) -> Json:
    origin = call.cluster("origin_cluster_id")
    if origin.is_replica:
        raise refused("The cluster is a replica, not an origin")
    if not call.cloud.has_replicas(origin):
        # The live API answers so to some synchronizations that have nothing to do (facts, section 3).
        raise Problem(409, "Dbaas.Conflict", "The cluster has no replicas")
    call.require_idle(origin, "RUNNING")
    return call.synchronize(origin, partial(_look_at_replicas, call.cloud, origin))


def _list_item(call: Call, replica: Cluster) -> Json:
    return {
        "name": replica.name,
        "region": call.cloud.region_of(replica),
        "replica_state": replica.replication.replica_state,
        "replica_state_detail": replica.replication.replica_state_detail,
        "synced_at": replica.replication.synced_at,
    }


def _check_creation(call: Call, origin: Cluster, is_elsewhere: bool) -> None:
    body = call.body
    if origin.is_replica:
        raise refused("A replica cannot have replicas")
    if body["replica_count"] != len(body["replicas"]):
        raise refused("replica_count does not fit the replicas")
    promoted = sum(not replica.is_replica for replica in call.cloud.replicas_of(origin))
    if len(origin.detail["replicas"]) - promoted + len(body["replicas"]) > MOST_REPLICAS:
        raise refused(f"More than {MOST_REPLICAS} replicas")
    names = [replica["name"] for replica in body["replicas"]]
    there = (cluster for cluster in call.cloud.listed() if cluster.is_elsewhere == is_elsewhere)
    taken = {cluster.name for cluster in there if cluster.state != "TERMINATED"}
    if len(set(names)) < len(names) or taken.intersection(names):
        raise refused("The name of a replica is taken")
    check_maintenance(body)
    check_tags(body)
    for replica in body["replicas"]:
        for group in replica["instance_groups"]:
            _check_group(group, origin)


def _check_group(group: Json, origin: Cluster) -> None:
    volumes = group["block_storage_groups"]
    check_server_type(group["server_type_name"])
    check_instances(group)
    if any(volume["role_type"] not in VOLUMES_TO_CHOOSE for volume in volumes):
        raise refused("A replica takes DATA and TEMP volumes only", "InvalidBlockStorageRoleType")
    check_data_volume(volumes)
    check_storage_type(volumes, origin)
    check_volume_count(len(volumes) + 1)


def _build(call: Call, origin: Cluster, wanted: Json) -> Cluster:
    own = {
        "allowable_ip_addresses": call.body.get("allowable_ip_addresses"),
        "ha_enabled": any(group["role_type"] == "ACTIVE_STANDBY" for group in wanted["instance_groups"]),
        "instance_groups": [
            {**group, "block_storage_groups": _volumes(group, origin)} for group in wanted["instance_groups"]
        ],
        "instance_name_prefix": wanted["name"],
        "maintenance_option": call.body.get("maintenance_option"),
        "name": wanted["name"],
        "nat_enabled": any(
            instance.get("public_ip_id")
            for group in wanted["instance_groups"]
            for instance in group.get("instances") or []
        ),
    }
    replica = derive_cluster(origin, own, "REPLICA", call.now)
    replica.is_elsewhere = origin.is_elsewhere
    replica.init_config["origin_region"] = call.cloud.region_of(origin)
    return replica


def _volumes(group: Json, origin: Cluster) -> list[Json]:
    return [os_volume_of(origin), *group["block_storage_groups"]]


def _complete(cloud: Cloud, replica: Cluster) -> None:
    assign_addresses(replica, cloud.addresses)
    replica.replication.look("RUNNING", cloud.clock.now())


def _promote(cloud: Cloud, replica: Cluster) -> None:
    if not cloud.settings.promoted_stays_listed:
        cloud.leave_origin(replica)
    replica.detail.update(origin_cluster_id=None, role_type="ORIGIN")
    replica.init_config["origin_region"] = None
    replica.replication = Replication()


def _reset(cloud: Cloud, replica: Cluster) -> None:
    replica.replication.trouble = None
    replica.replication.look("RUNNING", cloud.clock.now())


def _look_at_replicas(cloud: Cloud, origin: Cluster) -> None:
    for replica in filter(lambda cluster: cluster.is_replica, cloud.replicas_of(origin)):
        replica.replication.look(replica.state, cloud.clock.now())


def _replica(call: Call, parameter: str, *states: str) -> Cluster:
    replica = call.cluster(parameter)
    if not replica.is_replica:
        raise refused("The cluster is no replica")
    return call.require_idle(replica, *states)
