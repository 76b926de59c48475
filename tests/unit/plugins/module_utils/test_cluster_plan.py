# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _cluster_plan, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    InvalidInput,
    NotUnderstood,
    Refused,
    ScpError,
)
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    Json,
    a_cluster,
    a_detail,
    a_group,
    a_server,
    all_of_it,
    an_engine,
    bodies,
    declaring,
    ha_cluster,
    merged,
    problems_of,
    shown,
    told,
)

SHORT = {
    "Start Cluster": "start",
    "Stop Cluster": "stop",
    "Restart Cluster": "restart",
    "Switchover Cluster": "switch",
    "Synchronize Cluster State": "sync",
    "Terminate Cluster": "end",
}

# Of each service state: what is planned for a cluster of which nothing but the state is declared.
# - stands for no step, ! for a refusal.
STATES = ("present", "started", "stopped", "restarted", "switched_over", "synced", "absent")
MATRIX = {
    #                present started stopped    restarted     switched_over synced absent
    "RUNNING": ("-", "-", "stop", "restart", "switch", "-", "end"),
    "STOPPED": ("-", "start", "-", "start", "!", "-", "end"),
    "UNKNOWN": ("sync", "sync", "sync stop", "sync restart", "sync switch", "sync", "sync end"),
    "ERROR": ("!", "!", "!", "!", "!", "sync", "end"),
    "FAILED": ("!", "!", "!", "!", "!", "sync", "end"),
    "CREATING": ("-", "-", "stop", "restart", "switch", "-", "end"),
    "STARTING": ("-", "-", "stop", "restart", "switch", "-", "end"),
    "RESTARTING": ("-", "-", "stop", "restart", "switch", "-", "end"),
    "EDITING": ("-", "-", "stop", "restart", "switch", "-", "end"),
    "SYNCHRONIZING": ("-", "-", "stop", "restart", "switch", "-", "end"),
    "UPGRADING": ("-", "-", "stop", "restart", "switch", "-", "end"),
    "MIGRATING": ("-", "-", "stop", "restart", "switch", "-", "end"),
    "A_NEW_WORD": ("-", "-", "stop", "restart", "switch", "sync", "end"),
    "STOPPING": ("-", "start", "-", "start", "!", "-", "end"),
}

# How the cluster rests after each, where that is not as before.
RESTS = {"stopped": "STOPPED", "started": "RUNNING", "restarted": "RUNNING"}

# Each changeable option with a value that differs from the cluster's, and the operation that it takes, in the order
# in which they are carried out.
CHANGES: list[tuple[str, Any, str]] = [
    ("allowable_ip_addresses", [], "Set Security Group Rules"),
    ("maintenance_option", {"period_hour": "5"}, "Set Maintenance"),
    ("init_config_option", {"audit_enabled": True}, "Set Audit Log"),
    ("init_config_option", {"backup_option": {"retention_period_day": 14}}, "Set Backup"),
    ("instance_groups", [a_group(server_type_name="db1v4m8")], "Set Server Type"),
    ("upgrade_kernel", True, "Upgrade Kernel"),
    ("software_version", "10.11.15", "Patch Minor Version"),
]

IMMUTABLE = {
    "name": ("orders", "invoices"),
    "ha_enabled": (False, True),
    "nat_enabled": (False, True),
    "origin_cluster_id": ("c0", "c9"),
    "service_watch_log_collection": (True, False),
    "subnet_id": ("subnet", "other"),
    "timezone": ("Asia/Seoul", "UTC"),
    "vip_public_ip_id": ("ip1", "ip2"),
    "virtual_ip_address": ("10.0.1.9", "10.0.1.8"),
    "init_config_option.database_character_set": ("utf8", "utf8mb4"),
    "init_config_option.database_name": ("orders", "invoices"),
    "init_config_option.database_port": (2866, 3306),
    "init_config_option.database_user_name": ("orders", "invoices"),
}


WINDOW = {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0300"}


def at(path: str, value: object) -> Json:
    """Return ``value`` below the keys of a path such as ``init_config_option.database_name``."""
    for key in reversed(path.split(".")):
        value = {key: value}
    assert isinstance(value, dict)
    return value


def refusals(desired: Json, tags: Json | None = None) -> list[tuple[str, object]]:
    try:
        _cluster_plan.check(desired, tags)
    except InvalidInput as error:
        return problems_of(error)
    return []


# Answers without content

EMPTY: Json = {
    **dict.fromkeys(a_detail()),
    "id": "c1",
    "name": "orders",
    "replicas": [],
}


@pytest.mark.parametrize("missing", [False, True], ids=["null", "missing"])
@pytest.mark.parametrize(
    ("state", "service_state", "expected"),
    [
        ("absent", "FAILED", ["Terminate Cluster"]),
        ("absent", "CREATING", ["Terminate Cluster"]),
        ("absent", "DEGRADED", ["Terminate Cluster"]),
        ("absent", "UNKNOWN", ["Synchronize Cluster State", "Terminate Cluster"]),
        ("synced", "FAILED", ["Synchronize Cluster State"]),
        ("synced", "DEGRADED", ["Synchronize Cluster State"]),
        ("started", "STOPPED", ["Start Cluster"]),
        ("stopped", "RUNNING", ["Stop Cluster"]),
        ("restarted", "RUNNING", ["Restart Cluster"]),
        ("present", "RUNNING", []),
    ],
)
def test_cluster_that_shows_no_more_than_its_state(
    state: str, service_state: str, expected: list[str], missing: bool
) -> None:
    detail = {**EMPTY, "service_state": service_state}
    cluster = shown({key: value for key, value in detail.items() if value is not None} if missing else detail)
    if state == "absent":
        plan = _cluster_plan.plan_absence(cluster)
    else:
        plan = _cluster_plan.plan_presence(declaring(state), cluster)
    assert told(plan) == expected
    assert plan.diff()["before"]["service_state"] == service_state


@pytest.mark.parametrize(
    ("option", "value", "field"),
    [
        ("maintenance_option", WINDOW, "maintenance_option"),
        ("init_config_option", {"audit_enabled": True}, "init_config_option"),
        ("software_version", "10.11.15", "software_version"),
        ("engine_version", "10.11", "software_version"),
        ("nat_enabled", True, "nat_enabled"),
        ("subnet_id", "subnet", "subnet_id"),
    ],
)
def test_option_whose_field_does_not_show(option: str, value: object, field: str) -> None:
    cluster = shown({key: value for key, value in a_detail().items() if key != field})
    with pytest.raises(NotUnderstood, match=f"The answer to Show Cluster lacks {field}"):
        _cluster_plan.plan_presence(declaring(**{option: value}), cluster)


# States


def test_matrix_is_complete() -> None:
    # A cluster that is being or has been terminated is never planned for.
    assert set(MATRIX) - {"A_NEW_WORD"} == set(_states.SERVICE_STATES) - {"TERMINATING", "TERMINATED"}


@pytest.mark.parametrize(
    ("service_state", "state", "expected"),
    [
        pytest.param(service_state, state, expected, id=f"{state} when {service_state}")
        for service_state, row in MATRIX.items()
        for state, expected in zip(STATES, row)
    ],
)
def test_state(service_state: str, state: str, expected: str) -> None:
    cluster = ha_cluster(service_state)

    if expected == "!":
        with pytest.raises(Refused):
            _cluster_plan.plan_presence(declaring(state), cluster)
        return
    absent = state == "absent"
    plan = _cluster_plan.plan_absence(cluster) if absent else _cluster_plan.plan_presence(declaring(state), cluster)

    assert " ".join(SHORT[operation] for operation in told(plan)) == expected.replace("-", "")
    assert plan.changed == (expected != "-")
    assert plan.before["service_state"] == service_state
    if absent:
        assert plan.after == {}
    elif plan.changed:
        assert plan.after["service_state"] == RESTS.get(state, "RUNNING")
    assert all(step.options[0] == "state" for step in plan.steps)


@pytest.mark.parametrize(
    ("service_state", "advice"), [("FAILED", "state: synced.*terminate it"), ("ERROR", "state: synced")]
)
def test_broken_cluster_is_refused_with_a_way_out(service_state: str, advice: str) -> None:
    with pytest.raises(Refused, match=advice):
        _cluster_plan.plan_presence(declaring(), a_cluster(service_state))


@pytest.mark.parametrize("state", ["present", "synced", "stopped", "absent"])
def test_what_comes_after_a_synchronization_is_uncertain(state: str) -> None:
    cluster = a_cluster("UNKNOWN")
    absent = state == "absent"
    plan = _cluster_plan.plan_absence(cluster) if absent else _cluster_plan.plan_presence(declaring(state), cluster)
    assert [step.uncertain for step in plan.steps] == [True, *[False] * (len(plan.steps) - 1)]


# What each step waits for: the states that do and do not fulfil it.
@pytest.mark.parametrize(
    ("state", "service_state", "reached"),
    [
        ("started", "STOPPED", ["RUNNING"]),
        ("stopped", "RUNNING", ["STOPPED"]),
        ("restarted", "RUNNING", ["RUNNING"]),
        ("synced", "UNKNOWN", ["RUNNING", "STOPPED"]),
        ("absent", "RUNNING", []),
    ],
)
def test_goal_of_a_state(state: str, service_state: str, reached: list[str]) -> None:
    cluster = a_cluster(service_state)
    absent = state == "absent"
    plan = _cluster_plan.plan_absence(cluster) if absent else _cluster_plan.plan_presence(declaring(state), cluster)
    goal = plan.steps[-1].goal
    assert [word for word in _states.SERVICE_STATES if goal.reached(a_cluster(word))] == reached
    assert goal.gone == (state == "absent")
    assert goal.visible == (state != "restarted")


# Settings


@pytest.mark.parametrize(("option", "value", "operation"), CHANGES, ids=[change[2] for change in CHANGES])
@pytest.mark.parametrize("service_state", ["RUNNING", "UNKNOWN", "STOPPED", "STOPPING"])
@pytest.mark.parametrize("state", ["present", "started", "stopped", "restarted", "synced"])
def test_setting_needs_a_running_cluster(
    state: str, service_state: str, option: str, value: Any, operation: str
) -> None:
    desired = declaring(state, **{option: value})
    cluster = a_cluster(service_state, is_kernel_patchable=True)
    before = [name for name in MATRIX[service_state][STATES.index(state)].split() if name != "-"]
    stops = service_state in ("STOPPED", "STOPPING") and state not in ("started", "restarted")

    if stops:
        with pytest.raises(Refused, match=f"needed are: {operation}"):
            _cluster_plan.plan_presence(desired, cluster)
        return
    plan = _cluster_plan.plan_presence(desired, cluster)

    steps = [SHORT.get(name, name) for name in told(plan)]
    first = [name for name in before if name in ("sync", "start")]
    assert steps == [*first, operation, *(name for name in before if name not in first)]


BACKUP = {"archive_frequency_minute": 60, "retention_period_day": 7, "starting_time_hour": 2}


def test_settings_are_changed_in_the_order_of_what_they_cost() -> None:
    volumes = [
        {"role_type": "OS", "size_gb": 104},
        {"role_type": "DATA", "size_gb": 208},
        {"role_type": "TEMP", "size_gb": 16},
    ]
    desired = declaring(
        "restarted",
        allowable_ip_addresses=["10.0.0.1"],
        maintenance_option={},
        init_config_option={"audit_enabled": True, "backup_option": {"retention_period_day": 14}},
        instance_groups=[a_group(server_type_name="db1v4m8", block_storage_groups=volumes)],
        software_version="10.11.15",
        backup_before_upgrade=False,
    )

    plan = _cluster_plan.plan_presence(desired, a_cluster())

    assert bodies(plan) == [
        ("Set Security Group Rules", {"add_ip_addresses": ["10.0.0.1/32"], "del_ip_addresses": ["10.0.1.0/24"]}),
        ("Unset Maintenance", None),
        ("Set Audit Log", {"use_audit_log": True}),
        (
            "Set Backup",
            {"archive_frequency_minute": "60", "retention_period_day": "14", "starting_time_hour": "2"},
        ),
        ("Set Block Storage Size", {"size_gb": 208}),
        ("Add Block Storages", {"role_type": "TEMP", "size_gb": 16, "volume_type": "SSD"}),
        ("Set Server Type", {"server_type_name": "db1v4m8"}),
        ("Patch Minor Version", {"software_version": "10.11.15", "backup_before_upgrade": False}),
        ("Restart Cluster", None),
    ]
    assert plan.before == _cluster_plan.diff_view(a_cluster())
    assert plan.after == {
        **plan.before,
        "allowable_ip_addresses": ["10.0.0.1/32"],
        "maintenance_option": {},
        "init_config_option": {"audit_enabled": True, "backup_option": {**BACKUP, "retention_period_day": 14}},
        "software_version": "10.11.15",
        "instance_groups": [
            {
                **plan.before["instance_groups"][0],
                "server_type_name": "db1v4m8",
                "block_storage_groups": [
                    {"id": "os1", "role_type": "OS", "size_gb": 104, "volume_type": "SSD"},
                    {"id": "data1", "role_type": "DATA", "size_gb": 208, "volume_type": "SSD"},
                    {"role_type": "TEMP", "size_gb": 16, "volume_type": "SSD"},
                ],
            }
        ],
    }


def test_patch_is_done_when_the_version_shows() -> None:
    goal = _cluster_plan.plan_presence(declaring(software_version="10.11.15"), a_cluster()).steps[0].goal
    assert not goal.reached(a_cluster())
    assert goal.reached(a_cluster(software_version="10.11.15"))


@pytest.mark.parametrize("service_state", ["RUNNING", "STOPPED"])
def test_cluster_as_declared_needs_no_step(service_state: str) -> None:
    declared = all_of_it(
        allowable_ip_addresses=["10.0.1.0/24"],
        maintenance_option=WINDOW,
        software_version="10.11.9",
        init_config_option={
            "audit_enabled": False,
            "database_port": 2866,
            "backup_option": {"archive_frequency_minute": 60, "retention_period_day": 7, "starting_time_hour": 2},
        },
    )
    plan = _cluster_plan.plan_presence(declared, a_cluster(service_state))
    assert (told(plan), plan.changed, plan.after) == ([], False, plan.before)


def test_options_that_are_left_out_are_left_alone() -> None:
    assert told(_cluster_plan.plan_presence(declaring(), a_cluster())) == []


# What can't be changed


def test_every_immutable_option_is_tested() -> None:
    assert set(IMMUTABLE) == set(_cluster_plan.IMMUTABLE)


@pytest.mark.parametrize("path", IMMUTABLE)
def test_immutable_option_that_differs_is_refused(path: str) -> None:
    present, wanted = IMMUTABLE[path]
    cluster = merged(a_cluster(), at(path, present))

    with pytest.raises(InvalidInput, match="can't become what is declared") as caught:
        _cluster_plan.plan_presence(merged(declaring(), at(path, wanted)), cluster)

    assert problems_of(caught.value) == [(path, wanted)]
    assert f"the cluster has {present!r}, and SCP can't change it after creation" in caught.value.msg


@pytest.mark.parametrize("path", IMMUTABLE)
def test_immutable_option_that_is_the_same_changes_nothing(path: str) -> None:
    present = IMMUTABLE[path][0]
    cluster = merged(a_cluster(), at(path, present))
    assert told(_cluster_plan.plan_presence(merged(declaring(), at(path, present)), cluster)) == []


@pytest.mark.parametrize("path", ["origin_cluster_id", "vip_public_ip_id", "virtual_ip_address"])
@pytest.mark.parametrize("present", [None, ""])
def test_empty_string_is_the_same_as_nothing(path: str, present: str | None) -> None:
    assert told(_cluster_plan.plan_presence(declaring(**{path: ""}), a_cluster(**{path: present}))) == []


@pytest.mark.parametrize("path", IMMUTABLE)
@pytest.mark.parametrize("empty", [None, ""])
def test_cluster_that_is_being_created_need_not_show_everything_yet(path: str, empty: str | None) -> None:
    present = IMMUTABLE[path][0]
    cluster = merged(a_cluster("CREATING"), at(path, empty))
    assert told(_cluster_plan.plan_presence(merged(declaring(), at(path, present)), cluster)) == []


def test_every_drift_is_told_at_once() -> None:
    volumes = [{"role_type": "OS", "size_gb": 104}, {"role_type": "DATA", "size_gb": 104}]
    desired = declaring(
        timezone="UTC", software_version="10.6.1", instance_groups=[a_group(block_storage_groups=volumes)]
    )
    with pytest.raises(InvalidInput) as caught:
        _cluster_plan.plan_presence(desired, a_cluster())
    assert problems_of(caught.value) == [
        ("timezone", "UTC"),
        ("software_version", "10.6.1"),
        ("instance_groups[].block_storage_groups[].size_gb", 104),
    ]


# Switchover


def switched(active: int = 1) -> Json:
    """Return the cluster with one of its two servers active."""
    cluster = ha_cluster()
    servers = [a_server(number, "ACTIVE" if number == active else "STANDBY") for number in (1, 2)]
    cluster["instance_groups"][0]["instances"] = servers
    return cluster


@pytest.mark.parametrize(
    ("active", "wanted", "expected"),
    [
        pytest.param(1, None, ["Switchover Cluster"], id="every time without active_instance"),
        pytest.param(1, "orders002", ["Switchover Cluster"], id="another one is active"),
        pytest.param(2, "orders002", [], id="the wanted one is active"),
    ],
)
def test_switchover(active: int, wanted: str | None, expected: list[str]) -> None:
    desired = declaring("switched_over", **({"active_instance": wanted} if wanted else {}))

    plan = _cluster_plan.plan_presence(desired, switched(active))

    assert told(plan) == expected
    if expected:
        roles = {server["name"]: server["role_type"] for server in plan.after["instance_groups"][0]["instances"]}
        assert roles == {"orders001": "STANDBY", "orders002": "ACTIVE"}
        assert plan.steps[0].goal.reached(switched(2))
        assert not plan.steps[0].goal.reached(switched(1))
        assert not plan.steps[0].goal.reached(switched(0))


def with_roles(*words: Any) -> Json:
    cluster = ha_cluster()
    cluster["instance_groups"][0]["instances"] = [a_server(number, word) for number, word in enumerate(words, 1)]
    return cluster


WORDS = [("PRIMARY", "STANDBY"), ("Active", "Standby"), ("PRIMARY_NODE", "READ_NODE"), ("primary-node", None),
         ("ACTIVE", "READ_REPLICA"), ("PRIMARY", "SECONDARY"), ("ACTIVE", "A word to come")]  # fmt: skip
NOBODY_KNOWS = [(None, None), ("ACTIVE", "PRIMARY"), ("STANDBY", "STANDBY"), ("MASTER", "SLAVE"), ("", "STANDBY")]


@pytest.mark.parametrize("words", WORDS)
def test_switchover_whatever_the_words(words: tuple[Any, Any]) -> None:
    before, after = with_roles(*words), with_roles(*reversed(words))
    wanted = declaring("switched_over", active_instance="orders002")
    plan = _cluster_plan.plan_presence(wanted, before)
    assert told(plan) == ["Switchover Cluster"]
    assert (
        plan.after["instance_groups"][0]["instances"]
        == _cluster_plan.diff_view(after)["instance_groups"][0]["instances"]
    )
    assert [plan.steps[0].goal.reached(shown) for shown in (before, after)] == [False, True]
    assert told(_cluster_plan.plan_presence(wanted, after)) == []
    assert told(_cluster_plan.plan_presence(declaring("switched_over"), after)) == ["Switchover Cluster"]


@pytest.mark.parametrize("wanted", [{"active_instance": "orders001"}, {}])
@pytest.mark.parametrize("words", NOBODY_KNOWS)
def test_no_switchover_where_the_active_server_is_not_known(words: tuple[Any, Any], wanted: Json) -> None:
    with pytest.raises(Refused) as refused:
        _cluster_plan.plan_presence(declaring("switched_over", **wanted), with_roles(*words))
    assert f"orders001 is {words[0]!r}, orders002 is {words[1]!r}" in refused.value.msg


def test_switchover_to_a_third_server_is_not_the_wanted_one() -> None:
    plan = _cluster_plan.plan_presence(
        declaring("switched_over", active_instance="orders002"), with_roles("ACTIVE", "STANDBY", "STANDBY")
    )
    assert not plan.steps[0].goal.reached(with_roles("STANDBY", "STANDBY", "ACTIVE"))
    assert plan.steps[0].goal.reached(with_roles("STANDBY", "ACTIVE", "STANDBY"))


@pytest.mark.parametrize(
    ("cluster", "wanted", "rule"),
    [
        pytest.param(a_cluster(), None, "not highly available", id="one server"),
        pytest.param(
            switched(), "orders003", "must be a server of the cluster: orders001, orders002", id="no such server"
        ),
        pytest.param(ha_cluster("STOPPED"), None, "only a RUNNING one can switch over", id="stopped"),
    ],
)
def test_switchover_that_is_refused(cluster: Json, wanted: str | None, rule: str) -> None:
    with pytest.raises(ScpError, match=rule) as caught:
        _cluster_plan.plan_presence(declaring("switched_over", active_instance=wanted), cluster)
    assert "Nothing was changed." in caught.value.msg


# Termination


def test_cluster_that_is_not_there_needs_no_termination() -> None:
    plan = _cluster_plan.plan_absence(None)
    assert (told(plan), plan.before, plan.after) == ([], {}, {})


@pytest.mark.parametrize("service_state", ["TERMINATING"])
def test_cluster_that_is_going_needs_no_termination(service_state: str) -> None:
    assert told(_cluster_plan.plan_absence(a_cluster(service_state))) == []


@pytest.mark.parametrize("service_state", ["RUNNING", "STOPPED", "UNKNOWN", "FAILED", "CREATING"])
def test_cluster_with_replicas_is_not_terminated(service_state: str) -> None:
    with pytest.raises(Refused, match=r"has replicas: c2, c3\. Nothing was changed\. Terminate or promote"):
        _cluster_plan.plan_absence(a_cluster(service_state, replicas=["c2", "c3"]))


@pytest.mark.parametrize("replicas", [[], None])
def test_cluster_without_replicas_is_terminated(replicas: Any) -> None:
    assert told(_cluster_plan.plan_absence(a_cluster(replicas=replicas))) == ["Terminate Cluster"]


def test_cluster_with_former_replicas_only_is_terminated() -> None:
    cluster = a_cluster(replicas=["c2"])
    assert told(_cluster_plan.plan_absence(cluster, replicas=[])) == ["Terminate Cluster"]
    with pytest.raises(Refused, match=r"has replicas: orders-r1 \(c2\)\."):
        _cluster_plan.plan_absence(cluster, replicas=["orders-r1 (c2)"])


# Creation

REQUIRED = {
    "name": "name",
    "instance_name_prefix": "instance_name_prefix",
    "subnet_id": "subnet_id",
    "timezone": "timezone",
    "instance_groups": "instance_groups",
    "init_config_option.database_name": "init_config_option.database_name",
    "init_config_option.database_user_name": "init_config_option.database_user_name",
    "init_config_option.database_user_password": "init_config_option.database_user_password",
    "dbaas_engine_version_id": "engine_version",
}


NAT = {"nat_enabled": True}
NAT_HA = {**NAT, "ha_enabled": True, "instance_groups": [a_group("ACTIVE_STANDBY")]}
PUBLIC = "instance_groups[].instances[].public_ip_id"


def with_public_ip(public_ip_id: str) -> Json:
    return {**NAT, "instance_groups": [a_group(instances=[{"role_type": "ACTIVE", "public_ip_id": public_ip_id}])]}


@pytest.mark.parametrize(
    "changes", [{**NAT_HA, "vip_public_ip_id": "ip"}, with_public_ip("ip")], ids=["HA", "one server"]
)
def test_nat_with_a_public_ip_can_be_created(changes: Json) -> None:
    _cluster_plan.check_creation(all_of_it(**changes))


def creation_refusals(desired: Json) -> list[tuple[str, object]]:
    with pytest.raises(InvalidInput, match="does not exist and can't be created") as caught:
        _cluster_plan.check_creation(desired)
    return problems_of(caught.value)


def test_complete_options_can_be_created() -> None:
    _cluster_plan.check(all_of_it(), None)
    _cluster_plan.check_creation(all_of_it())


@pytest.mark.parametrize("path", REQUIRED)
@pytest.mark.parametrize("empty", [None, ""], ids=["left out", "empty"])
def test_required_to_create(path: str, empty: str | None) -> None:
    assert (REQUIRED[path], None) in creation_refusals(all_of_it(**at(path, empty)))


def test_everything_that_is_missing_is_told_at_once() -> None:
    missing = [option for option, _value in creation_refusals(declaring())]
    assert missing == [*(path for path in _cluster_plan.REQUIRED_TO_CREATE if path != "name"), "engine_version"]


@pytest.mark.parametrize("option", ["engine_version", "software_version"])
def test_version_may_stand_for_the_id(option: str) -> None:
    _cluster_plan.check_creation(all_of_it(dbaas_engine_version_id=None, **{option: "10.11.9"}))


OS, DATA = {"role_type": "OS", "size_gb": 104}, {"role_type": "DATA", "size_gb": 16}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"name": "my-orders"}, [("name", "my-orders")], id="name of a promoted replica"),
        pytest.param(
            {"instance_groups": [a_group("ACTIVE_STANDBY")]}, [("ha_enabled", False)], id="standby without ha_enabled"
        ),
        pytest.param(
            {"instance_groups": [a_group(block_storage_groups=[{"role_type": "DATA", "size_gb": 16}])]},
            [("instance_groups[].block_storage_groups", "DATA")],
            id="no OS volume",
        ),
        pytest.param(
            {"instance_groups": [a_group(block_storage_groups=[{"role_type": "OS", "size_gb": 104}] * 2)]},
            [("instance_groups[].block_storage_groups", "OS, OS")] * 2,
            id="two OS volumes, no DATA volume",
        ),
        pytest.param(
            {"instance_groups": [a_group(block_storage_groups=[OS, *[DATA] * 9])]},
            [("instance_groups[].block_storage_groups", 10)],
            id="ten volumes",
        ),
        pytest.param(
            {"instance_groups": [a_group(block_storage_groups=[OS, DATA, {**DATA, "volume_type": "HDD"}])]},
            [("instance_groups[].block_storage_groups[].volume_type", "HDD, SSD")],
            id="DATA volumes of two types",
        ),
        pytest.param(
            {"instance_groups": [a_group(instances=[{"role_type": "STANDBY"}])]},
            [("instance_groups[].instances[].role_type", "STANDBY")],
            id="servers that do not fit the group",
        ),
        pytest.param(NAT_HA, [("vip_public_ip_id", None)], id="NAT and HA without a public IP"),
        pytest.param(NAT, [(PUBLIC, None)], id="NAT without servers"),
        pytest.param(with_public_ip(""), [(PUBLIC, None)], id="NAT without a public IP of the server"),
        pytest.param(
            {"instance_groups": [a_group(block_storage_groups=[])]},
            [("instance_groups[].block_storage_groups", "")] * 2,
            id="no volume",
        ),
    ],
)
def test_creation_that_is_refused(changes: Json, expected: list[tuple[str, object]]) -> None:
    assert creation_refusals(all_of_it(**changes)) == expected


def created(tags: Json | None = None, **changes: Any) -> Json:
    """Return the body that creates :func:`all_of_it` with changes."""
    plan = _cluster_plan.plan_creation(all_of_it(**changes), tags, an_engine("10.11.9", "e1"))
    assert told(plan) == ["Create Cluster"]
    body = plan.steps[0].call.body
    assert body is not None
    return body


def test_smallest_creation() -> None:
    plan = _cluster_plan.plan_creation(all_of_it(), None, an_engine("10.11.9", "e1"))

    body = {
        "allowable_ip_addresses": [],
        "dbaas_engine_version_id": "e1",
        "init_config_option": {
            "database_name": "orders",
            "database_user_name": "orders",
            "database_user_password": "Secret-123",
        },
        "instance_groups": [a_group()],
        "instance_name_prefix": "orders",
        "name": "orders",
        "subnet_id": "subnet",
        "timezone": "Asia/Seoul",
    }
    assert bodies(plan) == [("Create Cluster", body)]
    assert plan.steps[0].options == tuple(sorted(body))
    assert plan.steps[0].goal.reached(a_cluster("RUNNING"))
    assert not plan.steps[0].goal.reached(a_cluster("STOPPED"))
    assert plan.before == {}
    assert plan.after == {
        **{key: value for key, value in body.items() if key != "dbaas_engine_version_id"},
        "service_state": "RUNNING",
        "software_version": "10.11.9",
    }
    assert "Secret-123" not in str(plan.diff())


@pytest.mark.parametrize(
    ("changes", "path", "expected"),
    [
        pytest.param({"ha_enabled": True}, "ha_enabled", True, id="as declared"),
        pytest.param({"state": "started"}, "state", None, id="state is not sent"),
        pytest.param({"software_version": "10.11.9"}, "software_version", None, id="version is not sent"),
        pytest.param(
            {"allowable_ip_addresses": ["10.0.0.1"]}, "allowable_ip_addresses", ["10.0.0.1/32"], id="addresses"
        ),
        pytest.param({"maintenance_option": {}}, "maintenance_option", None, id="no window is not sent"),
        pytest.param({"maintenance_option": WINDOW}, "maintenance_option", WINDOW, id="window"),
        pytest.param(
            {"init_config_option": {"backup_option": {"retention_period_day": 14, "starting_time_hour": 0}}},
            "init_config_option.backup_option",
            {"retention_period_day": "14", "starting_time_hour": "0"},
            id="policy as strings",
        ),
    ],
)
def test_what_a_creation_sends(changes: Json, path: str, expected: object) -> None:
    value: Any = created(**changes)
    for key in path.split("."):
        value = value.get(key)
    assert value == expected


def test_empty_policy_creates_a_cluster_without_backups() -> None:
    assert created(init_config_option={"backup_option": {}})["init_config_option"]["backup_option"] is None
    assert "backup_option" not in created()["init_config_option"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param(None, None, id="none"),
        pytest.param({}, None, id="empty"),
        pytest.param({"a": "b"}, [{"key": "a", "value": "b"}], id="text"),
        pytest.param({"a": None}, [{"key": "a", "value": None}], id="key alone"),
        pytest.param({1: "b"}, [{"key": "1", "value": "b"}], id="number as key"),
        pytest.param({"a": 1234}, [{"key": "a", "value": "1234"}], id="number as value"),
    ],
)
def test_tags_of_a_creation(tags: Any, expected: object) -> None:
    assert created(tags).get("tags") == expected


def test_creation_does_not_share_the_declared_options() -> None:
    desired = all_of_it(init_config_option={"backup_option": {"retention_period_day": 14}})
    _cluster_plan.plan_creation(desired, None, an_engine("10.11.9"))
    assert desired["init_config_option"]["backup_option"] == {"retention_period_day": 14}


# Between options


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"instance_groups": []}, [("instance_groups", 0)], id="no group"),
        pytest.param({"instance_groups": [a_group(), a_group()]}, [("instance_groups", 2)], id="two groups"),
        pytest.param({"ha_enabled": True, "instance_groups": [a_group("ACTIVE_STANDBY")]}, [], id="standby"),
        pytest.param(
            {"ha_enabled": True, "instance_groups": [a_group()]},
            [("instance_groups[].role_type", "ACTIVE")],
            id="ha_enabled without standby",
        ),
        pytest.param(
            {"ha_enabled": False, "instance_groups": [a_group("ACTIVE_STANDBY")]},
            [("instance_groups[].role_type", "ACTIVE_STANDBY")],
            id="standby in spite of ha_enabled",
        ),
        pytest.param({"nat_enabled": True, "ha_enabled": True}, [], id="NAT of a cluster that may exist"),
        pytest.param({"active_instance": "orders001"}, [("active_instance", "orders001")], id="active_instance"),
        pytest.param(
            {"state": "switched_over", "active_instance": "orders001"}, [], id="active_instance of switchover"
        ),
        pytest.param({"state": "absent", "active_instance": "orders001"}, [], id="absent: does not matter"),
        pytest.param({"state": "absent", "instance_groups": []}, [], id="absent: groups do not matter"),
        pytest.param({"state": "absent", "timezone": ""}, [], id="absent: rules do not matter"),
        pytest.param({"state": "absent", "name": "a b"}, [("name", "a b")], id="absent: the name matters"),
    ],
)
def test_combination(options: Json, expected: list[tuple[str, object]]) -> None:
    assert refusals({**declaring(), **options}) == expected


def test_every_broken_rule_is_told_at_once() -> None:
    desired = declaring(name="a b", instance_groups=[], init_config_option={"database_user_password": "short"})
    assert refusals(desired, {"": "x"}) == [
        ("name", "a b"),
        ("init_config_option.database_user_password", None),
        ("tags", ""),
        ("instance_groups", 0),
    ]


def test_diff_shows_what_tasks_change_in_a_stable_order() -> None:
    cluster = a_cluster(allowable_ip_addresses=["10.0.1.0/24", "10.0.0.1"])
    assert _cluster_plan.diff_view(cluster) == {
        "name": "orders",
        "service_state": "RUNNING",
        "software_version": "10.11.9",
        "allowable_ip_addresses": ["10.0.0.1/32", "10.0.1.0/24"],
        "maintenance_option": {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0300"},
        "init_config_option": {
            "audit_enabled": False,
            "backup_option": {"archive_frequency_minute": 60, "retention_period_day": 7, "starting_time_hour": 2},
        },
        "instance_groups": [
            {
                "id": "g1",
                "role_type": "ACTIVE",
                "server_type_name": "db1v2m4",
                "block_storage_groups": [
                    {"id": "os1", "role_type": "OS", "size_gb": 104, "volume_type": "SSD"},
                    {"id": "data1", "role_type": "DATA", "size_gb": 200, "volume_type": "SSD"},
                ],
                "instances": [{"name": "orders001", "role_type": "ACTIVE"}],
            }
        ],
    }


def test_cluster_without_backups_is_not_patched() -> None:
    cluster = a_cluster()
    cluster["init_config_option"]["backup_option"] = None

    with pytest.raises(Refused, match="no backups configured"):
        _cluster_plan.plan_presence(declaring(software_version="10.11.15", backup_before_upgrade=True), cluster)
