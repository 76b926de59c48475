# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where and as whom the modules talk to SCP, and what they say when that does not work."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from harness.failures import error_of, told
from harness.play import Play
from harness.seeds import all_clusters, only_cluster, seed
from harness.simulator import Json, Simulator
from harness.tasks import ORDERS, cluster, info
from harness.trouble import ALWAYS, fault, serve, settings

# What the harness sets, taken away again.
NOTHING = {"SCP_ENDPOINT": "", "SCP_REGION": "", "SCP_ACCESS_KEY": "", "SCP_SECRET_KEY": ""}
NOWHERE = {"SCP_ENDPOINT": "", "SCP_REGION": ""}
CLOCK_HINT = "that this machine's clock is right"


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken, and on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@dataclass(frozen=True)
class Refused:
    """Options that the service refuses, or that are refused before anything is sent (status None)."""

    options: Json
    words: tuple[str, ...]
    status: int | None = None
    environment: dict[str, str] = field(default_factory=dict)


REFUSED = [
    Refused({"secret_key": "wrong"}, ("401 Unauthorized", "the signature does not match", CLOCK_HINT), 401),
    Refused(
        {"access_key": "wrong"}, ("401 Unauthorized", "unknown access key", "Check access_key and secret_key"), 401
    ),
    Refused({"endpoint": "http://192.0.2.1"}, ("endpoint is 'http://192.0.2.1'", "must use https")),
    Refused({"endpoint": "https://192.0.2.1/v1"}, ("must be a URL of scheme and host only",)),
    Refused({"endpoint": "https://user:word@192.0.2.1"}, ("must not carry a user name or password",)),
    Refused({"endpoint": "https://192.0.2.1?token=word"}, ("endpoint must be a URL", "without a query")),
    Refused({"endpoint": "https://192.0.2.1\r"}, ("endpoint is 'https://192.0.2.1\\r'", "line breaks")),
    Refused({"api_timeout": 1e12}, ("api_timeout", "at most 86400")),
    Refused({"api_retries": 1000000}, ("api_retries", "at most 100")),
    Refused(
        {"endpoint": "https://scp.example"},
        ("The proxy in HTTPS_PROXY must be a URL", "Nothing was sent."),
        environment={"HTTPS_PROXY": "http://scott:word#1@192.0.2.1:3128", "NO_PROXY": "", "no_proxy": ""},
    ),
    Refused(
        {"endpoint": "https://scp.example"},
        ("REQUESTS_CA_BUNDLE is '/nowhere.pem'", "does not exist", "Nothing was sent."),
        environment={"REQUESTS_CA_BUNDLE": "/nowhere.pem", "SSL_CERT_FILE": ""},
    ),
    Refused({"region": "kr-west1 "}, ("region is 'kr-west1 '", "spaces")),
    Refused({"api_version": "newest"}, ("api_version is 'newest'", "such as 1.0")),
    Refused({"api_timeout": 0}, ("api_timeout", "more than 0")),
    Refused({"api_retries": -1}, ("api_retries", "0 or more")),
    Refused(
        {"region": "kr-north9"},
        ("region is 'kr-north9'", "environment 'e' has only the regions kr-west1, kr-east1", "set endpoint"),
        environment={"SCP_ENDPOINT": ""},
    ),
    Refused(
        {"region": "kr-west1", "environment": "g"},
        ("region is 'kr-west1'", "environment 'g' has only the regions kr-south1, kr-south2, kr-south3"),
        environment={"SCP_ENDPOINT": ""},
    ),
    Refused({}, ("region is not set", "SCP_REGION, SCP_TF_DEFAULT_REGION"), environment=NOWHERE),
    Refused(
        {},
        ("access_key (looked in: the option access_key, SCP_ACCESS_KEY, SCP_TF_ACCESS_KEY, access-key in ",),
        environment=NOTHING,
    ),
]


def test_connections_that_are_refused(play: Play) -> None:
    tasks = [{**info("cluster", **row.options), "environment": row.environment} for row in REFUSED]
    for row, ran in zip(REFUSED, play(*tasks), strict=True):
        message = told(ran, *row.words)
        assert "word#" not in message
        assert error_of(ran)["status"] == row.status, message
        assert [call["status"] for call in ran.calls] == ([] if row.status is None else [row.status])
        if row.status == 401:
            assert error_of(ran)["code"] == "Dbaas.Unauthorized.AuthNFailed"
            assert error_of(ran)["request_id"].startswith("req-")


def test_clock_that_is_wrong(play: Play) -> None:
    settings(play.simulator, skew_tolerance=0)
    [ran] = play(info("cluster"))
    told(ran, "401 Unauthorized", "the timestamp is too far from the present time", CLOCK_HINT)


def test_plain_http_that_is_allowed_by_name(play: Play, closed_port: int) -> None:
    """The call goes out: to a proxy that is not there."""
    play.environ = {"http_proxy": f"http://127.0.0.1:{closed_port}"}
    [ran] = play(info("cluster", endpoint="http://mariadb.example", allow_plain_http=True, api_retries=0))
    told(ran, "http://mariadb.example can't be reached: ", "refused")


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_credentials_that_others_can_read(play: Play, mode: int) -> None:
    seed(play.simulator)
    play.environ |= {"SCP_ACCESS_KEY": "", "SCP_SECRET_KEY": ""}
    file = play.folder / ".scpconf" / "credentials.json"
    file.parent.mkdir()
    file.write_text(
        json.dumps({"access-key": play.simulator.access_key, "secret-key": play.simulator.secret_key}), encoding="utf-8"
    )
    file.chmod(mode)

    [ran] = play(info("cluster"))

    assert not ran.failed, play.output
    owed = [f"The SCP credentials in {file} are open to others (mode 0644). Run: chmod 600 {file}"]
    assert ran.result.get("warnings", []) == (owed if mode == 0o644 else [])


def test_endpoint_that_can_not_be_reached(play: Play, closed_port: int) -> None:
    endpoint = f"http://127.0.0.1:{closed_port}"

    read, written = play(
        info("cluster", endpoint=endpoint, api_retries=1), cluster(**ORDERS, endpoint=endpoint, api_retries=0)
    )

    for ran in (read, written):
        told(ran, f"{endpoint} can't be reached: ", "refused", "List Clusters was not sent.", "Check region")
        assert error_of(ran)["method"] == "GET"
        assert error_of(ran)["path"] == "/v1/clusters"
        assert "refused" in error_of(ran)["detail"]
        assert not ran.changed


def test_redirects_are_not_followed(play: Play) -> None:
    seed(play.simulator)
    elsewhere = {"kind": "redirect", "location": f"{play.simulator.endpoint}/v1/server-types"}
    for operation in ("List Engine Versions", "Stop Cluster"):
        fault(play.simulator, operation, **elsewhere)

    read, written = play(info("engine_version"), cluster(name="orders", state="stopped"))

    for ran, operation in ((read, "List Engine Versions"), (written, "Stop Cluster")):
        told(ran, f"{operation} failed: 307", "Redirects are not followed", "check endpoint")
        assert error_of(ran)["status"] == 307
        assert ran.calls[-1]["operation"] == operation
    assert "List Server Types" not in [call["operation"] for call in play.simulator.calls()]


def test_version_is_negotiated_with_one_warning(play: Play) -> None:
    serve(play, "1.1")

    created, pinned = play(cluster(**ORDERS), info("cluster", api_version="1.1"))

    assert not created.failed, play.output
    [warning] = created.result["warnings"]
    assert "does not serve version 1.0 of the MariaDB API; using 1.1" in warning
    assert 'Set api_version: "1.1"' in warning
    refused, asked, *rest = created.calls
    assert (refused["status"], refused["version"]) == (406, "mariadb 1.0")
    assert asked["operation"] == "List API Versions"
    assert {call["version"] for call in rest} == {"mariadb 1.1"}
    assert {call["status"] for call in rest} <= {200, 202}
    # The dry run and the account show what the spoken version needs.
    [sent] = [call["body"] for call in created.writes]
    assert created.result["operations"][0]["body"] == sent
    assert sent["service_watch_log_collection"] is None
    assert only_cluster(play.simulator)["name"] == "orders"

    assert not pinned.failed
    assert "warnings" not in pinned.result
    assert {call["version"] for call in pinned.calls} == {"mariadb 1.1"}


@pytest.mark.parametrize(
    ("served", "options", "words"),
    [
        (["1.1"], {"api_version": "1.0"}, "does not serve version 1.0 of the MariaDB API (it serves: 1.1)"),
        (["1.0", "1.1"], {"api_version": "1.3"}, "does not serve version 1.3 of the MariaDB API (it serves: 1.0, 1.1)"),
    ],
)
def test_version_that_is_not_served(play: Play, served: list[str], options: Json, words: str) -> None:
    serve(play, *served)

    read, written = play(info("cluster", **options), cluster(**ORDERS, **options))

    for ran in (read, written):
        told(ran, words, "was not carried out", "Set api_version to one that is served")
        assert error_of(ran)["status"] == 406
        assert "warnings" not in ran.result
    assert all_clusters(play.simulator) == []


def test_versions_without_a_common_one(play: Play) -> None:
    serve(play, "1.0")
    fault(play.simulator, "List Clusters", "status", status=406, code="NotAcceptable", times=ALWAYS)
    fault(play.simulator, "List API Versions", "broken_json")
    [ran] = play(info("cluster"))
    told(ran, "does not serve version 1.0", "it serves: unknown")


@dataclass(frozen=True)
class Credentials:
    """Places where a connection can be set, as templates for endpoint, access key and secret key."""

    environment: dict[str, str] = field(default_factory=dict)
    credentials: dict[str, str] = field(default_factory=dict)
    config: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)


OPTIONS = ("endpoint", "access_key", "secret_key")
RIGHT = ("{endpoint}", "{access_key}", "{secret_key}")
WRONG = ("http://127.0.0.1:9", "wrong", "wrong")


def variables(prefix: str, values: tuple[str, str, str], endpoint: str = "ENDPOINT") -> dict[str, str]:
    return dict(zip((prefix + endpoint, f"{prefix}ACCESS_KEY", f"{prefix}SECRET_KEY"), values, strict=True))


def files(values: tuple[str, str, str], dash: str = "-") -> dict[str, dict[str, str]]:
    endpoint, access_key, secret_key = values
    return {
        "config": {f"endpoint{dash}override": endpoint},
        "credentials": {f"access{dash}key": access_key, f"secret{dash}key": secret_key},
    }


SCP_RIGHT, SCP_WRONG = variables("SCP_", RIGHT), variables("SCP_", WRONG)
TF_RIGHT, TF_WRONG = (variables("SCP_TF_", values, "ENDPOINT_OVERRIDE") for values in (RIGHT, WRONG))
PLACES = {
    "options before all else": Credentials(
        {**SCP_WRONG, **TF_WRONG}, **files(WRONG), options=dict(zip(OPTIONS, RIGHT, strict=True))
    ),
    "SCP_*": Credentials({**SCP_RIGHT, **TF_WRONG}, **files(WRONG)),
    "SCP_TF_*": Credentials(TF_RIGHT, **files(WRONG)),
    "files of the official tools": Credentials(**files(RIGHT)),
    "files of another client": Credentials(**files(RIGHT, dash="_")),
}


@pytest.mark.parametrize("places", PLACES.values(), ids=PLACES)
def test_credentials(play: Play, places: Credentials) -> None:
    seed(play.simulator)
    play.environ = {**NOTHING, **filled(play.simulator, places.environment)}
    folder = play.folder / ".scpconf"
    folder.mkdir()
    for name, content in (("credentials", places.credentials), ("config", places.config)):
        (folder / f"{name}.json").write_text(json.dumps(filled(play.simulator, content)), encoding="utf-8")

    [ran] = play(info("cluster", **filled(play.simulator, places.options)))

    assert not ran.failed, play.output
    assert [shown["name"] for shown in ran.result["clusters"]] == ["orders"]


def filled(simulator: Simulator, templates: dict[str, str]) -> dict[str, str]:
    values = {
        "endpoint": simulator.endpoint,
        "access_key": simulator.access_key,
        "secret_key": simulator.secret_key,
    }
    return {key: template.format(**values) for key, template in templates.items()}


def test_defaults_of_the_action_group_reach_every_module(play: Play) -> None:
    connection = filled(play.simulator, dict(zip(OPTIONS, RIGHT, strict=True)))
    seed(play.simulator)
    play.environ = NOTHING
    tasks = [
        cluster(name="orders"),
        info("cluster"),
        info("engine_version"),
        info("request", request_ids=["unknown"]),
        info("server_type"),
    ]

    defaults: dict[str, Any] = {"module_defaults": {"group/samsungcloud.scp.scp": connection}}
    *ran, without = play(*[{**defaults, **task} for task in tasks], info("cluster"))

    for one in ran:
        assert one.calls, one.result
        assert 401 not in [call["status"] for call in one.calls]
    told(without, "No SCP credentials")
