# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one waiter: watches a cluster, and the request that moves it, until a goal is reached.

Neither witness is enough alone (facts: section 4). The request's state words are undocumented, and right after a
write was accepted the cluster can still show its old state. So done means: the cluster is stable, what was asked for
is visible, and for what can't be seen the cluster has moved, its request has ended, or nothing has moved for long.
How long it pauses between two looks is in ``_pace``, what it tells meanwhile in ``_progress``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _pace, _present, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import seen
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Budget, Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    NotUnderstood,
    OperationFailed,
    ScpError,
    WaitTimeout,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http, is_passing
from ansible_collections.samsungcloud.scp.plugins.module_utils._pace import Pace
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Goal
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Listener, Progress, Teller

# For so many seconds a cluster in rest may still be a stale read. After that, what can't be seen counts as done, and
# what should be seen while its request has ended counts as failed.
SETTLE_SECONDS = 60.0
# For so many seconds a write whose answer was lost is looked for.
TRACE_SECONDS = 20.0

REST = Goal("the end of the operation under way", lambda cluster: True)
END = Goal("the end of the termination", lambda cluster: False, gone=True)

Found = TypeVar("Found")


@dataclass
class Unread:
    """For how long answers are not understood: for a moment they can be odd, as right after a write."""

    since: float | None = None

    def has_stayed(self, now: float) -> bool:
        self.since = now if self.since is None else self.since
        return now - self.since >= SETTLE_SECONDS


@dataclass
class Watch:
    """One wait: where it began and what it has seen so far.

    ``operation`` is the title of what it waits for. ``since`` is when that began, on the monotonic clock; None where
    somebody else began it. That is not read from a cluster's ``created_at``, which is of another clock and may lack a
    zone: it would save looks only, and cost accuracy where it is wrong.
    """

    cluster_id: str
    goal: Goal
    operation: str
    since: float | None = None
    request_id: str | None = None
    before_state: str | None = None
    request_state: str | None = None
    cluster: Json | None = None
    moved: bool = False
    still_since: float | None = None
    unread: Unread = field(default_factory=Unread)

    @property
    def service_state(self) -> str:
        return self.cluster["service_state"] if self.cluster else "not visible"

    @property
    def pace(self) -> Pace:
        return _pace.unknown if self.since is None else _pace.of(self.operation)

    @property
    def progress(self) -> Progress:
        return Progress(self.operation, self.name, self.cluster_id, self.service_state, self.request_id)

    @property
    def name(self) -> str | None:
        return seen(self.cluster, "name") if self.cluster else None

    def __str__(self) -> str:
        cluster = f"cluster {self.name} ({self.cluster_id})" if self.name else f"cluster {self.cluster_id}"
        request = f", request {self.request_id} is {self.request_state or 'unread'}" if self.request_id else ""
        return f"{cluster} is {self.service_state}{request}"


class Waiter:
    """Waits within one budget, which all the waits of a task share, and tells ``tell`` of it."""

    def __init__(self, http: Http, budget: Budget, clock: Clock, tell: Listener | None = None) -> None:
        self.http = http
        self._budget = budget
        self._clock = clock
        self._tell = tell

    def at(self, http: Http) -> Waiter:
        """Return a waiter at another endpoint, within the same budget."""
        return Waiter(http, self._budget, self._clock, self._tell)

    def until(self, watch: Watch) -> Json | None:
        """Return the cluster once the goal is reached; None when the goal was its end.

        Raises :class:`OperationFailed` as soon as the API shows a failure, and :class:`WaitTimeout` when the
        budget is spent. A read that fails is no failure of the operation, and the wait goes on.
        """
        try:
            return self._until(watch)
        except ScpError as error:
            if watch.goal.repeats and isinstance(error, NotUnderstood):
                error.todo = _advice(watch)
            error.facts.update(cluster_id=watch.cluster_id, request_id=watch.request_id)
            if watch.cluster:
                error.facts["cluster"] = watch.cluster
            raise

    def rest(self, cluster: Json) -> Json | None:
        """Return the cluster after the operation that is already under way on it; None when that ended it."""
        state = cluster["service_state"]
        if not _states.is_transitional(state):
            return cluster
        goal = END if state == _states.TERMINATING else REST
        return self.until(Watch(cluster["id"], goal, _operation_on(cluster), cluster=cluster))

    def finds(self, probe: Callable[[], Found | None], seconds: float = TRACE_SECONDS) -> Found | None:
        """Return the first thing that ``probe`` finds within so many seconds; None when it finds nothing."""
        budget = Budget(min(seconds, self._budget.left()), self._clock)
        unread = Unread()
        for _pause in self._pauses(budget, _pace.unknown):
            try:
                found = probe()
            except NotUnderstood:
                if unread.has_stayed(self.now()):
                    raise
                continue
            except ScpError as error:
                if not is_passing(error):
                    raise
                continue
            unread = Unread()
            if found:
                return found
        return None

    def has_begun(self, watch: Watch) -> bool:
        """Tell whether the cluster shows a trace of the operation that the watch is for."""
        if not self._look(watch):
            return False
        if watch.cluster is None or watch.moved:
            return True
        return watch.goal.visible and self._shows_goal(watch)

    def is_going_on(self, request_id: str | None, cluster: Json) -> bool:
        """Tell whether an operation on a cluster has not ended, by its request and else by the cluster's state."""
        watch = Watch(cluster["id"], REST, "", request_id=request_id)
        self._ask_request(watch)
        if _states.request_failed(watch.request_state) or _states.request_done(watch.request_state):
            return False
        return watch.request_state is not None or _states.is_transitional(cluster["service_state"])

    def now(self) -> float:
        """Return the seconds of the monotonic clock."""
        return self._clock.monotonic()

    def pauses(self) -> Iterator[None]:
        """Yield at once, and then after pauses of growing length until the budget is spent."""
        return self._pauses(self._budget, _pace.unknown)

    def teller(self, since: float | None = None) -> Teller:
        """Return what tells of one wait, for an operation that began at ``since``."""
        return Teller(self._tell, self._budget, self._clock, since)

    def _pauses(self, budget: Budget, pace: Pace, since: float | None = None) -> Iterator[None]:
        """Pause as the pace says for an operation that began at ``since``; else only the pauses themselves count."""
        paused = 0.0
        yield
        while budget.left() > 0:
            elapsed = paused if since is None else self.now() - since
            pause = min(pace(elapsed, self._clock), budget.left())
            self._clock.sleep(pause)
            paused += pause
            yield

    def _until(self, watch: Watch) -> Json | None:
        teller = self.teller(watch.since)
        for _pause in self._pauses(self._budget, watch.pace, watch.since):
            if self._is_over(watch):
                return watch.cluster
            teller.see(watch.progress)
        raise WaitTimeout(
            f"Waited {self._budget.seconds:g} seconds (wait_timeout) for {watch.goal.what}.",
            now=f"The {watch}; the operation goes on in the cloud.",
            todo=_advice(watch),
        )

    def _is_over(self, watch: Watch) -> bool:
        """Look, and judge; an answer that stays in a form that is not understood ends the wait."""
        try:
            reached = self._look(watch) and self._reached(watch)
        except NotUnderstood:
            if watch.unread.has_stayed(self.now()):
                raise
            return False
        watch.unread = Unread()
        return reached

    def _look(self, watch: Watch) -> bool:
        """Read the cluster; False when it could not be read this time."""
        try:
            cluster = _present.show_once(self.http, watch.cluster_id, watch.name)
        except ScpError as error:
            if is_passing(error):
                return False
            raise
        if cluster is None:
            return self._vanished(watch)
        watch.cluster = cluster
        # Where the state before is not known there is no old state to mistake for the new one.
        watch.moved = watch.moved or watch.service_state != watch.before_state
        return True

    def _vanished(self, watch: Watch) -> bool:
        """Judge a cluster that is not there: as was asked for, not there yet after a creation, or lost."""
        if watch.goal.gone:
            watch.cluster = None
            return True
        if watch.cluster is None:
            if self._has_stayed(watch):
                raise self._never_there(watch)
            return False
        raise OperationFailed(
            f"The cluster {watch.cluster_id} vanished while the task was waiting for {watch.goal.what}.",
            now=f"SCP does not know it any more; it was {watch.service_state} before.",
            todo="Somebody may have terminated it: check before running the task again, which may create it anew.",
            status=404,
            request_id=watch.request_id,
        )

    def _never_there(self, watch: Watch) -> OperationFailed:
        return OperationFailed(
            f"SCP does not know the cluster {watch.cluster_id}, which the answer to {watch.operation} names "
            "(resource.id).",
            now="It was accepted, and the cluster may be there under another ID.",
            todo="Look in the console. Run the task again, which continues with the cluster of the name, when it is "
            "listed, or when it is certain that there is none.",
            status=404,
            request_id=watch.request_id,
        )

    def _reached(self, watch: Watch) -> bool:
        if watch.cluster is None:
            return watch.goal.gone
        state = watch.service_state
        if state in _states.BROKEN and watch.moved:
            raise self._broken(watch)
        if not _states.is_known(state):
            return self._has_known_end(watch, watch.cluster)
        shown = self._shows_goal(watch)
        if _states.is_transitional(state):
            watch.still_since = None
            return False
        return self._reached_in_rest(watch, shown)

    def _has_known_end(self, watch: Watch, cluster: Json) -> bool:
        """Wait for a state that is known as long as the request goes on, or for what an old reading may last."""
        self._ask_request(watch)
        if _states.request_failed(watch.request_state):
            raise self._failed(watch)
        is_over = watch.request_state is None or _states.request_done(watch.request_state)
        if is_over and self._has_stayed(watch):
            failure = unknown_state(cluster)
            if watch.goal.repeats:
                failure.todo = _advice(watch)
            raise failure
        return False

    def _reached_in_rest(self, watch: Watch, shown: bool) -> bool:
        """Judge a cluster that is stable, or still in the broken state that it was in before."""
        # What the detail shows is settled; what only another read shows may be there before the operation has ended.
        if shown and (watch.moved or (watch.goal.visible and watch.goal.evidence is None)):
            return True
        self._ask_request(watch)
        if _states.request_failed(watch.request_state):
            raise self._failed(watch)
        done = _states.request_done(watch.request_state)
        return self._settled(watch, shown, done)

    def _shows_goal(self, watch: Watch) -> bool:
        """Tell whether a cluster in rest shows what was asked for."""
        goal = watch.goal
        in_rest = watch.service_state in _states.STABLE
        if goal.gone or not (in_rest or goal.alarm):
            return False
        evidence = self._evidence(watch)
        if evidence is None:
            return False
        if goal.alarm:
            goal.alarm(evidence)
        return in_rest and goal.reached(evidence)

    def _evidence(self, watch: Watch) -> Json | None:
        """Return what shows whether the goal is reached; None when that could not be read this time."""
        if watch.cluster is None or watch.goal.evidence is None:
            return watch.cluster
        try:
            return watch.goal.evidence(self.http, watch.cluster)
        except ScpError as error:
            if is_passing(error):
                return None
            raise

    def _settled(self, watch: Watch, shown: bool, done: bool) -> bool:
        """Judge a cluster in rest whose request has not failed: stale, done unseen, or silently not done."""
        patience_ended = self._has_stayed(watch)
        if shown:
            return done or patience_ended
        if done and patience_ended:
            raise OperationFailed(
                f"SCP says that request {watch.request_id} ended, but the cluster does not show {watch.goal.what}.",
                now=f"The {watch}.",
                todo=only_if_not_done(watch.operation)
                if watch.goal.repeats
                else "Look at the cluster in the console, then run the task again.",
                request_id=watch.request_id,
            )
        return False

    def _has_stayed(self, watch: Watch) -> bool:
        """Tell whether the cluster has been as it is for so long that this is no old reading."""
        now = self._clock.monotonic()
        if watch.still_since is None:
            watch.still_since = now
        return now - watch.still_since >= SETTLE_SECONDS

    def _ask_request(self, watch: Watch) -> None:
        if not watch.request_id:
            return
        try:
            answer = self.http.read(_api.show_request(watch.request_id))
        except ScpError as error:
            # A request that the API has forgotten answers 400 (facts: section 3); the cluster still tells.
            if is_passing(error) or error.status in (400, 404):
                return
            raise
        watch.request_state = seen(answer, "state")

    def _failed(self, watch: Watch) -> OperationFailed:
        # The cluster was read before its request, so that it may be another by now.
        if self._look(watch) and watch.service_state in _states.BROKEN:
            return self._broken(watch)
        return OperationFailed(
            f"SCP accepted the request and then failed it, while the task was waiting for {watch.goal.what}: "
            f"request {watch.request_id} is {watch.request_state}.",
            now=f"The {watch}.",
            todo="Run the task again to try again; if it fails again, give the request id to SCP's support.",
            detail=watch.request_state,
            request_id=watch.request_id,
        )

    def _broken(self, watch: Watch) -> OperationFailed:
        self._ask_request(watch)
        return OperationFailed(
            f"The cluster went {watch.service_state} while the task was waiting for {watch.goal.what}.",
            now=f"The {watch}.",
            todo=way_out(watch.service_state, watch.operation if watch.goal.repeats else ""),
            detail=watch.request_state,
            request_id=watch.request_id,
        )


def _advice(watch: Watch) -> str:
    """Say how to go on waiting without doing anything twice."""
    if not watch.goal.repeats:
        return "Run the task again to continue waiting, with a larger wait_timeout if necessary."
    by_state = f"mariadb_cluster_info (cluster_id: {watch.cluster_id}) until service_state is RUNNING"
    by_request = f"mariadb_request_info (request_ids: [{watch.request_id}], wait: true)"
    return (
        f"Do not run the task again: that would send {watch.operation} once more. To wait for its end use "
        f"{by_request if watch.request_id else by_state}."
    )


def unknown_state(cluster: Json) -> OperationFailed:
    """Return the failure for a state of which nobody knows what it means."""
    return OperationFailed(
        f"The service_state of the cluster {cluster['name']} ({cluster['id']}) is {cluster['service_state']}, which "
        "this collection does not know.",
        now=NOTHING_CHANGED,
        todo="If an operation is under way, run the task again when it has ended. Otherwise look at the cluster in the "
        "console, or run mariadb_cluster with state: synced.",
        detail=cluster["service_state"],
    )


def _operation_on(cluster: Json) -> str:
    """Name the operation under way on a cluster, as far as it shows."""
    if cluster["service_state"] == _states.TERMINATING:
        return "Terminate Cluster"
    if cluster["service_state"] == _states.CREATING:
        creations = {"REPLICA": "Create Replica", "RECOVERY": "Create Restore Cluster"}
        return creations.get(seen(cluster, "role_type"), "Create Cluster")
    return "The operation under way"


def only_if_not_done(operation: str) -> str:
    """Say what to do about an operation that each run of the task sends, where nobody knows whether it was done."""
    return (
        f"Look in the console whether {operation} was carried out. Run the task again only if it was not, because that "
        "sends it once more."
    )


def way_out(service_state: str, repeated: str = "") -> str:
    """Say what helps a cluster in a broken state, and not to repeat an operation that may have been done."""
    synced = "Run mariadb_cluster with state: synced, so that SCP reads the state of its servers again"
    synced += f". {only_if_not_done(repeated)}" if repeated else ", then this task."
    if service_state == _states.FAILED:
        return f"{synced} If it stays FAILED, terminate it (state: absent) and create it again."
    return synced
