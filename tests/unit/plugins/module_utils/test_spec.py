# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which options count as given, and what a null means, which Ansible lets through as a value."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput

SPEC: Json = {
    "state": {"default": "present"},
    "name": {"required": True},
    "one": {"options": {"size": {"required": True}, "kind": {"default": "SSD"}}},
    "many": {"options": {"size": {"required": True}, "kind": {"default": "SSD"}}},
}


def test_null_is_the_default() -> None:
    given = {"state": None, "name": "x", "one": {"size": 1, "kind": None}, "many": [{"size": 2, "kind": None}]}

    assert _spec.complete(SPEC, given) == {
        "state": "present",
        "name": "x",
        "one": {"size": 1, "kind": "SSD"},
        "many": [{"size": 2, "kind": "SSD"}],
    }


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        pytest.param({"name": None}, ["name"], id="at the top"),
        pytest.param({"name": "x", "one": {"size": None}}, ["one.size"], id="in a dictionary"),
        pytest.param({"name": "x", "many": [{"size": 1}, {"size": None}]}, ["many[].size"], id="in a list"),
    ],
)
def test_null_is_not_what_is_required(given: Json, paths: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        _spec.complete(SPEC, given)

    assert [problem.option for problem in caught.value.problems] == paths


def test_what_is_left_out_is_not_declared_and_what_is_empty_is() -> None:
    given = {"a": None, "b": [], "c": {}, "d": {"e": None, "f": False}, "g": [{"h": None}]}

    assert _spec.declared(given) == {"b": [], "c": {}, "d": {"f": False}, "g": [{}]}


OMIT = "__omit_place_holder__0123"
WINDOW: Json = {"hour": {"type": "int"}, "day": {"type": "str", "choices": ["MON"]}}
GIVEN: Json = {
    "name": {"type": "str"},
    "port": {"type": "int"},
    "audit": {"type": "bool"},
    "window": {"type": "dict", "options": WINDOW},
    "deep": {"type": "dict", "options": {"window": {"type": "dict", "options": WINDOW}, "on": {"type": "bool"}}},
    "addresses": {"type": "list", "elements": "str"},
    "groups": {"type": "list", "elements": "dict", "options": {"name": {"type": "str"}, "window": {"type": "dict"}}},
    "tags": {"type": "dict"},
    "parameters": {"type": "dict"},
    "secret": {"type": "str", "no_log": True},
    "engine_version": {"type": "str"},
}
BLANKS: list[Any] = [None, "", " ", "\n", OMIT, "<<Omit>>"]


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("name", GIVEN)
def test_blank_is_left_out_of_every_option(name: str, blank: Any) -> None:
    assert _spec.given(GIVEN, {name: blank}) == {}


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize(
    "options",
    [
        lambda blank: {"window": {"hour": blank}},
        lambda blank: {"window": {"hour": blank, "day": blank}},
        lambda blank: {"deep": {"window": {"hour": blank}}},
        lambda blank: {"deep": {"window": {"hour": blank}, "on": blank}},
        lambda blank: {"addresses": [blank]},
        lambda blank: {"addresses": [blank, blank]},
        lambda blank: {"groups": [blank]},
        lambda blank: {"groups": [{"name": blank}]},
        lambda blank: {"groups": [{"name": blank}, blank]},
    ],
)
def test_what_holds_nothing_but_blanks_is_left_out_and_not_empty(options: Any, blank: Any) -> None:
    assert _spec.given(GIVEN, options(blank)) == {}


@pytest.mark.parametrize("name", ["window", "deep", "addresses", "groups", "tags", "parameters"])
def test_what_is_written_as_empty_is_empty(name: str) -> None:
    empty: Any = {} if GIVEN[name]["type"] == "dict" else []
    assert _spec.given(GIVEN, {name: empty}) == {name: empty}


def test_the_rest_is_given() -> None:
    options = {
        "name": "orders",
        "port": 0,
        "audit": False,
        "window": {"hour": 0, "day": ""},
        "deep": {"window": {}, "on": None},
        "addresses": ["10.0.0.1", None, ""],
        "groups": [{"name": "a", "window": {"hour": None}}, None],
        "unknown": None,
        "_ansible_check_mode": True,
    }

    assert _spec.given(GIVEN, options) == {
        "name": "orders",
        "port": 0,
        "audit": False,
        "window": {"hour": 0},
        "deep": {"window": {}},
        "addresses": ["10.0.0.1"],
        "groups": [{"name": "a"}],
        "unknown": None,
        "_ansible_check_mode": True,
    }


def test_unknown_suboption_is_left_to_ansible() -> None:
    assert _spec.given(GIVEN, {"window": {"hours": None}}) == {"window": {"hours": None}}


def test_empty_value_of_a_parameter_or_a_tag_is_a_value() -> None:
    options = {"parameters": {"a": "", "b": None, "c": OMIT}, "tags": {"a": "", "b": None, "c": OMIT}}

    assert _spec.given(GIVEN, options) == {"parameters": {"a": ""}, "tags": {"a": "", "b": None}}
    assert _spec.given(GIVEN, {"parameters": {"b": None}, "tags": {"c": OMIT}}) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"hour": null}', {}),
        ("{'hour': None}", {}),
        (' {"hour": 2} ', {"window": {"hour": 2}}),
        ("{}", {"window": {}}),
        ("hour=2", {"window": "hour=2"}),
        ("{hour", {"window": "{hour"}),
    ],
)
def test_dictionary_that_is_written_as_a_text(text: str, expected: Json) -> None:
    assert _spec.given(GIVEN, {"window": text}) == expected


@pytest.mark.parametrize(
    ("options", "option", "value", "word"),
    [
        ({"name": True}, "name", True, "quotes"),
        ({"name": 12345}, "name", 12345, "quotes"),
        ({"name": 1.5}, "name", 1.5, "quotes"),
        ({"name": ["a"]}, "name", ["a"], "must be a text"),
        ({"name": {"a": 1}}, "name", {"a": 1}, "must be a text"),
        ({"engine_version": True}, "engine_version", True, "quotes"),
        ({"addresses": ["10.0.0.1", False]}, "addresses[]", False, "quotes"),
        ({"groups": [{"name": False}]}, "groups[].name", False, "quotes"),
        ({"deep": {"window": {"day": True}}}, "deep.window.day", True, "quotes"),
        ({"deep": {"window": {"hour": True}}}, "deep.window.hour", True, "number"),
        ({"port": True}, "port", True, "number"),
        ({"secret": 12345678}, "secret", None, "quotes"),
        ({"secret": True}, "secret", None, "quotes"),
    ],
)
def test_what_yaml_makes_of_a_text(options: Json, option: str, value: Any, word: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        _spec.check(GIVEN, options)

    assert [(problem.option, problem.value) for problem in caught.value.problems] == [(option, value)]
    assert word in caught.value.problems[0].rule


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"name": "True", "port": "5", "audit": "yes", "secret": "1"},
        {"engine_version": 10.11},
        {"engine_version": 10},
        {"audit": 1},
        {"tags": {"a": True, "b": 1}, "parameters": {"a": False}},
        {"window": "hour=2", "addresses": "10.0.0.1,10.0.0.2"},
    ],
)
def test_what_is_no_surprise(options: Json) -> None:
    _spec.check(GIVEN, options)
