# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a null means, which Ansible lets through as a value."""

from __future__ import annotations

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
