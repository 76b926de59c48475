# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a declared cluster costs and how it may be spelled: no change, no write, and as few reads as can be."""

from __future__ import annotations

from typing import Any

from harness.cycle import run_cycle
from harness.play import Play
from harness.seeds import BACKUP, ORDERS_SHOWN, WINDOW, only_cluster, seed, settings_of_database
from harness.simulator import Json
from harness.tasks import ORDERS, cluster

OS, DATA = ORDERS["instance_groups"][0]["block_storage_groups"]
SECOND_DATA = {"role_type": "DATA", "size_gb": 104}
VOLUMES = [OS, DATA, SECOND_DATA]
SHOWN: Json = {
    "maintenance_option": WINDOW,
    "init_config_option": settings_of_database(backup_option=BACKUP),
    "allowable_ip_addresses": ["10.0.1.0/24", "10.0.2.7/32"],
    "instance_groups": [{**ORDERS_SHOWN["instance_groups"][0], "block_storage_groups": VOLUMES}],
}


def group(*volumes: Json, **parts: Any) -> Json:
    described = {**ORDERS["instance_groups"][0], **parts}
    return {"instance_groups": [{**described, "block_storage_groups": list(volumes) or VOLUMES}]}


def servers(*addresses: str) -> Json:
    return group(instances=[{"role_type": "ACTIVE", "service_ip_address": address} for address in addresses])


SPELLINGS: list[Json] = [
    {"allowable_ip_addresses": ["10.0.2.7/32", "10.0.1.0/24"]},
    {"allowable_ip_addresses": ["10.0.1.0/24", "10.0.2.7"]},
    {"allowable_ip_addresses": ["10.0.1.0/24", "10.0.2.7", "10.0.2.7/32"]},
    {"allowable_ip_addresses": "10.0.2.7,10.0.1.0/24"},
    group(SECOND_DATA, DATA, OS),
    group(*({**volume, "size_gb": str(volume["size_gb"])} for volume in VOLUMES)),
    group(*({**volume, "volume_type": "SSD"} for volume in VOLUMES)),
    servers("10.0.1.12", "10.0.1.11"),
    {"maintenance_option": {"period_hour": 2}},
    {"maintenance_option": {"starting_time": "0330", "starting_day_of_week": "SUN", "period_hour": "2"}},
    {"init_config_option": {"backup_option": {"retention_period_day": "14", "starting_time_hour": "02"}}},
    {"init_config_option": {"audit_enabled": "no", "database_port": "2866"}},
    {"ha_enabled": "yes", "nat_enabled": "off", "vip_public_ip_id": "", "origin_cluster_id": ""},
    {"engine_version": 10.11},
    {"software_version": "10.11.9"},
    {"state": "started"},
    {"state": "synced"},
    {"state": "switched_over", "active_instance": "orders001"},
]


def test_spellings(play: Play) -> None:
    before = seed(play.simulator, **SHOWN)
    for options, ran in zip(SPELLINGS, play(*(cluster(name="orders", **one) for one in SPELLINGS)), strict=True):
        assert not ran.failed, (options, ran.result)
        assert (ran.changed, ran.writes, ran.operations) == (False, [], []), options
    assert only_cluster(play.simulator) == before


def test_address_that_is_shown_in_two_spellings(play: Play) -> None:
    seed(play.simulator, allowable_ip_addresses=["10.0.1.0/24", "10.0.2.7", "10.0.2.7/32"])
    kept = {"name": "orders", "allowable_ip_addresses": ["10.0.1.0/24", "10.0.2.7"]}
    removed = {"name": "orders", "allowable_ip_addresses": ["10.0.1.0/24"], "wait_timeout": 30}

    (same,) = play(cluster(**kept))
    ran = run_cycle(play, removed)

    assert (same.changed, same.writes) == (False, [])
    assert [call["body"] for call in ran.real.writes] == [
        {"add_ip_addresses": [], "del_ip_addresses": ["10.0.2.7", "10.0.2.7/32"]}
    ]
    assert only_cluster(play.simulator)["allowable_ip_addresses"] == ["10.0.1.0/24"]


def test_calls(play: Play) -> None:
    seed(play.simulator, id="existing", name="existing")
    by_name = {**ORDERS, "name": "existing"}
    by_id = {**ORDERS, "name": "existing", "cluster_id": "existing"}
    audited = {"cluster_id": "existing", "init_config_option": {"audit_enabled": True}}
    create = ["List Clusters", "List Engine Versions"]
    owed: list[tuple[Json, list[str]]] = [
        (cluster(**by_name), ["List Clusters", "Show Cluster"]),
        (cluster(**by_name, check=True), ["List Clusters", "Show Cluster"]),
        (cluster(**by_id), ["Show Cluster"]),
        (cluster(**by_id, check=True), ["Show Cluster"]),
        (cluster(**audited, check=True), ["Show Cluster"]),
        (cluster(**audited, wait=False), ["Show Cluster", "Show Cluster", "Set Audit Log"]),
        (cluster(name="nobody", state="absent"), ["List Clusters"]),
        (cluster(cluster_id="nobody", state="absent"), ["Show Cluster", "List Clusters"]),
        (cluster(**ORDERS, check=True), create),
        (cluster(**ORDERS, wait=False), [*create, "List Clusters", "Create Cluster"]),
    ]
    for (task, operations), ran in zip(owed, play(*(task for task, _operations in owed)), strict=True):
        assert not ran.failed, ran.result
        assert [call["operation"] for call in ran.calls] == operations, task
