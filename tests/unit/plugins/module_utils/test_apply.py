# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _apply, _cluster_plan, _pace, _present
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Execution, Outcome, Outdated, Places
from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Budget
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    AnswerLost,
    ApiError,
    NotReached,
    OperationFailed,
    Refused,
    ScpError,
    WaitTimeout,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Accepted
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Plan
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import SETTLE_SECONDS, Waiter
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    ACCEPTED,
    FakeClock,
    FakeHttp,
    Json,
    a_cluster,
    a_group,
    all_of_it,
    an_engine,
    declaring,
    gone,
)

GONE = gone("not there")
LOST = AnswerLost("The connection broke.", now="Whether it was carried out is not known.")
BUSY = ApiError("busy", status=400, code="Dbaas.ValidationError.ExistInprogress")
AUDIT = declaring(init_config_option={"audit_enabled": True})
TWO = declaring(init_config_option={"audit_enabled": True}, instance_groups=[a_group(server_type_name="db1v4m8")])


def listed(cluster: Any) -> Any:
    """Return the list with a cluster in it, or the failure to read it."""
    if isinstance(cluster, Exception):
        return cluster
    return {"contents": [cluster] if cluster else [], "count": int(bool(cluster))}


def audited(service_state: str = "RUNNING", **changes: Any) -> Json:
    return a_cluster(service_state, init_config_option={"audit_enabled": True}, **changes)


def resized() -> Json:
    cluster = audited()
    cluster["instance_groups"][0]["server_type_name"] = "db1v4m8"
    return cluster


class Run(NamedTuple):
    """A run that is over: what it returned or raised, and what it took."""

    outcome: Outcome | None
    error: Any
    http: FakeHttp
    clock: FakeClock


def run(
    plan: Plan,
    cluster: Json | None,
    script: dict[str, list[Any]],
    wait: bool = True,
    budget: float = 7200,
    created: list[Any] | None = None,
    desired: Json | None = None,
) -> Run:
    """Carry out a plan; ``created`` is what the cluster's name finds, one thing after the other."""
    clock = FakeClock()
    http = FakeHttp(
        {
            "Show Request": [{"request_id": "req-1", "state": "IN_PROGRESS"}],
            # The last look before the creation, and those after it.
            "List Clusters": [listed(None), *map(listed, created or [None])],
            **script,
        },
        clock,
    )
    waiter = Waiter(http, Budget(budget, clock), clock)
    execution = Execution(
        Places(waiter, waiter),
        cluster,
        plan_anew=lambda shown: _cluster_plan.plan_presence(desired or declaring(), shown or a_cluster()),
        operations=[],
    )
    try:
        return Run(execution.carry_out(plan, wait), None, http, clock)
    except ScpError as error:
        return Run(None, error, http, clock)


def places_at(http: FakeHttp) -> Places:
    clock = FakeClock()
    waiter = Waiter(http, Budget(1, clock), clock)
    return Places(waiter, waiter)


def to(desired: Json, cluster: Json | None = None) -> Plan:
    return _cluster_plan.plan_presence(desired, cluster or a_cluster())


def creation() -> Plan:
    return _cluster_plan.plan_creation(all_of_it(), None, an_engine("10.11.9", "e1"))


# As planned


def test_step_is_sent_and_waited_for() -> None:
    done = run(to(AUDIT), a_cluster(), {"Show Cluster": [a_cluster("EDITING"), audited()]})

    assert done.outcome is not None
    assert done.outcome.result() == {
        "changed": True,
        "cluster": audited(),
        "cluster_id": "c1",
        "request_id": "req-1",
        "operations": [
            {
                "operation": "Set Audit Log",
                "method": "PUT",
                "path": "/v1/clusters/c1/audit-log",
                "body": {"use_audit_log": True},
                "options": ["init_config_option.audit_enabled"],
                "request_id": "req-1",
            }
        ],
        "diff": to(AUDIT).diff(),
    }


def test_plan_without_steps_sends_nothing() -> None:
    done = run(to(declaring()), a_cluster(), {})
    assert done.outcome is not None
    assert done.http.calls == []
    assert done.outcome.result() == {
        "changed": False,
        "cluster": a_cluster(),
        "cluster_id": "c1",
        "request_id": None,
        "operations": [],
        "diff": to(declaring()).diff(),
    }


def test_check_mode_predicts_what_a_run_does() -> None:
    plan = to(TWO)
    done = run(plan, a_cluster(), {"Show Cluster": [audited(), audited(), resized()]})
    http = FakeHttp({})

    predicted = _apply.predict(plan, places_at(http), a_cluster())

    assert http.calls == []
    assert done.outcome is not None
    assert predicted.changed == done.outcome.changed
    assert predicted.diff == done.outcome.diff
    assert predicted.operations == [
        {key: value for key, value in operation.items() if key != "request_id"}
        for operation in done.outcome.operations or []
    ]
    assert predicted.values == {"cluster": a_cluster(), "cluster_id": "c1", "request_id": None}


def test_check_mode_knows_no_cluster_before_its_creation() -> None:
    predicted = _apply.predict(creation(), places_at(FakeHttp({})), None)
    assert predicted.values == {"cluster": None, "cluster_id": None, "request_id": None}
    assert "Secret-123" not in str(predicted.result())


def test_steps_go_one_after_the_other() -> None:
    # Another run may have been at work by the time that the first is done, so that there is one more look.
    seen = [a_cluster("EDITING"), audited(), audited(), audited("EDITING"), resized()]
    done = run(to(TWO), a_cluster(), {"Show Cluster": seen})

    assert [call.operation for call in done.http.calls] == [
        "Set Audit Log",
        "Show Cluster",
        "Show Cluster",
        "Show Cluster",
        "Set Server Type",
        "Show Cluster",
        "Show Cluster",
    ]
    assert done.outcome is not None
    assert done.outcome.values["cluster"] == resized()


def test_step_that_another_run_did_meanwhile_is_left_out() -> None:
    done = run(to(TWO), a_cluster(), {"Show Cluster": [a_cluster("EDITING"), audited(), resized()]})
    assert done.http.writes == ["Set Audit Log"]
    assert done.error is None
    assert done.outcome is not None
    assert [operation["operation"] for operation in done.outcome.operations or []] == ["Set Audit Log"]


def test_step_before_which_the_cluster_can_not_be_read_is_sent() -> None:
    seen = [a_cluster("EDITING"), audited(), ApiError("x", status=503), audited("EDITING"), resized()]
    done = run(to(TWO), a_cluster(), {"Show Cluster": seen})
    assert done.http.writes == ["Set Audit Log", "Set Server Type"]


def test_creation_is_waited_for_under_its_new_id() -> None:
    script = {
        "Create Cluster": [Accepted("req-9", "c9")],
        "Show Cluster": [GONE, a_cluster("CREATING"), a_cluster(id="c9")],
    }
    done = run(creation(), None, script)
    assert {call.path for call in done.http.calls if call.operation == "Show Cluster"} == {"/v1/clusters/c9"}
    assert done.outcome is not None
    assert (done.outcome.values["cluster_id"], done.outcome.values["request_id"]) == ("c9", "req-9")
    assert [operation["resource_id"] for operation in done.outcome.operations or []] == ["c9"]
    assert "Secret-123" not in str(done.outcome.result())


def test_what_an_operation_creates_beside_its_cluster_is_told() -> None:
    """Such as a replica, which nobody could find otherwise with wait: false."""
    script = {"Set Audit Log": [Accepted("req-9", "c9")]}
    done = run(to(AUDIT), a_cluster(), script, wait=False)
    assert done.outcome is not None
    assert [operation["resource_id"] for operation in done.outcome.operations or []] == ["c9"]
    assert done.outcome.values["cluster_id"] == "c1"


def test_termination_ends_without_a_cluster() -> None:
    plan = _cluster_plan.plan_absence(a_cluster())
    done = run(plan, a_cluster(), {"Show Cluster": [a_cluster("TERMINATING"), GONE]})
    assert done.outcome is not None
    assert done.outcome.values["cluster"] is None
    assert done.outcome.values["cluster_id"] == "c1"


@pytest.mark.parametrize(
    ("plan", "cluster", "expected"),
    [
        pytest.param(to(AUDIT), a_cluster(), {"cluster": a_cluster(), "cluster_id": "c1"}, id="change"),
        pytest.param(creation(), None, {"cluster": None, "cluster_id": "c1"}, id="creation"),
    ],
)
def test_without_wait_nothing_is_read_afterwards(plan: Plan, cluster: Json | None, expected: Json) -> None:
    done = run(plan, cluster, {}, wait=False)
    assert [call.is_read for call in done.http.calls] == ([False] if cluster else [True, False])
    assert done.clock.slept == []
    assert done.outcome is not None
    assert done.outcome.values == {**expected, "request_id": "req-1"}


@pytest.mark.parametrize("wait", [True, False])
def test_accepted_creation_without_an_id_is_found_by_its_name(wait: bool) -> None:
    script = {"Create Cluster": [Accepted("req-1", None)], "Show Cluster": [a_cluster(id="c9")]}
    done = run(creation(), None, script, wait=wait, created=[None, a_cluster("CREATING", id="c9")])
    assert done.outcome is not None
    assert done.outcome.values["cluster_id"] == "c9"
    assert done.http.writes == ["Create Cluster"]


def test_accepted_creation_without_an_id_that_is_not_found_is_told() -> None:
    done = run(creation(), None, {"Create Cluster": [Accepted("req-1", None)]})
    assert isinstance(done.error, AnswerLost)
    assert "does not name what was created. It was accepted." in done.error.msg
    assert done.error.result()["error"]["request_id"] == "req-1"
    assert done.http.writes == ["Create Cluster"]


# Uncertain steps


@pytest.mark.parametrize(
    ("state", "options", "comes_back", "then"),
    [
        pytest.param("started", {}, "STOPPED", ["Start Cluster"], id="started, comes back stopped"),
        pytest.param("started", {}, "RUNNING", [], id="started, comes back running"),
        pytest.param("stopped", {}, "STOPPED", [], id="stopped, comes back stopped"),
        pytest.param("stopped", {}, "RUNNING", ["Stop Cluster"], id="stopped, comes back running"),
        pytest.param("present", AUDIT, "RUNNING", ["Set Audit Log"], id="a setting"),
    ],
)
def test_steps_after_a_synchronization_are_planned_anew(
    state: str, options: Json, comes_back: str, then: list[str]
) -> None:
    desired = {**options, **declaring(state)}
    cluster = a_cluster("UNKNOWN")
    end = audited("STOPPED" if state == "stopped" else "RUNNING")
    script = {"Show Cluster": [a_cluster("SYNCHRONIZING"), a_cluster(comes_back), end]}
    done = run(to(desired, cluster), cluster, script, desired=desired)
    assert done.error is None
    assert done.http.writes == ["Synchronize Cluster State", *then]
    assert done.outcome is not None
    assert len(done.outcome.operations or []) == 1 + len(then)
    diff = done.outcome.diff or {}
    assert (diff["before"]["service_state"], diff["after"]["service_state"]) == ("UNKNOWN", end["service_state"])


def test_refusal_after_a_synchronization_tells_what_was_sent() -> None:
    cluster = a_cluster("UNKNOWN")
    script = {"Show Cluster": [a_cluster("SYNCHRONIZING"), a_cluster("STOPPED")]}
    done = run(to(AUDIT, cluster), cluster, script, desired=AUDIT)
    assert isinstance(done.error, Refused)
    assert done.error.result()["changed"] is True
    assert "Sent so far: Synchronize Cluster State." in done.error.msg
    assert "Nothing was changed." not in done.error.msg


# Refused before anything is sent


@pytest.mark.parametrize(
    ("plan", "cluster", "told"),
    [
        pytest.param(to(TWO), a_cluster(), "2 operations are needed.*: Set Audit Log, Set Server Type", id="two steps"),
        pytest.param(to(AUDIT), a_cluster("EDITING"), "the cluster orders is EDITING", id="cluster on its way"),
        pytest.param(to(AUDIT), a_cluster(), None, id="one step"),
        pytest.param(to(declaring()), a_cluster("EDITING"), None, id="no step"),
        pytest.param(creation(), None, None, id="creation"),
    ],
)
def test_without_wait(plan: Plan, cluster: Json | None, told: str | None) -> None:
    if told is None:
        _apply.refuse_without_wait(plan, cluster)
        return
    with pytest.raises(Refused, match=told) as caught:
        _apply.refuse_without_wait(plan, cluster)
    assert "Nothing was changed. Set wait to true" in caught.value.msg


# Lost answers


@pytest.mark.parametrize(
    "created", [[a_cluster("CREATING", id="c9")], [None, None, NotReached("no"), a_cluster("CREATING", id="c9")]]
)
@pytest.mark.parametrize("wait", [True, False])
def test_lost_creation_is_found_by_its_name(created: list[Any], wait: bool) -> None:
    script = {"Create Cluster": [LOST], "Show Cluster": [a_cluster("CREATING", id="c9"), a_cluster(id="c9")]}
    done = run(creation(), None, script, wait=wait, created=created)

    assert done.error is None
    assert done.http.writes == ["Create Cluster"]
    assert done.outcome is not None
    assert done.outcome.changed
    assert done.outcome.values["cluster_id"] == "c9"
    assert done.outcome.values["request_id"] is None
    assert [operation["request_id"] for operation in done.outcome.operations or []] == [None]


@pytest.mark.parametrize("wait", [True, False])
def test_name_that_is_taken_meanwhile_is_planned_for_again(wait: bool) -> None:
    """Another run has created the cluster while this one was waiting."""
    clock = FakeClock()
    http = FakeHttp({"List Clusters": [listed(a_cluster("CREATING"))], "Show Cluster": [a_cluster("CREATING")]}, clock)
    waiter = Waiter(http, Budget(100, clock), clock)
    with pytest.raises(Outdated):
        Execution(Places(waiter, waiter), None, None, []).carry_out(creation(), wait)
    assert http.writes == []


@pytest.mark.parametrize("refusal", [ApiError("No.", status=400), NotReached("No connection.")])
def test_creation_that_was_not_carried_out_leaves_no_record(refusal: ScpError) -> None:
    done = run(creation(), None, {"Create Cluster": [refusal]})
    assert done.error is not None
    assert done.http.records.of(_present.CREATIONS) == {}


@pytest.mark.parametrize(("answer", "cluster_id"), [(Accepted("req-9", "c9"), "c9"), (LOST, None)])
def test_creation_that_may_have_been_carried_out_leaves_a_record(answer: Any, cluster_id: str | None) -> None:
    done = run(creation(), None, {"Create Cluster": [answer]}, wait=False)
    assert done.http.records.of(_present.CREATIONS)["orders"]["cluster_id"] == cluster_id


def test_termination_removes_the_record_of_the_creation() -> None:
    http = FakeHttp({"Show Cluster": [GONE]})
    _present.record_creation(http, "orders", "c1")
    waiter = Waiter(http, Budget(100, http.clock), http.clock)
    Execution(Places(waiter, waiter), a_cluster(), None, []).carry_out(_cluster_plan.plan_absence(a_cluster()), True)
    assert http.records.of(_present.CREATIONS) == {}


REPEATED = "Do not run the task again: that would send Restart Cluster once more."


@pytest.mark.parametrize(
    ("answer", "way"),
    [
        (ACCEPTED, "mariadb_request_info (request_ids: [req-1], wait: true)."),
        (LOST, "mariadb_cluster_info (cluster_id: c1) until service_state is RUNNING."),
    ],
    ids=["accepted", "lost"],
)
def test_advice_after_a_timeout_does_not_repeat_the_operation(answer: Any, way: str) -> None:
    script = {"Restart Cluster": [answer], "Show Cluster": [a_cluster("RESTARTING")]}
    done = run(to(declaring("restarted")), a_cluster(), script, budget=30)
    assert isinstance(done.error, WaitTimeout)
    assert done.error.todo == f"{REPEATED} To wait for its end use {way}"


def test_advice_after_a_timeout_of_what_the_cluster_shows_is_to_run_again() -> None:
    done = run(to(AUDIT), a_cluster(), {"Show Cluster": [a_cluster("EDITING")]}, budget=30)
    assert done.error.todo.startswith("Run the task again to continue waiting")


def test_advice_after_a_lost_answer_does_not_repeat_the_operation() -> None:
    done = run(to(declaring("restarted")), a_cluster(), {"Restart Cluster": [LOST], "Show Cluster": [a_cluster()]})
    assert "Look in the console whether Restart Cluster was carried out. Run the task again only if" in done.error.todo


def test_lost_creation_that_is_not_found_is_not_sent_again() -> None:
    done = run(creation(), None, {"Create Cluster": [LOST]})

    assert isinstance(done.error, AnswerLost)
    assert done.http.writes == ["Create Cluster"]
    assert sum(done.clock.slept) == pytest.approx(60)
    assert "wait 60 seconds and look for orders with mariadb_cluster_info" in done.error.msg
    assert done.error.result()["operations"] == []
    assert done.error.result()["changed"] is False


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([a_cluster("EDITING"), audited()], id="on its way"),
        pytest.param([audited()], id="done"),
        pytest.param([a_cluster(), a_cluster(), a_cluster("EDITING"), audited()], id="late"),
    ],
)
def test_lost_change_that_shows_is_waited_for(seen: list[Any]) -> None:
    done = run(to(AUDIT), a_cluster(), {"Set Audit Log": [LOST], "Show Cluster": seen})
    assert done.error is None
    assert done.http.writes == ["Set Audit Log"]
    assert done.outcome is not None
    assert done.outcome.values["cluster"] == audited()


def test_lost_change_that_does_not_show_is_not_sent_again() -> None:
    done = run(to(AUDIT), a_cluster(), {"Set Audit Log": [LOST], "Show Cluster": [a_cluster()]})
    assert isinstance(done.error, AnswerLost)
    assert done.http.writes == ["Set Audit Log"]
    assert done.error.result()["cluster_id"] == "c1"


def test_lost_termination_that_shows_is_done() -> None:
    plan = _cluster_plan.plan_absence(a_cluster())
    done = run(plan, a_cluster(), {"Terminate Cluster": [LOST], "Show Cluster": [GONE]})
    assert done.error is None


def test_lost_restart_that_does_not_show_is_not_taken_for_done() -> None:
    done = run(to(declaring("restarted")), a_cluster(), {"Restart Cluster": [LOST], "Show Cluster": [a_cluster()]})
    assert isinstance(done.error, AnswerLost)
    assert done.http.writes == ["Restart Cluster"]


def test_lost_restart_that_was_seen_is_done_when_the_cluster_is_back() -> None:
    seen = [a_cluster("RESTARTING"), a_cluster()]
    done = run(to(declaring("restarted")), a_cluster(), {"Restart Cluster": [LOST], "Show Cluster": seen})
    assert done.error is None
    assert sum(done.clock.slept) < SETTLE_SECONDS


@pytest.mark.parametrize(
    ("plan", "cluster", "script", "created", "looks"),
    [
        pytest.param(creation(), None, {"Show Cluster": [a_cluster("CREATING")]}, None, 0, id="accepted"),
        pytest.param(
            creation(),
            None,
            {"Create Cluster": [LOST], "Show Cluster": [a_cluster("CREATING")]},
            [None, None, a_cluster("CREATING")],
            2,
            id="lost creation",
        ),
        pytest.param(
            to(TWO),
            a_cluster(),
            {"Set Server Type": [LOST], "Show Cluster": [a_cluster(), a_cluster(), a_cluster("EDITING")]},
            None,
            2,
            id="lost change",
        ),
    ],
)
def test_pauses_count_from_when_a_step_was_sent(
    plan: Plan, cluster: Json | None, script: dict[str, list[Any]], created: list[Any] | None, looks: int
) -> None:
    step = plan.steps[-1]
    done = run(replace(plan, steps=(step,)), cluster, script, created=created, budget=30)
    assert isinstance(done.error, WaitTimeout)
    # The looks for a lost step come before those at it.
    elapsed, pauses = sum(done.clock.slept[:looks]), done.clock.slept[looks:-1]
    assert len(pauses) >= 3
    for pause in pauses:
        assert pause == pytest.approx(_pace.of(step.call.operation)(elapsed, done.clock))
        elapsed += pause


# Another operation in the way


@pytest.mark.parametrize("code", ["Dbaas.ValidationError.ExistInprogress", "ExistInprogress", "Dbaas.RbacCreateError"])
def test_busy_cluster_at_the_first_step_is_left_to_the_task(code: str) -> None:
    done = run(to(AUDIT), a_cluster(), {"Set Audit Log": [ApiError("busy", status=400, code=code)]})
    assert (done.http.writes, done.http.reads, done.clock.slept) == (["Set Audit Log"], [], [])
    assert "Another operation is under way" in done.error.msg
    assert done.error.facts == {
        "changed": False,
        "operations": [],
        "cluster": a_cluster(),
        "cluster_id": "c1",
    }


def test_busy_cluster_at_a_later_step_is_left_to_the_task() -> None:
    done = run(to(TWO), a_cluster(), {"Set Server Type": [BUSY], "Show Cluster": [audited()]})
    assert done.http.writes == ["Set Audit Log", "Set Server Type"]
    assert "Sent so far: Set Audit Log." in done.error.msg
    assert done.error.result()["changed"] is True


@pytest.mark.parametrize("at_work", [[], ["EDITING", "EDITING"]], ids=["done", "under way"])
def test_later_step_that_another_run_did_meanwhile_is_not_sent(at_work: list[str]) -> None:
    both = {**resized(), "init_config_option": audited()["init_config_option"]}
    on_its_way = [{**audited(), "service_state": state} for state in at_work]
    done = run(to(TWO), a_cluster(), {"Show Cluster": [audited(), *on_its_way, both]})
    assert done.error is None
    assert done.http.writes == ["Set Audit Log"]
    assert [one["operation"] for one in done.outcome.operations] == ["Set Audit Log"]


def test_busy_cluster_is_not_waited_for_without_wait() -> None:
    done = run(to(AUDIT), a_cluster(), {"Set Audit Log": [BUSY]}, wait=False)
    assert isinstance(done.error, ApiError)
    assert done.http.writes == ["Set Audit Log"]
    assert done.clock.slept == []


@pytest.mark.parametrize("code", ["Dbaas.ValidationError.InvalidServiceState", "Dbaas.ValidationError", None])
def test_other_refusals_end_the_task(code: str | None) -> None:
    refusal = ApiError("no", status=400, code=code)
    done = run(to(AUDIT), a_cluster(), {"Set Audit Log": [refusal], "Show Cluster": [a_cluster()]})
    assert done.http.writes == ["Set Audit Log"]
    assert done.clock.slept == []
    assert done.error.result()["changed"] is False


# Failures on the way


@pytest.mark.parametrize(
    ("script", "error"),
    [
        pytest.param(
            {"Set Server Type": [ApiError("No.", status=400)], "Show Cluster": [audited()]}, ApiError, id="refused"
        ),
        pytest.param(
            {"Set Server Type": [NotReached("No.")], "Show Cluster": [audited()]}, NotReached, id="not reached"
        ),
    ],
)
def test_failure_of_the_second_step_tells_what_was_sent(script: dict[str, list[Any]], error: type[ScpError]) -> None:
    done = run(to(TWO), a_cluster(), script)

    assert isinstance(done.error, error)
    assert done.error.msg == "No. Sent so far: Set Audit Log."
    result = done.error.result()
    assert result["changed"] is True
    assert [operation["operation"] for operation in result["operations"]] == ["Set Audit Log"]
    assert result["cluster"] == audited()
    assert result["cluster_id"] == "c1"


def test_failure_in_the_background_tells_what_was_sent() -> None:
    done = run(to(TWO), a_cluster(), {"Show Cluster": [audited(), audited("UNKNOWN")]})

    assert isinstance(done.error, OperationFailed)
    assert "Sent so far: Set Audit Log, Set Server Type." in done.error.msg
    result = done.error.result()
    assert (result["changed"], result["cluster_id"], result["request_id"]) == (True, "c1", "req-1")
    assert len(result["operations"]) == 2
    assert result["cluster"]["service_state"] == "UNKNOWN"


@pytest.mark.parametrize("budget", [50, 500])
def test_budget_is_shared_over_the_steps(budget: float) -> None:
    seen: list[Any] = [*[a_cluster("EDITING")] * 8, audited(), audited(), a_cluster("EDITING")]
    done = run(to(TWO), a_cluster(), {"Show Cluster": seen}, budget=budget)
    assert isinstance(done.error, WaitTimeout)
    assert sum(done.clock.slept) == pytest.approx(budget)
    assert done.error.result()["request_id"] == "req-1"


@pytest.mark.parametrize("end", [GONE, a_cluster("TERMINATED")], ids=["404", "TERMINATED"])
def test_cluster_that_vanishes_before_the_first_look_is_noticed(end: Any) -> None:
    done = run(to(AUDIT), a_cluster(), {"Show Cluster": [end]})
    assert isinstance(done.error, OperationFailed)
    assert "vanished" in done.error.msg
