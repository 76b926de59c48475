# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backup policy of a cluster, for how long its binary logs are archived, and a backup right now."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _backup_history,
    _cluster,
    _cluster_plan,
    _rules,
    _settings,
    _spec,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    OperationFailed,
    Problem,
    ScpError,
    WaitTimeout,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan, Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._states import BackupState
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task

SYNCHRONIZED = Goal("the synchronization of the archive setting", lambda cluster: True, visible=False, repeats=True)


def ensure(task: Task) -> Outcome:
    """Make the policy and the archive setting what the task declares."""
    desired = _spec.declared(task.params)
    check(desired)
    if desired["state"] == "taken":
        return _take(task)
    cluster = _cluster.require(task)
    archive = _archive(task, cluster) if "archive" in desired else None
    outcome = task.fulfil(_plan(desired, cluster, archive), cluster)
    outcome.values["backup"] = _settings.backup_of(outcome.values.pop("cluster"))
    if archive is not None or desired["state"] == "synced":
        known = archive if task.check_mode or not outcome.changed else None
        outcome.values["archive"] = known or _archive(task, cluster)
    return outcome


def check(desired: Json) -> None:
    """Raise :class:`InvalidInput` with every rule that the options break, before anything is sent."""
    _rules.check(desired, _rules.BACKUP, _combination_problems(desired))


def _take(task: Task) -> Outcome:
    """Take a backup now, and return it once it shows among those that were taken."""
    task.http.require("state: taken", "Create Manual Backup")
    judge = _backup_history.judge_of(task)
    cluster = _cluster.require(task)
    before = _backup_history.list_all(task.http, cluster["id"])
    new: list[Json] = []
    try:
        outcome = task.fulfil(_plan_taking(cluster, before, new, judge), cluster)
    except (OperationFailed, WaitTimeout) as error:
        _explain_unknown(error, [history for history in new if judge.is_unknown(history)])
        raise
    del outcome.values["cluster"]
    if not task.check_mode and task.params["wait"]:
        outcome.values["taken"] = next(iter(judge.restorable(new)), None)
    return outcome


def _plan_taking(cluster: Json, before: list[Json], new: list[Json], judge: _backup_history.Judge) -> Plan:
    """Plan the backup; ``new`` takes those that came since, as they were last seen."""

    def read(source: Source, shown: Json) -> Json:
        new[:] = _backup_history.added(before, _backup_history.list_all(source, shown["id"]))
        return {"contents": list(new)}

    draft = Draft({"backup_histories": len(before)})
    draft.after = {"backup_histories": len(before) + 1}
    goal = Goal(
        "the backup",
        # The policy may have begun another one at the same time.
        lambda shown: bool(shown["contents"]) and all(map(judge.is_restorable, shown["contents"])),
        repeats=True,
        evidence=read,
        alarm=lambda shown: _refuse_failed(shown["contents"], judge),
    )
    draft.add(_api.create_manual_backup(cluster["id"]), goal, "state")
    return _cluster_plan.ready_for_changes(draft, cluster).plan()


def _explain_unknown(error: ScpError, unknown: list[Json]) -> None:
    """Let a failed wait name the words of new backups that nobody knows."""
    if unknown:
        error.now = f"{error.now} No known word is the backup_state of: {_backup_history.states_told(unknown)}.".strip()
        error.todo = (
            "Read the backup with mariadb_backup_info; running this task again takes another one. If it is good, add "
            "its backup_state to restorable_states."
        )


def _refuse_failed(new: list[Json], judge: _backup_history.Judge) -> None:
    """Raise :class:`OperationFailed` when a new backup came to nothing."""
    for history in new:
        if judge.state(history) in (BackupState.UNUSABLE, BackupState.REMOVED):
            raise OperationFailed(
                f"The backup {history['backup_history_number']} is {history['backup_state']}.",
                now="It can't be restored from; the cluster and its other backups are as they were.",
                todo="Look at its backup_state_detail with mariadb_backup_info. Run the task again only if no other "
                "new backup is there or under way, because that takes another one.",
                detail=history["backup_state_detail"],
            )


def _archive(task: Task, cluster: Json) -> Json:
    return task.http.read(_api.show_archive_config(cluster["id"]))


def _combination_problems(desired: Json) -> Iterator[Problem]:
    state = desired["state"]
    policy = [key for key in _settings.BACKUP_KEYS if key in desired]
    if state == "present" and not policy and "archive" not in desired:
        yield Problem("state", f"needs something to be present: {', '.join(_settings.BACKUP_KEYS)} or archive", state)
    if state != "present":
        for option in policy:
            yield Problem(option, "goes with state: present only", desired[option])
    if state in ("synced", "taken") and "archive" in desired:
        yield Problem("archive", f"does not go with state: {state}, which changes no settings")
    archive = desired.get("archive", {})
    if archive.get("archive_enabled") is False and "retention_period_day" in archive:
        yield Problem("archive.retention_period_day", "does not go with archive_enabled: false")


def _plan(desired: Json, cluster: Json, archive: Json | None) -> Plan:
    draft = Draft(_view(cluster, archive))
    if desired["state"] == "synced":
        draft.add(_api.synchronize_archive_config(cluster["id"]), SYNCHRONIZED, "state")
    elif desired["state"] == "absent":
        _settings.plan_backup(draft, cluster, {}, "")
    else:
        policy = {key: desired[key] for key in _settings.BACKUP_KEYS if key in desired}
        if policy:
            _settings.plan_backup(draft, cluster, policy, "")
    if archive is not None:
        _settings.plan_archive(draft, cluster, archive, desired["archive"])
    return _cluster_plan.ready_for_changes(draft, cluster).plan()


def _view(cluster: Json, archive: Json | None) -> Json:
    view: Json = {"init_config_option": {"backup_option": _settings.backup_of(cluster)}}
    if archive is not None:
        view["archive"] = _settings.archive_of(archive)
    return view
