# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _parameter_values, _parameters
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    ApiError,
    InvalidInput,
    OperationFailed,
    Refused,
    ScpError,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    ACCEPTED,
    FakeClock,
    FakeHttp,
    Json,
    a_cluster,
    problems_of,
)

SET, RESTART, RECOVER = "Set Parameter Values", "Restart Cluster", "Synchronize Cluster State"
DONE = {"request_id": "req-1", "state": "COMPLETED"}


def a_parameter(name: str, applied_value: str, **changes: Any) -> Json:
    """Return a parameter as the API shows it."""
    return {
        "allows_value": "",
        "applied_value": applied_value,
        "apply_type": "dynamic",
        "data_type": "integer",
        "default_value": applied_value,
        "description": None,
        "id": f"{name}-id",
        "is_modifiable": True,
        "name": name,
        "software_type": "DB",
        **changes,
    }


# What values mean


@pytest.mark.parametrize(
    ("applied", "declared"),
    [
        ("ON", "1"),
        ("OFF", "false"),
        ("0", "No"),
        ("134217728", "128M"),
        ("128m", "131072K"),
        ("1T", "1024G"),
        ("10.000000", "10"),
        ("0.5", "0.50"),
        ("-1", "-1"),
        ("MIXED", "mixed"),
        ("SYSTEM", "'SYSTEM'"),
        ("", "''"),
        ("FILE,TABLE", ' "file, table" '),
        ("18446744073709551615", "18446744073709551615"),
        ("inf", "INF"),
        ("nan", "NaN"),
    ],
)
def test_values_that_are_the_same(applied: str, declared: str) -> None:
    parameter = a_parameter("p", applied)
    assert _parameter_values.same(parameter, declared)
    assert _parameter_values.same(a_parameter("p", declared), applied)


@pytest.mark.parametrize(
    ("applied", "declared"),
    [
        ("ON", "OFF"),
        ("1", "2"),
        ("128M", "128K"),
        ("10.000000", "10.000001"),
        ("0.1234567", "0.1234568"),
        ("18446744073709551615", "18446744073709551614"),
        ("FILE,TABLE", "TABLE,FILE"),
        ("FILE", ""),
        ("128MB", "128M"),
        ("SYSTEM", "'SYSTEM"),
        ("nan", "inf"),
    ],
)
def test_values_that_are_not_the_same(applied: str, declared: str) -> None:
    assert not _parameter_values.same(a_parameter("p", applied), declared)


def test_order_of_a_set_does_not_count() -> None:
    modes = a_parameter("sql_mode", "ANSI,STRICT", data_type="set")
    assert _parameter_values.same(modes, "strict, ansi")
    assert not _parameter_values.same(modes, "strict")
    assert not _parameter_values.same(modes, "")


@pytest.mark.parametrize(
    ("data_type", "allowed", "value", "expected"),
    [
        pytest.param("integer", "1-100", "100", "100", id="most"),
        pytest.param("integer", "1-100", "1", "1", id="least"),
        pytest.param("integer", "1-100", "101", None, id="more than the most"),
        pytest.param("integer", "1-100", "0", None, id="less than the least"),
        pytest.param("integer", "-1-100", "-1", "-1", id="negative"),
        pytest.param("integer", "1 ~ 100", "50", "50", id="another word for a range"),
        pytest.param("integer", "1-100", "1.5", None, id="no whole number"),
        pytest.param("integer", "1-100", "many", None, id="no number"),
        pytest.param("integer", "", "many", None, id="no number, no range"),
        pytest.param("integer", "0-1073741824", "128M", "134217728", id="size in digits"),
        pytest.param("integer", "0-1073741824", "'128M'", "134217728", id="size in quotes"),
        pytest.param("integer", "0-1073741824", "2G", None, id="size too big"),
        pytest.param("integer", "0-1073741824", "128MB", None, id="no size of the server"),
        pytest.param("INT", "0,1,2", "2", "2", id="integers to choose from"),
        pytest.param("INT", "0,1,2", "3", None, id="not among the integers"),
        pytest.param("integer", "{DBInstanceClassMemory}-100", "7", "7", id="range not understood"),
        pytest.param("float", "0-10", "0.5", "0.5", id="fraction"),
        pytest.param("float", "0-10", "10.5", None, id="fraction too big"),
        pytest.param("float", "0-10000", "1k", None, id="size for a fraction"),
        pytest.param("float", "0-10", "nan", None, id="not a number"),
        pytest.param("float", "0-10", "inf", None, id="infinity"),
        pytest.param("boolean", "ON,OFF", "true", "ON", id="switch in its own words"),
        pytest.param("boolean", "ON,OFF", "0", "OFF", id="switch as a number"),
        pytest.param("boolean", "0|1", "OFF", "0", id="switch of numbers"),
        pytest.param("boolean", "ON,OFF", "maybe", None, id="no switch"),
        pytest.param("enum", "ROW,STATEMENT,MIXED", "row", "ROW", id="choice in its own case"),
        pytest.param("enum", "ROW,STATEMENT,MIXED", "'ROW'", "ROW", id="choice in quotes"),
        pytest.param("enum", "ROW,STATEMENT,MIXED", "ROW,MIXED", None, id="two of which one can be"),
        pytest.param("enum", "0,1,2,3", "ON", "1", id="choice of a number"),
        pytest.param("set", "FILE,TABLE,NONE", "file, table", "FILE,TABLE", id="some of a set"),
        pytest.param("set", "FILE,TABLE,NONE", "FILE,PRINTER", None, id="not of the set"),
        pytest.param("set", "FILE,TABLE,NONE", "", "", id="none of a set"),
        pytest.param("integer", "0,10-100", "50", "50", id="range beside a choice"),
        pytest.param("integer", "0,10-100", "0", "0", id="choice beside a range"),
        pytest.param("integer", "0,10-100", "5", None, id="neither range nor choice"),
        pytest.param("integer", "-1|0-65535", "-1", "-1", id="choice before a range"),
        pytest.param("integer", f"0-{2**64 - 1}", f"{2**64 - 1}", f"{2**64 - 1}", id="most of 64 bits"),
        pytest.param("integer", f"0-{2**64 - 1}", f"{2**64}", None, id="more than 64 bits"),
        pytest.param("numeric", "0-1073741824", "128M", "134217728", id="size for another word of a number"),
        pytest.param("numeric", "0-1073741824", "'128M'", "134217728", id="quoted size for another word"),
        pytest.param("float", "0-10000", "'1k'", None, id="quoted size for a fraction"),
        pytest.param("float", "0-10", "", None, id="no number at all"),
        pytest.param("string", "", "/data/Words", "/data/Words", id="text"),
        pytest.param("string", "", "'/data/Words'", "/data/Words", id="text in quotes"),
        pytest.param("string", "", "", "", id="no text"),
        pytest.param("string", "anything goes", "x", "x", id="form not understood"),
    ],
)
def test_spelling_for_scp(data_type: str, allowed: str, value: str, expected: str | None) -> None:
    parameter = a_parameter("p", "-", data_type=data_type, allows_value=allowed)
    assert _parameter_values.spelling(parameter, value) == expected


@pytest.mark.parametrize(
    ("declared", "text"), [(True, "ON"), (False, "OFF"), (600, "600"), (0.5, "0.5"), ("128M", "128M"), ("", "")]
)
def test_text_of_what_yaml_reads(declared: Any, text: str) -> None:
    assert _parameter_values.as_text(declared) == text


# A whole task

PRESENT = (
    a_parameter("wait_timeout", "600", allows_value="0-31536000", default_value="28800"),
    a_parameter("slow_query_log", "ON", data_type="boolean", allows_value="ON,OFF", default_value="ON"),
    a_parameter("open_files", "2000", allows_value="10-100000", default_value="2000", apply_type="STATIC"),
    a_parameter("flush", "fsync", data_type="enum", allows_value="fsync,direct", default_value="direct", id="f1"),
    a_parameter("port", "2866", data_type="string", is_modifiable=False, default_value="3306"),
    a_parameter("connections", "100", default_value="{Memory/2}"),
)


def values(*parameters: Json) -> Json:
    return {"contents": list(parameters), "count": len(parameters)}


def with_values(**applied: str) -> Json:
    """The list with other values of some."""
    return values(*({**one, "applied_value": applied.get(one["name"], one["applied_value"])} for one in PRESENT))


def ensured(
    *lists: Json,
    check: bool = False,
    shows: list[Json] | None = None,
    answers: dict[str, list[Any]] | None = None,
    **options: Any,
) -> tuple[Outcome | ScpError, FakeHttp]:
    http = FakeHttp(
        {
            "Show Cluster": list(shows or [a_cluster()]),
            "List Parameter Values": list(lists or [with_values()]),
            "Show Request": [DONE],
            **(answers or {}),
        }
    )
    defaults = {"cluster_id": "c1", "cluster_name": None, "state": "present", "restart": "never"}
    params = {**defaults, "wait": True, "wait_timeout": 600, "parameters": None, "reset": None, **options}
    try:
        return _parameters.ensure(Task(params, check, http, FakeClock())), http
    except ScpError as error:
        return error, http


def body_of(http: FakeHttp) -> list[tuple[str, str, str]]:
    """The changes that were sent: id, old and new value."""
    [call] = [call for call in http.calls if call.operation == SET]
    return [(one["id"], one["old_value"], one["new_value"]) for one in (call.body or {})["parameters"]]


def test_changes_go_in_one_request() -> None:
    after = with_values(wait_timeout="28800", slow_query_log="OFF", flush="direct")
    outcome, http = ensured(
        with_values(),
        after,
        parameters={"slow_query_log": False, "connections": 100, "flush": "DIRECT"},
        reset=["wait_timeout", "open_files"],
    )
    assert isinstance(outcome, Outcome)
    assert http.writes == [SET]
    assert body_of(http) == [
        ("slow_query_log-id", "ON", "OFF"),
        ("f1", "fsync", "direct"),
        ("wait_timeout-id", "600", "28800"),
    ]
    assert outcome.values["parameters"] == {
        "slow_query_log": "OFF",
        "connections": "100",
        "flush": "direct",
        "wait_timeout": "28800",
        "open_files": "2000",
    }
    assert outcome.values["restart_required"] is False


@pytest.mark.parametrize(
    ("restart", "options", "writes", "required"),
    [
        pytest.param("never", {"parameters": {"open_files": 10}}, [SET], True, id="left to others"),
        pytest.param("if_required", {"parameters": {"open_files": 10}}, [SET, RESTART], False, id="restarted"),
        pytest.param("if_required", {"parameters": {"flush": "direct"}}, [SET], False, id="not needed"),
        pytest.param("if_required", {"parameters": {"open_files": 2000}}, [], False, id="nothing to do"),
        pytest.param(
            "if_required", {"parameters": {"flush": "direct", "open_files": 10}}, [SET, RESTART], False, id="both kinds"
        ),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_restart(restart: str, options: Json, writes: list[str], required: bool, check: bool) -> None:
    wanted = {name: str(value) for name, value in options["parameters"].items()}
    outcome, http = ensured(with_values(), with_values(**wanted), check=check, restart=restart, **options)
    assert isinstance(outcome, Outcome)
    assert [operation["operation"] for operation in outcome.operations or []] == writes
    assert http.writes == ([] if check else writes)
    assert outcome.values["restart_required"] is required


def test_synchronization_tells_all_values() -> None:
    outcome, http = ensured(with_values(), with_values(wait_timeout="1"), state="synced")
    assert isinstance(outcome, Outcome)
    assert http.writes == ["Synchronize Parameter Values"]
    assert outcome.values["parameters"]["wait_timeout"] == "1"
    assert len(outcome.values["parameters"]) == len(PRESENT)


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ({"parameters": {"wait_timeout": -1}}, [("parameters.wait_timeout", "-1")]),
        ({"parameters": {"slow_query_log": "maybe"}}, [("parameters.slow_query_log", "maybe")]),
        ({"parameters": {"port": 1}}, [("parameters.port", "1")]),
        ({"parameters": {"wait_timeout": [1]}}, [("parameters.wait_timeout", [1])]),
        ({"parameters": {"wait_timeout": {"a": 1}}}, [("parameters.wait_timeout", {"a": 1})]),
        ({"parameters": {"wait_timeuot": 1}}, [("parameters", "wait_timeuot")]),
        ({"reset": ["x", "port"]}, [("reset", "x")]),
        ({"reset": ["port"]}, [("reset: port", None)]),
        ({"reset": ["connections"]}, [("reset: connections", None)]),
        (
            {"parameters": {"flush": "x", "wait_timeout": "x"}, "reset": ["port"]},
            [("parameters.flush", "x"), ("parameters.wait_timeout", "x"), ("reset: port", None)],
        ),
    ],
)
def test_what_is_refused_after_a_look(options: Json, problems: list[Any]) -> None:
    error, http = ensured(**options)
    assert isinstance(error, InvalidInput)
    assert problems_of(error) == problems
    assert http.writes == []


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ({}, ["parameters"]),
        ({"parameters": {}, "reset": []}, ["parameters"]),
        ({"parameters": {"a": 1}, "reset": ["a"]}, ["reset"]),
        ({"state": "synced", "parameters": {"a": 1}}, ["parameters"]),
        ({"state": "synced", "reset": ["a"]}, ["parameters"]),
        ({"cluster_id": "a/b", "reset": ["a"], "wait_timeout": 0}, ["cluster_id", "wait_timeout"]),
    ],
)
def test_what_is_refused_without_a_look(options: Json, problems: list[str]) -> None:
    error, http = ensured(**options)
    assert isinstance(error, InvalidInput)
    assert [option for option, _value in problems_of(error)] == problems
    assert http.calls == []


def test_near_names_are_told() -> None:
    error, _http = ensured(parameters={"wait_timeuot": 1, "zzz": 1})
    assert "'wait_timeuot', but must be names of parameters that the cluster has; close to it: wait_timeout" in str(
        error
    )
    assert "'zzz', but must be names of parameters that the cluster has." in str(error)


# A cluster that is lost


def test_values_of_a_lost_cluster_are_not_believed() -> None:
    """It shows the value over which it got lost, and the one before it when it is back."""
    outcome, http = ensured(
        with_values(wait_timeout="60"),
        with_values(wait_timeout="600"),
        with_values(wait_timeout="60"),
        shows=[a_cluster("UNKNOWN"), a_cluster("UNKNOWN"), a_cluster()],
        parameters={"wait_timeout": 60},
    )
    assert isinstance(outcome, Outcome)
    assert http.writes == [RECOVER, SET]
    assert body_of(http) == [("wait_timeout-id", "600", "60")]
    assert outcome.values["parameters"] == {"wait_timeout": "60"}


def test_lost_cluster_that_needs_nothing_else() -> None:
    outcome, http = ensured(
        with_values(wait_timeout="60"),
        with_values(),
        shows=[a_cluster("UNKNOWN"), a_cluster("UNKNOWN"), a_cluster()],
        parameters={"wait_timeout": 600},
    )
    assert isinstance(outcome, Outcome)
    assert (outcome.changed, http.writes) == (True, [RECOVER])
    assert outcome.values["parameters"] == {"wait_timeout": "600"}


def test_way_back_is_told() -> None:
    error, _http = ensured(
        with_values(),
        shows=[a_cluster(), a_cluster(), a_cluster("EDITING"), a_cluster("UNKNOWN")],
        parameters={"wait_timeout": 60},
    )
    assert isinstance(error, OperationFailed)
    assert "Run mariadb_cluster with state: synced" in error.todo
    assert "correct the value" in error.todo


@pytest.mark.parametrize("sent", [True, False], ids=["failed", "refused"])
def test_restart_that_is_owed_is_told(sent: bool) -> None:
    """The next run finds the values set, and would not restart."""
    refused = ApiError("no", status=400, path="/v1/clusters/c1/restart")
    looks = map(a_cluster, ["RUNNING", "RUNNING", "EDITING", "RUNNING", "RESTARTING", "ERROR"])
    error, http = ensured(
        with_values(),
        with_values(open_files="10"),
        shows=list(looks),
        answers={} if sent else {RESTART: [refused]},
        parameters={"open_files": 10},
        restart="if_required",
    )
    assert isinstance(error, ScpError)
    assert http.writes == [SET, RESTART]
    assert error.facts["restart_required"] is True
    assert "state: restarted" in error.msg


def test_way_back_from_a_restart_is_told() -> None:
    """The database did not come back with its new values: first it has to, whatever is owed."""
    looks = map(a_cluster, ["RUNNING", "RUNNING", "EDITING", "RUNNING", "RESTARTING", "UNKNOWN"])
    error, _http = ensured(
        with_values(),
        with_values(open_files="10"),
        shows=list(looks),
        parameters={"open_files": 10},
        restart="if_required",
    )
    assert isinstance(error, OperationFailed)
    assert "state: synced" in error.todo
    assert "correct the value" in error.todo
    assert error.facts["restart_required"] is True


def test_failure_before_the_restart_owes_none() -> None:
    error, _http = ensured(
        with_values(),
        shows=[a_cluster(), a_cluster(), a_cluster("EDITING"), a_cluster("UNKNOWN")],
        parameters={"open_files": 10},
        restart="if_required",
    )
    assert isinstance(error, ScpError)
    assert "restart_required" not in error.facts


@pytest.mark.parametrize("state", ["STOPPED", "FAILED", "ERROR"])
def test_synchronization_needs_a_running_cluster(state: str) -> None:
    error, http = ensured(with_values(), shows=[a_cluster(state)], state="synced")
    assert isinstance(error, Refused)
    assert state in error.msg
    assert http.writes == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"parameters": {"wait_timeout": 60}}, ["parameters"]),
        ({"reset": ["wait_timeout"]}, ["reset"]),
    ],
)
def test_operation_names_the_options_that_were_declared(options: Json, expected: list[str]) -> None:
    outcome, _http = ensured(with_values(wait_timeout="7"), check=True, **options)
    assert isinstance(outcome, Outcome)
    assert [operation["options"] for operation in outcome.operations or []] == [expected]


# The module that only lists


@pytest.mark.parametrize(
    ("names", "expected"),
    [(None, [one["name"] for one in PRESENT]), ([], [one["name"] for one in PRESENT]), (["port", "flush"], None)],
)
def test_info(names: list[str] | None, expected: list[str] | None) -> None:
    http = FakeHttp({"Show Cluster": [a_cluster("EDITING")], "List Parameter Values": [with_values()]})
    params = {"cluster_id": "c1", "cluster_name": None, "names": names}
    outcome = _parameters.info(Task(params, False, http, FakeClock()))
    assert [one["name"] for one in outcome.values["parameters"]] == (expected or names)
    assert http.reads == ["Show Cluster", "List Parameter Values"]


def test_info_of_names_that_there_are_not() -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()], "List Parameter Values": [with_values()]})
    params = {"cluster_id": "c1", "cluster_name": None, "names": ["port", "prot"]}
    with pytest.raises(InvalidInput, match="close to it: port") as caught:
        _parameters.info(Task(params, False, http, FakeClock()))
    assert problems_of(caught.value) == [("names", "prot")]


def test_list_without_contents() -> None:
    http = FakeHttp({"List Parameter Values": [{"contents": None, "count": 0}]})
    assert _parameters.read(http, "c1") == {}


@pytest.mark.parametrize("code", ["ExistInprogress", None])
def test_restart_that_is_refused_as_busy_is_sent_again(code: str | None) -> None:
    """The value shows by then, so that it is no change any more; the restart is owed all the same."""
    busy = ApiError("Busy.", status=400, code=code, method="POST", path="/v1/clusters/c1/restart")
    busy.from_service = True
    http = FakeHttp(
        {
            "Show Cluster": [a_cluster()],
            "List Parameter Values": [with_values(), with_values(open_files="3000")],
            "Show Request": [DONE],
            RESTART: [busy, ACCEPTED],
        }
    )
    declared: Json = {"parameters": {"open_files": 3000}, "reset": None, "restart": "if_required", "state": "present"}
    params: Json = {"cluster_id": "c1", "cluster_name": None, "wait": True, "wait_timeout": 600, **declared}
    outcome = Task(params, False, http, FakeClock()).complete(_parameters.ensure)
    assert http.writes == [SET, RESTART, RESTART]
    assert [one["operation"] for one in outcome.operations or []] == [SET, RESTART]
