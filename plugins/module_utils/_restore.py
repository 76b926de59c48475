# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restores: a new cluster from a backup of another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _backup_history,
    _cluster,
    _cluster_plan,
    _instance_groups,
    _moments,
    _resource_manager,
    _roles,
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
    ScpError,
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
# The tags of a cluster may show minutes after its creation (facts: section 12), which itself takes a while.
LATE = timedelta(hours=1)
# The records of the clusters that this run of Ansible has restored, by their ids.
RESTORES = "restores"


class Origin(NamedTuple):
    """What a cluster was restored from: the id of the source, and the number of a backup or a moment in UTC.

    Where any backup will do, ``backup`` is empty.
    """

    source_id: str
    backup: str

    @classmethod
    def of(cls, source_id: str, body: Json) -> Origin:
        """Return what a request, or the options of a task, restore from."""
        moment = _moments.parse(body.get("backup_recovery_time"))
        return cls(source_id, str(body.get("backup_history_number") or (moment and _utc(moment)) or ""))

    @classmethod
    def of_tag(cls, value: str) -> Origin | None:
        """Return what the tag of a restored cluster says; None where it was not written by this module."""
        source_id, _at, backup = value.partition("@")
        return cls(source_id, backup) if source_id and backup else None

    @property
    def tag(self) -> str:
        return f"{self.source_id}@{self.backup}"

    def includes(self, other: Origin) -> bool:
        return self.source_id == other.source_id and self.backup in ("", other.backup)

    def __str__(self) -> str:
        # The number of a backup has no colon.
        if ":" in self.backup:
            return f"cluster {self.source_id} as of {self.backup}"
        return f"{'backup ' + self.backup if self.backup else 'a backup'} of cluster {self.source_id}"


class Doubt(NamedTuple):
    """Why it is not known what a cluster was restored from, what helps, and whether it may show later."""

    why: str
    hint: str = ""
    is_late: bool = False


def ensure(task: Task) -> Outcome:
    """Restore the source into a cluster of the given name, once."""
    desired = _spec.declared(task.params)
    further = (
        _rules.declared_tag_violations(task.params["tags"]),
        _time_problems(desired, task.now()),
        _choice_problems(desired),
        _rules.address_problems(desired, "cluster_name"),
    )
    _rules.check(desired, {**_rules.RESTORE, "temporary_for": _rules.PURPOSE}, *further)
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
    try:
        outcome = task.fulfil(plan, None)
    finally:
        _record_restores(task)
    _verify_found(task, desired, outcome.values["cluster"], Origin.of(source["id"], backup))
    return _cluster.described(tagging.complete_one(outcome, desired))


def _verify_found(task: Task, desired: Json, restored: Json | None, wanted: Origin) -> None:
    """Refuse a cluster that showed after a lost answer, and was not restored so: it can be another run's."""
    if restored and any(one.get("resource_id") and not one["request_id"] for one in task.operations):
        _verify_origin(task, desired, restored, wanted)


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
    moment = _moments.parse(wanted)
    if moment and moment > now:
        yield Problem("backup_recovery_time", "must not be in the future", wanted)


def _refuse_other_origin(task: Task, desired: Json, restored: Json) -> None:
    """Raise :class:`Refused` unless the cluster is known to be restored from the source and the backup declared."""
    if "temporary_for" in desired:
        name = f"{desired['name']} ({restored['id']})"
        raise Refused(
            f"Cluster {name} exists, but a temporary cluster (temporary_for) must be new.",
            todo="Choose another name for the temporary cluster.",
        )
    source_id = desired.get("cluster_id") or _source_id(task, desired, restored)
    # Whether SCP fills these for a restored cluster is not documented, so that empty ones prove nothing.
    is_restored, origin_id = _roles.is_restored(restored), restored.get("origin_cluster_id")
    if is_restored is False or origin_id not in (source_id, "", None):
        raise Refused(
            f"There is a cluster named {desired['name']} ({restored['id']}) already, and it was not restored from "
            f"{source_id}.",
            todo="Choose another name for the restored cluster.",
        )
    wanted = Origin.of(source_id, desired)
    if wanted.backup or not is_restored or origin_id != source_id:
        _verify_origin(task, desired, restored, wanted)


def _verify_origin(task: Task, desired: Json, restored: Json, wanted: Origin) -> None:
    """Compare the tag of the cluster with the desired backup; wait for that of a new cluster where that is allowed."""
    name = f"{desired['name']} ({restored['id']})"
    found = _shown_origin(task, restored)
    if isinstance(found, Doubt) and found.is_late and task.params["wait"] and not desired["accept_unverified"]:
        if task.check_mode:
            task.warn(
                f"Cluster {name} is new, and its tags do not show yet. A real run waits for them, and fails if it was "
                f"not restored from {wanted}."
            )
            return
        # Ends with the failure of the creation, if that fails.
        task.rest(restored)
        found = _shown_origin(task, restored, _tags.APPEAR_SECONDS)
    if isinstance(found, Origin) and not wanted.includes(found):
        raise Refused(
            f"Cluster {name} exists, but it was restored from {found}, not from {wanted}.",
            todo="Choose another name for the restored cluster.",
        )
    if isinstance(found, Doubt) and not desired["accept_unverified"]:
        raise Refused(
            f"Cluster {name} exists, but it is not known whether it was restored from {wanted}: {found.why}.",
            todo=f"{found.hint} If it was, set accept_unverified to true; otherwise choose another name.".strip(),
        )


def _shown_origin(task: Task, restored: Json, seconds: float = 0) -> Origin | Doubt:
    """Return what this run or the tags of a cluster say that it was restored from.

    Wait so many ``seconds`` for tags to show.
    """
    recorded = task.http.records.of(RESTORES).get(restored["id"], {})
    if origin := Origin.of_tag(recorded.get("restored_from", "")):
        return origin
    try:
        tags = _tags.await_some(task, restored, seconds) if seconds else _tags.read_one(task, restored)
    except ScpError as error:
        return Doubt(
            f"its tags could not be read ({error.what.rstrip('.')})",
            "Check resource_manager_endpoint, region and the permission to list tags, then run the task again.",
        )
    if not tags and _is_young(task, restored):
        others = "" if task.params["wait"] else ", or set wait to true, which waits for them"
        return Doubt("its tags do not show yet", f"Run the task again in some minutes{others}.", is_late=True)
    if _resource_manager.RESTORED_FROM not in tags:
        return Doubt(f"it does not have the tag {_resource_manager.RESTORED_FROM}")
    value = tags[_resource_manager.RESTORED_FROM]
    return Origin.of_tag(value) or Doubt(f"its tag {_resource_manager.RESTORED_FROM} is {value!r}")


def _record_restores(task: Task) -> None:
    """Record what the task has restored. Where the answer was lost, the cluster can be another run's."""
    for operation in task.operations:
        if operation.get("resource_id") and operation["request_id"]:
            tags = {tag["key"]: tag["value"] for tag in operation["body"]["tags"]}
            entry = {"restored_from": tags[_resource_manager.RESTORED_FROM]}
            task.http.records.put(RESTORES, operation["resource_id"], entry)


def _is_young(task: Task, cluster: Json) -> bool:
    """Tell whether the tags of a cluster may be there and not show yet."""
    created = _moments.parse(cluster.get("created_at"))
    is_recent = created is not None and task.now() - created < LATE
    return is_recent or cluster["service_state"] == _states.CREATING


def _source_id(task: Task, desired: Json, restored: Json) -> str:
    source = _cluster.find(task.http, None, desired["cluster_name"])
    if source is None:
        raise Refused(
            f"There is a cluster named {desired['name']} ({restored['id']}) already, but no cluster named "
            f"{desired['cluster_name']} any more, so that it can't be told whether it was restored from that.",
            todo="Set cluster_id to the id that the source had, or drop the task.",
            status=404,
        )
    source_id: str = source["id"]
    return source_id


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
    number = latest["backup_history_number"]
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


def _utc(moment: datetime) -> str:
    """Return a point in time in UTC as the API takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _checked_time(wanted: str, restorable: list[Json]) -> str:
    """Return a point in time in UTC, as the API takes it."""
    moment = _moments.parse(wanted)
    ends = [end for end in map(_backup_history.ended_at, restorable) if end]
    if moment and ends and moment < min(ends):
        rule = f"must not be before the end of the oldest finished backup, {min(ends).isoformat()}"
        raise InvalidInput([Problem("backup_recovery_time", rule, wanted)])
    return _utc(moment) if moment else wanted


def _plan(desired: Json, tags: Json | None, source: Json, backup: Json) -> Plan:
    body: Json = {key: desired[key] for key in BODY_OPTIONS if key in desired}
    if body.get("block_storage_groups"):
        inherited = _instance_groups.inherited_type(_instance_groups.volumes_of(source))
        body["block_storage_groups"] = _instance_groups.with_type(body["block_storage_groups"], inherited)
    body.update(backup)
    body["allowable_ip_addresses"] = _settings.canonical_list(desired.get("allowable_ip_addresses", []))
    draft = Draft({})
    draft.after = {**body, "origin_cluster_id": source["id"], "service_state": _states.RUNNING}
    options = [*body, *(option for option in ("tags", "temporary_for") if desired.get(option))]
    marks = {_resource_manager.RESTORED_FROM: Origin.of(source["id"], backup).tag}
    if "temporary_for" in desired:
        marks[_resource_manager.TEMPORARY_FOR] = desired["temporary_for"]
    body["tags"] = _api.tag_list({**(tags or {}), **marks})
    call = _api.create_restore_cluster(source["id"], body)
    draft.add(call, _cluster_plan.RUNNING, *sorted(options), creates=(desired["name"],))
    return draft.plan()
