# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster's whole life: created, changed and terminated, each as {check, real, check again, real again}."""

from __future__ import annotations

from harness.cycle import run_cycle
from harness.play import Play
from harness.seeds import BACKUP, WINDOW, all_clusters, only_cluster, seed, settings_of_database
from harness.tasks import ORDERS

# One change of every kind, in the order in which SCP can make them.
CHANGES = {
    "allowable_ip_addresses": ["10.0.2.0/24", "10.0.3.7"],
    "maintenance_option": {"starting_day_of_week": "MON"},
    "init_config_option": {"audit_enabled": True, "backup_option": {"retention_period_day": 21}},
    "instance_groups": [
        {
            "role_type": "ACTIVE_STANDBY",
            "server_type_name": "db1v4m8",
            "block_storage_groups": [
                {"role_type": "OS", "size_gb": 104},
                {"role_type": "DATA", "size_gb": 304},
                {"role_type": "ARCHIVE", "size_gb": 56},
            ],
        }
    ],
    "software_version": "10.11.15",
}
OPERATIONS_OF_CHANGES = [
    "Set Security Group Rules",
    "Set Maintenance",
    "Set Audit Log",
    "Set Backup",
    "Set Block Storage Size",
    "Add Block Storages",
    "Set Server Type",
    "Patch Minor Version",
]


def test_creation(play: Play) -> None:
    created = run_cycle(play, ORDERS)
    assert created.predicted.result["cluster"] is None
    assert created.real.operations == ["Create Cluster"]
    assert created.real.result["cluster"]["service_state"] == "RUNNING"
    assert created.real.result["cluster"] == created.real_again.result["cluster"]
    assert only_cluster(play.simulator)["id"] == created.real.result["cluster_id"]


def test_change_of_everything_at_once(play: Play) -> None:
    seed(play.simulator, maintenance_option=WINDOW, init_config_option=settings_of_database(backup_option=BACKUP))
    changed = run_cycle(play, {"name": "orders", **CHANGES})
    assert changed.real.operations == OPERATIONS_OF_CHANGES
    diff = changed.real.result["diff"]
    assert set(diff["before"]) == set(diff["after"])
    unchanged = {key for key in diff["before"] if diff["before"][key] == diff["after"][key]}
    assert unchanged == {"name", "service_state"}


def test_termination(play: Play) -> None:
    seed(play.simulator)
    gone = run_cycle(play, {**ORDERS, "state": "absent"})
    assert gone.predicted.result["cluster"]["name"] == "orders"
    assert gone.real.operations == ["Terminate Cluster"]
    assert gone.real.result["cluster"] is None
    assert all_clusters(play.simulator) == []
