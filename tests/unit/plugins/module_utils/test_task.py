# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _cluster_plan, _task
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    ApiError,
    NotReached,
    OperationFailed,
    Refused,
    Unexpected,
    WaitTimeout,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Accepted
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Goal, Plan, Step
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Progress
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import BUSY_SECONDS, MOST_DOUBTS, Outdated, Task
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import TRACE_SECONDS
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    ACCEPTED,
    Answer,
    Ended,
    FakeClock,
    FakeHttp,
    FakeShell,
    FakeTransport,
    a_cluster,
    gone,
)

PARAMS: dict[str, Any] = {
    "access_key": "hunter1",
    "secret_key": "hunter2",
    "auth_token": "hunter3",
    "region": "kr-west1",
    "language": "en-US",
    "validate_certs": True,
    "allow_plain_http": False,
    "api_timeout": 30,
    "api_retries": 0,
}


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have neither a configuration nor credentials in the home folder and the environment."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("SCP_ACCESS_KEY", "SCP_SECRET_KEY", "SCP_TF_ACCESS_KEY", "SCP_TF_SECRET_KEY"):
        monkeypatch.delenv(variable, raising=False)


def ended(shell: FakeShell, resource: Any) -> Ended:
    with pytest.raises(Ended) as caught:
        _task.run(shell, resource)
    return caught.value


def test_outcome_becomes_the_result() -> None:
    outcome = Outcome(True, [{"operation": "x"}], {"before": {}, "after": {}}, {"cluster": None})
    end = ended(FakeShell(**PARAMS), lambda task: outcome)
    assert (end.how, end.result) == (
        "exit",
        {"changed": True, "cluster": None, "operations": [{"operation": "x"}], "diff": {"before": {}, "after": {}}},
    )


def test_outcome_of_a_read_has_neither_operations_nor_diff() -> None:
    assert ended(FakeShell(**PARAMS), lambda task: Outcome(values={"a": 1})).result == {"changed": False, "a": 1}


def test_secrets_are_registered_before_the_work_begins() -> None:
    shell = FakeShell(**PARAMS)
    registered: list[set[str]] = []
    ended(shell, lambda task: registered.append(set(shell.no_log_values)) or Outcome())
    assert registered == [{"hunter1", "hunter2", "hunter3"}]


def test_secrets_of_the_environment_are_registered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCP_SECRET_KEY", "hunter4")
    shell = FakeShell(**{**PARAMS, "secret_key": None})
    ended(shell, lambda task: Outcome())
    assert "hunter4" in shell.no_log_values


def test_failure_becomes_fail_json() -> None:
    def fail() -> Outcome:
        error = Refused("What.", now="Now.", status=404, code="C")
        error.facts["cluster_id"] = "c1"
        raise error

    end = ended(FakeShell(**PARAMS), lambda task: fail())
    assert (end.how, end.result) == (
        "fail",
        {
            "msg": "What. Now.",
            "error": {
                "status": 404,
                "code": "C",
                "detail": None,
                "request_id": None,
                "method": None,
                "path": None,
            },
            "cluster_id": "c1",
        },
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"secret_key": None}, "No SCP credentials"),
        ({"region": "x"}, "region is 'x'"),
        ({"api_retries": -1}, "api_retries"),
    ],
)
def test_configuration_that_does_not_do_becomes_fail_json(changes: dict[str, Any], told: str) -> None:
    end = ended(FakeShell(**{**PARAMS, **changes}), lambda task: Outcome())
    assert end.how == "fail"
    assert told in end.result["msg"]
    assert set(end.result["error"].values()) == {None}
    assert "hunter" not in str(end.result)


def test_answer_of_the_api_becomes_fail_json(monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"errors": [{"code": "Dbaas.Unauthorized.AuthNFailed", "detail": "No.", "request_id": "req-1"}]}
    transport = FakeTransport(Answer(401, body))
    monkeypatch.setattr(HTTPAdapter, "send", lambda adapter, request, **options: transport.send(request, **options))

    end = ended(FakeShell(**PARAMS), lambda task: Outcome(values=task.http.read(_api.show_cluster("c1"))))

    assert end.how == "fail"
    assert end.result["error"] == {
        "status": 401,
        "code": "Dbaas.Unauthorized.AuthNFailed",
        "detail": "No.",
        "request_id": "req-1",
        "method": "GET",
        "path": "/v1/clusters/c1",
    }
    assert "hunter" not in str(end.result)


def test_warnings_go_to_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = Answer(200, {"versions": [{"id": "v1.1", "status": "CURRENT"}]})
    transport = FakeTransport(Answer(406), versions, Answer(200, {"contents": []}))
    monkeypatch.setattr(HTTPAdapter, "send", lambda adapter, request, **options: transport.send(request, **options))
    shell = FakeShell(**PARAMS)

    ended(shell, lambda task: Outcome(values=task.http.read(_api.list_replicas("c1"))))

    assert len(shell.warnings) == 1
    assert "using 1.1" in shell.warnings[0]


def test_waits_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = FakeTransport(Answer(200, a_cluster("EDITING")))
    monkeypatch.setattr(HTTPAdapter, "send", lambda adapter, request, **options: transport.send(request, **options))
    clock = FakeClock()
    monkeypatch.setattr(_task, "Clock", lambda: clock)
    told: list[Progress] = []
    shell = FakeShell(**PARAMS, wait=True, wait_timeout=20)

    with pytest.raises(Ended) as caught:
        _task.run(shell, lambda task: task.rest(a_cluster("EDITING")) and Outcome(), tell=told.append)

    assert "Waited 20 seconds" in caught.value.result["msg"]
    assert [(progress.cluster_id, progress.service_state) for progress in told] == [("c1", "EDITING")] * 2
    assert "hunter" not in str(told)


def test_credentials_that_others_can_read_are_warned_of(tmp_path: Path) -> None:
    file = tmp_path / ".scpconf" / "credentials.json"
    file.parent.mkdir()
    file.write_text('{"access-key": "hunter1", "secret-key": "hunter2"}', encoding="utf-8")
    file.chmod(0o644)
    shell = FakeShell(**{**PARAMS, "access_key": None, "secret_key": None})

    ended(shell, lambda task: Outcome())

    assert [f"{file} are open to others" in warning for warning in shell.warnings] == [True]


@pytest.mark.parametrize(
    ("wait", "check_mode", "waits"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_task_waits_for_what_is_under_way(wait: bool, check_mode: bool, waits: bool) -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()]})
    task = Task({"wait": wait, "wait_timeout": 10}, check_mode, http, FakeClock())
    assert task.rest(a_cluster("EDITING")) == (a_cluster() if waits else a_cluster("EDITING"))
    assert http.reads == (["Show Cluster"] if waits else [])


@pytest.mark.parametrize(
    ("wait", "check_mode", "writes", "reads"),
    [
        pytest.param(True, False, ["Restart Cluster"], ["Show Cluster"] * 2, id="run"),
        pytest.param(False, False, ["Restart Cluster"], ["Show Cluster"], id="without wait"),
        pytest.param(True, True, [], [], id="check mode"),
    ],
)
def test_task_fulfils_a_plan(wait: bool, check_mode: bool, writes: list[str], reads: list[str]) -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()]})
    task = Task({"wait": wait, "wait_timeout": 10}, check_mode, http, FakeClock())
    plan = Plan((Step(_api.restart_cluster("c1"), ("state",), Goal("it", lambda cluster: True)),), {}, {})
    assert task.fulfil(plan, a_cluster()).changed
    assert (http.writes, http.reads) == (writes, reads)


def refusal(code: str, status: int = 400) -> ApiError:
    return ApiError("no", status=status, code=code, method="PUT")


GONE = gone("not there")
RESTART = Plan((Step(_api.restart_cluster("c1"), ("state",), Goal("it", lambda cluster: True)),), {}, {})


def a_task(http: FakeHttp, **params: object) -> Task:
    return Task({"wait": True, "wait_timeout": 10, **params}, False, http, http.clock)


def restart(goal: Goal = _cluster_plan.RESTARTED) -> Plan:
    return Plan((Step(_api.restart_cluster("c1"), ("state",), goal),), {}, {})


def repeated(http: FakeHttp, check_mode: bool = False, **params: object) -> Outcome:
    """Run a task that restarts, as a module does."""
    task = Task({"wait": True, "wait_timeout": 100, **params}, check_mode, http, http.clock)

    def resource(task: Task) -> Outcome:
        cluster = task.rest(task.http.read(_api.show_cluster("c1")))
        return task.fulfil(restart(), cluster)

    return task.complete(resource)


@pytest.mark.parametrize("state", ["RESTARTING", "STARTING"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_restart_in_progress_is_the_one_that_is_asked_for(state: str, check_mode: bool) -> None:
    http = FakeHttp({"Show Cluster": [a_cluster(state), a_cluster(state), a_cluster()]})
    outcome = repeated(http, check_mode)
    assert (outcome.changed, outcome.operations, http.writes) == (False, [], [])


def test_other_operation_in_progress_is_no_restart() -> None:
    http = FakeHttp(
        {"Show Cluster": [a_cluster("EDITING"), a_cluster(), a_cluster(), a_cluster("RESTARTING"), a_cluster()]}
    )
    assert repeated(http).operations is not None
    assert http.writes == ["Restart Cluster"]


def timed_out(http: FakeHttp) -> None:
    """Let a task of the run send a restart and give up waiting."""
    http.script["Show Cluster"] = [a_cluster(), a_cluster(), a_cluster("EDITING")]
    with pytest.raises(WaitTimeout):
        repeated(http)
    assert http.writes == ["Restart Cluster"]


@pytest.mark.parametrize("state", ["COMPLETED", "RUNNING"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_operation_whose_end_was_not_seen_is_not_sent_again_in_the_same_run(state: str, check_mode: bool) -> None:
    http = FakeHttp({"Show Request": [{"request_id": "req-1", "state": state}], "Show Cluster": []})
    timed_out(http)
    http.script["Show Cluster"] = [a_cluster()]
    outcome = repeated(http, check_mode)
    assert (outcome.changed, outcome.operations, http.writes) == (False, [], ["Restart Cluster"])
    if not check_mode:
        http.script["Show Cluster"] = [a_cluster(), a_cluster(), a_cluster("RESTARTING"), a_cluster()]
        assert repeated(http).changed


def test_operation_that_failed_is_sent_again() -> None:
    http = FakeHttp({"Show Request": [{"request_id": "req-1", "state": "FAILED"}], "Show Cluster": []})
    timed_out(http)
    http.script["Show Cluster"] = [a_cluster()]
    with pytest.raises(OperationFailed):
        repeated(http)
    http.script["Show Cluster"] = [a_cluster(), a_cluster(), a_cluster("RESTARTING"), a_cluster()]
    assert repeated(http).changed


def test_operation_that_was_not_waited_for_is_sent_again_once_it_has_ended() -> None:
    http = FakeHttp({"Show Request": [{"request_id": "req-1", "state": "RUNNING"}], "Show Cluster": [a_cluster()]})
    assert repeated(http, wait=False).changed
    assert not repeated(http, wait=False).changed
    http.script["Show Request"] = [{"request_id": "req-1", "state": "COMPLETED"}]
    assert repeated(http, wait=False).changed
    assert http.writes == ["Restart Cluster"] * 2


def test_operation_of_another_log_is_another_one() -> None:
    """The export of one log that was not waited for does not stand for that of another."""
    http = FakeHttp({"Show Request": [{"request_id": "req-1", "state": "RUNNING"}], "Show Cluster": [a_cluster()]})
    exported = Goal("the export", lambda cluster: True, visible=False, repeats=True)
    for log_type in ("slow", "slow", "audit"):
        plan = Plan((Step(_api.export_log("c1", log_type), ("state",), exported),), {}, {})
        a_task(http, wait=False).complete(lambda task, plan=plan: task.fulfil(plan, a_cluster()))
    assert [call.path.split("/")[-2] for call in http.calls if not call.is_read] == ["slow", "audit"]


def test_operation_behind_a_change_is_another_one() -> None:
    """A restart that began before the change does not serve it."""
    http = FakeHttp({"Show Cluster": [a_cluster("RESTARTING")]})
    change = Step(_api.set_audit_log("c1", True), ("init_config_option",), Goal("it", lambda cluster: True))
    task = Task({"wait": True, "wait_timeout": 100}, True, http, http.clock)
    task.rest(a_cluster("RESTARTING"))
    outcome = task.fulfil(Plan((change, *restart().steps), {}, {}), a_cluster())
    assert [one["operation"] for one in outcome.operations or []] == ["Set Audit Log", "Restart Cluster"]


def test_failure_behind_an_operation_that_a_further_run_would_repeat_names_it() -> None:
    http = FakeHttp({"Show Cluster": [a_cluster(), a_cluster("RESTARTING"), a_cluster()]})

    def resource(task: Task) -> Outcome:
        task.fulfil(restart(), a_cluster())
        raise ApiError("No.", todo="Run the task again.", status=500)

    with pytest.raises(ApiError) as caught:
        a_task(http).complete(resource)
    advice = "But leave out what is done, which it would do again: Restart Cluster of orders."
    assert caught.value.todo == f"Run the task again. {advice}"


def test_operation_that_is_done_is_not_sent_again_by_the_next_plan() -> None:
    """The second of two replicas is busy with another run's operation when its turn comes."""
    http = FakeHttp({"Show Cluster": [a_cluster()], "Show Request": [{"request_id": "req-1", "state": "COMPLETED"}]})
    http.script["Stop Cluster"] = [refusal("ExistInprogress"), Accepted("req-2", "c1")]
    stop = Step(_api.stop_cluster("c1"), ("state",), Goal("it", lambda cluster: True, visible=False))

    def resource(task: Task) -> Outcome:
        return task.fulfil(Plan((*restart().steps, stop), {}, {}), a_cluster())

    a_task(http).complete(resource)
    assert http.writes.count("Restart Cluster") == 1


def test_old_reading_is_planned_for_anew() -> None:
    """The first reading is that of before another run's write."""
    http = FakeHttp({"Show Cluster": [a_cluster(), a_cluster("EDITING"), a_cluster()]})
    seen = []

    def resource(task: Task) -> Outcome:
        cluster = task.http.read(_api.show_cluster("c1"))
        seen.append((cluster["service_state"], len(http.writes)))
        return task.fulfil(RESTART, cluster)

    assert a_task(http).complete(resource).changed
    assert seen == [("RUNNING", 0), ("RUNNING", 0)]
    assert http.writes == ["Restart Cluster"]


def test_cluster_that_changes_at_every_look_is_changed_all_the_same() -> None:
    numbers = iter(range(1000))
    http = FakeHttp({"Show Cluster": [lambda: a_cluster(modified_at=str(next(numbers)))]})
    assert a_task(http).complete(lambda task: task.fulfil(RESTART, a_cluster())).changed


@pytest.mark.parametrize("code", ["Dbaas.ValidationError.ExistInprogress", "ExistInprogress", "Dbaas.RbacCreateError"])
def test_first_step_that_finds_the_cluster_busy_is_planned_anew(code: str) -> None:
    busy = refusal(code)
    http = FakeHttp({"Show Cluster": [a_cluster()], "Restart Cluster": [busy, busy, Accepted("req-1", "c1")]})
    plans: list[Plan] = []

    def resource(task: Task) -> Outcome:
        plans.append(RESTART)
        return task.fulfil(RESTART, a_cluster())

    assert a_task(http).complete(resource).changed
    assert (len(plans), http.writes) == (3, ["Restart Cluster"] * 3)
    assert len(http.clock.slept) >= len(plans) - 1


@pytest.mark.parametrize("seen", [a_cluster("EDITING"), GONE], ids=["moved", "gone"])
@pytest.mark.parametrize("status", [400, 404])
def test_refusal_of_a_plan_for_another_state_makes_it_an_old_one(seen: object, status: int) -> None:
    http = FakeHttp({"Show Cluster": [a_cluster(), seen], "Restart Cluster": [refusal("Dbaas.Other", status)]})
    with pytest.raises(Outdated) as caught:
        a_task(http).fulfil(RESTART, a_cluster())
    assert caught.value.refusal is not None
    assert caught.value.refusal.facts["operations"] == []


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        pytest.param(a_cluster(), 400, id="cluster has not moved"),
        pytest.param(NotReached("Off."), 400, id="cluster can not be read"),
        pytest.param(a_cluster("EDITING"), 403, id="refused for another reason"),
    ],
)
def test_other_refusals_end_the_task(seen: object, status: int) -> None:
    http = FakeHttp({"Show Cluster": [a_cluster(), seen], "Restart Cluster": [refusal("Dbaas.Other", status)]})
    with pytest.raises(ApiError, match=r"^no") as caught:
        a_task(http).complete(lambda task: task.fulfil(RESTART, a_cluster()))
    assert http.writes == ["Restart Cluster"]
    assert caught.value.facts["changed"] is False


def test_refusal_for_its_state_outlasts_an_old_reading() -> None:
    """Right after another run's write the service refuses by the new state, and still shows the old one."""
    shown = [a_cluster(), a_cluster(), a_cluster(), a_cluster("EDITING")]
    http = FakeHttp({"Show Cluster": shown, "Restart Cluster": [refusal("Dbaas.ValidationError.InvalidServiceState")]})
    with pytest.raises(Outdated):
        a_task(http).fulfil(RESTART, a_cluster())
    assert http.writes == ["Restart Cluster"]


def test_refusal_for_its_state_of_a_cluster_that_stays_ends_the_task() -> None:
    shown, code = [a_cluster()], "InvalidServiceState"
    http = FakeHttp({"Show Cluster": shown, "Restart Cluster": [refusal(code)]})
    with pytest.raises(ApiError, match=r"^no"):
        a_task(http, wait_timeout=3600).complete(lambda task: task.fulfil(RESTART, a_cluster()))
    assert http.writes == ["Restart Cluster"]
    assert sum(http.clock.slept) <= TRACE_SECONDS


def test_cluster_that_moves_at_every_refusal_ends_the_task() -> None:
    numbers = iter(range(1000))
    http = FakeHttp(
        {
            "Show Cluster": [lambda: a_cluster(modified_at=str(next(numbers)))],
            "Restart Cluster": [refusal("Dbaas.Other")],
        }
    )
    with pytest.raises(ApiError, match=r"^no"):
        a_task(http).complete(lambda task: task.fulfil(RESTART, task.http.read(_api.show_cluster("c1"))))
    assert len(http.writes) <= MOST_DOUBTS + 1


def test_later_step_that_finds_the_cluster_busy_is_planned_anew() -> None:
    """Another run of the same play does the second step meanwhile."""
    before = a_cluster()
    http = FakeHttp({"Show Cluster": [before], "Stop Cluster": [refusal("ExistInprogress")]})
    stop = Step(_api.stop_cluster("c1"), ("state",), Goal("it", lambda cluster: False))
    plans = iter(
        [
            Plan((*RESTART.steps, stop), {"state": "first"}, {"state": "both"}),
            Plan((), {"state": "both"}, {"state": "both"}),
        ]
    )
    outcome = a_task(http).complete(lambda task: task.fulfil(next(plans), before))
    assert http.writes == ["Restart Cluster", "Stop Cluster"]
    assert outcome.changed
    assert [one["operation"] for one in outcome.operations or []] == ["Restart Cluster"]
    assert outcome.diff == {"before": {"state": "first"}, "after": {"state": "both"}}


def unexplained(status: int, code: str | None = None, from_service: bool = True, path: str = "/restart") -> ApiError:
    error = ApiError("No.", status=status, code=code, method="POST", path=path)
    error.from_service = from_service
    return error


def detailed(detail: str) -> ApiError:
    error = unexplained(400)
    error.detail = detail
    return error


@pytest.mark.parametrize("error", [unexplained(400), unexplained(409), unexplained(409, "Dbaas.Odd")], ids=str)
def test_refusal_without_a_reason_may_be_that_of_a_busy_cluster(error: ApiError) -> None:
    warnings: list[str] = []
    http = FakeHttp({"Show Cluster": [a_cluster()], "Restart Cluster": [error, error, ACCEPTED]})
    task = Task({"wait": True, "wait_timeout": 3600}, False, http, http.clock, warn=warnings.append)
    outcome = task.complete(lambda task: task.fulfil(RESTART, a_cluster()))
    assert [one["operation"] for one in outcome.operations or []] == ["Restart Cluster"]
    assert http.writes == ["Restart Cluster"] * 3
    [warning] = warnings
    assert "asked again for up to 600 seconds" in warning


@pytest.mark.parametrize(
    "error",
    [
        unexplained(400, "Dbaas.Odd"),
        unexplained(400, from_service=False),
        unexplained(403),
        unexplained(422),
        unexplained(409, path="/v1/clusters/c1/sync-state"),
        unexplained(409, "Dbaas.DuplicatedName"),
        detailed("value_error"),
    ],
    ids=str,
)
def test_refusal_with_a_reason_is_one(error: ApiError) -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()], "Restart Cluster": [error, ACCEPTED]})
    with pytest.raises(ApiError, match="No"):
        a_task(http, wait_timeout=3600).complete(lambda task: task.fulfil(RESTART, a_cluster()))
    assert http.writes == ["Restart Cluster"]


def test_refusal_without_a_reason_that_stays_ends_the_task() -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()], "Restart Cluster": [unexplained(409)]})
    with pytest.raises(ApiError, match="No"):
        a_task(http, wait_timeout=7200).complete(lambda task: task.fulfil(RESTART, a_cluster()))
    assert BUSY_SECONDS <= sum(http.clock.slept) < BUSY_SECONDS + 30


class Surprise(Exception):
    pass


def test_any_exception_tells_what_was_done() -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()]})

    def resource(task: Task) -> Outcome:
        task.fulfil(RESTART, a_cluster())
        raise Surprise("of a new kind")

    with pytest.raises(Unexpected, match=r"unexpected error: Surprise: of a new kind \(test_task.py, line") as caught:
        a_task(http).complete(resource)
    assert "Sent so far: Restart Cluster." in caught.value.msg
    facts = caught.value.facts
    assert (facts["changed"], facts["cluster_id"], len(facts["operations"])) == (True, "c1", 1)


def test_any_exception_behind_a_write_tells_of_it() -> None:
    """Out of the wait for its end, whatever the answer looks like."""

    def broken() -> Any:
        raise Surprise

    http = FakeHttp({"Show Cluster": [a_cluster(), broken]})
    with pytest.raises(Unexpected) as caught:
        a_task(http).complete(lambda task: task.fulfil(RESTART, a_cluster()))
    facts = caught.value.facts
    assert (facts["changed"], facts["cluster_id"], len(facts["operations"])) == (True, "c1", 1)


def test_any_exception_before_a_write_says_that_nothing_was_changed() -> None:
    def resource(_task: Task) -> Outcome:
        raise Surprise

    with pytest.raises(Unexpected, match="Nothing was changed") as caught:
        a_task(FakeHttp({})).complete(resource)
    assert not caught.value.facts.get("changed")


@pytest.mark.parametrize("check_mode", [True, False])
def test_state_that_is_not_known_is_named_at_once(check_mode: bool) -> None:
    http = FakeHttp({})
    task = Task({"wait": True, "wait_timeout": 7200}, check_mode, http, http.clock)
    with pytest.raises(OperationFailed, match=r"service_state of the cluster orders \(c1\) is DEGRADED, which this"):
        task.rest(a_cluster("DEGRADED"))
    assert http.clock.slept == []


def test_wait_that_ends_with_the_budget_is_followed_by_a_new_plan() -> None:
    http = FakeHttp({})
    waits = iter([True, False])

    def resource(_task: Task) -> Outcome:
        if next(waits):
            http.clock.sleep(10)
            raise Outdated
        return Outcome()

    assert not a_task(http).complete(resource).changed


def test_refusal_after_a_plan_that_was_made_anew_tells_what_was_sent() -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()], "Stop Cluster": [refusal("ExistInprogress")]})
    stop = Step(_api.stop_cluster("c1"), ("state",), Goal("it", lambda cluster: False))
    plans = iter([Plan((*RESTART.steps, stop), {}, {})])

    def resource(task: Task) -> Outcome:
        for plan in plans:
            return task.fulfil(plan, a_cluster())
        raise Refused("It is another now.")

    with pytest.raises(Refused, match="Sent so far: Restart Cluster") as caught:
        a_task(http).complete(resource)
    assert caught.value.facts["changed"] is True
    assert [one["operation"] for one in caught.value.facts["operations"]] == ["Restart Cluster"]


def test_wait_that_fails_after_a_plan_that_was_made_anew_tells_what_was_sent() -> None:
    """Another run's operation was in the way, and left the cluster UNKNOWN."""
    http = FakeHttp({"Show Cluster": [a_cluster()], "Stop Cluster": [refusal("ExistInprogress")]})
    stop = Step(_api.stop_cluster("c1"), ("state",), Goal("it", lambda cluster: False))
    plans = iter([Plan((*RESTART.steps, stop), {}, {})])

    def resource(task: Task) -> Outcome:
        for plan in plans:
            return task.fulfil(plan, a_cluster())
        http.script["Show Cluster"] = [a_cluster("EDITING"), a_cluster("UNKNOWN")]
        task.rest(a_cluster("EDITING"))
        raise AssertionError("the cluster went UNKNOWN")

    with pytest.raises(OperationFailed, match="Sent so far: Restart Cluster") as caught:
        a_task(http).complete(resource)
    assert caught.value.facts["changed"] is True
    assert [one["operation"] for one in caught.value.facts["operations"]] == ["Restart Cluster"]


def test_refusal_of_a_later_step_is_the_failure() -> None:
    steps = (*RESTART.steps, Step(_api.stop_cluster("c1"), ("state",), Goal("it", lambda cluster: False)))
    http = FakeHttp({"Show Cluster": [a_cluster()], "Stop Cluster": [refusal("Dbaas.Other")]})
    with pytest.raises(ApiError, match="Sent so far: Restart Cluster") as caught:
        a_task(http).complete(lambda task: task.fulfil(Plan(steps, {}, {}), a_cluster()))
    assert caught.value.facts["changed"] is True


def test_cluster_that_stays_busy_ends_the_task() -> None:
    http = FakeHttp(
        {"Show Cluster": [a_cluster()], "Restart Cluster": [refusal("Dbaas.ValidationError.ExistInprogress")]}
    )
    with pytest.raises(ApiError, match="Another operation is under way") as caught:
        a_task(http).complete(lambda task: task.fulfil(RESTART, a_cluster()))
    assert sum(http.clock.slept) == pytest.approx(10)
    assert caught.value.facts["changed"] is False


@pytest.mark.parametrize("now", ["", NOTHING_CHANGED])
def test_failure_behind_the_operations_tells_them(now: str) -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()]})

    def resource(task: Task) -> Outcome:
        task.fulfil(RESTART, a_cluster())
        raise ApiError("No.", now=now, status=401)

    with pytest.raises(ApiError) as caught:
        a_task(http).complete(resource)
    assert caught.value.msg == "No. Sent so far: Restart Cluster."
    assert caught.value.facts["changed"] is True
    assert [one["operation"] for one in caught.value.facts["operations"]] == ["Restart Cluster"]
    assert caught.value.facts["cluster_id"] == "c1"
