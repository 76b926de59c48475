# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles with the variables that surveys, INI inventories and loops give them: texts, blanks, nulls and templates."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.play import Play, Ran
from harness.roles import Role, run_roles
from harness.seeds import BACKUP, all_clusters, seed, settings_of_database
from harness.simulator import Json, Simulator
from harness.trouble import settings

PROMOTE, LOOK, PATCH = "Promote Replica Cluster", "Synchronize Replica State", "Patch Minor Version"
RESTORE, TERMINATE = "Create Restore Cluster", "Terminate Cluster"
OLD, NEW = "10.11.9", "10.11.15"


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=1, durations=dict.fromkeys((PROMOTE, LOOK, PATCH, RESTORE, TERMINATE), 0.2))


def prefixed(role: str, variables: Json) -> Json:
    return {f"{role}_{name}": value for name, value in variables.items()}


def with_backups(simulator: Simulator, name: str, **parts: Any) -> Json:
    """A cluster with a backup of an hour ago."""
    start = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    history = {"backup_history_number": "202611020200", "backup_start_at": start, "backup_end_at": start}
    database = settings_of_database(backup_option=BACKUP)
    return seed(simulator, name=name, init_config_option=database, backup_histories=[history], **parts)


def in_a_loop(role: str, items: list[Json], variables: Json, check: bool = False) -> Json:
    """A task that runs a role for each item, with variables that are templates over ``item``."""
    task: Json = {
        "ansible.builtin.include_role": {"name": f"samsungcloud.scp.{role}"},
        "vars": prefixed(role, variables),
        "loop": items,
    }
    if check:
        task["ansible.builtin.include_role"]["apply"] = {"check_mode": True}
    return task


def facts(ran: list[Ran], name: str) -> list[Any]:
    """The values that a fact got, without what it is reset to."""
    found = [one.result["ansible_facts"][name] for one in ran if name in one.result.get("ansible_facts", {})]
    return [value for value in found if value]


def writes(ran: list[Ran]) -> list[str]:
    return [call["operation"] for one in ran for call in one.writes]


def test_failover_with_texts_blanks_and_nulls(play: Play) -> None:
    seed(play.simulator, replicas=[{"name": "orders-r1", "replication": {"trouble": "duplicate key"}}])
    named = {"cluster_name": "orders", "replica_name": "orders-r1", "confirm_promotion": "orders-r1"}
    left_out = {
        "cluster_id": "",
        "active_instance": None,
        "before_tasks": None,
        "after_tasks": None,
        "wait_timeout": "",
    }

    def promotion(check: bool = False, **variables: Any) -> Role:
        given = {"method": "promotion", **named, **left_out, **variables}
        return Role("mariadb_failover", prefixed("mariadb_failover", given), check)

    kept, blank, garbage, long, predicted, lost = run_roles(
        play,
        promotion(origin_lost="false", max_lag_seconds="300", healthy_states='["CONNECTED", "SYNCED"]'),
        promotion(origin_lost="", max_lag_seconds=None, healthy_states=""),
        promotion(origin_lost="maybe", max_lag_seconds="5m", healthy_states={"CONNECTED": True}),
        promotion(after_tasks="/nowhere/after.yml"),
        promotion(check=True, origin_lost="True"),
        promotion(origin_lost="yes", max_lag_seconds="0"),
    )

    for ran in (kept, blank):
        assert (ran.failed, ran.writes) == (True, [LOOK]), ran.message
        assert "which is none of CONNECTED, SYNCED" in ran.message
    assert (garbage.failed, garbage.calls) == (True, [])
    assert garbage.message == (
        "mariadb_failover_origin_lost is 'maybe', but valid values are true and false. "
        "mariadb_failover_max_lag_seconds is '5m', but must be a whole number of 0 or more. "
        "mariadb_failover_healthy_states is a dictionary, but must be a list. Nothing was changed."
    )
    assert (long.failed, long.calls) == (True, [])
    assert "mariadb_failover_after_tasks is /nowhere/after.yml" in long.message
    assert (predicted.failed, predicted.writes) == (False, []), predicted.message
    assert (lost.failed, lost.writes) == (False, [PROMOTE]), lost.message


def test_upgrade_in_a_loop_over_items(play: Play) -> None:
    """The variables are templates over ``item``, with keys that the API's answers have as well."""
    items = [{"name": name, "software_version": NEW, "backup": "no"} for name in ("shop", "books")]
    for item in items:
        with_backups(play.simulator, item["name"], replicas=[{"name": f"{item['name']}-r1"}])
    variables = {
        "cluster_name": "{{ item.name }}",
        "software_version": "{{ item.software_version }}",
        "backup_before_upgrade": "{{ item.backup }}",
        "backup_max_age_hours": "{{ item.hours | default('') }}",
    }
    name = "mariadb_upgrade_result"

    predicted = play(in_a_loop("mariadb_upgrade", items, variables, check=True))
    assert [len(result["steps"]) for result in facts(predicted, name)] == [2, 2], play.output
    assert writes(predicted) == []
    real = play(in_a_loop("mariadb_upgrade", items, variables))
    assert [result["order"] for result in facts(real, name)] == [["shop-r1", "shop"], ["books-r1", "books"]], (
        play.output
    )
    assert writes(real) == [PATCH] * 4
    assert [call["body"]["backup_before_upgrade"] for one in real for call in one.writes] == [False] * 4
    assert {shown["software_version"] for shown in all_clusters(play.simulator)} == {NEW}
    again = play(in_a_loop("mariadb_upgrade", items, variables))
    assert [result["changed"] for result in facts(again, name)] == [False, False], play.output
    assert writes(again) == []


def test_upgrade_is_no_success_while_a_cluster_runs_another_version(play: Play) -> None:
    shown = with_backups(play.simulator, "orders")
    reached: Json = {
        "_mariadb_upgrade_options": {"software_version": NEW, "backup_before_upgrade": False, "wait_timeout": 60},
        "_mariadb_upgrade_origin": shown,
        "_mariadb_upgrade_replicas_found": {"results": []},
        "_mariadb_upgrade_to_do": [],
        "_mariadb_upgrade_probe": {},
    }

    [ran] = run_roles(play, Role("mariadb_upgrade", reached, tasks_from="patch"))

    assert (ran.failed, ran.writes) == (True, []), play.output
    assert f"Not every cluster runs {NEW}" in ran.message
    assert f"Not on it: orders ({OLD}, RUNNING)" in ran.message


def test_drill_in_a_loop_with_texts_blanks_and_nulls(play: Play) -> None:
    items = [{"source": name, "addresses": text} for name, text in (("shop", "10.0.9.10, 10.0.9.11"), ("books", ""))]
    sources = [with_backups(play.simulator, item["source"]) for item in items]
    variables = {
        "cluster_name": "{{ item.source }}",
        "name": "{{ item.source }}drill",
        "allowable_ip_addresses": "{{ item.addresses }}",
        "tags": None,
        "block_storage_groups": "",
        "checks": None,
        "report_path": "",
        "wait_timeout": "600",
        "terminate_timeout": None,
    }

    ran = play(in_a_loop("mariadb_restore_drill", items, variables))

    results = facts(ran, "mariadb_restore_drill_result")
    assert [(one["succeeded"], one["source"]["name"]) for one in results] == [(True, "shop"), (True, "books")], (
        play.output
    )
    assert writes(ran) == [RESTORE, TERMINATE] * 2
    bodies = [call["body"] for one in ran for call in one.writes if call["operation"] == RESTORE]
    assert [body.get("allowable_ip_addresses") or [] for body in bodies] == [["10.0.9.10/32", "10.0.9.11/32"], []]
    assert all_clusters(play.simulator) == sources


def test_drill_whose_files_are_wrong_is_rejected_before_the_first_call(play: Play, tmp_path: Path) -> None:
    given = {"cluster_name": "orders", "name": "drill"}
    wrong: list[tuple[Json, str]] = [
        (
            {"report_path": str(tmp_path / "none" / "drill.json")},
            "but must be the path of a file in a folder that exists.",
        ),
        ({"checks": "/nowhere/checks.yml"}, "mariadb_restore_drill_checks is /nowhere/checks.yml"),
        ({"tags": "team=commerce"}, "mariadb_restore_drill_tags is a text, but must be a dictionary."),
        (
            {"block_storage_groups": [{"role_type": "DATA"}]},
            "Missing options of mariadb_restore_drill_block_storage_groups[0]: size_gb.",
        ),
        ({"name": ""}, "mariadb_restore_drill_name is required."),
        ({"wait_timeout": "2h"}, "mariadb_restore_drill_wait_timeout is '2h', but must be a whole number"),
    ]

    runs = run_roles(
        play,
        *(Role("mariadb_restore_drill", prefixed("mariadb_restore_drill", {**given, **one})) for one, _words in wrong),
    )

    for (_given, words), ran in zip(wrong, runs, strict=True):
        assert (ran.failed, ran.calls) == (True, []), words
        assert words in ran.message, ran.message


def test_stack_with_texts_and_nulls(play: Play) -> None:
    """What is null is left alone, and the text false is not true."""
    with_backups(play.simulator, "orders", replicas=[{"name": "orders-r1"}])
    before = all_clusters(play.simulator)
    nulls = dict.fromkeys(("archive_frequency_minute", "retention_period_day", "starting_time_hour"))
    stack = {
        "cluster": {"name": "orders", "cluster_id": "", "init_config_option": {"backup_option": nulls}, "tags": None},
        "backup": {**nulls, "archive": None},
        "parameters": {"parameters": None, "reset": None},
        "log_exports": None,
        "replicas": {"replicas": None, "maintenance_option": {"period_hour": None}},
    }

    kept, as_text, refused = run_roles(
        play,
        Role("mariadb", {"mariadb_stack": stack}),
        Role("mariadb", {"mariadb_stack": json.dumps(stack)}),
        Role(
            "mariadb",
            {"mariadb_stack": stack, "mariadb_state": "absent", "mariadb_terminate_all_replicas": "false"},
        ),
    )

    for ran in (kept, as_text):
        assert (ran.failed, ran.writes) == (False, []), ran.message
    assert (refused.failed, refused.writes) == (True, [])
    assert any("replicas that mariadb_stack does not declare: orders-r1" in str(ran.result) for ran in refused.tasks)
    assert all_clusters(play.simulator) == before


def test_playbook_with_extra_variables_of_any_name(play: Play) -> None:
    """Extra variables win over those of a task, so that a playbook may not have names that its users choose."""
    shown = with_backups(play.simulator, "orders")
    extra = dict.fromkeys(("cluster", "database", "servers", "address", "item", "port", "name", "result", "stack"), "x")
    given = {**extra, "mariadb_stack": {"cluster": {"name": "{{ 'orders' }}"}}}

    play.run("samsungcloud.scp.provision", "-e", json.dumps(given))

    assert play.exit_code == 0, play.output
    assert f"at {shown['virtual_ip_address']}:2866" in " ".join(play.output.split())


def test_termination_needs_a_name(play: Play) -> None:
    seed(play.simulator)
    for stack in ({}, "", None, {"cluster": {"name": ""}}, {"cluster": None}):
        given = {"mariadb_stack": stack, "decommission_confirm": ""}
        play.run("samsungcloud.scp.decommission", "-e", json.dumps(given))
        assert play.exit_code != 0
        assert "mariadb_stack.cluster.name is required" in play.output, play.output
    assert play.simulator.calls() == []


@pytest.mark.parametrize("started_in", ["folder", "/"])
def test_report_without_pwd_goes_where_ansible_was_started_or_home(play: Play, tmp_path: Path, started_in: str) -> None:
    """A service manager sets no PWD, and starts programs in the root folder."""
    seed(play.simulator)
    play.environ = {"PWD": ""}
    if started_in == "/":
        play.started_in = Path("/")
    else:
        play.started_in = tmp_path / "project"
        play.started_in.mkdir()

    given = {"mariadb_report_backups": "false", "mariadb_report_stacks": "", "mariadb_report_service_state": None}
    ran = play.run("samsungcloud.scp.report", "-e", json.dumps(given), "-e", "mariadb_report_end_of_service_days=30")

    assert play.exit_code == 0, play.output
    # HOME is the folder of the play.
    folder = play.folder if started_in == "/" else play.started_in
    page = (folder / "mariadb-report.html").read_text(encoding="utf-8")
    assert "near 30 days before it" in page
    assert "Backups were not read." in page
    assert [call for one in ran for call in one.calls if call["operation"] == "List Backup Histories"] == []
    assert not Path("/mariadb-report.html").exists()
