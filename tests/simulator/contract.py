# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine-readable contract: finds the operation of a call, checks requests and answers with openapi-core."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from jsonschema import ValidationError
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.unmarshalling.request.unmarshallers import V31RequestParametersUnmarshaller
from openapi_core.validation.request.validators import V31RequestBodyValidator
from openapi_core.validation.response.validators import V31ResponseDataValidator
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from starlette.routing import compile_path
from werkzeug.datastructures import Headers, ImmutableMultiDict

from .versions import NEWEST, view

API_DOCUMENT = Path(__file__).parent.parent / "contract" / "openapi.yaml"
RESOURCE_MANAGER_DOCUMENT = API_DOCUMENT.parent / "resource-manager.yaml"
CONTROL_DOCUMENT = Path(__file__).parent / "control.yaml"
NO_CONTENT = 204
# Ids that the simulator makes, and the times that it tells.
ID = re.compile(rb"(?<=\")(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=\")")
TIME = re.compile(rb"(?<=\")[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3})?Z(?=\")")
METHODS = ("get", "put", "post", "delete", "patch")


class InvalidRequest(Exception):
    """The request breaks the contract. `entries` say it the way the live API does, `reasons` for people."""

    def __init__(self, entries: list[str], reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.entries = entries
        self.reasons = reasons


class ContractViolation(Exception):
    """The simulator's own answer breaks the contract: a mistake in the simulator."""


@dataclass(frozen=True)
class Operation:
    id: str
    title: str
    number: int
    method: str
    path: str
    success: int
    checks_parameters: bool
    takes_body: bool


@dataclass(frozen=True)
class Match:
    operation: Operation
    path_parameters: dict[str, str]


@dataclass
class _Request:
    """What openapi-core wants to know of a request."""

    method: str
    path: str
    path_pattern: str
    parameters: RequestParameters
    body: bytes
    content_type: str
    host_url: str = "http://127.0.0.1"


@dataclass
class _Response:
    status_code: int
    data: bytes
    content_type: str = "application/json"
    headers: Headers = field(default_factory=Headers)


class Contract:
    """One document, seen as of one API version."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._openapi = OpenAPI.from_dict(
            {**document, "servers": [{"url": "/"}], "security": []},
            config=Config(
                # The tests validate the documents themselves; here it would only make every start slower.
                spec_validator_cls=None,  # type: ignore[arg-type]
                request_unmarshaller_cls=V31RequestParametersUnmarshaller,
                request_validator_cls=V31RequestBodyValidator,
                response_validator_cls=V31ResponseDataValidator,
            ),
        )
        self.operations = {operation.id: operation for operation in _operations(document)}
        # The answers that were found valid, without what differs between two of one shape.
        self._valid: set[tuple[str, int, bytes]] = set()
        self._routes = [(compile_path(operation.path)[0], operation) for operation in self.operations.values()]

    def match(self, method: str, path: str) -> Match | None:
        """The operation of a call; ``path`` is as it was on the wire, for an escaped slash is none."""
        for regex, operation in self._routes:
            found = regex.match(path)
            if found and operation.method == method.lower():
                return Match(operation, {name: unquote(value) for name, value in found.groupdict().items()})
        return None

    def knows_path(self, path: str) -> bool:
        return any(regex.match(path) for regex, operation in self._routes)

    def read_request(
        self, match: Match, query: Mapping[str, str], raw: bytes, content_type: str
    ) -> tuple[dict[str, Any], Any]:
        """The query, converted and with its defaults, and the body; raises InvalidRequest."""
        request = self._request(match, query, raw, content_type)
        return self._read_query(match.operation, request), self._read_body(match.operation, request)

    def _read_query(self, operation: Operation, request: _Request) -> dict[str, Any]:
        if not operation.checks_parameters:
            return {}
        result = self._openapi.unmarshal_request(request)
        if result.errors:
            raise _invalid_request(result.errors)
        return dict(result.parameters.query)

    def _read_body(self, operation: Operation, request: _Request) -> Any:
        if not operation.takes_body:
            return None
        try:
            self._openapi.validate_request(request)
        except OpenAPIError as error:
            raise _invalid_request([error]) from error
        return json.loads(request.body)

    def check_answer(self, operation: Operation, status: int, body: Any) -> bytes:
        """Encode an answer of this operation; raises ContractViolation."""
        if status == NO_CONTENT:
            return b""
        data = json.dumps(body).encode()
        # To judge an answer takes longer than to make it, and a poll has the same one again and again.
        shape = (operation.id, status, TIME.sub(b"time", ID.sub(b"id", data)))
        if shape in self._valid:
            return data
        request = self._request(Match(operation, {}), {}, b"", "")
        try:
            self._openapi.validate_response(request, _Response(status, data))
        except OpenAPIError as error:
            reasons = "; ".join(_reasons(error))
            raise ContractViolation(f"{operation.title} answers {status} against the contract: {reasons}") from error
        self._valid.add(shape)
        return data

    def schema_of_answer(self, operation: Operation) -> dict[str, Any]:
        """Return the schema of what an operation answers where it succeeds."""
        answers = self._document["paths"][operation.path][operation.method]["responses"]
        answer = self.resolved(answers[str(operation.success)])
        schema: dict[str, Any] = answer["content"]["application/json"]["schema"] if "content" in answer else {}
        return schema

    @property
    def components(self) -> dict[str, Any]:
        """What the references in the document lead to."""
        components: dict[str, Any] = self._document["components"]
        return components

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return a part of the document with its references followed, and without the choice of null."""
        while "$ref" in node or "anyOf" in node:
            if "anyOf" in node:
                node = next(choice for choice in node["anyOf"] if choice.get("type") != "null")
                continue
            found: Any = self._document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def keep_known(self, schema: str, value: dict[str, Any]) -> dict[str, Any]:
        """Drop the properties that this version does not have."""
        known = self._document["components"]["schemas"][schema]["properties"]
        return {name: item for name, item in value.items() if name in known}

    @staticmethod
    def _request(match: Match, query: Mapping[str, str], raw: bytes, content_type: str) -> _Request:
        operation = match.operation
        return _Request(
            method=operation.method,
            path=operation.path,
            path_pattern=operation.path,
            parameters=RequestParameters(query=ImmutableMultiDict(query), path=match.path_parameters),
            body=raw,
            content_type=content_type,
        )


@cache
def load_api(version: str) -> Contract:
    """The API's contract as of this version."""
    return Contract(view(_parsed(API_DOCUMENT), version))


def load_newest() -> Contract:
    """The API's contract with everything that any version has."""
    return load_api(NEWEST)


@cache
def load_resource_manager() -> Contract:
    """The contract of the Resource Manager, of which one version is known."""
    return Contract(_parsed(RESOURCE_MANAGER_DOCUMENT))


@cache
def load_control() -> Contract:
    return Contract(_parsed(CONTROL_DOCUMENT))


@cache
def _parsed(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    _end_patterns(document)
    return document


def _end_patterns(part: Any) -> None:
    """Let patterns end where the text ends: JSON Schema's ``$`` means that, Python's also before a last line break."""
    if isinstance(part, dict) and isinstance(part.get("pattern"), str):
        part["pattern"] = re.sub(r"\$$", r"\\Z", part["pattern"])
    for item in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _end_patterns(item)


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(document, path, method)


def _operation(document: dict[str, Any], path: str, method: str) -> Operation:
    item = document["paths"][path][method]
    parameters = [*document["paths"][path].get("parameters", []), *item.get("parameters", [])]
    return Operation(
        id=item["operationId"],
        title=item["summary"],
        number=item.get("x-number", 0),
        method=method,
        path=path,
        success=min(int(status) for status in item["responses"] if status != "default"),
        checks_parameters=any(_needs_check(document, parameter) for parameter in parameters),
        takes_body="requestBody" in item,
    )


def _needs_check(document: dict[str, Any], parameter: dict[str, Any]) -> bool:
    """Any id will do in a path; whether there is such a thing is another question."""
    name = parameter.get("$ref", "").rsplit("/", 1)[-1]
    parameter = document["components"]["parameters"][name] if name else parameter
    return bool(parameter["in"] != "path" or parameter["schema"] != {"type": "string"})


def _invalid_request(errors: Iterable[BaseException]) -> InvalidRequest:
    found = list(errors)
    entries = [entry for error in found for entry in _entries(error)]
    return InvalidRequest(entries, [reason for error in found for reason in _reasons(error)])


def _entries(error: BaseException) -> list[str]:
    broken = [item.validator for item in _schema_errors(error)]
    return ["Field required" if rule == "required" else "value_error" for rule in broken or ["unknown"]]


def _reasons(error: BaseException) -> list[str]:
    """Where and which rule, never the value: it may be a secret."""
    return [f"{item.json_path}: {_rule(item)}" for item in _schema_errors(error)] or [type(error).__name__]


def _rule(item: ValidationError) -> str:
    if item.validator in ("required", "additionalProperties"):
        return item.message
    return f"breaks {item.validator}"


def _schema_errors(error: BaseException | None) -> list[ValidationError]:
    while error is not None:
        if isinstance(error, InvalidSchemaValue):
            return [item for item in error.schema_errors if isinstance(item, ValidationError)]
        error = error.__cause__
    return []
