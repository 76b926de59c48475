# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for time, the network and the API, and the clusters that the tests talk about."""

from __future__ import annotations

import copy
import io
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn, Union

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from ansible_collections.samsungcloud.scp.plugins.module_utils import _answers
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import Place
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call
from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import JITTER, Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._endpoint import Records
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ApiError, ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Accepted, Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Plan

Json = dict[str, Any]

ENDPOINT = "https://mariadb.kr-west1.e.samsungsdscloud.com"
ACCEPTED = Accepted("req-1", "c1")


class FakeClock(Clock):
    """Time that passes in sleeps only. What jitter may take off is taken by the share ``chance``, from 0 to 1."""

    def __init__(self, chance: float = 0) -> None:
        self.now = 1000.0
        self.chance = chance
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def epoch_ms(self) -> int:
        return 1605290625682 + int(self.now * 1000)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.sleep(seconds)
        return event.is_set()

    def jitter(self, seconds: float, share: float = JITTER) -> float:
        return seconds * (1 - share * self.chance)

    def later(self, seconds: float) -> float:
        return seconds


class Answer(NamedTuple):
    """What a server answers: an object goes out as JSON, a string as it is."""

    status: int = 200
    body: object = ""
    headers: Mapping[str, str] = {}


class FakeTransport(HTTPAdapter):
    """The network below requests: answers or faults one after the other, the last for ever."""

    def __init__(self, *script: Answer | Exception) -> None:
        super().__init__()
        self.script = list(script)
        self.sent: list[requests.PreparedRequest] = []
        self.options: list[Mapping[str, Any]] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        self.sent.append(request)
        self.options.append(options)
        entry = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(entry, Exception):
            raise entry
        text = entry.body if isinstance(entry.body, str) else json.dumps(entry.body)
        raw = HTTPResponse(
            io.BytesIO(text.encode()),
            entry.headers,
            entry.status,
            reason=REASONS.get(entry.status),
            preload_content=False,
        )
        return self.build_response(request, raw)

    @property
    def urls(self) -> list[str]:
        return [str(request.url) for request in self.sent]


REASONS = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests", 503: "Unavailable"}


def a_config(**changes: Any) -> Config:
    settings: Json = {"access_key": "AK", "secret_key": "SK", "endpoint": ENDPOINT, "retries": 2, **changes}
    return Config(**settings)


class Line(NamedTuple):
    """An Http with everything around it faked."""

    http: Http
    transport: FakeTransport
    clock: FakeClock
    warnings: list[str]


def a_line(*script: Answer | Exception, **config: Any) -> Line:
    clock, transport, warnings = FakeClock(), FakeTransport(*script), []
    http = Http(a_config(**config), clock, warnings.append)
    http._session.mount("https://", transport)
    return Line(http, transport, clock, warnings)


Scripted = Union[Json, Accepted, ScpError, Callable[[], Any]]


def gone(text: str = "not there") -> ApiError:
    """Return what the service answers of something that it does not know."""
    error = ApiError(text, status=404)
    error.from_service = True
    return error


class FakeHttp:
    """The conversation with the API: answers each operation from its script, with the last entry for ever.

    The list is empty where nothing else is scripted.
    """

    api_version = "1.0"
    # The region is not known, as with an endpoint of one's own.
    config = a_config()

    def __init__(
        self, script: Mapping[str, list[Scripted]], clock: FakeClock | None = None, latency: float = 0
    ) -> None:
        empty: Json = {"contents": [], "count": 0}
        self.script = {operation: list(entries) for operation, entries in {"List Clusters": [empty], **script}.items()}
        self.clock = clock or FakeClock()
        self.records = Records()
        self.latency = latency
        self.calls: list[Call] = []

    def read(self, call: Call) -> Any:
        return call.answer(self._answer(call), Place(call.operation))

    def pause(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    def epoch_seconds(self) -> float:
        return self.clock.epoch_ms() / 1000

    def write(self, call: Call, _before_again: Callable[[], None] | None = None) -> Any:
        return self._answer(call) if call.operation in self.script else self._record(call) or ACCEPTED

    def completed(self, call: Call) -> Call:
        return call

    def require(self, option: str, *_of_the_api: str | None) -> None:
        """Every version has everything."""

    def sibling(self, _stopped: threading.Event, **_how: bool) -> FakeHttp:
        return self

    @property
    def writes(self) -> list[str]:
        return [call.operation for call in self.calls if not call.is_read]

    @property
    def reads(self) -> list[str]:
        return [call.operation for call in self.calls if call.is_read]

    def _record(self, call: Call) -> None:
        self.calls.append(call)
        self.clock.now += self.latency

    def _answer(self, call: Call) -> Any:
        self._record(call)
        entries = self.script[call.operation]
        entry = entries.pop(0) if len(entries) > 1 else entries[0]
        if isinstance(entry, Exception):
            # A task adds facts to the failures that it passes on.
            raise copy.deepcopy(entry)
        return copy.deepcopy(entry() if callable(entry) else entry)


class FakeShell:
    """What a module gives a task to talk with Ansible."""

    def __init__(self, check_mode: bool = False, **params: Any) -> None:
        self.argument_spec: Json = {}
        self.params = params
        self.given = params
        self.check_mode = check_mode
        self.no_log_values: set[str] = set()
        self.warnings: list[str] = []

    def warn(self, warning: str) -> None:
        self.warnings.append(warning)

    def exit_json(self, **result: Any) -> NoReturn:
        raise Ended("exit", result)

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        raise Ended("fail", {"msg": msg, **result})


class Ended(BaseException):
    """A module ended, as it does with SystemExit."""

    def __init__(self, how: str, result: Json) -> None:
        super().__init__(how)
        self.how = how
        self.result = result


def merged(base: Any, changes: Any) -> Any:
    """Return ``base`` with ``changes`` at any depth of its dictionaries."""
    if isinstance(base, Mapping) and isinstance(changes, Mapping):
        return {**base, **{key: merged(base.get(key), value) for key, value in changes.items()}}
    return copy.deepcopy(changes)


def a_volume(role_type: str, size_gb: int, number: int = 1, volume_type: str = "SSD") -> Json:
    name = f"{role_type.lower()}{number}"
    return {"id": name, "name": name, "role_type": role_type, "size_gb": size_gb, "volume_type": volume_type}


def a_server(number: int, role_type: str) -> Json:
    return {
        "name": f"orders00{number}",
        "public_ip_address": None,
        "public_ip_id": None,
        "role_type": role_type,
        "service_ip_address": f"10.0.1.{number}",
        "service_state": "RUNNING",
    }


def a_cluster(service_state: str = "RUNNING", **changes: Any) -> Json:
    """Return a cluster's detail as the core has it."""
    return shown(a_detail(service_state, **changes))


def a_detail(service_state: str = "RUNNING", **changes: Any) -> Json:
    """Return a cluster's detail as the API shows it."""
    detail: Json = {
        "account_id": "account",
        "allowable_ip_addresses": ["10.0.1.0/24"],
        "created_at": "2026-11-02T04:12:09Z",
        "created_by": "somebody",
        "dbaas_engine": "MARIADB",
        "dbaas_engine_version_name": "MariaDB Community 10.11.9",
        "ha_enabled": False,
        "id": "c1",
        "init_config_option": {
            "audit_enabled": False,
            "backup_option": {
                "archive_frequency_minute": "60",
                "retention_period_day": "7",
                "starting_time_hour": "2",
            },
            "database_character_set": "utf8",
            "database_name": "orders",
            "database_port": 2866,
            "database_user_name": "orders",
            "origin_region": "kr-west1",
        },
        "instance_count": 1,
        "instance_groups": [
            {
                "id": "g1",
                "role_type": "ACTIVE",
                "server_type_name": "db1v2m4",
                "block_storage_groups": [a_volume("OS", 104), a_volume("DATA", 200)],
                "instances": [a_server(1, "ACTIVE")],
            }
        ],
        "maintenance_option": {
            "period_hour": "2",
            "starting_day_of_week": "SUN",
            "starting_time": "0300",
            "use_maintenance_option": True,
        },
        "modified_at": "2026-11-02T04:22:31Z",
        "modified_by": "somebody",
        "name": "orders",
        "nat_enabled": False,
        "origin_cluster_id": "",
        "product_image_type": "MariaDB Community",
        "product_type": "MariaDB",
        "replicas": [],
        "role_type": "ORIGIN",
        "service_state": service_state,
        "software_version": "10.11.9",
        "subnet_id": "subnet",
        "timezone": "Asia/Seoul",
        "vip_public_ip_address": None,
        "vip_public_ip_id": None,
        "virtual_ip_address": None,
    }
    result: Json = merged(detail, changes)
    return result


def shown(detail: Json) -> Json:
    """Return a cluster's detail as the core has it."""
    read: Json = _answers.cluster(detail, Place("Show Cluster"))
    return read


def a_group(role_type: str = "ACTIVE", **changes: Any) -> Json:
    """Return a declared instance group, the one that :func:`a_cluster` has."""
    volumes = [
        {"role_type": "OS", "size_gb": 104, "volume_type": "SSD"},
        {"role_type": "DATA", "size_gb": 200, "volume_type": "SSD"},
    ]
    return {
        "role_type": role_type,
        "server_type_name": "db1v2m4",
        "block_storage_groups": volumes,
        **changes,
    }


def ha_cluster(service_state: str = "RUNNING", **changes: Any) -> Json:
    """Return a highly available cluster whose first server is the active one."""
    detail = a_cluster(service_state, ha_enabled=True, instance_count=2, virtual_ip_address="10.0.1.9")
    group = detail["instance_groups"][0]
    group.update(role_type="ACTIVE_STANDBY", instances=[a_server(1, "ACTIVE"), a_server(2, "STANDBY")])
    return shown(merged(detail, changes))


def declaring(state: str = "present", **options: Any) -> Json:
    """Return declared options with the defaults that every task has."""
    defaults = {"name": "orders", "wait": True, "wait_timeout": 7200, "backup_before_upgrade": True}
    never = {"upgrade_kernel": False, "upgrade_major_version": False}
    return {"state": state, **defaults, **never, **options}


def all_of_it(**changes: Any) -> Json:
    """Return the options that declare :func:`a_cluster`, as they create it."""
    options = declaring(
        dbaas_engine_version_id="e1",
        instance_name_prefix="orders",
        subnet_id="subnet",
        timezone="Asia/Seoul",
        instance_groups=[a_group()],
        init_config_option={
            "database_name": "orders",
            "database_user_name": "orders",
            "database_user_password": "Secret-123",
        },
    )
    result: Json = merged(options, changes)
    return result


def an_engine(software_version: str, engine_id: str = "") -> Json:
    major = ".".join(software_version.split(".")[:2])
    return {
        "end_of_service": False,
        "id": engine_id or f"e-{software_version}",
        "major_version": major,
        "name": f"MariaDB Community {software_version}",
        "os_type": "ROCKY",
        "os_version": "8.10",
        "product_image_type": "MariaDB Community",
        "software_version": software_version,
    }


def told(plan: Plan) -> list[str]:
    """Return the operations of a plan."""
    return [step.call.operation for step in plan.steps]


def bodies(plan: Plan) -> list[tuple[str, Json | None]]:
    """Return the operations of a plan with their bodies."""
    return [(step.call.operation, step.call.body) for step in plan.steps]


def problems_of(error: Any) -> list[tuple[str, object]]:
    """Return the option and the value of each problem of a refusal."""
    return [(problem.option, problem.value) for problem in error.problems]
