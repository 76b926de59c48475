# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules and the simulator in one process, on one clock that passes in sleeps only.

A module runs as Ansible runs it, from its ``main`` with an ``AnsibleModule``; only time and the network below requests
are others. So thousands of runs, waits of hours included, take minutes.
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import json
import os
import random
import shutil
import tempfile
import weakref
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import unquote, urlsplit

import requests
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from ansible_collections.samsungcloud.scp.plugins.module_utils import _clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._deadline import BoundedAdapter
from ansible_collections.samsungcloud.scp.plugins.module_utils._memory import FOLDER
from simulator.app import build_app
from simulator.seeding import Seeds
from simulator.settings import Settings
from simulator.signatures import Credentials
from simulator.simulation import Simulation

Json = dict[str, Any]
Exchange = Callable[[], requests.Response]
# What stands in the way of a call; it may carry the call out, before or after its mischief.
Fault = Callable[["World", Exchange], requests.Response]
# Status, headers and body.
Reply = tuple[int, dict[str, str], bytes]
Service = Callable[[requests.PreparedRequest], Reply]

ENDPOINT = "https://mariadb.simulator.example"
RESOURCE_MANAGER_PORT = 8443
RESOURCE_MANAGER_ENDPOINT = f"https://resourcemanager.simulator.example:{RESOURCE_MANAGER_PORT}"
OTHER_REGION_PORT = 9443
OTHER_REGION: dict[str, str] = {
    "region": "kr-east1",
    "endpoint": f"https://mariadb.east.simulator.example:{OTHER_REGION_PORT}",
}
START = 1_790_000_000.0
LATENCY = 0.05
API_TIMEOUT = 30.0
MODULES = "ansible_collections.samsungcloud.scp.plugins.modules"
SECRETS = {"access_key": "canary-access-key", "secret_key": "canary-secret-key", "auth_token": "canary-auth-token"}


class Killed(BaseException):
    """The process ends here and now."""


class Time:
    """Stands for the module ``time``."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed

    def time(self) -> float:
        return START + self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds


@dataclass
class Run:
    """How one run of a task ended. ``result`` is None where it was killed, ``crash`` tells of an exception.

    ``said`` is what the module handed to Ansible, which strikes out the values of ``no_log`` options in ``output``.
    """

    result: Json | None = None
    crash: str = ""
    calls: list[Any] = field(default_factory=list)
    output: str = ""
    said: str = ""

    @property
    def failed(self) -> bool:
        return self.result is None or bool(self.result.get("failed"))

    @property
    def writes(self) -> list[Any]:
        """The journal's entries of the writes that reached the service."""
        return [call for call in self.calls if call.method != "GET"]


class World:
    """One account at the service, and the machine that modules run on."""

    def __init__(self) -> None:
        self.time = Time()
        credentials = Credentials(SECRETS["access_key"], SECRETS["secret_key"])
        settings = Settings(time_scale=1)
        self.simulation = Simulation(settings, credentials, self.time.monotonic, self.time.time)
        self._app = build_app(self.simulation, RESOURCE_MANAGER_PORT, OTHER_REGION_PORT)
        self.position = 0
        self.faults: dict[int, Fault] = {}
        self.strangers: list[str] = []
        self.task: tuple[str, Json] = ("", {})
        # What ran while another run was under way.
        self.rivals: list[Run] = []
        self.request = requests.PreparedRequest()
        # Of all runs of Ansible; what the tasks of one of them share is in one of these.
        self.folders = Path(tempfile.mkdtemp(prefix="faults-"))
        weakref.finalize(self, shutil.rmtree, self.folders, ignore_errors=True)
        self._folder = self.folders
        self._adapter = HTTPAdapter()
        # What answers; a test can put something between the service and the line.
        self.service: Service = self.act

    @property
    def cloud(self) -> Any:
        return self.simulation.cloud

    def recorded(self) -> str:
        """Return everything that runs have left in their folders."""
        return "".join(file.read_text(encoding="utf-8") for file in self.folders.rglob("*") if file.is_file())

    def seed(self, parts: Json) -> None:
        Seeds(self.cloud).add(copy.deepcopy(parts))

    def run(
        self,
        module: str,
        options: Json,
        faults: Mapping[int, Fault] | None = None,
        check: bool = False,
        same_run: bool = False,
    ) -> Run:
        """Run a task; ``faults`` stand at the calls of these positions, counted from 0.

        It is the one task of a run of Ansible, or with ``same_run`` the next task of the last run.
        """
        if not same_run:
            self._folder = Path(tempfile.mkdtemp(dir=self.folders))
        self.position, self.faults, self.task = 0, dict(faults or {}), (module, options)
        before, rivals = len(self.simulation.journal.entries()), len(self.rivals)
        run = Run()
        output = io.StringIO()
        arguments = {
            **SECRETS,
            "endpoint": ENDPOINT,
            "resource_manager_endpoint": RESOURCE_MANAGER_ENDPOINT,
            "region": self.simulation.settings.region,
            "api_timeout": API_TIMEOUT,
            **copy.deepcopy(options),
            "_ansible_check_mode": check,
            "_ansible_diff": True,
        }
        with self._entered(), heard(run), contextlib.redirect_stdout(output), patch_module_args(arguments):
            try:
                importlib.import_module(f"{MODULES}.mariadb_{module}").main()
            except SystemExit:
                run.result = json.loads(output.getvalue())
            except Killed:
                pass
            except Exception as error:  # noqa: BLE001
                run.crash = f"{type(error).__name__}: {error}"
        run.output = output.getvalue()
        others = {call.sequence for rival in self.rivals[rivals:] for call in rival.calls}
        run.calls = [call for call in self.simulation.journal.entries()[before:] if call.sequence not in others]
        return run

    def run_rival(self, faults: Mapping[int, Fault]) -> None:
        """Run the present task once more, from somewhere else, while this run stands at a call."""
        place = self.position, self.faults, self.request, self._folder
        self.rivals.append(self.run(*self.task, faults))
        self.position, self.faults, self.request, self._folder = place

    @contextlib.contextmanager
    def _entered(self) -> Iterator[None]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SCP_")}
        places = {"HOME": tempfile.gettempdir() + "/nobody", FOLDER: str(self._folder)}
        with (
            mock.patch.object(_clock, "time", self.time),
            mock.patch.object(_clock, "random", random.Random(1)),  # noqa: S311
            # In place of the adapter that knows how far a request came: its connections are none here.
            mock.patch.object(BoundedAdapter, "send", lambda adapter, request, **options: self._send(request)),
            mock.patch.dict(os.environ, {**environ, **places}, clear=True),
        ):
            yield

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        known = (ENDPOINT, RESOURCE_MANAGER_ENDPOINT, OTHER_REGION["endpoint"])
        if not str(request.url).startswith(tuple(f"{endpoint}/" for endpoint in known)):
            self.strangers.append(str(request.url))
            raise requests.ConnectionError(f"{request.url} is no part of this world")
        fault = self.faults.get(self.position)
        self.position += 1

        self.request = request

        def exchange() -> requests.Response:
            return self.respond(*self.service(request))

        response = fault(self, exchange) if fault else exchange()
        self.time.sleep(LATENCY)
        return response

    def respond(self, status: int, headers: Mapping[str, str], body: bytes) -> requests.Response:
        """Return an answer to the present request."""
        raw = HTTPResponse(io.BytesIO(body), headers, status, preload_content=False)
        return self._adapter.build_response(self.request, raw)

    def act(self, request: requests.PreparedRequest) -> Reply:
        """Let the simulator answer, without an event loop: nothing in it waits."""
        url = urlsplit(str(request.url))
        content = request.body or b""
        sent: list[Any] = []
        scope = {
            "type": "http",
            "method": request.method,
            "scheme": url.scheme,
            "server": (url.hostname, url.port),
            "path": unquote(url.path),
            "raw_path": url.path.encode(),
            "query_string": url.query.encode(),
            "headers": [
                (b"host", url.netloc.encode()),
                *((name.lower().encode(), str(value).encode()) for name, value in request.headers.items()),
            ],
        }

        async def receive() -> Json:
            return {"type": "http.request", "body": content if isinstance(content, bytes) else content.encode()}

        async def send(message: Any) -> None:
            sent.append(message)

        complete(self._app(scope, receive, send))
        start, *parts = sent
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], headers, b"".join(part["body"] for part in parts)


@contextlib.contextmanager
def heard(run: Run) -> Iterator[None]:
    """Note what the module says at its end, before Ansible strikes anything out."""

    def noted(end: Callable[..., None]) -> Callable[..., None]:
        def ended(module: AnsibleModule, *arguments: Any, **result: Any) -> None:
            run.said = repr((arguments, result))
            end(module, *arguments, **result)

        return ended

    with (
        mock.patch.object(AnsibleModule, "exit_json", noted(AnsibleModule.exit_json)),
        mock.patch.object(AnsibleModule, "fail_json", noted(AnsibleModule.fail_json)),
    ):
        yield


def complete(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that never has to wait."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise AssertionError("the simulator waits, and there is nothing to wait for")
