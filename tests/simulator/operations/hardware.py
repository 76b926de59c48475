# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers and volumes."""

from __future__ import annotations

from functools import partial

from ..building import build_volume
from ..cluster import Json
from ..problems import refused
from .call import Call, update
from .rules import check_server_type, check_volume_count


def set_server_type(call: Call) -> Json:
    cluster, group = call.group()
    call.require_idle(cluster, "RUNNING")
    name = call.body["server_type_name"]
    if name == group["server_type_name"]:
        raise refused("The server type is the present one")
    check_server_type(name)
    return call.edit(cluster, update(group, server_type_name=name))


def add_block_storages(call: Call) -> Json:
    cluster, group = call.group()
    call.require_idle(cluster, "RUNNING")
    volumes = group["block_storage_groups"]
    if call.body["role_type"] == "OS":
        raise refused("An OS volume cannot be added", "InvalidBlockStorageRoleType")
    check_volume_count(len(volumes) + 1)
    prefix = group["instances"][0]["name"][:-3]
    volume = build_volume(call.body, prefix, len(volumes) + 1)
    return call.edit(cluster, partial(list.append, volumes, volume))


def set_block_storage_size(call: Call) -> Json:
    cluster, volume = call.volume()
    call.require_idle(cluster, "RUNNING")
    size = call.body["size_gb"]
    if volume["role_type"] == "OS":
        raise refused("The OS volume cannot be resized", "InvalidBlockStorageRoleType")
    if size <= volume["size_gb"]:
        raise refused("A volume can only grow", "InvalidBlockStorageSize")
    return call.edit(cluster, update(volume, size_gb=size))
