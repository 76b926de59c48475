# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The failover: a switchover that is checked, and a promotion that is asked for twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.play import Play
from harness.roles import Role, run_roles
from harness.seeds import INSTANCES, ORDERS_SHOWN, all_clusters, seed
from harness.simulator import Simulator
from harness.stacks import by_name
from harness.trouble import settings

SWITCHOVER, PROMOTE, LOOK = "Switchover Cluster", "Promote Replica Cluster", "Synchronize Replica State"
SAMPLE = Path(__file__).resolve().parents[2] / "playbooks" / "vars" / "failover.yml"


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=1, durations={SWITCHOVER: 0.2, PROMOTE: 0.2, LOOK: 0.2})


def failover(check: bool = False, **variables: Any) -> Role:
    given = {"cluster_name": "orders", **variables}
    return Role("mariadb_failover", {f"mariadb_failover_{key}": value for key, value in given.items()}, check)


def switchover(check: bool = False, **variables: Any) -> Role:
    return failover(check, method="switchover", **variables)


def promotion(name: str = "orders-r1", check: bool = False, **variables: Any) -> Role:
    named = {"replica_name": name, "confirm_promotion": name}
    return failover(check, **{"method": "promotion", **named, **variables})


def hook(folder: Path, word: str) -> str:
    """A file of tasks that notes what is true when it runs."""
    line = word + " {{ (mariadb_failover_result | default({})).changed | default('-') }}"
    note = {
        "name": "Note the moment",
        "ansible.builtin.lineinfile": {
            "path": str(folder / "notes"),
            "create": True,
            "insertafter": "EOF",
            "line": line,
        },
    }
    (folder / f"{word}.yml").write_text(yaml.safe_dump([note]), encoding="utf-8")
    return str(folder / f"{word}.yml")


def active(simulator: Simulator, name: str = "orders") -> str:
    [group] = by_name(simulator)[name]["instance_groups"]
    [server] = [server["name"] for server in group["instances"] if server["role_type"] == "ACTIVE"]
    return str(server)


def test_switchover(play: Play, tmp_path: Path) -> None:
    shown = seed(play.simulator)
    to_second = {"active_instance": "orders002"}
    hooks = {"before_tasks": hook(tmp_path, "before"), "after_tasks": hook(tmp_path, "after")}

    predicted, real, again, back, check_again = run_roles(
        play,
        switchover(check=True, **to_second, **hooks),
        switchover(**to_second, **hooks),
        switchover(**to_second, **hooks),
        switchover(cluster_name="", cluster_id=shown["id"]),
        switchover(check=True, active_instance="orders001"),
    )

    assert (predicted.failed, predicted.changed, predicted.writes) == (False, True, []), predicted.message
    assert predicted.message == "orders would switch over from orders001 to orders002."
    assert (real.failed, real.changed, real.writes) == (False, True, [SWITCHOVER]), real.message
    assert real.message == "orders switched over from orders001 to orders002."
    result = real.fact("mariadb_failover_result")
    assert (result["active_instance_before"], result["active_instance"]) == ("orders001", "orders002")
    assert (result["host"], result["port"]) == (shown["virtual_ip_address"], 2866)
    assert (again.failed, again.fact("mariadb_failover_result")["changed"], again.writes) == (False, False, [])
    assert again.message == "Nothing to do: orders002 is the active server of orders."
    # The tasks after it complete an interrupted run, those before it have no business without a switchover.
    assert (tmp_path / "notes").read_text(encoding="utf-8").split("\n")[:-1] == [
        "before -",
        "after True",
        "after False",
    ]
    assert (back.failed, back.writes) == (False, [SWITCHOVER]), back.message
    assert active(play.simulator) == "orders001"
    assert (check_again.failed, check_again.changed, check_again.writes) == (False, False, [])


def test_another_run_must_not_undo_a_switchover_that_failed(play: Play, tmp_path: Path) -> None:
    """Where the role chose the server, a failure names it, whatever fails from the switchover on."""
    seed(play.simulator)
    broken = tmp_path / "broken.yml"
    task = {"name": "Lead the applications there", "ansible.builtin.fail": {"msg": "No route."}}
    broken.write_text(yaml.safe_dump([task]), encoding="utf-8")
    settings(play.simulator, durations={SWITCHOVER: 30})
    quick = {"durations": {SWITCHOVER: 0.2}}

    late, followed, led_nowhere, named = run_roles(
        play,
        switchover(wait_timeout=2),
        switchover(active_instance="orders002").told("POST", "clock", {"advance": 60}).told("POST", "settings", quick),
        switchover(after_tasks=str(broken)),
        switchover(active_instance="orders001", after_tasks=str(broken)),
    )

    assert late.failed
    assert "Set mariadb_failover_active_instance to orders002 before you run the role again" in late.message
    assert (followed.failed, followed.writes) == (False, []), followed.message
    assert led_nowhere.writes == [SWITCHOVER]
    assert led_nowhere.message.startswith(
        "No route. orders switched over from orders002 to orders001. Set mariadb_failover_active_instance to orders001"
    )
    assert (named.message, named.writes) == ("No route.", [])


def test_failure_of_a_callers_task_says_what_is_true_and_no_secret(play: Play, tmp_path: Path) -> None:
    seed(play.simulator)
    hidden = tmp_path / "hidden.yml"
    task = {"name": "Log in", "no_log": True, "ansible.builtin.fail": {"msg": "Wrong password Canary-1."}}
    hidden.write_text(yaml.safe_dump([task]), encoding="utf-8")

    [ran] = run_roles(play, switchover(after_tasks=str(hidden)))

    assert ran.failed
    assert ran.message == (
        "The task Log in failed; no_log hides why. orders switched over from orders001 to orders002. "
        "Set mariadb_failover_active_instance to orders002 before you run the role again; without it the role switches "
        "back."
    )


def test_tasks_that_cannot_be_loaded_end_a_run_that_has_named_the_server(play: Play, tmp_path: Path) -> None:
    """Ansible stops at once then, and runs no rescue."""
    seed(play.simulator)
    unknown = tmp_path / "unknown.yml"
    unknown.write_text("- no.such.module:\n", encoding="utf-8")

    run_roles(play, switchover(after_tasks=str(unknown)))

    assert play.exit_code != 0
    assert active(play.simulator) == "orders002"
    assert (
        "Switching orders over from orders001 to orders002. If this run is interrupted, set "
        "mariadb_failover_active_instance to orders002 before you run the role again"
    ) in play.output


def test_promotion(play: Play, tmp_path: Path) -> None:
    origin = seed(play.simulator, replicas=[{"name": "orders-r1"}, {"name": "orders-r2"}])
    ids = {name: shown["id"] for name, shown in by_name(play.simulator).items()}
    hooks = {"before_tasks": hook(tmp_path, "before"), "after_tasks": hook(tmp_path, "after")}

    predicted, real, again, check_again = run_roles(
        play,
        promotion(check=True, **hooks),
        promotion(**hooks),
        promotion(**hooks),
        promotion(check=True),
    )

    assert (predicted.failed, predicted.changed, predicted.writes) == (False, True, []), predicted.message
    assert "orders-r1 would become a cluster of its own." in predicted.message
    assert (real.failed, real.changed, real.writes) == (False, True, [LOOK, PROMOTE]), real.message
    assert "orders-r1 is now a cluster of its own. Its former origin orders is RUNNING" in real.message
    result = real.fact("mariadb_failover_result")
    assert (result["cluster_id"], result["origin_cluster_id"]) == (ids["orders-r1"], origin["id"])
    assert by_name(play.simulator)["orders-r1"]["role_type"] == "ORIGIN"
    assert by_name(play.simulator)["orders"]["replicas"] == [ids["orders-r2"]]
    assert not again.fact("mariadb_failover_result")["changed"]
    assert not check_again.changed
    for ran in (again, check_again):
        assert (ran.failed, ran.writes) == (False, []), ran.message
        assert ran.message.startswith("Nothing to do: orders-r1 is a cluster of its own.")
    assert (tmp_path / "notes").read_text(encoding="utf-8").split("\n")[:-1] == [
        "before -",
        "after True",
        "after False",
    ]


def test_a_replica_that_does_not_follow_is_promoted_only_if_the_origin_is_lost(play: Play) -> None:
    late = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.250")
    replicas = [
        {"name": "orders-r1", "replication": {"trouble": "duplicate key"}},
        {"name": "orders-r2", "replication": {"replica_state": "CONNECTED", "synced_at": late}},
        {"name": "orders-r3", "service_state": "STOPPED"},
    ]
    origin = seed(play.simulator, replicas=replicas)
    breaks, recovers = (
        ("PATCH", f"clusters/{origin['id']}", {"service_state": state}) for state in ("ERROR", "RUNNING")
    )

    down, down_checked, broken, predicted, lost, not_running = run_roles(
        play,
        promotion("orders-r2").told(*breaks),
        promotion("orders-r2", check=True, max_lag_seconds=9000),
        promotion("orders-r1").told(*recovers),
        promotion("orders-r1", check=True),
        promotion("orders-r1", origin_lost=True).told(*breaks),
        promotion("orders-r3", origin_lost=True),
    )

    assert (broken.failed, broken.writes) == (True, [LOOK]), broken.message
    assert "its replica_state is DISCONNECTED (duplicate key), which is none of CONNECTED" in broken.message
    assert "set mariadb_failover_origin_lost to true" in broken.message
    # A dry run can't know what the look of a real one will show.
    assert not predicted.failed, predicted.message
    assert any("As SCP last saw orders-r1, it would not be promoted" in str(ran.result) for ran in predicted.tasks)
    for ran in (down, down_checked):
        assert (ran.failed, ran.writes) == (True, [])
        assert "its origin orders is ERROR" in ran.message
        assert ("but mariadb_failover_max_lag_seconds is" in ran.message) is (ran is down)
    assert re.search(r"it was last in step 7[2-9]\d\d s ago", down.message)
    assert (lost.failed, lost.writes) == (False, [PROMOTE]), lost.message
    assert "Its former origin orders is ERROR" in lost.message
    assert (not_running.failed, not_running.writes) == (True, [])
    assert "is STOPPED; only a RUNNING one can be promoted" in not_running.message


def test_what_can_not_be_done_is_refused(play: Play, tmp_path: Path) -> None:
    seed(play.simulator, replicas=[{"name": "orders-r1"}])
    [group] = ORDERS_SHOWN["instance_groups"]
    dead = seed(play.simulator, name="dead")
    dead["instance_groups"][0]["instances"][1]["service_state"] = "ERROR"
    play.simulator.control("PATCH", f"clusters/{dead['id']}", {"instance_groups": dead["instance_groups"]})
    seed(play.simulator, name="halted", service_state="STOPPED")
    seed(play.simulator, name="alone", ha_enabled=False, instance_groups=[{**group, "instances": INSTANCES[:1]}])
    both_active = [{**server, "role_type": "ACTIVE"} for server in INSTANCES]
    seed(play.simulator, name="both", instance_groups=[{**group, "instances": both_active}])
    noted = hook(tmp_path, "noted")
    before = all_clusters(play.simulator)
    unsent: list[tuple[Role, str]] = [
        (promotion(confirm_promotion=""), "mariadb_failover_confirm_promotion is empty, but must be orders-r1"),
        (promotion(confirm_promotion="orders"), "mariadb_failover_confirm_promotion is orders, but must be orders-r1"),
        (promotion(active_instance="x"), "mariadb_failover_active_instance goes with the method switchover only."),
        (failover(method="promotion"), "mariadb_failover_replica_name must name the replica"),
        (switchover(origin_lost=True), "go with the method promotion only."),
        (
            switchover(before_tasks="before.yml"),
            "mariadb_failover_before_tasks is before.yml, but must be the full path",
        ),
        (switchover(after_tasks="/nowhere.yml"), "mariadb_failover_after_tasks is /nowhere.yml, but must be"),
        (switchover(force=True), "mariadb_failover_force: the role has no such variable."),
        (failover(method="failback"), "value of mariadb_failover_method must be one of"),
    ]
    refused: list[tuple[Role, str]] = [
        (switchover(active_instance="orders009"), "must be a server of the cluster orders: orders001, orders002"),
        (switchover(cluster_name="dead"), "The server orders002 of the cluster dead is ERROR"),
        (switchover(cluster_name="halted"), "is STOPPED and highly available"),
        (switchover(cluster_name="both", before_tasks=noted), "orders001 is ACTIVE, orders002 is ACTIVE"),
        (switchover(cluster_name="alone"), "is RUNNING and not highly available"),
        (switchover(cluster_name="nobody"), "There are 0 clusters with the id or name nobody"),
        (promotion("orders-r7"), "must be a replica of orders"),
    ]

    runs = run_roles(play, *(role for role, _words in unsent + refused))

    for (_role, words), ran in zip(unsent + refused, runs, strict=True):
        assert (ran.failed, ran.writes) == (True, []), words
        assert words in str([one.result for one in ran.tasks]), (words, ran.message)
    assert not any(ran.calls for ran in runs[: len(unsent)])
    assert all_clusters(play.simulator) == before
    assert not (tmp_path / "notes").exists()


def test_the_playbook_with_its_sample(play: Play) -> None:
    seed(play.simulator)
    play.run("samsungcloud.scp.failover", "-e", f"@{SAMPLE}")
    assert play.exit_code == 0, play.output
    assert "orders switched over from orders001 to orders002." in play.output
    assert active(play.simulator) == "orders002"
