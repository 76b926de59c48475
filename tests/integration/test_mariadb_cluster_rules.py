# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input of the cluster module: each rule broken, refused before any call; and the borders, which are not."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _rules
from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_cluster import ARGUMENT_SPEC
from harness.cycle import run_cycle, spec_paths
from harness.failures import told
from harness.play import Play
from harness.seeds import all_clusters, seed
from harness.simulator import Json, Simulator
from harness.tasks import ORDERS, cluster

DATA = {"role_type": "DATA", "size_gb": 200}
SERVERS = [
    {"role_type": role, "service_ip_address": f"10.0.1.{number}", "public_ip_id": f"public-{number}"}
    for number, role in enumerate(("ACTIVE", "STANDBY"), 11)
]
# Valid in every option, so that a task's one wrong value is all that is wrong with it.
VALID: Json = {
    **ORDERS,
    "cluster_id": "0fdd87aab8cb46f59b7c1f81ed03fb3e",
    "software_version": "10.11.15",
    "instance_groups": [{**ORDERS["instance_groups"][0], "instances": SERVERS}],
    "init_config_option": {
        **ORDERS["init_config_option"],
        "database_port": 2866,
        "backup_option": {"archive_frequency_minute": 60, "retention_period_day": 14, "starting_time_hour": 2},
    },
    "maintenance_option": {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0300"},
    "tags": {"team": "commerce"},
}

ENGINE_ID = "dbaas_engine_version_id"
PASSWORD = "init_config_option.database_user_password"
# For each option: how the rule is told, and values that break it.
BROKEN: dict[str, tuple[str, list[Any]]] = {
    "name": (
        "3 to 20 letters",
        ["ab", "a" * 21, "a-" * 9 + "bc", "or ders", "Orders-1", "-orders", "orders-", "1orders"],
    ),
    "cluster_id": ("letters, digits, hyphens and underscores", ["a/b", "../clusters", "a b"]),
    ENGINE_ID: ("letters, digits, hyphens and underscores", ["a/b"]),
    "engine_version": ("such as 10.11 or 10.11.9", ["10", "10.11.9.1", "newest", "10.11-rc"]),
    "software_version": ("full version such as 10.11.9", ["10.11", "newest"]),
    "instance_name_prefix": ("3 to 13 letters, digits and hyphens", ["ab", "a" * 14, "Orders", "1orders", "or_ders"]),
    "subnet_id": ("letters, digits, hyphens and underscores", ["a/b", "10.0.0.0/24"]),
    "timezone": ("such as Asia/Seoul or UTC", ["seoul", "+9"]),
    "active_instance": ("name of a server", ["a b"]),
    "origin_cluster_id": ("letters, digits, hyphens and underscores", ["a/b"]),
    "vip_public_ip_id": ("letters, digits, hyphens and underscores", ["10.0.0.1"]),
    "virtual_ip_address": ("IPv4 address such as", ["10.0.0", "10.0.0.5/32", "::1"]),
    "instance_groups[].instances[].public_ip_id": ("letters, digits, hyphens and underscores", ["10.0.0.1"]),
    "instance_groups[].instances[].service_ip_address": ("IPv4 address such as", ["10.0.0.0/24", "ten"]),
    "init_config_option.database_character_set": ("character set such as utf8mb4", ["utf 8"]),
    "init_config_option.database_name": ("3 to 20 letters and digits", ["ab", "a" * 21, "1orders", "or-ders"]),
    "init_config_option.database_user_name": ("2 to 20 lower-case letters", ["a", "a" * 21, "Admin", "admin1"]),
    PASSWORD: (
        "8 to 30 characters",
        ["Aq1!xyz", "Aq1!" * 7 + "xyz", "Canary-only", "1234-5678", "Canary1Only", 'Canary-1"x', "Canary-1'x"],
    ),
    "init_config_option.database_port": ("from 1024 to 65535", [1023, 65536]),
    "init_config_option.backup_option.retention_period_day": ("from 7 to 35", [6, 36]),
    "init_config_option.backup_option.starting_time_hour": ("from 0 to 23", [-1, 24]),
    "allowable_ip_addresses[]": (
        "IPv4 address or a network",
        ["10.0.0.256", "10.0.0.0/33", "10.0.0.0/255.0.0.0", "example.com"],
    ),
    "wait_timeout": ("from 1 to 604800", [0, 604801]),
    "instance_groups[].server_type_name": ("server type such as db1v2m4", ["db1 v2", "-"]),
    "instance_groups[].block_storage_groups[].size_gb": ("from 16 to 5120 GB in steps of 8", [8, 100, 5128]),
    "maintenance_option.period_hour": ("0.5, 1, 1.5, ... 5.5, or 6 to 24", ["0", "0.25", "6.5", "25"]),
    "maintenance_option.starting_time": ("HHMM", ["2400", "0360", "300", "03:00"]),
}


class Wrong(NamedTuple):
    """Options that are wrong, alone or together, and the words that the message owes."""

    options: Json
    words: tuple[str, ...]


GROUP = VALID["instance_groups"][0]
SINGLE = {**GROUP, "role_type": "ACTIVE", "instances": [{"role_type": "ACTIVE"}]}
COMBINATIONS: list[Wrong] = [
    Wrong({"instance_groups": []}, ("instance_groups", "0", "exactly one group")),
    Wrong({"instance_groups": [GROUP, GROUP]}, ("instance_groups", "2", "exactly one group")),
    Wrong({"instance_groups": [SINGLE]}, ("instance_groups[].role_type", "'ACTIVE'", "ha_enabled is true")),
    Wrong({"ha_enabled": False}, ("instance_groups[].role_type", "'ACTIVE_STANDBY'", "ha_enabled is false")),
    Wrong({"active_instance": "orders002"}, ("active_instance", "'orders002'", "state: switched_over")),
    Wrong({"tags": {"": "x"}}, ("tags", "1 to 128 characters")),
    Wrong({"tags": {"k" * 129: "x"}}, ("tags", "k" * 129, "1 to 128 characters")),
    Wrong({"tags": {"team": "v" * 257}}, ("tags[team]", "v" * 257, "at most 256 characters")),
    Wrong({"dbaas_engine_version_id": "x"}, ("engine_version", "dbaas_engine_version_id", "mutually exclusive")),
]

# The same, for a cluster that does not exist yet.
VOLUMES = "instance_groups[].block_storage_groups"
NOT_CREATED: list[Wrong] = [
    Wrong({"nat_enabled": True}, ("vip_public_ip_id", "required when nat_enabled and ha_enabled are true")),
    Wrong(
        {"nat_enabled": True, "ha_enabled": False, "instance_groups": [SINGLE]},
        ("instance_groups[].instances[].public_ip_id", "required when nat_enabled is true and ha_enabled is not"),
    ),
    Wrong({"ha_enabled": None}, ("ha_enabled", "must be true for a group of role_type ACTIVE_STANDBY")),
    Wrong({"name": "orders-2"}, ("name is 'orders-2'", "3 to 20 letters")),
    Wrong({"engine_version": "10.6"}, ("engine_version is '10.6'", "10.11.9")),
    Wrong({"engine_version": None, ENGINE_ID: "unknown"}, (f"{ENGINE_ID} is 'unknown'", "10.11.9")),
    Wrong({"instance_groups": [{**GROUP, "block_storage_groups": [DATA]}]}, (VOLUMES, "exactly one volume", "OS")),
    Wrong(
        {"instance_groups": [{**GROUP, "block_storage_groups": [{"role_type": "OS", "size_gb": 104}]}]},
        (VOLUMES, "at least one volume", "DATA"),
    ),
]

# Every value at one end of what is allowed.
LEAST: Json = {
    "name": "abc",
    "instance_name_prefix": "a-1",
    "init_config_option": {
        "database_name": "a12",
        "database_user_name": "ab",
        "database_user_password": "Canary-1",
        "database_port": 1024,
        "backup_option": {"archive_frequency_minute": 5, "retention_period_day": 7, "starting_time_hour": 0},
    },
    "instance_groups": [
        {**GROUP, "block_storage_groups": [{"role_type": "OS", "size_gb": 104}, {**DATA, "size_gb": 16}]}
    ],
    "maintenance_option": {"period_hour": "0.5", "starting_day_of_week": "MON", "starting_time": "0000"},
    "allowable_ip_addresses": ["0.0.0.0/0"],
    "tags": {"k": ""},
}
MOST: Json = {
    "name": "abcdefghijklmnopqrsT",
    "instance_name_prefix": "abcdefghijk-1",
    "init_config_option": {
        "database_name": "abcdefghijklmnopqr12",
        "database_user_name": "abcdefghijklmnopqrst",
        "database_user_password": "Canary-1" + "x" * 22,
        "database_port": 65535,
        "backup_option": {"archive_frequency_minute": 60, "retention_period_day": 35, "starting_time_hour": 23},
    },
    "instance_groups": [
        {**GROUP, "block_storage_groups": [{"role_type": "OS", "size_gb": 104}, {**DATA, "size_gb": 5120}]}
    ],
    "maintenance_option": {"period_hour": "24", "starting_day_of_week": "SUN", "starting_time": "2359"},
    "allowable_ip_addresses": ["255.255.255.255"],
    "tags": {"k" * 128: "v" * 256},
    "wait_timeout": 604800,
}


def put(options: Json, path: str, value: Any) -> Json:
    """The options with the value at that path; in a list it takes the place of the last item's."""
    options = copy.deepcopy(options)
    *above, last = path.replace("[]", ".[]").split(".")
    parent: Any = options
    for key in above:
        parent = parent[-1] if key == "[]" else parent[key]
    parent[-1 if last == "[]" else last] = value
    return options


def rounds() -> Iterator[dict[str, Any]]:
    """Every value that breaks a rule, in as few tasks as go: one value of each option in each."""
    exclusive = {ENGINE_ID: BROKEN[ENGINE_ID][1]}
    together = {path: values for path, (_rule, values) in BROKEN.items() if path != ENGINE_ID}
    for group in (exclusive, together):
        for index in range(max(map(len, group.values()))):
            yield {path: values[index] for path, values in group.items() if index < len(values)}


def broken(values: dict[str, Any]) -> Wrong:
    """A task that is valid but for these values; its message owes the option, the value and the rule of each."""
    options = {key: option for key, option in VALID.items() if key != "engine_version" or ENGINE_ID not in values}
    words = ["Nothing was changed"]
    for path, value in values.items():
        options = put(options, path, value)
        shown = path if path == PASSWORD else f"{path} is {value!r}, but"
        words.append(f"{shown} {_rules.CLUSTER[path].told}")
        assert BROKEN[path][0] in words[-1]
    return Wrong(options, tuple(words))


def assert_refused_unsent(play: Play, cases: list[Wrong]) -> None:
    """Run a task for each case, and assert that it says what is wrong and sends nothing at all."""
    for case, ran in zip(cases, play(*(cluster(**case.options) for case in cases)), strict=True):
        assert ran.failed, (case.words, ran.result)
        missing = [word for word in case.words if word not in ran.result["msg"]]
        assert not missing, ran.result["msg"]
        assert (ran.calls, ran.changed) == ([], False), case.words


def test_broken_rules(play: Play) -> None:
    assert_refused_unsent(play, [broken(values) for values in rounds()])
    assert not [password for password in BROKEN[PASSWORD][1] if password in play.output]


def test_broken_combinations(play: Play) -> None:
    assert_refused_unsent(play, [Wrong({**VALID, **case.options}, case.words) for case in COMBINATIONS])


def test_what_can_not_be_created(play: Play) -> None:
    merged = [{**ORDERS, **case.options} for case in NOT_CREATED]
    options = [{key: value for key, value in one.items() if value is not None} for one in merged]
    for case, ran in zip(NOT_CREATED, play(*(cluster(**one) for one in options)), strict=True):
        told(ran, *case.words, "Nothing was changed")
        assert (ran.writes, ran.changed) == ([], False), case


def test_what_does_not_matter_to_a_termination(play: Play) -> None:
    seed(play.simulator)
    options = {**VALID, "cluster_id": None, "instance_groups": [], "subnet_id": "elsewhere", "timezone": ""}
    (gone,) = play(cluster(**options, state="absent"))
    assert not gone.failed, gone.result
    assert gone.operations == ["Terminate Cluster"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_cluster_that_is_not_named(play: Play, state: str) -> None:
    seed(play.simulator, name="None")
    nothing: list[Json] = [{}, {"name": None}, {"name": None, "cluster_id": None}, {"name": ""}]
    assert_refused_unsent(play, [Wrong({"state": state, **options}, ("name",)) for options in nothing])
    assert [shown["service_state"] for shown in all_clusters(play.simulator)] == ["RUNNING"]


def choices() -> dict[str, list[Any]]:
    """Every option that is a choice, with the choices."""

    def entry(path: str) -> Json:
        found: Json = {"options": ARGUMENT_SPEC}
        for key in path.replace("[]", "").split("."):
            found = found["options"][key]
        return found

    return {path: entry(path)["choices"] for path in spec_paths(ARGUMENT_SPEC) if "choices" in entry(path)}


def test_wrong_choices(play: Play) -> None:
    cases = [
        Wrong(
            put({**VALID, "environment": "e", "language": "en-US", "state": "present"}, path, 7),
            (f"value of {path.split('.')[-1]} must be one of: {', '.join(map(str, allowed))}, got: 7",),
        )
        for path, allowed in choices().items()
    ]
    assert_refused_unsent(play, cases)


@pytest.mark.parametrize("ends", [LEAST, MOST], ids=["least", "most"])
def test_ends_of_what_is_allowed(play: Play, simulator: Simulator, ends: Json) -> None:
    simulator.control("POST", "settings", {"time_scale": 6000})
    run_cycle(play, {**ORDERS, **ends})


def test_every_rule_is_broken() -> None:
    assert set(BROKEN) == set(_rules.CLUSTER)
