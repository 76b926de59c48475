# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every variable of every role: what counts as left out, what is converted, and what is rejected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.samsungcloud.scp.plugins.modules import mariadb_cluster_info
from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _role_options

ROLES = Path(__file__).resolve().parents[3] / "roles"
TYPED = ("bool", "int", "float", "list", "dict")
# A blank state must not turn a termination into a creation.
NEVER_BLANK = {"mariadb_state"}
GARBAGE: dict[str, list[Any]] = {
    "bool": ["maybe", "2", 2, "t", "y", 1.5, [True], {"a": 1}, "{{", "falsch"],
    "int": ["many", "1.5", "1e3", "-1", -1, 1.5, True, [1], {"a": 1}, "0x10", "inf", float("nan")],
    "float": ["many", "1,5", "-0.5", -1, False, [1], {"a": 1}, "inf", "nan", float("inf")],
    "list": [{"a": 1}, '{"a": 1}', "[1", "[", True, 3, [""], [None], ["a", "  "], ",", " , ", "a,", "a, ,b"],
    "dict": ["a", "a=1", "[]", '{"a":', ["a"], True, 3],
}
TRUE = (True, 1, "1", "true", "True", "TRUE", "yes", "YES", "on", " On ")
FALSE = (False, 0, "0", "false", "False", "FALSE", "no", "No", "off", " OFF ")


class Option(NamedTuple):
    """An option of a role."""

    role: str
    name: str
    spec: dict[str, Any]
    default: Any

    @property
    def type(self) -> str:
        return _role_options.type_of(self.spec)

    def read(self, value: Any) -> tuple[Any, list[str]]:
        defaults = {} if self.default is None else {self.name: self.default}
        values, errors = _role_options.read({self.name: self.spec}, {self.name: value}, defaults)
        return values[self.name], errors

    def rejected_by_ansible(self, value: Any) -> list[str]:
        """What Ansible's own validation, which comes before the first task of a role, says."""
        messages: list[str] = ArgumentSpecValidator({self.name: self.spec}).validate({self.name: value}).error_messages
        return messages


def loaded(role: Path, part: str) -> Any:
    return yaml.safe_load((role / part).read_text(encoding="utf-8"))


def options() -> list[Option]:
    return [
        Option(role.name, name, spec, loaded(role, "defaults/main.yml").get(name))
        for role in sorted(ROLES.iterdir())
        for name, spec in loaded(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"].items()
    ]


OPTIONS = options()
each_option = pytest.mark.parametrize("option", OPTIONS, ids=[option.name for option in OPTIONS])


@each_option
def test_default_is_the_same_everywhere(option: Option) -> None:
    told = option.spec.get("default")
    # A template's value is told in words.
    if not str(option.default).startswith("{{"):
        assert option.default == told or (option.default is None and not told)
    assert option.spec["type"] in ("str", "path", "raw"), "Ansible would reject a blank"
    assert option.type != "raw" or option.spec["default"], "an option of type raw has the type of its default"


@each_option
@pytest.mark.parametrize("value", [None, "", "  "])
def test_blank_counts_as_left_out(option: Option, value: Any) -> None:
    if option.spec.get("required"):
        assert option.read(value) == (None, [f"{option.name} is required."])
    elif option.name in NEVER_BLANK:
        assert option.rejected_by_ansible(value)
    else:
        assert option.rejected_by_ansible(value) == []
        assert option.read(value) == (option.default if option.default is not None else option.spec.get("default"), [])


@each_option
def test_text_is_converted(option: Option) -> None:
    forms: dict[str, list[tuple[Any, Any]]] = {
        "bool": [(form, value) for value, forms in ((True, TRUE), (False, FALSE)) for form in forms],
        "int": [("0", 0), (" 12 ", 12), ("+7", 7), (12.0, 12), (3600, 3600)],
        "float": [("0", 0), ("1.5", 1.5), (" 24 ", 24), (2, 2)],
        "dict": [('{"team": "a"}', {"team": "a"}), ({"team": "a"}, {"team": "a"}), ({}, {})],
        "list": [("[]", []), ([], [])],
        "str": [("a", "a"), (10.11, "10.11"), (202611020200, "202611020200")],
    }
    if option.type == "list" and "options" not in option.spec:
        forms["list"] += [
            ("a, b", ["a", "b"]),
            ('["a", "b"]', ["a", "b"]),
            (("a",), ["a"]),
            ([1], ["1"]),
            ("a", ["a"]),
        ]
    if "options" in option.spec or "choices" in option.spec:
        del forms["dict"], forms["str"]
    for given, value in forms.get(option.type, []):
        assert option.rejected_by_ansible(given) == []
        got, errors = option.read(given)
        assert (got, type(got), errors) == (value, type(value), []), given


@each_option
def test_garbage_is_rejected_by_name(option: Option) -> None:
    for value in GARBAGE.get(option.type, [True, ["a"], {"a": 1}]):
        if option.type == "raw":
            continue
        got, [error] = option.read(value)
        assert error.startswith((f"{option.name} is ", f"{option.name}[")), error
        assert " but " in error
        assert error.endswith(".")
        assert got == (option.default if option.default is not None else option.spec.get("default"))
        if option.type in ("bool", "int", "float") and not isinstance(value, (list, dict)):
            assert repr(str(value)) in error


def test_dictionaries_in_a_list_are_validated() -> None:
    [volumes] = [option for option in OPTIONS if option.name == "mariadb_restore_drill_block_storage_groups"]
    good = [{"role_type": "DATA", "size_gb": 104}]
    for given in (good, json.dumps(good), [{**good[0], "size_gb": "104", "volume_type": ""}]):
        assert volumes.read(given) == (good, [])
    for given, words in (
        ([{"role_type": "DATA"}], "Missing options of mariadb_restore_drill_block_storage_groups[0]: size_gb."),
        ([{**good[0], "size": 1}], "Unknown options: mariadb_restore_drill_block_storage_groups[0].size. Valid"),
        (
            [{**good[0], "size_gb": "big"}],
            "mariadb_restore_drill_block_storage_groups[0].size_gb is 'big', but must be",
        ),
        (
            [{**good[0], "role_type": "data"}],
            "mariadb_restore_drill_block_storage_groups[0].role_type is 'data', but valid",
        ),
        (["DATA"], "mariadb_restore_drill_block_storage_groups[0] is a text, but must be a dictionary."),
        ("DATA", "mariadb_restore_drill_block_storage_groups is a text, but must be a list."),
    ):
        _value, [error] = volumes.read(given)
        assert error.startswith(words), error


def test_nulls_in_a_stack_count_as_left_out_and_empty_dictionaries_do_not() -> None:
    [stack] = [option for option in OPTIONS if option.name == "mariadb_stack"]
    cluster = {
        "name": "orders",
        "cluster_id": None,
        "virtual_ip_address": " ",
        "maintenance_option": {},
        "init_config_option": {"backup_option": {"retention_period_day": None, "starting_time_hour": ""}},
    }
    given = {"cluster": cluster, "backup": {"retention_period_day": None, "archive": None}, "parameters": None}

    assert stack.read(given) == ({"cluster": {"name": "orders", "maintenance_option": {}}}, [])
    assert stack.read(json.dumps(given)) == stack.read(given)


def test_message_never_has_what_may_be_a_secret() -> None:
    [stack] = [option for option in OPTIONS if option.name == "mariadb_stack"]
    canary = "Canary-1"
    for given in (
        canary,
        [canary],
        {"cluster": canary},
        {"cluster": {"name": "orders", "init_config_option": {"database_user_password": [canary]}}},
        {"cluster": {"name": "orders"}, "log_exports": [canary]},
        {"cluster": {"name": "orders"}, "log_exports": canary},
    ):
        _value, [error] = stack.read(given)
        assert error.startswith("mariadb_stack")
        assert canary not in error


def test_states_of_the_report_are_those_of_the_module() -> None:
    states = loaded(ROLES / "mariadb_report", "vars/main.yml")["_mariadb_report_service_states"]
    assert states == list(mariadb_cluster_info.ARGUMENT_SPEC["service_state"]["choices"])


REFUSED_BY_MODULES: list[tuple[str, dict[str, Any], str]] = [
    ("mariadb_failover", {"wait_timeout": 0}, "wait_timeout is 0, but must be from 1 to 604800 seconds."),
    ("mariadb_upgrade", {"wait_timeout": 700000}, "wait_timeout is 700000, but must be from 1 to 604800 seconds."),
    (
        "mariadb_restore_drill",
        {"terminate_timeout": 0},
        "terminate_timeout is 0, but must be from 1 to 604800 seconds.",
    ),
    ("mariadb_restore_drill", {"name": "drill-1"}, "name is 'drill-1', but must be 3 to 20 letters, nothing else."),
    (
        "mariadb_restore_drill",
        {"backup_recovery_time": "gestern"},
        "backup_recovery_time is 'gestern', but must be a date and time such as 2026-11-02T04:00:00Z.",
    ),
    (
        "mariadb_restore_drill",
        {"allowable_ip_addresses": ["10.0.0.5/24"]},
        "allowable_ip_addresses[] is '10.0.0.5/24', but must have no host bits",
    ),
    (
        "mariadb",
        {"stack": {"backup": {"retention_period_day": 3}}},
        "stack.backup.retention_period_day is 3, but must be from 7 to 35 days.",
    ),
    (
        "mariadb",
        {"stack": {"log_exports": [{"log_type": "slow", "schedule_hour": 24}]}},
        "stack.log_exports[0].schedule_hour is 24, but must be from 0 to 23 hours.",
    ),
    (
        "mariadb",
        {"stack": {"log_exports": [{"log_type": "slow", "schedule_hour": "soon"}]}},
        "stack.log_exports[0].schedule_hour is a text, but must be a whole number",
    ),
    (
        "mariadb",
        {"stack": {"log_exports": [{"log_type": "slow", "bucket_access_key": "x"}]}},
        "stack.log_exports[0].bucket_access_key does not go without bucket_secret_key.",
    ),
    (
        "mariadb",
        {"stack": {"log_exports": [{"log_type": "slow", "schedule_frequency_type": "WEEK"}]}},
        "stack.log_exports[0].schedule_day_of_week is required with schedule_frequency_type: WEEK.",
    ),
    (
        "mariadb",
        {"stack": {"backup": {"archive": {"archive_enabled": False, "retention_period_day": 7}}}},
        "stack.backup.archive.retention_period_day does not go with archive_enabled: false.",
    ),
    (
        "mariadb",
        {"stack": {"parameters": {"parameters": {"max_connections": "9"}, "reset": ["max_connections"]}}},
        "stack.parameters.reset is 'max_connections', but must not name a parameter that parameters sets.",
    ),
    (
        "mariadb",
        {"stack": {"replicas": {"replicas": [{"name": "orders-r1"}] * 2}}},
        "stack.replicas.replicas[].name is 'orders-r1', but must not stand twice.",
    ),
    (
        "mariadb",
        {"stack": {"replicas": {"replicas": [{"name": "orders-r1"}], "tags": {"x" * 129: "y"}}}},
        f"stack.replicas.tags is {'x' * 129!r}, but key must have 1 to 128 characters.",
    ),
    (
        "mariadb",
        {"state": "absent", "stack": {"cluster": {"name": "orders", "wait_timeout": 0, "subnet_id": "?"}}},
        "stack.cluster.wait_timeout is 0, but must be from 1 to 604800 seconds.",
    ),
    (
        "mariadb_restore_drill",
        {"tags": {"samsungcloud.scp.temporary-for": "x"}},
        "tags[samsungcloud.scp.temporary-for] is a tag that mariadb_restore alone sets; leave it out.",
    ),
    (
        "mariadb",
        {"stack": {"cluster": {"name": "orders", "wait_timeout": "0"}}},
        "stack.cluster.wait_timeout is 0, but must be from 1 to 604800 seconds.",
    ),
    (
        "mariadb",
        {"stack": {"cluster": {"name": "orders", "init_config_option": {"database_user_password": "hunter2"}}}},
        "stack.cluster.init_config_option.database_user_password must be 8 to 30 characters",
    ),
    (
        "mariadb",
        {"stack": {"replicas": {"replicas": [{"name": "Orders_R1"}]}}},
        "stack.replicas.replicas[].name is 'Orders_R1', but must be 3 to 19 lower-case letters",
    ),
]


@pytest.mark.parametrize(("role", "given", "told"), REFUSED_BY_MODULES)
def test_what_a_module_would_refuse_is_refused_before_the_first_call(role: str, given: Any, told: str) -> None:
    (error,) = _role_options.violations(role, given)
    assert error.startswith(f"{role}_{told}")
    assert error.endswith(".")


@pytest.mark.parametrize("option", [option for option in OPTIONS if option.name.endswith("_timeout")], ids=str)
def test_every_timeout_is_one_that_modules_take(option: Option) -> None:
    short = option.name.removeprefix(f"{option.role}_")
    assert _role_options.violations(option.role, {short: 0})
    assert _role_options.violations(option.role, {short: option.spec["default"]}) == []


ORDERS = {"cluster": {"name": "orders"}}


@pytest.mark.parametrize(
    "part",
    [
        {"log_exports": [{"log_type": "slow", "schedule_hour": "3", "bucket_name": None}]},
        {
            "log_exports": [
                {"log_type": "slow", "schedule_frequency_type": "MONTH", "schedule_day_of_month": day}
                for day in (-1, "-1")
            ]
        },
        {"cluster": {"name": "orders", "wait_timeout": "600", "maintenance_option": {}, "virtual_ip_address": ""}},
        {"backup": {}, "replicas": {"replicas": []}, "log_exports": []},
        {"replicas": {"wait_timeout": 0}},
    ],
)
def test_what_a_module_converts_or_the_roles_leave_out_is_right(part: dict[str, Any]) -> None:
    stack = {**ORDERS, **part}
    assert _role_options.violations("mariadb", {"state": "present", "stack": stack}) == []


def test_old_stack_can_be_terminated() -> None:
    """Rules of a release that came later must not keep what they were not made for."""
    old = {"cluster": {"name": "orders", "init_config_option": {"database_user_password": "old word"}}}
    parts = {"backup": {"retention_period_day": 3}, "log_exports": [{"log_type": "slow", "bucket_access_key": "x"}]}
    assert _role_options.violations("mariadb", {"state": "absent", "stack": {**old, **parts}}) == []


def test_value_of_an_export_is_not_shown_because_it_can_be_a_key_in_the_wrong_place() -> None:
    export = {"log_type": "Canary-1", "schedule_hour": "Canary-1", "delete_on_export": "Canary-1"}
    for name, value in export.items():
        given = {"log_type": "slow", name: value}
        [error] = _role_options.violations("mariadb", {"stack": {"log_exports": [given]}})
        assert error.startswith(f"mariadb_stack.log_exports[0].{name} is a text, but ")
        assert "Canary" not in error


def test_roles_with_rules_are_there() -> None:
    """The other two hand on stacks only."""
    assert {*_role_options.HANDED_ON, "mariadb", "mariadb_report"} == {role.name for role in ROLES.iterdir()}


def test_report_shows_what_a_module_refuses() -> None:
    assert _role_options.violations("mariadb_report", {"stacks": [{"cluster": {"name": "?!"}}]}) == []
