# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of the replica module: sent at creation, then changed, refused or left alone; and each rule broken."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec
from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_replica import ARGUMENT_SPEC
from harness.cycle import assert_holds, assert_truth, paths, sent, spec_paths
from harness.failures import told
from harness.play import Play
from harness.seeds import WINDOW, all_clusters, seed
from harness.simulator import Json, Simulator
from harness.stacks import (
    Wrong,
    assert_made,
    assert_refused_unsent,
    broken_rules,
    by_name,
    declaring,
    run_cycles,
    run_pairs,
    task,
    together,
)
from harness.trouble import settings

DATA: Json = {"role_type": "DATA", "size_gb": 200, "volume_type": "SSD"}
OS: Json = {"role_type": "OS", "size_gb": 104}
GROUP: Json = {"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": [DATA]}
SERVER: Json = {"role_type": "ACTIVE", "service_ip_address": "10.0.1.31", "public_ip_id": "public-1"}
OPENING: Json = {"period_hour": "0.5", "starting_day_of_week": "WED", "starting_time": "2300"}
GROUPS = "replicas[].instance_groups"
VOLUMES = f"{GROUPS}[].block_storage_groups"
# Options of every module, and those that say which cluster is meant.
SHARED = {*_spec.CONNECTION, *_spec.WAIT, *_spec.CLUSTER_REFERENCE}

EVERYTHING: Json = {
    "cluster_name": "orders",
    "state": "present",
    "replicas": [
        {
            "name": "near-1",
            "instance_groups": [
                {
                    **GROUP,
                    "server_type_name": "db1v4m8",
                    "block_storage_groups": [
                        {**DATA, "volume_type": "SSD"},
                        {"role_type": "TEMP", "size_gb": 16, "volume_type": "SSD"},
                    ],
                    "instances": [SERVER],
                }
            ],
        }
    ],
    "allowable_ip_addresses": ["10.0.2.0/24", "10.0.3.7/32"],
    "maintenance_option": OPENING,
    "tags": {"team": "commerce", "cost_center": 1234},
}
IN_TAGS = {"tags.team", "tags.cost_center"}


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=6000)


def group(*volumes: Json, **parts: Any) -> Json:
    """A declaration of the one replica with this group; the volumes default to those that it has."""
    described = {**GROUP, "block_storage_groups": list(volumes) or [DATA], **parts}
    return {"replicas": [{"name": "near-1", "instance_groups": [described]}]}


def test_creation_with_every_option(play: Play) -> None:
    seed(play.simulator)
    (made,) = run_cycles(play, "replica", [EVERYTHING])
    assert_made(made)
    (request,) = sent(made.real)
    assert request.body == {
        "allowable_ip_addresses": EVERYTHING["allowable_ip_addresses"],
        "maintenance_option": OPENING,
        "replica_count": 1,
        "replicas": EVERYTHING["replicas"],
        "tags": [{"key": "team", "value": "commerce"}, {"key": "cost_center", "value": "1234"}],
    }
    shown = by_name(play.simulator)["near-1"]
    (declared,) = EVERYTHING["replicas"][0]["instance_groups"]
    volumes = [{**OS, "volume_type": "SSD"}, *declared["block_storage_groups"]]
    assert_holds(shown["instance_groups"], [{**declared, "block_storage_groups": volumes}])
    assert_holds(shown, {"role_type": "REPLICA", "maintenance_option": OPENING})
    assert shown["allowable_ip_addresses"] == EVERYTHING["allowable_ip_addresses"]


class Proof(NamedTuple):
    """Options of a replica that is there, what is declared, and the operations or the words of the refusal."""

    options: tuple[str, ...]
    declared: Json
    operations: list[str]
    words: tuple[str, ...] = ()


NAMED: Json = {"replicas": [{"name": "near-1"}]}
ELSEWHERE: Json = {"role_type": "ACTIVE", "service_ip_address": "10.0.1.99", "public_ip_id": "public-9"}
GROWN: Json = group(
    {**DATA, "size_gb": 208}, {"role_type": "TEMP", "size_gb": 16, "volume_type": "SSD"}, server_type_name="db1v4m8"
)
PROOFS: dict[str, Proof] = {
    "settings": Proof(
        ("allowable_ip_addresses", "maintenance_option", *(f"maintenance_option.{key}" for key in OPENING)),
        {**NAMED, "allowable_ip_addresses": ["10.0.4.0/24"], "maintenance_option": OPENING},
        ["Set Security Group Rules", "Set Maintenance"],
    ),
    "part of a window": Proof(
        ("maintenance_option.period_hour",),
        {**NAMED, "maintenance_option": {"period_hour": "5"}},
        ["Set Maintenance"],
    ),
    "nothing": Proof(
        ("allowable_ip_addresses", "maintenance_option"),
        {**NAMED, "allowable_ip_addresses": [], "maintenance_option": {}},
        ["Set Security Group Rules", "Unset Maintenance"],
    ),
    "servers": Proof(
        (GROUPS, f"{GROUPS}[].server_type_name", VOLUMES, f"{VOLUMES}[].size_gb"),
        GROWN,
        ["Set Block Storage Size", "Add Block Storages", "Set Server Type"],
    ),
    "the same in other words, and what is not compared": Proof(
        (f"{GROUPS}[].instances[].role_type",),
        {
            **group(instances=[{"role_type": "STANDBY"}]),
            "allowable_ip_addresses": ["10.0.1.0/24", "10.0.1.0/24"],
        },
        [],
    ),
    "tags": Proof(("tags",), {**NAMED, "tags": {"team": "other"}}, ["Delete Tag", "Set Tags"]),
    "some tags": Proof(("tags", "purge_tags"), {**NAMED, "tags": {"team": "other"}, "purge_tags": False}, ["Set Tags"]),
    "another kind of group": Proof(
        (f"{GROUPS}[].role_type",), group(role_type="ACTIVE_STANDBY"), [], ("role_type", "ACTIVE", "ACTIVE_STANDBY")
    ),
    "another kind of volume": Proof(
        (f"{VOLUMES}[].role_type", f"{VOLUMES}[].volume_type"),
        group({**DATA, "volume_type": "HDD"}, {**DATA, "role_type": "TEMP"}),
        [],
        ("lacks the DATA volume (SSD) of 200 GB",),
    ),
    "smaller, and elsewhere": Proof(
        (
            f"{GROUPS}[].instances",
            f"{VOLUMES}[].size_gb",
            f"{GROUPS}[].instances[].service_ip_address",
            f"{GROUPS}[].instances[].public_ip_id",
        ),
        group({**DATA, "size_gb": 192}, instances=[ELSEWHERE] * 2),
        [],
        ("200 GB can't shrink", "192", "1 servers", "service_ip_address", "10.0.1.99", "public_ip_id", "public-9"),
    ),
}


def test_every_option_of_one_that_exists(play: Play) -> None:
    seeded_group = {**GROUP, "block_storage_groups": [OS, DATA]}
    settings_of_its_own = {"maintenance_option": WINDOW, "tags": {"stage": "test"}}
    near = {"name": "near-1", "ha_enabled": False, "instance_groups": [seeded_group], **settings_of_its_own}
    origins = {case: seed(play.simulator, replicas=[near]) for case in PROOFS}
    options = [{"cluster_id": origins[case]["id"], **proof.declared} for case, proof in PROOFS.items()]

    pairs = run_pairs(play, "replica", options)

    shown = {one["id"]: one for one in all_clusters(play.simulator)}
    for (case, proof), (predicted, real) in zip(PROOFS.items(), pairs, strict=True):
        assert [request.operation for request in sent(real)] == proof.operations, (case, real.result.get("msg"))
        if proof.words:
            assert told(predicted, *proof.words) == told(real, *proof.words, "near-1", "Nothing was changed")
        else:
            assert_truth(predicted, real)
            assert_holds(shown[origins[case]["replicas"][0]], reached(proof.declared))


def reached(options: Json) -> Json:
    """What a replica shows of declared options."""
    shown: Json = {}
    if "allowable_ip_addresses" in options:
        # Two spellings of the network that it has.
        same = options["allowable_ip_addresses"][1:]
        shown["allowable_ip_addresses"] = same or options["allowable_ip_addresses"]
    if "maintenance_option" in options:
        window = options["maintenance_option"]
        shown["maintenance_option"] = {**WINDOW, **window} if window else dict.fromkeys(OPENING)
    for declared in options["replicas"][0].get("instance_groups", []):
        described = {key: declared[key] for key in ("role_type", "server_type_name")}
        shown["instance_groups"] = [{**described, "block_storage_groups": [OS, *declared["block_storage_groups"]]}]
    return shown


def all_options() -> set[str]:
    """Without those of another region, which test_other_region.py has."""
    return {path for path in spec_paths(ARGUMENT_SPEC) if not path.startswith("other_region")} - SHARED


def test_every_option_is_sent_at_creation() -> None:
    assert all_options() - {"purge_tags"} == set(paths(EVERYTHING)) - SHARED - IN_TAGS


def test_every_option_is_changed_or_refused_or_left_alone() -> None:
    # The name says which replica is meant, and the state what becomes of it.
    proven = {option for proof in PROOFS.values() for option in proof.options}
    assert all_options() == proven | {"replicas", "replicas[].name", "state"}
    assert [case for case, proof in PROOFS.items() if not set(proof.options) <= set(paths(proof.declared))] == []


# --- Refused unsent --------------------------------------------------------------------------------------------------

NAME = "must be 3 to 19 lower-case letters, digits and hyphens"
BROKEN: dict[str, tuple[str, list[Any]]] = {
    "cluster_name": ("must be a cluster's name: 3 to 20 letters", ["ab", "or ders"]),
    "replicas[].name": (NAME, ["ab", "a" * 20, "Near", "1near", "near-", "near_1"]),
    f"{GROUPS}[].server_type_name": ("must be the name of a server type", ["db1 v2"]),
    f"{VOLUMES}[].size_gb": ("must be from 16 to 5120 GB in steps of 8", [8, 100, 5128]),
    "allowable_ip_addresses[]": (
        "must be an IPv4 address or a network",
        ["10.0.0.256", "10.0.0.0/33", "example.com"],
    ),
    "maintenance_option.period_hour": ("must be 0.5, 1, 1.5, ... 5.5, or 6 to 24", ["0", "6.5", "25"]),
    "maintenance_option.starting_time": ("must be a time HHMM", ["2400", "300", "03:00"]),
    "wait_timeout": ("must be from 1 to 604800 seconds", [0, 604801]),
}


def many(count: int) -> list[Json]:
    return [{"name": f"near-{number}", "instance_groups": [GROUP]} for number in range(count)]


COMBINATIONS: list[Wrong] = [
    *(
        Wrong({"state": state, "replicas": []}, ("replicas", "at least one replica", f"state: {state}"))
        for state in ("present", "promoted", "reset", "absent")
    ),
    Wrong({"replicas": many(6)}, ("replicas is 6", "at most 5")),
    Wrong({"replicas": [*many(2), *many(1)]}, ("replicas[].name is 'near-0'", "twice")),
    Wrong(group(OS, DATA), (f"{VOLUMES}[].role_type is 'OS'", "DATA or TEMP", "SCP adds the OS volume")),
    Wrong(group(*[DATA] * 9), (f"{VOLUMES} is 9", "at most 8", "OS volume")),
    Wrong({"tags": {"": "x", "team": "v" * 257}}, ("tags", "1 to 128 characters", "tags[team]", "at most 256")),
]
EXCLUSIVE: list[Wrong] = [
    Wrong({"replicas": [{"instance_groups": [GROUP]}]}, ("name", "required")),
    Wrong({"replicas": many(1), "cluster_id": "c1"}, ("cluster_id", "cluster_name", "exclusive")),
    Wrong({"replicas": many(1), "cluster_name": None}, ("cluster_id", "cluster_name", "required")),
    Wrong({"replicas": many(1), "cluster_name": None, "cluster_id": "a/b"}, ("cluster_id is 'a/b'",)),
    Wrong({"replicas": many(1), "state": "gone"}, ("state", "promoted")),
]


def test_bad_input(play: Play) -> None:
    combinations = declaring({"cluster_name": "orders"}, [*together(COMBINATIONS), *EXCLUSIVE])
    cases = [*broken_rules({**EVERYTHING, "wait_timeout": 60}, BROKEN), *combinations]
    assert_refused_unsent(play, "replica", cases)


def test_creation_that_asks_for_too_much_or_too_little(play: Play) -> None:
    seed(play.simulator, replicas=[{"name": f"old-{number}"} for number in range(4)])
    too_many, bare = {"cluster_name": "orders", "replicas": many(2)}, {"cluster_name": "orders", **NAMED}
    words = {
        0: ("replicas", "6 replicas", "at most 5", "old-0, old-1, old-2, old-3"),
        1: ("replicas[near-1].instance_groups", "required to create"),
    }
    for index, (predicted, real) in enumerate(run_pairs(play, "replica", [too_many, bare])):
        assert told(predicted, *words[index]) == told(real, *words[index], "orders", "Nothing was changed")
        assert real.writes == []
    (fifth,) = play(task("replica", cluster_name="orders", replicas=many(1), wait=False))
    assert fifth.operations == ["Create Replica"]
