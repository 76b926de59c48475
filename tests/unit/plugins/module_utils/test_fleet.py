# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.samsungcloud.scp.plugins.module_utils import _fleet, _resource_manager
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import Place
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ApiError, InvalidInput, ScpError
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    Answer,
    FakeTransport,
    Json,
    a_cluster,
    a_config,
    gone,
    problems_of,
)

WEST, EAST = "http://127.0.0.1:1", "http://127.0.0.1:2"
OPTIONS: Json = {
    "access_key": "AK",
    "secret_key": "SK",
    "language": "en-US",
    "validate_certs": True,
    "allow_plain_http": False,
    "api_timeout": 30,
    "api_retries": 4,
    "regions": None,
    "endpoints": None,
}
FILTERS = {"name": None, "service_state": None, "database_name": None}
GONE = gone("not there")
USUAL = "https://mariadb.{}.e.samsungsdscloud.com"


def names_and_endpoints(environ: dict[str, str] | None = None, **options: Any) -> list[tuple[str, str]]:
    found = _fleet.regions({**OPTIONS, **options}, environ or {}, Path("/nowhere"))
    return [(region.name, region.config.endpoint) for region in found]


@pytest.mark.parametrize(
    ("options", "environ", "expected"),
    [
        pytest.param({"region": "kr-west1"}, {}, [("kr-west1", USUAL.format("kr-west1"))], id="region"),
        pytest.param({}, {"SCP_REGION": "kr-east1"}, [("kr-east1", USUAL.format("kr-east1"))], id="environment"),
        pytest.param({"endpoint": WEST}, {}, [("", WEST)], id="endpoint alone"),
        pytest.param({"endpoint": WEST, "region": "far"}, {}, [("far", WEST)], id="endpoint of a region"),
        pytest.param({"endpoint": WEST, "regions": ["far"]}, {}, [("far", WEST)], id="endpoint of the only one"),
        pytest.param(
            {"regions": ["kr-west1", "kr-east1"], "region": "kr-north9"},
            {"SCP_REGION": "kr-north8"},
            [("kr-west1", USUAL.format("kr-west1")), ("kr-east1", USUAL.format("kr-east1"))],
            id="regions go before region",
        ),
        pytest.param(
            {"regions": ["far", "kr-east1"], "endpoints": {"far": WEST}},
            {},
            [("far", WEST), ("kr-east1", USUAL.format("kr-east1"))],
            id="one at an endpoint of its own",
        ),
        pytest.param(
            {"regions": ["far", "near"], "endpoints": {"near": EAST, "far": WEST}},
            {"SCP_ENDPOINT": "http://127.0.0.1:3"},
            [("far", WEST), ("near", EAST)],
            id="endpoints go before endpoint",
        ),
    ],
)
def test_regions(options: Json, environ: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert names_and_endpoints(environ, **options) == expected


@pytest.mark.parametrize(
    ("options", "environ", "expected"),
    [
        pytest.param({"regions": []}, {}, [("regions", [])], id="none"),
        pytest.param({"regions": ["kr-west1", "kr-west1"]}, {}, [("regions", ["kr-west1", "kr-west1"])], id="twice"),
        pytest.param({"regions": ["kr-north9"]}, {}, [("region", "kr-north9")], id="unknown"),
        pytest.param({"endpoints": {"far": WEST}}, {}, [("endpoints", "far")], id="endpoints without regions"),
        pytest.param(
            {"regions": ["kr-west1"], "endpoints": {"b": WEST, "a": WEST}}, {}, [("endpoints", "a, b")], id="strange"
        ),
        pytest.param(
            {"regions": ["kr-west1", "kr-east1"]}, {"SCP_ENDPOINT": WEST}, [("endpoint", None)], id="one endpoint"
        ),
        pytest.param(
            {"regions": ["kr-west1", "kr-east1"], "endpoints": {"kr-west1": WEST, "kr-east1": " "}, "endpoint": EAST},
            {},
            [("endpoint", None)],
            id="whose endpoint",
        ),
    ],
)
def test_regions_that_are_refused(options: Json, environ: dict[str, str], expected: list[tuple[str, Any]]) -> None:
    with pytest.raises(InvalidInput) as refused:
        names_and_endpoints(environ, **options)
    assert problems_of(refused.value) == expected


class Cloud:
    """What several regions hold, and who asked for it; ``before`` is done before each answer."""

    def __init__(self) -> None:
        self.clusters: dict[str, dict[str, Any]] = {WEST: {}, EAST: {}}
        self.failures: dict[str, ScpError] = {}
        self.asked: list[tuple[str, str]] = []
        self.busy: set[CloudHttp] = set()
        self.most_at_once = 0
        self.before: Callable[[str], Any] = lambda operation: None
        self.warning = ""

    def put(self, endpoint: str, *clusters: Json) -> None:
        self.clusters[endpoint].update((cluster["id"], cluster) for cluster in clusters)


class CloudHttp:
    """The conversation of one Http with the cloud."""

    api_version = "1.1"

    def __init__(self, cloud: Cloud, config: Config, warn: Callable[[str], None] | None) -> None:
        self.cloud = cloud
        self.config = config
        self.warn = warn

    def read(self, call: Call) -> Json:
        assert self not in self.cloud.busy, "an Http is not for several threads"
        self.cloud.busy.add(self)
        self.cloud.most_at_once = max(self.cloud.most_at_once, len(self.cloud.busy))
        try:
            answer: Json = call.answer(self._answer(call), Place(call.operation))
            return answer
        finally:
            self.cloud.busy.remove(self)

    def sibling(self, _stopped: threading.Event, **_how: bool) -> CloudHttp:
        return CloudHttp(self.cloud, self.config, self.warn)

    def _answer(self, call: Call) -> Json:
        self.cloud.asked.append((self.config.endpoint, call.operation))
        self.cloud.before(call.operation)
        clusters = self.cloud.clusters[self.config.endpoint]
        if call.operation == "List Clusters":
            if self.config.endpoint in self.cloud.failures:
                raise self.cloud.failures[self.config.endpoint]
            if self.warn and self.cloud.warning:
                self.warn(self.cloud.warning)
            brief = [{key: one[key] for key in ("id", "name", "service_state")} for one in clusters.values()]
            return {"contents": brief, "count": len(brief)}
        cluster_id = call.path.rsplit("/", 1)[-1]
        if cluster_id in self.cloud.failures:
            raise self.cloud.failures[cluster_id]
        assert self.config.api_version == "1.1"
        detail: Json = clusters[cluster_id]
        return detail


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    made = Cloud()

    def connect(config: Config, warn: Callable[[str], None] | None = None) -> CloudHttp:
        return CloudHttp(made, config, warn)

    monkeypatch.setattr(_fleet, "Http", connect)
    return made


def both() -> list[_fleet.Region]:
    return [_fleet.Region(name, a_config(endpoint=endpoint)) for name, endpoint in (("west", WEST), ("east", EAST))]


def read(concurrency: int = 4, warn: Callable[[str], None] = print) -> list[_fleet.Listed]:
    return _fleet.read(both(), FILTERS, concurrency, warn)


def found(listed: list[_fleet.Listed]) -> list[tuple[str, str]]:
    return [(item.region.name, item.cluster["id"]) for item in listed]


def test_regions_are_read_at_once_and_told_in_their_order(cloud: Cloud) -> None:
    cloud.put(WEST, a_cluster(id="w1"), a_cluster("TERMINATED", id="w2"), a_cluster("TERMINATING", id="w3"))
    cloud.put(EAST, a_cluster(id="e1"))
    together = threading.Barrier(2, timeout=10)
    cloud.before = lambda operation: together.wait()

    assert found(read()) == [("west", "w1"), ("west", "w3"), ("east", "e1")]


def test_details_are_read_at_once_but_for_what_is_gone(cloud: Cloud) -> None:
    ids = [f"w{number}" for number in range(6)]
    cloud.put(WEST, *(a_cluster(id=name) for name in ids))
    cloud.put(EAST, a_cluster(id="e1"), a_cluster(id="e2"))
    listed = read()
    cloud.failures["w2"] = GONE
    del cloud.clusters[WEST]["w2"]
    cloud.put(WEST, a_cluster("TERMINATED", id="w4"))
    together = threading.Barrier(4, timeout=10)
    cloud.before = lambda operation: operation == "List Clusters" or together.wait()

    complete = _fleet.complete(listed, 4)

    assert found(complete) == [
        ("west", "w0"),
        ("west", "w1"),
        ("west", "w3"),
        ("west", "w5"),
        ("east", "e1"),
        ("east", "e2"),
    ]
    assert all(item.cluster["software_version"] for item in complete)


@pytest.mark.parametrize("concurrency", [1, 2, 3, 4])
def test_as_many_calls_at_once_as_allowed_and_no_more(cloud: Cloud, concurrency: int) -> None:
    cloud.put(WEST, *(a_cluster(id=f"w{number}") for number in range(6)))
    cloud.put(EAST, *(a_cluster(id=f"e{number}") for number in range(6)))
    listed = read(concurrency)
    assert cloud.most_at_once <= concurrency
    together = threading.Barrier(concurrency, timeout=10)
    cloud.before = lambda operation: together.wait()
    assert len(_fleet.complete(listed, concurrency)) == 12
    assert cloud.most_at_once == concurrency


def test_a_region_that_fails_is_named(cloud: Cloud) -> None:
    cloud.put(WEST, a_cluster(id="w1"))
    cloud.failures[EAST] = ApiError("List Clusters failed.", todo="Ask.", status=403)
    with pytest.raises(ScpError) as error:
        read()
    assert error.value.msg == "Region east: List Clusters failed. Ask."


def test_all_regions_that_fail_are_named(cloud: Cloud) -> None:
    together = threading.Barrier(2, timeout=10)
    cloud.before = lambda operation: together.wait()
    cloud.failures = {WEST: ApiError("No."), EAST: ApiError("Neither.")}
    with pytest.raises(ScpError) as error:
        read()
    assert error.value.msg == "Region west: No. Failed as well: Region east."


def test_a_detail_that_fails_is_named_and_ends_the_reading(cloud: Cloud) -> None:
    cloud.put(WEST, *(a_cluster(id=f"w{number}", name=f"orders{number}") for number in range(50)))
    listed = read()
    cloud.failures["w1"] = ApiError("Show Cluster failed: 500.", status=500)
    with pytest.raises(ScpError) as error:
        _fleet.complete(listed, 1)
    assert error.value.msg == "Region west, cluster orders1 (w1): Show Cluster failed: 500."
    assert [operation for _endpoint, operation in cloud.asked].count("Show Cluster") == 2


def test_what_is_no_failure_of_scp_is_passed_on(cloud: Cloud) -> None:
    cloud.put(WEST, a_cluster(id="w1"))
    listed = read()
    cloud.clusters[WEST].clear()
    with pytest.raises(KeyError, match="w1"):
        _fleet.complete(listed, 2)


def test_warnings_name_the_region(cloud: Cloud) -> None:
    cloud.warning = "using 1.1"
    warnings: list[str] = []
    read(warn=warnings.append)
    assert sorted(warnings) == ["Region east: using 1.1", "Region west: using 1.1"]


@pytest.mark.usefixtures("cloud")
def test_warnings_of_the_configuration_are_given_once_for_all_regions() -> None:
    warned: list[str] = []
    places = [place._replace(config=replace(place.config, warnings=("mend it",))) for place in both()]
    _fleet.read(places, FILTERS, 2, warned.append)
    assert warned == ["mend it"]


def test_endpoint_stands_for_a_region_without_a_name() -> None:
    assert str(_fleet.Region("", a_config(endpoint=WEST))) == WEST


def test_what_is_kept_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a real Http, which hides them as it decodes an answer."""
    settings = {**a_cluster()["init_config_option"], "database_user_password": "hunter2"}
    cluster = a_cluster(init_config_option=settings)
    transport = FakeTransport(Answer(200, {"contents": [cluster], "count": 1}), Answer(200, cluster))
    monkeypatch.setattr(requests.Session, "get_adapter", lambda _session, url: transport)
    [kept] = _fleet.portable(_fleet.complete(_fleet.read(both()[:1], FILTERS, 2, print), 2))
    assert (kept["region"], kept["cluster"]["id"]) == ("west", "c1")
    assert len(transport.sent) == 2
    assert "hunter2" not in str(kept)
    assert kept["cluster"]["init_config_option"]["database_name"] == "orders"


MANAGER = "http://127.0.0.1:9"


def test_resource_manager_is_known_where_tags_are_asked_for() -> None:
    options = {
        **OPTIONS,
        "regions": ["kr-west1", "far"],
        "endpoints": {"far": EAST},
        "resource_manager_endpoint": MANAGER,
    }
    assert [region.resource_manager for region in _fleet.regions(options, {}, Path("/nowhere"))] == [None, None]
    asked = _fleet.regions({**options, "tags": {}}, {}, Path("/nowhere"))
    managers = [region.resource_manager for region in asked]
    assert [(its.endpoint, its.region) for its in managers if its] == [(MANAGER, "kr-west1"), (MANAGER, "far")]


def test_clusters_are_filtered_by_their_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two regions with one host for their tags, where clusters are told apart by their region as well."""
    tags = {"west": {"team": "commerce"}, "east": {"team": "finance"}}
    paths = {
        _resource_manager.list_tags(_resource_manager.srn("e", "account", region, "c1")).path: its
        for region, its in tags.items()
    }

    class Manager:
        def __init__(self, config: Config) -> None:
            assert config.endpoint == MANAGER

        def sibling(self, _stopped: threading.Event, **_how: bool) -> Any:
            return self

        def read(self, call: Call) -> Json:
            items = [{"key": key, "value": value} for key, value in paths[call.path].items()]
            answer: Json = call.answer({"content": {"tags": items}, "count": len(items)}, Place(call.operation))
            return answer

    monkeypatch.setattr(_fleet, "Http", Manager)
    listed = [
        _fleet.Listed(
            _fleet.Region(name, a_config(), a_config(endpoint=MANAGER, region=name, environment="e")),
            a_cluster(name=name),
        )
        for name in tags
    ]
    warnings: list[str] = []
    (kept,) = _fleet.tagged(listed, {"team": "finance"}, 2, warnings.append)
    assert (kept.region.name, kept.cluster["tags"]) == ("east", {"team": "finance"})
    assert len(_fleet.tagged(listed, {}, 2, warnings.append)) == 2
    assert warnings == []
