# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups: the policy, the archive, what was taken, and clusters restored from it."""

from __future__ import annotations

from functools import partial

from .. import catalogue
from ..backups import NO_BACKUP, Backup
from ..building import assign_addresses, derive_cluster, os_volume_of
from ..clock import seconds_of
from ..cluster import DEFAULT_ARCHIVE, Cluster, Json
from ..problems import refused
from .call import Call, update
from .paging import limited
from .rules import (
    OS_VOLUME_SIZE,
    check_data_volume,
    check_maintenance,
    check_server_type,
    check_storage_type,
    check_tags,
    check_volume_count,
)
from .tags import tag_new


def set_backup(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    return call.edit(cluster, update(cluster.init_config, backup_option=dict(call.body)))


def unset_backup(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    return call.edit(cluster, update(cluster.init_config, backup_option=dict(NO_BACKUP)))


def create_manual_backup(call: Call) -> Json:
    """It shows in the histories from its beginning, and stays until it is removed."""
    cluster = call.idle_cluster("RUNNING")
    duration = call.cloud.settings.duration(call.operation.title)
    version = cluster.detail["software_version"]
    cluster.backups.take(call.now, duration, cluster.data_size_gb, version, None)
    return call.edit(cluster)


def show_archive_config(call: Call) -> Json:
    return dict(call.cluster().archive)


def set_archive_config(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    archive = _wanted_archive(call.body, cluster.archive)
    return call.edit(cluster, update(cluster.archive, **archive))


def synchronize_archive_config(call: Call) -> Json:
    """Shows what somebody changed on the servers themselves."""
    cluster = call.idle_cluster("RUNNING")
    return call.synchronize(cluster, partial(dict.update, cluster.archive, cluster.archive_on_servers))


def list_backup_histories(call: Call) -> Json:
    settings = call.cloud.settings
    newest_first = sorted(call.cluster().backups.taken, key=lambda backup: backup.started_at, reverse=True)
    shown = (settings.backup_words, call.now, settings.running_backups_show_end)
    items = [backup.as_json(*shown) for backup in newest_first]
    wanted = limited(items, call.query, settings.page_size_cap, settings.backup_page_base)
    return {"contents": wanted, "total_count": len(items)}


def remove_backup_histories(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    numbers = call.body["backup_history_number"]
    for number in numbers:
        backup = cluster.backups.find(number)
        if backup is None:
            raise refused("No such backup")
        if backup.is_running(call.cloud.settings.backup_words, call.now):
            raise refused("The backup is in progress")
    return call.edit(cluster, partial(cluster.backups.remove, numbers))


def create_restore_cluster(call: Call) -> Json:
    """The source goes on as it is; all work is that of the new cluster."""
    source = call.idle_cluster("RUNNING", "STOPPED")
    backup = _wanted_backup(call, source)
    check_server_type(call.body["server_type_name"])
    check_maintenance(call.body)
    check_tags(call.body)
    cluster = derive_cluster(source, _own_part(call, source), "RECOVERY", call.now)
    engine = catalogue.mariadb_engine(backup.software_version)
    if engine is not None:
        cluster.set_engine(engine)
    accepted = call.begin(cluster, "CREATING", "RUNNING", partial(assign_addresses, cluster, call.cloud.addresses))
    call.cloud.create(cluster)
    tag_new(call, cluster)
    return accepted


def _wanted_archive(body: Json, present: Json) -> Json:
    """A retention counts only while the archive is on. Left out, it stays, or has its default again."""
    if not body["archive_enabled"]:
        return {"archive_enabled": False, "retention_period_day": None}
    days = body.get("retention_period_day") or present["retention_period_day"]
    return {"archive_enabled": True, "retention_period_day": days or DEFAULT_ARCHIVE["retention_period_day"]}


def _wanted_backup(call: Call, source: Cluster) -> Backup:
    """The backup that a restore begins with: the one of this number, or the last one before a moment."""
    number, moment = call.body.get("backup_history_number"), call.body.get("backup_recovery_time")
    if bool(number) == bool(moment):
        raise refused("Either a backup or a moment has to be named")
    finished = source.backups.finished(call.cloud.settings.backup_words, call.now)
    if not finished:
        raise refused("The cluster has no finished backup")
    if not number and not source.archive["archive_enabled"]:
        raise refused("The archive is off")
    if not number and seconds_of(moment) > call.now:
        raise refused("The moment is in the future")
    fitting = [item for item in finished if (item.number == number if number else item.ended_at <= seconds_of(moment))]
    if not fitting:
        raise refused("There is no such finished backup")
    return fitting[-1]


def _own_part(call: Call, source: Cluster) -> Json:
    """What a restored cluster does not take from its source."""
    group = {
        "block_storage_groups": _volumes(call.body.get("block_storage_groups"), source),
        "role_type": source.groups[0]["role_type"],
        "server_type_name": call.body["server_type_name"],
    }
    names = ("allowable_ip_addresses", "instance_name_prefix", "maintenance_option", "name")
    own = {name: call.body.get(name) for name in names}
    return {**own, "ha_enabled": source.detail["ha_enabled"], "instance_groups": [group]}


def _volumes(wanted: list[Json] | None, source: Cluster) -> list[Json]:
    """Those of the source unless others are named. The OS volume is added where it is not named."""
    if not wanted:
        return list(source.volumes())
    check_data_volume(wanted)
    check_storage_type(wanted, source)
    os_sizes = [volume["size_gb"] for volume in wanted if volume["role_type"] == "OS"]
    if os_sizes not in ([], [OS_VOLUME_SIZE]):
        raise refused(f"Exactly one OS volume of {OS_VOLUME_SIZE} GB is possible", "InvalidBlockStorageSize")
    if sum(volume["size_gb"] for volume in wanted if volume["role_type"] == "DATA") < source.data_size_gb:
        raise refused("The data of the source does not fit", "InvalidBlockStorageSize")
    complete = wanted if os_sizes else [os_volume_of(source), *wanted]
    check_volume_count(len(complete))
    return complete
