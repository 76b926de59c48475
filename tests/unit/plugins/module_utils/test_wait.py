# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _cluster_plan, _pace, _states, _wait
from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Budget
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    AnswerLost,
    ApiError,
    CertificateRefused,
    NotReached,
    NotUnderstood,
    OperationFailed,
    ScpError,
    WaitTimeout,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._pace import Pace
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Goal
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Progress
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import SETTLE_SECONDS, Waiter, Watch
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeClock,
    FakeHttp,
    Json,
    a_cluster,
    a_detail,
    gone,
)

AUDITED = Goal("the audit log", lambda cluster: bool(cluster["init_config_option"]["audit_enabled"]))
GONE = gone("not there")
GATEWAY = ApiError("not let through", status=404)
UNREAD = (
    GATEWAY,
    ApiError("busy", status=429),
    ApiError("fault", status=500),
    ApiError("fault", status=502),
    ApiError("fault", status=503),
    ApiError("fault", status=504),
    ApiError("fault", status=520),
    AnswerLost("cut"),
    NotReached("no network"),
)


def audited(service_state: str = "RUNNING") -> Json:
    return a_cluster(service_state, init_config_option={"audit_enabled": True})


def asked(word: str | None) -> Json:
    return {"request_id": "req-1", "state": word}


class Wait(NamedTuple):
    """A wait that is over: what it returned or raised, and what it took."""

    cluster: Any
    error: ScpError | None
    http: FakeHttp
    clock: FakeClock

    @property
    def looks(self) -> int:
        return self.http.reads.count("Show Cluster")


def waited(
    seen: list[Any],
    goal: Goal = AUDITED,
    requests: list[Any] | None = None,
    budget: float = 7200,
    latency: float = 0,
    others: dict[str, list[Any]] | None = None,
    **watch: Any,
) -> Wait:
    """Wait for a goal while the cluster and the request show one thing after the other, the last for ever."""
    clock = FakeClock()
    states = requests if requests is not None else [asked("IN_PROGRESS")]
    http = FakeHttp({"Show Cluster": seen, "Show Request": states, **(others or {})}, clock, latency)
    waiter = Waiter(http, Budget(budget, clock), clock)
    of_cluster: Json = {"request_id": "req-1", "before_state": "RUNNING", "since": clock.now, **watch}
    try:
        return Wait(waiter.until(Watch("c1", goal, **{"operation": "Set Audit Log", **of_cluster})), None, http, clock)
    except ScpError as error:
        return Wait(None, error, http, clock)


# Done


@pytest.mark.parametrize(
    ("seen", "goal", "watch", "looks"),
    [
        pytest.param([audited()], AUDITED, {}, 1, id="visible at once"),
        pytest.param([a_cluster(), a_cluster(), audited()], AUDITED, {}, 3, id="stale reads after the 202"),
        pytest.param(
            [a_cluster("EDITING"), a_cluster("EDITING"), audited()], AUDITED, {}, 3, id="on its way, then done"
        ),
        pytest.param([audited("EDITING"), audited()], AUDITED, {}, 2, id="visible before it rests"),
        pytest.param([a_cluster(), a_cluster("EDITING"), a_cluster(), audited()], AUDITED, {}, 4, id="stale again"),
        pytest.param(
            [audited("ERROR"), audited("EDITING"), audited()],
            AUDITED,
            {"before_state": "ERROR"},
            3,
            id="visible in the broken state of before",
        ),
        pytest.param([a_cluster("A_NEW_WORD"), audited()], AUDITED, {}, 2, id="unknown word is on its way"),
        pytest.param(
            [a_cluster("STOPPED"), a_cluster("STARTING"), a_cluster()],
            _cluster_plan.RUNNING,
            {"before_state": "STOPPED"},
            3,
            id="start",
        ),
        pytest.param(
            [a_cluster(), a_cluster("STOPPING"), a_cluster("STOPPED")], _cluster_plan.STOPPED, {}, 3, id="stop"
        ),
        pytest.param([a_cluster(), a_cluster("RESTARTING"), a_cluster()], _cluster_plan.RESTARTED, {}, 3, id="restart"),
        pytest.param(
            [a_cluster("UNKNOWN"), a_cluster("SYNCHRONIZING"), a_cluster("STOPPED")],
            _cluster_plan.SYNCED,
            {"before_state": "UNKNOWN"},
            3,
            id="synchronized",
        ),
        pytest.param(
            [a_cluster("UNKNOWN"), a_cluster()],
            _cluster_plan.SYNCED,
            {"before_state": "UNKNOWN"},
            2,
            id="stale UNKNOWN",
        ),
        pytest.param(
            [GONE, GONE, a_cluster("CREATING"), a_cluster()],
            _cluster_plan.RUNNING,
            {"before_state": None},
            4,
            id="creation, not there yet",
        ),
    ],
)
def test_done(seen: list[Any], goal: Goal, watch: Json, looks: int) -> None:
    wait = waited(seen, goal, **watch)
    assert wait.error is None
    assert wait.cluster == seen[-1]
    assert wait.looks == looks


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([GONE], id="404 at once"),
        pytest.param([a_cluster(), a_cluster("TERMINATING"), GONE], id="404"),
        pytest.param([a_cluster("TERMINATING"), a_cluster("TERMINATED")], id="TERMINATED"),
    ],
)
def test_termination_is_done_when_the_cluster_is_gone(seen: list[Any]) -> None:
    wait = waited(seen, _cluster_plan.TERMINATED)
    assert (wait.cluster, wait.error, wait.looks) == (None, None, len(seen))


# A restart leaves no trace: either the cluster moves, or its request ends, or patience does.


def test_restart_that_was_never_seen_ends_with_its_request() -> None:
    wait = waited([a_cluster()], _cluster_plan.RESTARTED, [asked("RUNNING"), asked("RUNNING"), asked("COMPLETED")])
    assert (wait.error, wait.looks) == (None, 3)


@pytest.mark.parametrize(
    "requests", [[asked("ZZZ")], [ApiError("forgotten", status=400)], [ApiError("no", status=404)]]
)
def test_restart_that_was_never_seen_ends_after_a_settle_time(requests: list[Any]) -> None:
    wait = waited([a_cluster()], _cluster_plan.RESTARTED, requests)
    assert wait.error is None
    assert 60 <= sum(wait.clock.slept) < 60 + 1.2


def test_settle_time_counts_from_the_last_rest() -> None:
    # A cluster that was on its way all the time: an operation before ours, then rest.
    seen = [a_cluster("EDITING")] * 12 + [a_cluster("EDITING"), a_cluster()]
    wait = waited(seen, _cluster_plan.RESTARTED, [asked("ZZZ")], before_state="EDITING")
    assert (wait.error, wait.looks) == (None, len(seen))


def test_without_a_request_id_nobody_asks_for_it() -> None:
    wait = waited([a_cluster()], _cluster_plan.RESTARTED, request_id=None)
    assert wait.error is None
    assert "Show Request" not in wait.http.reads


def test_request_is_not_asked_for_while_the_cluster_tells_enough() -> None:
    assert "Show Request" not in waited([a_cluster("EDITING"), audited()]).http.reads


# Failed


@pytest.mark.parametrize("service_state", sorted(_states.BROKEN))
@pytest.mark.parametrize("seen", [[], [a_cluster("EDITING")]], ids=["at once", "on its way"])
def test_broken_cluster_ends_the_wait(service_state: str, seen: list[Any]) -> None:
    wait = waited([*seen, a_cluster(service_state)], requests=[asked("FAILED")])

    assert isinstance(wait.error, OperationFailed)
    assert wait.looks == len(seen) + 1
    assert wait.error.msg == (
        f"The cluster went {service_state} while the task was waiting for the audit log. "
        f"The cluster orders (c1) is {service_state}, request req-1 is FAILED. {_wait.way_out(service_state)}"
    )
    assert (wait.error.request_id, wait.error.detail) == ("req-1", "FAILED")
    assert wait.error.facts == {"cluster_id": "c1", "request_id": "req-1", "cluster": a_cluster(service_state)}


def test_creation_that_fails_ends_the_wait() -> None:
    wait = waited([a_cluster("CREATING"), a_cluster("FAILED")], _cluster_plan.RUNNING, before_state=None)
    assert isinstance(wait.error, OperationFailed)


def test_synchronization_that_fails_ends_the_wait() -> None:
    seen = [a_cluster("UNKNOWN"), a_cluster("SYNCHRONIZING"), a_cluster("UNKNOWN")]
    wait = waited(seen, _cluster_plan.SYNCED, before_state="UNKNOWN")
    assert isinstance(wait.error, OperationFailed)
    assert wait.looks == 3


@pytest.mark.parametrize("word", ["FAILED", "ERROR", "CANCELED"])
@pytest.mark.parametrize(
    "goal", [AUDITED, _cluster_plan.RESTARTED, _cluster_plan.TERMINATED], ids=lambda goal: goal.what
)
def test_failed_request_ends_the_wait_though_the_cluster_runs(goal: Goal, word: str) -> None:
    wait = waited([a_cluster()], goal, [asked("RUNNING"), asked(word)])

    assert isinstance(wait.error, OperationFailed)
    # Two polls, and a last look at the cluster, which was read before its request.
    assert wait.looks == 3
    assert f"request req-1 is {word}" in wait.error.msg
    assert wait.error.facts["request_id"] == wait.error.request_id == "req-1"


def test_ended_request_without_an_effect_ends_the_wait_after_a_settle_time() -> None:
    wait = waited([a_cluster()], requests=[asked("COMPLETED")])
    assert isinstance(wait.error, OperationFailed)
    assert "request req-1 ended, but the cluster does not show the audit log" in wait.error.msg
    assert 60 <= sum(wait.clock.slept) < 60 + 1.2


@pytest.mark.parametrize("end", [GONE, a_cluster("TERMINATED")], ids=["404", "TERMINATED"])
@pytest.mark.parametrize(
    ("seen", "watch"),
    [
        pytest.param([a_cluster("EDITING")], {}, id="after it was seen"),
        pytest.param([], {"cluster": a_cluster()}, id="that was there before"),
        pytest.param([a_cluster("CREATING")], {"before_state": None}, id="while it was created"),
    ],
)
def test_cluster_that_vanishes_ends_the_wait(seen: list[Any], watch: Json, end: Any) -> None:
    wait = waited([*seen, end], **watch)
    assert isinstance(wait.error, OperationFailed)
    assert "vanished while the task was waiting for the audit log" in wait.error.msg
    assert wait.error.status == 404


# Evidence that the cluster's detail does not show

ARCHIVED = Goal(
    "the archive",
    lambda shown: bool(shown["archive_enabled"]),
    evidence=lambda source, cluster: source.read(_api.show_archive_config(cluster["id"])),
)


def alarm(shown: Json) -> None:
    if shown["retention_period_day"] == LOST:
        raise OperationFailed("The archive is lost.")


ALARMED = replace(ARCHIVED, alarm=alarm)
LOST = 99


def archives(*words: Any) -> dict[str, list[Any]]:
    shown = [
        word
        if isinstance(word, ScpError)
        else {"archive_enabled": bool(word), "retention_period_day": LOST if word == LOST else None}
        for word in words
    ]
    return {"Show Archive Config": shown}


def test_evidence_is_read_when_the_cluster_is_stable() -> None:
    seen = [a_cluster("EDITING"), a_cluster("EDITING"), a_cluster()]
    wait = waited(seen, ARCHIVED, others=archives(False, True))
    assert (wait.error, wait.looks) == (None, 4)
    assert wait.http.reads.count("Show Archive Config") == 2


@pytest.mark.parametrize(("words", "looks"), [(["RUNNING", "COMPLETED"], 2), (["COMPLETED"], 1)])
def test_evidence_of_a_cluster_that_did_not_move_counts_when_the_request_has_ended(
    words: list[str], looks: int
) -> None:
    wait = waited([a_cluster()], ARCHIVED, [asked(word) for word in words], others=archives(True))
    assert (wait.error, wait.looks) == (None, looks)


@pytest.mark.parametrize("error", UNREAD, ids=lambda error: f"{type(error).__name__} {error.status or ''}".strip())
@pytest.mark.parametrize("goal", [ARCHIVED, ALARMED], ids=["evidence", "alarm"])
def test_evidence_that_can_not_be_read_is_no_failure(goal: Goal, error: ScpError) -> None:
    wait = waited([a_cluster("EDITING"), a_cluster()], goal, others=archives(*[error] * 5, True))
    assert wait.error is None
    assert wait.http.reads.count("Show Archive Config") == 6


def test_evidence_that_is_refused_ends_the_wait() -> None:
    refused = ApiError("not allowed", status=403)
    wait = waited([a_cluster("EDITING"), a_cluster()], ARCHIVED, others=archives(refused))
    assert isinstance(wait.error, ApiError)
    assert wait.error.status == 403


def test_alarm_ends_the_wait_while_the_cluster_is_on_its_way() -> None:
    wait = waited([a_cluster("EDITING")], ALARMED, others=archives(False, LOST))
    assert isinstance(wait.error, OperationFailed)
    assert (wait.error.msg, wait.looks) == ("The archive is lost.", 2)


def test_one_reading_serves_alarm_and_goal() -> None:
    wait = waited([a_cluster("EDITING"), a_cluster()], ALARMED, others=archives(True))
    assert (wait.error, wait.looks) == (None, 2)
    assert wait.http.reads.count("Show Archive Config") == 2


# Answers in other forms


def odd(**changes: Any) -> Json:
    return {**a_detail(), **changes}


@pytest.mark.parametrize("answer", [odd(instance_groups="soon"), odd(instance_groups=[{}]), odd(service_state=None)])
def test_answer_that_is_odd_for_a_moment_is_no_failure(answer: Json) -> None:
    grown = Goal("the servers", lambda cluster: bool(cluster["instance_groups"][0]["id"]))
    wait = waited([a_cluster("EDITING"), answer, answer, a_cluster()], grown)
    assert (wait.error, wait.looks) == (None, 4)


def test_answer_that_stays_odd_ends_the_wait() -> None:
    grown = Goal("the servers", lambda cluster: bool(cluster["instance_groups"][0]["id"]))
    wait = waited([odd(instance_groups=[{"role_type": "ACTIVE"}])], grown)
    assert isinstance(wait.error, NotUnderstood)
    assert "lacks instance_groups[0].id" in wait.error.msg
    assert SETTLE_SECONDS <= sum(wait.http.clock.slept) < SETTLE_SECONDS + 15


def test_state_that_is_not_known_is_waited_for_while_the_request_goes_on() -> None:
    words = [*["IN_PROGRESS"] * 40, "COMPLETED"]
    wait = waited([*[a_cluster("RESIZING")] * 45, audited()], requests=[asked(word) for word in words])
    assert wait.error is None


def test_state_that_is_not_known_when_the_request_has_ended() -> None:
    wait = waited([a_cluster("DEGRADED")], requests=[asked("COMPLETED")])
    assert isinstance(wait.error, OperationFailed)
    assert "The service_state of the cluster orders (c1) is DEGRADED" in wait.error.msg
    assert SETTLE_SECONDS <= sum(wait.http.clock.slept) < SETTLE_SECONDS + 15


@pytest.mark.parametrize("shown", [odd(service_state=None), a_cluster("DEGRADED")], ids=["odd", "unknown state"])
def test_operation_that_each_run_repeats_is_not_advised_to_be_sent_again(shown: Json) -> None:
    wait = waited([shown], _cluster_plan.RESTARTED, [asked("COMPLETED")], operation="Restart Cluster")
    assert wait.error is not None
    assert "Do not run the task again: that would send Restart Cluster once more" in wait.error.msg


def test_request_in_another_form_leaves_it_to_the_cluster() -> None:
    wait = waited([a_cluster("EDITING"), a_cluster("FAILED")], requests=[{"request_id": "req-1", "status": "DONE"}])
    assert isinstance(wait.error, OperationFailed)
    assert "The cluster went FAILED" in wait.error.msg
    assert sum(wait.http.clock.slept) < SETTLE_SECONDS


def test_errors_with_a_status_of_success_are_a_reading_that_failed() -> None:
    odd_errors = ApiError("It is odd.", status=200)
    wait = waited([a_cluster("EDITING"), odd_errors, audited()])
    assert wait.error is None


def test_creation_that_leads_to_no_cluster() -> None:
    wait = waited([GONE], _cluster_plan.RUNNING, before_state=None, operation="Create Cluster")
    assert isinstance(wait.error, OperationFailed)
    assert "SCP does not know the cluster c1, which the answer to Create Cluster names" in wait.error.msg
    assert SETTLE_SECONDS <= sum(wait.http.clock.slept) < SETTLE_SECONDS + 40


# Reads that fail


@pytest.mark.parametrize("error", UNREAD, ids=lambda error: f"{type(error).__name__} {error.status or ''}".strip())
def test_read_that_fails_five_times_is_no_failure(error: ScpError) -> None:
    wait = waited([a_cluster("EDITING"), *[error] * 5, audited()])
    assert (wait.error, wait.looks) == (None, 7)


@pytest.mark.parametrize("error", [*UNREAD, ApiError("forgotten", status=400)], ids=str)
def test_request_that_can_not_be_read_is_no_failure(error: ScpError) -> None:
    wait = waited([a_cluster()], _cluster_plan.RESTARTED, [*[error] * 5, asked("COMPLETED")])
    assert (wait.error, wait.looks) == (None, 6)


LASTING = (
    ApiError("signature", status=401),
    ApiError("policy", status=403),
    ApiError("version", status=406),
    ApiError("not implemented", status=501),
    CertificateRefused("certificate"),
)


@pytest.mark.parametrize(
    ("of", "error"),
    [
        *(("cluster", error) for error in (*LASTING, ApiError("bad", status=400))),
        # A request that SCP has forgotten answers 400.
        *(("request", error) for error in LASTING),
    ],
    ids=str,
)
def test_read_that_can_not_get_better_ends_the_wait(of: str, error: ScpError) -> None:
    if of == "cluster":
        wait = waited([a_cluster("EDITING"), error])
    else:
        wait = waited([a_cluster()], requests=[asked("RUNNING"), error])
    assert str(wait.error) == str(error)
    assert wait.error is not None
    assert wait.error.facts["cluster_id"] == "c1"
    assert wait.error.facts["request_id"] == "req-1"
    assert wait.error.facts["cluster"]["name"] == "orders"


# Time


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        pytest.param(
            [a_cluster("EDITING")], "The cluster orders (c1) is EDITING, request req-1 is unread", id="on its way"
        ),
        pytest.param([a_cluster()], "The cluster orders (c1) is RUNNING, request req-1 is IN_PROGRESS", id="at rest"),
        pytest.param([NotReached("no")], "The cluster c1 is not visible, request req-1 is unread", id="never read"),
    ],
)
@pytest.mark.parametrize("budget", [1, 30, 600])
def test_time_out(seen: list[Any], told: str, budget: float) -> None:
    wait = waited(seen, budget=budget)

    assert isinstance(wait.error, WaitTimeout)
    assert wait.error.msg == (
        f"Waited {budget} seconds (wait_timeout) for the audit log. {told}; the operation goes on in the cloud. "
        "Run the task again to continue waiting, with a larger wait_timeout if necessary."
    )
    assert wait.error.facts["cluster_id"] == "c1"
    assert wait.error.facts["request_id"] == "req-1"
    assert sum(wait.clock.slept) == pytest.approx(budget)


def test_sleeps_grow_and_never_pass_the_budget() -> None:
    slept = waited([a_cluster("EDITING")], budget=60).clock.slept
    assert slept[:5] == pytest.approx([0.25, 0.375, 0.5625, 0.84375, 1])
    assert sum(slept) == pytest.approx(60)
    assert all(seconds > 0 for seconds in slept)


def test_slow_reads_count() -> None:
    wait = waited([a_cluster("EDITING")], budget=60, latency=20)
    assert isinstance(wait.error, WaitTimeout)
    assert wait.clock.now - 1000 < 60 + 2 * 20


def test_last_look_comes_after_the_last_sleep() -> None:
    clock = FakeClock()
    end = clock.now + 60
    http = FakeHttp({"Show Cluster": [lambda: audited() if clock.now >= end else a_cluster("EDITING")]}, clock)
    waiter = Waiter(http, Budget(60, clock), clock)
    assert waiter.until(Watch("c1", AUDITED, "Set Audit Log", request_id="req-1", before_state="RUNNING")) == audited()


def test_spent_budget_allows_one_look() -> None:
    wait = waited([audited()], budget=0)
    assert (wait.error, wait.looks) == (None, 1)


def test_budget_is_shared() -> None:
    clock = FakeClock()
    http = FakeHttp({"Show Cluster": [a_cluster("EDITING")]}, clock)
    budget = Budget(100, clock)
    waiter = Waiter(http, budget, clock)
    clock.now += 70
    with pytest.raises(WaitTimeout):
        waiter.until(Watch("c1", AUDITED, "Set Audit Log", request_id="req-1", before_state="RUNNING"))
    assert sum(clock.slept) == pytest.approx(30)
    assert (budget.spent(), budget.left()) == (pytest.approx(100), pytest.approx(0))


def times_of_looks(http: FakeHttp, clock: FakeClock) -> list[float]:
    """Have a cluster that is on its way for ever, and return the list that the times of its looks will be in."""
    times: list[float] = []

    def look() -> Json:
        times.append(clock.now)
        return a_cluster("EDITING")

    http.script["Show Cluster"] = [look]
    return times


@pytest.mark.parametrize("ago", [0, 100])
@pytest.mark.parametrize(
    ("operation", "pace"),
    [("Create Cluster", _pace.of("Create Cluster")), ("Set Audit Log", _pace.short), ("Reset Replica", _pace.unknown)],
)
def test_pauses_follow_the_operation(operation: str, pace: Pace, ago: float) -> None:
    clock = FakeClock()
    http = FakeHttp({}, clock)
    times = times_of_looks(http, clock)
    since = clock.now - ago
    waiter = Waiter(http, Budget(600, clock), clock)
    with pytest.raises(WaitTimeout):
        waiter.until(Watch("c1", AUDITED, operation, since))
    assert len(times) > 20
    # The last one is when the budget is spent.
    for earlier, later in zip(times[:-2], times[1:-1]):
        assert later - earlier == pytest.approx(pace(earlier - since, clock))


def test_pauses_for_an_operation_that_began_nobody_knows_when_grow_from_the_first() -> None:
    clock = FakeClock()
    clock.sleep(500)
    waiter = Waiter(FakeHttp({}), Budget(60, clock), clock)
    for _pause in waiter.pauses():
        # What is done between two pauses does not count.
        clock.now += 3
    assert clock.slept[1:5] == pytest.approx([0.25, 0.375, 0.5625, 0.84375])
    assert sum(clock.slept[1:]) + 3 * len(clock.slept) == pytest.approx(60, abs=3)


# What is told meanwhile


def heard(watch: Watch, *seen: Any, rest: bool = False, ago: float = 0) -> list[str]:
    clock = FakeClock()
    http = FakeHttp({"Show Cluster": list(seen), "Show Request": [asked("IN_PROGRESS")]}, clock)
    told: list[Progress] = []
    waiter = Waiter(http, Budget(25, clock), clock, told.append)
    begun = replace(watch, since=clock.now - ago)
    with pytest.raises(WaitTimeout):
        waiter.rest(seen[0]) if rest else waiter.until(begun)
    return [str(progress) for progress in told]


WATCH = Watch("c1", AUDITED, "Set Audit Log", request_id="req-1", before_state="RUNNING")


def test_progress_is_told() -> None:
    # The first seven looks are within five seconds.
    lines = heard(WATCH, *[a_cluster()] * 9, a_cluster("EDITING"))
    assert lines == [
        "Set Audit Log: cluster orders (c1) is RUNNING, 5 s so far, 20 s left",
        "Set Audit Log: cluster orders (c1) is EDITING, 7 s so far, 18 s left",
        "Set Audit Log: cluster orders (c1) is EDITING, 17 s so far, 8 s left",
    ]


def test_time_since_the_operation_began_is_told() -> None:
    assert "1 min 46 s so far, 19 s left" in heard(WATCH, a_cluster("EDITING"), ago=100)[0]


def test_progress_of_a_cluster_that_can_not_be_read_is_told() -> None:
    lines = heard(WATCH, NotReached("no"))
    assert lines[0] == "Set Audit Log: cluster c1 is not visible, 5 s so far, 20 s left"


@pytest.mark.parametrize(
    ("cluster", "operation"),
    [
        (a_cluster("CREATING"), "Create Cluster"),
        (a_cluster("CREATING", role_type="REPLICA"), "Create Replica"),
        (a_cluster("CREATING", role_type="RECOVERY"), "Create Restore Cluster"),
        (a_cluster("TERMINATING"), "Terminate Cluster"),
        (a_cluster("EDITING"), "The operation under way"),
    ],
)
def test_progress_of_what_somebody_else_began_is_told(cluster: Json, operation: str) -> None:
    [first, *_others] = heard(WATCH, cluster, rest=True)
    assert first.startswith(f"{operation}: cluster orders (c1) is {cluster['service_state']}, ")


def test_nothing_is_told_of_a_wait_that_is_over_soon() -> None:
    clock = FakeClock()
    told: list[Progress] = []
    http = FakeHttp({"Show Cluster": [a_cluster("EDITING"), audited()]}, clock)
    Waiter(http, Budget(60, clock), clock, told.append).until(WATCH)
    assert told == []


# What somebody else began


def rested(cluster: Json, *seen: Any) -> Wait:
    clock = FakeClock()
    http = FakeHttp({"Show Cluster": list(seen)}, clock)
    waiter = Waiter(http, Budget(7200, clock), clock)
    try:
        return Wait(waiter.rest(cluster), None, http, clock)
    except ScpError as error:
        return Wait(None, error, http, clock)


@pytest.mark.parametrize("service_state", ["RUNNING", "STOPPED", "UNKNOWN", "ERROR", "FAILED"])
def test_cluster_at_rest_is_not_waited_for(service_state: str) -> None:
    wait = rested(a_cluster(service_state))
    assert (wait.cluster, wait.looks) == (a_cluster(service_state), 0)


@pytest.mark.parametrize("service_state", [word for word in _states.SERVICE_STATES if _states.is_transitional(word)])
@pytest.mark.parametrize("end", ["RUNNING", "STOPPED"])
def test_cluster_on_its_way_is_waited_for(service_state: str, end: str) -> None:
    if service_state == "TERMINATING":
        wait = rested(a_cluster(service_state), a_cluster(service_state), GONE)
        assert (wait.cluster, wait.error) == (None, None)
    else:
        wait = rested(a_cluster(service_state), a_cluster(service_state), a_cluster(end))
        assert (wait.cluster, wait.error) == (a_cluster(end), None)


@pytest.mark.parametrize("service_state", ["CREATING", "TERMINATING", "EDITING"])
def test_cluster_on_its_way_may_have_been_so_for_long(service_state: str) -> None:
    slept = rested(a_cluster(service_state), *[a_cluster(service_state)] * 20, GONE).clock.slept
    assert slept[:4] == pytest.approx([0.25, 0.375, 0.5625, 0.84375])
    assert max(slept) == 10


def test_cluster_on_its_way_may_break() -> None:
    assert isinstance(rested(a_cluster("EDITING"), a_cluster("UNKNOWN")).error, OperationFailed)


def test_cluster_on_its_way_may_vanish() -> None:
    assert isinstance(rested(a_cluster("CREATING"), GONE).error, OperationFailed)


# Traces of a write whose answer was lost


def probing(*findings: Any, budget: float = 7200) -> Wait:
    clock = FakeClock()
    http = FakeHttp({"Show Cluster": list(findings)}, clock)
    waiter = Waiter(http, Budget(budget, clock), clock)
    try:
        return Wait(waiter.finds(lambda: http._answer(_wait._api.show_cluster("c1"))), None, http, clock)
    except ScpError as error:
        return Wait(None, error, http, clock)


def test_trace_is_found() -> None:
    assert probing({}, {}, {"id": "c1"}).cluster == {"id": "c1"}


@pytest.mark.parametrize(("budget", "seconds"), [(7200, _wait.TRACE_SECONDS), (5, 5), (0, 0)])
def test_trace_is_looked_for_in_a_short_time(budget: float, seconds: float) -> None:
    wait = probing({}, budget=budget)
    assert wait.cluster is None
    assert sum(wait.clock.slept) == pytest.approx(seconds)


def test_trace_may_be_hard_to_read() -> None:
    assert probing(*UNREAD, {"id": "c1"}).cluster == {"id": "c1"}


def test_trace_that_can_not_be_read_is_a_failure() -> None:
    assert str(probing(ApiError("signature", status=401)).error) == "signature"


@pytest.mark.parametrize(
    ("seen", "goal", "expected"),
    [
        pytest.param(a_cluster(), AUDITED, False, id="as before"),
        pytest.param(audited(), AUDITED, True, id="goal visible"),
        pytest.param(a_cluster("EDITING"), AUDITED, True, id="moved"),
        pytest.param(a_cluster(), _cluster_plan.RESTARTED, False, id="restart is not visible"),
        pytest.param(a_cluster("RESTARTING"), _cluster_plan.RESTARTED, True, id="restart moved"),
        pytest.param(GONE, _cluster_plan.TERMINATED, True, id="gone"),
        pytest.param(a_cluster("TERMINATING"), _cluster_plan.TERMINATED, True, id="going"),
        pytest.param(a_cluster(), _cluster_plan.TERMINATED, False, id="still there"),
        pytest.param(NotReached("no"), AUDITED, False, id="unread"),
    ],
)
def test_trace_of_a_change(seen: Any, goal: Goal, expected: bool) -> None:
    clock = FakeClock()
    http = FakeHttp({"Show Cluster": [seen]}, clock)
    waiter = Waiter(http, Budget(7200, clock), clock)
    assert waiter.has_begun(Watch("c1", goal, "Set Audit Log", before_state="RUNNING")) == expected
