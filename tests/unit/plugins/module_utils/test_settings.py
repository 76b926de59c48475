# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _settings
from ansible_collections.samsungcloud.scp.plugins.module_utils._cluster_plan import diff_view
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Plan
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    Json,
    a_cluster,
    bodies,
    problems_of,
    shown,
)

RULES = "Set Security Group Rules"
NO_WINDOW = {
    "period_hour": None,
    "starting_day_of_week": None,
    "starting_time": None,
    "use_maintenance_option": False,
}
OLD_WINDOW = {"use_maintenance_option": False}
WINDOW = {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0300"}
NO_POLICY = {"archive_frequency_minute": None, "retention_period_day": None, "starting_time_hour": None}
POLICY = {"archive_frequency_minute": 60, "retention_period_day": 7, "starting_time_hour": 2}


def planned(cluster: Json, option: str, wanted: Any) -> Plan:
    draft = Draft(diff_view(cluster))
    planners = {
        "allowable_ip_addresses": _settings.plan_addresses,
        "maintenance_option": _settings.plan_maintenance,
        "audit_enabled": _settings.plan_audit,
        "backup_option": _settings.plan_backup,
    }
    planners[option](draft, cluster, wanted)
    return draft.plan()


def with_window(window: Json | None) -> Json:
    return shown({**a_cluster(), "maintenance_option": window})


def with_policy(policy: Json | None) -> Json:
    cluster = a_cluster()
    return shown({**cluster, "init_config_option": {**cluster["init_config_option"], "backup_option": policy}})


# Addresses


@pytest.mark.parametrize(
    ("present", "wanted", "add", "remove"),
    [
        pytest.param(["10.0.0.1"], ["10.0.0.1", "10.0.0.2"], ["10.0.0.2/32"], [], id="one more"),
        pytest.param(["10.0.0.1", "10.0.0.2"], ["10.0.0.2"], [], ["10.0.0.1"], id="one less"),
        pytest.param(["10.0.0.1"], ["10.0.0.2"], ["10.0.0.2/32"], ["10.0.0.1"], id="another"),
        pytest.param(["10.0.0.0/24"], ["10.0.0.0/25"], ["10.0.0.0/25"], ["10.0.0.0/24"], id="smaller network"),
        pytest.param(["10.0.0.1"], [], [], ["10.0.0.1"], id="empty list means nobody"),
        pytest.param([], ["10.0.0.1"], ["10.0.0.1/32"], [], id="the first"),
        pytest.param(None, ["10.0.0.1"], ["10.0.0.1/32"], [], id="the API shows null"),
        pytest.param(["10.0.0.1/32"], [], [], ["10.0.0.1/32"], id="removed as the API spells it"),
        pytest.param([], ["10.0.0.1", "10.0.0.1/32"], ["10.0.0.1/32"], [], id="twice the same is sent once"),
        pytest.param(
            ["10.0.0.1", "10.0.0.1/32", "10.0.0.2"],
            ["10.0.0.2"],
            [],
            ["10.0.0.1", "10.0.0.1/32"],
            id="removed in every spelling",
        ),
        pytest.param(
            [" 10.0.0.1 ", "010.000.000.002", "10.0.1.0/255.255.255.0", "10.0.2.7/24"],
            ["10.0.0.9"],
            ["10.0.0.9/32"],
            [" 10.0.0.1 ", "010.000.000.002", "10.0.1.0/255.255.255.0", "10.0.2.7/24"],
            id="removed in odd spellings",
        ),
        pytest.param(["10.0.0.1", "10.0.0.1"], [], [], ["10.0.0.1"], id="shown twice"),
    ],
)
def test_addresses_that_change(present: Any, wanted: list[str], add: list[str], remove: list[str]) -> None:
    cluster = a_cluster(allowable_ip_addresses=present)

    plan = planned(cluster, "allowable_ip_addresses", wanted)

    assert bodies(plan) == [(RULES, {"add_ip_addresses": add, "del_ip_addresses": remove})]
    assert plan.after["allowable_ip_addresses"] == sorted({_settings.canonical(address) for address in wanted})
    assert not plan.steps[0].goal.reached(cluster)
    assert plan.steps[0].goal.reached(a_cluster(allowable_ip_addresses=wanted))


@pytest.mark.parametrize(
    ("present", "wanted"),
    [
        pytest.param(["10.0.0.1", "10.0.0.2"], ["10.0.0.2", "10.0.0.1"], id="order"),
        pytest.param(["10.0.0.1"], ["10.0.0.1/32"], id="/32 declared"),
        pytest.param(["10.0.0.1/32"], ["10.0.0.1"], id="/32 shown"),
        pytest.param(["10.0.0.1"], ["10.0.0.1", "10.0.0.1"], id="twice"),
        pytest.param(["10.0.0.7/24"], ["10.0.0.0/24"], id="host bits shown"),
        pytest.param(["10.0.0.1", "10.0.0.1/32"], ["10.0.0.1"], id="shown in two spellings"),
        pytest.param([" 10.0.0.1", "010.0.01.0/24"], ["10.0.0.1", "10.0.1.0/24"], id="blanks and zeros shown"),
        pytest.param(["10.0.0.0/255.255.255.0"], ["10.0.0.0/24"], id="mask shown"),
        pytest.param(["::1", "2001:db8::/32", "elsewhere", "", 7], [], id="no IPv4 at all"),
        pytest.param([], [], id="both empty"),
        pytest.param(None, [], id="null is empty"),
    ],
)
def test_addresses_that_are_the_same(present: Any, wanted: list[str]) -> None:
    assert bodies(planned(a_cluster(allowable_ip_addresses=present), "allowable_ip_addresses", wanted)) == []


def test_what_is_no_ipv4_address_is_left_alone() -> None:
    cluster = a_cluster(allowable_ip_addresses=["::/0", "10.0.0.1"])
    plan = planned(cluster, "allowable_ip_addresses", ["10.0.0.2"])
    assert bodies(plan) == [(RULES, {"add_ip_addresses": ["10.0.0.2/32"], "del_ip_addresses": ["10.0.0.1"]})]
    assert plan.after["allowable_ip_addresses"] == ["10.0.0.2/32", "::/0"]
    assert plan.steps[0].goal.reached(a_cluster(allowable_ip_addresses=["::/0", "10.0.0.2"]))
    assert _settings.foreign_addresses(cluster) == ["::/0"]


def test_declared_addresses_are_sent_once_and_in_one_spelling() -> None:
    wanted = ["10.0.0.1", "0.0.0.0/0", "10.0.0.1/32", "10.0.1.0/24"]
    assert _settings.canonical_list(wanted) == ["10.0.0.1/32", "0.0.0.0/0", "10.0.1.0/24"]


# Maintenance


@pytest.mark.parametrize(
    ("present", "wanted", "after", "body"),
    [
        pytest.param(
            WINDOW, {"period_hour": "0.5"}, {**WINDOW, "period_hour": "0.5"}, ("SUN", "03", "00", "0.5"), id="length"
        ),
        pytest.param(
            WINDOW,
            {"starting_day_of_week": "MON"},
            {**WINDOW, "starting_day_of_week": "MON"},
            ("MON", "03", "00", "2"),
            id="day",
        ),
        pytest.param(
            WINDOW, {"starting_time": "2359"}, {**WINDOW, "starting_time": "2359"}, ("SUN", "23", "59", "2"), id="time"
        ),
        pytest.param(None, WINDOW, WINDOW, ("SUN", "03", "00", "2"), id="first, null shown"),
        pytest.param(NO_WINDOW, WINDOW, WINDOW, ("SUN", "03", "00", "2"), id="first, nulls shown"),
        pytest.param({**WINDOW, **OLD_WINDOW}, WINDOW, WINDOW, ("SUN", "03", "00", "2"), id="again"),
    ],
)
def test_window_that_changes(present: Any, wanted: Json, after: Json, body: tuple[str, ...]) -> None:
    plan = planned(with_window(present), "maintenance_option", wanted)

    keys = ("start_day_of_week", "start_time", "start_minute", "term_hour")
    assert bodies(plan) == [("Set Maintenance", dict(zip(keys, body)))]
    assert plan.after["maintenance_option"] == after
    assert not plan.steps[0].goal.reached(with_window(present))
    assert plan.steps[0].goal.reached(with_window({**after, "use_maintenance_option": True}))


def test_empty_window_unsets_it() -> None:
    plan = planned(with_window(WINDOW), "maintenance_option", {})
    assert bodies(plan) == [("Unset Maintenance", None)]
    assert plan.after["maintenance_option"] == {}
    assert plan.steps[0].goal.reached(with_window(NO_WINDOW))
    assert not plan.steps[0].goal.reached(with_window(WINDOW))


@pytest.mark.parametrize(
    ("present", "wanted"),
    [
        pytest.param(WINDOW, WINDOW, id="all"),
        pytest.param(WINDOW, {"period_hour": "2"}, id="one key, the others are left alone"),
        pytest.param({**WINDOW, "period_hour": 2}, {"period_hour": "2"}, id="number shown"),
        pytest.param(None, {}, id="none, null shown"),
        pytest.param(NO_WINDOW, {}, id="none, nulls shown"),
        pytest.param({**WINDOW, **OLD_WINDOW}, {}, id="none, old values shown"),
    ],
)
def test_window_that_is_the_same(present: Any, wanted: Json) -> None:
    assert bodies(planned(with_window(present), "maintenance_option", wanted)) == []


@pytest.mark.parametrize("key", WINDOW)
def test_first_window_needs_every_key(key: str) -> None:
    wanted = {name: value for name, value in WINDOW.items() if name != key}
    with pytest.raises(InvalidInput, match="has no maintenance window yet") as caught:
        planned(with_window(None), "maintenance_option", wanted)
    assert problems_of(caught.value) == [(f"maintenance_option.{key}", None)]


# Audit log


@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("wanted", [True, False])
def test_audit_log(present: bool, wanted: bool) -> None:
    cluster = a_cluster(init_config_option={"audit_enabled": present})

    plan = planned(cluster, "audit_enabled", wanted)

    assert bodies(plan) == ([] if present == wanted else [("Set Audit Log", {"use_audit_log": wanted})])
    assert plan.after["init_config_option"]["audit_enabled"] == wanted
    for step in plan.steps:
        assert step.options == ("init_config_option.audit_enabled",)
        assert not step.goal.reached(cluster)
        assert step.goal.reached(a_cluster(init_config_option={"audit_enabled": wanted}))


# Backup


@pytest.mark.parametrize(
    ("present", "wanted", "after"),
    [
        pytest.param(POLICY, {"retention_period_day": 35}, {**POLICY, "retention_period_day": 35}, id="days"),
        pytest.param(POLICY, {"archive_frequency_minute": 5}, {**POLICY, "archive_frequency_minute": 5}, id="minutes"),
        pytest.param(POLICY, {"starting_time_hour": 0}, {**POLICY, "starting_time_hour": 0}, id="hour 0"),
        pytest.param(None, POLICY, POLICY, id="first, null shown"),
        pytest.param(NO_POLICY, POLICY, POLICY, id="first, nulls shown"),
        pytest.param(dict.fromkeys(POLICY, ""), POLICY, POLICY, id="first, empty strings shown"),
    ],
)
def test_policy_that_changes(present: Any, wanted: Json, after: Json) -> None:
    shown = {key: value if value in (None, "") else str(value) for key, value in present.items()} if present else None

    plan = planned(with_policy(shown), "backup_option", wanted)

    assert bodies(plan) == [("Set Backup", {key: str(value) for key, value in after.items()})]
    assert plan.after["init_config_option"]["backup_option"] == after
    assert not plan.steps[0].goal.reached(with_policy(shown))
    assert plan.steps[0].goal.reached(with_policy({key: str(value) for key, value in after.items()}))


def test_empty_policy_unsets_it() -> None:
    plan = planned(with_policy(POLICY), "backup_option", {})
    assert bodies(plan) == [("Unset Backup", None)]
    assert plan.after["init_config_option"]["backup_option"] == {}
    assert plan.steps[0].goal.reached(with_policy(NO_POLICY))


@pytest.mark.parametrize(
    ("present", "wanted"),
    [
        pytest.param({key: str(value) for key, value in POLICY.items()}, POLICY, id="all"),
        pytest.param(POLICY, POLICY, id="numbers shown"),
        pytest.param({**POLICY, "starting_time_hour": "02"}, POLICY, id="leading zero shown"),
        pytest.param(POLICY, {"retention_period_day": 7}, id="one key, the others are left alone"),
        pytest.param({**POLICY, "starting_time_hour": 0}, {"starting_time_hour": 0}, id="hour 0"),
        pytest.param(None, {}, id="none, null shown"),
        pytest.param(NO_POLICY, {}, id="none, nulls shown"),
    ],
)
def test_policy_that_is_the_same(present: Any, wanted: Json) -> None:
    assert bodies(planned(with_policy(present), "backup_option", wanted)) == []


@pytest.mark.parametrize("key", POLICY)
def test_first_policy_needs_every_key(key: str) -> None:
    wanted = {name: value for name, value in POLICY.items() if name != key}
    with pytest.raises(InvalidInput, match="has no backup policy yet") as caught:
        planned(with_policy(None), "backup_option", wanted)
    assert problems_of(caught.value) == [(f"init_config_option.backup_option.{key}", None)]
