# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backup policy of a cluster, and for how long its binary logs are archived."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _cluster,
    _cluster_plan,
    _rules,
    _settings,
    _spec,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import Problem
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task

SYNCHRONIZED = Goal("the synchronization of the archive setting", lambda cluster: True, visible=False)


def ensure(task: Task) -> Outcome:
    """Make the policy and the archive setting what the task declares."""
    desired = _spec.declared(task.params)
    _rules.check(desired, _rules.BACKUP, _combination_problems(desired))
    cluster = _cluster.require(task)
    archive = _archive(task, cluster) if "archive" in desired else None
    outcome = task.fulfil(_plan(desired, cluster, archive), cluster)
    outcome.values["backup"] = _settings.backup_of(outcome.values.pop("cluster"))
    if archive is not None or desired["state"] == "synced":
        known = archive if task.check_mode or not outcome.changed else None
        outcome.values["archive"] = known or _archive(task, cluster)
    return outcome


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
    if state == "synced" and "archive" in desired:
        yield Problem("archive", "does not go with state: synced, which changes nothing")
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
