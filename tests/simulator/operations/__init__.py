# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the API's operations do, by operationId."""

from __future__ import annotations

from collections.abc import Callable

from ..cluster import Json
from . import catalogue, clusters, configuration, hardware, lifecycle, requests
from .call import Call

Handler = Callable[[Call], Json]

HANDLERS: dict[str, Handler] = {
    "add_block_storages": hardware.add_block_storages,
    "create_cluster": clusters.create_cluster,
    "list_clusters": clusters.list_clusters,
    "list_engine_version_properties": catalogue.list_engine_version_properties,
    "list_engine_versions": catalogue.list_engine_versions,
    "list_server_types": catalogue.list_server_types,
    "patch_minor_version": lifecycle.patch_minor_version,
    "restart_cluster": lifecycle.restart_cluster,
    "set_audit_log": configuration.set_audit_log,
    "set_backup": configuration.set_backup,
    "set_block_storage_size": hardware.set_block_storage_size,
    "set_maintenance": configuration.set_maintenance,
    "set_security_group_rules": configuration.set_security_group_rules,
    "set_server_type": hardware.set_server_type,
    "show_archive_config": configuration.show_archive_config,
    "show_cluster": clusters.show_cluster,
    "show_request": requests.show_request,
    "start_cluster": lifecycle.start_cluster,
    "stop_cluster": lifecycle.stop_cluster,
    "switchover_cluster": lifecycle.switchover_cluster,
    "synchronize_cluster_state": lifecycle.synchronize_cluster_state,
    "terminate_cluster": clusters.terminate_cluster,
    "unset_backup": configuration.unset_backup,
    "unset_maintenance": configuration.unset_maintenance,
}
