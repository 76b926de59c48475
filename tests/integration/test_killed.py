# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``ansible-playbook`` and all that it started killed in the middle of a write.

The next run goes on, and does nothing twice.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from harness.play import Play
from harness.processes import family, kill, wait_until
from harness.seeds import all_clusters, seed
from harness.simulator import ACCEPTED, Json, Simulator
from harness.tasks import ORDERS, cluster
from harness.trouble import fault, settings

SECONDS_TO_ARRIVE = 60.0
LONGER_THAN_THE_TEST = 600
GROUP: Json = {
    "role_type": "ACTIVE",
    "server_type_name": "db1v2m4",
    "block_storage_groups": [{"role_type": "DATA", "size_gb": 200}],
}


class Case(NamedTuple):
    """A task on a cluster that is there, or not; ``killed_at`` is the write that it is killed at."""

    task: Json
    killed_at: str
    is_there: bool = True


CASES = [
    Case(cluster(**{**ORDERS, "name": "created"}), "Create Cluster", is_there=False),
    Case(
        cluster(name="changed", allowable_ip_addresses=["10.0.2.0/24"], init_config_option={"audit_enabled": True}),
        "Set Audit Log",
    ),
    Case(cluster(name="terminated", state="absent"), "Terminate Cluster"),
    Case(
        {
            "samsungcloud.scp.mariadb_replica": {
                "cluster_name": "replicated",
                "replicas": [{"name": "near-1", "instance_groups": [GROUP]}],
            }
        },
        "Create Replica",
    ),
]
NAMES = ("created", "changed", "terminated", "replicated")


@pytest.mark.parametrize("kind", ["hang", "hang_after"], ids=["before the service acts", "after the service acted"])
def test_killed_at_a_write(play: Play, kind: str) -> None:
    settings(play.simulator, time_scale=6000)
    for name, case in zip(NAMES, CASES, strict=True):
        if case.is_there:
            seed(play.simulator, name=name)
        run_until_killed(play, case, kind)

    going_on = play(*(case.task for case in CASES))
    again = play(*(case.task for case in CASES))

    for ran in going_on:
        assert not ran.failed, ran.result
    for ran in again:
        assert not ran.failed, ran.result
        assert (ran.changed, ran.writes) == (False, [])
    assert sorted(shown["name"] for shown in all_clusters(play.simulator)) == [
        "changed",
        "created",
        "near-1",
        "replicated",
    ]
    for case in CASES:
        assert len(acted_upon(play.simulator, case.killed_at)) == 1
    assert not [call for call in writes(play.simulator) if call["status"] and call["status"] >= 400]


def run_until_killed(play: Play, case: Case, kind: str) -> None:
    fault(play.simulator, case.killed_at, kind, seconds=LONGER_THAN_THE_TEST)
    with play.start(case.task) as process:
        try:
            assert wait_until(lambda: has_arrived(play.simulator), SECONDS_TO_ARRIVE)
        finally:
            kill(family(process.pid))


def has_arrived(simulator: Simulator) -> bool:
    return not simulator.control("GET", "faults")["faults"]


def writes(simulator: Simulator) -> list[Json]:
    return [call for call in simulator.calls() if call["method"] != "GET"]


def acted_upon(simulator: Simulator, operation: str) -> list[Json]:
    """The writes that the service carried out, with an answer or without."""
    called = [call for call in writes(simulator) if call["operation"] == operation]
    return [call for call in called if call["status"] == ACCEPTED or call["fault"] == "hang_after"]
