# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The web application: each call of the API goes through the same gates, in this order.

Signature, version, faults ordered for before the effect, the contract, the operation, the contract again, faults
ordered for after the effect. Every call is journalled, those of the control plane excepted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from .answers import Answer, deliver, json_answer
from .contract import (
    Contract,
    ContractViolation,
    InvalidRequest,
    Match,
    Operation,
    load_api,
    load_newest,
    load_resource_manager,
)
from .control import Control
from .faults import Fault
from .journal import Entry
from .operations import HANDLERS, TAG_HANDLERS, Handler
from .operations.call import Call
from .problems import GatewayProblem, Problem, invalid, unauthorized, version_not_served
from .roles import SHOWING_ROLES, with_role_words
from .signatures import is_signed, why_refused
from .simulation import Simulation
from .styles import styled
from .versions import as_numbers

VERSIONS_TITLE = "List API Versions"
CONTROL_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


@dataclass(frozen=True)
class Service:
    """One of SCP's services. ``versions`` are those that are served if the settings do not say it."""

    name: str
    load: Callable[[str], Contract]
    load_newest: Callable[[], Contract]
    handlers: Mapping[str, Handler]
    versions: tuple[str, ...] = ()


MARIADB = Service("mariadb", load_api, load_newest, HANDLERS)
RESOURCE_MANAGER = Service(
    "resourcemanager", lambda _version: load_resource_manager(), load_resource_manager, TAG_HANDLERS, ("1.0",)
)


def build_app(simulation: Simulation, resource_manager_port: int = 0, other_region_port: int = 0) -> Starlette:
    """Return the application; the two ports are those of the Resource Manager and of the other region."""
    control = Route("/_simulator/{rest:path}", Control(simulation).handle, methods=CONTROL_METHODS)
    api = Api(simulation, MARIADB)
    at_ports = {
        resource_manager_port: Api(simulation, RESOURCE_MANAGER),
        other_region_port: Api(simulation, MARIADB, is_elsewhere=True),
    }

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        _host, port = scope.get("server") or (None, None)
        chosen = at_ports.get(port, api) if port else api
        await chosen(scope, receive, send)

    return Starlette(routes=[control, Mount("/", app=serve)])


class Api:
    """One simulated service as an ASGI application, in one region if it is one that each region has."""

    def __init__(self, simulation: Simulation, service: Service, is_elsewhere: bool = False) -> None:
        self._simulation = simulation
        self._service = service
        self._is_elsewhere = is_elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        raw = await request.body()
        match = self._service.load_newest().match(request.method, raw_path_of(request.scope))
        entry = self._journal(request, match, raw)
        try:
            answer = await self._answer(request, match, raw, entry)
            entry.status = answer.status if answer.is_sent else None
            await deliver(answer, scope, receive, send)
        except ContractViolation:
            entry.status = 500
            raise
        finally:
            entry.ended_at = time.time()
            self._simulation.on_call(f"{entry.method} {entry.path} {entry.status} {entry.operation or '-'}")

    async def _answer(self, request: Request, match: Match | None, raw: bytes, entry: Entry) -> Answer:
        self._simulation.clock.go_on()
        self._simulation.cloud.advance()
        try:
            self._authenticate(request, entry)
            return await self._answer_with_faults(request, match, raw, entry)
        except Problem as problem:
            return json_answer(problem.status, problem.body())
        except GatewayProblem as problem:
            gateway = Fault(status=problem.status, body=self._simulation.settings.answer_style.gateway)
            return self._spoil(gateway, Answer(0), request)

    async def _answer_with_faults(self, request: Request, match: Match | None, raw: bytes, entry: Entry) -> Answer:
        contract = None if entry.operation == VERSIONS_TITLE else self._contract(request)
        fault = self._simulation.faults.take(entry.operation) if entry.operation else None
        entry.fault = fault.kind if fault else None
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            self._simulation.cloud.advance()
        elif fault and fault.comes_first:
            return self._spoil(fault, Answer(0), request)
        if contract is None:
            answer = json_answer(200, self._versions(request))
        else:
            answer = self._act(contract, request, match, raw)
        return self._spoil(fault, answer, request) if fault else answer

    def _act(self, contract: Contract, request: Request, match: Match | None, raw: bytes) -> Answer:
        if match is None or match.operation.id not in contract.operations:
            raise GatewayProblem(405 if contract.knows_path(raw_path_of(request.scope)) else 404, path_of(request))
        try:
            status, body = match.operation.success, self._operate(contract, request, match, raw)
        except Problem as problem:
            status, body = problem.status, problem.body()
        data = contract.check_answer(match.operation, status, body)
        if status != match.operation.success or not data:
            return Answer(status, data)
        return self._in_style(contract, match.operation, body, Answer(status, data))

    def _in_style(self, contract: Contract, operation: Operation, body: dict[str, object], answer: Answer) -> Answer:
        """Other words and forms than those of the contract take their place behind its check."""
        style, words = self._simulation.settings.answer_style, self._simulation.settings.role_words
        if words and operation.id in SHOWING_ROLES:
            body = with_role_words(body, words)
        elif style.is_usual:
            return Answer(style.status(answer.status), answer.body)
        return json_answer(style.status(answer.status), styled(style, contract, operation, body))

    def _operate(self, contract: Contract, request: Request, match: Match, raw: bytes) -> dict[str, object]:
        operation = match.operation
        content_type = request.headers.get("content-type", "")
        try:
            query, body = contract.read_request(match, request.query_params, raw, content_type)
        except InvalidRequest as error:
            raise invalid(error.entries) from error
        call = Call(self._simulation.cloud, contract, operation, match.path_parameters, query, body, self._is_elsewhere)
        return self._service.handlers[operation.id](call)

    def _authenticate(self, request: Request, entry: Entry) -> None:
        """An unsigned call never reaches the service: the gateway has no such path for it (facts, section 3)."""
        if entry.operation == VERSIONS_TITLE:
            return
        if request.method == "OPTIONS":
            raise GatewayProblem(403, path_of(request))
        if not is_signed(request.headers):
            raise GatewayProblem(404, path_of(request))
        reason = why_refused(
            request.method,
            url_as_received(request.scope),
            request.headers,
            self._simulation.credentials,
            self._simulation.wall(),
            self._simulation.settings.skew_tolerance,
        )
        if reason:
            raise unauthorized(reason)

    def _contract(self, request: Request) -> Contract:
        served = self._served
        header = request.headers.get("scp-api-version")
        if header is None:
            return self._service.load(max(served, key=as_numbers))
        service, _space, version = header.partition(" ")
        if service != self._service.name or version not in served:
            raise version_not_served(header)
        return self._service.load(version)

    @property
    def _served(self) -> Sequence[str]:
        return self._service.versions or self._simulation.settings.versions

    def _versions(self, request: Request) -> dict[str, object]:
        served = sorted(self._served, key=as_numbers, reverse=True)
        origin = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return {
            "versions": [
                {
                    "id": f"v{version}",
                    "links": [{"href": f"{origin}/v1", "rel": "self"}],
                    "not_before": "2026-01-01",
                    "status": "CURRENT" if version == served[0] else "SUPPORTED",
                }
                for version in served
            ]
        }

    def _journal(self, request: Request, match: Match | None, raw: bytes) -> Entry:
        is_root = request.method == "GET" and path_of(request) == "/"
        return self._simulation.journal.open(
            match.operation.title if match else VERSIONS_TITLE if is_root else None,
            request.method,
            path_of(request),
            dict(request.query_params),
            raw,
            request.headers.get("scp-api-version"),
        )

    def _spoil(self, fault: Fault, answer: Answer, request: Request) -> Answer:
        return fault.spoil(answer, path_of(request), self._simulation.wall())


def path_of(request: Request) -> str:
    return str(request.scope["path"])


def raw_path_of(scope: Scope) -> str:
    """The path as it was on the wire."""
    return str(scope["raw_path"].decode("latin-1"))


def url_as_received(scope: Scope) -> str:
    """The absolute URL as it was on the wire, nothing decoded: that is what is signed."""
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1")
    path = raw_path_of(scope)
    query = scope["query_string"].decode("latin-1")
    return f"{scope['scheme']}://{host}{path}" + (f"?{query}" if query else "")
