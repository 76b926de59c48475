# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator in this process, with a clock that only moves when a test moves it."""

from __future__ import annotations

import copy
import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

# The simulator's own requirements are not everywhere where the collection's unit tests run.
if importlib.util.find_spec("openapi_core") is None or importlib.util.find_spec("starlette") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    from starlette.testclient import TestClient

    from simulator.app import build_app
    from simulator.settings import Settings
    from simulator.signatures import sign
    from simulator.simulation import Simulation

BASE_URL = "http://testserver"
WALL_TIME = 1605290625.682

CREATE_BODY: dict[str, Any] = {
    "allowable_ip_addresses": ["192.0.2.10", "192.0.2.128/25"],
    "dbaas_engine_version_id": "1cd2c28ba72447daaaf7e4d7e8dd720b",
    "ha_enabled": False,
    "init_config_option": {
        "audit_enabled": False,
        "backup_option": {
            "archive_frequency_minute": "60",
            "retention_period_day": "7",
            "starting_time_hour": "2",
        },
        "database_name": "shop",
        "database_user_name": "admin",
        "database_user_password": "unsafe-Pass1",
    },
    "instance_groups": [
        {
            "block_storage_groups": [
                {"role_type": "OS", "size_gb": 104},
                {"role_type": "DATA", "size_gb": 56, "volume_type": "SSD_KMS"},
            ],
            "role_type": "ACTIVE",
            "server_type_name": "db1v2m4",
        }
    ],
    "instance_name_prefix": "shop",
    "name": "shop",
    "subnet_id": "d61cf5e9a7b14bb5a63ea5a9d3ac5c36",
    "timezone": "Asia/Seoul",
}


class Tick:
    """Stands for the monotonic clock. The time scale of these tests is 1."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Api:
    """Sends signed calls, and steers the simulator."""

    def __init__(self) -> None:
        self.tick = Tick()
        self.wall = WALL_TIME
        settings = Settings(time_scale=1, stale_reads=0)
        self.simulation = Simulation(settings, tick=self.tick, wall=lambda: self.wall)
        self.http = TestClient(build_app(self.simulation), base_url=BASE_URL, follow_redirects=False)

    def __enter__(self) -> Api:
        self.http.__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self.http.__exit__()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        signed = self.signed_headers(method, f"{BASE_URL}{path}")
        content = None if body is None else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, path, headers={**signed, **named}, content=content)

    def signed_headers(self, method: str, url: str) -> dict[str, str]:
        timestamp = str(int(self.wall * 1000))
        credentials = self.simulation.credentials
        return {
            "Content-Type": "application/json",
            "Scp-Accesskey": credentials.access_key,
            "Scp-Signature": sign(method, url, timestamp, credentials),
            "Scp-Timestamp": timestamp,
            "Scp-ClientType": "Openapi",
            "Scp-Api-Version": "mariadb 1.0",
        }

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        response = self.call(method, path, body)
        assert response.status_code in (200, 202), response.text
        return response.json()

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        response = self.call(method, path, body)
        assert response.status_code >= 400, response.text
        error = response.json()["errors"][0]
        assert error["status"] == response.status_code
        return response.status_code, error["code"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        response = self.http.request(method, f"/_simulator/{path}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def seed(self, **parts: Any) -> Any:
        return self.control("POST", "clusters", parts)

    def detail(self, cluster_id: str) -> Any:
        return self.ok("GET", f"/v1/clusters/{cluster_id}")

    def state(self, cluster_id: str) -> str:
        return str(self.detail(cluster_id)["service_state"])

    def pass_time(self, seconds: float) -> None:
        self.tick.seconds += seconds

    @staticmethod
    def create_body(**changes: Any) -> dict[str, Any]:
        return {**copy.deepcopy(CREATE_BODY), **changes}

    def created(self, **changes: Any) -> Any:
        """The detail of a cluster whose creation is done."""
        accepted = self.ok("POST", "/v1/clusters", self.create_body(**changes))
        self.pass_time(600)
        return self.detail(accepted["resource"]["id"])


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as api:
        yield api
