# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _catalogue, _roles
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ApiError, InvalidInput
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeHttp,
    Json,
    a_cluster,
    an_engine,
    gone,
    problems_of,
)

GONE = gone("not there")
ALL = dict.fromkeys(("cluster_id", "name", "service_state", "database_name", "sort", "tags"))


def asked(
    what: Callable[[Task], Outcome], script: dict[str, list[Any]], **params: Any
) -> tuple[dict[str, Any], FakeHttp]:
    http = FakeHttp(script)
    outcome = what(Task({"concurrency": 1, **params}, False, http))
    assert not outcome.changed
    assert outcome.operations is None
    return outcome.values, http


def pages(*names: str) -> dict[str, list[Any]]:
    contents = [{"id": f"c-{name}", "name": name, "service_state": "RUNNING"} for name in names]
    return {"List Clusters": [{"contents": contents, "count": len(contents)}]}


@pytest.mark.parametrize(
    ("names", "name", "expected"),
    [
        pytest.param(["orders", "ordersold"], None, ["orders", "ordersold"], id="all"),
        pytest.param(["orders", "ordersold"], "orders", ["orders"], id="exactly the name"),
        pytest.param([], None, [], id="none"),
    ],
)
def test_clusters(names: list[str], name: Any, expected: list[str]) -> None:
    values, http = asked(_catalogue.clusters, pages(*names), **{**ALL, "name": name, "details": False})
    assert [cluster["name"] for cluster in values["clusters"]] == expected
    assert http.reads == ["List Clusters"]


def test_clusters_are_filtered_by_the_service() -> None:
    filters = {"service_state": "RUNNING", "database_name": "db", "sort": "name:desc", "name": "orders"}
    _values, http = asked(_catalogue.clusters, pages(), **{**ALL, **filters, "details": False})
    assert dict(http.calls[0].query) == {"size": "100", "page": "0", **filters}


def test_clusters_in_full_leave_out_those_that_ended_meanwhile() -> None:
    script = {**pages("a", "b", "c"), "Show Cluster": [a_cluster(), GONE, a_cluster("TERMINATED")]}
    script["List Clusters"] += [{"contents": [], "count": 0}]
    values, _http = asked(_catalogue.clusters, script, **{**ALL, "details": True})
    assert values["clusters"] == [_roles.described(a_cluster())]


@pytest.mark.parametrize("concurrency", [1, 4])
def test_clusters_in_full_are_in_the_order_of_the_list(concurrency: int) -> None:
    names = [f"c{number}" for number in range(20)]
    http = ByPath(pages(*names))
    values = _catalogue.clusters(Task({**ALL, "details": True, "concurrency": concurrency}, False, http)).values
    assert [cluster["id"] for cluster in values["clusters"]] == [f"c-{name}" for name in names]


def test_cluster_whose_details_fail_is_named() -> None:
    script = {**pages("a", "b"), "Show Cluster": [a_cluster(), ApiError("No.", status=500, path="/v1/clusters/c-b")]}
    with pytest.raises(ApiError, match=r"^Cluster b \(c-b\): No\.$") as caught:
        asked(_catalogue.clusters, script, **{**ALL, "details": True})
    assert (caught.value.status, caught.value.path) == (500, "/v1/clusters/c-b")


class ByPath(FakeHttp):
    """Shows each cluster with the id that it is asked for."""

    def read(self, call: Call) -> Any:
        return a_cluster(id=call.path.rsplit("/", 1)[-1]) if call.operation == "Show Cluster" else super().read(call)


@pytest.mark.parametrize(
    ("answer", "expected"), [(a_cluster(), [_roles.described(a_cluster())]), (GONE, [])], ids=["there", "gone"]
)
def test_cluster_by_its_id(answer: Any, expected: list[Json]) -> None:
    script = {"Show Cluster": [answer]}
    values, http = asked(_catalogue.clusters, script, **{**ALL, "cluster_id": "c1", "details": False})
    assert values["clusters"] == expected
    assert http.reads == ["Show Cluster", *([] if expected else ["List Clusters"])]


@pytest.mark.parametrize(
    ("option", "value"),
    [("sort", "name"), ("sort", "name:up"), ("sort", "Name:asc"), ("cluster_id", "a/b"), ("concurrency", 33)],
)
def test_bad_options_are_refused_before_anything_is_read(option: str, value: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        asked(_catalogue.clusters, {}, **{**ALL, option: value, "details": False})
    assert problems_of(caught.value) == [(option, value)]


@pytest.mark.parametrize("contents", [[an_engine("10.11.9")], [], None])
def test_engine_versions(contents: Any) -> None:
    script = {"List Engine Versions": [{"contents": contents}]}
    options = {"dbaas_engine_version_id": None, "eos_included": False, "properties": False}
    values, http = asked(_catalogue.engine_versions, script, **options)
    assert values == {"engine_versions": contents or []}
    assert http.reads == ["List Engine Versions"]


@pytest.mark.parametrize("contents", [[{"name": "character_set", "value": "utf8"}], None])
def test_engine_versions_with_their_properties(contents: Any) -> None:
    engine = an_engine("10.11.9", "e1")
    script = {
        "List Engine Versions": [{"contents": [engine]}],
        "List Engine Version Properties": [{"contents": contents}],
    }
    options = {"dbaas_engine_version_id": "e1", "eos_included": True, "properties": True}
    values, http = asked(_catalogue.engine_versions, script, **options)
    assert values == {"engine_versions": [{**engine, "properties": contents or []}]}
    assert dict(http.calls[0].query) == {
        "id": "e1",
        "product_image_type": "MariaDB Community",
        "eos_included": "true",
    }
    assert http.calls[1].path == "/v1/engine-versions/e1/properties"


def test_engine_version_whose_properties_fail_is_named() -> None:
    engines = [an_engine("10.11.9", "e1"), an_engine("11.4.7", "e2")]
    script = {
        "List Engine Versions": [{"contents": engines}],
        "List Engine Version Properties": [{"contents": []}, ApiError("No.")],
    }
    options = {"dbaas_engine_version_id": None, "eos_included": False, "properties": True}
    with pytest.raises(ApiError, match=r"^Engine version e2: No\.$"):
        asked(_catalogue.engine_versions, script, **options)


@pytest.mark.parametrize("concurrency", [0, 33])
def test_bad_options_of_engine_versions(concurrency: int) -> None:
    options = {"dbaas_engine_version_id": None, "eos_included": False, "properties": True}
    with pytest.raises(InvalidInput) as caught:
        asked(_catalogue.engine_versions, {}, **options, concurrency=concurrency)
    assert problems_of(caught.value) == [("concurrency", concurrency)]


@pytest.mark.parametrize(
    ("contents", "name", "expected"),
    [
        ([{"name": "db1v2m4"}, {"name": "db1v2m40"}], None, ["db1v2m4", "db1v2m40"]),
        ([{"name": "db1v2m4"}, {"name": "db1v2m40"}], "db1v2m4", ["db1v2m4"]),
        ([{"name": "a", "product_image_type": "MySQL Community"}], None, []),
        ([{"name": "a", "product_image_type": "MariaDB Community"}], None, ["a"]),
        ([], None, []),
        (None, "db1v2m4", []),
    ],
)
def test_server_types(contents: Any, name: Any, expected: list[str]) -> None:
    values, http = asked(_catalogue.server_types, {"List Server Types": [{"contents": contents}]}, name=name)
    assert [kind["name"] for kind in values["server_types"]] == expected
    assert dict(http.calls[0].query).get("name") == name
