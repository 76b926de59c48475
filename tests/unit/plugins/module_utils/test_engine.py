# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _engine
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeHttp,
    a_cluster,
    an_engine,
    problems_of,
)

OFFERED = [an_engine(version) for version in ("10.6.9", "10.11.9", "10.11.15", "10.11.2", "11.4.7")]


@pytest.mark.parametrize(
    ("desired", "expected"),
    [
        pytest.param({"engine_version": "10.11"}, "10.11.15", id="newest of a major version"),
        pytest.param({"engine_version": "10.11.9"}, "10.11.9", id="exactly"),
        pytest.param({"engine_version": "11.4"}, "11.4.7", id="another major version"),
        pytest.param({"software_version": "10.11.2"}, "10.11.2", id="software_version alone"),
        pytest.param({"engine_version": "10.11", "software_version": "10.11.2"}, "10.11.2", id="both"),
        pytest.param({"engine_version": "10.11.9", "software_version": "10.11.15"}, "10.11.15", id="as after a patch"),
        pytest.param({"dbaas_engine_version_id": "e-10.6.9"}, "10.6.9", id="id"),
        pytest.param(
            {"dbaas_engine_version_id": "e-10.11.9", "software_version": "10.11.9"}, "10.11.9", id="id and its version"
        ),
    ],
)
def test_engine_version_to_create_with(desired: dict[str, str], expected: str) -> None:
    http = FakeHttp({"List Engine Versions": [{"contents": OFFERED}]})
    assert _engine.find_engine_version(http, desired)["software_version"] == expected
    assert http.reads == ["List Engine Versions"]


def test_engine_versions_of_other_products_are_left_out() -> None:
    others = [{**an_engine("10.11.99"), "product_image_type": "MySQL Community"}]
    unnamed = [{**an_engine("10.11.1"), "product_image_type": None}]
    http = FakeHttp({"List Engine Versions": [{"contents": [*others, *unnamed]}]})
    assert _engine.find_engine_version(http, {"engine_version": "10.11"})["software_version"] == "10.11.1"


@pytest.mark.parametrize(
    ("desired", "eos_included"),
    [({"engine_version": "10.11"}, "false"), ({"dbaas_engine_version_id": "e-10.6.9"}, "true")],
    ids=["a version must be on offer", "an id is taken at its word"],
)
def test_past_end_of_service(desired: dict[str, str], eos_included: str) -> None:
    http = FakeHttp({"List Engine Versions": [{"contents": OFFERED}]})
    _engine.find_engine_version(http, desired)
    assert dict(http.calls[0].query)["eos_included"] == eos_included


@pytest.mark.parametrize(
    ("desired", "contents", "expected"),
    [
        pytest.param({"engine_version": "10.5"}, OFFERED, [("engine_version", "10.5")], id="version"),
        pytest.param({"engine_version": "10.1"}, OFFERED, [("engine_version", "10.1")], id="10.1 is not 10.11"),
        pytest.param(
            {"engine_version": "10.11.1"}, OFFERED, [("engine_version", "10.11.1")], id="10.11.1 is not 10.11.15"
        ),
        pytest.param({"dbaas_engine_version_id": "x"}, OFFERED, [("dbaas_engine_version_id", "x")], id="id"),
        pytest.param(
            {"engine_version": "11.4", "software_version": "10.11.9"},
            OFFERED,
            [("engine_version", "11.4"), ("software_version", "10.11.9")],
            id="two that do not fit",
        ),
        pytest.param({"engine_version": "10.11"}, [], [("engine_version", "10.11")], id="nothing on offer"),
        pytest.param({"engine_version": "10.11"}, None, [("engine_version", "10.11")], id="null"),
    ],
)
def test_engine_version_that_is_not_offered(desired: dict[str, str], contents: Any, expected: list[Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        _engine.find_engine_version(FakeHttp({"List Engine Versions": [{"contents": contents}]}), desired)

    assert problems_of(caught.value) == expected
    told = "10.6.9, 10.11.2, 10.11.9, 10.11.15, 11.4.7" if contents else "none"
    assert f"SCP offers: {told}" in caught.value.msg


UPGRADE = {"upgrade_major_version": True}


@pytest.mark.parametrize(
    ("desired", "option", "rule"),
    [
        pytest.param({}, None, "", id="nothing declared"),
        pytest.param({"software_version": "10.11.9"}, None, "", id="the same"),
        pytest.param({"software_version": "10.11.15"}, None, "", id="newer"),
        pytest.param({"software_version": "10.11.10"}, None, "", id="10 is newer than 9"),
        pytest.param({"software_version": "10.11.8"}, "software_version", "there is no way back", id="older"),
        pytest.param({"software_version": "11.4.7"}, "software_version", "stays inside the major", id="next major"),
        pytest.param({"software_version": "10.6.9"}, "software_version", "there is no way back", id="major before"),
        pytest.param({"software_version": "11.4.7", **UPGRADE}, None, "", id="next major, asked for"),
        pytest.param({"software_version": "10.6.9", **UPGRADE}, "software_version", "no way back", id="never back"),
        pytest.param({"engine_version": "11.4", "software_version": "11.4.7", **UPGRADE}, None, "", id="as it becomes"),
        pytest.param({"engine_version": "10.11", "software_version": "11.4.7", **UPGRADE}, None, "", id="as it was"),
        pytest.param({"engine_version": "11.4", **UPGRADE}, "engine_version", "runs 10.11.9", id="not what it becomes"),
        pytest.param({"engine_version": "10.11"}, None, "", id="major version runs"),
        pytest.param({"engine_version": "10.11.9"}, None, "", id="full version runs"),
        pytest.param(
            {"engine_version": "10.11.15"}, "engine_version", "set software_version to patch", id="no patch asked"
        ),
        pytest.param({"engine_version": "10.1"}, "engine_version", "runs 10.11.9", id="10.1 is not 10.11"),
        pytest.param({"engine_version": "11.4"}, "engine_version", "runs 10.11.9", id="another major version"),
        pytest.param(
            {"engine_version": "10.11.2", "software_version": "10.11.15"}, None, "", id="created older, patched"
        ),
        pytest.param(
            {"engine_version": "11.4", "software_version": "10.11.15"},
            "engine_version",
            "runs 10.11.9",
            id="do not fit",
        ),
        pytest.param({"dbaas_engine_version_id": "anything"}, None, "", id="an id is not compared"),
    ],
)
def test_versions_declared_for_a_cluster_that_exists(desired: dict[str, Any], option: str | None, rule: str) -> None:
    problems = list(_engine.patch_problems(a_cluster(), {"upgrade_major_version": False, **desired}))
    assert [problem.option for problem in problems] == ([option] if option else [])
    assert all(rule in problem.rule and problem.value == desired[problem.option] for problem in problems)
