# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import certifi
import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ConfigurationError
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import new_session
from ansible_collections.samsungcloud.scp.plugins.module_utils._route import Route, find
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import a_config

HTTP = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.endswith("_CA_BUNDLE") or name == "SSL_CERT_FILE":
            monkeypatch.delenv(name)


def route(**config: Any) -> Route:
    its = a_config(**config)
    return find(new_session(its, Clock()), its)


PROXIES = {
    "http://": "must ",
    "http://[::1": "must be a URL",
    "http://proxy.test:port": "must be a URL",
    "http://proxy.test:99999": "must be a URL",
    "http://proxy.test:3128\r": "must be a URL",
    " http://proxy.test:3128": "must be a URL",
    "http://proxy.test:3128/path": "must be a URL",
    "http://scott:hun/ter2@proxy.test:3128": "must be a URL",
    "http://scott:12/hunter2@proxy.test:3128": "must be a URL",
    "http://scott:hun#ter2@proxy.test:3128": "must be a URL",
    "http://scott:hun?ter2@proxy.test:3128": "must be a URL",
    "http://proxy.test:3128?hunter2": "must be a URL",
    "ftp://scott:hunter2@proxy.test": "must have one of the schemes http, https, socks4",
    f"http://scott:hunter2@{'a' * 64}.test:3128": "must have the name or the address of a host",
    "http://scott:hunter2@a..test:3128": "must have the name or the address of a host",
    "socks5h://scott:hunter2@proxy.test:1080": "needs the Python library PySocks",
}


@pytest.mark.parametrize("proxy", PROXIES)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_proxy_that_is_of_no_use_is_named_and_not_shown(
    proxy: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv(variable, proxy)
    with pytest.raises(ConfigurationError) as caught:
        route()
    assert f"The proxy in {variable} " in caught.value.msg
    assert PROXIES[proxy] in caught.value.msg
    assert "Nothing was sent." in caught.value.msg
    assert not any(part in caught.value.msg for part in ("hun", "ter2", "scott"))


@pytest.mark.parametrize(
    ("variable", "proxy", "secrets"),
    [
        ("HTTPS_PROXY", "proxy.test:3128", set()),
        ("https_proxy", "http://proxy.test:3128/", set()),
        ("ALL_PROXY", "https://[::1]:3128", set()),
        ("HTTPS_PROXY", "http://scott:ti%40ger@10.0.0.1:3128", {"scott:ti%40ger", "ti%40ger", "ti@ger"}),
        ("HTTPS_PROXY", "http://token@proxy.test", {"token"}),
    ],
)
def test_proxy_that_can_be_used(variable: str, proxy: str, secrets: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, proxy)
    assert (route().proxy, route().secrets) == (variable, secrets)


def test_proxy_that_is_not_for_the_endpoint_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://")
    assert route(endpoint=HTTP).proxy == ""
    monkeypatch.setenv("NO_PROXY", ".samsungsdscloud.com")
    assert route().proxy == ""


def bundles(folder: Path) -> dict[str, Path]:
    made = {"missing": folder / "missing.pem", "junk": folder / "junk.pem", "empty": folder / "empty.pem"}
    made["junk"].write_text("-----BEGIN CERTIFICATE-----\njunk\n-----END CERTIFICATE-----\n", encoding="utf-8")
    made["empty"].write_text("", encoding="utf-8")
    made["folder"] = folder / "folder"
    made["folder"].mkdir()
    (made["folder"] / "ca.pem").write_bytes(Path(certifi.where()).read_bytes())
    return made


WRONG = {
    "missing": "does not exist",
    "junk": "holds no certificate",
    "empty": "holds no certificate",
    "folder": "openssl rehash",
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "ca_path", "ca_path (SSL_CERT_FILE)"])
def test_certificates_that_are_of_no_use(
    kind: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(bundles(tmp_path)[kind])
    config = {"ca_path": path} if variable.startswith("ca_path") else {}
    name = variable.removeprefix("ca_path (").rstrip(")") if "(" in variable else variable
    if name != "ca_path":
        monkeypatch.setenv(name, path)
    with pytest.raises(ConfigurationError) as caught:
        route(**config)
    assert f"{variable} is {path!r}, which " in caught.value.msg
    assert WRONG[kind] in caught.value.msg
    # They do not matter where none is looked at.
    assert route(**config, validate_certs=False).settings["verify"] is False
    assert route(**config, endpoint=HTTP).authorities == ""


def test_certificates_that_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert route().authorities == ""
    monkeypatch.setenv("CURL_CA_BUNDLE", certifi.where())
    assert route().authorities == "CURL_CA_BUNDLE"
    hashed = tmp_path / "0a1b2c3d.0"
    hashed.write_bytes(Path(certifi.where()).read_bytes())
    assert route(ca_path=str(tmp_path)).authorities == "ca_path"
