# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets appear nowhere, however they are given and whatever becomes of a task."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from harness.failures import told
from harness.play import Play, Ran
from harness.seeds import seed
from harness.simulator import Json, Simulator, running_simulator
from harness.tasks import ORDERS, cluster, info
from harness.trouble import fault, outcome, refusal, settings

CONNECTION = {
    "access_key": "Canary-of-the-access-key-1",
    "secret_key": "Canary-of-the-secret-key-1",
    "auth_token": "Canary-of-the-auth-token-1",
}
CANARIES = {
    **CONNECTION,
    "password": "Canary-of-the-password-1",
    "long_password": "Canary-of-a-password-that-is-too-long-1",
    "other_key": "Canary-of-another-secret-key-1",
}
PASSWORD = {"database_user_password": "{{ canary_password }}"}
AUDIT: Json = {"name": "orders", "init_config_option": {"audit_enabled": True, **PASSWORD}}
ENDLESS = 1_000_000
# What a careless service might answer, and what may be left of it.
ECHO = f"value_error: {', '.join(CONNECTION.values())}"
ECHO_WITH_PASSWORD = f"{ECHO}, {CANARIES['password']}"
MASKED = f"value_error: {', '.join(['********'] * len(CONNECTION))}"


class Vault(NamedTuple):
    """A simulator whose keys are canaries, and its log."""

    simulator: Simulator
    log: Path


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    path = tmp_path / "simulator.log"
    keys = ("--access-key", CANARIES["access_key"], "--secret-key", CANARIES["secret_key"])
    with path.open("w", encoding="utf-8") as log, running_simulator(*keys, "--time-scale", "6000", log=log) as running:
        yield Vault(running, path)


@pytest.fixture
def play(vault: Vault, tmp_path: Path) -> Play:
    """Run playbooks in a folder of their own, without a connection in their environment."""
    folder = tmp_path / "play"
    folder.mkdir()
    return Play(vault.simulator, folder, {"SCP_ACCESS_KEY": "", "SCP_SECRET_KEY": ""})


def by_option(_play: Play) -> Json:
    return {name: f"{{{{ canary_{name} }}}}" for name in CONNECTION}


def by_environment(play: Play) -> Json:
    play.environ |= {f"SCP_{name.upper()}": value for name, value in CONNECTION.items()}
    return {}


def by_file(play: Play) -> Json:
    write_credentials(play.folder, json.dumps({name.replace("_", "-"): value for name, value in CONNECTION.items()}))
    return {}


def write_credentials(home: Path, text: str) -> None:
    folder = home / ".scpconf"
    folder.mkdir(parents=True)
    (folder / "credentials.json").write_text(text, encoding="utf-8")


Give = Callable[[Play], Json]
in_every_way = pytest.mark.parametrize("give", [by_option, by_environment, by_file])


def run(play: Play, *tasks: Json, arguments: tuple[str, ...] = ()) -> list[Ran]:
    """Run tasks as loud as can be, with the secrets in a file of variables as users keep them.

    Ansible quotes the lines of a playbook where it reports an error, so that a literal there is no secret.
    """
    variables = play.folder / "secrets.yml"
    content = {f"canary_{name}": value for name, value in CANARIES.items()}
    variables.write_text(yaml.safe_dump(content), encoding="utf-8")
    return play(*tasks, arguments=("-e", f"@{variables}", "--diff", "-vvvv", *arguments))


def assert_no_leaks(play: Play, vault: Vault) -> None:
    """Search everything that the run and the simulator left behind, but for the files that give the secrets."""
    left_behind = {
        "output": play.output,
        "results": (play.folder / "record.jsonl").read_text(encoding="utf-8"),
        "journal": json.dumps(vault.simulator.calls()),
        "log of the simulator": vault.log.read_text(encoding="utf-8"),
    }
    for path in play.folder.glob("ansible/**/*"):
        if path.is_file():
            left_behind[str(path)] = path.read_text(encoding="utf-8", errors="replace")
    assert "invocation" in left_behind["output"]
    leaks = [(place, name) for name, value in CANARIES.items() for place, text in left_behind.items() if value in text]
    assert not leaks


@in_every_way
def test_runs_that_succeed(play: Play, vault: Vault, give: Give) -> None:
    given = give(play)
    orders = {**ORDERS, "init_config_option": {**ORDERS["init_config_option"], **PASSWORD}, **given}

    predicted, created, again, changed, shown = run(
        play,
        cluster(**orders, check=True),
        cluster(**orders),
        cluster(**orders),
        cluster(**AUDIT, **given),
        info("cluster", details=True, **given),
    )

    for ran in (predicted, created, again, changed, shown):
        assert not ran.failed, ran.result["msg"]
    [sent] = [call["body"] for call in created.writes]
    for body in (predicted.result["operations"][0]["body"], created.result["operations"][0]["body"], sent):
        assert body["init_config_option"]["database_user_password"] == "********"
    assert "POST /v1/clusters 202" in vault.log.read_text(encoding="utf-8")
    assert_no_leaks(play, vault)


@in_every_way
def test_runs_that_fail(play: Play, vault: Vault, give: Give) -> None:
    given = give(play)
    order_trouble(vault.simulator)
    too_long = {"database_user_password": "{{ canary_long_password }}"}
    window = {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0330"}
    with socket.socket() as taken:
        # Nobody listens there.
        taken.bind(("127.0.0.1", 0))
        unreachable = {"endpoint": f"http://127.0.0.1:{taken.getsockname()[1]}", "api_retries": 0}

        rows: list[tuple[Json, str]] = [
            (cluster(name="orders", init_config_option=too_long, **given), "database_user_password must be 8 to 30"),
            (cluster(name="invoices", init_config_option=PASSWORD, **given), "is required to create a cluster"),
            (info("cluster", **{**given, "secret_key": "{{ canary_other_key }}"}), "the signature does not match"),
            (info("cluster", **given, **unreachable), "can't be reached"),
            (info("engine_version", **given), MASKED),
            (info("server_type", **given), "does not serve version 1.0"),
            (cluster(**AUDIT, **given), f"{MASKED}, ********."),
            (cluster(**AUDIT, state="restarted", wait_timeout=1, **given), "The connection broke"),
            (cluster(**AUDIT, state="stopped", **given), "The cluster went UNKNOWN"),
            (cluster(**AUDIT, maintenance_option=window, wait_timeout=1, **given), "Waited 1 seconds"),
        ]
        ran = run(play, *[task for task, _words in rows])

    for one, (_task, words) in zip(ran, rows, strict=True):
        told(one, words)
    assert_no_leaks(play, vault)


def order_trouble(simulator: Simulator) -> None:
    seed(simulator)
    settings(simulator, stale_reads=0, durations={"Set Maintenance": ENDLESS})
    refusal(simulator, "List Engine Versions", 403, "Forbidden", ECHO)
    refusal(simulator, "List Server Types", 406, "NotAcceptable", ECHO)
    fault(simulator, "List API Versions", "truncated")
    refusal(simulator, "Set Audit Log", 400, "ValidationError", ECHO_WITH_PASSWORD)
    fault(simulator, "Restart Cluster", "reset")
    outcome(simulator, "Stop Cluster", service_state="UNKNOWN", detail=ECHO)


ORDERS_CLUSTER = {"cluster_name": "orders"}
NEW_REPLICA: Json = {
    "name": "near-1",
    "instance_groups": [
        {
            "role_type": "ACTIVE",
            "server_type_name": "db1v2m4",
            "block_storage_groups": [{"role_type": "DATA", "size_gb": 200}],
        }
    ],
}
RESTORED = {"name": "restored", "instance_name_prefix": "restored", "server_type_name": "db1v2m4", "latest": True}
BUCKET = {"bucket_name": "logs", "bucket_access_key": "key", "bucket_secret_key": "{{ canary_other_key }}"}
# Each module of the collection, with options that make it do something.
MODULES: dict[str, Json] = {
    "mariadb_backup": {
        **ORDERS_CLUSTER,
        "archive_frequency_minute": 60,
        "retention_period_day": 21,
        "starting_time_hour": 2,
    },
    "mariadb_backup_history": {**ORDERS_CLUSTER, "keep_last": 1},
    "mariadb_backup_info": ORDERS_CLUSTER,
    "mariadb_cluster": {"name": "orders", "state": "restarted"},
    "mariadb_cluster_info": {},
    "mariadb_engine_version_info": {},
    "mariadb_log_export": {
        **ORDERS_CLUSTER,
        **BUCKET,
        "log_type": "slow",
        "schedule_frequency_type": "DAY",
        "schedule_hour": 3,
    },
    "mariadb_log_export_info": ORDERS_CLUSTER,
    "mariadb_parameter_group_info": {},
    "mariadb_parameters": {**ORDERS_CLUSTER, "parameters": {"wait_timeout": 600}},
    "mariadb_parameters_info": ORDERS_CLUSTER,
    "mariadb_replica": {**ORDERS_CLUSTER, "replicas": [NEW_REPLICA]},
    "mariadb_replica_info": ORDERS_CLUSTER,
    "mariadb_request_info": {"request_ids": ["req-of-nobody"]},
    "mariadb_restore": {**ORDERS_CLUSTER, **RESTORED},
    "mariadb_server_type_info": {},
}
READS_FIRST = {
    "mariadb_engine_version_info": "List Engine Versions",
    "mariadb_parameter_group_info": "List Parameter Groups",
    "mariadb_request_info": "Show Request",
    "mariadb_server_type_info": "List Server Types",
}


def test_every_module(play: Play, vault: Vault) -> None:
    """Each runs, and each is refused by a careless service."""
    runtime = yaml.safe_load((Path(__file__).parents[2] / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert sorted(MODULES) == sorted(runtime["action_groups"]["scp"])
    given = by_option(play)
    seed(vault.simulator, backup_histories=[{"age_days": 1}, {"age_days": 2}])
    tasks: list[Json] = [{f"samsungcloud.scp.{name}": {**options, **given}} for name, options in MODULES.items()]

    for name, ran in zip(MODULES, run(play, *tasks), strict=True):
        assert ran.failed == (name == "mariadb_request_info"), ran.result
        assert ran.calls
        assert ran.changed == (not name.endswith("_info"))
    assert_no_leaks(play, vault)

    for name in MODULES:
        refusal(vault.simulator, READS_FIRST.get(name, "List Clusters"), 403, "Forbidden", ECHO)
    for ran in run(play, *tasks):
        told(ran, MASKED)
        assert ran.writes == []
    assert_no_leaks(play, vault)


def test_options_that_ansible_refuses(play: Play, vault: Vault) -> None:
    given = by_option(play)
    as_text = "database_user_password={{ canary_password }} audit_enabled=perhaps"

    for one in run(
        play,
        cluster(**AUDIT, **given, no_such_option=1),
        cluster(name="orders", init_config_option={**PASSWORD, "no_such_option": 1}, **given),
        cluster(name="orders", init_config_option=as_text, **given),
        cluster(**AUDIT, **given, wait_timeout="soon"),
        info("cluster", **given, endpoint="https://scott:{{ canary_password }}@192.0.2.1"),
        info("cluster", **given, endpoint="https://192.0.2.1?token={{ canary_password }}"),
        cluster(**AUDIT, **given, engine_version="10.11", dbaas_engine_version_id="1"),
        info("request", wait="later", **given),
    ):
        assert one.failed
        assert one.calls == []
    assert_no_leaks(play, vault)


def test_dry_run_of_a_whole_play(play: Play, vault: Vault) -> None:
    given = by_option(play)
    orders = {**ORDERS, "init_config_option": {**ORDERS["init_config_option"], **PASSWORD}, **given}
    refusal(vault.simulator, "List Clusters", 400, "ValidationError", ECHO_WITH_PASSWORD, skip=1)

    predicted, refused = run(play, *[cluster(**orders)] * 2, arguments=("--check",))

    assert predicted.operations == ["Create Cluster"]
    told(refused, f"{MASKED}, ********.")
    assert predicted.writes == refused.writes == []
    assert_no_leaks(play, vault)


@pytest.mark.parametrize(
    "template",
    [
        '{{"secret-key": "{secret_key}", "access-key": {access_key}}}',
        '["{secret_key}"]',
        '"{secret_key}',
    ],
)
def test_credentials_file_that_is_broken(play: Play, vault: Vault, template: str) -> None:
    write_credentials(play.folder, template.format(**CONNECTION))

    [ran] = run(play, info("cluster"))

    told(ran, "The SCP configuration file", "credentials.json")
    assert ran.calls == []
    assert_no_leaks(play, vault)
