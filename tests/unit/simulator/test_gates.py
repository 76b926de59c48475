# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a call has to get past before anything happens: signature and version."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.signatures import Credentials, sign, why_refused

HOST = "https://mariadb.kr-west1.e.samsungsdscloud.com"
LIST = "/v1/clusters?size=20&page=0&sort=name%3Aasc"


@pytest.mark.parametrize(
    ("method", "path", "signature"),
    [
        ("POST", "/v1/clusters", "sEkjhJUHoNgKKrvSLt6xex1NMy/404T8prPt1q0lAMw="),
        ("GET", LIST, "uEABuw8Dluw41yM+t96D5cuOtOyoav2uaWFz4GqcbMc="),
    ],
)
def test_signature_vectors(method: str, path: str, signature: str) -> None:
    credentials = Credentials("AK", "SK")
    headers = {
        "scp-accesskey": "AK",
        "scp-signature": signature,
        "scp-timestamp": "1605290625682",
        "scp-clienttype": "Openapi",
    }
    assert sign(method, HOST + path, "1605290625682", credentials) == signature
    assert why_refused(method, HOST + path, headers, credentials, 1605290625.0, 900) is None
    assert why_refused(method, HOST + path + "x", headers, credentials, 1605290625.0, 900)


def test_the_url_is_verified_as_it_was_sent(api: Any) -> None:
    assert api.call("GET", LIST).status_code == 200
    wrong = api.signed_headers("GET", "http://testserver/v1/clusters?size=20&page=0&sort=name:asc")
    assert api.http.get(LIST, headers=wrong).status_code == 401


def test_host_and_scheme_are_signed(api: Any) -> None:
    for url in ("https://testserver/v1/clusters", "http://elsewhere/v1/clusters"):
        assert api.http.get("/v1/clusters", headers=api.signed_headers("GET", url)).status_code == 401


@pytest.mark.parametrize("missing", ["Scp-Accesskey", "Scp-Signature", "Scp-Timestamp", "Scp-ClientType"])
def test_an_unsigned_call_does_not_get_past_the_gateway(api: Any, missing: str) -> None:
    headers = api.signed_headers("GET", "http://testserver/v1/clusters")
    del headers[missing]
    response = api.http.get("/v1/clusters", headers=headers)
    assert response.status_code == 404
    assert set(response.json()) == {"timestamp", "path", "status", "error", "requestId"}
    assert response.json()["path"] == "/v1/clusters"


@pytest.mark.parametrize(
    "wrong",
    [
        {"Scp-Accesskey": "somebody"},
        {"Scp-Signature": "bm90IGEgc2lnbmF0dXJl"},
        {"Scp-Signature": "n\u00f6"},
        {"Scp-Timestamp": "yesterday"},
        {"Scp-ClientType": "Console"},
    ],
)
def test_a_wrong_header_is_401(api: Any, wrong: dict[str, str]) -> None:
    headers = {**api.signed_headers("GET", "http://testserver/v1/clusters"), **wrong}
    encoded = {name: value.encode() for name, value in headers.items()}
    response = api.http.get("/v1/clusters", headers=encoded)
    assert response.status_code == 401
    assert response.json()["errors"][0]["code"] == "Dbaas.Unauthorized.AuthNFailed"


@pytest.mark.parametrize("skew", [-901, 901])
def test_a_skewed_clock_is_401_beyond_the_tolerance(api: Any, skew: float) -> None:
    headers = api.signed_headers("GET", "http://testserver/v1/clusters")
    api.wall += skew
    assert api.http.get("/v1/clusters", headers=headers).status_code == 401
    api.control("POST", "settings", {"skew_tolerance": 1000})
    assert api.http.get("/v1/clusters", headers=headers).status_code == 200


def test_options_and_unknown_paths_are_answered_by_the_gateway(api: Any) -> None:
    assert api.call("OPTIONS", "/v1/clusters").status_code == 403
    assert api.call("GET", "/v1/nothing").json()["status"] == 404
    assert api.call("PATCH", "/v1/clusters").json()["status"] == 405


def test_the_version_list_needs_no_signature(api: Any) -> None:
    api.control("POST", "settings", {"versions": ["1.0", "1.1"]})
    versions = api.http.get("/").json()["versions"]
    assert [(item["id"], item["status"]) for item in versions] == [("v1.1", "CURRENT"), ("v1.0", "SUPPORTED")]
    assert set(versions[0]) == {"id", "links", "not_before", "status"}


@pytest.mark.parametrize("header", ["mariadb 1.1", "mysql 1.0", "1.0", "mariadb"])
def test_a_version_that_is_not_served_is_406_before_the_body_is_looked_at(api: Any, header: str) -> None:
    response = api.call("POST", "/v1/clusters", {"nonsense": True}, Scp_Api_Version=header)
    assert response.status_code == 406
    assert response.json()["errors"][0]["status"] == 406


def test_each_version_has_its_own_contract(api: Any) -> None:
    api.control("POST", "settings", {"versions": ["1.0", "1.1"]})
    old, new = api.create_body(), api.create_body(name="later", service_watch_log_collection=True)
    assert api.call("POST", "/v1/clusters", new).status_code == 400
    assert api.call("POST", "/v1/clusters", old, Scp_Api_Version="mariadb 1.1").status_code == 400
    assert api.call("POST", "/v1/clusters", old).status_code == 202
    accepted = api.call("POST", "/v1/clusters", new, Scp_Api_Version="mariadb 1.1").json()
    path = f"/v1/clusters/{accepted['resource']['id']}"
    assert "service_watch_log_collection" not in api.call("GET", path).json()
    detail = api.call("GET", path, Scp_Api_Version="mariadb 1.1").json()
    assert (detail["service_watch_log_collection"], detail["is_kernel_patchable"]) == (True, False)


def test_without_a_version_the_newest_one_answers(api: Any) -> None:
    api.control("POST", "settings", {"versions": ["1.1", "1.0"]})
    cluster = api.seed()
    headers = api.signed_headers("GET", f"http://testserver/v1/clusters/{cluster['id']}")
    del headers["Scp-Api-Version"]
    assert "is_kernel_patchable" in api.http.get(f"/v1/clusters/{cluster['id']}", headers=headers).json()
