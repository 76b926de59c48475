# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that stop on the way, and what the next run makes of it: never twice, never half."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.cycle import assert_holds
from harness.failures import error_of, told
from harness.play import Play
from harness.seeds import ORDERS_SHOWN, all_clusters, only_cluster, seed
from harness.simulator import Json, Simulator
from harness.tasks import ORDERS, cluster
from harness.trouble import advance, fault, outcome, refusal, settings

THREE_CHANGES: Json = {
    "allowable_ip_addresses": ["10.0.2.0/24"],
    "maintenance_option": {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0330"},
    "init_config_option": {"audit_enabled": True},
}
THREE_STEPS = ["Set Security Group Rules", "Set Maintenance", "Set Audit Log"]
ENDLESS = 1_000_000

# What happens to the answer, by the name of the cluster.
LOST: dict[str, Json] = {
    "reset": {"kind": "reset_after"},
    "fault": {"kind": "status_after", "status": 500},
    "gateway": {"kind": "status_after", "status": 502, "body": "html"},
    "truncated": {"kind": "truncated"},
    "broken": {"kind": "broken_json"},
    "late": {"kind": "hang_after", "seconds": 5},
}


@pytest.fixture(autouse=True)
def _fast_cloud(simulator: Simulator) -> None:
    """Let a creation take a tenth of a second, for here it is the end that counts."""
    settings(simulator, time_scale=6000)


def test_run_after_a_time_out_goes_on(play: Play) -> None:
    settings(play.simulator, time_scale=1)

    late, later = play(cluster(**ORDERS, wait_timeout=2), cluster(**ORDERS, wait_timeout=1))

    made = only_cluster(play.simulator)
    told(late, "Waited 2 seconds (wait_timeout) for the cluster to be RUNNING", "is CREATING", "Run the task again")
    told(later, "Waited 1 seconds (wait_timeout) for the end of the operation under way", "is CREATING")
    assert late.operations == ["Create Cluster"]
    assert late.changed
    assert late.result["request_id"] == late.result["operations"][0]["request_id"]
    assert later.writes == []
    assert later.result["operations"] == []
    assert not later.changed
    for ran in (late, later):
        assert ran.result["cluster_id"] == made["id"]
        assert ran.result["cluster"]["service_state"] == "CREATING"

    settings(play.simulator, time_scale=600)
    going_on, again = play(*[cluster(**ORDERS)] * 2)

    for ran in (going_on, again):
        assert not ran.failed, play.output
        assert ran.writes == []
        assert not ran.changed
        assert ran.result["cluster"]["service_state"] == "RUNNING"
        assert ran.result["cluster_id"] == made["id"]
    assert only_cluster(play.simulator)["id"] == made["id"]


@pytest.mark.parametrize(
    ("operation", "state", "seeds"),
    [
        ("Restart Cluster", {"state": "restarted"}, {}),
        ("Switchover Cluster", {"state": "switched_over"}, ORDERS_SHOWN),
    ],
)
def test_operation_that_times_out_is_not_repeated(play: Play, operation: str, state: Json, seeds: Json) -> None:
    """Neither by the advice, nor by until, nor by a later task of the same run."""
    seed(play.simulator, **seeds)
    settings(play.simulator, durations={operation: 6 * 6000})
    task = cluster(name="orders", **state)

    retried = cluster(name="orders", **state, wait_timeout=3)
    tried, later = play(
        {**retried, "register": "tried", "until": "tried is not failed", "retries": 5, "delay": 0}, task
    )

    assert not tried.failed, play.output
    assert tried.result["attempts"] > 1
    writes = [call["operation"] for call in play.simulator.calls() if call["method"] != "GET"]
    assert writes == [operation] * 2
    assert later.operations == [operation]


def test_advice_after_a_restart_that_times_out_waits_without_acting(play: Play) -> None:
    seed(play.simulator)
    settings(play.simulator, durations={"Restart Cluster": 4 * 6000})

    [late] = play(cluster(name="orders", state="restarted", wait_timeout=1))
    request_id = late.result["request_id"]
    told(late, "Do not run the task again", f"mariadb_request_info (request_ids: [{request_id}], wait: true)")
    [waited] = play({"samsungcloud.scp.mariadb_request_info": {"request_ids": [request_id], "wait": True}})

    assert not waited.failed, play.output
    assert waited.writes == []


@pytest.mark.parametrize("arguments", [(), ("--check",)])
def test_restart_of_another_run_is_not_repeated(play: Play, arguments: tuple[str, ...]) -> None:
    seed(play.simulator)
    settings(play.simulator, durations={"Restart Cluster": ENDLESS}, stale_reads=0)
    restarted = cluster(name="orders", state="restarted", wait=False)
    [begun] = play(restarted)
    assert begun.changed

    [other] = play(restarted, arguments=arguments)

    assert not other.failed, play.output
    assert (other.changed, other.operations, other.writes) == (False, [], [])


def test_termination_that_times_out(play: Play) -> None:
    seeded = seed(play.simulator)
    settings(play.simulator, durations={"Terminate Cluster": ENDLESS})

    [late] = play(cluster(name="orders", state="absent", wait_timeout=2))

    told(late, "Waited 2 seconds (wait_timeout) for the end of the termination", "is TERMINATING")
    assert late.operations == ["Terminate Cluster"]
    assert late.result["cluster_id"] == seeded["id"]

    advance(play.simulator, ENDLESS)
    [again] = play(cluster(name="orders", state="absent"))

    assert not again.failed
    assert again.writes == []


def test_creations_whose_answers_are_lost_are_adopted(play: Play) -> None:
    for lost in LOST.values():
        fault(play.simulator, "Create Cluster", **lost)

    for created in play(*[cluster(**{**ORDERS, "name": name}, api_timeout=1) for name in LOST]):
        assert not created.failed, play.output
        assert created.changed
        assert created.operations == ["Create Cluster"]
        assert created.result["operations"][0]["request_id"] is None
        assert created.result["cluster"]["service_state"] == "RUNNING"
        assert len(created.writes) == 1
    assert [made["name"] for made in all_clusters(play.simulator)] == list(LOST)


def test_creation_whose_answer_is_empty_is_adopted(play: Play) -> None:
    fault(play.simulator, "Create Cluster", "empty")

    created, again = play(*[cluster(**ORDERS)] * 2)

    assert again.writes == []
    assert not created.failed, play.output
    assert created.result["cluster_id"] == only_cluster(play.simulator)["id"]


def test_creation_whose_answer_is_lost_is_found_without_waiting_for_it(play: Play) -> None:
    fault(play.simulator, "Create Cluster", "reset_after")

    [created] = play(cluster(**ORDERS, wait=False))

    assert not created.failed, play.output
    assert created.operations == ["Create Cluster"]
    assert created.result["cluster_id"] == only_cluster(play.simulator)["id"]
    assert created.result["request_id"] is None


def test_creation_that_never_arrived_is_left_to_the_next_run(play: Play) -> None:
    fault(play.simulator, "Create Cluster", "reset")

    lost, again = play(cluster(**ORDERS, wait_timeout=2), cluster(**ORDERS))

    told(lost, "The connection broke while Create Cluster was under way", "Whether it was carried out is not known")
    assert lost.result["operations"] == []
    assert error_of(lost)["method"] == "POST"
    assert error_of(lost)["path"] == "/v1/clusters"
    assert not again.failed, play.output
    assert again.operations == ["Create Cluster"]
    assert only_cluster(play.simulator)["id"] == again.result["cluster_id"]


@pytest.mark.parametrize(
    ("operation", "options"),
    [
        ("Set Audit Log", {"init_config_option": {"audit_enabled": True}}),
        # Over before the task looks.
        ("Set Maintenance", {"maintenance_option": THREE_CHANGES["maintenance_option"]}),
        ("Restart Cluster", {"state": "restarted"}),
        ("Stop Cluster", {"state": "stopped"}),
        ("Terminate Cluster", {"state": "absent"}),
    ],
)
def test_change_whose_answer_is_lost_is_done_once(play: Play, operation: str, options: Json) -> None:
    seeded = seed(play.simulator)
    # A restart shows only while it lasts.
    settings(play.simulator, durations={"Restart Cluster": 12_000})
    fault(play.simulator, operation, "reset_after")

    [changed] = play(cluster(name="orders", **options))

    assert not changed.failed, play.output
    assert changed.operations == [operation]
    assert [call["operation"] for call in changed.writes] == [operation]
    assert changed.result["operations"][0]["request_id"] is None
    assert changed.result["cluster_id"] == seeded["id"]


def refused(simulator: Simulator) -> None:
    refusal(simulator, "Set Maintenance", 400, "Dbaas.ValidationError", "The window is closed")


def request_fails(simulator: Simulator) -> None:
    outcome(simulator, "Set Maintenance", service_state=None)


def cluster_breaks(simulator: Simulator) -> None:
    settings(simulator, stale_reads=0)
    outcome(simulator, "Set Maintenance", service_state="UNKNOWN")


def takes_too_long(simulator: Simulator) -> None:
    settings(simulator, durations={"Set Maintenance": ENDLESS})


@pytest.mark.parametrize(
    ("trouble", "words", "sent", "left"),
    [
        (refused, "Set Maintenance failed: 400 Bad Request (Dbaas.ValidationError): The window is closed", 1, 2),
        (request_fails, "SCP accepted the request and then failed it", 2, 2),
        (cluster_breaks, "The cluster went UNKNOWN while the task was waiting for the maintenance window", 2, 2),
        (takes_too_long, "Waited 3 seconds (wait_timeout) for the maintenance window", 2, 1),
    ],
)
def test_failure_in_the_second_of_three_steps(
    play: Play, trouble: Callable[[Simulator], None], words: str, sent: int, left: int
) -> None:
    seeded = seed(play.simulator)
    trouble(play.simulator)

    [failed] = play(cluster(name="orders", **THREE_CHANGES, wait_timeout=3))

    told(failed, words, f"Sent so far: {', '.join(THREE_STEPS[:sent])}.")
    assert failed.changed
    assert failed.operations == THREE_STEPS[:sent]
    assert failed.result["cluster_id"] == seeded["id"]

    advance(play.simulator, ENDLESS)
    next_run, again = play(*[cluster(name="orders", **THREE_CHANGES)] * 2)

    recovery = ["Synchronize Cluster State"] if trouble is cluster_breaks else []
    assert not next_run.failed, play.output
    assert next_run.operations == recovery + THREE_STEPS[-left:]
    assert not again.changed
    assert_holds(only_cluster(play.simulator), THREE_CHANGES)
