# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contract of the API as the tests of the core read it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from jsonschema import Draft202012Validator

from ansible_collections.samsungcloud.scp.plugins.module_utils import _versions

Json = dict[str, Any]

DOCUMENT: Json = yaml.safe_load((Path(__file__).parents[2] / "contract/openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS: Json = DOCUMENT["components"]["schemas"]
METHODS = ("get", "put", "post", "delete")


class Operation(NamedTuple):
    """One operation of the contract."""

    id: str
    title: str
    number: int | None
    method: str
    path: str
    path_names: tuple[str, ...]
    query_names: frozenset[str]
    body: str | None
    answer: str | None


def resolved(node: Json) -> Json:
    """Return a schema with its reference followed."""
    while "$ref" in node:
        target: Any = DOCUMENT
        for key in node["$ref"].split("/")[1:]:
            target = target[key]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def concrete(node: Json) -> Json:
    """Return a schema with its reference followed and without the choice of null."""
    node = resolved(node)
    choices = [choice for choice in node.get("anyOf", []) if choice.get("type") != "null"]
    return concrete(choices[0]) if choices else node


def operations() -> Iterator[Operation]:
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(path, method, item[method], item.get("parameters", []))


def _operation(path: str, method: str, item: Json, shared: list[Json]) -> Operation:
    parameters = [resolved(parameter) for parameter in [*shared, *item.get("parameters", [])]]
    success = next(answer for status, answer in item["responses"].items() if status.startswith("2"))
    return Operation(
        item["operationId"],
        item["summary"],
        item.get("x-number"),
        method.upper(),
        path,
        tuple(parameter["name"] for parameter in parameters if parameter["in"] == "path"),
        frozenset(parameter["name"] for parameter in parameters if parameter["in"] == "query"),
        _schema_name(item.get("requestBody")),
        _schema_name(resolved(success)),
    )


def _schema_name(message: Json | None) -> str | None:
    if message is None:
        return None
    reference: str = message["content"]["application/json"]["schema"]["$ref"]
    return reference.rsplit("/", 1)[-1]


def field(schema: str, path: str) -> Json | None:
    """Return the schema of a field such as ``instance_groups[].role_type``; None when there is none."""
    node = concrete(SCHEMAS[schema])
    for key in path.replace("[]", ".[]").split("."):
        found = node.get("items") if key == "[]" else node.get("properties", {}).get(key)
        if found is None:
            return None
        node = concrete(found)
    return node


def enum(schema: str, path: str) -> tuple[str, ...]:
    found = field(schema, path)
    assert found is not None
    return tuple(found["enum"])


def later_properties(schema: str, version: str) -> set[str]:
    """Return the properties that come after a version."""
    return _later(_versions.BODY_FIELDS_SINCE, _of_body, schema, version) | _later(
        _versions.ANSWER_FIELDS_SINCE, _of_answer, schema, version
    )


def later_required(schema: str, version: str) -> set[str]:
    """Return the properties that a version does not require, but a later one does."""
    return _later(_versions.BODY_FIELDS_REQUIRED_SINCE, _of_body, schema, version)


def _later(
    table: dict[str, dict[str, str]], part: Callable[[Operation], str | None], schema: str, version: str
) -> set[str]:
    titles = [operation.title for operation in operations() if part(operation) == schema]
    fields = [entry for title in titles for entry in table.get(title, {}).items()]
    return {name for name, since in fields if _versions.is_older(version, since)}


def _of_body(operation: Operation) -> str | None:
    return operation.body


def _of_answer(operation: Operation) -> str | None:
    return operation.answer


def complaints(schema: str, value: object, version: str = "1.0") -> list[str]:
    """Return what the contract of a version has against a value."""
    schemas = copy.deepcopy(SCHEMAS)
    for name, node in schemas.items():
        if "properties" in node:
            later = later_properties(name, version)
            node["properties"] = {key: item for key, item in node["properties"].items() if key not in later}
            optional = later | later_required(name, version)
            node["required"] = [key for key in node.get("required", []) if key not in optional]
    document = {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": schemas}}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(document).iter_errors(value)]
