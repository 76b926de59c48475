# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exports of a cluster's logs to a bucket of Object Storage."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _cluster,
    _cluster_plan,
    _rules,
    _spec,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import seen
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    InvalidInput,
    Problem,
    Refused,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan, Reader, Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task

# What the API shows of an export and can change.
CHANGEABLE = (
    "delete_on_export",
    "schedule_day_of_month",
    "schedule_day_of_week",
    "schedule_frequency_type",
    "schedule_hour",
)
REQUIRED_TO_REGISTER = (
    "bucket_name",
    "bucket_access_key",
    "bucket_secret_key",
    "schedule_frequency_type",
    "schedule_hour",
)
KEYS = ("bucket_access_key", "bucket_secret_key")
# The day that each frequency needs; it has to be left out with the others (facts: section 6).
DAYS = {"DAY": None, "WEEK": "schedule_day_of_week", "MONTH": "schedule_day_of_month"}

EXPORTED = Goal("the export of the log", lambda cluster: True, visible=False, repeats=True)


def ensure(task: Task) -> Outcome:
    """Make the export what the task declares."""
    desired = _spec.declared(task.params)
    check(desired)
    cluster = _cluster.require(task)
    present = _registered(task.http, cluster["id"], desired["log_type"])
    outcome = task.fulfil(_plan(desired, cluster, present), cluster)
    del outcome.values["cluster"]
    if outcome.changed and not task.check_mode:
        present = _registered(task.http, cluster["id"], desired["log_type"])
    outcome.values["log_export"] = present
    return outcome


def check(desired: Json) -> None:
    """Raise :class:`InvalidInput` with every rule that the options break, before anything is sent."""
    _rules.check(desired, _rules.LOG_EXPORT, _schedule_problems(desired), _key_problems(desired))


def info(task: Task) -> Outcome:
    """Return the exports of a cluster, all or that of one log."""
    cluster = _cluster.require(task, rest=False)
    answer = task.http.read(_api.list_log_export_configs(cluster["id"], task.params["log_type"]))
    log_type = task.params["log_type"]
    return Outcome(values={"log_exports": [one for one in answer["contents"] if log_type in (None, one["log_type"])]})


def _registered(source: Source, cluster_id: str, log_type: str) -> Json | None:
    """Return the export of a log as it is registered; None when it is not."""
    configs = source.read(_api.list_log_export_configs(cluster_id, log_type))["contents"]
    return next((c for c in configs if c["log_type"] == log_type and c["is_registered"]), None)


def _key_problems(desired: Json) -> Iterator[Problem]:
    for name, other in (KEYS, KEYS[::-1]):
        if name in desired and other not in desired:
            yield Problem(name, f"does not go without {other}")


def _schedule_problems(desired: Json) -> Iterator[Problem]:
    frequency = desired.get("schedule_frequency_type")
    if desired["state"] != "present":
        return
    if frequency is None:
        for day in filter(None, DAYS.values()):
            if day in desired:
                yield Problem(day, "needs schedule_frequency_type beside it", desired[day])
        return
    needed = DAYS[frequency]
    for day in filter(None, DAYS.values()):
        if day == needed and day not in desired:
            yield Problem(day, f"is required with schedule_frequency_type: {frequency}")
        if day != needed and day in desired:
            yield Problem(day, f"does not go with schedule_frequency_type: {frequency}", desired[day])
    if not -1 <= desired.get("schedule_day_of_month", 1) <= 31 or desired.get("schedule_day_of_month") == 0:
        rule = "must be a day from 1 to 31, or -1 for the last day of the month"
        yield Problem("schedule_day_of_month", rule, desired["schedule_day_of_month"])


def _plan(desired: Json, cluster: Json, present: Json | None) -> Plan:
    state, log_type = desired["state"], desired["log_type"]
    draft = Draft(_view(present))
    if state == "absent":
        if present:
            draft.after = {}
            goal = Goal(f"the end of the {log_type} log's export", lambda shown: not shown, evidence=_reader(log_type))
            draft.add(_api.unregister_log_export_config(cluster["id"], log_type), goal, "state")
    elif state == "exported":
        if present is None:
            raise Refused(
                f"The {log_type} log of the cluster {cluster['name']} is not registered for export.",
                todo="Register it first with state: present.",
            )
        _refuse_deleted_bucket(present)
        draft.add(_api.export_log(cluster["id"], log_type), EXPORTED, "state")
    elif present is None:
        _plan_registration(draft, desired, cluster)
    else:
        _plan_change(draft, desired, cluster, present)
    return _cluster_plan.ready_for_changes(draft, cluster).plan()


def _plan_registration(draft: Draft, desired: Json, cluster: Json) -> None:
    problems = [
        Problem(name, "is required to register an export") for name in REQUIRED_TO_REGISTER if name not in desired
    ]
    if desired["log_type"] == "audit" and not cluster["init_config_option"]["audit_enabled"]:
        rule = "needs the audit log, which is off: mariadb_cluster with init_config_option.audit_enabled: true"
        problems.append(Problem("log_type", rule, "audit"))
    if problems:
        raise InvalidInput(problems)
    settings = {"delete_on_export": False, **_settings_of(desired)}
    body = {**_body(desired, settings), "bucket_name": desired["bucket_name"], "log_type": desired["log_type"]}
    draft.after = {"bucket_name": desired["bucket_name"], "log_type": desired["log_type"], **settings}
    goal = _shown(desired["log_type"], settings)
    options = [key for key in (*REQUIRED_TO_REGISTER, *CHANGEABLE) if key in desired]
    draft.add(_api.register_log_export_config(cluster["id"], body), goal, *sorted(set(options)))


def _plan_change(draft: Draft, desired: Json, cluster: Json, present: Json) -> None:
    _refuse_drift(desired, present)
    shown = _settings_of_config(present)
    settings = _merged(shown, _settings_of(desired))
    if settings == shown and desired["update_keys"] != "always":
        return
    rule = "is required to change an export, because SCP takes both keys anew"
    missing = [Problem(key, rule) for key in KEYS if key not in desired]
    if missing:
        raise InvalidInput(missing)
    draft.after.update({key: settings.get(key) for key in CHANGEABLE})
    goal = _shown(desired["log_type"], settings)
    if settings == shown:
        # The new keys are all that changes, and they are never shown.
        goal = Goal("the new keys of the export", lambda cluster: True, visible=False)
    call = _api.set_log_export_config(cluster["id"], desired["log_type"], _body(desired, settings))
    draft.add(call, goal, *(key for key in (*KEYS, *CHANGEABLE) if key in desired))


def _merged(shown: Json, declared: Json) -> Json:
    """Return the settings after a change; with another frequency the day of the old one is gone."""
    kept = dict(shown)
    if "schedule_frequency_type" in declared:
        for day in filter(None, DAYS.values()):
            kept.pop(day, None)
    return {**kept, **declared}


def _refuse_drift(desired: Json, present: Json) -> None:
    wanted = desired.get("bucket_name", present["bucket_name"])
    if wanted != present["bucket_name"]:
        rule = (
            f"the export goes to {present['bucket_name']}, which can't be changed; unregister it first (state: absent)"
        )
        raise InvalidInput([Problem("bucket_name", rule, wanted)])
    _refuse_deleted_bucket(present)


def _refuse_deleted_bucket(present: Json) -> None:
    if present["is_bucket_deleted"]:
        raise Refused(
            f"The bucket {present['bucket_name']} of the export was deleted.",
            todo="Unregister the export (state: absent), then register it with another bucket.",
        )


def _settings_of(desired: Json) -> Json:
    """Return the declared settings as the API has them: numbers as strings."""
    settings = {key: desired[key] for key in CHANGEABLE if key in desired}
    return {key: value if isinstance(value, bool) else str(value) for key, value in settings.items()}


def _settings_of_config(config: Json) -> Json:
    """Return the settings of a registered export, without the days that its frequency does not use."""
    used = DAYS.get(config["schedule_frequency_type"])
    return {
        key: config[key] if key == "delete_on_export" else _plain(config[key])
        for key in CHANGEABLE
        if (key not in DAYS.values() or key == used) and config[key] is not None
    }


def _plain(text: str) -> str:
    """Return a number without leading zeros, and anything else as it is."""
    return str(int(text)) if text.isdecimal() else text


def _body(desired: Json, settings: Json) -> Json:
    """Return the seven keys that register and change have in common; those not used are null (facts: section 10)."""
    return {
        "access_key": desired["bucket_access_key"],
        "secret_key": desired["bucket_secret_key"],
        **{key: settings.get(key) for key in CHANGEABLE},
    }


def _shown(log_type: str, settings: Json) -> Goal:
    return Goal(
        f"the export of the {log_type} log",
        lambda shown: bool(shown) and _settings_of_config(shown) == settings,
        evidence=_reader(log_type),
    )


def _reader(log_type: str) -> Reader:
    return lambda source, cluster: _registered(source, cluster["id"], log_type) or {}


def _view(present: Json | None) -> Json:
    if present is None:
        return {}
    return {key: seen(present, key) for key in ("bucket_name", "log_type", *CHANGEABLE)}
