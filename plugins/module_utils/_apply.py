# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carries out a plan: sends each step, waits for it, and keeps account of what was done."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import _present, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import seen
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    AnswerLost,
    ApiError,
    NotReached,
    OperationFailed,
    Refused,
    ScpError,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Accepted, Http, is_passing
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Plan, Step
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import Waiter, Watch, only_if_not_done

# Another operation runs on the cluster, or clusters are being created at the same time: neither harms a later
# attempt (facts: section 3).
BUSY_CODES = ("ExistInprogress", "RbacCreateError")

# What a refusal says that each later attempt would meet again.
FINAL_WORDS = re.compile(r"value_error|field required|duplicat|already", re.IGNORECASE)

# The records of operations that were sent and whose end no task of this run has seen, by their paths.
OPERATIONS = "operations"

# What says whose cluster it is that a step is about to change.
IDENTITY = ("name", "role_type", "origin_cluster_id")

# Plans anew for a cluster as it is after an uncertain step.
Planner = Callable[["Json | None"], Plan]


class Outdated(Exception):
    """What a plan was made from is not the present any more, so that a new plan has to be made."""

    def __init__(self, refusal: ApiError | None = None) -> None:
        super().__init__()
        self.refusal = refusal


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
    """Where the waits for a plan's steps are: for those on its own cluster, and for those that name another one.

    The clusters that a step creates are where the others are.
    """

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
        plan_anew: Planner | None,
        operations: list[Json],
    ) -> None:
        """``operations`` has what the task sent before, and takes what is sent now."""
        self._places = places
        self._cluster = cluster
        self._plan_anew = plan_anew
        self._others: dict[str, Json | None] = {}
        self._operations = operations
        # What is done, by its key, and would be done once more by another run of the task.
        self.repeated: dict[str, str] = {}

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
                watch = self._send(step, wait)
                aged = wait
                if wait:
                    self._keep(step, self._end_of(step, watch))
                if wait and step.uncertain and self._plan_anew:
                    rest = self._plan_anew(self._cluster)
                    after, steps, aged = rest.after, list(rest.steps), False
        except ScpError as error:
            account_for(error, self._operations, self.known())
            raise
        addressed = self._cluster["id"] if self._cluster else watch and watch.cluster_id
        values = {
            "cluster": self._cluster,
            "cluster_id": addressed,
            "request_id": watch.request_id if watch else None,
        }
        return Outcome(bool(self._operations), self._operations, replace(plan, after=after).diff(), values)

    def _send(self, step: Step, wait: bool) -> Watch:
        """Send a step and return the watch for its end; a lost answer is looked for, and what was seen then counts."""
        waiter = self._places.of(step)
        self._record_creation(step)
        sent_at = waiter.now()
        try:
            accepted = self._write(step)
            watch = self._watch(step, accepted)
        except (ApiError, NotReached):
            for name in step.creates:
                _present.forget_creation(self._places.others.http, name)
            raise
        except AnswerLost as error:
            # From now on the list can be late.
            for name in step.creates:
                _present.record_creation(self._places.others.http, name)
            watch = self._find_out(step, error)
            watch.since = sent_at
            accepted = Accepted(None, None if self._subject(step) else watch.cluster_id)
        self._operations.append({**_described(step, waiter.http), **self._ids(step, accepted)})
        self._record(step, watch, wait)
        return watch

    def _record_creation(self, step: Step) -> None:
        """Look for what a step creates for the last time, and record that it is sent: the list can be late."""
        self._refuse_created(step)
        for name in step.creates:
            _present.record_creation(self._places.others.http, name)

    def _refuse_again(self, step: Step) -> None:
        """Do so before a creation that was not carried out is sent once more, whose own record says nothing then."""
        for name in step.creates:
            _present.forget_creation(self._places.others.http, name)
        try:
            self._record_creation(step)
        except AnswerLost:
            # That of a look, and not that of the creation.
            raise Outdated from None

    def _refuse_created(self, step: Step) -> None:
        """Raise :class:`Outdated` where another run has created what a step creates, while this one was waiting."""
        http = self._places.others.http
        if any(_present.find(http, None, name) for name in step.creates):
            raise Outdated

    def _record(self, step: Step, watch: Watch, wait: bool) -> None:
        """Record what the other tasks of this run have to know of a step that was accepted."""
        subject = self._subject(step)
        if len(step.creates) == 1 and subject is None:
            _present.record_creation(self._places.others.http, step.creates[0], watch.cluster_id)
        if subject and step.goal.gone:
            _present.forget_creation(self._places.of(step).http, subject["name"])
        if subject and step.goal.repeats:
            entry = {"request_id": watch.request_id, "awaited": wait}
            record_operation(self._places.of(step).http, step, entry)

    def _end_of(self, step: Step, watch: Watch) -> Json | None:
        """Wait for the end of a step. Until it is seen, a later task of this run continues with that."""
        http, subject = self._places.of(step).http, self._subject(step)
        try:
            cluster = self._places.of(step).until(watch)
        except OperationFailed:
            if subject and step.goal.repeats:
                record_operation(http, step, None)
            raise
        if subject and step.goal.repeats:
            record_operation(http, step, None)
            self.repeated[key_of(step)] = f"{step.call.operation} of {subject['name']}"
        return cluster

    def _is_done(self, step: Step) -> bool:
        """Tell whether another run did a later step meanwhile, by one more look at the cluster.

        The last one was made before that at the request, or belongs to another cluster.
        Raises :class:`Outdated` where it has become another one, as a replica does that is promoted.
        """
        goal, known = step.goal, self._subject(step)
        shows_goal = goal.visible and not goal.gone
        cluster = self._seen_anew(step) if step.cluster or shows_goal else None
        if known and cluster and any(seen(cluster, key) != seen(known, key) for key in IDENTITY):
            raise Outdated
        if cluster is None or not shows_goal:
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
            return self._places.of(step).http.write(step.call, lambda: self._refuse_again(step))
        except ApiError as error:
            if is_busy(error):
                error.now = "Another operation is under way, and SCP runs one at a time on a cluster."
                error.todo = "Run the task again when that has ended, or with wait: true and a larger wait_timeout."
            raise

    def _find_out(self, step: Step, lost: AnswerLost) -> Watch:
        """Return the watch for a write whose answer was lost; raise ``lost`` again where it shows no trace.

        Sending it again could do it twice, so that is left to the next run, which plans from what it then sees.
        """
        watch = self._find_created(step) if step.creates else self._find_begun(step)
        if watch is None:
            lost.todo = _advice(step) or lost.todo
            raise lost
        return watch

    def _find_begun(self, step: Step) -> Watch | None:
        waiter = self._places.of(step)
        watch = self._watch(step, Accepted(None, None))
        return watch if waiter.finds(lambda: waiter.has_begun(watch)) else None

    def _find_created(self, step: Step) -> Watch | None:
        """Return the watch for a creation, once its origin or one of its clusters shows a trace of it."""
        waiter, others = self._places.of(step), self._places.others
        origin = self._subject(step)
        watch = self._watch(step, Accepted(None, None)) if origin else None

        def trace() -> Json | None:
            if watch and waiter.has_begun(watch):
                return origin
            found = (_present.find_once(others.http, name) for name in step.creates)
            return next(filter(None, found), None)

        found = others.finds(trace, _present.LAG_SECONDS)
        if found is None:
            return None
        return watch or Watch(found["id"], step.goal, step.call.operation)

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

    def known(self) -> Json:
        return {"cluster": self._cluster, "cluster_id": self._cluster["id"]} if self._cluster else {}


def sent_operation(http: Http, step: Step) -> Json | None:
    """Return the record of an operation whose end no task of this run has seen; None where there is none."""
    return http.records.of(OPERATIONS).get(key_of(step))


def record_operation(http: Http, step: Step, entry: Json | None) -> None:
    """Record an operation of which no end was seen yet; None removes it."""
    http.records.put(OPERATIONS, key_of(step), entry)


def key_of(step: Step) -> str:
    """Return what tells an operation from others: its path names the cluster, and the log of an export."""
    return f"{step.call.method} {step.call.path}"


def _advice(step: Step) -> str:
    """Say what to do after an answer was lost, where running the task again could do something twice."""
    if step.creates:
        return (
            f"SCP can list a new cluster late: wait {_present.LAG_SECONDS:.0f} seconds and look for "
            f"{', '.join(step.creates)} with mariadb_cluster_info or in the console. Then run the task again, which "
            "continues with what is there."
        )
    if step.goal.repeats:
        return only_if_not_done(step.call.operation)
    return ""


def is_busy(error: ScpError) -> bool:
    """Tell whether a step was refused because another operation is under way."""
    return str(error.code).endswith(BUSY_CODES)


def may_be_busy(error: ApiError) -> bool:
    """Tell whether the service refused a step in a way that says nothing against a later attempt.

    A synchronization is also answered 409 where nothing is to do (facts: section 3).
    """
    gives_no_reason = error.status == 400 and error.code is None
    is_conflict = error.status == 409 and "/sync" not in str(error.path)
    is_about_the_body = FINAL_WORDS.search(f"{error.code} {error.detail}") is not None
    is_write_of_service = error.method != "GET" and error.from_service
    return is_write_of_service and (is_conflict or gives_no_reason) and not is_about_the_body


def account_for(error: ScpError, operations: Sequence[Json], known: Json) -> None:
    """Let a failure tell which operations were sent before it, and what is known besides."""
    if operations:
        sent = ", ".join(operation["operation"] for operation in operations)
        error.now = f"{error.now.replace(NOTHING_CHANGED, '').strip()} Sent so far: {sent}.".strip()
    error.facts = {"changed": bool(operations), "operations": list(operations), **known, **error.facts}


def _described(step: Step, http: Http) -> Json:
    return {**http.completed(step.call).describe(), "options": list(step.options)}
