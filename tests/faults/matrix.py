# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One cell of the matrix is a scenario with one kind of fault at one call: a run with it, then one without.

Some kinds have the task once more in between, in the run of Ansible that met the fault. What they all owe is measured
against a clean run of the scenario, which is run a second time as well.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from faults.kinds import KINDS, VANISHES, Kind
from faults.scenarios import CANARIES, COMING, GOING, SCENARIOS, Scenario
from faults.world import SECRETS, START, Json, Run, World

ERROR_KEYS = {"status", "code", "detail", "request_id", "method", "path"}
SYNC = "Synchronize Cluster State"
# Names all tags that are to be there, so that a second one does nothing; and it is not refused while another run is
# at work, as an operation on a cluster is.
TWICE = ("Set Tags",)
UNCERTAIN = "Whether it was carried out is not known"
# What differs from one account to the next, or passes with time.
FLEETING = {
    "id",
    "created_at",
    "modified_at",
    "service_ip_address",
    "virtual_ip_address",
}


@dataclass(frozen=True)
class Cell:
    scenario: str
    kind: str
    position: int

    def __str__(self) -> str:
        return f"{self.scenario} | {self.kind} | {self.position}"


@dataclass
class Verdict:
    """``problems`` holds what is wrong by its class: duplicated, harmed, lost, leaked or untold."""

    cell: Cell
    operation: str
    told: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def converged(self) -> bool:
        return not self.problems and not self.told


@dataclass(frozen=True)
class Clean:
    """What a scenario comes to where nothing is in the way; ``again`` is what each further run sends.

    ``rejected`` is why the module did not do it, where it did not.
    """

    calls: list[Any]
    allowed: Counter[str]
    again: Counter[str]
    state: Json
    refused: int
    rejected: str


@cache
def clean(name: str) -> Clean:
    scenario = SCENARIOS[name]
    world = scenario.world()
    first = world.run(scenario.module, scenario.options)
    again = world.run(scenario.module, scenario.options)
    rejected = next((run.crash or str(run.result and run.result["msg"]) for run in (first, again) if run.failed), "")
    if not first.writes and not rejected and not scenario.is_idle and not scenario.is_done:
        raise AssertionError(f"{name} has nothing to do")
    sent, sent_again = accepted(first), accepted(again)
    refused = refusals(first) + refusals(again)
    return Clean(first.calls, sent + sent_again, sent_again, settled(world), refused, rejected)


def cells(names: list[str] | None = None) -> Iterator[Cell]:
    """Every cell of these scenarios, or of all."""
    for name in names or SCENARIOS:
        for kind in kinds_of(name):
            for position in kind.where(clean(name).calls):
                yield Cell(name, kind.name, position)


def kinds_of(name: str) -> list[Kind]:
    """Return the kinds that a scenario meets."""
    scenario = SCENARIOS[name]
    return [
        kind
        for kind in KINDS.values()
        if (kind.of_service or not scenario.narrow) and not (kind.name == VANISHES and scenario.creates_what_is_gone)
    ]


def judge(cell: Cell) -> Verdict:
    """Run a cell and return what it came to."""
    scenario, kind, expected = SCENARIOS[cell.scenario], KINDS[cell.kind], clean(cell.scenario)
    world = scenario.world()
    normal = world.simulation.settings.as_json()
    world.simulation.change_settings({**kind.meanwhile, **kind.always})
    first = world.run(scenario.module, {**scenario.options, **kind.options}, kind.faults(cell.position))
    world.cloud.outcomes.clear()
    again = [world.run(scenario.module, scenario.options, same_run=True)] if kind.same_run else []
    world.simulation.change_settings({**normal, **kind.always})
    last = world.run(scenario.module, scenario.options)
    own = [first, *again, last]
    if kind.stops and last.failed:
        # What another run began may end under the last run only, which it stops then.
        last = world.run(scenario.module, scenario.options)
        own.append(last)
    runs = (*own, *world.rivals)
    verdict = Verdict(cell, str(expected.calls[cell.position].operation))
    found = {
        "leaked": leak(world, *runs),
        "untold": next(filter(None, map(untold, runs)), ""),
        "duplicated": duplicate(world, expected, kind, *runs),
        "harmed": harm(scenario, *runs) or ("" if kind.redone or kind.lasting else afterthought(expected, own)),
    }
    state = settled(world)
    if expected.rejected:
        verdict.told = scenario.may_refuse
        found["lost"] = "" if verdict.told else f"it fails by itself: {expected.rejected}"
    elif last.failed or state != expected.state:
        verdict.told = kind.cautious or (kind.lasting and any(run.failed for run in own))
        if not verdict.told:
            found["lost"] = (
                str(last.result["msg"]) if last.failed and last.result else difference(expected.state, state)
            )
    if kind.resumes and not first.failed and again[0].failed:
        found["lost"] = f"the task again: {again[0].result and again[0].result['msg']}"
    if kind.rivals and not kind.stops and first.failed and not accepted(first) and not expected.rejected:
        found["untold"] = f"another run stopped it: {first.result and first.result['msg']}"
    verdict.problems = {name: text for name, text in found.items() if text}
    return verdict


def harm(scenario: Scenario, *runs: Run) -> str:
    """Return which write was accepted that the scenario forbids."""
    harms = scenario.harms
    if harms is None:
        return ""
    sent = (call for run in runs for call in run.writes if call.status and call.status < 300)
    return next((f"{call.operation}: {call.path} {call.body}" for call in sent if harms(call)), "")


def afterthought(expected: Clean, runs: list[Run]) -> str:
    """Return what a run sent although the one before it had reported success."""
    for before, run in itertools.pairwise(runs):
        more = accepted(run) - expected.again
        if not before.failed and more:
            return f"sent after a success: {', '.join(more.elements())}"
    return ""


def accepted(run: Run) -> Counter[str]:
    return Counter(str(call.operation) for call in run.writes if call.status and call.status < 300)


def refusals(run: Run) -> int:
    """How many writes the service itself refused, of clusters that are there."""
    return sum(call.status is not None and call.status >= 300 and call.status != 404 for call in run.writes)


def duplicate(world: World, expected: Clean, kind: Kind, *runs: Run) -> str:
    """Say what was done more often than once."""
    staying = (cluster for cluster in world.cloud.listed() if cluster.state not in ("TERMINATING", "TERMINATED"))
    names = Counter(cluster.name for cluster in staying)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        return f"more than one cluster {', '.join(twice)}"
    allowed = expected.allowed + Counter(dict.fromkeys(expected.allowed, kind.redone))
    if kind.same_run:
        allowed += expected.again
    if kind.redone:
        allowed[SYNC] += 1
    if kind.rivals:
        allowed += expected.again + Counter(TWICE)
    more = sum(map(accepted, runs), Counter()) - allowed
    if more:
        return f"sent too often: {', '.join(more.elements())}"
    if kind.rivals:
        return ""
    refused = sum(map(refusals, runs)) - expected.refused
    return f"{refused} writes that the service refused" if refused > 0 else ""


def leak(world: World, *runs: Run) -> str:
    """Say which secret is to be read where."""
    if world.strangers:
        return f"a call went to {world.strangers[0]}"
    text = "".join(run.said + run.output + run.crash for run in runs) + world.recorded()
    shown = [secret for secret in (*SECRETS.values(), *CANARIES) if secret in text]
    return f"{', '.join(shown)} in the result" if shown else ""


def untold(run: Run) -> str:
    """Say what a result owes and does not tell."""
    if run.crash:
        return run.crash
    if run.result is None:
        return ""
    if run.failed:
        error = run.result.get("error")
        if not isinstance(error, dict) or set(error) != ERROR_KEYS or not str(run.result["msg"]).endswith("."):
            return f"an incomplete error: {json.dumps(run.result)[:300]}"
    listed = Counter(str(one["operation"]) for one in run.result.get("operations", []))
    sent = accepted(run)
    if bool(run.result.get("changed")) is not bool(listed):
        return f"changed is {run.result.get('changed')}, but the operations are {sorted(listed)}"
    if listed - sent:
        return f"told, but not done: {', '.join(listed - sent)}"
    hidden = sent - listed
    if hidden and not (run.failed and UNCERTAIN in run.result["msg"] and hidden.total() == 1):
        return f"done, but not told: {', '.join(hidden)}"
    return ""


def settled(world: World) -> Json:
    """What is there once everything has ended that is under way, without what tells two worlds apart."""
    world.simulation.clock.advance(3600)
    world.cloud.advance()
    clusters = {cluster.id: cluster for cluster in world.cloud.listed()}
    names = {cluster_id: cluster.name for cluster_id, cluster in clusters.items()}
    return {
        cluster.name: {
            "detail": lasting(cluster.detail, names),
            "archive": cluster.archive,
            "tags": {key: named(value, names) for key, value in cluster.tags.items()},
            "backups": sorted(one.number for one in cluster.backups.taken if one.started_at < START),
            "exports": lasting(list(cluster.log_exports.values()), names),
            "parameters": {
                parameter.definition.name: cluster.applied(parameter)
                for parameter in cluster.parameter_group.parameters
            },
        }
        for cluster in clusters.values()
        if cluster.name not in (COMING, GOING)
    }


def named(value: str | None, names: dict[str, str]) -> str | None:
    """A text with the names of clusters in place of their ids."""
    for cluster_id, name in names.items():
        value = value and value.replace(cluster_id, name)
    return value


def lasting(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: lasting(item, names) for key, item in value.items() if key not in FLEETING}
    if isinstance(value, list):
        return [lasting(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def difference(expected: Any, found: Any, where: str = "") -> str:
    """Say where two states differ first."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*expected, *found}):
            if expected.get(key) != found.get(key):
                return difference(expected.get(key), found.get(key), f"{where}/{key}")
    return f"{where} is {found!r:.200}, not {expected!r:.200}"
