# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations that SCP accepts and then fails, and clusters that are busy or gone."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from harness.failures import error_of, told
from harness.play import Play
from harness.seeds import all_clusters, only_cluster, seed
from harness.simulator import ACCEPTED, Json, Simulator
from harness.tasks import ORDERS, cluster
from harness.trouble import ALWAYS, fault, outcome, refusal, settings

WORD = "FAILED_NO_CAPACITY"
# Less than the time for which a cluster in rest counts as a stale read: a failure must not wait for that.
AT_ONCE = {"wait_timeout": 30}
AUDIT: Json = {"name": "orders", "init_config_option": {"audit_enabled": True}}
BROKEN = ["FAILED", "ERROR", "UNKNOWN"]


@pytest.fixture(autouse=True)
def _fast_cloud(simulator: Simulator) -> None:
    """Let a creation take a tenth of a second, for here it is the end that counts."""
    settings(simulator, time_scale=6000)


@pytest.mark.parametrize(
    ("state", "way_out", "next_run"),
    [
        ("FAILED", "state: absent", []),
        ("ERROR", "state: synced", []),
        ("UNKNOWN", "state: synced", ["Synchronize Cluster State"]),
    ],
)
def test_creation_that_ends_badly(play: Play, state: str, way_out: str, next_run: list[str]) -> None:
    settings(play.simulator, request_words={"failed": WORD})
    outcome(play.simulator, "Create Cluster", service_state=state)

    failed, again = play(cluster(**ORDERS, **AT_ONCE), cluster(**ORDERS, **AT_ONCE))

    made = only_cluster(play.simulator)
    told(failed, f"The cluster went {state} while the task was waiting for the cluster to be RUNNING.", WORD, way_out)
    assert failed.operations == ["Create Cluster"]
    request_id = failed.result["operations"][0]["request_id"]
    assert error_of(failed)["detail"] == WORD
    assert error_of(failed)["request_id"] == failed.result["request_id"] == request_id
    assert failed.result["cluster_id"] == failed.result["cluster"]["id"] == made["id"]
    assert failed.result["cluster"]["service_state"] == state
    assert failed.changed

    assert [call["operation"] for call in again.writes] == next_run
    if next_run:
        assert not again.failed
        assert again.operations == next_run
        assert made["service_state"] == "RUNNING"
    else:
        told(again, f"The cluster orders is {state}.", way_out)


def test_change_that_ends_badly(play: Play) -> None:
    settings(play.simulator, request_words={"failed": WORD}, stale_reads=0)
    seeded = [seed(play.simulator, name=state.lower()) for state in BROKEN]
    for state in BROKEN:
        outcome(play.simulator, "Set Audit Log", service_state=state)

    tasks = [cluster(**{**AUDIT, "name": state.lower()}, **AT_ONCE) for state in BROKEN]
    for state, before, failed in zip(BROKEN, seeded, play(*tasks), strict=True):
        told(failed, f"The cluster went {state} while the task was waiting for the audit log.", WORD)
        assert failed.operations == ["Set Audit Log"]
        assert error_of(failed)["request_id"] == failed.result["operations"][0]["request_id"]
        assert failed.result["cluster_id"] == before["id"]
        assert failed.result["cluster"]["service_state"] == state


def test_request_that_fails_while_the_cluster_keeps_running(play: Play) -> None:
    settings(play.simulator, request_words={"failed": WORD})
    seed(play.simulator)
    outcome(play.simulator, "Set Audit Log", service_state=None)
    outcome(play.simulator, "Restart Cluster", service_state=None)

    changed, restarted, again = play(
        cluster(**AUDIT, **AT_ONCE), cluster(name="orders", state="restarted", **AT_ONCE), cluster(**AUDIT)
    )

    for failed, operation in ((changed, "Set Audit Log"), (restarted, "Restart Cluster")):
        told(failed, "SCP accepted the request and then failed it", f"is {WORD}", "(", ") is RUNNING")
        assert failed.operations == [operation]
        assert error_of(failed)["detail"] == WORD
        assert error_of(failed)["request_id"] == failed.result["operations"][0]["request_id"]
    assert again.operations == ["Set Audit Log"]
    assert not again.failed


@pytest.mark.parametrize("reads", [1, 2])
def test_cluster_that_is_listed_and_not_shown_is_not_taken_for_gone(play: Play, reads: int) -> None:
    """It may hide before the wait reads it, or during the wait. A change reads it twice before its write."""
    busy = seed(play.simulator, name="busy", service_state="EDITING")
    lose_sight(play.simulator, reads)
    [waiting] = play(cluster(**{**AUDIT, "name": "busy"}, wait_timeout=10))

    play.simulator.control("DELETE", "faults")
    idle = seed(play.simulator)
    lose_sight(play.simulator, reads + 1)
    [changing] = play(cluster(**AUDIT, wait_timeout=10))

    told(waiting, "Waited 10 seconds (wait_timeout) for the end of the operation under way.", busy["id"])
    assert waiting.writes == []
    told(changing, "Waited 10 seconds (wait_timeout) for the audit log.", "Run the task again to continue waiting")
    assert changing.operations == ["Set Audit Log"]
    for failed, seeded in ((waiting, busy), (changing, idle)):
        assert failed.result["cluster_id"] == seeded["id"]


def lose_sight(simulator: Simulator, reads: int) -> None:
    """Let no cluster be found any more after so many reads of one."""
    refusal(simulator, "Show Cluster", 404, "Dbaas.NotFound", "Cluster not found", skip=reads, times=ALWAYS)


class Poll(NamedTuple):
    """What becomes of one read while the task waits."""

    operation: str
    kind: str
    details: Json


POLLS = {
    "throttled": [
        Poll("Show Cluster", "status", {"status": 404, "code": "Dbaas.NotFound", "detail": "Cluster not found"}),
        Poll("Show Cluster", "status", {"status": 429}),
        Poll("Show Cluster", "status", {"status": 500, "body": "html"}),
        Poll("Show Cluster", "status", {"status": 503, "body": "gateway"}),
    ],
    "broken": [
        Poll("Show Cluster", "reset", {}),
        Poll("Show Cluster", "truncated", {}),
        Poll("Show Cluster", "broken_json", {}),
        Poll("Show Cluster", "hang", {"seconds": 5}),
    ],
}


@pytest.mark.parametrize("polls", POLLS.values(), ids=POLLS)
def test_polls_that_fail_are_no_failure_of_the_operation(play: Play, polls: list[Poll]) -> None:
    for poll in polls:
        fault(play.simulator, poll.operation, poll.kind, **poll.details)

    [created] = play(cluster(**ORDERS, **AT_ONCE, api_retries=0, api_timeout=0.5))

    assert not created.failed, play.output
    assert created.operations == ["Create Cluster"]
    assert created.result["cluster"]["service_state"] == "RUNNING"
    shown = [call["status"] for call in created.calls if call["operation"] == "Show Cluster"]
    assert len(shown) > len(polls)
    assert only_cluster(play.simulator)["service_state"] == "RUNNING"


def test_requests_that_can_not_be_read_are_no_failure_of_the_operation(play: Play) -> None:
    seed(play.simulator)
    # The old state shows for long, so that the request is asked.
    settings(play.simulator, stale_reads=4)
    refusal(play.simulator, "Show Request", 400, "Dbaas.ValidationError", "Request not found")
    refusal(play.simulator, "Show Request", 503, "ContactAdminForAssistance", "Internal server error")

    [changed] = play(cluster(**AUDIT, **AT_ONCE, api_retries=0))

    assert not changed.failed, play.output
    asked = [call["status"] for call in changed.calls if call["operation"] == "Show Request"]
    assert asked[:2] == [400, 503]


def test_retry_after_is_honoured(play: Play) -> None:
    refusal(play.simulator, "List Clusters", 429, "TooManyRequests", "Slow down", retry_after="2")
    refusal(play.simulator, "Create Cluster", 429, "TooManyRequests", "Slow down", retry_after="1")

    [created] = play(cluster(**ORDERS))

    assert not created.failed, play.output
    assert created.operations == ["Create Cluster"]
    assert only_cluster(play.simulator)["name"] == "orders"
    for operation, seconds in (("List Clusters", 2), ("Create Cluster", 1)):
        throttled, served, *_later = (call for call in created.calls if call["operation"] == operation)
        assert throttled["status"] == 429
        assert served["started_at"] - throttled["ended_at"] >= seconds


def test_other_requests_are_waited_out(play: Play) -> None:
    busy = "Another request is in progress on the cluster"
    seed(play.simulator)
    refusal(play.simulator, "Set Audit Log", 400, "Dbaas.ValidationError.ExistInprogress", busy, times=3)
    refusal(play.simulator, "Create Cluster", 400, "Dbaas.RbacCreateError", "Try again", times=2)

    changed, created = play(cluster(**AUDIT), cluster(**{**ORDERS, "name": "invoices"}))

    for ran, operation, times in ((changed, "Set Audit Log", 3), (created, "Create Cluster", 2)):
        assert not ran.failed, play.output
        assert ran.operations == [operation]
        assert [call["status"] for call in ran.writes] == [400] * times + [ACCEPTED]
    assert len(all_clusters(play.simulator)) == 2


def test_other_requests_that_do_not_end(play: Play) -> None:
    # The cluster shows RUNNING, and all the same something is under way on it.
    seeded = seed(play.simulator, becomes={"service_state": "RUNNING", "after": 1_000_000})

    waited, at_once = play(cluster(**AUDIT, wait_timeout=1), cluster(**AUDIT, wait=False))

    told(waited, "Set Audit Log failed: 400", "Another operation is under way", "larger wait_timeout")
    told(at_once, "Set Audit Log failed: 400", "Another request is in progress on the cluster")
    assert len(at_once.writes) == 1
    for failed in (waited, at_once):
        assert failed.result["operations"] == []
        assert not failed.changed
        assert failed.result["cluster_id"] == seeded["id"]
        assert error_of(failed)["code"] == "Dbaas.ValidationError.ExistInprogress"
        assert error_of(failed)["request_id"].startswith("req-")
