# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Database parameters of a cluster: compared as the server means them, set by name in one request."""

from __future__ import annotations

import re
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
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, OperationFailed, Problem
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan, Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task

SYNCHRONIZED = Goal("the synchronization of the parameters", lambda cluster: True, visible=False)

TRUE_WORDS = frozenset({"on", "1", "true", "yes"})
FALSE_WORDS = frozenset({"off", "0", "false", "no"})
SIZE = re.compile(r"([+-]?[0-9]+)([kmgt]?)b?", re.IGNORECASE)
FACTORS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
RANGE = re.compile(r"\s*(-?[0-9]+(?:\.[0-9]+)?)\s*(?:-|~|\.\.)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*")


def ensure(task: Task) -> Outcome:
    """Make the parameters what the task declares."""
    desired = _spec.declared(task.params)
    _rules.check(desired, _rules.ADDRESSED, _combination_problems(desired))
    cluster = _cluster.require(task)
    parameters = read(task.http, cluster["id"])
    plan, restart_required = _plan(desired, cluster, parameters)
    try:
        outcome = task.fulfil(plan, cluster)
    except OperationFailed as error:
        raise _with_way_back(error) from None
    del outcome.values["cluster"]
    shown = read(task.http, cluster["id"]) if plan.changed and not task.check_mode else parameters
    outcome.values["parameters"] = _values(shown, _names(desired) or list(shown))
    outcome.values["restart_required"] = restart_required
    return outcome


def read(source: Source, cluster_id: str) -> dict[str, Json]:
    """Return the parameters of a cluster by their names."""
    answer = source.read(_api.list_parameter_values(cluster_id))
    return {parameter["name"]: parameter for parameter in answer["contents"] or []}


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


def _plan(desired: Json, cluster: Json, parameters: dict[str, Json]) -> tuple[Plan, bool]:
    """Return the plan, and whether a restart is needed after it for all values to count."""
    draft = Draft(_values(parameters, [name for name in _names(desired) if name in parameters]))
    if desired["state"] == "synced":
        draft.add(_api.synchronize_parameter_values(cluster["id"]), SYNCHRONIZED, "state")
        return draft.plan(), False
    wanted = _wanted(desired, parameters)
    changes = {name: value for name, value in wanted.items() if not same(parameters[name], value)}
    static = [name for name in changes if needs_restart(parameters[name])]
    if changes:
        draft.after.update(changes)
        body = [_change(parameters[name], value) for name, value in changes.items()]
        # Whether a static value shows before the restart is not documented, so that nobody may wait for it.
        dynamic = {name: value for name, value in changes.items() if name not in static}
        goal = Goal(
            f"the values of {', '.join(changes)}",
            lambda shown: all(same(shown[name], value) for name, value in dynamic.items()),
            visible=bool(dynamic),
            evidence=lambda source: read(source, cluster["id"]),
        )
        draft.add(_api.set_parameter_values(cluster["id"], body), goal, "parameters", "reset")
    restart = bool(static) and desired["restart"] == "if_required"
    if restart:
        draft.add(_api.restart_cluster(cluster["id"]), _cluster_plan.RESTARTED, "restart")
    return _cluster_plan.ready_for_changes(draft, cluster).plan(), bool(static) and not restart


def _wanted(desired: Json, parameters: dict[str, Json]) -> dict[str, str]:
    """Return the declared values as texts; raises :class:`InvalidInput` for those that SCP can't or won't take."""
    declared = {name: as_text(value) for name, value in desired.get("parameters", {}).items()}
    problems = [
        *_unknown("parameters", declared, parameters),
        *_unknown("reset", desired.get("reset", []), parameters),
    ]
    if problems:
        raise InvalidInput(problems)
    defaults = {name: str(parameters[name]["default_value"]) for name in desired.get("reset", [])}
    problems = [
        *(problem for name, value in declared.items() for problem in _value_problems(parameters[name], value)),
        *(problem for name, value in defaults.items() for problem in _reset_problems(parameters[name], value)),
    ]
    if problems:
        raise InvalidInput(problems)
    return {**declared, **defaults}


def _unknown(option: str, names: Any, parameters: dict[str, Json]) -> Iterator[Problem]:
    for name in names:
        if name not in parameters:
            near = get_close_matches(name, parameters, n=3)
            meant = f"; close to it: {', '.join(near)}" if near else ""
            yield Problem(option, f"must be names of parameters that the cluster has{meant}", name)


def _value_problems(parameter: Json, value: str) -> Iterator[Problem]:
    """Yield why a value can't be set. SCP accepts wrong values and then loses the cluster (facts: section 6)."""
    option = f"parameters.{parameter['name']}"
    if same(parameter, value):
        return
    if not is_modifiable(parameter):
        yield Problem(option, f"can't be changed; the cluster has {parameter['applied_value']}", value)
    elif not is_allowed(parameter, value):
        yield Problem(option, f"must be one of or within: {parameter['allows_value']}", value)


def _reset_problems(parameter: Json, default: str) -> Iterator[Problem]:
    option = f"reset: {parameter['name']}"
    if same(parameter, default):
        return
    if not is_modifiable(parameter):
        yield Problem(option, f"can't be changed; the cluster has {parameter['applied_value']}")
    elif "{" in default:
        # SCP answers 500 when such a template is sent back (facts: section 6).
        yield Problem(option, f"has a default that SCP computes, {default}; set a value with parameters instead")


def is_modifiable(parameter: Json) -> bool:
    return str(parameter["is_modifiable"]).lower() == "true"


def needs_restart(parameter: Json) -> bool:
    """Tell whether a change counts only after a restart; SCP documents no words, MySQL's own is static."""
    return "static" in str(parameter["apply_type"]).lower()


def is_allowed(parameter: Json, value: str) -> bool:
    """Tell whether a value is among those that SCP names; a form that is not understood allows everything."""
    if "int" in str(parameter["data_type"]).lower() and not isinstance(as_number(value), int):
        return False
    allowed = str(parameter["allows_value"] or "").strip()
    if not allowed or "{" in allowed:
        return True
    limits = RANGE.fullmatch(allowed)
    if limits:
        number = as_number(value)
        return number is not None and float(limits[1]) <= number <= float(limits[2])
    choices = [choice for choice in re.split(r"[,|]", allowed) if choice.strip()]
    if len(choices) < 2:
        return True
    parts = [value] if len(value.split(",")) == 1 else value.split(",")
    return all(any(canonical(part) == canonical(choice) for choice in choices) for part in parts)


def same(parameter: Json, value: str) -> bool:
    """Tell whether a value is the one that the cluster has, whatever its spelling."""
    return canonical(str(parameter["applied_value"])) == canonical(value)


def canonical(text: str) -> str:
    """Return a value in one spelling: ``ON`` is ``1``, ``128M`` is ``134217728``, case and quotes do not count."""
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
        bare = bare[1:-1].strip()
    lower = bare.lower()
    if lower in TRUE_WORDS:
        return "1"
    if lower in FALSE_WORDS:
        return "0"
    number = as_number(lower)
    if number is not None:
        return f"{number:g}" if number != int(number) else str(int(number))
    return ",".join(part.strip() for part in lower.split(","))


def as_number(text: str) -> float | int | None:
    """Return a number or a size such as ``128M`` in bytes; None for anything else."""
    size = SIZE.fullmatch(text.strip())
    if size:
        return int(size[1]) * FACTORS[size[2].lower()]
    try:
        return float(text)
    except ValueError:
        return None


def as_text(value: Any) -> str:
    """Return a declared value as SCP takes it; YAML's ``true`` is ``ON``."""
    if isinstance(value, bool):
        return "ON" if value else "OFF"
    return str(value)


def _change(parameter: Json, value: str) -> dict[str, str]:
    return {"id": parameter["id"], "new_value": value, "old_value": str(parameter["applied_value"])}


def _values(parameters: dict[str, Json], names: list[str]) -> dict[str, str]:
    return {name: str(parameters[name]["applied_value"]) for name in names}


def _with_way_back(error: OperationFailed) -> OperationFailed:
    cluster = error.facts.get("cluster") or {}
    if cluster.get("service_state") == _states.UNKNOWN:
        error.todo = (
            "SCP accepts values that the database then refuses. Run mariadb_cluster with state: synced to bring the "
            "cluster back, correct the value, and run this task again."
        )
    return error
