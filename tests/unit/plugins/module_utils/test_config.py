# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _config
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import (
    REGIONS,
    REQUIRED,
    SOURCES,
    Config,
    load,
    load_other_region,
    load_resource_manager,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ConfigurationError, InvalidInput, ScpError

DEFAULTS = {
    "language": "en-US",
    "validate_certs": True,
    "allow_plain_http": False,
    "api_timeout": 30.0,
    "api_retries": 4,
}
CREDENTIALS = {"access_key": "AK", "secret_key": "SK"}

# A value of each setting for each of its places, from the first that counts to the last; the last two are the
# environment's second name or the file.
VALUES = {
    "access_key": ("a1", "a2", "a3", "a4"),
    "secret_key": ("s1", "s2", "s3", "s4"),
    "auth_token": ("t1", "t2", "t3", "t4"),
    "region": ("kr-east1", "kr-west1", "kr-east1", "kr-west1"),
    "environment": ("s", "e"),
    "endpoint": ("https://a1.test", "https://a2.test", "https://a3.test", "https://a4.test"),
    "resource_manager_endpoint": ("https://r1.test", "https://r2.test"),
    "api_version": ("1.1", "1.0"),
    "auth_url": ("https://iam.s.samsungsdscloud.com/v1", "https://iam.e.samsungsdscloud.com/v1"),
    "ca_path": (__file__, str(Path(__file__).parent)),
}


def loaded(
    home: Path,
    options: dict[str, Any] | None = None,
    environ: dict[str, str] | None = None,
    loader: Callable[..., Config] = load,
    **files: Any,
) -> Config:
    """Load a configuration, with the contents of ``config`` and ``credentials`` in the home folder."""
    folder = home / ".scpconf"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return loader({**DEFAULTS, **(options or {})}, environ or {}, home)


def shown(config: Config, setting: str) -> object:
    """Return what the configuration made of a setting."""
    if setting == "region":
        return config.endpoint.split(".")[1]
    if setting == "environment":
        return config.endpoint.split(".")[2]
    if setting == "auth_url":
        return f"https://iam.{config.endpoint.split('.')[2]}.samsungsdscloud.com/v1"
    return getattr(config, "endpoint" if setting == "resource_manager_endpoint" else setting)


def places_of(setting: str) -> list[str]:
    source = SOURCES[setting]
    option = [] if setting == "auth_url" else ["option"]
    return [*option, *source.variables, *(["file"] if source.file else [])]


def test_every_setting_has_values_here() -> None:
    assert set(VALUES) == set(SOURCES)
    assert {setting: len(values) for setting, values in VALUES.items()} == {
        setting: len(places_of(setting)) for setting in SOURCES
    }


@pytest.mark.parametrize(
    ("setting", "first"),
    [
        pytest.param(setting, first, id=f"{setting} from {place}")
        for setting in SOURCES
        for first, place in enumerate(places_of(setting))
    ],
)
def test_setting_comes_from_the_first_place_that_has_it(tmp_path: Path, setting: str, first: int) -> None:
    options: dict[str, Any] = {**CREDENTIALS, "region": "kr-west1"}
    options = {key: value for key, value in options.items() if key != setting}
    environ: dict[str, str] = {}
    file: dict[str, str] = {}
    for place, value in list(zip(places_of(setting), VALUES[setting]))[first:]:
        if place == "option":
            options[setting] = value
        elif place == "file":
            file[SOURCES[setting].key] = value
        else:
            environ[place] = value
    name = SOURCES[setting].file.replace(".json", "") or "config"

    loader = load_resource_manager if setting == "resource_manager_endpoint" else load
    assert shown(loaded(tmp_path, options, environ, loader, **{name: file}), setting) == VALUES[setting][first]


@pytest.mark.parametrize("setting", [setting for setting in SOURCES if SOURCES[setting].file])
def test_file_may_write_hyphens_or_underscores(tmp_path: Path, setting: str) -> None:
    options = {key: value for key, value in {**CREDENTIALS, "region": "kr-west1"}.items() if key != setting}
    source = SOURCES[setting]
    file = {source.key.replace("-", "_"): VALUES[setting][0]}

    assert shown(loaded(tmp_path, options, **{source.file.replace(".json", ""): file}), setting) == VALUES[setting][0]


def test_empty_value_counts_as_not_set(tmp_path: Path) -> None:
    options = {"access_key": "", "secret_key": None, "region": "kr-west1"}
    environ = {"SCP_ACCESS_KEY": "", "SCP_TF_ACCESS_KEY": "AK", "SCP_SECRET_KEY": "SK"}

    config = loaded(tmp_path, options, environ)

    assert (config.access_key, config.secret_key) == ("AK", "SK")


@pytest.mark.parametrize(
    ("options", "auth_url", "expected"),
    [
        pytest.param({"region": "kr-west1"}, "", "https://mariadb.kr-west1.e.samsungsdscloud.com", id="default e"),
        pytest.param(
            {"region": "kr-south2", "environment": "g"},
            "",
            "https://mariadb.kr-south2.g.samsungsdscloud.com",
            id="region and environment",
        ),
        pytest.param(
            {"region": "kr-south1"},
            "https://iam.g.samsungsdscloud.com/v1",
            "https://mariadb.kr-south1.g.samsungsdscloud.com",
            id="environment from auth-url",
        ),
        pytest.param(
            {"region": "kr-west1", "environment": "s"},
            "https://iam.g.samsungsdscloud.com/v1",
            "https://mariadb.kr-west1.s.samsungsdscloud.com",
            id="environment over auth-url",
        ),
        pytest.param(
            {"region": "kr-west1"},
            "https://iam.example.com/v1",
            "https://mariadb.kr-west1.e.samsungsdscloud.com",
            id="foreign auth-url says nothing",
        ),
        pytest.param(
            {"region": "kr-east1", "environment": "g", "endpoint": "https://a.test"},
            "",
            "https://a.test",
            id="endpoint over region and environment",
        ),
        pytest.param({"endpoint": "https://a.test:8443/"}, "", "https://a.test:8443", id="port kept, slash dropped"),
        pytest.param({"endpoint": "https://a.test:443"}, "", "https://a.test", id="the scheme's own port dropped"),
        pytest.param({"endpoint": "http://127.0.0.1:80"}, "", "http://127.0.0.1", id="that of http too"),
        pytest.param({"endpoint": "https://A.Test"}, "", "https://a.test", id="lower case"),
        pytest.param({"endpoint": "http://127.0.0.1:8080"}, "", "http://127.0.0.1:8080", id="http on 127.0.0.1"),
        pytest.param({"endpoint": "http://localhost:1"}, "", "http://localhost:1", id="http on localhost"),
        pytest.param({"endpoint": "http://a.test", "allow_plain_http": True}, "", "http://a.test", id="http by name"),
        pytest.param({"endpoint": "http://[::1]:1"}, "", "http://[::1]:1", id="http on ::1"),
    ],
)
def test_endpoint(tmp_path: Path, options: dict[str, Any], auth_url: str, expected: str) -> None:
    assert loaded(tmp_path, {**CREDENTIALS, **options}, {"SCP_TF_AUTH_URL": auth_url}).endpoint == expected


@pytest.mark.parametrize(
    ("environment", "region"), [(environment, region) for environment in REGIONS for region in REGIONS[environment]]
)
def test_every_region_has_an_endpoint(tmp_path: Path, environment: str, region: str) -> None:
    config = loaded(tmp_path, {**CREDENTIALS, "region": region, "environment": environment})
    assert config.endpoint == f"https://mariadb.{region}.{environment}.samsungsdscloud.com"


@pytest.mark.parametrize(
    ("options", "option", "rule"),
    [
        pytest.param({"region": "kr-north1"}, "region", "has only the regions", id="unknown region"),
        pytest.param({"region": "kr-west1", "environment": "g"}, "region", "kr-south1", id="region elsewhere"),
        pytest.param({"region": "kr-west1", "environment": "x"}, "environment", "one of s, g, e", id="environment"),
        pytest.param({"endpoint": "http://a.test"}, "endpoint", "must use https", id="http to another host"),
        pytest.param({"endpoint": "http://127.0.0.1.a.test"}, "endpoint", "must use https", id="no loopback at all"),
        pytest.param({"endpoint": "ftp://a.test"}, "endpoint", "scheme and host only", id="other scheme"),
        pytest.param({"endpoint": "a.test"}, "endpoint", "scheme and host only", id="no scheme"),
        pytest.param({"endpoint": "https://"}, "endpoint", "scheme and host only", id="no host"),
        pytest.param({"endpoint": "https://a.test/v1"}, "endpoint", "scheme and host only", id="path"),
        pytest.param({"endpoint": "https://a.test?x=1"}, "endpoint", "scheme and host only", id="query"),
        pytest.param({"endpoint": "https://a.test#x"}, "endpoint", "scheme and host only", id="fragment"),
        pytest.param({"endpoint": "https://user:hunter2@a.test"}, "endpoint", "user name or password", id="password"),
        pytest.param({"endpoint": "https://[::1"}, "endpoint", "must be a URL", id="broken IPv6 address"),
        pytest.param({"endpoint": "https://a.test:port"}, "endpoint", "must have a port", id="broken port"),
        pytest.param({"endpoint": "https://a.test:70000"}, "endpoint", "must have a port", id="port out of range"),
        pytest.param({"ca_path": "/nowhere/ca.pem"}, "ca_path", "file or folder that exists", id="no such file"),
        pytest.param({"api_version": "1"}, "api_version", "such as 1.0", id="version without minor"),
        pytest.param({"api_version": "v1.0"}, "api_version", "such as 1.0", id="version with letter"),
        pytest.param({"api_version": "1.0\n"}, "api_version", "must not have spaces", id="version with line break"),
        pytest.param({"endpoint": "https://a.test\r"}, "endpoint", "must not have spaces", id="URL with line break"),
        pytest.param({"endpoint": " https://a.test"}, "endpoint", "must not have spaces", id="URL behind a blank"),
        pytest.param({"endpoint": '"https://a.test"'}, "endpoint", "scheme and host only", id="URL in quotes"),
        pytest.param({"endpoint": f"https://{'a' * 64}.test"}, "endpoint", "name or the address", id="long label"),
        pytest.param({"endpoint": "https://a..test"}, "endpoint", "name or the address", id="empty label"),
        pytest.param({"endpoint": "https://a_{}.test"}, "endpoint", "name or the address", id="odd host"),
        pytest.param({"region": "kr-west1 "}, "region", "must not have spaces", id="region before a blank"),
        pytest.param({"region": "KR-WEST1"}, "region", "has only the regions", id="region in capitals"),
        pytest.param({"access_key": '"AK"'}, "access_key", "not in quotation marks", id="key in quotes"),
        pytest.param({"secret_key": "'SK'"}, "secret_key", "not in quotation marks", id="secret in quotes"),
        pytest.param({"secret_key": " SK"}, "secret_key", "without spaces", id="secret behind a blank"),
        pytest.param({"api_timeout": 0}, "api_timeout", "more than 0", id="no time"),
        pytest.param({"api_timeout": float("nan")}, "api_timeout", "more than 0", id="time that is no number"),
        pytest.param({"api_timeout": float("inf")}, "api_timeout", "more than 0", id="endless time"),
        pytest.param({"api_timeout": -1}, "api_timeout", "more than 0", id="negative time"),
        pytest.param({"api_timeout": 1e12}, "api_timeout", "at most 86400", id="time that no system takes"),
        pytest.param({"api_retries": -1}, "api_retries", "0 or more", id="negative retries"),
        pytest.param({"api_retries": 10**9}, "api_retries", "at most 100", id="retries for years"),
    ],
)
def test_refused(tmp_path: Path, options: dict[str, Any], option: str, rule: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(rule)) as caught:
        loaded(tmp_path, {**CREDENTIALS, "region": "kr-west1", **options})

    assert [problem.option for problem in caught.value.problems] == [option]
    assert caught.value.msg.endswith("Nothing was changed.")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://user:hunter2@a.test",
        "https://user:hunter2@a.test/v1",
        "https://user:hunter2@a.test?x=1",
        "ftp://user:hunter2@a.test",
        "http://user:hunter2@a.test",
        "https://user:hunter2@a.test:port",
        "user:hunter2@a.test",
        "https://user:hunter2",
        "https:\\\\user:hunter2@a.test",
        "https://a.test?token=hunter2",
        "https://a.test:port?token=hunter2",
        "http://a.test/#hunter2",
        "https://user:hunter2@a.test ",
        "https://[user:hunter2@::1",
        "https://user%3Ahunter2%40a.test",
    ],
)
def test_password_in_the_endpoint_is_not_repeated(tmp_path: Path, endpoint: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        loaded(tmp_path, {**CREDENTIALS, "endpoint": endpoint})
    assert "hunter2" not in json.dumps(caught.value.result())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"endpoint": "https://a.test"}, set()),
        ({"endpoint": "https://user:hunter2@a.test"}, {"user:hunter2@"}),
        ({"endpoint": "https://a.test?token=hunter2&b=c"}, {"?token=hunter2&b=c"}),
        ({"resource_manager_endpoint": "user:hunter2@a.test"}, {"user:hunter2@"}),
        ({"other_region": {"endpoint": "https://user:hunter2@a.test"}}, {"user:hunter2@"}),
        ({"other_region": None, "endpoint": None}, set()),
    ],
)
def test_what_an_endpoint_hides(options: dict[str, Any], expected: set[str]) -> None:
    assert _config.hidden(options) == expected


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("SCP_ENDPOINT", "https://a.test\r", "endpoint (SCP_ENDPOINT) is 'https://a.test\\r', but"),
        ("SCP_TF_ENDPOINT_OVERRIDE", "a.test", "endpoint (SCP_TF_ENDPOINT_OVERRIDE) is 'a.test', but"),
        ("SCP_REGION", "kr_west1", "region (SCP_REGION) is 'kr_west1', but"),
        ("SCP_ENVIRONMENT", "E", "environment (SCP_ENVIRONMENT) is 'E', but"),
        ("SCP_SECRET_KEY", "SK\n", "secret_key (SCP_SECRET_KEY) must be printable ASCII"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "ca_path (SSL_CERT_FILE) is '/nowhere/ca.pem', but"),
        ("SCP_API_VERSION", "v1", "api_version (SCP_API_VERSION) is 'v1', but"),
        ("SCP_API_VERSION", " 1.0", "api_version (SCP_API_VERSION) is ' 1.0', but"),
    ],
)
def test_variable_is_named(tmp_path: Path, variable: str, value: str, told: str) -> None:
    environ = {"SCP_ACCESS_KEY": "AK", "SCP_SECRET_KEY": "SK", "SCP_REGION": "kr-west1", variable: value}
    with pytest.raises(InvalidInput) as caught:
        loaded(tmp_path, environ=environ)
    assert told in caught.value.msg


def test_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    content = '\ufeff{\r\n"access-key": "AK", "secret-key": "SK"}\r\n'
    assert loaded(tmp_path, {"region": "kr-west1"}, credentials=content).access_key == "AK"


@pytest.mark.parametrize("option", ["access_key", "auth_token"])
@pytest.mark.parametrize("value", ["K3y\n", "K3y\r\nHost: a.test", "K\u00e4se"], ids=["line break", "header", "umlaut"])
def test_credential_that_no_header_can_carry_is_refused_unseen(tmp_path: Path, option: str, value: str) -> None:
    with pytest.raises(ScpError, match=option) as caught:
        loaded(tmp_path, {**CREDENTIALS, "region": "kr-west1", option: value})
    assert value.strip() not in caught.value.msg


@pytest.mark.parametrize("name", ["config", "credentials"])
@pytest.mark.parametrize(
    ("content", "rule"),
    [
        pytest.param('{"secret-key": "hunter2",', "is not valid JSON (line 1)", id="broken"),
        pytest.param('{\n"secret-key": hunter2}', "is not valid JSON (line 2)", id="broken on line 2"),
        pytest.param('["hunter2"]', "must hold one JSON object", id="list"),
        pytest.param('"hunter2"', "must hold one JSON object", id="string"),
    ],
)
def test_broken_file_is_named_and_not_quoted(tmp_path: Path, name: str, content: str, rule: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(rule)) as caught:
        loaded(tmp_path, **{"credentials": {"access-key": "AK", "secret-key": "SK"}, name: content})

    assert str(tmp_path / ".scpconf" / f"{name}.json") in caught.value.msg
    assert "hunter2" not in caught.value.msg
    assert "hunter2" not in "".join(traceback.format_exception(ConfigurationError, caught.value, caught.tb))


def test_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".scpconf").mkdir()
    (tmp_path / ".scpconf/credentials.json").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="can't be read: UnicodeDecodeError"):
        loaded(tmp_path)


def test_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / ".scpconf/credentials.json").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="can't be read: IsADirectoryError"):
        loaded(tmp_path)


@pytest.mark.parametrize(
    "missing", [("access_key",), ("secret_key",), REQUIRED], ids=["access_key", "secret_key", "both"]
)
def test_missing_credentials_name_every_place(tmp_path: Path, missing: tuple[str, ...]) -> None:
    options = {key: value for key, value in CREDENTIALS.items() if key not in missing}
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, options)

    for setting in REQUIRED:
        source = SOURCES[setting]
        file = f"{source.key} in {tmp_path / '.scpconf' / source.file}"
        for place in (f"the option {setting}", *source.variables, file):
            assert (place in caught.value.msg) == (setting in missing)


def test_missing_region_names_every_place_and_the_regions(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, {**CREDENTIALS, "environment": "g"})

    file = f"default-region in {tmp_path / '.scpconf/config.json'}"
    for place in ("the option region", "SCP_REGION", "SCP_TF_DEFAULT_REGION", file, *REGIONS["g"]):
        assert place in caught.value.msg


def test_configuration_hides_its_secrets(tmp_path: Path) -> None:
    options = {"access_key": "hunter1", "secret_key": "hunter2", "auth_token": "hunter3", "region": "kr-west1"}

    config = loaded(tmp_path, options)

    assert "hunter" not in repr(config)
    assert "hunter" not in str(config)
    assert config.secrets() == {"hunter1", "hunter2", "hunter3"}
    assert loaded(tmp_path, {**CREDENTIALS, "region": "kr-west1"}).secrets() == {"AK", "SK"}


def test_options_without_another_place_are_taken_over(tmp_path: Path) -> None:
    options = {"language": "ko-KR", "validate_certs": False, "api_timeout": 1.5, "api_retries": 0, "region": "kr-west1"}

    config = loaded(tmp_path, {**CREDENTIALS, **options})

    assert (config.language, config.validate_certs, config.timeout, config.retries) == ("ko-KR", False, 1.5, 0)


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        pytest.param(0o644, "(mode 0644)", id="by everybody"),
        pytest.param(0o640, "(mode 0640)", id="by the group"),
        pytest.param(0o602, "(mode 0602)", id="written by others"),
        pytest.param(0o600, None, id="by the owner alone"),
    ],
)
def test_credentials_that_others_can_read_are_warned_of(tmp_path: Path, mode: int, told: str | None) -> None:
    file = tmp_path / ".scpconf" / "credentials.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"access-key": "AK", "secret-key": "SK"}), encoding="utf-8")
    file.chmod(mode)

    warnings = loaded(tmp_path, {"region": "kr-west1"}).warnings

    assert len(warnings) == (1 if told else 0)
    for warning in warnings:
        assert str(told) in warning
        assert warning.endswith(f"chmod 600 {file}")
    assert not loaded(tmp_path, {**CREDENTIALS, "region": "kr-west1", "auth_token": "T"}).warnings


def test_refusals_are_failures_that_modules_report() -> None:
    assert issubclass(InvalidInput, ScpError)
    assert issubclass(ConfigurationError, ScpError)


OFFICIAL = "https://mariadb.kr-south2.g.samsungsdscloud.com"
USUAL = "https://resourcemanager.{}.samsungsdscloud.com"


@pytest.mark.parametrize(
    ("options", "environ", "expected"),
    [
        pytest.param({"region": "kr-west1"}, {}, (USUAL.format("e"), "kr-west1", "e"), id="region"),
        pytest.param(
            {"region": "kr-south1", "environment": "g"}, {}, (USUAL.format("g"), "kr-south1", "g"), id="environment"
        ),
        pytest.param({"endpoint": OFFICIAL}, {}, (USUAL.format("g"), "kr-south2", "g"), id="official endpoint"),
        pytest.param(
            {"endpoint": OFFICIAL, "region": "kr-west1", "environment": "s"},
            {},
            (USUAL.format("g"), "kr-south2", "g"),
            id="official endpoint goes before region and environment",
        ),
        pytest.param(
            {"endpoint": "https://a.test", "region": "new-one"},
            {"SCP_TF_AUTH_URL": "https://iam.s.samsungsdscloud.com/v1"},
            (USUAL.format("s"), "new-one", "s"),
            id="other endpoint",
        ),
        pytest.param(
            {"endpoint": OFFICIAL, "resource_manager_endpoint": "https://R.test:443/"},
            {},
            ("https://r.test", "kr-south2", "g"),
            id="endpoint of its own",
        ),
    ],
)
def test_resource_manager(
    tmp_path: Path, options: dict[str, Any], environ: dict[str, str], expected: tuple[str, str, str]
) -> None:
    given = {**CREDENTIALS, "api_version": "1.1", **options}
    config = loaded(tmp_path, given, environ, load_resource_manager)
    assert (config.endpoint, config.region, config.environment) == expected
    assert (config.service, config.api_version) == ("resourcemanager", "1.0")
    assert (config.access_key, config.secret_key) == ("AK", "SK")


def test_resource_manager_needs_the_region(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="region is not set") as caught:
        loaded(tmp_path, {**CREDENTIALS, "endpoint": "https://a.test"}, {}, load_resource_manager)
    assert "SCP_REGION" in caught.value.msg
    assert "Nothing was sent" in caught.value.msg


@pytest.mark.parametrize(
    ("options", "option", "rule"),
    [
        ({"resource_manager_endpoint": "http://a.test"}, "resource_manager_endpoint", "must use https"),
        ({"resource_manager_endpoint": "a.test"}, "resource_manager_endpoint", "resourcemanager.e.samsungsdscloud.com"),
        ({"resource_manager_endpoint": "https://u:p@a.test"}, "resource_manager_endpoint", "must not carry"),
        ({"resource_manager_endpoint": "https://a.test:x"}, "resource_manager_endpoint", "must have a port"),
        ({"resource_manager_endpoint": "http://["}, "resource_manager_endpoint", "must be a URL"),
        ({"endpoint": "https://a.test", "environment": "x"}, "environment", "must be one of"),
    ],
    ids=str,
)
def test_resource_manager_of_wrong_options(tmp_path: Path, options: dict[str, Any], option: str, rule: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        loaded(tmp_path, {**CREDENTIALS, "region": "kr-west1", **options}, {}, load_resource_manager)
    (problem,) = caught.value.problems
    assert problem.option == option
    assert rule in problem.rule


# Another region

OFFICIAL = "https://mariadb.kr-west1.e.samsungsdscloud.com"
EAST = {"region": "kr-east1", "endpoint": None}


def other_region(**options: Any) -> dict[str, Any]:
    return {**CREDENTIALS, "region": "kr-west1", "other_region": {**EAST, **options}}


@pytest.mark.parametrize(
    ("options", "environ", "endpoint"),
    [
        (other_region(), {}, "https://mariadb.kr-east1.e.samsungsdscloud.com"),
        ({**other_region(region="kr-west1"), "region": "kr-east1"}, {}, OFFICIAL),
        (other_region(), {"SCP_ENDPOINT": OFFICIAL}, "https://mariadb.kr-east1.e.samsungsdscloud.com"),
        (
            {**other_region(region="kr-south1"), "endpoint": "https://mariadb.kr-south2.g.samsungsdscloud.com"},
            {},
            "https://mariadb.kr-south1.g.samsungsdscloud.com",
        ),
        (other_region(endpoint="https://east.test/"), {"SCP_ENDPOINT": "https://west.test"}, "https://east.test"),
    ],
    ids=str,
)
def test_endpoint_of_another_region(
    tmp_path: Path, options: dict[str, Any], environ: dict[str, str], endpoint: str
) -> None:
    config = loaded(tmp_path, {**options, "api_version": "1.1"}, environ, load_other_region)
    assert (config.endpoint, config.service, config.api_version) == (endpoint, "mariadb", "1.1")
    assert (config.access_key, config.secret_key) == ("AK", "SK")


@pytest.mark.parametrize(
    ("options", "option", "rule"),
    [
        (other_region(region="kr-west1"), "other_region.region", "must be another region than the origin's"),
        (other_region(region="kr-south1"), "other_region.region", "set other_region.endpoint to its full URL"),
        ({**other_region(), "endpoint": "https://west.test"}, "other_region.endpoint", "is required, because"),
        (other_region(endpoint=OFFICIAL), "other_region.endpoint", "must be that of kr-east1, another region"),
        (
            {**other_region(endpoint="https://own.test"), "endpoint": "https://own.test"},
            "other_region.endpoint",
            "must be that of kr-east1, another region",
        ),
        (
            other_region(region="kr-west1", endpoint="https://east.test"),
            "other_region.region",
            "must be another region",
        ),
        (other_region(endpoint="http://east.test"), "other_region.endpoint", "must use https"),
        (other_region(endpoint="east.test"), "other_region.endpoint", "mariadb.kr-east1.e.samsungsdscloud.com"),
    ],
    ids=str,
)
def test_another_region_of_wrong_options(tmp_path: Path, options: dict[str, Any], option: str, rule: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        loaded(tmp_path, options, {}, load_other_region)
    (problem,) = caught.value.problems
    assert problem.option == option
    assert rule in problem.rule


@pytest.mark.parametrize(
    ("options", "region"),
    [
        (other_region(), "kr-east1"),
        ({**other_region(endpoint="https://east.test"), "endpoint": "https://west.test"}, "kr-east1"),
        ({**other_region(region="far", endpoint="https://far.test"), "endpoint": OFFICIAL}, "far"),
        ({**other_region(), "other_region": None}, "kr-west1"),
    ],
    ids=str,
)
def test_tags_are_those_of_the_region_of_the_replicas(tmp_path: Path, options: dict[str, Any], region: str) -> None:
    assert loaded(tmp_path, options, {}, load_resource_manager).region == region
