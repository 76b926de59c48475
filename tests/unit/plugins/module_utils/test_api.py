# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api

HIDDEN = _api.REDACTED


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"secret_key": "x"}, {"secret_key": HIDDEN}, id="at the top"),
        pytest.param(
            {"init_config_option": {"database_user_password": "x", "database_name": "db"}},
            {"init_config_option": {"database_user_password": HIDDEN, "database_name": "db"}},
            id="in a dictionary",
        ),
        pytest.param({"a": [{"b": [{"access_key": "x"}]}]}, {"a": [{"b": [{"access_key": HIDDEN}]}]}, id="in lists"),
        pytest.param(
            {"access_key": None, "secret_key": ""}, {"access_key": None, "secret_key": ""}, id="nothing to hide"
        ),
        pytest.param(
            {"accessToken": "x", "secret-key": 1, "admin_password": {"a": "b"}, "tokens": ["x"], "Private Key": "x"},
            {
                "accessToken": HIDDEN,
                "secret-key": HIDDEN,
                "admin_password": HIDDEN,
                "tokens": HIDDEN,
                "Private Key": HIDDEN,
            },
            id="other names",
        ),
        pytest.param(
            {"disconnect_on_expired_password": "ON", "password_reuse_check_interval": "0", "key": "a", "monkey": "b"},
            {"disconnect_on_expired_password": "ON", "password_reuse_check_interval": "0", "key": "a", "monkey": "b"},
            id="not the secret itself",
        ),
        pytest.param({"a": 1, "b": [True, None, "c"]}, {"a": 1, "b": [True, None, "c"]}, id="no secret"),
    ],
)
def test_redact_hides_secret_fields_at_any_depth(value: Any, expected: Any) -> None:
    before = copy.deepcopy(value)
    assert _api.redact(value) == expected
    assert value == before


def test_secrets_of_a_body_are_found_at_any_depth() -> None:
    body = {"a": {"password": "x"}, "b": [{"secret_key": {"c": ["y", 1, None]}, "access_key": ""}], "name": "n"}
    assert list(_api.secrets_in(body)) == ["x", "y", "1"]
    assert list(_api.secrets_in(None)) == []


def test_describe_shows_the_call_without_secrets() -> None:
    call = _api.create_cluster({"name": "orders", "init_config_option": {"database_user_password": "hunter2"}})

    assert call.describe() == {
        "operation": "Create Cluster",
        "method": "POST",
        "path": "/v1/clusters",
        "body": {"name": "orders", "init_config_option": {"database_user_password": HIDDEN}},
    }


def test_describe_leaves_out_a_body_that_is_not_there() -> None:
    assert _api.start_cluster("c1").describe() == {
        "operation": "Start Cluster",
        "method": "POST",
        "path": "/v1/clusters/c1/start",
    }


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (_api.show_cluster("a/b"), "/v1/clusters/a%2Fb"),
        (_api.show_cluster("../x?y#z"), "/v1/clusters/..%2Fx%3Fy%23z"),
        (_api.show_request("a b"), "/v1/requests/a%20b"),
        (_api.set_server_type("g/1", "t"), "/v1/instance-groups/g%2F1/resize"),
        (_api.set_block_storage_size("v/1", 16), "/v1/block-storage-groups/v%2F1/resize"),
        (_api.list_engine_version_properties("e/1"), "/v1/engine-versions/e%2F1/properties"),
        (_api.export_log("c/1", "s/l"), "/v1/clusters/c%2F1/log-export-configs/s%2Fl/export"),
    ],
)
def test_path_segments_are_quoted(call: _api.Call, expected: str) -> None:
    assert call.path == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        pytest.param(_api.list_clusters(), (), id="nothing asked"),
        pytest.param(_api.list_clusters(size=100, page=0), (("size", "100"), ("page", "0")), id="page 0 is asked"),
        pytest.param(
            _api.list_clusters(name="a", sort="name:asc"), (("sort", "name:asc"), ("name", "a")), id="filters"
        ),
        pytest.param(
            _api.list_engine_versions("e1", eos_included=True),
            (("id", "e1"), ("product_image_type", "MariaDB Community"), ("eos_included", "true")),
            id="booleans as JSON writes them",
        ),
        pytest.param(
            _api.list_engine_versions(),
            (("product_image_type", "MariaDB Community"), ("eos_included", "false")),
            id="false is asked",
        ),
    ],
)
def test_query(call: _api.Call, expected: tuple[tuple[str, str], ...]) -> None:
    assert call.query == expected


def test_bodies_do_not_share_the_callers_lists() -> None:
    numbers = ["1"]
    call = _api.remove_backup_histories("c1", numbers)
    numbers.append("2")
    assert call.body == {"backup_history_number": ["1"]}
