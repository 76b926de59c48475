# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restores: a new cluster from a backup of another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _backup_history,
    _cluster,
    _cluster_plan,
    _instance_groups,
    _rules,
    _settings,
    _spec,
    _states,
    _tags,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome, refuse_busy
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    InvalidInput,
    Problem,
    Refused,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Plan
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import way_out

# Sent as they are declared.
BODY_OPTIONS = (
    "backup_history_number",
    "backup_recovery_time",
    "block_storage_groups",
    "instance_name_prefix",
    "maintenance_option",
    "name",
    "server_type_name",
)


def ensure(task: Task) -> Outcome:
    """Restore the source into a cluster of the given name, once."""
    desired = _spec.declared(task.params)
    further = (
        _rules.tag_violations(task.params["tags"]),
        _time_problems(desired, task.now()),
        _choice_problems(desired),
        _rules.address_problems(desired, "cluster_name"),
    )
    _rules.check(desired, _rules.RESTORE, *further)
    judge = _backup_history.judge_of(task)
    tagging = _tags.Tagging(task, task.params["tags"])
    restored = _present(task, desired["name"])
    if restored:
        _refuse_other_origin(task, desired, restored)
        restored = task.rest(restored)
        draft = Draft({})
        if restored:
            _cluster_plan.plan_recovery(draft, restored, "present")
            tagging.look([restored])
        return _cluster.described(tagging.complete_one(task.fulfil(draft.plan(), restored), desired))
    source = _cluster.require(task)
    if source["service_state"] in _states.BROKEN:
        state = source["service_state"]
        raise Refused(f"The cluster {source['name']} is {state}.", todo=way_out(state))
    if not task.params["wait"]:
        refuse_busy(source)
    _refuse_unfit_volumes(desired.get("block_storage_groups"), source)
    backup = _chosen_backup(task, desired, source, judge)
    plan = _plan(desired, task.params["tags"], source, backup)
    outcome = task.fulfil(plan, None)
    return _cluster.described(tagging.complete_one(outcome, desired))


def _present(task: Task, name: str) -> Json | None:
    """Return the cluster of the name; one on its way out makes room for the restored one."""
    cluster = _cluster.find(task.http, None, name)
    if cluster is None or cluster["service_state"] != _states.TERMINATING:
        return cluster
    if not task.params["wait"]:
        raise Refused(
            f"The cluster {name} is still being terminated.",
            todo="Set wait to true, or run the task again when it is gone.",
        )
    return None if task.check_mode else task.rest(cluster)


def _choice_problems(desired: Json) -> Iterator[Problem]:
    # Ansible takes a null for a choice.
    if not desired.get("latest") and not {"backup_history_number", "backup_recovery_time"}.intersection(desired):
        rule = "must be true, or backup_history_number or backup_recovery_time be set"
        yield Problem("latest", rule, desired.get("latest"))
    for key in _settings.MAINTENANCE_KEYS:
        if desired.get("maintenance_option") and key not in desired["maintenance_option"]:
            yield Problem(f"maintenance_option.{key}", "is required for a maintenance window")


def _time_problems(desired: Json, now: datetime) -> Iterator[Problem]:
    wanted = desired.get("backup_recovery_time")
    moment = _backup_history.moment(wanted)
    if wanted is not None and moment is None:
        yield Problem("backup_recovery_time", "must be a date and time such as 2026-11-02T04:00:00Z", wanted)
    if moment and moment > now:
        yield Problem("backup_recovery_time", "must not be in the future", wanted)


def _refuse_other_origin(task: Task, desired: Json, restored: Json) -> None:
    source_id = desired.get("cluster_id") or _source_id(task, desired, restored)
    # Whether SCP fills the origin of a restored cluster is not documented, so that an empty one proves nothing.
    if restored["role_type"] != "RECOVERY" or restored["origin_cluster_id"] not in (source_id, "", None):
        raise Refused(
            f"There is a cluster named {desired['name']} ({restored['id']}) already, and it was not restored from "
            f"{source_id}.",
            todo="Choose another name for the restored cluster.",
        )


def _source_id(task: Task, desired: Json, restored: Json) -> str:
    source = _cluster.find(task.http, None, desired["cluster_name"])
    if source is None:
        raise Refused(
            f"There is a cluster named {desired['name']} ({restored['id']}) already, but no cluster named "
            f"{desired['cluster_name']} any more, so that it can't be told whether it was restored from that.",
            todo="Set cluster_id to the id that the source had, or drop the task.",
            status=404,
        )
    return str(source["id"])


def _chosen_backup(task: Task, desired: Json, source: Json, judge: _backup_history.Judge) -> Json:
    """Return the part of the request that says what to restore."""
    histories = _backup_history.list_all(task.http, source["id"])
    if "backup_history_number" in desired:
        problem = _backup_history.check_number(histories, desired["backup_history_number"], judge)
        if problem:
            raise InvalidInput([problem])
        return {"backup_history_number": desired["backup_history_number"]}
    latest, newer = judge.latest(histories)
    if latest is None:
        raise _no_backup(source, histories, newer)
    if "backup_recovery_time" in desired:
        _refuse_without_archive(task.http, source)
        return {"backup_recovery_time": _checked_time(desired["backup_recovery_time"], judge.restorable(histories))}
    number = str(latest["backup_history_number"])
    if newer:
        task.warn(
            f"The latest backup of {source['name']} that is known to be good is {number}. Newer ones have a "
            f"backup_state that is no known word: {_backup_history.states_told(newer)}. If it is good, add it to "
            "restorable_states."
        )
    return {"backup_history_number": number}


def _no_backup(source: Json, histories: list[Json], unknown: list[Json]) -> Refused:
    shown = f" Its backups: {_backup_history.states_told(histories)}." if histories else ""
    if unknown:
        todo = (
            "Some of these are no known words of backup_state. Check the backups in the console; if they can be "
            "restored, add the word to restorable_states."
        )
    else:
        todo = "Configure backups with mariadb_backup, and wait for the first one."
    return Refused(
        f"The cluster {source['name']} has no finished backup to restore from.", now=NOTHING_CHANGED + shown, todo=todo
    )


def _refuse_without_archive(http: Http, source: Json) -> None:
    """Refuse a point in time of a cluster whose binary logs are not kept."""
    if not http.read(_api.show_archive_config(source["id"]))["archive_enabled"]:
        raise Refused(
            f"The archive of the cluster {source['name']} is off, so that it can't be restored to a point in time.",
            todo="Restore a backup with latest or backup_history_number; mariadb_backup switches the archive on.",
        )


def _refuse_unfit_volumes(volumes: list[Json] | None, source: Json) -> None:
    if not volumes:
        return
    problems = list(_volume_problems(volumes, source))
    if problems:
        raise InvalidInput(problems, f"The cluster {source['name']} can't be restored so")


def _volume_problems(volumes: list[Json], source: Json) -> Iterator[Problem]:
    """Yield what is wrong with declared volumes beside those of the source (facts: sections 5.2 and 6)."""
    option = "block_storage_groups"
    yield from _instance_groups.lack_of_data(volumes, option)
    yield from _instance_groups.other_types(volumes, source, option)
    os_volumes = [volume for volume in volumes if volume["role_type"] == _instance_groups.OS_ROLE]
    if len(os_volumes) > 1:
        yield Problem(option, "must hold at most one volume of role_type OS", len(os_volumes))
    count = len(volumes) + (0 if os_volumes else 1)
    if count > _instance_groups.MOST_VOLUMES:
        yield Problem(option, f"must be at most {_instance_groups.MOST_VOLUMES} volumes with the OS volume", count)
    os_size, needed_os_size = _sizes(volumes, source, _instance_groups.OS_ROLE)
    if os_volumes and os_size != needed_os_size:
        rule = f"must be {needed_os_size} GB for role_type OS, as the source has it"
        yield Problem(f"{option}[].size_gb", rule, os_size)
    data_size, needed_data_size = _sizes(volumes, source, _instance_groups.DATA_ROLE)
    if 0 < data_size < needed_data_size:
        rule = f"must be {needed_data_size} GB or more in all for role_type DATA, as the source has it"
        yield Problem(f"{option}[].size_gb", rule, data_size)


def _sizes(volumes: list[Json], source: Json, role_type: str) -> tuple[int, int]:
    """Return how many GB the declared volumes of a role have together, and how many those of the source."""
    declared = _instance_groups.total_gb(volume for volume in volumes if volume["role_type"] == role_type)
    return declared, _instance_groups.total_gb(_instance_groups.volumes_of(source, role_type))


def _checked_time(wanted: str, restorable: list[Json]) -> str:
    """Return a point in time in UTC, as the API takes it."""
    moment = _backup_history.moment(wanted)
    ends = [end for end in map(_backup_history.ended_at, restorable) if end]
    if moment and ends and moment < min(ends):
        rule = f"must not be before the end of the oldest finished backup, {min(ends).isoformat()}"
        raise InvalidInput([Problem("backup_recovery_time", rule, wanted)])
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else wanted


def _plan(desired: Json, tags: Json | None, source: Json, backup: Json) -> Plan:
    body: Json = {key: desired[key] for key in BODY_OPTIONS if key in desired}
    body.update(backup)
    body["allowable_ip_addresses"] = _settings.canonical_list(desired.get("allowable_ip_addresses", []))
    if tags:
        body["tags"] = _api.tag_list(tags)
    draft = Draft({})
    draft.after = {**body, "origin_cluster_id": source["id"], "service_state": _states.RUNNING}
    call = _api.create_restore_cluster(source["id"], body)
    draft.add(call, _cluster_plan.RUNNING, *sorted(body), creates=(desired["name"],))
    return draft.plan()
