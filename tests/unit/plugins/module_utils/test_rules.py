# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _rules

SPECIAL = "Aa1!"

# Of each rule: values that it takes and values that it refuses, at the borders.
BORDERS: dict[str, tuple[list[Any], list[Any]]] = {
    "name": (
        ["abc", "ABC", "a" * 20, "a1b", "my-orders", "a-1", "a" + "1" * 18],
        ["", "ab", "a" * 21, "1ab", "my_orders", "my-", "-my", "My-orders", "a" + "1" * 19, "abc\n", "\u00e4bc", "a b"],
    ),
    "cluster_id": (["a", "A_b-9"], ["", "a/b", "a b", "..", "a\n", "\u00e4"]),
    "dbaas_engine_version_id": (["1cd2c28b"], ["", "a/b", "a?b"]),
    "engine_version": (["10.11", "10.11.9"], ["10", "10.", "10.11.9.1", "v10.11", "10.11\n", ""]),
    "software_version": (["10.11.9"], ["10.11", "10.11.x", "10.11.9 ", ""]),
    "instance_name_prefix": (
        ["abc", "a" * 13, "a-1", "aB1", "ab-"],
        ["ab", "a" * 14, "Abc", "1bc", "-bc", "a_b", "abc\n"],
    ),
    "subnet_id": (["s", "subnet-1"], ["", "a/b", "a b", "s\n"]),
    "timezone": (
        ["Asia/Seoul", "America/Argentina/Buenos_Aires", "Etc/GMT+9", "UTC", "KST", "UTC+9", "GMT-03:30"],
        ["", "True", "540", "seoul", "Asia/", "Asia/Seoul\n", "Asia /Seoul", "9"],
    ),
    "active_instance": (["orders001", "orders-db_1"], ["", "a b", "['a']", "a\n"]),
    "origin_cluster_id": (["c1"], ["", "a/b", "c1\u200b"]),
    "vip_public_ip_id": (["ip-1"], ["", "10.0.0.1", "ip 1"]),
    "virtual_ip_address": (
        ["10.0.0.5", "192.168.1.1"],
        ["", "10.0.0", "10.0.0.5/32", "10.0.0.256", "::1", "10.0.0.5\n", " 10.0.0.5", "167772165"],
    ),
    "instance_groups[].instances[].public_ip_id": (["ip-1"], ["", "10.0.0.1"]),
    "instance_groups[].instances[].service_ip_address": (["10.0.0.5"], ["", "10.0.0.0/24", "ten"]),
    "init_config_option.database_character_set": (["utf8", "utf8mb4"], ["", "utf 8", "utf8\n"]),
    "init_config_option.database_name": (["abc", "a1b", "a" * 20], ["ab", "a" * 21, "1ab", "a_b", "abc\n"]),
    "init_config_option.database_user_name": (["ab", "a" * 20], ["a", "a" * 21, "aB", "a1", "ab\n"]),
    "init_config_option.database_user_password": (
        [f"{SPECIAL}bcde", f"{SPECIAL}{'b' * 26}", "12345a_!", "\u00e41a-bcde", "\ube44\ubc00-Pass1!"],
        [
            "12345a !",
            f"{SPECIAL}bc d",
            f"{SPECIAL}bcd",
            f"{SPECIAL}{'b' * 27}",
            "abcdefg1",
            "abcdefg!",
            "1234567!",
            f"{SPECIAL}bcd'",
            f'{SPECIAL}bcd"',
            # What comes along from a vault, a block scalar, a word processor or a chat.
            "Abcdefgh1\n",
            f"{SPECIAL}bcde\n",
            f"{SPECIAL}bcde\r\n",
            f"{SPECIAL}bc\tde",
            f" {SPECIAL}bcde",
            f"{SPECIAL}bcde ",
            f"{SPECIAL}bc\u00a0de",
            f"{SPECIAL}bc\u200bde",
            f"\ufeff{SPECIAL}bcde",
            f"{SPECIAL}bc\u2028de",
            f"{SPECIAL}bc\x00de",
            f"{SPECIAL}bc\u3164de",
        ],
    ),
    "init_config_option.database_port": ([1024, 65535], [1023, 65536, 0, -1]),
    "init_config_option.backup_option.retention_period_day": ([7, 35], [6, 36]),
    "init_config_option.backup_option.starting_time_hour": ([0, 23], [-1, 24]),
    "allowable_ip_addresses[]": (
        ["10.0.0.1", "10.0.0.0/24", "0.0.0.0/0", "10.0.0.1/32", "255.255.255.255"],
        [
            "",
            "10.0.0",
            "10.0.0.256",
            "10.0.0.0/33",
            "anywhere",
            "10.0.0.1-10.0.0.9",
            "10.0.0.0/255.255.255.0",
            " 10.0.0.1",
            "10.0.0.1\n",
            "::1",
            "10.0.0.7/24",
            "10.0.1.7/0",
            "0.0.0.0/00",
            "10.0.0.0/08",
            "010.0.0.1",
        ],
    ),
    "wait_timeout": ([1, 604800], [0, -1, 604801]),
    "instance_groups[].server_type_name": (["db1v2m4", "dbh2v24m256"], ["", "db1 v2", "db1v2m4\n", "-"]),
    "instance_groups[].block_storage_groups[].size_gb": ([16, 24, 104, 5120], [8, 15, 17, 20, 5128, 0, -8]),
    "maintenance_option.period_hour": (
        ["0.5", "1", "1.5", "5.5", "6", "9", "10", "24"],
        ["0", "6.5", "25", "1.0", "2.25", "01", "", "1\n"],
    ),
    "maintenance_option.starting_time": (
        ["0000", "0300", "2359"],
        ["2400", "0060", "300", "03:00", "192", "", "0300\n"],
    ),
}


def tree(path: str, value: object) -> dict[str, Any]:
    """Return ``value`` where a path such as ``instance_groups[].server_type_name`` finds it."""
    for key in reversed(path.split(".")):
        value = {key[:-2]: [value]} if key.endswith("[]") else {key: value}
    assert isinstance(value, dict)
    return value


def test_every_rule_has_borders_here() -> None:
    assert set(BORDERS) == set(_rules.CLUSTER)


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, (taken, _refused) in BORDERS.items() for value in taken]
)
def test_taken(path: str, value: object) -> None:
    assert list(_rules.violations(tree(path, value), _rules.CLUSTER)) == []


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, (_taken, refused) in BORDERS.items() for value in refused]
)
def test_refused(path: str, value: object) -> None:
    problems = list(_rules.violations(tree(path, value), _rules.CLUSTER))
    shown = None if path.endswith("password") else value
    assert [(problem.option, problem.value) for problem in problems] == [(path, shown)]
    assert problems[0].rule == _rules.CLUSTER[path].told_of(value)


@pytest.mark.parametrize("key", ["bucket_access_key", "bucket_secret_key"])
@pytest.mark.parametrize("value", ["key\n", "key\r", " key", "key\t1", "key\u00a0", "k\u200bey", "\ufeffkey", ""])
def test_key_of_a_bucket_is_what_it_looks_like(key: str, value: str) -> None:
    problems = list(_rules.violations({key: value}, _rules.LOG_EXPORT))
    assert [(problem.option, problem.value) for problem in problems] == [(key, None)]
    assert list(_rules.violations({key: "hunter/2+=="}, _rules.LOG_EXPORT)) == []


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("logs", True),
        ("My_old.bucket-1", True),
        *((wrong, False) for wrong in ("lo", "-logs", "logs.", "a/b", "a" * 256, "logs\n", "s3://logs")),
    ],
)
def test_name_of_a_bucket(value: str, holds: bool) -> None:
    assert _rules.BUCKET.holds(value) is holds


@pytest.mark.parametrize("value", ["ab", "a" * 21, "my-orders", "a1b", "abc\n"])
def test_cluster_to_create_has_letters_only(value: str) -> None:
    assert not _rules.CLUSTER_NAME.holds(value)


@pytest.mark.parametrize(
    "options", [{}, {"instance_groups": None}, {"instance_groups": []}, {"init_config_option": {}}]
)
def test_options_that_are_left_out_break_no_rule(options: dict[str, Any]) -> None:
    assert list(_rules.violations(options, _rules.CLUSTER)) == []


def test_every_item_of_a_list_is_checked() -> None:
    problems = _rules.violations({"allowable_ip_addresses": ["x", "10.0.0.1", "y"]}, _rules.CLUSTER)
    assert [problem.value for problem in problems] == ["x", "y"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (None, []),
        ({}, []),
        ({"a": "", "b" * 128: "c" * 256, "d": None}, []),
        ({"": "a"}, [("tags", "")]),
        ({"b" * 129: "a"}, [("tags", "b" * 129)]),
        ({"a": "c" * 257}, [("tags[a]", "c" * 257)]),
        ({"a": {"b": "c"}}, [("tags[a]", {"b": "c"})]),
    ],
)
def test_tags(tags: Any, expected: list[tuple[str, object]]) -> None:
    assert [(problem.option, problem.value) for problem in _rules.tag_violations(tags)] == expected


@pytest.mark.parametrize(
    ("address", "network", "alone"),
    [("10.0.0.5/24", "10.0.0.0/24", "10.0.0.5/32"), ("10.0.1.7/0", "0.0.0.0/0", "10.0.1.7/32")],
)
def test_network_with_host_bits_is_told_what_it_may_mean(address: str, network: str, alone: str) -> None:
    [problem] = _rules.violations({"allowable_ip_addresses": [address]}, _rules.CLUSTER)
    assert f"is '{address}', but must have no host bits: {network} for the network or {alone}" in str(problem)
