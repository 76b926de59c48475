# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the API's operations do, by operationId."""

from __future__ import annotations

from collections.abc import Callable

from ..cluster import Json
from . import (
    backups,
    catalogue,
    clusters,
    configuration,
    hardware,
    lifecycle,
    log_exports,
    parameters,
    replicas,
    requests,
    tags,
)
from .call import Call

Handler = Callable[[Call], Json]

HANDLERS: dict[str, Handler] = {
    "add_block_storages": hardware.add_block_storages,
    "create_cluster": clusters.create_cluster,
    "create_manual_backup": backups.create_manual_backup,
    "create_replica": replicas.create_replica,
    "create_replica_in_other_region": replicas.create_replica_in_other_region,
    "create_restore_cluster": backups.create_restore_cluster,
    "export_log": log_exports.export_log,
    "list_backup_histories": backups.list_backup_histories,
    "list_clusters": clusters.list_clusters,
    "list_engine_version_properties": catalogue.list_engine_version_properties,
    "list_engine_versions": catalogue.list_engine_versions,
    "list_log_export_configs": log_exports.list_log_export_configs,
    "list_parameter_groups": parameters.list_parameter_groups,
    "list_parameter_values": parameters.list_parameter_values,
    "list_parameters": parameters.list_parameters,
    "list_replicas": replicas.list_replicas,
    "list_server_types": catalogue.list_server_types,
    "patch_minor_version": lifecycle.patch_minor_version,
    "promote_replica_cluster": replicas.promote_replica_cluster,
    "register_log_export_config": log_exports.register_log_export_config,
    "remove_backup_histories": backups.remove_backup_histories,
    "reset_replica": replicas.reset_replica,
    "restart_cluster": lifecycle.restart_cluster,
    "set_archive_config": backups.set_archive_config,
    "set_audit_log": configuration.set_audit_log,
    "set_backup": backups.set_backup,
    "set_block_storage_size": hardware.set_block_storage_size,
    "set_log_export_config": log_exports.set_log_export_config,
    "set_maintenance": configuration.set_maintenance,
    "set_parameter_values": parameters.set_parameter_values,
    "set_security_group_rules": configuration.set_security_group_rules,
    "set_server_type": hardware.set_server_type,
    "show_archive_config": backups.show_archive_config,
    "show_cluster": clusters.show_cluster,
    "show_request": requests.show_request,
    "start_cluster": lifecycle.start_cluster,
    "stop_cluster": lifecycle.stop_cluster,
    "switchover_cluster": lifecycle.switchover_cluster,
    "synchronize_archive_config": backups.synchronize_archive_config,
    "synchronize_cluster_state": lifecycle.synchronize_cluster_state,
    "synchronize_parameter_values": parameters.synchronize_parameter_values,
    "synchronize_replica_state": replicas.synchronize_replica_state,
    "terminate_cluster": clusters.terminate_cluster,
    "unregister_log_export_config": log_exports.unregister_log_export_config,
    "unset_backup": backups.unset_backup,
    "unset_maintenance": configuration.unset_maintenance,
    "upgrade_kernel": lifecycle.upgrade_kernel,
    "upgrade_major_version": lifecycle.upgrade_major_version,
}

# Those of the Resource Manager, which is another service.
TAG_HANDLERS: dict[str, Handler] = {
    "delete_tag": tags.delete_tag,
    "delete_tags": tags.delete_tags,
    "list_tags": tags.list_tags,
    "set_tag": tags.set_tag,
    "set_tags": tags.set_tags,
}
