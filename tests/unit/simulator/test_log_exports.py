# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exports of logs: what has to be there, which schedules there are, and that the bucket's keys are kept nowhere."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

import pytest

BROKEN_RULE = (400, "Dbaas.ValidationError")
INVALID = (400, "ValidationError")
WRONG_SCHEDULE = (400, "Dbaas.InvalidScheduleData")

CHANGE: dict[str, Any] = {
    "access_key": "unsafe-ak",
    "delete_on_export": True,
    "schedule_day_of_month": None,
    "schedule_day_of_week": None,
    "schedule_frequency_type": "DAY",
    "schedule_hour": "12",
    "secret_key": "unsafe-sk",
}
REGISTRATION = {**CHANGE, "bucket_name": "logs", "log_type": "alert"}


def path_of(cluster: Any, rest: str = "") -> str:
    return f"/v1/clusters/{cluster['id']}/log-export-configs{rest}"


def listed(api: Any, cluster: Any, query: str = "") -> Any:
    return api.ok("GET", path_of(cluster, query))["contents"]


def test_every_log_is_listed_registered_or_not(api: Any) -> None:
    cluster = api.seed()
    answer = api.ok("GET", path_of(cluster))
    assert [item["log_type"] for item in answer["contents"]] == ["alert", "audit", "slow"]
    assert answer["count"] == 3
    assert {item["is_registered"] for item in answer["contents"]} == {False}
    assert [item["log_label"] for item in listed(api, cluster, "?type=alert")] == ["DB Alert Log"]
    assert api.refused("GET", path_of(cluster, "?type=general")) == INVALID


def test_an_export_is_registered_changed_used_and_unregistered(api: Any) -> None:
    cluster = api.seed()
    api.ok("POST", path_of(cluster), REGISTRATION)
    assert listed(api, cluster)[0]["is_registered"] is False
    api.pass_time(20)
    assert listed(api, cluster)[0] == {
        "bucket_name": "logs",
        "delete_on_export": True,
        "is_bucket_deleted": False,
        "is_registered": True,
        "log_label": "DB Alert Log",
        "log_type": "alert",
        "schedule_day_of_month": None,
        "schedule_day_of_week": None,
        "schedule_frequency_type": "DAY",
        "schedule_hour": "12",
    }
    weekly = {"schedule_frequency_type": "WEEK", "schedule_day_of_week": "SUN", "delete_on_export": None}
    api.ok("PUT", path_of(cluster, "/alert"), {**CHANGE, **weekly})
    api.pass_time(20)
    shown = listed(api, cluster)[0]
    assert (shown["schedule_frequency_type"], shown["schedule_day_of_week"]) == ("WEEK", "SUN")
    assert (shown["delete_on_export"], shown["bucket_name"]) == (False, "logs")
    api.ok("POST", path_of(cluster, "/alert/export"))
    api.pass_time(30)
    api.ok("DELETE", path_of(cluster, "/alert"))
    api.pass_time(20)
    assert listed(api, cluster)[0]["is_registered"] is False
    assert listed(api, cluster)[0]["bucket_name"] is None


@pytest.mark.parametrize("key", sorted(REGISTRATION))
def test_a_registration_needs_every_key(api: Any, key: str) -> None:
    body = {name: value for name, value in REGISTRATION.items() if name != key}
    assert api.refused("POST", path_of(api.seed()), body) == INVALID


@pytest.mark.parametrize("key", sorted(CHANGE))
def test_a_change_needs_every_key(api: Any, key: str) -> None:
    cluster = api.seed(log_exports=[{"log_type": "alert"}])
    body = {name: value for name, value in CHANGE.items() if name != key}
    assert api.refused("PUT", path_of(cluster, "/alert"), body) == INVALID


SCHEDULES: list[Any] = [
    ("DAY", None, None, True),
    ("DAY", "MON", None, False),
    ("DAY", None, "1", False),
    ("DAY", None, "-1", False),
    ("WEEK", "MON", None, True),
    ("WEEK", "MON", "-1", True),
    ("WEEK", "MON", "1", False),
    ("WEEK", None, None, False),
    ("MONTH", None, "28", True),
    ("MONTH", None, "-1", True),
    ("MONTH", None, None, False),
    ("MONTH", "MON", "28", False),
    ("YEAR", None, None, False),
    (None, None, None, False),
]


@pytest.mark.parametrize(("frequency", "week", "month", "is_possible"), SCHEDULES)
def test_schedules(api: Any, frequency: Any, week: Any, month: Any, is_possible: bool) -> None:
    schedule = {
        "schedule_frequency_type": frequency,
        "schedule_day_of_week": week,
        "schedule_day_of_month": month,
    }
    cluster = api.seed(log_exports=[{"log_type": "slow"}])
    for method, rest, body in (("POST", "", REGISTRATION), ("PUT", "/slow", CHANGE)):
        if is_possible:
            api.ok(method, path_of(cluster, rest), {**body, **schedule})
            api.pass_time(20)
        else:
            assert api.refused(method, path_of(cluster, rest), {**body, **schedule}) == WRONG_SCHEDULE


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"schedule_hour": None}, WRONG_SCHEDULE),
        ({"schedule_hour": "02"}, INVALID),
        ({"access_key": None}, BROKEN_RULE),
        ({"secret_key": ""}, BROKEN_RULE),
        ({"log_type": "general"}, INVALID),
        ({"log_type": "audit"}, (400, "Dbaas.InvalidLogType")),
    ],
)
def test_registrations_that_cannot_be(api: Any, changes: Any, refusal: Any) -> None:
    assert api.refused("POST", path_of(api.seed()), {**REGISTRATION, **changes}) == refusal


def test_the_audit_log_has_to_be_on_to_be_exported(api: Any) -> None:
    cluster = api.seed(init_config_option={"audit_enabled": True})
    api.ok("POST", path_of(cluster), {**REGISTRATION, "log_type": "audit"})


def test_an_export_is_registered_once(api: Any) -> None:
    cluster = api.seed(log_exports=[{"log_type": "alert"}])
    assert api.refused("POST", path_of(cluster), REGISTRATION) == BROKEN_RULE
    api.ok("POST", path_of(cluster), {**REGISTRATION, "log_type": "slow"})


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [("PUT", "/alert", CHANGE), ("DELETE", "/alert", None), ("POST", "/alert/export", None)],
)
def test_what_needs_a_registration(api: Any, method: str, rest: str, body: Any) -> None:
    assert api.refused(method, path_of(api.seed(), rest), body) == BROKEN_RULE
    assert api.refused(method, path_of(api.seed(), rest.replace("alert", "general")), body) == INVALID


def test_a_bucket_can_be_deleted_by_somebody(api: Any) -> None:
    cluster = api.seed(log_exports=[{"log_type": "alert", "bucket_name": "logs"}])
    parts = {"log_exports": [{"log_type": "alert", "is_bucket_deleted": True}]}
    api.control("PATCH", f"clusters/{cluster['id']}", parts)
    shown = listed(api, cluster)[0]
    assert (shown["is_bucket_deleted"], shown["bucket_name"]) == (True, "logs")
    assert api.refused("POST", path_of(cluster, "/alert/export")) == BROKEN_RULE
    api.ok("DELETE", path_of(cluster, "/alert"))


def test_a_seeded_export_can_be_taken_back(api: Any) -> None:
    cluster = api.seed(log_exports=[{"log_type": "alert"}])
    parts = {"log_exports": [{"log_type": "alert", "is_registered": False}]}
    api.control("PATCH", f"clusters/{cluster['id']}", parts)
    assert listed(api, cluster)[0]["is_registered"] is False


def texts_within(item: Any, seen: set[int]) -> Iterator[str]:
    """Every text that can be got at from something, also in what a function waits with."""
    if id(item) in seen or isinstance(item, (type, ModuleType)):
        return
    seen.add(id(item))
    if isinstance(item, str):
        yield item
    inner = item.__closure__ or () if isinstance(item, FunctionType) else gc.get_referents(item)
    for part in inner:
        yield from texts_within(part, seen)


def test_the_keys_of_the_bucket_are_kept_nowhere(api: Any) -> None:
    cluster, other = api.seed(), api.seed(log_exports=[{"log_type": "alert"}])
    answers = [
        api.call("POST", path_of(cluster), {**REGISTRATION, "schedule_frequency_type": "YEAR"}),
        api.call("POST", path_of(cluster), REGISTRATION),
        api.call("PUT", path_of(other, "/alert"), CHANGE),
        api.call("GET", path_of(other)),
    ]
    assert [answer.status_code for answer in answers] == [400, 202, 202, 200]
    assert "unsafe" not in "".join(answer.text for answer in answers)
    assert "unsafe" not in json.dumps(api.control("GET", "calls"))
    texts = list(texts_within([api.simulation.cloud, api.simulation.journal], set()))
    assert "logs" in texts
    assert [text for text in texts if "unsafe" in text] == []


def test_a_password_is_kept_nowhere(api: Any) -> None:
    api.ok("POST", "/v1/clusters", api.create_body())
    assert not [text for text in texts_within(api.simulation.cloud, set()) if "unsafe" in text]
