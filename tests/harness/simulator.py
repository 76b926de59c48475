# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator process for tests, and its control plane."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import requests

from simulator.styles import STYLES

Json = dict[str, Any]
# The versions of the API that are served to integration tests, in their order, and the newest of them.
USUAL = "1.0"
VERSIONS = os.environ.get("SIMULATOR_VERSIONS", USUAL)
NEWEST = VERSIONS.rpartition(",")[2]
# How its answers look to them where the contract leaves it open.
STYLE = os.environ.get("SIMULATOR_STYLE", "usual")
# The status with which it accepts what is carried out later.
ACCEPTED = STYLES[STYLE].get("answer_style", {}).get("accepted_status", 202)


class Simulator:
    """A running simulator, steered through its control plane."""

    def __init__(self, ready: Json) -> None:
        self.endpoint: str = ready["endpoint"]
        self.resource_manager_endpoint: str = ready["resource_manager_endpoint"]
        self.region: str = ready["region"]
        self.other_region_endpoint: str = ready["other_region_endpoint"]
        self.other_region: str = ready["other_region"]
        self.access_key: str = ready["access_key"]
        self.secret_key: str = ready["secret_key"]
        self._session = requests.Session()
        self._session.trust_env = False

    def environment(self) -> dict[str, str]:
        return {
            "SCP_ENDPOINT": self.endpoint,
            "SCP_RESOURCE_MANAGER_ENDPOINT": self.resource_manager_endpoint,
            "SCP_REGION": self.region,
            # For playbooks; no module reads these.
            "SCP_OTHER_REGION": self.other_region,
            "SCP_OTHER_REGION_ENDPOINT": self.other_region_endpoint,
            "SCP_ACCESS_KEY": self.access_key,
            "SCP_SECRET_KEY": self.secret_key,
        }

    def calls(self) -> list[Json]:
        """Return every call of the API so far, without those of the control plane."""
        calls: list[Json] = self.control("GET", "calls")["calls"]
        return calls

    def control(self, method: str, path: str, body: Any = None) -> Any:
        response = self._session.request(method, f"{self.endpoint}/_simulator/{path}", json=body, timeout=10)
        response.raise_for_status()
        return response.json() if response.content else None


@contextmanager
def running_simulator(*options: str, log: TextIO | None = None) -> Iterator[Simulator]:
    """Run a simulator process; it ends with this block, and at the latest with this process.

    ``log`` is the file for its log of the calls, which it does not keep otherwise.
    """
    quiet = [] if log else ["--quiet"]
    command = [sys.executable, "-m", "simulator", "--json", "--stop-with-stdin", *quiet, *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield Simulator(json.loads(line))
        finally:
            process.terminate()
