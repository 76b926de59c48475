# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the SCP MariaDB API: what goes on the wire for each, and nothing else.

Every function returns a :class:`Call`, which is plain data. A plan can hold it, check mode can show it, and
``Http.read`` and ``Http.write`` send it as it is, so that what is shown is what is sent.
The 44 functions for 1.0 stand in the order of the API reference and carry its numbers, those after them the version
that brought them (``_versions``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from ansible_collections.samsungcloud.scp.plugins.module_utils import _answers

Json = dict[str, Any]

PRODUCT_IMAGE_TYPE = "MariaDB Community"
# How the product image types of others begin (facts: section 5.1).
OTHER_PRODUCTS = (
    "EPAS",
    "Elasticsearch",
    "Kafka",
    "Microsoft",
    "MySQL",
    "OpenSearch",
    "PostgreSQL",
    "Redis",
    "Scalable",
    "Valkey",
    "Vertica",
)
# How the name of a field ends that holds a secret, whatever a later version of the API puts before it.
SECRET_FIELD = re.compile(
    r"(?:^|_)(?:passwords?|passwd|pwd|passphrase|secrets?|tokens?|credentials?|(?:access|secret|private|api)_?keys?(?:_id)?)$"
)
# Settings about passwords that hold none, such as disconnect_on_expired_password.
SWITCHES = frozenset({"ON", "OFF", "TRUE", "FALSE", "YES", "NO"})
REDACTED = "********"
# Pages of lists.
_BACKUP_HISTORIES = _answers.page_of(_answers.BACKUP_HISTORY, "total_count")
_CLUSTERS = _answers.page_of(_answers.CLUSTER_IN_BRIEF)
_ENGINE_VERSIONS = _answers.page_of(_answers.ENGINE_VERSION)
_IDENTIFIED = _answers.page_of(_answers.IDENTIFIED)
_ITEMS = _answers.page_of(_answers.fields())
_LOG_EXPORTS = _answers.page_of(_answers.LOG_EXPORT_CONFIG)
_NAMED = _answers.page_of(_answers.NAMED)
_PARAMETER_GROUPS = _answers.page_of(_answers.PARAMETER_GROUP)
_PARAMETERS = _answers.page_of(_answers.PARAMETER)
_REPLICAS = _answers.page_of(_answers.REPLICA)


@dataclass(frozen=True)
class Call:
    """One request to the API.

    ``operation`` is the operation's title in the API reference, ``answer`` reads what comes back.
    """

    operation: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Json | None = None
    answer: _answers.Reader = _answers.ACCEPTED

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    def describe(self) -> Json:
        """Return the call for people, with every secret of the body hidden."""
        told: Json = {"operation": self.operation, "method": self.method, "path": self.path}
        if self.body is not None:
            told["body"] = redact(self.body)
        return told


def redact(value: Any) -> Any:
    """Return ``value`` with the contents of every secret field replaced, at any depth."""
    if isinstance(value, Mapping):
        return {key: REDACTED if holds_secret(key, item) else redact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact(item) for item in value]
    return value


def holds_secret(key: Any, value: Any) -> bool:
    """Tell whether a field holds a secret, by its name."""
    return bool(value) and is_secret_field(str(key)) and str(value).upper() not in SWITCHES


@lru_cache(maxsize=4096)
def is_secret_field(name: str) -> bool:
    """Tell whether a field of this name is for a secret, be it database_user_password, secret-key or accessToken."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").replace(" ", "_")
    return SECRET_FIELD.search(words.lower()) is not None


def secrets_in(value: Any) -> Iterator[str]:
    """Yield the secrets in the fields of a body, at any depth."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item) if holds_secret(key, item) else secrets_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_in(item)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None:
        yield str(value)


def tag_list(tags: Mapping[str, Any]) -> list[Json]:
    """Return a dictionary of tags as the API takes it."""
    return [{"key": str(key), "value": None if value is None else str(value)} for key, value in tags.items()]


def of_mariadb(answer: Json) -> list[Json]:
    """Return the contents of an answer without those of other products; not every version of the API filters itself."""
    return [item for item in answer["contents"] if not (item["product_image_type"] or "").startswith(OTHER_PRODUCTS)]


def add_block_storages(instance_group_id: str, role_type: str, size_gb: int, volume_type: str) -> Call:
    """1: add one volume of ``size_gb`` GB to every server of an instance group."""
    body = {"role_type": role_type, "size_gb": size_gb, "volume_type": volume_type}
    return _write("Add Block Storages", "POST", f"{_instance_group(instance_group_id)}/block-storage-groups", body)


def create_cluster(body: Json) -> Call:
    """2: create a cluster; ``body`` is the reference's ``MariadbClusterCreateRequest``."""
    return _write("Create Cluster", "POST", "/v1/clusters", body)


def create_replica(cluster_id: str, body: Json) -> Call:
    """3: create replicas of the cluster; ``body`` is the reference's ``ReplicasCreateRequest``."""
    return _write("Create Replica", "POST", f"{_cluster(cluster_id)}/replicas", body)


def create_restore_cluster(cluster_id: str, body: Json) -> Call:
    """4: restore a backup of the cluster into a new one; ``body`` is the reference's ``ClusterRestoreRequest``."""
    return _write("Create Restore Cluster", "POST", f"{_cluster(cluster_id)}/restore", body)


def export_log(cluster_id: str, log_type: str) -> Call:
    """5: export one log to its bucket now."""
    return _write("Export Log", "POST", f"{_log_export_config(cluster_id, log_type)}/export")


def list_backup_histories(cluster_id: str, limit: int | None = None, page: int | None = None) -> Call:
    """6: one page of the backups that were taken."""
    return _read(
        "List Backup Histories", f"{_cluster(cluster_id)}/backup-histories", _BACKUP_HISTORIES, limit=limit, page=page
    )


def list_clusters(
    size: int | None = None,
    page: int | None = None,
    sort: str | None = None,
    name: str | None = None,
    service_state: str | None = None,
    database_name: str | None = None,
) -> Call:
    """7: one page (from 0) of the clusters, in brief."""
    return _read(
        "List Clusters",
        "/v1/clusters",
        _CLUSTERS,
        size=size,
        page=page,
        sort=sort,
        name=name,
        service_state=service_state,
        database_name=database_name,
    )


def list_engine_version_properties(dbaas_engine_version_id: str) -> Call:
    """8: the properties of one engine version, for example its character sets."""
    path = f"/v1/engine-versions/{_segment(dbaas_engine_version_id)}/properties"
    return _read("List Engine Version Properties", path, _ITEMS)


def list_engine_versions(dbaas_engine_version_id: str | None = None, eos_included: bool = False) -> Call:
    """9: the MariaDB engine versions; ``eos_included`` adds those past their end of service."""
    return _read(
        "List Engine Versions",
        "/v1/engine-versions",
        _ENGINE_VERSIONS,
        id=dbaas_engine_version_id,
        product_image_type=PRODUCT_IMAGE_TYPE,
        eos_included="true" if eos_included else "false",
    )


def list_log_export_configs(cluster_id: str, log_type: str | None = None) -> Call:
    """10: the log exports; the bucket's keys are never returned."""
    return _read("List Log Export Configs", f"{_cluster(cluster_id)}/log-export-configs", _LOG_EXPORTS, type=log_type)


def list_parameter_groups(major_version: str | None = None, sort: str | None = None) -> Call:
    """11: the groups of default parameters, one for each major version."""
    return _read(
        "List Parameter Groups",
        "/v1/parameter-groups",
        _PARAMETER_GROUPS,
        major_version=major_version,
        product_image_type=PRODUCT_IMAGE_TYPE,
        sort=sort,
    )


def list_parameter_values(cluster_id: str) -> Call:
    """12: the parameters of one cluster with the values that are applied."""
    return _read("List Parameter Values", f"{_cluster(cluster_id)}/parameters", _PARAMETERS)


def list_parameters(
    dbaas_parameter_group_id: str, size: int | None = None, page: int | None = None, sort: str | None = None
) -> Call:
    """13: one page (from 0) of the default parameters of a group."""
    return _read(
        "List Parameters",
        "/v1/parameters",
        _IDENTIFIED,
        dbaas_parameter_group_id=dbaas_parameter_group_id,
        size=size,
        page=page,
        sort=sort,
    )


def list_replicas(cluster_id: str) -> Call:
    """14: the replicas of a cluster and how far they follow it."""
    return _read("List Replicas", f"{_cluster(cluster_id)}/replicas", _REPLICAS)


def list_server_types(name: str | None = None) -> Call:
    """15: the server types that MariaDB can run on."""
    return _read("List Server Types", "/v1/server-types", _NAMED, name=name, product_image_type=PRODUCT_IMAGE_TYPE)


def patch_minor_version(cluster_id: str, software_version: str, backup_before_upgrade: bool) -> Call:
    """16: upgrade inside the major version."""
    body = {"software_version": software_version, "backup_before_upgrade": backup_before_upgrade}
    return _write("Patch Minor Version", "PUT", f"{_cluster(cluster_id)}/patch", body)


def promote_replica_cluster(cluster_id: str) -> Call:
    """17: make a replica a cluster of its own; this can't be undone."""
    return _write("Promote Replica Cluster", "POST", f"{_cluster(cluster_id)}/promote")


def register_log_export_config(cluster_id: str, body: Json) -> Call:
    """18: start exporting a log; ``body`` is the reference's ``LogExportConfigCreateRequest``."""
    return _write("Register Log Export Config", "POST", f"{_cluster(cluster_id)}/log-export-configs", body)


def remove_backup_histories(cluster_id: str, backup_history_numbers: Sequence[str]) -> Call:
    """19: delete backups that were taken."""
    body = {"backup_history_number": list(backup_history_numbers)}
    return _write("Remove Backup Histories", "PUT", f"{_cluster(cluster_id)}/backup-histories", body)


def reset_replica(replica_cluster_id: str) -> Call:
    """20: copy a replica anew from its origin."""
    return _write("Reset Replica", "POST", f"{_cluster(replica_cluster_id)}/reset-replica")


def restart_cluster(cluster_id: str) -> Call:
    """21: restart the database servers of a cluster."""
    return _write("Restart Cluster", "POST", f"{_cluster(cluster_id)}/restart")


def set_archive_config(cluster_id: str, archive_enabled: bool, retention_period_day: int | None) -> Call:
    """22: keep binary logs for point-in-time recovery, for so many days."""
    body = {"archive_enabled": archive_enabled, "retention_period_day": retention_period_day}
    return _write("Set Archive Config", "PUT", f"{_cluster(cluster_id)}/archive", body)


def set_audit_log(cluster_id: str, use_audit_log: bool) -> Call:
    """23: switch the audit log; switching it off deletes the audit files."""
    return _write("Set Audit Log", "PUT", f"{_cluster(cluster_id)}/audit-log", {"use_audit_log": use_audit_log})


def set_backup(cluster_id: str, backup_option: Mapping[str, str]) -> Call:
    """24: set the backup policy; the API takes its three numbers as strings."""
    return _write("Set Backup", "POST", f"{_cluster(cluster_id)}/backups", dict(backup_option))


def set_block_storage_size(block_storage_group_id: str, size_gb: int) -> Call:
    """25: grow a volume to ``size_gb`` GB."""
    path = f"/v1/block-storage-groups/{_segment(block_storage_group_id)}/resize"
    return _write("Set Block Storage Size", "POST", path, {"size_gb": size_gb})


def set_log_export_config(cluster_id: str, log_type: str, body: Json) -> Call:
    """26: change a log export; ``body`` is the reference's ``LogExportConfigModifyRequest``."""
    return _write("Set Log Export Config", "PUT", _log_export_config(cluster_id, log_type), body)


def set_maintenance(cluster_id: str, body: Mapping[str, str]) -> Call:
    """27: set the weekly maintenance window; ``body`` is the reference's ``MaintenanceRequest``."""
    return _write("Set Maintenance", "POST", f"{_cluster(cluster_id)}/maintenance", dict(body))


def set_parameter_values(cluster_id: str, parameters: Sequence[Mapping[str, str]]) -> Call:
    """28: set parameters, each with ``id``, ``new_value`` and ``old_value``."""
    body = {"parameters": [dict(parameter) for parameter in parameters]}
    return _write("Set Parameter Values", "PUT", f"{_cluster(cluster_id)}/parameters", body)


def set_security_group_rules(cluster_id: str, add: Sequence[str], remove: Sequence[str]) -> Call:
    """29: add and remove addresses that may connect; at least one list must not be empty."""
    body = {"add_ip_addresses": list(add), "del_ip_addresses": list(remove)}
    return _write("Set Security Group Rules", "POST", f"{_cluster(cluster_id)}/security-group-rules", body)


def set_server_type(instance_group_id: str, server_type_name: str) -> Call:
    """30: change the server type of an instance group, which restarts it."""
    body = {"server_type_name": server_type_name}
    return _write("Set Server Type", "POST", f"{_instance_group(instance_group_id)}/resize", body)


def show_archive_config(cluster_id: str) -> Call:
    """31: whether and for how many days binary logs are kept."""
    return _read("Show Archive Config", f"{_cluster(cluster_id)}/archive", _answers.ARCHIVE)


def show_cluster(cluster_id: str) -> Call:
    """32: one cluster in full."""
    return _read("Show Cluster", _cluster(cluster_id), _answers.cluster)


def show_request(request_id: str) -> Call:
    """33: the state word of an accepted request; an unknown id answers 400, not 404."""
    return _read("Show Request", f"/v1/requests/{_segment(request_id)}", _answers.REQUEST)


def start_cluster(cluster_id: str) -> Call:
    """34: start a stopped cluster."""
    return _write("Start Cluster", "POST", f"{_cluster(cluster_id)}/start")


def stop_cluster(cluster_id: str) -> Call:
    """35: stop a running cluster."""
    return _write("Stop Cluster", "POST", f"{_cluster(cluster_id)}/stop")


def switchover_cluster(cluster_id: str) -> Call:
    """36: exchange the active and the standby server of a highly available cluster."""
    return _write("Switchover Cluster", "POST", f"{_cluster(cluster_id)}/switchover")


def synchronize_archive_config(cluster_id: str) -> Call:
    """37: read the archive setting anew from the servers."""
    return _write("Synchronize Archive Config", "POST", f"{_cluster(cluster_id)}/archive/sync")


def synchronize_cluster_state(cluster_id: str) -> Call:
    """38: read the cluster's state anew from its servers; the way out of UNKNOWN."""
    return _write("Synchronize Cluster State", "POST", f"{_cluster(cluster_id)}/sync-state")


def synchronize_parameter_values(cluster_id: str) -> Call:
    """39: read the parameters anew from the servers."""
    return _write("Synchronize Parameter Values", "POST", f"{_cluster(cluster_id)}/parameters/sync")


def synchronize_replica_state(origin_cluster_id: str) -> Call:
    """40: read the state of all replicas of an origin anew."""
    return _write("Synchronize Replica State", "POST", f"{_cluster(origin_cluster_id)}/sync-replica-state")


def terminate_cluster(cluster_id: str) -> Call:
    """41: delete a cluster with its data."""
    return _write("Terminate Cluster", "DELETE", _cluster(cluster_id))


def unregister_log_export_config(cluster_id: str, log_type: str) -> Call:
    """42: stop exporting a log."""
    return _write("Unregister Log Export Config", "DELETE", _log_export_config(cluster_id, log_type))


def unset_backup(cluster_id: str) -> Call:
    """43: take no more backups."""
    return _write("Unset Backup", "DELETE", f"{_cluster(cluster_id)}/backups")


def unset_maintenance(cluster_id: str) -> Call:
    """44: have no maintenance window."""
    return _write("Unset Maintenance", "DELETE", f"{_cluster(cluster_id)}/maintenance")


def create_manual_backup(cluster_id: str) -> Call:
    """1.2: take a backup now."""
    return _write("Create Manual Backup", "POST", f"{_cluster(cluster_id)}/backups/manual")


def create_replica_in_other_region(cluster_id: str, body: Json) -> Call:
    """1.1: create replicas of the cluster in the region that ``body`` names."""
    return _write("Create Replica in Other Region", "POST", f"{_cluster(cluster_id)}/replicas/other-region", body)


def upgrade_kernel(cluster_id: str) -> Call:
    """1.1: upgrade the kernel of the servers."""
    return _write("Upgrade Kernel", "PUT", f"{_cluster(cluster_id)}/kernel-upgrade")


def upgrade_major_version(cluster_id: str, dbaas_engine: str, software_version: str) -> Call:
    """1.2: upgrade to a version of a later major version."""
    body = {"dbaas_engine": dbaas_engine, "software_version": software_version}
    return _write("Upgrade Major Version", "PUT", f"{_cluster(cluster_id)}/major-version-upgrade", body)


def _read(operation: str, path: str, answer: _answers.Reader, **query: str | int | None) -> Call:
    pairs = tuple((key, str(value)) for key, value in query.items() if value is not None)
    return Call(operation, "GET", path, pairs, answer=answer)


def _write(operation: str, method: str, path: str, body: Json | None = None) -> Call:
    return Call(operation, method, path, body=body)


def _cluster(cluster_id: str) -> str:
    return f"/v1/clusters/{_segment(cluster_id)}"


def _instance_group(instance_group_id: str) -> str:
    return f"/v1/instance-groups/{_segment(instance_group_id)}"


def _log_export_config(cluster_id: str, log_type: str) -> str:
    return f"{_cluster(cluster_id)}/log-export-configs/{_segment(log_type)}"


def _segment(value: str) -> str:
    return quote(value, safe="")
