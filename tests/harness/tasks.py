# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks as users write them."""

from __future__ import annotations

from typing import Any

from harness.simulator import Json

ORDERS: Json = {
    "name": "orders",
    "engine_version": "10.11.9",
    "instance_name_prefix": "orders",
    "subnet_id": "8a463aa4b1dc4f279c3f53b94dc45e74",
    "timezone": "Asia/Seoul",
    "ha_enabled": True,
    "instance_groups": [
        {
            "role_type": "ACTIVE_STANDBY",
            "server_type_name": "db1v2m4",
            "block_storage_groups": [{"role_type": "OS", "size_gb": 104}, {"role_type": "DATA", "size_gb": 200}],
        }
    ],
    "init_config_option": {
        "database_name": "orders",
        "database_user_name": "orders",
        "database_user_password": "Canary-password-1",
    },
    "allowable_ip_addresses": ["10.0.1.0/24"],
}


def cluster(**options: Any) -> Json:
    """Return a task of the cluster module; ``check`` makes it a dry run."""
    check = options.pop("check", None)
    task: Json = {"samsungcloud.scp.mariadb_cluster": options}
    return task if check is None else {**task, "check_mode": check, "diff": True}


def info(module: str, **options: Any) -> Json:
    """Return a task of ``mariadb_{module}_info``."""
    return {f"samsungcloud.scp.mariadb_{module}_info": options}
