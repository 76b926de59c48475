# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several runs at once: each thing is done once, and nobody has to clean up."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.play import Play, Ran
from harness.seeds import all_clusters, seed
from harness.simulator import ACCEPTED, Json, Simulator
from harness.tasks import ORDERS, cluster
from harness.trouble import settings

CHANGES: list[Json] = [
    cluster(
        name="orders",
        allowable_ip_addresses=["10.0.2.0/24"],
        maintenance_option={"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0330"},
        init_config_option={"audit_enabled": True},
    ),
    {
        "samsungcloud.scp.mariadb_backup": {
            "cluster_name": "orders",
            "archive_frequency_minute": 60,
            "retention_period_day": 14,
            "starting_time_hour": 2,
        }
    },
    {"samsungcloud.scp.mariadb_parameters": {"cluster_name": "orders", "parameters": {"max_connections": 500}}},
]
OPERATIONS = ["Set Security Group Rules", "Set Maintenance", "Set Audit Log", "Set Backup", "Set Parameter Values"]


def at_once(simulator: Simulator, folder: Path, *plays: list[Json]) -> list[list[Ran]]:
    """Run several plays at the same time."""

    def run(number: int) -> list[Ran]:
        own = folder / str(number)
        own.mkdir()
        return Play(simulator, own, both_ways=False)(*plays[number])

    with ThreadPoolExecutor(len(plays)) as pool:
        return list(pool.map(run, range(len(plays))))


def done(simulator: Simulator) -> Counter[str]:
    """How often each operation was carried out."""
    written = [call for call in simulator.calls() if call["method"] != "GET"]
    return Counter(call["operation"] for call in written if call["status"] == ACCEPTED)


def test_two_runs_of_the_same_playbook(simulator: Simulator, tmp_path: Path) -> None:
    """An operation takes far longer than the moment between a run's last look and its write."""
    settings(simulator, time_scale=100)
    seed(simulator)

    both = at_once(simulator, tmp_path, CHANGES, CHANGES)

    for ran in (ran for plays in both for ran in plays):
        assert not ran.failed, ran.result
    told = Counter(operation for plays in both for ran in plays for operation in ran.operations)
    assert told == done(simulator) == dict.fromkeys(OPERATIONS, 1)
    for ran in Play(simulator, tmp_path)(*CHANGES):
        assert (ran.failed, ran.changed) == (False, False), ran.result


def test_two_runs_that_terminate(simulator: Simulator, tmp_path: Path) -> None:
    seed(simulator)

    both = at_once(simulator, tmp_path, *[[cluster(name="orders", state="absent")]] * 2)

    for (ran,) in both:
        assert not ran.failed, ran.result
    assert done(simulator) == {"Terminate Cluster": 1}
    assert all_clusters(simulator) == []


def test_two_runs_that_wait_for_the_same_name(simulator: Simulator, tmp_path: Path) -> None:
    """Both look for the name, and then wait until its cluster is terminated."""
    seed(simulator)
    settings(simulator, durations={"Terminate Cluster": 6000})
    [terminated] = Play(simulator, tmp_path, both_ways=False)(cluster(name="orders", state="absent", wait=False))
    assert not terminated.failed, terminated.result

    both = at_once(simulator, tmp_path, *[[cluster(**ORDERS)]] * 2)

    for (ran,) in both:
        assert not ran.failed, ran.result
    assert done(simulator) == {"Terminate Cluster": 1, "Create Cluster": 1}
    assert len(all_clusters(simulator)) == 1


def test_eight_runs_on_eight_clusters_of_an_account(simulator: Simulator, tmp_path: Path) -> None:
    names = [f"orders{letter}" for letter in "abcdefgh"]

    runs = at_once(simulator, tmp_path, *[[cluster(**{**ORDERS, "name": name})] for name in names])

    for (ran,) in runs:
        assert not ran.failed, ran.result
        assert ran.changed
    assert sorted(shown["name"] for shown in all_clusters(simulator)) == names
    assert {shown["service_state"] for shown in all_clusters(simulator)} == {"RUNNING"}
    assert done(simulator) == {"Create Cluster": 8}
