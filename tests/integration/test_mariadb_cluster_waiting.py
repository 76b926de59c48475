# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the cluster module waits: for each step in turn, within one budget, or not at all."""

from __future__ import annotations

import itertools

from harness.cycle import play_until_it_waits, promised, sent
from harness.failures import told
from harness.play import Play
from harness.seeds import BACKUP, WINDOW, all_clusters, as_shown, only_cluster, seed, settings_of_database
from harness.simulator import ACCEPTED, Json
from harness.tasks import ORDERS, cluster

# Each is one operation.
ADDRESSES: Json = {"allowable_ip_addresses": ["10.0.9.0/24"]}
MAINTENANCE: Json = {"maintenance_option": {"starting_day_of_week": "MON"}}
DATABASE: Json = {"init_config_option": {"audit_enabled": True, "backup_option": {"retention_period_day": 21}}}
SERVER_TYPE: Json = {"instance_groups": [{**ORDERS["instance_groups"][0], "server_type_name": "db1v4m8"}]}
PATCH: Json = {"software_version": "10.11.15"}
STEPS = [
    "Set Security Group Rules",
    "Set Maintenance",
    "Set Audit Log",
    "Set Backup",
    "Set Server Type",
    "Patch Minor Version",
    "Stop Cluster",
]
TAKES = 0.6


def seed_with_settings(play: Play) -> Json:
    database = settings_of_database(backup_option=BACKUP)
    return seed(play.simulator, maintenance_option=WINDOW, init_config_option=database)


def let_take(play: Play, seconds: float, *operations: str) -> None:
    settings = {"time_scale": 1, "durations": dict.fromkeys(operations, seconds)}
    play.simulator.control("POST", "settings", settings)


def test_steps_wait_for_each_other(play: Play) -> None:
    seed_with_settings(play)
    let_take(play, TAKES, *STEPS)
    options = {"name": "orders", **ADDRESSES, **MAINTENANCE, **DATABASE, **SERVER_TYPE, **PATCH, "state": "stopped"}
    predicted, real, again = play(cluster(**options, check=True), cluster(**options), cluster(**options))
    assert promised(predicted) == promised(real) == sent(real)
    assert real.operations == STEPS
    # SCP answers a second operation in flight with 400 ExistInprogress.
    assert [call["status"] for call in real.writes] == [ACCEPTED] * len(STEPS)
    pauses = [later["started_at"] - earlier["started_at"] for earlier, later in itertools.pairwise(real.writes)]
    assert min(pauses) >= TAKES
    # Each was seen to have ended before the next was sent.
    order = "".join("w" if call["method"] != "GET" else "r" for call in real.calls)
    assert "ww" not in order
    assert order.endswith("r")
    request_ids = [operation["request_id"] for operation in real.result["operations"]]
    assert len(set(request_ids)) == len(STEPS)
    assert real.result["request_id"] == request_ids[-1]
    assert real.result["cluster"] == as_shown(only_cluster(play.simulator))
    assert (again.changed, again.writes) == (False, [])


def test_one_budget_for_all_steps(play: Play) -> None:
    seed_with_settings(play)
    let_take(play, 1, STEPS[0])
    let_take(play, 6, STEPS[1])
    options = {"name": "orders", **ADDRESSES, **MAINTENANCE}
    late, resumed = play(cluster(**options, wait_timeout=4), cluster(**options))
    told(late, "Waited 4 seconds (wait_timeout)", "the maintenance window", "Sent so far", "Run the task again")
    assert late.operations == STEPS[:2]
    assert late.changed
    assert late.result["request_id"] == late.result["operations"][-1]["request_id"]
    # The next run finds the last step under way, waits for it and has nothing to add.
    assert (resumed.failed, resumed.changed, resumed.writes) == (False, False, [])
    assert resumed.result["cluster"]["maintenance_option"]["starting_day_of_week"] == "MON"


def test_budget_covers_what_others_began(play: Play) -> None:
    play.simulator.control("POST", "settings", {"time_scale": 1})
    seed(play.simulator, service_state="UPGRADING", becomes={"service_state": "RUNNING", "after": 3600})
    (late,) = play(cluster(name="orders", **ADDRESSES, wait_timeout=1))
    told(late, "wait_timeout", "the end of the operation under way", "UPGRADING")
    assert (late.changed, late.writes) == (False, [])


def test_creation_that_is_not_waited_for_is_adopted(play: Play) -> None:
    let_take(play, 3600, "Create Cluster")
    audited = {**ORDERS, **DATABASE_AUDITED, "wait_timeout": 60}
    tasks = cluster(**ORDERS, wait=False), cluster(**ORDERS, check=True), cluster(**audited)
    # The dry run shows the cluster once; another look after the third task's first is one of a task that waits.
    left, check, adopted = play_until_it_waits(play, *tasks, looks=3)
    (created,) = all_clusters(play.simulator)
    assert left.changed
    assert left.result["cluster"] is None
    assert left.result["cluster_id"] == created["id"]
    assert left.result["request_id"].startswith("req-")
    assert (check.changed, check.writes, check.result["cluster"]["service_state"]) == (False, [], "CREATING")
    assert adopted.operations == ["Set Audit Log"]
    assert adopted.result["cluster"]["service_state"] == "RUNNING"
    assert created["init_config_option"]["audit_enabled"]


DATABASE_AUDITED: Json = {"init_config_option": {**ORDERS["init_config_option"], "audit_enabled": True}}


def test_change_that_is_not_waited_for(play: Play) -> None:
    before = seed_with_settings(play)
    let_take(play, 600, *STEPS)
    one, two = {"name": "orders", **ADDRESSES}, {"name": "orders", **ADDRESSES, **MAINTENANCE}
    refused_check, refused, left, unchanged, busy = play(
        cluster(**two, wait=False, check=True),
        cluster(**two, wait=False),
        cluster(**one, wait=False),
        cluster(name="orders", wait=False),
        cluster(name="orders", **MAINTENANCE, wait=False),
    )
    for ran in (refused_check, refused):
        told(ran, "wait is false", "2 operations", *STEPS[:2], "Nothing was changed")
        assert (ran.changed, ran.writes) == (False, [])
    assert left.operations == STEPS[:1]
    assert left.result["cluster_id"] == before["id"]
    assert left.result["request_id"] == left.result["operations"][0]["request_id"]
    # Neither the cluster nor the request was asked after the write.
    assert left.calls[-1] == left.writes[-1]
    assert (unchanged.failed, unchanged.changed, unchanged.writes) == (False, False, [])
    told(busy, "wait is false", "EDITING", "Nothing was changed")
    assert busy.writes == []
