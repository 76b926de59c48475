# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replicas in another region than their origin's; the simulator finds nothing at the wrong one of its two endpoints."""

from __future__ import annotations

import pytest

from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_replica import ARGUMENT_SPEC
from harness.cycle import assert_holds, assert_owed, sent
from harness.failures import told
from harness.play import Play
from harness.seeds import all_tags, seed
from harness.simulator import Json, Simulator
from harness.stacks import (
    Wrong,
    assert_changed,
    assert_made,
    assert_refused_unsent,
    by_name,
    declaring,
    run_cycles,
    task,
)
from harness.tasks import cluster, info
from harness.trouble import serve, settings

CREATE = "Create Replica in Other Region"
DATA: Json = {"role_type": "DATA", "size_gb": 200, "volume_type": "SSD"}
GROUP: Json = {"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": [DATA]}
FAR: Json = {"name": "far-1", "instance_groups": [GROUP]}
FARTHER: Json = {"name": "far-2", "instance_groups": [GROUP]}
SEEDED_GROUP: Json = {**GROUP, "block_storage_groups": [{"role_type": "OS", "size_gb": 104}, DATA]}
SEEDED: Json = {"name": "far-1", "ha_enabled": False, "instance_groups": [SEEDED_GROUP], "is_elsewhere": True}
NEAR: Json = {**SEEDED, "name": "near-1", "is_elsewhere": False}
SUBNET = "f4b1c9d8e7a6450f9b3c2d1e0a9f8b7c"


@pytest.fixture(autouse=True)
def fast(play: Play) -> None:
    settings(play.simulator, time_scale=6000)
    serve(play, "1.1", pinned="1.1")


def there(simulator: Simulator, **options: object) -> Json:
    """Where the replicas are."""
    return {"region": simulator.other_region, "endpoint": simulator.other_region_endpoint, **options}


def far(play: Play, *replicas: Json, **options: object) -> Json:
    """A declaration of replicas in the other region."""
    return {
        "cluster_name": "orders",
        "other_region": there(play.simulator),
        "replicas": list(replicas) or [{"name": "far-1"}],
        **options,
    }


@pytest.mark.parametrize("are_listed", [True, False], ids=["listed by the origin", "not listed"])
def test_creation(play: Play, are_listed: bool) -> None:
    """Whether the origin's detail lists such replicas is not known."""
    settings(play.simulator, origins_list_replicas_elsewhere=are_listed)
    origin = seed(play.simulator, replicas=[NEAR])
    options = far(play, FAR, FARTHER, tags={"team": "commerce"}, allowable_ip_addresses=["10.9.0.0/24"])
    where = there(play.simulator, subnet_id=SUBNET, nat_enabled=True)
    assert set(where) == set(ARGUMENT_SPEC["other_region"]["options"])

    (made,) = run_cycles(play, "replica", [{**options, "other_region": where}])

    assert_made(made)
    (request,) = sent(made.real)
    assert (request.operation, request.method) == (CREATE, "POST")
    assert request.path == f"/v1/clusters/{origin['id']}/replicas/other-region"
    assert request.body == {
        "allowable_ip_addresses": ["10.9.0.0/24"],
        "nat_enabled": True,
        "region": play.simulator.other_region,
        "replica_count": 2,
        "replicas": [FAR, FARTHER],
        "subnet_id": SUBNET,
        "tags": [{"key": "team", "value": "commerce"}],
    }
    assert made.predicted.result["operations"][0]["options"] == [
        "allowable_ip_addresses",
        "other_region.nat_enabled",
        "other_region.region",
        "other_region.subnet_id",
        "replicas",
        "tags",
    ]
    shown = by_name(play.simulator)
    for name in ("far-1", "far-2"):
        assert_holds(shown[name], {"service_state": "RUNNING", "subnet_id": SUBNET, "nat_enabled": True})
        assert all_tags(play.simulator)[name] == {"team": "commerce"}
    for ran in (made.real, made.check_again, made.real_again):
        assert [replica["id"] for replica in ran.result["replicas"]] == [shown["far-1"]["id"], shown["far-2"]["id"]]
        assert ran.result["cluster_id"] == origin["id"]


def test_change_of_one_that_exists(play: Play) -> None:
    """Every setting is changed where the replica is, and its tags by the name that it has there."""
    seed(play.simulator, replicas=[SEEDED])
    changed_group = {**GROUP, "server_type_name": "db1v4m8", "block_storage_groups": [{**DATA, "size_gb": 304}]}
    window = {"period_hour": "0.5", "starting_day_of_week": "MON", "starting_time": "0300"}
    options = far(
        play,
        {"name": "far-1", "instance_groups": [changed_group]},
        allowable_ip_addresses=["10.9.0.0/24"],
        maintenance_option=window,
        tags={"team": "payments"},
    )

    (changed,) = run_cycles(play, "replica", [options])

    assert_changed(changed)
    assert [request.operation for request in sent(changed.real)] == [
        "Set Security Group Rules",
        "Set Maintenance",
        "Set Block Storage Size",
        "Set Server Type",
        "Set Tags",
    ]
    shown = by_name(play.simulator)["far-1"]
    assert_holds(shown, {"allowable_ip_addresses": ["10.9.0.0/24"], "maintenance_option": window})
    assert all_tags(play.simulator)["far-1"] == {"team": "payments"}


def test_promotion(play: Play) -> None:
    seed(play.simulator, replicas=[SEEDED, NEAR])
    (promoted,) = run_cycles(play, "replica", [far(play, state="promoted")])
    assert_changed(promoted)
    shown = by_name(play.simulator)
    assert (shown["far-1"]["role_type"], shown["near-1"]["role_type"]) == ("ORIGIN", "REPLICA")


def test_promotion_after_the_loss_of_the_region_of_the_origin(play: Play) -> None:
    """Nothing is asked there, which ``api_retries`` would make last."""
    origin = seed(play.simulator, replicas=[SEEDED])
    play.environ["SCP_ENDPOINT"] = "https://lost.invalid"
    play.both_ways = False
    options = {**far(play, state="promoted"), "cluster_id": origin["id"]}
    del options["cluster_name"]

    (promoted,) = run_cycles(play, "replica", [options])

    assert_changed(promoted)
    assert by_name(play.simulator)["far-1"]["role_type"] == "ORIGIN"


def test_reset(play: Play) -> None:
    settings(play.simulator, durations={"Reset Replica": 60})
    seed(play.simulator, replicas=[{**SEEDED, "replication": {"trouble": "duplicate key"}}])
    (reset,) = run_cycles(play, "replica", [far(play, state="reset")])
    assert_owed(reset, acts_again=True)
    assert [request.operation for request in sent(reset.real)] == ["Reset Replica"]


def test_termination(play: Play) -> None:
    seed(play.simulator, replicas=[SEEDED, NEAR])
    (gone,) = run_cycles(play, "replica", [far(play, {"name": "far-1"}, {"name": "nobody"}, state="absent")])
    assert_changed(gone)
    assert sorted(by_name(play.simulator)) == ["near-1", "orders"]


@pytest.mark.parametrize("are_listed", [True, False], ids=["listed by the origin", "not listed"])
def test_tasks_in_the_region_of_the_origin(play: Play, are_listed: bool) -> None:
    """They refuse a replica elsewhere; how far it follows is told of all, and synchronized."""
    settings(play.simulator, origins_list_replicas_elsewhere=are_listed)
    seed(play.simulator, replicas=[SEEDED])

    forgotten = ["present", "absent", "promoted", "reset"]
    synced, told_of, *refused = play(
        task("replica", cluster_name="orders", state="synced"),
        info("replica", cluster_name="orders"),
        *(task("replica", cluster_name="orders", replicas=[FAR], state=state) for state in forgotten),
    )

    assert (synced.failed, synced.changed, synced.result["replicas"]) == (False, True, [])
    (shown,) = told_of.result["replicas"]
    assert (shown["name"], shown["region"]) == ("far-1", play.simulator.other_region)
    for ran in refused:
        told(ran, "replicas[].name is 'far-1', but is a replica in kr-east1, and not in kr-west1, where the task looks")
        assert ran.writes == []


def test_name_of_a_replica_in_the_region_of_the_origin(play: Play) -> None:
    """As the other way round: the name is not taken there, and one more replica is hardly what is meant."""
    seed(play.simulator, replicas=[NEAR])
    where = there(play.simulator, subnet_id=SUBNET)
    near = {**FAR, "name": "near-1"}
    created, absent = play(
        task("replica", **{**far(play, near), "other_region": where}),
        task("replica", **far(play, near, state="absent")),
    )
    for ran in (created, absent):
        told(ran, "is a replica in kr-west1, and not in kr-east1, where the task looks for it: see other_region")
        assert ran.writes == []


def test_other_modules_are_told_the_region(play: Play) -> None:
    seed(play.simulator, replicas=[SEEDED])
    address = {"endpoint": play.simulator.other_region_endpoint, "name": "far-1"}
    window = {"period_hour": "1", "starting_day_of_week": "SUN", "starting_time": "0400"}

    changed, found, unknown = play(
        cluster(**address, maintenance_option=window),
        info("cluster", **address),
        info("cluster", name="far-1"),
    )

    assert changed.changed, changed.result
    assert [one["name"] for one in found.result["clusters"]] == ["far-1"]
    assert unknown.result["clusters"] == []


def test_name_of_another_cluster_there(play: Play) -> None:
    seed(play.simulator)
    seed(play.simulator, name="far-1", is_elsewhere=True)
    present, absent = play(task("replica", **far(play, FAR)), task("replica", **far(play, state="absent")))
    told(present, "replicas[].name is 'far-1', but is the name of another cluster")
    assert (absent.failed, absent.changed) == (False, False)


def test_most_replicas_of_all_regions(play: Play) -> None:
    seed(play.simulator, replicas=[{**NEAR, "name": f"near-{number}"} for number in range(5)])
    where = there(play.simulator, subnet_id=SUBNET)
    (ran,) = play(task("replica", **{**far(play, FAR), "other_region": where}))
    told(ran, "would make 6 replicas, but a cluster has at most 5")
    assert ran.writes == []


def test_what_can_not_be_changed(play: Play) -> None:
    seed(play.simulator, replicas=[{**SEEDED, "subnet_id": SUBNET, "nat_enabled": False}])
    other, same = play(
        task("replica", **{**far(play), "other_region": there(play.simulator, subnet_id="another", nat_enabled=True)}),
        task("replica", **{**far(play), "other_region": there(play.simulator, subnet_id=SUBNET, nat_enabled=False)}),
    )
    told(other, "The replica far-1 can't become what is declared", "other_region.subnet_id is 'another', but")
    told(other, "other_region.nat_enabled is True, but the replica far-1 has False, and SCP can't change it")
    assert (same.failed, same.changed) == (False, False)


def test_version_that_does_not_have_it(play: Play) -> None:
    serve(play, "1.0")
    seed(play.simulator, replicas=[SEEDED])
    where = there(play.simulator, subnet_id=SUBNET)
    refused, terminated = play(
        task("replica", **{**far(play, FARTHER), "other_region": where}), task("replica", **far(play, state="absent"))
    )
    told(refused, "other_region needs version 1.1 of the MariaDB API or a later one", "serves 1.0")
    assert refused.writes == []
    assert terminated.changed, terminated.result


def test_wrong_input_is_refused_unsent(play: Play) -> None:
    valid = {"cluster_name": "orders", "replicas": [FAR]}
    region = play.simulator.other_region
    cases = [
        ({"region": "", "nat_enabled": True}, "missing required arguments: region found in other_region"),
        ({"region": "KR East"}, "other_region.region is 'KR East', but must be the name of a region"),
        ({"region": region}, "other_region.endpoint is required, because http://127.0.0.1"),
        (
            {"region": region, "endpoint": "http://example.org"},
            "other_region.endpoint is 'http://example.org', but must use https",
        ),
        ({"region": region, "endpoint": "example.org"}, "but must be a URL of scheme and host only"),
        ({"region": region, "endpoint": play.simulator.endpoint}, f"must be that of {region}, another region"),
        ({"region": play.simulator.region}, "must be another region than the origin's"),
        ({**there(play.simulator), "subnet_id": "a/b"}, "other_region.subnet_id is 'a/b', but must be an id"),
    ]
    wrong = [Wrong({"other_region": where}, (words,)) for where, words in cases]
    synced = {"other_region": there(play.simulator), "state": "synced", "replicas": None}
    assert_refused_unsent(
        play,
        "replica",
        declaring(valid, [*wrong, Wrong(synced, ("other_region must be left out with state: synced",))]),
    )


def test_what_a_creation_needs(play: Play) -> None:
    seed(play.simulator)
    (ran,) = play(task("replica", **far(play, FAR)))
    told(ran, "other_region.subnet_id is required to create a replica in another region")
    assert ran.writes == []
