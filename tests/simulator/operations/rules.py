# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules that several operations share and that no schema says."""

from __future__ import annotations

from .. import catalogue
from ..building import storage_type_of, type_of
from ..cloud import Cloud
from ..cluster import Cluster, Json
from ..problems import invalid, refused

OS_VOLUME_SIZE = 104
MOST_VOLUMES = 9
INSTANCE_ROLES = {"ACTIVE": ["ACTIVE"], "ACTIVE_STANDBY": ["ACTIVE", "STANDBY"]}


def check_server_type(name: str) -> None:
    if not catalogue.is_mariadb_server_type(name):
        raise refused("Invalid server type")


def check_instances(group: Json) -> None:
    roles = [instance["role_type"] for instance in group.get("instances") or []]
    if roles and sorted(roles) != INSTANCE_ROLES[group["role_type"]]:
        raise refused("The instances do not fit the role type of their group")


def check_data_volume(volumes: list[Json]) -> None:
    if not any(volume["role_type"] == "DATA" for volume in volumes):
        raise refused("At least one DATA volume is needed", "InvalidBlockStorageDataDiskCount")


def check_volume_count(count: int) -> None:
    if count > MOST_VOLUMES:
        raise refused(f"More than {MOST_VOLUMES} volumes")


def check_one_type(volumes: list[Json]) -> None:
    if len({type_of(volume) for volume in volumes if volume["role_type"] == "DATA"}) > 1:
        raise refused("The DATA volumes have different types", "InvalidBlockStorageVolumeType")


def check_storage_type(volumes: list[Json], source: Cluster) -> None:
    """A cluster that is made out of another one keeps its storage type, while the key has a default of its own.

    Which of the two wins is not known (facts, section 13), so that the default is refused here like any other type.
    """
    own = [volume for volume in volumes if volume["role_type"] != "OS"]
    if any(type_of(volume) != storage_type_of(source) for volume in own):
        raise refused("The storage type is that of the source")


def check_tags(body: Json) -> None:
    keys = [tag["key"] for tag in body.get("tags") or []]
    if len(set(keys)) < len(keys):
        raise invalid(["value_error"])


def check_free_addresses(cloud: Cloud, *clusters: Cluster) -> None:
    taken = cloud.taken_addresses()
    for cluster in clusters:
        if cluster.addresses & taken:
            raise refused("Service IP address is in use")
        taken |= cluster.addresses


def check_maintenance(body: Json) -> None:
    option = body.get("maintenance_option") or {}
    if sum(value is not None for value in option.values()) not in (0, 3):
        raise refused("Incomplete maintenance option")
