# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags of clusters, replicas and restored clusters, which are another service's business."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import date

import pytest

from harness.cycle import Cycle, assert_owed, sent
from harness.failures import error_of, told
from harness.inventory import STRICTLY, list_inventory, source
from harness.play import Play, Ran
from harness.seeds import all_tags, seed
from harness.simulator import Json, Simulator
from harness.stacks import assert_changed, assert_made, run_cycles, task
from harness.tasks import ORDERS, cluster, info
from harness.trouble import ALWAYS, fault, refusal, settings

TAG_CALLS = ("List Tags", "Set Tags", "Delete Tag")
DATA: Json = {"role_type": "DATA", "size_gb": 200}
GROUP: Json = {"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": [DATA]}
NEAR: Json = {"name": "near-1", "instance_groups": [GROUP]}
REPLICA_GROUP: Json = {**GROUP, "block_storage_groups": [{"role_type": "OS", "size_gb": 104}, DATA]}
REPLICA: Json = {"name": "far-1", "ha_enabled": False, "instance_groups": [REPLICA_GROUP]}
RESTORE: Json = {
    "cluster_name": "orders",
    "name": "restored",
    "instance_name_prefix": "restored",
    "server_type_name": "db1v2m4",
    "latest": True,
}
AUDITED: Json = {"init_config_option": {"audit_enabled": True}}

# What is declared one after the other, what is there then, and with what calls an existing cluster gets there.
DECLARED: list[tuple[Json, Json, list[str]]] = [
    ({"team": "commerce", "cost": 1234, "alone": None}, {"alone": "", "cost": "1234", "team": "commerce"}, []),
    (
        {"team": "payments", "cost": 1234, "stage": "test"},
        {"cost": "1234", "stage": "test", "team": "payments"},
        ["Delete Tag", "Set Tags"],
    ),
    ({"cost": "1234"}, {"cost": "1234"}, ["Delete Tag", "Delete Tag"]),
    ({}, {}, ["Delete Tag"]),
]


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=6000)


def tag_calls(ran: Ran) -> list[str]:
    return [call["operation"] for call in ran.calls if call["operation"] in TAG_CALLS]


def tag_writes(ran: Cycle) -> list[str]:
    return [request.operation for request in sent(ran.real) if request.operation in TAG_CALLS]


def normal(tags: Json) -> Json:
    """Tags in which one without a value has an empty one."""
    return {key: value or "" for key, value in tags.items()}


@pytest.mark.parametrize("merges", [False, True], ids=["replaced", "merged"])
def test_cycles_of_a_cluster(play: Play, merges: bool) -> None:
    """From its creation on, where the tags show late, whatever setting tags does to others."""
    settings(play.simulator, set_tags_merges=merges, untagged_reads=3)
    for declared, reached, operations in DECLARED:
        (ran,) = run_cycles(play, "cluster", [{**ORDERS, "tags": declared}])
        assert_owed(ran)
        assert tag_writes(ran) == operations
        assert normal(all_tags(play.simulator)["orders"]) == reached
        assert ran.real.result["cluster"]["tags"] == reached
        assert ran.real.result["diff"]["after"]["tags"] == reached
        assert ran.check_again.result["diff"]["before"]["tags"] == reached
        assert [call for call in tag_calls(ran.check_again) if call != "List Tags"] == []


def test_cycles_of_replicas(play: Play) -> None:
    """One is there, one is created with the same tags, and then both get others."""
    seed(play.simulator, replicas=[{**REPLICA, "tags": {"old": "1"}}], tags={"origin": "1"})
    options = {"cluster_name": "orders", "replicas": [{"name": "far-1"}, NEAR]}
    created, changed = run_cycles(
        play,
        "replica",
        [{**options, "tags": {"team": "commerce"}}, {**options, "tags": {"team": None}}],
    )

    assert_made(created)
    assert [request.operation for request in sent(created.real)] == ["Create Replica", "Delete Tag", "Set Tags"]
    diff = created.real.result["diff"]
    assert diff["before"]["replicas"]["far-1"]["tags"] == {"old": "1"}
    assert [diff["after"]["replicas"][name]["tags"] for name in ("far-1", "near-1")] == [{"team": "commerce"}] * 2
    shown = {one["name"]: one["tags"] for one in created.real.result["replicas"]}
    assert shown == {"far-1": {"team": "commerce"}, "near-1": {"team": "commerce"}}
    assert_changed(changed)
    assert tag_writes(changed) == ["Set Tags", "Set Tags"]
    tags = {name: normal(its) for name, its in all_tags(play.simulator).items()}
    assert tags == {"orders": {"origin": "1"}, "far-1": {"team": ""}, "near-1": {"team": ""}}


def mark_of(simulator: Simulator) -> Json:
    """The tag of the restored cluster that says what it was restored from."""
    key = "samsungcloud.scp.restored-from"
    return {key: all_tags(simulator)["restored"][key]}


def test_cycles_of_a_restored_cluster(play: Play) -> None:
    seed(play.simulator, backup_histories=[{"age_days": 1}], tags={"origin": "1"})
    for declared, reached, operations in DECLARED:
        (ran,) = run_cycles(play, "restore", [{**RESTORE, "tags": declared}])
        assert_made(ran)
        assert tag_writes(ran) == operations
        assert {name: normal(its) for name, its in all_tags(play.simulator).items()} == {
            "orders": {"origin": "1"},
            "restored": {**reached, **mark_of(play.simulator)},
        }
        assert ran.real.result["cluster"]["tags"] == reached
        assert ran.real.result["diff"]["after"]["tags"] == reached


@pytest.mark.parametrize("merges", [False, True], ids=["replaced", "merged"])
def test_other_tags_stay_where_they_are_not_purged(play: Play, merges: bool) -> None:
    settings(play.simulator, set_tags_merges=merges)
    seed(play.simulator, tags={"a/b c": "1", "team": "other"})
    options = {"name": "orders", "tags": {"team": "commerce"}}
    kept, purged = run_cycles(play, "cluster", [{**options, "purge_tags": False}, options])
    for ran in (kept, purged):
        assert_owed(Cycle(*(decoded(one) for one in ran)))
    assert tag_writes(kept) == ["Set Tags"]
    assert kept.real.result["cluster"]["tags"] == {"a/b c": "1", "team": "commerce"}
    assert tag_writes(purged) == ["Delete Tag"]
    assert all_tags(play.simulator)["orders"] == {"team": "commerce"}


def decoded(ran: Ran) -> Ran:
    """The run with paths as the journal has them."""
    operations = [{**one, "path": one["path"].replace("a%2Fb%20c", "a/b c")} for one in ran.result["operations"]]
    return Ran(ran.task, ran.failed, {**ran.result, "operations": operations}, ran.calls)


def test_tags_come_after_everything_else_and_need_no_running_cluster(play: Play) -> None:
    seed(play.simulator)
    changed, stopped = run_cycles(
        play,
        "cluster",
        [
            {"name": "orders", **AUDITED, "tags": {"team": "commerce"}, "state": "stopped"},
            {"name": "orders", "tags": {"team": "other"}},
        ],
    )
    assert_owed(changed)
    assert changed.real.operations == ["Set Audit Log", "Stop Cluster", "Set Tags"]
    assert_owed(stopped)
    assert stopped.real.operations == ["Set Tags"]


def test_nothing_is_asked_where_no_task_uses_tags(play: Play) -> None:
    seed(play.simulator, tags={"team": "commerce"}, backup_histories=[{"age_days": 1}])
    ran = play(
        cluster(name="orders", **AUDITED),
        cluster(name="orders", tags=None),
        task("replica", cluster_name="orders", replicas=[NEAR]),
        task("replica", cluster_name="orders", replicas=[{"name": "near-1"}], tags={}, state="promoted"),
        task("restore", **RESTORE),
        info("cluster", details=True),
        cluster(name="orders", state="absent", tags={"team": "other"}),
    )
    assert [(one.failed, tag_calls(one)) for one in ran] == [(False, [])] * len(ran)
    assert list_inventory(play, source(play.folder)).operations.count("List Tags") == 0


def test_without_a_wait(play: Play) -> None:
    """Tags are set at once all the same, but those of a new cluster are not waited for."""
    settings(play.simulator, time_scale=1)
    seed(play.simulator, name="invoices")
    tags = {"team": "commerce"}
    changed, created = play(
        cluster(name="invoices", **AUDITED, tags=tags, wait=False), cluster(**ORDERS, tags=tags, wait=False)
    )
    assert (changed.failed, created.failed) == (False, False), (changed.result, created.result)
    assert changed.operations == ["Set Audit Log", "Set Tags"]
    assert (created.operations, tag_calls(created)) == (["Create Cluster"], [])
    assert all_tags(play.simulator) == {"invoices": tags, "orders": tags}


def test_user_who_may_not_see_tags(play: Play) -> None:
    """Everything else is done, and a warning tells why tags are not."""
    seed(play.simulator, tags={"old": "1"}, backup_histories=[{"age_days": 1}])
    refusal(play.simulator, "List Tags", 403, "Iam.Forbidden", "not allowed", times=ALWAYS)
    tags = {"team": "commerce"}
    ran = play(
        cluster(name="orders", **AUDITED, tags=tags, check=True),
        cluster(name="orders", **AUDITED, tags=tags, check=False),
        cluster(name="orders", **AUDITED, tags=tags, check=False),
        task("replica", cluster_name="orders", replicas=[NEAR], tags=tags),
        task("restore", **RESTORE, tags=tags),
    )
    assert [one.operations for one in ran] == [
        ["Set Audit Log"],
        ["Set Audit Log"],
        [],
        ["Create Replica"],
        ["Create Restore Cluster"],
    ]
    for one in ran:
        assert not one.failed, one.result
        (warning,) = one.result["warnings"]
        assert "neither compared nor changed" in warning
        assert "403" in warning
        assert "Ask for an IAM policy" in warning
        assert one.changed is bool(one.operations)
    assert "tags" not in ran[0].result["diff"]["before"]
    restored = {**tags, **mark_of(play.simulator)}
    assert all_tags(play.simulator) == {"orders": {"old": "1"}, "near-1": tags, "restored": restored}


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken, and on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_service_that_fails_before_anything_is_changed(play: Play, closed_port: int) -> None:
    seed(play.simulator)
    options = {"name": "orders", **AUDITED, "tags": {"team": "commerce"}, "api_retries": 0}
    nowhere = f"http://127.0.0.1:{closed_port}"
    (unreachable,) = play(cluster(**options, resource_manager_endpoint=nowhere))
    told(unreachable, nowhere, "can't be reached", "Without tags the task does not need the Resource Manager")
    fault(play.simulator, "List Tags", "status", status=503, times=ALWAYS)
    (broken,) = play(cluster(**options))
    told(broken, "List Tags failed: 503", "Without tags")
    assert error_of(broken)["status"] == 503
    for ran in (unreachable, broken):
        assert (ran.writes, ran.changed) == ([], False)


def test_service_that_fails_after_the_cluster_was_changed(play: Play) -> None:
    seed(play.simulator)
    refusal(play.simulator, "Set Tags", 400, "ValidationError", "too many tags", times=2)
    (ran,) = play(cluster(name="orders", **AUDITED, tags={"team": "commerce"}))
    told(ran, "Set Tags failed: 400", "too many tags", "Sent so far: Set Audit Log.")
    assert ran.changed
    assert ran.operations == ["Set Audit Log"]
    assert ran.result["cluster"]["init_config_option"]["audit_enabled"] is True


REFUSED: list[tuple[Json, tuple[str, ...]]] = [
    ({}, ("region is not set", "SCP_REGION", "tags")),
    ({"region": "kr-west1", "resource_manager_endpoint": "http://192.0.2.1"}, ("resource_manager_endpoint", "https")),
    ({"region": "kr-west1", "environment": "g", "resource_manager_endpoint": "ftp://192.0.2.1"}, ("scheme and host",)),
]


def test_connections_that_do_not_lead_to_tags(play: Play) -> None:
    """Nothing is sent then, not even to the other service."""
    play.environ |= {"SCP_REGION": "", "SCP_RESOURCE_MANAGER_ENDPOINT": ""}
    tasks = [cluster(name="orders", tags={}, **options) for options, _words in REFUSED]
    for (_options, words), ran in zip(REFUSED, play(*tasks), strict=True):
        told(ran, *words)
        assert ran.calls == []


def fleet(simulator: Simulator) -> None:
    seed(simulator, name="orders", tags={"team": "commerce", "stage": "production"})
    seed(simulator, name="baskets", tags={"team": "commerce", "stage": None})
    seed(simulator, name="invoices", tags={"team": "finance", "cost": "1234"})
    seed(simulator, name="bare")


def test_clusters_by_their_tags(play: Play) -> None:
    fleet(play.simulator)
    cluster_id = seed(play.simulator, name="single", tags={"a": "1"})["id"]
    filters: list[Json] = [
        {"tags": {"team": "commerce"}},
        {"tags": {"team": "commerce", "stage": None}, "details": True},
        {"tags": {"stage": ""}},
        {"tags": {"cost": 1234}, "concurrency": 1},
        {"tags": {"team": "commerce"}, "name": "orders"},
        {"tags": {}},
        {"tags": {"nobody": None}},
        {"cluster_id": cluster_id, "tags": {"a": 1}},
        {"cluster_id": cluster_id, "tags": {"a": 2}},
    ]
    ran = play(*(info("cluster", **options) for options in filters))
    assert [[one["name"] for one in each.result["clusters"]] for each in ran] == [
        ["baskets", "orders"],
        ["baskets", "orders"],
        ["baskets"],
        ["invoices"],
        ["orders"],
        ["bare", "baskets", "invoices", "orders", "single"],
        [],
        ["single"],
        [],
    ]
    assert [tag_calls(each).count("List Tags") for each in ran] == [5, 5, 5, 5, 1, 5, 5, 1, 1]
    in_full = ran[1].result["clusters"][1]
    assert in_full["tags"] == {"stage": "production", "team": "commerce"}
    assert "instance_groups" in in_full
    assert [call["operation"] for call in ran[1].calls].count("Show Cluster") == 2


def test_clusters_of_another_environment(play: Play) -> None:
    """To all that is asked there the service answers that it does not know it."""
    fleet(play.simulator)
    tags = {"team": "commerce"}
    shown, right = play(info("cluster", tags=tags, environment="s"), info("cluster", tags=tags))
    (warning,) = shown.result["warnings"]
    assert (shown.failed, shown.result["clusters"]) == (False, [])
    for words in ("knows none of the clusters", "region kr-west1, environment s", "Check region and environment."):
        assert words in warning
    assert "warnings" not in right.result
    listing = list_inventory(play, source(play.folder, tags=tags, environment="s"))
    assert listing.hosts == {}
    assert "knows none of the clusters" in listing.told


def test_filter_that_the_user_may_not_use(play: Play) -> None:
    fleet(play.simulator)
    refusal(play.simulator, "List Tags", 403, "Iam.Forbidden", "not allowed", times=ALWAYS)
    (ran,) = play(info("cluster", tags={"team": "commerce"}, concurrency=1))
    told(ran, "Cluster ", "403", "not allowed", "IAM policy")


def test_inventory_by_tags(play: Play) -> None:
    fleet(play.simulator)
    grouped = {"keyed_groups": [{"key": "scp_mariadb_tags.stage", "prefix": "stage"}]}
    listing = list_inventory(play, source(play.folder, tags={"team": "commerce"}, **grouped))
    assert list(listing.hosts) == ["baskets", "orders"]
    assert listing.hosts["orders"]["scp_mariadb_tags"] == {"stage": "production", "team": "commerce"}
    assert listing.group("stage_production") == ["orders"]
    assert listing.operations.count("List Tags") == 4
    assert listing.operations.count("Show Cluster") == 2


def test_cached_inventory_of_other_tags_is_not_used(play: Play) -> None:
    fleet(play.simulator)
    cached = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(play.folder / "cache")}
    for tags, names, looked in (
        ({"team": "commerce"}, ["baskets", "orders"], True),
        ({"team": "commerce"}, ["baskets", "orders"], False),
        ({"team": "finance"}, ["invoices"], True),
        # What YAML takes for a date.
        ({date(2026, 1, 31): "x"}, [], True),
        (None, ["bare", "baskets", "invoices", "orders"], True),
    ):
        listing = list_inventory(play, source(play.folder, tags=tags, **cached))
        assert (list(listing.hosts), bool(listing.calls)) == (names, looked)


def test_inventory_that_may_not_see_tags(play: Play) -> None:
    fleet(play.simulator)
    refusal(play.simulator, "List Tags", 403, "Iam.Forbidden", "not allowed", times=ALWAYS)
    listing = list_inventory(play, source(play.folder, tags={"team": "commerce"}), **STRICTLY)
    assert listing.exit_code != 0
    assert listing.hosts == {}
    assert "403" in listing.told
    assert "not allowed" in listing.told
