# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from requests.adapters import HTTPAdapter

from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import Answer, FakeTransport, a_cluster

MODULES = "ansible_collections.samsungcloud.scp.plugins.modules"
CONNECTION = {"access_key": "hunter1", "secret_key": "hunter2", "auth_token": "hunter3", "region": "kr-west1"}
LISTED = Answer(200, {"contents": [{"id": "c1", "name": "orders", "service_state": "RUNNING"}], "count": 1})
NONE = Answer(200, {"contents": [], "count": 0})
SHOWN = Answer(200, a_cluster())

CLUSTER = {"cluster_id": "c1"}
ARCHIVE = Answer(200, {"archive_enabled": True, "retention_period_day": 3})
SLOW = {**CLUSTER, "log_type": "slow"}
NO_BACKUPS = Answer(200, {"contents": [], "total_count": 0})
PARAMETER = {"name": "p", "id": "p1", "applied_value": "1", "default_value": "1", "allows_value": "", "apply_type": ""}
PARAMETERS = Answer(200, {"contents": [{**PARAMETER, "data_type": "integer", "is_modifiable": True}], "count": 1})

# The smallest task of each module, what the API answers to it, and what it returns.
TASKS: dict[str, tuple[dict[str, Any], list[Answer], str]] = {
    "mariadb_backup": ({**CLUSTER, "retention_period_day": 7}, [SHOWN], "backup"),
    "mariadb_backup_history": ({**CLUSTER, "keep_last": 1}, [SHOWN, NO_BACKUPS], "removed"),
    "mariadb_backup_info": (CLUSTER, [SHOWN, ARCHIVE, NO_BACKUPS], "backups"),
    "mariadb_cluster": ({"name": "orders"}, [LISTED, SHOWN], "cluster"),
    "mariadb_cluster_info": ({}, [LISTED], "clusters"),
    "mariadb_engine_version_info": ({}, [NONE], "engine_versions"),
    "mariadb_log_export": ({**CLUSTER, "log_type": "slow", "state": "absent"}, [SHOWN, NONE], "log_export"),
    "mariadb_log_export_info": (CLUSTER, [SHOWN, NONE], "log_exports"),
    "mariadb_parameter_group_info": ({}, [NONE], "parameter_groups"),
    "mariadb_parameters": ({**CLUSTER, "parameters": {"p": 1}}, [SHOWN, PARAMETERS], "parameters"),
    "mariadb_parameters_info": (CLUSTER, [SHOWN, PARAMETERS], "parameters"),
    "mariadb_replica": (
        {**CLUSTER, "replicas": [{"name": "orders-r1"}], "state": "absent"},
        [SHOWN, NONE, NONE],
        "replicas",
    ),
    "mariadb_replica_info": (CLUSTER, [SHOWN, NONE], "replicas"),
    "mariadb_request_info": (
        {"request_ids": ["req-1"]},
        [Answer(200, {"request_id": "req-1", "state": "COMPLETED"})],
        "requests",
    ),
    "mariadb_restore": (
        {
            "cluster_id": "c0",
            "name": "orders",
            "instance_name_prefix": "orders",
            "server_type_name": "db1v2m4",
            "latest": True,
        },
        [LISTED, Answer(200, a_cluster(origin_cluster_id="c0", role_type="RECOVERY"))],
        "cluster",
    ),
    "mariadb_server_type_info": ({}, [NONE], "server_types"),
}


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have neither a configuration nor credentials in the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))


def run(
    module: str,
    params: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *answers: Answer,
) -> tuple[dict[str, Any], FakeTransport]:
    """Run a module as Ansible does, and return its result and what it sent."""
    transport = FakeTransport(*answers)
    monkeypatch.setattr(HTTPAdapter, "send", lambda adapter, request, **options: transport.send(request, **options))
    with patch_module_args(params), pytest.raises(SystemExit):
        importlib.import_module(f"{MODULES}.{module}").main()
    output = capsys.readouterr().out
    assert "hunter" not in output
    result: dict[str, Any] = json.loads(output)
    return result, transport


@pytest.mark.parametrize("module", TASKS)
@pytest.mark.parametrize("check_mode", [True, False])
def test_smallest_task(
    module: str, check_mode: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    params, answers, key = TASKS[module]
    task = {**CONNECTION, **params, "_ansible_check_mode": check_mode}

    result, transport = run(module, task, capsys, monkeypatch, *answers)

    assert (result.get("failed"), result["changed"]) == (None, False)
    assert key in result
    assert len(transport.sent) == len(answers)


@pytest.mark.parametrize("module", TASKS)
def test_missing_credentials_fail_the_task(
    module: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    result, transport = run(module, TASKS[module][0], capsys, monkeypatch, Answer(500))
    assert result["failed"] is True
    assert result["msg"].startswith("No SCP credentials")
    assert transport.sent == []


@pytest.mark.parametrize("module", TASKS)
def test_refusal_fails_the_task(
    module: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"errors": [{"code": "Dbaas.Unauthorized.AuthNFailed", "detail": "hunter2 is wrong", "request_id": "req-1"}]}
    result, _transport = run(module, {**CONNECTION, **TASKS[module][0]}, capsys, monkeypatch, Answer(401, body))
    assert result["failed"] is True
    assert (result["error"]["status"], result["error"]["code"]) == (401, "Dbaas.Unauthorized.AuthNFailed")


@pytest.mark.parametrize("module", TASKS)
@pytest.mark.parametrize("blank", [None, "", " "])
def test_options_that_are_left_out(
    module: str, blank: str | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every option that the task does not need is blank, and it does the same as without them."""
    params, answers, key = TASKS[module]
    spec = importlib.import_module(f"{MODULES}.{module}").ARGUMENT_SPEC
    inner = {name: dict.fromkeys(entry["options"], blank) for name, entry in spec.items() if "options" in entry}
    blanks = {
        name: [inner.get(name, blank)] if entry["type"] == "list" else inner.get(name, blank)
        for name, entry in spec.items()
    }

    result, transport = run(module, {**blanks, **CONNECTION, **params}, capsys, monkeypatch, *answers)

    assert (result.get("failed"), result["changed"]) == (None, False), result
    assert key in result
    assert len(transport.sent) == len(answers)


@pytest.mark.parametrize("name", [True, 12345, 1.5])
def test_name_that_is_no_text(name: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    result, transport = run("mariadb_cluster", {**CONNECTION, "name": name}, capsys, monkeypatch, Answer(500))
    assert result["msg"].startswith(f"Invalid options: name is {name!r}, but must be a text in quotes: YAML reads ")
    assert transport.sent == []


@pytest.mark.parametrize(
    "options",
    [
        {"instance_groups": "three"},
        {"instance_groups": ["three"]},
        {"instance_groups": {"block_storage_groups": "large"}},
        {"init_config_option": ["hunter4"]},
        {"init_config_option": "database_user_password: hunter5"},
        {"init_config_option": {"database_user_password": "hunter6", "backup_option": "daily"}},
    ],
)
def test_malformed_option_shows_no_secret(
    options: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # That none of the keys is in the output is asserted for every run.
    result, transport = run("mariadb_cluster", {**CONNECTION, "name": "orders", **options}, capsys, monkeypatch, NONE)
    assert result["failed"] is True
    assert transport.sent == []


def test_secret_that_is_no_text_is_not_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"database_user_password": 1234567890}
    params = {**CONNECTION, "name": "orders", "init_config_option": settings}
    result, transport = run("mariadb_cluster", params, capsys, monkeypatch, Answer(500))
    assert "init_config_option.database_user_password must be a text in quotes" in result["msg"]
    assert "1234567890" not in json.dumps(result)
    assert transport.sent == []


@pytest.mark.parametrize(
    ("module", "params", "told"),
    [
        ("mariadb_cluster", {}, "one of the following is required: cluster_id, name"),
        (
            "mariadb_cluster",
            {"name": "orders", "engine_version": "10.11", "dbaas_engine_version_id": "e1"},
            "mutually exclusive: engine_version|dbaas_engine_version_id",
        ),
        ("mariadb_cluster", {"name": "orders", "state": "gone"}, "value of state must be one of"),
        ("mariadb_cluster_info", {"cluster_id": "c1", "name": "orders"}, "mutually exclusive: cluster_id|name"),
        ("mariadb_cluster_info", {"cluster_id": "c1", "sort": "name:asc"}, "mutually exclusive: cluster_id|sort"),
        ("mariadb_log_export", CLUSTER, "missing required arguments: log_type"),
        (
            "mariadb_log_export",
            {**CLUSTER, "log_type": "error"},
            "value of log_type must be one of: alert, audit, slow",
        ),
        ("mariadb_log_export", {**SLOW, "state": "synced"}, "value of state must be one of: present, exported, absent"),
        (
            "mariadb_log_export",
            {**SLOW, "update_keys": "never"},
            "value of update_keys must be one of: on_create, always",
        ),
        (
            "mariadb_log_export",
            {**SLOW, "schedule_frequency_type": "HOUR"},
            "must be one of: DAY, WEEK, MONTH, got: HOUR",
        ),
        ("mariadb_log_export", {**SLOW, "schedule_day_of_week": "monday"}, "must be one of: MON, TUE, WED, THU, FRI"),
        ("mariadb_log_export", {**SLOW, "schedule_hour": "soon"}, "schedule_hour"),
        ("mariadb_log_export_info", {**CLUSTER, "log_type": "error"}, "value of log_type must be one of"),
        ("mariadb_parameters", {**CLUSTER, "state": "absent"}, "value of state must be one of: present, synced"),
        ("mariadb_parameters", {**CLUSTER, "restart": "always"}, "value of restart must be one of: never, if_required"),
        ("mariadb_parameters", {**CLUSTER, "parameters": "p"}, "parameters"),
        ("mariadb_request_info", {"request_ids": {}}, "request_ids"),
        ("mariadb_server_type_info", {"language": "de-DE"}, "value of language must be one of: en-US, ko-KR"),
    ],
)
def test_options_that_ansible_refuses(
    module: str,
    params: dict[str, Any],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result, transport = run(module, {**CONNECTION, **params}, capsys, monkeypatch, Answer(500))
    assert result["failed"] is True
    assert told in result["msg"]
    assert transport.sent == []


@pytest.mark.parametrize(
    "module", [module for module, (params, _answers, _key) in TASKS.items() if "cluster_id" in params]
)
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ({}, "one of the following is required: cluster_id, cluster_name"),
        ({"cluster_id": "c1", "cluster_name": "orders"}, "mutually exclusive: cluster_id|cluster_name"),
    ],
)
def test_cluster_has_to_be_named_once(
    module: str,
    address: dict[str, Any],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    params = {key: value for key, value in TASKS[module][0].items() if key != "cluster_id"}
    result, transport = run(module, {**CONNECTION, **params, **address}, capsys, monkeypatch, Answer(500))
    assert result["failed"] is True
    assert told in result["msg"]
    assert transport.sent == []


def test_keys_of_a_bucket_are_not_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    options = {
        **SLOW,
        "bucket_name": "logs",
        "bucket_access_key": "hunter-4-you",
        "bucket_secret_key": "hunter-5-you",
        "schedule_frequency_type": "DAY",
        "schedule_hour": 3,
        "_ansible_check_mode": True,
        "_ansible_diff": True,
    }
    result, _transport = run("mariadb_log_export", {**CONNECTION, **options}, capsys, monkeypatch, SHOWN, NONE)
    assert result["changed"] is True
    body = result["operations"][0]["body"]
    assert (body["access_key"], body["secret_key"]) == ("********", "********")


def test_empty_options_mean_nothing_and_left_out_ones_do_not_matter(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {
        "name": "orders",
        "allowable_ip_addresses": [],
        "maintenance_option": {},
        "init_config_option": {"backup_option": {}},
        "_ansible_check_mode": True,
    }
    result, _transport = run("mariadb_cluster", {**CONNECTION, **options}, capsys, monkeypatch, LISTED, SHOWN)
    assert [operation["operation"] for operation in result["operations"]] == [
        "Set Security Group Rules",
        "Unset Maintenance",
        "Unset Backup",
    ]


def test_password_of_the_database_is_not_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Answer(200, {"contents": [{"id": "e1", "software_version": "10.11.9"}]})
    options = {
        "name": "orders",
        "engine_version": "10.11",
        "instance_name_prefix": "orders",
        "subnet_id": "s1",
        "timezone": "Asia/Seoul",
        "instance_groups": [
            {
                "role_type": "ACTIVE",
                "server_type_name": "db1v2m4",
                "block_storage_groups": [{"role_type": "OS", "size_gb": 104}, {"role_type": "DATA", "size_gb": 16}],
            }
        ],
        "init_config_option": {
            "database_name": "orders",
            "database_user_name": "orders",
            "database_user_password": "hunter-4-you",
        },
        "_ansible_check_mode": True,
        "_ansible_diff": True,
    }
    result, _transport = run("mariadb_cluster", {**CONNECTION, **options}, capsys, monkeypatch, NONE, engine)
    assert result["changed"] is True
    assert result["operations"][0]["body"]["init_config_option"]["database_user_password"] == "********"


def test_every_module_has_a_task_here() -> None:
    folder = Path(importlib.import_module(f"{MODULES}.mariadb_cluster").__file__ or "").parent
    assert sorted(TASKS) == sorted(path.stem for path in folder.glob("*.py"))
