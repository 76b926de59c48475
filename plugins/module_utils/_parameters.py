# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Database parameters of a cluster: set by name, all in one request."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _cluster,
    _cluster_plan,
    _rules,
    _spec,
    _states,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import seen
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    InvalidInput,
    OperationFailed,
    Problem,
    ScpError,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._parameter_values import applied, as_text, same, spelling
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan, Source, Step
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task

SYNCHRONIZED = Goal("the synchronization of the parameters", lambda cluster: True, visible=False, repeats=True)


def ensure(task: Task) -> Outcome:
    """Make the parameters what the task declares."""
    desired = _spec.declared(task.params)
    check(desired)
    cluster = _cluster.require(task)
    before = read(task.http, cluster["id"])

    def plan_anew(synchronized: Json | None) -> Plan:
        before.update(read(task.http, cluster["id"]))
        return _plan(desired, synchronized or cluster, before)

    try:
        plan = _plan(desired, cluster, before, _owes_restart(task, before))
        outcome = task.fulfil(plan, cluster, plan_anew=plan_anew)
    except ScpError as error:
        _tell_restart(error)
        # What it says comes first: a cluster that is lost has to come back before anything can be restarted.
        _tell_way_back(error)
        raise
    del outcome.values["cluster"]
    outcome.values["restart_required"] = bool(_static(desired, before)) and desired["restart"] == "never"
    after = read(task.http, cluster["id"]) if outcome.changed and not task.check_mode else before
    outcome.values["parameters"] = _values(after, _names(desired) or list(after))
    return outcome


def check(desired: Json) -> None:
    """Raise :class:`InvalidInput` with every rule that the options break, before anything is sent."""
    _rules.check(desired, _rules.ADDRESSED, _combination_problems(desired))


def read(source: Source, cluster_id: str) -> dict[str, Json]:
    """Return the parameters of a cluster by their names."""
    answer = source.read(_api.list_parameter_values(cluster_id))
    return {parameter["name"]: parameter for parameter in answer["contents"]}


def info(task: Task) -> Outcome:
    """Return the parameters of a cluster, all or those of given names."""
    cluster = _cluster.require(task, rest=False)
    parameters = read(task.http, cluster["id"])
    names = task.params["names"]
    if names:
        problems = list(_unknown("names", names, parameters))
        if problems:
            raise InvalidInput(problems)
    return Outcome(values={"parameters": [parameters[name] for name in names or parameters]})


def _combination_problems(desired: Json) -> Iterator[Problem]:
    names = _names(desired)
    for name in desired.get("reset", []):
        if name in desired.get("parameters", {}):
            yield Problem("reset", "must not name a parameter that parameters sets", name)
    if desired["state"] == "present" and not names:
        yield Problem("parameters", "or reset must name a parameter with state: present")
    if desired["state"] == "synced" and names:
        yield Problem("parameters", "and reset do not go with state: synced, which sets nothing")


def _names(desired: Json) -> list[str]:
    return [*desired.get("parameters", {}), *desired.get("reset", [])]


def _owes_restart(task: Task, parameters: dict[str, Json]) -> bool:
    """Tell whether an earlier plan of the task has set values that a restart, which was refused, was to follow."""
    sent = {one["id"] for operation in task.operations for one in (operation.get("body") or {}).get("parameters", ())}
    restarted = any(operation["operation"] == "Restart Cluster" for operation in task.operations)
    return not restarted and any(one["id"] in sent and _is_static(one) for one in parameters.values())


def _is_static(parameter: Json) -> bool:
    return "static" in parameter["apply_type"].lower()


def _plan(desired: Json, cluster: Json, parameters: dict[str, Json], owes_restart: bool = False) -> Plan:
    draft = Draft(_values(parameters, [name for name in _names(desired) if name in parameters]))
    if desired["state"] == "synced":
        draft.add(_api.synchronize_parameter_values(cluster["id"]), SYNCHRONIZED, "state")
        return _cluster_plan.ready_for_changes(draft, cluster).plan()
    changes = _changes(desired, parameters)
    static = _static(desired, parameters)
    if changes:
        draft.after.update(changes)
        body = [_change(parameters[name], value) for name, value in changes.items()]
        options = [option for option in ("parameters", "reset") if desired.get(option)]
        draft.add(_api.set_parameter_values(cluster["id"], body), _goal(changes, static), *options)
    if (static or owes_restart) and desired["restart"] == "if_required":
        draft.add(_api.restart_cluster(cluster["id"]), _cluster_plan.RESTARTED, "restart")
    if _states.rest_of(cluster["service_state"]) == _states.UNKNOWN:
        return _after_recovery(draft, cluster)
    return _cluster_plan.ready_for_changes(draft, cluster).plan()


def _after_recovery(draft: Draft, cluster: Json) -> Plan:
    """Return the plan behind a synchronization: the values of a cluster that is UNKNOWN can't be believed."""
    recovery = Step(_api.synchronize_cluster_state(cluster["id"]), (), _cluster_plan.SYNCED, uncertain=True)
    draft.steps.insert(0, recovery)
    return draft.plan()


def _goal(changes: dict[str, str], static: list[str]) -> Goal:
    # Whether a static value shows before the restart is not documented, so that nobody may wait for it.
    dynamic = {name: value for name, value in changes.items() if name not in static}
    return Goal(
        f"the values of {', '.join(changes)}",
        lambda shown: all(same(shown[name], value) for name, value in dynamic.items()),
        visible=bool(dynamic),
        evidence=lambda source, shown: read(source, shown["id"]),
    )


def _changes(desired: Json, parameters: dict[str, Json]) -> dict[str, str]:
    """Return the values to set; raises :class:`InvalidInput` for those that SCP can't or should not take."""
    unknown = [
        *_unknown("parameters", desired.get("parameters", {}), parameters),
        *_unknown("reset", desired.get("reset", []), parameters),
    ]
    if unknown:
        raise InvalidInput(unknown)
    problems: list[Problem] = []
    changes: dict[str, str] = {}
    for name, value in desired.get("parameters", {}).items():
        _judge(parameters[name], value, changes, problems)
    for name in desired.get("reset", []):
        _judge_default(parameters[name], changes, problems)
    if problems:
        raise InvalidInput(problems)
    return changes


def _judge(parameter: Json, declared: Any, changes: dict[str, str], problems: list[Problem]) -> None:
    option = f"parameters.{parameter['name']}"
    value = as_text(declared)
    spelt = spelling(parameter, value)
    if isinstance(declared, (dict, list)):
        problems.append(Problem(option, "must be a text, a number or a boolean", declared))
    elif same(parameter, value):
        return
    elif not parameter["is_modifiable"]:
        problems.append(Problem(option, f"can't be changed; the cluster has {parameter['applied_value']}", value))
    elif spelt is None:
        allowed = f"{parameter['allows_value']} ({parameter['data_type']})"
        problems.append(Problem(option, f"must be one of or within: {allowed}", value))
    else:
        changes[parameter["name"]] = spelt


def _judge_default(parameter: Json, changes: dict[str, str], problems: list[Problem]) -> None:
    option = f"reset: {parameter['name']}"
    default = parameter["default_value"]
    if default is None:
        problems.append(
            Problem(option, "has no default, because SCP shows no default_value; set a value with parameters instead")
        )
        return
    if same(parameter, default):
        return
    if not parameter["is_modifiable"]:
        problems.append(Problem(option, f"can't be changed; the cluster has {parameter['applied_value']}"))
    elif "{" in default:
        # SCP answers 500 when such a template is sent back (facts: section 6).
        rule = f"has a default that SCP computes, {default}; set a value with parameters instead"
        problems.append(Problem(option, rule))
    else:
        changes[parameter["name"]] = default


def _unknown(option: str, names: Any, parameters: dict[str, Json]) -> Iterator[Problem]:
    for name in names:
        if name not in parameters:
            near = get_close_matches(name, parameters, n=3)
            meant = f"; close to it: {', '.join(near)}" if near else ""
            yield Problem(option, f"must be names of parameters that the cluster has{meant}", name)


def _static(desired: Json, parameters: dict[str, Json]) -> list[str]:
    """Return the parameters to change whose values count only after a restart; the word is MySQL's own."""
    if desired["state"] == "synced":
        return []
    return [name for name in _changes(desired, parameters) if _is_static(parameters[name])]


def _change(parameter: Json, value: str) -> dict[str, str]:
    return {"id": parameter["id"], "new_value": value, "old_value": applied(parameter)}


def _values(parameters: dict[str, Json], names: list[str]) -> dict[str, str]:
    return {name: seen(parameters[name], "applied_value") for name in names}


def _tell_way_back(error: ScpError) -> None:
    cluster = error.facts.get("cluster") or {}
    if isinstance(error, OperationFailed) and cluster.get("service_state") == _states.UNKNOWN:
        error.todo = (
            "SCP accepts values that the database then refuses. Run mariadb_cluster with state: synced to bring the "
            "cluster back, correct the value, and run this task again."
        )


def _tell_restart(error: ScpError) -> None:
    """Say that a restart is owed: a later run, which finds the values set, would not know."""
    sent = [operation["operation"] for operation in error.facts.get("operations", [])]
    if "Restart Cluster" in sent or str(error.path).endswith("/restart"):
        error.facts["restart_required"] = True
        error.todo = (
            "The values are set, and some count only after a restart, which this task does not make again: look at the "
            "cluster, and run mariadb_cluster with state: restarted if it was not restarted."
        )
