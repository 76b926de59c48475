# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes clusters: out of a create request, or out of little for a test's start."""

from __future__ import annotations

import copy
from typing import Any
from uuid import uuid4

from . import catalogue
from .addresses import AddressPool
from .backups import NO_BACKUP
from .catalogue import EngineVersion
from .clock import timestamp
from .cluster import NO_MAINTENANCE, Cluster, Json

ACCOUNT_ID = "a1d5c3f09b7e4d3f8f3f6b0e7c9d2a41"
USER_ID = "90dddfc2b1e04edba54ba2b41539a9ac"
DEFAULT_PORT = 2866
DEFAULT_CHARACTER_SET = "utf8"
DEFAULT_VOLUME_TYPE = "SSD"
OS_VOLUME: Json = {"role_type": "OS", "size_gb": 104}
ENGINE_KEYS = ("dbaas_engine", "dbaas_engine_version_name", "product_image_type", "product_type", "software_version")
DEFAULT_BACKUP = {"archive_frequency_minute": "60", "retention_period_day": "7", "starting_time_hour": "2"}


def new_id() -> str:
    return uuid4().hex


def build_cluster(body: Json, engine: EngineVersion, now: float) -> Cluster:
    """The cluster that a create request asks for, with no more addresses than the request names."""
    groups = [build_group(group, body["instance_name_prefix"]) for group in body["instance_groups"]]
    detail = {
        "account_id": ACCOUNT_ID,
        "allowable_ip_addresses": as_ranges(body.get("allowable_ip_addresses") or []),
        "created_at": timestamp(now),
        "created_by": USER_ID,
        "dbaas_engine": catalogue.PRODUCT_TYPES[engine.product_image_type],
        "dbaas_engine_version_name": engine.name,
        "ha_enabled": body.get("ha_enabled", False),
        "id": new_id(),
        "init_config_option": build_init_config(body["init_config_option"]),
        "instance_count": sum(len(group["instances"]) for group in groups),
        "instance_groups": groups,
        "is_kernel_patchable": False,
        "maintenance_option": build_maintenance(body.get("maintenance_option")),
        "modified_at": timestamp(now),
        "modified_by": USER_ID,
        "name": body["name"],
        "nat_enabled": body.get("nat_enabled", False),
        "origin_cluster_id": body.get("origin_cluster_id") or None,
        "product_image_type": engine.product_image_type,
        "product_type": catalogue.PRODUCT_TYPES[engine.product_image_type],
        "replicas": [],
        "role_type": "ORIGIN",
        "service_state": "CREATING",
        "service_watch_log_collection": body.get("service_watch_log_collection") or False,
        "software_version": engine.software_version,
        "subnet_id": body["subnet_id"],
        "timezone": body["timezone"],
        "vip_public_ip_address": None,
        "vip_public_ip_id": body.get("vip_public_ip_id") or None,
        "virtual_ip_address": body.get("virtual_ip_address") or None,
    }
    return Cluster(detail)


def derive_cluster(source: Cluster, own: Json, role_type: str, now: float) -> Cluster:
    """A cluster made out of another one, whose network, engine, database, storage type and parameters it keeps."""
    kept = {
        "init_config_option": source.init_config,
        "subnet_id": source.detail["subnet_id"],
        "timezone": source.detail["timezone"],
    }
    cluster = build_cluster({**kept, **own}, catalogue.ENGINE_10_11_9, now)
    cluster.detail.update(
        {key: source.detail[key] for key in ENGINE_KEYS}, origin_cluster_id=source.id, role_type=role_type
    )
    cluster.parameters.shown = dict(source.parameters.shown)
    return cluster


def type_of(volume: Json) -> str:
    return str(volume.get("volume_type", DEFAULT_VOLUME_TYPE))


def storage_type_of(cluster: Cluster) -> str:
    types = [type_of(volume) for volume in cluster.volumes() if volume["role_type"] == "DATA"]
    return types[0] if types else DEFAULT_VOLUME_TYPE


def os_volume_of(cluster: Cluster) -> Json:
    return next((volume for volume in cluster.volumes() if volume["role_type"] == "OS"), OS_VOLUME)


def build_init_config(option: Json) -> Json:
    return {
        "audit_enabled": option.get("audit_enabled", False),
        "backup_option": build_backup(option.get("backup_option")),
        "database_character_set": option.get("database_character_set") or DEFAULT_CHARACTER_SET,
        "database_name": option["database_name"],
        "database_port": option.get("database_port") or DEFAULT_PORT,
        "database_user_name": option["database_user_name"],
        "origin_region": None,
    }


def build_backup(option: Json | None) -> Json:
    """No option, or one of nulls, means no backup; keys left out of an option have their defaults (facts, 5.2)."""
    return dict(NO_BACKUP) if option is None else {**DEFAULT_BACKUP, **option}


def build_maintenance(option: Json | None) -> Json:
    given = {name: value for name, value in (option or {}).items() if value is not None}
    return {**NO_MAINTENANCE, **given, "use_maintenance_option": bool(given)}


def build_group(group: Json, prefix: str) -> Json:
    roles = ["ACTIVE", "STANDBY"] if group["role_type"] == "ACTIVE_STANDBY" else ["ACTIVE"]
    wanted = group.get("instances") or [{"role_type": role} for role in roles]
    return {
        "block_storage_groups": [
            build_volume(volume, prefix, index) for index, volume in enumerate(group["block_storage_groups"], 1)
        ],
        "id": new_id(),
        "instances": [build_instance(instance, prefix, index) for index, instance in enumerate(wanted, 1)],
        "role_type": group["role_type"],
        "server_type_name": group["server_type_name"],
    }


def build_volume(volume: Json, prefix: str, index: int) -> Json:
    return {
        "id": new_id(),
        "name": f"{prefix}-{volume['role_type'].lower()}-{index:02}",
        "role_type": volume["role_type"],
        "size_gb": volume["size_gb"],
        "volume_type": type_of(volume),
    }


def build_instance(instance: Json, prefix: str, index: int) -> Json:
    return {
        "name": f"{prefix}{index:03}",
        "public_ip_address": None,
        "public_ip_id": instance.get("public_ip_id") or None,
        "role_type": instance["role_type"],
        "service_ip_address": instance.get("service_ip_address") or None,
        "service_state": "CREATING",
    }


def assign_addresses(cluster: Cluster, pool: AddressPool) -> None:
    """Give the cluster the addresses whose choice was left to the platform."""
    detail = cluster.detail
    for instance in cluster.instances():
        instance["service_ip_address"] = instance["service_ip_address"] or pool.private()
        instance["public_ip_address"] = pool.public() if instance["public_ip_id"] else None
    if detail["ha_enabled"]:
        detail["virtual_ip_address"] = detail["virtual_ip_address"] or pool.private()
        detail["vip_public_ip_address"] = pool.public() if detail["vip_public_ip_id"] else None


def as_ranges(addresses: list[str]) -> list[str]:
    return [as_range(address) for address in addresses]


def as_range(address: str) -> str:
    return address if "/" in address else f"{address}/32"


def seed_cluster(given: Json, now: float, pool: AddressPool) -> Cluster:
    """A cluster in any state, out of those parts of a detail that matter to a test."""
    engine = catalogue.mariadb_engine(given.get("software_version", "")) or catalogue.ENGINE_10_11_9
    body = _seed_body(bool(given.get("ha_enabled")))
    cluster = build_cluster(body, engine, now)
    default_group = cluster.groups[0]
    cluster.detail = merged(cluster.detail, copy.deepcopy(given))
    if "instance_groups" in given:
        groups = [_complete_group(group, default_group, body["instance_name_prefix"]) for group in cluster.groups]
        cluster.detail["instance_groups"] = groups
    cluster.detail["instance_count"] = sum(1 for instance in cluster.instances())
    assign_addresses(cluster, pool)
    cluster.set_state(given.get("service_state", "RUNNING"), now)
    return cluster


def merged(base: Json, given: Json) -> Json:
    """Objects merge key by key, everything else is replaced."""
    result: Json = dict(base)
    for key, value in given.items():
        mergeable = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if mergeable else value
    return result


def _complete_group(given: Json, default: Json, prefix: str) -> Json:
    group = {**default, "id": new_id(), **given}
    group["block_storage_groups"] = [
        {**build_volume(volume, prefix, index), **volume}
        for index, volume in enumerate(group["block_storage_groups"], 1)
    ]
    group["instances"] = [
        {**build_instance({"role_type": "ACTIVE", **instance}, prefix, index), **instance}
        for index, instance in enumerate(group["instances"], 1)
    ]
    return group


def _seed_body(ha_enabled: bool) -> dict[str, Any]:
    return {
        "ha_enabled": ha_enabled,
        "init_config_option": {"database_name": "seeded", "database_user_name": "admin"},
        "instance_groups": [
            {
                "role_type": "ACTIVE_STANDBY" if ha_enabled else "ACTIVE",
                "server_type_name": "db1v2m4",
                "block_storage_groups": [
                    OS_VOLUME,
                    {"role_type": "DATA", "size_gb": 56},
                ],
            }
        ],
        "instance_name_prefix": "seeded",
        "name": "seeded",
        "subnet_id": "d61cf5e9a7b14bb5a63ea5a9d3ac5c36",
        "timezone": "Asia/Seoul",
    }
