# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carries out a plan: sends each step, waits for it, and keeps account of what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import _present, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    AnswerLost,
    ApiError,
    Refused,
    ScpError,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Accepted, Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Plan, Step
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import Waiter, Watch, is_passing

# Another operation runs on the cluster, or clusters are being created at the same time: neither harms a later
# attempt (facts: section 3).
BUSY_CODES = ("ExistInprogress", "RbacCreateError")

# Finds the resource of a creation whose answer was lost.
Finder = Callable[[], "Json | None"]
# Plans anew for a cluster as it is after an uncertain step.
Planner = Callable[["Json | None"], Plan]


@dataclass
class Outcome:
    """What a task did or, in check mode, would do; becomes the module's result."""

    changed: bool = False
    operations: list[Json] | None = None
    diff: Json | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def result(self) -> Json:
        told: Json = {"changed": self.changed, **self.values}
        if self.operations is not None:
            told["operations"] = self.operations
        if self.diff is not None:
            told["diff"] = self.diff
        return told


@dataclass(frozen=True)
class Places:
    """Where the waits for a plan's steps are: for those on its own cluster, and for those that name another one."""

    own: Waiter
    others: Waiter

    def of(self, step: Step) -> Waiter:
        return self.others if step.cluster else self.own


def predict(plan: Plan, places: Places, cluster: Json | None) -> Outcome:
    """Return what :meth:`Execution.carry_out` would do, without doing it."""
    values = {"cluster": cluster, "cluster_id": cluster["id"] if cluster else None, "request_id": None}
    return Outcome(plan.changed, [_described(step, places.of(step).http) for step in plan.steps], plan.diff(), values)


def refuse_without_wait(plan: Plan, cluster: Json | None) -> None:
    """Refuse what can't be done without waiting, before anything is sent.

    Operations on one cluster are serialised (facts: section 6), so that a second step has to wait for the first.
    """
    subjects = [(step.cluster or cluster or {}).get("id") for step in plan.steps]
    if len(set(subjects)) < len(subjects):
        told = ", ".join(step.call.operation for step in plan.steps)
        raise Refused(
            f"wait is false, but {len(plan.steps)} operations are needed, one after the other: {told}.",
            todo="Set wait to true, or change fewer options in one task.",
        )
    for step in plan.steps:
        refuse_busy(step.cluster or cluster)


def refuse_busy(cluster: Json | None) -> None:
    """Refuse a cluster on its way, which takes no other operation, where the task may not wait."""
    if cluster and _states.is_transitional(cluster["service_state"]):
        raise Refused(
            f"wait is false, but the cluster {cluster['name']} is {cluster['service_state']} and takes no other "
            "operation meanwhile.",
            todo="Set wait to true, or run the task again later.",
        )


class Execution:
    """One run of a plan against one cluster."""

    def __init__(
        self,
        places: Places,
        cluster: Json | None,
        find_created: Finder | None,
        plan_anew: Planner | None,
        operations: list[Json],
    ) -> None:
        """``operations`` has what the task sent before, and takes what is sent now."""
        self._places = places
        self._cluster = cluster
        self._find_created = find_created
        self._plan_anew = plan_anew
        self._others: dict[str, Json | None] = {}
        self._operations = operations

    def carry_out(self, plan: Plan, wait: bool) -> Outcome:
        """Run all steps in order. On a failure the error's facts tell what was done before it."""
        watch = None
        # Whether another run may have been at work since the plan was made.
        aged = False
        after = plan.after
        steps = list(plan.steps)
        try:
            while steps:
                step = steps.pop(0)
                if aged and self._is_done(step):
                    continue
                watch = self._send(step)
                aged = wait
                if wait:
                    self._keep(step, self._places.of(step).until(watch))
                if wait and step.uncertain and self._plan_anew:
                    rest = self._plan_anew(self._cluster)
                    after, steps, aged = rest.after, list(rest.steps), False
        except ScpError as error:
            account_for(error, self._operations, self._known())
            raise
        addressed = self._cluster["id"] if self._cluster else watch and watch.cluster_id
        values = {
            "cluster": self._cluster,
            "cluster_id": addressed,
            "request_id": watch.request_id if watch else None,
        }
        return Outcome(bool(self._operations), self._operations, replace(plan, after=after).diff(), values)

    def _send(self, step: Step) -> Watch:
        """Send a step and return the watch for its end; a lost answer is looked for, and what was seen then counts."""
        waiter = self._places.of(step)
        sent_at = waiter.now()
        try:
            accepted = self._write(step)
            watch = self._watch(step, accepted)
        except AnswerLost as error:
            watch = self._find_out(step, error)
            watch.since = sent_at
            accepted = Accepted(None, None if self._subject(step) else watch.cluster_id)
        self._operations.append({**_described(step, waiter.http), **self._ids(step, accepted)})
        return watch

    def _is_done(self, step: Step) -> bool:
        """Tell whether another run did a later step meanwhile, by one more look at the cluster.

        The last one was made before that at the request, or belongs to another cluster.
        """
        goal = step.goal
        cluster = None if goal.gone or not goal.visible else self._seen_anew(step)
        if cluster is None:
            return False
        if goal.evidence is None:
            return goal.reached(cluster)
        source = self._places.of(step).http
        return cluster["service_state"] in _states.STABLE and goal.reached(goal.evidence(source, cluster))

    def _seen_anew(self, step: Step) -> Json | None:
        """Return the cluster that a step changes as it is now; None when it can't be read, or is gone.

        Another run that is at work there may be at this very step, so that its end is waited for.
        """
        known, waiter = self._subject(step), self._places.of(step)
        if known is None:
            return None
        try:
            cluster = _present.show(waiter.http, known["id"])
        except ScpError as error:
            if not is_passing(error):
                raise
            return None
        return waiter.rest(cluster) if cluster else None

    def _ids(self, step: Step, accepted: Accepted) -> Json:
        """Return what identifies an operation afterwards: its request, and what it creates."""
        subject = self._subject(step)
        if accepted.resource_id is None or (subject and accepted.resource_id == subject["id"]):
            return {"request_id": accepted.request_id}
        return accepted._asdict()

    def _watch(self, step: Step, accepted: Accepted) -> Watch:
        """Return the watch for what was accepted; a creation whose answer does not name the cluster counts as lost."""
        cluster = self._subject(step)
        cluster_id = cluster["id"] if cluster else accepted.resource_id
        if cluster_id:
            watch = Watch(cluster_id, step.goal, step.call.operation, self._places.of(step).now(), accepted.request_id)
            if cluster:
                watch.cluster, watch.before_state = cluster, cluster["service_state"]
            return watch
        raise AnswerLost(
            f"The answer to {step.call.operation} does not name what was created.",
            now="It was accepted.",
            todo="Run the task again; it goes on from what it then finds.",
            request_id=accepted.request_id,
            method=step.call.method,
            path=step.call.path,
        )

    def _write(self, step: Step) -> Accepted:
        """Send a step. A cluster that is busy with something else is left to the task, which plans anew."""
        try:
            return self._places.of(step).http.write(step.call)
        except ApiError as error:
            if is_busy(error):
                error.now = "Another operation is under way, and SCP runs one at a time on a cluster."
                error.todo = "Run the task again when that has ended, or with wait: true and a larger wait_timeout."
            raise

    def _find_out(self, step: Step, lost: AnswerLost) -> Watch:
        """Return the watch for a write whose answer was lost; raise ``lost`` again where it shows no trace.

        Sending it again could do it twice, so that is left to the next run, which plans from what it then sees.
        """
        cluster, waiter = self._subject(step), self._places.of(step)
        if cluster is None:
            # A creation: only its name can tell.
            found = waiter.finds(self._find_created) if self._find_created else None
            if found is None:
                raise lost
            return Watch(found["id"], step.goal, step.call.operation)
        watch = self._watch(step, Accepted(None, None))
        if not waiter.finds(lambda: waiter.has_begun(watch)):
            raise lost
        return watch

    def _subject(self, step: Step) -> Json | None:
        """Return the cluster that a step changes, as it was last seen."""
        if step.cluster is None:
            return self._cluster
        return self._others.get(step.cluster["id"], step.cluster)

    def _keep(self, step: Step, cluster: Json | None) -> None:
        if step.cluster is None:
            self._cluster = cluster
        else:
            self._others[step.cluster["id"]] = cluster

    def _known(self) -> Json:
        return {"cluster": self._cluster, "cluster_id": self._cluster["id"]} if self._cluster else {}


def is_busy(error: ScpError) -> bool:
    """Tell whether a step was refused because another operation is under way."""
    return str(error.code).endswith(BUSY_CODES)


def account_for(error: ScpError, operations: Sequence[Json], known: Json) -> None:
    """Let a failure tell which operations were sent before it, and what is known besides."""
    if operations:
        sent = ", ".join(operation["operation"] for operation in operations)
        error.now = f"{error.now.replace(NOTHING_CHANGED, '').strip()} Sent so far: {sent}.".strip()
    error.facts = {"changed": bool(operations), "operations": list(operations), **known, **error.facts}


def _described(step: Step, http: Http) -> Json:
    return {**http.completed(step.call).describe(), "options": list(step.options)}
