# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task: what every module does around its resource."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timezone
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn, Protocol

from ansible_collections.samsungcloud.scp.plugins.module_utils import _config, _memory, _present, _spec, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import (
    Execution,
    Outcome,
    Outdated,
    Places,
    Planner,
    account_for,
    is_busy,
    key_of,
    may_be_busy,
    predict,
    record_operation,
    refuse_without_wait,
    sent_operation,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Budget, Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    ApiError,
    OperationFailed,
    Refused,
    ScpError,
    Unexpected,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._masking import Mask
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Goal, Plan, Step
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Listener, Progress
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import Waiter, Watch, unknown_state

# So often at most a cluster that has changed since it was read is read and planned for anew.
MOST_DOUBTS = 3
# The operation is not possible in the state that the cluster is in (facts: section 3).
STATE_CODE = "InvalidServiceState"
# For so many seconds a refusal that gives no reason is taken for that of a busy cluster: third parties have seen a new
# cluster answer 400 and 409 for minutes after it was RUNNING (facts: section 13).
BUSY_SECONDS = 600.0
# What a cluster in these states is doing already: a server that starts counts as restarted.
IN_PROGRESS = {"Restart Cluster": ("RESTARTING", "STARTING")}

# Makes a configuration of a task's options, the environment and the home folder.
Loader = Callable[[Mapping[str, Any], Mapping[str, str], Path], _config.Config]


class Shell(Protocol):
    """What a task needs of the module that runs it; an ``AnsibleModule`` has it all."""

    check_mode: bool
    no_log_values: set[str]

    @property
    def argument_spec(self) -> Mapping[str, Any]: ...

    @property
    def given(self) -> Mapping[str, Any]:
        """The options that are given, before Ansible converted them."""

    @property
    def params(self) -> Mapping[str, Any]: ...

    def warn(self, warning: str) -> None: ...

    def exit_json(self, **result: Any) -> NoReturn: ...

    def fail_json(self, msg: str, **result: Any) -> NoReturn: ...


class Task:
    """The options of one task and the means to fulfil them."""

    def __init__(
        self,
        params: Mapping[str, Any],
        check_mode: bool,
        http: Http,
        clock: Clock | None = None,
        tell: Listener | None = None,
        warn: Callable[[str], None] | None = None,
        connect: Callable[[Loader], Http] | None = None,
    ) -> None:
        self._clock = clock or Clock()
        self._connect_by = connect
        self._warned: set[str] = set()
        self._warn = warn or (lambda message: None)
        self.params = params
        self.check_mode = check_mode
        self.http = http
        self.waiter = Waiter(http, Budget(params.get("wait_timeout", 0), self._clock), self._clock, tell)
        # The states in which the task came upon clusters, by their ids.
        self._found: dict[str, set[str]] = {}
        # Operations on clusters that an earlier run of the task, or an earlier plan of this one, has sent.
        self._continued: set[str] = set()
        # Those that were done for this task, and that each further run would do again.
        self._repeated: list[str] = []
        self._doubts = MOST_DOUBTS
        # Since when the service refuses without giving a reason.
        self._refused_since: float | None = None
        # What results and failures tell of the cluster that was changed.
        self._known: Json = {}
        self._operations: list[Json] = []
        # The state before the first of them, where they were sent for several plans.
        self._before: Json | None = None

    @property
    def operations(self) -> list[Json]:
        """The operations that were sent so far, for whoever sends one to add it."""
        return self._operations

    @cached_property
    def resource_manager(self) -> Http:
        """The conversation with the Resource Manager API, which begins when it is needed.

        Raises :class:`ConfigurationError` where the region of the clusters is not known.
        """
        return self._connect(_config.load_resource_manager)

    @cached_property
    def other_region(self) -> Http:
        """The conversation with the region of the option ``other_region``.

        Raises :class:`InvalidInput` where that is no other region.
        """
        return self._connect(_config.load_other_region)

    def _connect(self, load: Loader) -> Http:
        if self._connect_by is None:
            raise AssertionError("whoever makes a task that talks to another endpoint says how to get there")
        return self._connect_by(load)

    def warn(self, message: str) -> None:
        """Warn once, however often the task plans anew."""
        if message not in self._warned:
            self._warned.add(message)
            self._warn(message)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.epoch_ms() / 1000, tz=timezone.utc)

    def rest(self, cluster: Json, at: Http | None = None) -> Json | None:
        """Return the cluster, after the operation that is under way on it where the task may wait for that.

        ``at`` is where it is, if that is another endpoint than the task's.
        """
        state = cluster["service_state"]
        self._found.setdefault(cluster["id"], set()).add(state)
        if not _states.is_known(state):
            raise unknown_state(cluster)
        if not self.params["wait"] or self.check_mode:
            return cluster
        try:
            return self.waiter.at(at or self.http).rest(cluster)
        except ScpError as error:
            account_for(error, self._operations, {})
            raise

    def found(self, cluster: Json, *states: str) -> bool:
        """Tell whether the task came upon the cluster in one of the states."""
        return not self._found.get(cluster["id"], set()).isdisjoint(states)

    def fulfil(
        self,
        plan: Plan,
        cluster: Json | None,
        plan_anew: Planner | None = None,
        others_at: Http | None = None,
    ) -> Outcome:
        """Carry out a plan for a cluster; in check mode only tell what that would do.

        ``plan_anew`` is for plans with steps behind an uncertain one.
        ``others_at`` is where the clusters are that steps name, if that is another endpoint than the task's.
        """
        places = Places(self.waiter, self.waiter.at(others_at or self.http))
        wait = self.params["wait"]
        plan = self._without_continued(plan, places, cluster)
        if not wait:
            refuse_without_wait(plan, cluster)
        if self.check_mode:
            return predict(plan, places, cluster)
        subjects = [(places.of(step).http, subject) for step in plan.steps if (subject := step.cluster or cluster)]
        if self._have_moved(subjects):
            raise Outdated
        if self._before is not None:
            plan = replace(plan, before=self._before)
        sent = len(self._operations)
        execution = Execution(places, cluster, plan_anew, self._operations)
        try:
            outcome = execution.carry_out(plan, wait)
        except ApiError as refusal:
            if wait and self._is_of_old_plan(refusal, subjects, is_first=len(self._operations) == sent):
                raise Outdated(refusal) from None
            raise
        finally:
            self._before = plan.before if self._operations else None
            self._continued.update(execution.repeated)
            self._repeated += execution.repeated.values()
            self._known = execution.known()
        self._known = outcome.values
        return outcome

    def complete(self, resource: Callable[[Task], Outcome]) -> Outcome:
        """Return the resource's outcome, planned again as long as what it was planned from proves old.

        A wait can end with the budget, so that there is one more plan after it.
        """
        refusal = None
        for _pause in chain(self.waiter.pauses(), [None]):
            try:
                return resource(self)
            except Outdated as outdated:
                refusal = outdated.refusal
            except ScpError as error:
                raise self._accounted(error) from None
            except Exception as error:
                raise self._accounted(Unexpected(error)) from error
        raise self._accounted(
            refusal
            or Refused(
                "The cluster went on changing while the task was looking at it.", todo="Run the task again later."
            )
        )

    def _without_continued(self, plan: Plan, places: Places, cluster: Json | None) -> Plan:
        """Return the plan without the steps that an earlier run of the task has sent, once those have ended.

        That is about steps that each run would repeat, and only where nothing is to be changed before them.
        Raises :class:`Outdated` after it has waited for one.
        """
        steps: list[Step] = []
        for step in plan.steps:
            subject = step.cluster or cluster
            is_first = all((other.cluster or cluster) != subject for other in steps)
            if not (subject and is_first and step.goal.repeats and self._is_continued(step, places.of(step), subject)):
                steps.append(step)
        return replace(plan, steps=tuple(steps), after=plan.after if steps else plan.before)

    def _is_continued(self, step: Step, waiter: Waiter, subject: Json) -> bool:
        """Tell whether an operation was sent by an earlier run of the task; wait for its end where the task may."""
        key = key_of(step)
        sent = sent_operation(waiter.http, step)
        may_wait = self.params["wait"] and not self.check_mode
        # What was under way before the task changed anything is of before that change.
        was_under_way = not self._operations and self.found(subject, *IN_PROGRESS.get(step.call.operation, ()))
        if key in self._continued or was_under_way:
            # The task has waited for it already.
            if sent and may_wait:
                record_operation(waiter.http, step, None)
            return True
        if sent is None or not (sent["awaited"] or waiter.is_going_on(sent["request_id"], subject)):
            return False
        self._continued.add(key)
        self.warn(
            f"{step.call.operation} of cluster {subject['name']} was sent before in this run (request "
            f"{sent['request_id'] or 'unknown'}), and its end was not seen; it is not sent again."
        )
        if may_wait:
            self._end_continued(step, waiter, subject, sent["request_id"])
        return True

    def _end_continued(self, step: Step, waiter: Waiter, subject: Json, request_id: str | None) -> None:
        """Wait for the end of an operation; raises :class:`Outdated` after it."""
        goal = Goal(step.goal.what, lambda cluster: True, visible=False, repeats=True)
        state = subject["service_state"]
        watch = Watch(subject["id"], goal, step.call.operation, None, request_id, state, cluster=subject)
        try:
            waiter.until(watch)
        except OperationFailed:
            record_operation(waiter.http, step, None)
            raise
        record_operation(waiter.http, step, None)
        raise Outdated

    def _have_moved(self, subjects: Iterable[tuple[Http, Json]]) -> bool:
        """Read once more what is to be changed; the first reading can be that of before another run's write.

        A cluster that changes at every look is no old reading, so that there is an end to the doubts.
        """
        once = {subject["id"]: (http, subject) for http, subject in subjects}
        moved = (_present.show(http, subject["id"]) != subject for http, subject in once.values())
        if self._doubts == 0 or not any(moved):
            return False
        self._doubts -= 1
        return True

    def _is_of_old_plan(self, refusal: ApiError, subjects: Iterable[tuple[Http, Json]], is_first: bool) -> bool:
        """Tell whether a plan failed because another run is at work, or was when it was made.

        A busy cluster may be busy with the very step. Any other refusal tells that only of the first step.
        """
        if not is_first:
            self._refused_since = None
        if is_busy(refusal) or (may_be_busy(refusal) and self._is_patient(refusal)):
            return True
        if refusal.method == "GET" or not is_first or refusal.status not in (400, 404):
            return False
        with suppress(ScpError):
            if str(refusal.code).endswith(STATE_CODE):
                # No step is planned for a state that does not allow it; right after another's write the old one shows.
                return bool(self.waiter.finds(lambda: self._have_moved(subjects)))
            return self._have_moved(subjects)
        return False

    def _is_patient(self, refusal: ApiError) -> bool:
        """Tell whether to send again what was refused without a reason, because the cluster may be busy."""
        now = self.waiter.now()
        if self._refused_since is None:
            self._refused_since = now
            self.warn(
                f"{refusal.what} SCP gives no reason that is known; it is asked again for up to {BUSY_SECONDS:.0f} "
                "seconds, because a cluster can refuse operations for some minutes after it was created."
            )
        return now - self._refused_since < BUSY_SECONDS

    def _accounted(self, error: ScpError) -> ScpError:
        """Return a failure that tells what was done before it."""
        if self._repeated:
            done = ", ".join(self._repeated)
            error.todo = f"{error.todo} But leave out what is done, which it would do again: {done}.".strip()
        if self._operations and "operations" not in error.facts:
            account_for(error, self._operations, self._known)
        return error


def connect_alone(config: _config.Config, warn: Callable[[str], None]) -> Http:
    """Return the conversation of a task that has a process of its own."""
    return Http(config, warn=warn, endpoint=_memory.endpoint_at(config.endpoint, config.access_key))


def run(
    shell: Shell,
    resource: Callable[[Task], Outcome],
    connect: Callable[..., Http] = connect_alone,
    tell: Listener | None = None,
) -> NoReturn:
    """Do a module's work and end it with a result or a failure.

    ``connect`` makes the conversation out of a configuration, ``tell`` hears of the waits meanwhile.
    """

    def masked() -> Mask:
        # Ansible has gathered those of the options by now.
        return Mask(shell.no_log_values)

    def warn(message: str) -> None:
        shell.warn(masked()(message))

    def connect_to(config: _config.Config) -> Http:
        shell.no_log_values.update(config.secrets())
        http = connect(config, warn=warn)
        http.hide(shell.no_log_values)
        return http

    def hear(progress: Progress) -> None:
        if tell:
            tell(replace(progress, **masked().values(vars(progress))))

    try:
        shell.no_log_values.update(_config.hidden(shell.params))
        _spec.check(shell.argument_spec, shell.given)
        params = _spec.complete(shell.argument_spec, shell.params)
        config = _config.load(params, os.environ, Path.home())
        for warning in config.warnings:
            warn(warning)

        def connect_elsewhere(load: Loader) -> Http:
            return connect_to(load(params, os.environ, Path.home()))

        task = Task(params, shell.check_mode, connect_to(config), None, tell and hear, warn, connect_elsewhere)
        outcome = task.complete(resource)
    except ScpError as error:
        shell.fail_json(**masked().values(error.result()))
    shell.exit_json(**masked().values(outcome.result()))


def main(module: type, spec: _spec.Spec, conditions: _spec.Spec, resource: Callable[[Task], Outcome]) -> NoReturn:
    """Do the work of a module that has a process of its own; ``module`` is ``AnsibleModule``."""

    class Module(_spec.Given, module):  # type: ignore[misc]
        """The module, with the options that are given."""

    run(Module(argument_spec=spec, supports_check_mode=True, **conditions), resource)
