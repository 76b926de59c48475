# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The upgrade: replicas first, a recent backup demanded, and an account of what is patched where it stops."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.play import Play
from harness.roles import Role, RoleRan, run_roles
from harness.seeds import BACKUP, all_clusters, seed, settings_of_database
from harness.simulator import Json, Simulator
from harness.stacks import by_name
from harness.trouble import settings

PATCH = "Patch Minor Version"
OLD, NEW = "10.11.9", "10.11.15"
SAMPLE = Path(__file__).resolve().parents[2] / "playbooks" / "vars" / "upgrade.yml"


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=1, durations={PATCH: 0.3})


def backup(age_hours: float, **parts: Any) -> Json:
    """A backup that began so long ago, in Korean time and with fractions of a second."""
    start = datetime.now(UTC) - timedelta(hours=age_hours) + timedelta(hours=9)
    moment = start.strftime("%Y-%m-%dT%H:%M:%S.500+09:00")
    return {"backup_start_at": moment, "backup_end_at": moment, **parts}


def seed_origin(simulator: Simulator, name: str = "orders", replicas: Any = None, **parts: Any) -> Json:
    """A cluster with two replicas, of which the names do not follow the order of the ids."""
    with_backups: Json = {
        "init_config_option": settings_of_database(backup_option=BACKUP),
        "backup_histories": [backup(1, backup_state="FAILED"), backup(23), backup(90)],
    }
    names = [f"{name}-r2", f"{name}-r1"] if replicas is None else replicas
    return seed(simulator, name=name, replicas=[{"name": one} for one in names], **{**with_backups, **parts})


def upgrade(check: bool = False, **variables: Any) -> Role:
    given = {"cluster_name": "orders", "software_version": NEW, **variables}
    return Role("mariadb_upgrade", {f"mariadb_upgrade_{key}": value for key, value in given.items()}, check)


def patched(ran: RoleRan) -> list[str]:
    """The ids of the clusters that were patched, in their order."""
    return [call["path"].split("/")[3] for call in ran.calls if call["operation"] == PATCH]


def test_replicas_are_patched_before_their_origin_and_nothing_twice(play: Play) -> None:
    origin = seed_origin(play.simulator)
    ids = {name: shown["id"] for name, shown in by_name(play.simulator).items()}
    order = ["orders-r1", "orders-r2", "orders"]

    predicted, real, again = run_roles(
        play,
        upgrade(check=True),
        upgrade(),
        upgrade(cluster_name="", cluster_id=origin["id"], backup_max_age_hours=0.1),
    )

    steps = [
        f"{number}. {name} ({role_type}, {ids[name]}): {PATCH} {OLD} to {NEW}"
        for number, (name, role_type) in enumerate(zip(order, ("REPLICA", "REPLICA", "ORIGIN"), strict=True), 1)
    ]
    assert (predicted.failed, predicted.changed, predicted.writes) == (False, True, []), predicted.message
    assert predicted.fact("mariadb_upgrade_result")["steps"] == steps
    assert any(ran.result.get("msg") == steps for ran in predicted.tasks)
    assert "would run" in predicted.message

    assert (real.failed, real.changed, patched(real)) == (False, True, [ids[name] for name in order]), real.message
    assert real.fact("mariadb_upgrade_result")["steps"] == steps
    assert [call["body"]["backup_before_upgrade"] for call in real.calls if call["operation"] == PATCH] == [True] * 3
    assert {shown["software_version"] for shown in all_clusters(play.simulator)} == {NEW}

    assert (again.failed, again.changed, again.writes) == (False, False, []), again.message
    assert again.message == f"Nothing to do: orders-r1, orders-r2, orders run {NEW}."


def test_former_replicas_are_left_alone(play: Play) -> None:
    origin = seed_origin(play.simulator, replicas=["orders-r1"])
    promoted = seed(play.simulator, name="promoted")
    listed = [*origin["replicas"], promoted["id"], "0123456789abcdef0123456789abcdef"]
    play.simulator.control("PATCH", f"clusters/{origin['id']}", {"replicas": listed})
    (ran,) = run_roles(play, upgrade())
    assert (ran.failed, patched(ran)) == (False, [*origin["replicas"], origin["id"]]), ran.message


def test_it_stops_at_the_first_trouble_and_goes_on_from_there(play: Play) -> None:
    seed_origin(play.simulator)
    ids = {name: shown["id"] for name, shown in by_name(play.simulator).items()}

    stopped, refused, resumed = run_roles(
        play,
        upgrade().told("POST", "outcomes", {"operation": PATCH, "service_state": "UNKNOWN", "skip": 1}),
        upgrade(),
        upgrade(backup_before_upgrade=False).told(
            "PATCH", f"clusters/{ids['orders-r2']}", {"service_state": "RUNNING"}
        ),
    )

    assert (stopped.failed, patched(stopped)) == (True, [ids["orders-r1"], ids["orders-r2"]])
    assert f"The upgrade stopped at orders-r2 ({ids['orders-r2']}): " in stopped.message
    assert f"On {NEW} now: orders-r1 (RUNNING)." in stopped.message
    assert f"Not on it: orders-r2 ({OLD}, UNKNOWN) orders ({OLD}, RUNNING)." in stopped.message
    assert (refused.failed, refused.writes) == (True, [])
    assert f"orders-r2 ({ids['orders-r2']}) is UNKNOWN. Nothing was changed." in refused.message
    assert (resumed.failed, patched(resumed)) == (False, [ids["orders-r2"], ids["orders"]]), resumed.message
    bodies = [call["body"]["backup_before_upgrade"] for call in resumed.calls if call["operation"] == PATCH]
    assert bodies == [False, False]


def test_what_is_in_the_way_is_told_before_anything_is_sent(play: Play) -> None:
    seed_origin(play.simulator)
    seed_origin(play.simulator, "stale", backup_histories=[backup(1, backup_state="IN_PROGRESS"), backup(25)])
    seed_origin(play.simulator, "none", backup_histories=[backup(1, backup_state="FAILED")])
    seed_origin(play.simulator, "unset", replicas=[], init_config_option=settings_of_database())
    seed_origin(play.simulator, "stopped", service_state="STOPPED")
    seed_origin(play.simulator, "far", replicas=[])
    far = by_name(play.simulator)["far"]["id"]
    there = seed(play.simulator, name="far-r1", is_elsewhere=True, role_type="REPLICA", origin_cluster_id=far)
    play.simulator.control("PATCH", f"clusters/{far}", {"replicas": [there["id"]]})
    before = all_clusters(play.simulator)
    unsent: list[tuple[Json, str]] = [
        ({"software_version": "10.11"}, "mariadb_upgrade_software_version is 10.11, but must be a full version"),
        ({"backup_max_age_hour": 1}, "mariadb_upgrade_backup_max_age_hour: the role has no such variable."),
        ({"backup_max_age_hours": 0}, "mariadb_upgrade_backup_max_age_hours is 0"),
        ({"cluster_id": "x"}, "Exactly one of mariadb_upgrade_cluster_id and mariadb_upgrade_cluster_name"),
    ]
    refused: list[tuple[Json, str]] = [
        ({"backup_max_age_hours": 22}, " hours old, but mariadb_upgrade_backup_max_age_hours is 22"),
        ({"cluster_name": "stale"}, " hours old, but mariadb_upgrade_backup_max_age_hours is 24"),
        ({"cluster_name": "none"}, "has no finished backup to go back to"),
        ({"cluster_name": "unset"}, "The cluster unset has no backups configured"),
        ({"cluster_name": "stopped"}, ") is STOPPED. Nothing was changed."),
        ({"cluster_name": "far"}, "The replicas far-r1 of far can't be seen here"),
        ({"cluster_name": "orders-r1"}, "is a replica"),
        ({"cluster_name": "nobody"}, "There are 0 clusters with the id or name nobody"),
        ({"software_version": "11.4.7"}, "11.4.7"),
    ]

    runs = run_roles(play, *(upgrade(**variables) for variables, _words in unsent + refused))

    for (variables, words), ran in zip(unsent + refused, runs, strict=True):
        assert (ran.failed, ran.writes) == (True, []), variables
        assert words in str([one.result for one in ran.tasks]), (words, ran.message)
    # The backups age while the play runs.
    for ran, age in zip(runs[len(unsent) :], ("23", "25"), strict=False):
        assert re.search(rf"is {age}\.\d hours old", ran.message), ran.message
    assert not any(ran.calls for ran in runs[: len(unsent)])
    assert all_clusters(play.simulator) == before


def test_the_playbook_with_its_sample(play: Play) -> None:
    seed_origin(play.simulator, replicas=[])
    play.run("samsungcloud.scp.upgrade", "-e", f"@{SAMPLE}")
    assert play.exit_code == 0, play.output
    assert {shown["software_version"] for shown in all_clusters(play.simulator)} == {NEW}
