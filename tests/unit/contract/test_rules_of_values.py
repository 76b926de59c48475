# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _log_export, _rules
from ansible_collections.samsungcloud.scp.plugins.module_utils._rules import Moment, Number, Text
from ansible_collections.samsungcloud.scp.tests.unit.contract.document import SCHEMAS, complaints, field

CREATE = "MariadbClusterCreateRequest"

# Options of ours that the API does not have.
OWN = {"active_instance", "cluster_id", "engine_version", "software_version", "wait_timeout"}
# The rule of a name knows two kinds of clusters. The others are stricter than the contract, which knows of no pattern,
# so that a text with something wrong in it is not sent.
APART = {
    "name",
    "dbaas_engine_version_id",
    "init_config_option.database_character_set",
    "instance_groups[].instances[].public_ip_id",
    "instance_groups[].instances[].service_ip_address",
    "instance_groups[].server_type_name",
    "origin_cluster_id",
    "subnet_id",
    "timezone",
    "vip_public_ip_id",
    "virtual_ip_address",
}
COMPARED = sorted(path for path in _rules.CLUSTER if path not in OWN | APART)


def inside(pattern: str) -> str:
    """Return what a pattern of the contract asks of the whole text, as our patterns write it."""
    assert pattern.startswith("^")
    assert pattern.endswith("$")
    inner = pattern[1:-1]
    inner = re.sub(r"^\(([^()]*)\)$", r"\1", inner)
    return inner.replace(r"\d", "[0-9]")


def written(pattern: str) -> str:
    return pattern.replace(r"\"", '"')


def limits(node: dict[str, Any]) -> tuple[str, int, Any]:
    """Return pattern and lengths of a string in the contract."""
    pattern = inside(node["pattern"]) if "pattern" in node else ""
    return pattern, node.get("minLength", 0), node.get("maxLength")


def ours(rule: Text) -> tuple[str, int, Any]:
    return written(rule.pattern), rule.minimum, rule.maximum


def test_every_rule_is_compared_or_ours() -> None:
    assert {path for path in _rules.CLUSTER if field(CREATE, path) is None} == OWN


@pytest.mark.parametrize("path", [path for path in COMPARED if isinstance(_rules.CLUSTER[path], Text)])
def test_rule_of_a_text_is_the_contracts(path: str) -> None:
    node, rule = field(CREATE, path), _rules.CLUSTER[path]
    assert node is not None
    assert isinstance(rule, Text)
    # Blanks in a password are refused by us alone.
    assert ours(replace(rule, pattern=rule.pattern.replace(r"\s", ""))) == limits(node)
    assert rule.secret == node.get("writeOnly", False)


@pytest.mark.parametrize("path", [path for path in COMPARED if isinstance(_rules.CLUSTER[path], Number)])
def test_rule_of_a_number_is_the_contracts(path: str) -> None:
    node, rule = field(CREATE, path), _rules.CLUSTER[path]
    assert node is not None
    assert isinstance(rule, Number)
    if "pattern" in node:
        # The API takes these numbers as strings.
        taken = [number for number in range(-100, 1000) if re.search(node["pattern"], str(number))]
        assert [number for number in range(-100, 1000) if rule.holds(number)] == taken
    else:
        assert (rule.minimum, rule.maximum, rule.step) == (node["minimum"], node["maximum"], node.get("multipleOf", 1))


@pytest.mark.parametrize("schema", ["AddBlockStoragesRequest", "ResizeBlockStorageGroupRequest"])
def test_volumes_have_one_range_everywhere(schema: str) -> None:
    node = field(schema, "size_gb")
    assert node is not None
    rule = _rules.VOLUME_SIZE
    assert (node["minimum"], node["maximum"], node["multipleOf"]) == (rule.minimum, rule.maximum, rule.step)


def test_rule_of_a_new_name_is_the_contracts() -> None:
    node = field(CREATE, "name")
    assert node is not None
    assert ours(_rules.CLUSTER_NAME) == limits(node)


def test_rule_of_a_name_is_that_of_a_cluster_or_of_a_replica() -> None:
    cluster, replica = field(CREATE, "name"), field("ReplicaRequest", "name")
    assert cluster is not None
    assert replica is not None
    pattern, shortest, longest = limits(replica)
    assert ours(_rules.EXISTING_CLUSTER_NAME) == (
        f"{inside(cluster['pattern'])}|(?=.{{{shortest},{longest}}}$){pattern}",
        min(shortest, cluster["minLength"]),
        max(longest, cluster["maxLength"]),
    )


def test_rules_of_tags_are_the_contracts() -> None:
    properties = SCHEMAS["Tag"]["properties"]
    assert ours(_rules.TAG_KEY) == limits(properties["key"])
    assert ours(_rules.TAG_VALUE) == limits(properties["value"])


@pytest.mark.parametrize("key", ["start_time", "start_minute"])
def test_time_of_a_window_is_cut_as_the_contract_takes_it(key: str) -> None:
    pattern = SCHEMAS["MaintenanceRequest"]["properties"][key]["pattern"]
    rule = _rules.MAINTENANCE["maintenance_option.starting_time"]
    part = slice(0, 2) if key == "start_time" else slice(2, 4)
    times = [f"{number:04}" for number in range(10000) if rule.holds(f"{number:04}")]
    assert len(times) == 24 * 60
    assert all(re.search(pattern, time[part]) for time in times)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "10.0.0.0/24",
        "10.0.0.7/32",
        "0.0.0.0/0",
        "255.255.255.255/32",
        "10.0.0.1/33",
        "10.0.0",
        "256.0.0.1",
        "10.0.0.0/255.255.255.0",
        "10.0.0.0/0.0.0.255",
        "::1",
        "2001:db8::/32",
        "anywhere",
        "",
    ],
)
def test_address_that_the_rule_takes_is_one_that_the_contract_takes(address: str) -> None:
    rule = _rules.CLUSTER["allowable_ip_addresses[]"]
    assert not rule.holds(address) or complaints("IpAddressOrRange", address) == []


# The rules of the other modules

REPLICAS, ELSEWHERE, RESTORE, BACKUP, ARCHIVE, EXPORT = (
    "ReplicasCreateRequest",
    "OtherRegionReplicasCreateRequest",
    "ClusterRestoreRequest",
    "BackupSettingRequest",
    "ArchiveConfigSetRequest",
    "LogExportConfigCreateRequest",
)
RENAMED = {
    "bucket_access_key": "access_key",
    "bucket_secret_key": "secret_key",
    "archive.retention_period_day": "retention_period_day",
    "other_region.region": "region",
    "other_region.subnet_id": "subnet_id",
}
# No number of a backup must leave its place, a bucket's keys have to be there, and the others are as of a cluster.
STRICTER = {
    "backup_history_number",
    "bucket_access_key",
    "bucket_name",
    "bucket_secret_key",
    "other_region.region",
    "other_region.subnet_id",
    "replicas[].instance_groups[].instances[].public_ip_id",
    "replicas[].instance_groups[].server_type_name",
    "server_type_name",
}
# Options that go into another body than the others of their module.
PARTS = {"archive": ARCHIVE, "other_region": ELSEWHERE}
OF_MODULES = [
    (rules, path, PARTS.get(path.split(".")[0], schema))
    for rules, schema in (
        (_rules.REPLICA, REPLICAS),
        (_rules.RESTORE, RESTORE),
        (_rules.BACKUP, BACKUP),
        (_rules.LOG_EXPORT, EXPORT),
    )
    for path in rules
    if path not in _rules.ADDRESSED
]


@pytest.mark.parametrize(
    ("rules", "path", "schema"), OF_MODULES, ids=[f"{schema}-{path}" for _rules_of, path, schema in OF_MODULES]
)
def test_rule_of_another_module_is_the_contracts(rules: dict[str, _rules.Rule], path: str, schema: str) -> None:
    node, rule = field(schema, RENAMED.get(path, path)), rules[path]
    assert node is not None
    if isinstance(rule, Text):
        assert rule.secret == node.get("writeOnly", False)
        assert path in STRICTER or ours(rule) == limits(node)
    elif isinstance(rule, Number) and "pattern" in node:
        numbers = [number for number in range(-100, 1000) if re.search(node["pattern"], str(number))]
        assert [number for number in range(-100, 1000) if rule.holds(number)] == numbers
    elif isinstance(rule, Number):
        assert (rule.minimum, rule.maximum, rule.step) == (node["minimum"], node["maximum"], node.get("multipleOf", 1))
    elif isinstance(rule, Moment):
        assert node["format"] == "date-time"
    elif not path.endswith("service_ip_address"):
        assert rule == _rules.Network()


def test_numbers_of_backups_are_texts_that_the_contract_takes() -> None:
    assert set(_rules.BACKUP_HISTORY) - set(_rules.ADDRESSED) == {
        "backup_history_numbers[]",
        "older_than_days",
        "keep_last",
    }
    assert not _rules.BACKUP_HISTORY["backup_history_numbers[]"].holds("")
    assert complaints("BackupHistoryNumberRequest", {"backup_history_number": ["202501010000"]}) == []


@pytest.mark.parametrize("day", range(-3, 35))
def test_day_of_a_month_is_the_contracts(day: int) -> None:
    """The rule of the day stands with those of the schedule, which it depends on."""
    desired = {"state": "present", "schedule_frequency_type": "MONTH", "schedule_day_of_month": day}
    node = field(EXPORT, "schedule_day_of_month")
    assert node is not None
    assert (not list(_log_export._schedule_problems(desired))) == bool(re.search(node["pattern"], str(day)))
