# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of the cluster module: sent at creation, and afterwards changed, refused or left alone.

Four tables hold the proofs, and the last tests see to it that no option of the module is without one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec
from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_cluster import ARGUMENT_SPEC
from harness.cycle import assert_holds, assert_owed, paths, run_cycles, sent, spec_paths
from harness.failures import told
from harness.play import Play
from harness.seeds import (
    BACKUP,
    INSTANCES,
    ORDERS_SHOWN,
    WINDOW,
    all_clusters,
    only_cluster,
    seed,
    settings_of_database,
)
from harness.simulator import Json
from harness.tasks import ORDERS, cluster
from harness.trouble import serve, settings

CLUSTER_ID = "0fdd87aab8cb46f59b7c1f81ed03fb3e"
NO_BACKUP = {"archive_frequency_minute": None, "retention_period_day": None, "starting_time_hour": None}
# The id that SCP's own examples give for 10.11.9.
ENGINE_ID = "1cd2c28ba72447daaaf7e4d7e8dd720b"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
OS = {"role_type": "OS", "size_gb": 104}
DATA = {"role_type": "DATA", "size_gb": 200}


@pytest.fixture(autouse=True)
def newest(play: Play) -> None:
    """A version of the API that has everything, and time that flies."""
    settings(play.simulator, time_scale=6000)
    serve(play, "1.3", pinned="1.3")


def without(options: Json, *names: str) -> Json:
    return {key: value for key, value in options.items() if key not in names}


def group(*volumes: Json, server_type_name: str = "db1v2m4", **parts: Any) -> Json:
    """Options with the one group of servers; the volumes default to those of the seeded cluster."""
    described = {"role_type": "ACTIVE_STANDBY", "server_type_name": server_type_name, **parts}
    return {"instance_groups": [{**described, "block_storage_groups": list(volumes) or [OS, DATA]}]}


def backup(**keys: int) -> Json:
    return {"init_config_option": {"backup_option": keys}}


def audit(enabled: bool) -> Json:
    return {"init_config_option": {"audit_enabled": enabled}}


# --- At creation -----------------------------------------------------------------------------------------------------

MINIMAL: Json = {
    **without(ORDERS, "ha_enabled", "allowable_ip_addresses"),
    "instance_groups": [{"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": [OS, DATA]}],
}
EVERYTHING: Json = {
    **without(ORDERS, "engine_version"),
    "dbaas_engine_version_id": ENGINE_ID,
    "nat_enabled": True,
    "vip_public_ip_id": "b3a1e2d4c5f64b7a8d9e0f1a2b3c4d5e",
    "virtual_ip_address": "10.0.1.10",
    "origin_cluster_id": "7c9e6679742540de944be07fc1f90ae7",
    "instance_groups": [
        {
            "role_type": "ACTIVE_STANDBY",
            "server_type_name": "db2v4m8",
            "block_storage_groups": [
                {**OS, "volume_type": "SSD_KMS"},
                {**DATA, "volume_type": "HDD"},
                {"role_type": "TEMP", "size_gb": 16, "volume_type": "HDD_KMS"},
            ],
            "instances": [
                {"role_type": "ACTIVE", "service_ip_address": "10.0.1.11", "public_ip_id": "public-1"},
                {"role_type": "STANDBY", "service_ip_address": "10.0.1.12", "public_ip_id": "public-2"},
            ],
        }
    ],
    "init_config_option": {
        **ORDERS["init_config_option"],
        "database_port": 3306,
        "database_character_set": "utf8mb4",
        "audit_enabled": True,
        "backup_option": {"archive_frequency_minute": 10, "retention_period_day": 14, "starting_time_hour": 0},
    },
    "maintenance_option": {"period_hour": "0.5", "starting_day_of_week": "WED", "starting_time": "2300"},
    "allowable_ip_addresses": ["10.0.1.0/24", "10.0.2.7/32"],
    "service_watch_log_collection": True,
    "tags": {"team": "commerce", "empty": ""},
}
CREATIONS: dict[str, Json] = {
    "everything": EVERYTHING,
    "one server with a public address": {
        **MINIMAL,
        "ha_enabled": False,
        "nat_enabled": True,
        "instance_groups": [
            {**MINIMAL["instance_groups"][0], "instances": [{"role_type": "ACTIVE", "public_ip_id": "public-1"}]}
        ],
    },
    "newest of a major version, which is patched to later": {**MINIMAL, "engine_version": "10.11"},
    "full version": {**without(MINIMAL, "engine_version"), "software_version": "10.11.8"},
    "nothing where that can be said": {
        **MINIMAL,
        "allowable_ip_addresses": [],
        "maintenance_option": {},
        "init_config_option": {**MINIMAL["init_config_option"], "backup_option": {}},
        "tags": {},
    },
    "tag of a number, as YAML reads it": {**MINIMAL, "tags": {"cost_center": 1234}},
}
VERSIONS = {"newest of a major version, which is patched to later": "10.11.15", "full version": "10.11.8"}
# How the module works, not what the cluster is; and what is made of a version.
NOT_SENT = ("engine_version", "software_version")
NOT_SHOWN = ("dbaas_engine_version_id", "instance_name_prefix", "tags")


def as_sent(options: Json) -> Json:
    """The body that the API wants for these options (facts: section 5.2), but for the engine version's id."""
    body = copy.deepcopy(without(options, *NOT_SENT))
    for volume in body["instance_groups"][0]["block_storage_groups"]:
        volume.setdefault("volume_type", "SSD")
    body.setdefault("allowable_ip_addresses", [])
    body.setdefault("service_watch_log_collection", None)
    init = body["init_config_option"]
    init["database_user_password"] = "********"
    if "backup_option" in init:
        init["backup_option"] = {key: str(value) for key, value in init["backup_option"].items()} or None
    if body.get("tags"):
        body["tags"] = [{"key": key, "value": str(value)} for key, value in body["tags"].items()]
    return {key: value for key, value in body.items() if value != {}}


def as_shown(body: Json) -> Json:
    """What a created cluster shows of the body that it was created with."""
    shown = copy.deepcopy(without(body, *NOT_SHOWN))
    del shown["init_config_option"]["database_user_password"]
    if "backup_option" in shown["init_config_option"]:
        shown["init_config_option"]["backup_option"] = shown["init_config_option"]["backup_option"] or NO_BACKUP
    # It is never null there.
    collects = shown.pop("service_watch_log_collection", None) or False
    return {**shown, "service_watch_log_collection": collects, "service_state": "RUNNING"}


def test_creations(play: Play) -> None:
    tasks = [
        {**options, "name": f"orders{letter}"} for letter, options in zip(LETTERS, CREATIONS.values(), strict=False)
    ]
    created = run_cycles(play, tasks)
    shown = {one["name"]: one for one in all_clusters(play.simulator)}
    for name, options, ran in zip(CREATIONS, tasks, created, strict=True):
        assert_owed(ran)
        (request,) = sent(ran.real)
        expected = as_sent(options)
        engine_id = expected.pop("dbaas_engine_version_id", request.body["dbaas_engine_version_id"])
        assert request.body == {**expected, "dbaas_engine_version_id": engine_id}, name
        assert_holds(shown[options["name"]], as_shown(expected))
        assert shown[options["name"]]["software_version"] == VERSIONS.get(name, "10.11.9"), name


# --- Changed ---------------------------------------------------------------------------------------------------------


class Change(NamedTuple):
    """One option that is changed: what is sent for it, and what the cluster shows afterwards."""

    option: str
    options: Json
    sent: list[tuple[str, Json | None]]
    shows: Json
    present: Json | None = None
    acts_again: bool = False


WITH_WINDOW: Json = {"maintenance_option": WINDOW}
WITH_BACKUP: Json = {"init_config_option": settings_of_database(backup_option=BACKUP)}
WINDOW_BODY: Json = {"start_day_of_week": "SUN", "start_time": "03", "start_minute": "30", "term_hour": "2"}
SIZE_GB = "instance_groups[].block_storage_groups[].size_gb"


def window(option: str, value: str, **body: str) -> Change:
    shows = {"maintenance_option": {**WINDOW, option: value}}
    step = ("Set Maintenance", {**WINDOW_BODY, **body})
    return Change(f"maintenance_option.{option}", {"maintenance_option": {option: value}}, [step], shows, WITH_WINDOW)


def policy(option: str, value: int) -> Change:
    wanted = {**BACKUP, option: str(value)}
    shows = {"init_config_option": {"backup_option": wanted}}
    path = f"init_config_option.backup_option.{option}"
    return Change(path, backup(**{option: value}), [("Set Backup", wanted)], shows, WITH_BACKUP)


def addresses(wanted: list[str], add: list[str], remove: list[str]) -> Change:
    body = {"add_ip_addresses": add, "del_ip_addresses": remove}
    step = ("Set Security Group Rules", body)
    present = {"allowable_ip_addresses": ["10.0.1.0/24", "10.0.2.0/24"]}
    return Change(
        "allowable_ip_addresses",
        {"allowable_ip_addresses": wanted},
        [step],
        {"allowable_ip_addresses": wanted},
        present,
    )


def patch(option: str, sends_backup: bool, **options: Any) -> Change:
    body = {"software_version": "10.11.15", "backup_before_upgrade": sends_backup}
    wanted = {"software_version": "10.11.15", **options}
    return Change(option, wanted, [("Patch Minor Version", body)], {"software_version": "10.11.15"}, WITH_BACKUP)


def state(wanted: str, operation: str, reached: str = "RUNNING", before: str = "RUNNING") -> Change:
    return Change(
        "state", {"state": wanted}, [(operation, None)], {"service_state": reached}, {"service_state": before}
    )


SWITCHED = {"instance_groups": [{"instances": [{"role_type": "STANDBY"}, {"role_type": "ACTIVE"}]}]}
SWITCHED_TWICE = {"instance_groups": [{"instances": [{"role_type": "ACTIVE"}, {"role_type": "STANDBY"}]}]}

CHANGES: list[Change] = [
    Change(
        "tags",
        {"tags": {"team": "other", "empty": None}},
        [("Set Tags", {"tags": [{"key": "empty", "value": ""}, {"key": "team", "value": "other"}]})],
        {},
    ),
    Change(
        "purge_tags",
        {"tags": {"team": "other"}, "purge_tags": False},
        [("Set Tags", {"tags": [{"key": "stage", "value": "test"}, {"key": "team", "value": "other"}]})],
        {},
        {"tags": {"stage": "test", "team": "commerce"}},
    ),
    Change(
        "instance_groups[].server_type_name",
        group(server_type_name="db1v4m8"),
        [("Set Server Type", {"server_type_name": "db1v4m8"})],
        group(server_type_name="db1v4m8"),
    ),
    Change(
        SIZE_GB,
        group(OS, {"role_type": "DATA", "size_gb": 304}),
        [("Set Block Storage Size", {"size_gb": 304})],
        group(OS, {"role_type": "DATA", "size_gb": 304}),
    ),
    Change(
        "instance_groups[].block_storage_groups",
        group(OS, {"role_type": "ARCHIVE", "size_gb": 56, "volume_type": "HDD"}, DATA),
        [("Add Block Storages", {"role_type": "ARCHIVE", "size_gb": 56, "volume_type": "HDD"})],
        group(OS, DATA, {"role_type": "ARCHIVE", "size_gb": 56, "volume_type": "HDD"}),
    ),
    Change(
        "instance_groups",
        group(OS, {"role_type": "DATA", "size_gb": 208}, {"role_type": "DATA", "size_gb": 16}),
        [
            ("Set Block Storage Size", {"size_gb": 208}),
            ("Add Block Storages", {"role_type": "DATA", "size_gb": 16, "volume_type": "SSD"}),
        ],
        group(OS, {"role_type": "DATA", "size_gb": 208}, {"role_type": "DATA", "size_gb": 16}),
    ),
    addresses(["10.0.1.0/24", "10.0.2.0/24", "10.0.3.7/32"], ["10.0.3.7/32"], []),
    addresses(["10.0.2.0/24"], [], ["10.0.1.0/24"]),
    addresses(["10.0.2.0/24", "10.0.3.0/24"], ["10.0.3.0/24"], ["10.0.1.0/24"]),
    addresses([], [], ["10.0.1.0/24", "10.0.2.0/24"]),
    Change(
        "maintenance_option",
        {"maintenance_option": without(WINDOW, "use_maintenance_option")},
        [("Set Maintenance", WINDOW_BODY)],
        WITH_WINDOW,
    ),
    window("period_hour", "0.5", term_hour="0.5"),
    window("starting_day_of_week", "MON", start_day_of_week="MON"),
    window("starting_time", "2359", start_time="23", start_minute="59"),
    Change(
        "maintenance_option",
        {"maintenance_option": {}},
        [("Unset Maintenance", None)],
        {"maintenance_option": {"period_hour": None, "use_maintenance_option": False}},
        WITH_WINDOW,
    ),
    Change("init_config_option.audit_enabled", audit(True), [("Set Audit Log", {"use_audit_log": True})], audit(True)),
    Change(
        "init_config_option",
        audit(False),
        [("Set Audit Log", {"use_audit_log": False})],
        audit(False),
        {"init_config_option": settings_of_database(audit_enabled=True)},
    ),
    Change(
        "init_config_option.backup_option",
        backup(archive_frequency_minute=60, retention_period_day=14, starting_time_hour=2),
        [("Set Backup", BACKUP)],
        {"init_config_option": {"backup_option": BACKUP}},
    ),
    policy("archive_frequency_minute", 5),
    policy("retention_period_day", 35),
    policy("starting_time_hour", 0),
    Change(
        "init_config_option.backup_option",
        backup(),
        [("Unset Backup", None)],
        {"init_config_option": {"backup_option": NO_BACKUP}},
        WITH_BACKUP,
    ),
    patch("software_version", True),
    patch("backup_before_upgrade", False, backup_before_upgrade=False),
    patch("engine_version", True, engine_version="10.11.9"),
    Change(
        "upgrade_major_version",
        {"upgrade_major_version": True, "software_version": "11.4.10", "engine_version": "11.4"},
        [("Upgrade Major Version", {"dbaas_engine": "MariaDB", "software_version": "11.4.10"})],
        {"software_version": "11.4.10"},
    ),
    Change(
        "upgrade_kernel",
        {"upgrade_kernel": True},
        [("Upgrade Kernel", None)],
        {"is_kernel_patchable": False},
        {"is_kernel_patchable": True},
    ),
    state("started", "Start Cluster", before="STOPPED"),
    state("stopped", "Stop Cluster", reached="STOPPED"),
    state("synced", "Synchronize Cluster State", before="UNKNOWN"),
    state("restarted", "Restart Cluster")._replace(acts_again=True),
    state("switched_over", "Switchover Cluster")._replace(shows=SWITCHED_TWICE, acts_again=True),
    Change(
        "active_instance",
        {"state": "switched_over", "active_instance": "orders002"},
        [("Switchover Cluster", None)],
        SWITCHED,
    ),
    Change(
        "cluster_id",
        {"cluster_id": CLUSTER_ID, **audit(True)},
        [("Set Audit Log", {"use_audit_log": True})],
        {"id": CLUSTER_ID, **audit(True)},
        {"id": CLUSTER_ID},
    ),
]


def subject(change: Change) -> str:
    """What a change is of: all of a subject are made in one play, each on a cluster of its own."""
    return change.option.split(".")[0].removesuffix("[]")


@pytest.mark.parametrize("of", dict.fromkeys(map(subject, CHANGES)))
def test_changes(play: Play, of: str) -> None:
    mine = [change for change in CHANGES if subject(change) == of]
    changes = {f"orders{letter}": change for letter, change in zip(LETTERS, mine, strict=False)}
    for name, change in changes.items():
        seed(play.simulator, name=name, **(change.present or {}))
    tasks = [{**({} if of == "cluster_id" else {"name": name}), **change.options} for name, change in changes.items()]
    ran = run_cycles(play, tasks)
    shown = {one["name"]: one for one in all_clusters(play.simulator)}
    for (name, change), one in zip(changes.items(), ran, strict=True):
        assert_owed(one, acts_again=change.acts_again)
        assert [(request.operation, request.body) for request in sent(one.real)] == change.sent
        assert_holds(shown[name], change.shows)
        assert all(call["options"] for call in one.real.result["operations"])


# --- Refused ---------------------------------------------------------------------------------------------------------

# A cluster that shows something for every option.
SHOWN: Json = {
    "id": CLUSTER_ID,
    "nat_enabled": True,
    "vip_public_ip_id": "public-0",
    "virtual_ip_address": "10.0.1.10",
    "origin_cluster_id": "7c9e6679742540de944be07fc1f90ae7",
    "service_watch_log_collection": True,
    "instance_groups": [
        {
            **ORDERS_SHOWN["instance_groups"][0],
            "instances": [{**instance, "public_ip_id": f"id-{instance['name']}"} for instance in INSTANCES],
        }
    ],
}
VOLUMES = "instance_groups[].block_storage_groups"
SERVERS = [{"role_type": "ACTIVE"}, {"role_type": "STANDBY"}]


class Drift(NamedTuple):
    """One option that SCP can't change: the words for what is there and for what is wanted."""

    option: str
    options: Json
    present: str
    wanted: str = ""


def database(option: str, value: Any, present: str) -> Drift:
    return Drift(f"init_config_option.{option}", {"init_config_option": {option: value}}, present, repr(value))


def servers(option: str, value: str, present: str) -> Drift:
    instances = [{**SERVERS[0], option: value}, SERVERS[1]]
    return Drift(f"instance_groups[].instances[].{option}", group(instances=instances), present, value)


DRIFTS: list[Drift] = [
    Drift("ha_enabled", {"ha_enabled": False}, "True", "False"),
    Drift("nat_enabled", {"nat_enabled": False}, "True", "False"),
    Drift("vip_public_ip_id", {"vip_public_ip_id": "public-9"}, "'public-0'", "'public-9'"),
    Drift("virtual_ip_address", {"virtual_ip_address": "10.0.1.99"}, "'10.0.1.10'", "'10.0.1.99'"),
    Drift("origin_cluster_id", {"origin_cluster_id": "elsewhere"}, f"'{SHOWN['origin_cluster_id']}'", "'elsewhere'"),
    Drift("service_watch_log_collection", {"service_watch_log_collection": False}, "True", "False"),
    Drift("subnet_id", {"subnet_id": "elsewhere"}, f"'{ORDERS['subnet_id']}'", "'elsewhere'"),
    Drift("timezone", {"timezone": "UTC"}, "'Asia/Seoul'", "'UTC'"),
    database("database_name", "invoices", "'orders'"),
    database("database_user_name", "admin", "'orders'"),
    database("database_port", 3306, "2866"),
    database("database_character_set", "latin", "'utf8'"),
    Drift("engine_version", {"engine_version": "11.4"}, "10.11.9", "'11.4'"),
    Drift("engine_version", {"engine_version": "10.11.15"}, "10.11.9", "'10.11.15'"),
    Drift("software_version", {"software_version": "11.4.7"}, "10.11.9", "'11.4.7'"),
    Drift("software_version", {"software_version": "10.11.8"}, "10.11.9", "'10.11.8'"),
    Drift("instance_groups[].role_type", group(role_type="ACTIVE"), "ACTIVE_STANDBY", "'ACTIVE'"),
    Drift(SIZE_GB, group(OS, {**DATA, "size_gb": 192}), "200 GB", "192"),
    Drift(SIZE_GB, group({**OS, "size_gb": 208}, DATA), "104 GB", "208"),
    Drift(VOLUMES, group(OS), "DATA volume (SSD) of 200 GB"),
    Drift(f"{VOLUMES}[].role_type", group(OS, {**DATA, "role_type": "TEMP"}), "DATA volume (SSD) of 200 GB"),
    Drift(f"{VOLUMES}[].volume_type", group(OS, {**DATA, "volume_type": "HDD"}), "DATA volume (SSD) of 200 GB"),
    Drift("instance_groups[].instances", group(instances=SERVERS[:1]), "2 servers", "1"),
    servers("service_ip_address", "10.0.1.99", "10.0.1.11, 10.0.1.12"),
    servers("public_ip_id", "public-9", "id-orders001, id-orders002"),
]


def drift_rounds() -> Iterator[list[Drift]]:
    """All of them in as few tasks as go: two of the same option, or of a version, can't share one."""
    grouped: dict[str, list[Drift]] = {}
    for drift in DRIFTS:
        (option,) = drift.options
        grouped.setdefault("version" if option.endswith("_version") else option, []).append(drift)
    for index in range(max(map(len, grouped.values()))):
        yield [drifts[index] for drifts in grouped.values() if index < len(drifts)]


def test_drifts(play: Play) -> None:
    before = seed(play.simulator, **SHOWN)
    rounds = list(drift_rounds())
    tasks = [{key: value for drift in drifts for key, value in drift.options.items()} for drifts in rounds]
    for drifts, ran in zip(rounds, play(*(cluster(cluster_id=CLUSTER_ID, **one) for one in tasks)), strict=True):
        for drift in drifts:
            # What is wrong with one volume is told of the list, where the reader has to look for it.
            option = drift.option if drift.wanted else VOLUMES
            told(ran, "orders", f"{option} ", drift.present, drift.wanted, "Nothing was changed")
        assert (ran.writes, ran.changed) == ([], False), drifts
    assert only_cluster(play.simulator) == before


# --- Left alone ------------------------------------------------------------------------------------------------------

# SCP never shows these, so that nobody can tell whether they differ; the last ones say how, not what.
IGNORED: dict[str, Json] = {
    "dbaas_engine_version_id": {"dbaas_engine_version_id": "something-else"},
    "instance_name_prefix": {"instance_name_prefix": "other"},
    "init_config_option.database_user_password": {
        "init_config_option": {"database_user_password": "Other-password-2"},
    },
    "instance_groups[].instances[].role_type": group(instances=SERVERS[::-1]),
    "backup_before_upgrade": {"backup_before_upgrade": False},
    "wait": {"wait": False},
    "wait_timeout": {"wait_timeout": 1},
}


def test_options_that_are_not_compared(play: Play) -> None:
    before = seed(play.simulator)
    for option, ran in zip(IGNORED, play(*(cluster(name="orders", **one) for one in IGNORED.values())), strict=True):
        assert not ran.failed, ran.result
        assert (ran.changed, ran.writes, ran.operations) == (False, [], []), option
    assert only_cluster(play.simulator) == before


# --- None is without a proof -----------------------------------------------------------------------------------------

# Options of every module, which the tests of connections and of waiting have; and those that address a cluster or say
# what to do with it.
SHARED = {*_spec.CONNECTION, *_spec.WAIT}
UPGRADES = {"backup_before_upgrade", "upgrade_kernel", "upgrade_major_version"}
NOT_FOR_CREATION = {"cluster_id", "state", "active_instance", "purge_tags", *UPGRADES}


def all_options() -> set[str]:
    return set(spec_paths(ARGUMENT_SPEC)) - SHARED


def unset_paths(cases: Iterable[Json]) -> set[str]:
    return all_options() - {path for options in cases for path in paths(options)}


def test_every_option_is_sent_at_creation() -> None:
    assert unset_paths(CREATIONS.values()) == NOT_FOR_CREATION


def proofs() -> list[tuple[str, Json]]:
    """Every option that is changed, refused or left alone, with the options of its case.

    The name addresses the cluster: beside the ID of another one it is refused in every state, for which
    ``test_inputs.py`` has the proof.
    """
    changed = [(change.option, change.options) for change in CHANGES]
    refused = [(drift.option, drift.options) for drift in DRIFTS]
    return [*changed, *refused, *IGNORED.items(), ("name", {"name": "invoices"})]


def test_every_option_is_changed_or_refused_or_left_alone() -> None:
    proven = {option for option, _options in proofs()}
    assert all_options() - proven == set()
    assert proven - all_options() - SHARED == set()


def test_every_case_is_about_its_option() -> None:
    assert [option for option, options in proofs() if option not in set(paths(options))] == []


def test_every_state_is_taken() -> None:
    states = {change.options["state"] for change in CHANGES if "state" in change.options}
    # The other tests create with the one and terminate with the other.
    assert states | {"present", "absent"} == set(ARGUMENT_SPEC["state"]["choices"])
