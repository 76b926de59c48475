# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _log_export
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Refused, ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeClock,
    FakeHttp,
    Json,
    a_cluster,
    problems_of,
)

REGISTER, CHANGE, UNREGISTER, EXPORT = (
    "Register Log Export Config",
    "Set Log Export Config",
    "Unregister Log Export Config",
    "Export Log",
)
DONE = {"request_id": "req-1", "state": "COMPLETED"}
KEYS = {"bucket_access_key": "the-access-key", "bucket_secret_key": "the-secret-key"}
SENT_KEYS = {"access_key": "the-access-key", "secret_key": "the-secret-key"}
FREQUENCY, WEEK, MONTH = "schedule_frequency_type", "schedule_day_of_week", "schedule_day_of_month"
DAILY = {FREQUENCY: "DAY", WEEK: None, MONTH: None, "schedule_hour": "3", "delete_on_export": False}
WEEKLY = {**DAILY, FREQUENCY: "WEEK", WEEK: "SUN"}
MONTHLY = {**DAILY, FREQUENCY: "MONTH", MONTH: "15"}
REGISTRATION = {"bucket_name": "logs", **KEYS, FREQUENCY: "DAY", "schedule_hour": 3}


def a_config(schedule: Json | None = None, **changes: Any) -> Json:
    """Return the export of a log as the API shows it; without a schedule it is not registered."""
    nothing = dict.fromkeys((*DAILY, "bucket_name", "is_bucket_deleted"))
    registered = {"bucket_name": "logs", "is_bucket_deleted": False, **(schedule or {})}
    return {
        **(registered if schedule else nothing),
        "is_registered": bool(schedule),
        "log_label": "DB Slow Query Log",
        "log_type": "slow",
        **changes,
    }


def configs(*items: Json) -> Json:
    return {"contents": list(items), "count": len(items)}


def ensured(
    *shown: Json, check: bool = False, cluster: Json | None = None, **options: Any
) -> tuple[Outcome | ScpError, FakeHttp]:
    """Run a task; ``shown`` is what one look after the other finds, and the last for ever."""
    http = FakeHttp(
        {
            "Show Cluster": [cluster or a_cluster()],
            "List Log Export Configs": [configs(one) for one in shown],
            "Show Request": [DONE],
        }
    )
    defaults: Json = {"cluster_id": "c1", "cluster_name": None, "log_type": "slow", "state": "present"}
    params = {**defaults, "update_keys": "on_create", "wait": True, "wait_timeout": 600, **options}
    try:
        return _log_export.ensure(Task(params, check, http, FakeClock())), http
    except ScpError as error:
        return error, http


def sent(http: FakeHttp) -> list[tuple[str, Json | None]]:
    return [(call.operation, call.body) for call in http.calls if not call.is_read]


@pytest.mark.parametrize(
    ("options", "schedule"),
    [
        pytest.param({}, DAILY, id="every day"),
        pytest.param({FREQUENCY: "WEEK", WEEK: "SUN"}, WEEKLY, id="every week"),
        pytest.param({FREQUENCY: "MONTH", MONTH: 15}, MONTHLY, id="every month"),
        pytest.param({FREQUENCY: "MONTH", MONTH: -1}, {**MONTHLY, MONTH: "-1"}, id="at the end of the month"),
        pytest.param({"schedule_hour": 0}, {**DAILY, "schedule_hour": "0"}, id="hour 0"),
        pytest.param({"delete_on_export": True}, {**DAILY, "delete_on_export": True}, id="deleted"),
    ],
)
def test_registration(options: Json, schedule: Json) -> None:
    outcome, http = ensured(a_config(), a_config(schedule), **{**REGISTRATION, **options})
    assert isinstance(outcome, Outcome)
    assert sent(http) == [(REGISTER, {**schedule, **SENT_KEYS, "bucket_name": "logs", "log_type": "slow"})]
    assert outcome.values["log_export"] == a_config(schedule)


@pytest.mark.parametrize(
    ("present", "options", "after"),
    [
        pytest.param(WEEKLY, {"schedule_hour": 4}, {**WEEKLY, "schedule_hour": "4"}, id="the day stays"),
        pytest.param(WEEKLY, {FREQUENCY: "DAY"}, DAILY, id="the day of the week goes"),
        pytest.param(MONTHLY, {FREQUENCY: "WEEK", WEEK: "SUN"}, WEEKLY, id="the day of the month goes"),
        pytest.param(DAILY, {FREQUENCY: "MONTH", MONTH: 15}, MONTHLY, id="a day comes"),
        pytest.param(DAILY, {"delete_on_export": True}, {**DAILY, "delete_on_export": True}, id="deleted"),
        pytest.param(WEEKLY, {"update_keys": "always"}, WEEKLY, id="keys alone"),
        pytest.param({**WEEKLY, MONTH: "-1"}, {"update_keys": "always"}, WEEKLY, id="a day that means nothing"),
    ],
)
def test_change(present: Json, options: Json, after: Json) -> None:
    outcome, http = ensured(a_config(present), a_config(after), **KEYS, **options)
    assert isinstance(outcome, Outcome)
    assert sent(http) == [(CHANGE, {**after, **SENT_KEYS})]


@pytest.mark.parametrize(
    ("present", "options"),
    [
        pytest.param(WEEKLY, {}, id="nothing declared"),
        pytest.param(WEEKLY, KEYS, id="keys only"),
        pytest.param(WEEKLY, {"bucket_name": "logs", FREQUENCY: "WEEK", WEEK: "SUN", "schedule_hour": 3}, id="all"),
        pytest.param({**WEEKLY, MONTH: "-1"}, {FREQUENCY: "WEEK", WEEK: "SUN"}, id="a day that means nothing"),
        pytest.param({**DAILY, "schedule_hour": 3}, {"schedule_hour": 3}, id="number shown"),
        pytest.param({**DAILY, "schedule_hour": "03"}, {"schedule_hour": 3}, id="leading zero shown"),
        pytest.param(WEEKLY, {"delete_on_export": False}, id="not deleted"),
    ],
)
def test_what_is_the_same(present: Json, options: Json) -> None:
    outcome, http = ensured(a_config(present), **options)
    assert isinstance(outcome, Outcome)
    assert (outcome.changed, http.writes) == (False, [])


@pytest.mark.parametrize(
    ("state", "shown", "writes", "after"),
    [
        ("absent", [a_config(DAILY), a_config()], [UNREGISTER], None),
        ("absent", [a_config(DAILY, is_bucket_deleted=True), a_config()], [UNREGISTER], None),
        ("absent", [a_config()], [], None),
        ("exported", [a_config(DAILY)], [EXPORT], a_config(DAILY)),
    ],
)
def test_other_states(state: str, shown: list[Json], writes: list[str], after: Json | None) -> None:
    outcome, http = ensured(*shown, state=state)
    assert isinstance(outcome, Outcome)
    assert (outcome.changed, http.writes) == (bool(writes), writes)
    assert outcome.values["log_export"] == after


def test_wait_is_for_the_declared_schedule() -> None:
    _outcome, http = ensured(
        a_config(DAILY), a_config(DAILY), a_config(DAILY), a_config(WEEKLY), **KEYS, **{FREQUENCY: "WEEK", WEEK: "SUN"}
    )
    assert http.reads.count("List Log Export Configs") >= 4


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ({FREQUENCY: "DAY", WEEK: "SUN", MONTH: 1}, [(WEEK, "SUN"), (MONTH, 1)]),
        ({FREQUENCY: "DAY", MONTH: -1}, [(MONTH, -1)]),
        ({FREQUENCY: "WEEK"}, [(WEEK, None)]),
        ({FREQUENCY: "WEEK", MONTH: 1}, [(WEEK, None), (MONTH, 1)]),
        ({FREQUENCY: "MONTH", WEEK: "SUN"}, [(WEEK, "SUN"), (MONTH, None)]),
        ({FREQUENCY: "MONTH", MONTH: 0}, [(MONTH, 0)]),
        ({FREQUENCY: "MONTH", MONTH: 32}, [(MONTH, 32)]),
        ({FREQUENCY: "MONTH", MONTH: -2}, [(MONTH, -2)]),
        ({WEEK: "SUN"}, [(WEEK, "SUN")]),
        ({MONTH: 1}, [(MONTH, 1)]),
        ({"bucket_access_key": "x"}, [("bucket_access_key", None)]),
        ({"bucket_secret_key": "x"}, [("bucket_secret_key", None)]),
        (
            {"bucket_access_key": "", "bucket_secret_key": ""},
            [("bucket_access_key", None), ("bucket_secret_key", None)],
        ),
        ({"schedule_hour": 24, "bucket_name": ""}, [("bucket_name", ""), ("schedule_hour", 24)]),
    ],
)
def test_what_is_refused_without_a_look(options: Json, problems: list[Any]) -> None:
    error, http = ensured(a_config(), **options)
    assert isinstance(error, InvalidInput)
    assert sorted(problems_of(error)) == sorted(problems)
    assert http.calls == []


@pytest.mark.parametrize("state", ["absent", "exported"])
def test_schedule_does_not_matter_to_other_states(state: str) -> None:
    outcome, _http = ensured(a_config(DAILY), a_config(), state=state, **{FREQUENCY: "WEEK", MONTH: 1})
    assert isinstance(outcome, Outcome)


@pytest.mark.parametrize("missing", [["bucket_name"], list(KEYS), [FREQUENCY], ["schedule_hour"], list(REGISTRATION)])
def test_what_a_registration_needs(missing: list[str]) -> None:
    options = {key: value for key, value in REGISTRATION.items() if key not in missing}
    error, http = ensured(a_config(), **options)
    assert isinstance(error, InvalidInput)
    assert problems_of(error) == [(option, None) for option in missing]
    assert http.writes == []


@pytest.mark.parametrize("audit_enabled", [True, False])
def test_audit_log_has_to_be_on(audit_enabled: bool) -> None:
    cluster = a_cluster(init_config_option={**a_cluster()["init_config_option"], "audit_enabled": audit_enabled})
    outcome, http = ensured(a_config(), check=True, cluster=cluster, log_type="audit", **REGISTRATION)
    if audit_enabled:
        assert isinstance(outcome, Outcome)
        assert outcome.changed
        return
    assert isinstance(outcome, InvalidInput)
    assert problems_of(outcome) == [("log_type", "audit")]
    assert http.writes == []


def test_operation_names_the_options_that_were_declared() -> None:
    outcome, _http = ensured(a_config(), check=True, **REGISTRATION)
    assert isinstance(outcome, Outcome)
    assert [operation["options"] for operation in outcome.operations or []] == [sorted(REGISTRATION)]


@pytest.mark.parametrize("options", [{"schedule_hour": 4}, {"update_keys": "always"}])
def test_change_needs_both_keys(options: Json) -> None:
    error, http = ensured(a_config(DAILY), **options)
    assert isinstance(error, InvalidInput)
    assert problems_of(error) == [(key, None) for key in KEYS]
    assert http.writes == []


def test_bucket_can_not_be_changed() -> None:
    error, http = ensured(a_config(DAILY), bucket_name="others", **KEYS)
    assert isinstance(error, InvalidInput)
    assert problems_of(error) == [("bucket_name", "others")]
    assert http.writes == []


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("state", "config", "words"),
    [
        ("present", a_config(DAILY, is_bucket_deleted=True), "The bucket logs of the export was deleted"),
        ("exported", a_config(DAILY, is_bucket_deleted=True), "The bucket logs of the export was deleted"),
        ("exported", a_config(), "is not registered for export"),
    ],
)
def test_what_can_not_be_done_now(check: bool, state: str, config: Json, words: str) -> None:
    error, http = ensured(config, check=check, state=state)
    assert isinstance(error, Refused)
    assert words in error.msg
    assert "Nothing was changed" in error.msg
    assert http.writes == []


@pytest.mark.parametrize("log_type", [None, "slow"])
def test_info(log_type: str | None) -> None:
    http = FakeHttp({"Show Cluster": [a_cluster("EDITING")], "List Log Export Configs": [configs(a_config(DAILY))]})
    params = {"cluster_id": "c1", "cluster_name": None, "log_type": log_type}
    outcome = _log_export.info(Task(params, False, http, FakeClock()))
    assert outcome.values["log_exports"] == [a_config(DAILY)]
    assert dict(http.calls[-1].query) == ({"type": log_type} if log_type else {})


def test_list_without_contents() -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()], "List Log Export Configs": [{"contents": None, "count": 0}]})
    params = {"cluster_id": "c1", "cluster_name": None, "log_type": None}
    assert _log_export.info(Task(params, False, http, FakeClock())).values["log_exports"] == []
