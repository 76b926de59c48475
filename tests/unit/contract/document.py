# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contract of the API as the tests of the core read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from jsonschema import Draft202012Validator

from simulator.versions import view

Json = dict[str, Any]

DOCUMENT: Json = yaml.safe_load((Path(__file__).parents[2] / "contract/openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS: Json = DOCUMENT["components"]["schemas"]
METHODS = ("get", "put", "post", "delete")


class Operation(NamedTuple):
    """One operation of the contract."""

    id: str
    title: str
    number: int | None
    since: str | None
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
        item.get("x-since"),
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


def since(schema: str | None) -> dict[str, str]:
    """Return the properties that a later version than the first adds, each with that version."""
    properties = SCHEMAS[schema].get("properties", {}) if schema else {}
    return {name: node["x-since"] for name, node in properties.items() if "x-since" in node}


def required_since(schema: str | None) -> dict[str, str]:
    """Return the properties that a later version than the first requires, each with that version."""
    node = SCHEMAS[schema] if schema else {}
    marks = {
        name: item.get("x-required-since", item.get("x-since"))
        for name, item in node.get("properties", {}).items()
        if name in node.get("required", [])
    }
    return {name: version for name, version in marks.items() if version}


def complaints(schema: str, value: object, version: str = "1.0") -> list[str]:
    """Return what the contract of a version has against a value."""
    document = {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": view(SCHEMAS, version)}}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(document).iter_errors(value)]
