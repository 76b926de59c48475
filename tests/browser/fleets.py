# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleets for the report: a troubled one with hostile words, a large one, and none."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from harness.seeds import BACKUP, INSTANCES, ORDERS_SHOWN, seed, settings_of_database
from harness.simulator import Json, Simulator

# What a name, a state or a message must never become: markup, a template, a script, or a line that is too long.
SCRIPT = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"
TEMPLATE = "{{ 7 * 191 }}{% for x in y %}"
UNBROKEN = "W" * 120
HOSTILE = (SCRIPT, TEMPLATE, UNBROKEN)

STACKS: list[Json] = [
    {
        "cluster": {"name": "orders", "allowable_ip_addresses": ["10.0.9.0/24"]},
        "backup": {"retention_period_day": 30, "archive": {"archive_enabled": False}},
        "parameters": {"parameters": {"wait_timeout": SCRIPT}},
    },
    {"cluster": {"name": "billing", "allowable_ip_addresses": ["10.0.1.0/24"]}},
    {"cluster": {"name": "warehouse", "timezone": "Asia/Tokyo"}},
]


def troubled(simulator: Simulator) -> None:
    """Put a cluster there for each thing that can be wrong, and some that are well."""
    long_ago = datetime.now(timezone.utc) - timedelta(days=5, minutes=30)
    with_policy = {"init_config_option": settings_of_database(backup_option=BACKUP)}
    recent = [{"age_days": 0.45}, {"age_days": 1.45}, {"age_days": 2.45}]
    follows = {"replica_state": "CONNECTED", "replica_state_detail": None}
    seed(
        simulator,
        backup_histories=recent,
        replicas=[
            {"name": "orders-near", "replication": follows},
            {"name": "orders-far", "replication": {**follows, "synced_at": long_ago.strftime("%Y-%m-%dT%H:%M:%SZ")}},
            {"name": "orders-torn", "replication": {"replica_state": "DISCONNECTED", "replica_state_detail": SCRIPT}},
        ],
        **with_policy,
    )
    alone = {**ORDERS_SHOWN["instance_groups"][0], "role_type": "ACTIVE", "instances": INSTANCES[:1]}
    small: Json = {"ha_enabled": False, "instance_groups": [alone]}
    seed(simulator, name="billing", backup_histories=recent, software_version="11.4.10", **small, **with_policy)
    seed(simulator, name="carts", service_state="UNKNOWN", backup_histories=[{"age_days": 4.2}], **small, **with_policy)
    seed(simulator, name="legacy", software_version="10.6.21", backup_histories=recent, **small, **with_policy)
    seed(simulator, name="sandbox", service_state="STOPPED", created_at="2026-01-05T02:00:00Z", **small)
    seed(simulator, name="invoices", created_at="2026-01-05T02:00:00Z", **small, **with_policy)
    seed(simulator, name="search", service_state="EDITING", backup_histories=recent, **small, **with_policy)
    seed(simulator, name="upcoming", service_state="CREATING", **small, **with_policy)
    for number, words in enumerate(HOSTILE):
        seed(simulator, name=words, id=f"hostile-{number}", backup_histories=recent, **small, **with_policy)


def large(simulator: Simulator, count: int) -> None:
    """Put many clusters there, all well."""
    backup = settings_of_database(backup_option=BACKUP)
    for number in range(count):
        name = f"shop{chr(97 + number // 26)}{chr(97 + number % 26)}"
        seed(simulator, name=name, init_config_option=backup, backup_histories=[{"age_days": 0.45}])
