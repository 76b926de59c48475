# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _replica
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeHttp,
    Json,
    a_cluster,
    a_volume,
    problems_of,
)

DATA: Json = {"role_type": "DATA", "size_gb": 200}
GROUP: Json = {"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": [DATA]}
CREATE, PROMOTE, RESET, END = "Create Replica", "Promote Replica Cluster", "Reset Replica", "Terminate Cluster"
SYNC = "Synchronize Cluster State"


def a_replica(name: str, service_state: str = "RUNNING", **changes: Any) -> Json:
    """A replica with the id of its name, such as a declaration of ``GROUP`` makes."""
    parts = {"id": name, "name": name, "role_type": "REPLICA", "origin_cluster_id": "c1"}
    return a_cluster(service_state, **{**parts, **changes})


def declared(*names: str, **group: Any) -> Json:
    return {"replicas": [{"name": name, "instance_groups": [{**GROUP, **group}]} for name in names]}


def named(*names: str) -> Json:
    return {"replicas": [{"name": name} for name in names]}


class Account(FakeHttp):
    """Clusters that answer by their ids and names."""

    def __init__(self, *clusters: Json) -> None:
        super().__init__({})
        self.clusters = {cluster["id"]: cluster for cluster in clusters}

    def read(self, call: Any) -> Any:
        self._record(call)
        if call.operation == "Show Cluster":
            return self.clusters[call.path.rpartition("/")[2]]
        if call.operation == "List Replicas":
            of_the_origin = [one for one in self.clusters.values() if one["role_type"] == "REPLICA"]
            return {"contents": [{"name": one["name"]} for one in of_the_origin] or None}
        name = dict(call.query).get("name", "")
        found = [cluster for cluster in self.clusters.values() if name in cluster["name"]]
        return {"contents": found or None, "count": len(found), "page": 0, "size": 100}


def predicted(origin: Json, replicas: list[Json], options: Json, *others: Json) -> Outcome:
    """What a dry run says of an origin with its replicas, beside other clusters."""
    ids = [replica["id"] for replica in replicas]
    http = Account({**origin, "replicas": ids}, *replicas, *others)
    unset = ("cluster_name", "replicas", "other_region", "allowable_ip_addresses", "maintenance_option", "tags")
    params: Json = {
        **dict.fromkeys(unset),
        "cluster_id": "c1",
        "state": "present",
        "wait": True,
        "wait_timeout": 60,
    }
    outcome = _replica.ensure(Task({**params, **options}, True, http, connect=lambda load: http))
    assert http.writes == []
    return outcome


def told(outcome: Outcome) -> list[tuple[str, str]]:
    """Each operation with the id that its path names."""
    return [(operation["operation"], operation["path"].split("/")[3]) for operation in outcome.operations or []]


NEAR, FAR = a_replica("near"), a_replica("far")
# With the type of the origin's volumes.
TYPED = {**DATA, "volume_type": "SSD"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (named("near"), []),
        (declared("near", "far"), []),
        (declared("near", "new"), [(CREATE, "c1")]),
        (declared("new", "newer"), [(CREATE, "c1")]),
        (
            {**named("near", "far"), "allowable_ip_addresses": []},
            [("Set Security Group Rules", "near"), ("Set Security Group Rules", "far")],
        ),
        ({**named("far"), "allowable_ip_addresses": ["10.0.1.0/24"]}, []),
        ({**named("far"), "maintenance_option": {}}, [("Unset Maintenance", "far")]),
        ({**named("far"), "maintenance_option": {"period_hour": "5"}}, [("Set Maintenance", "far")]),
        (declared("far", server_type_name="db1v4m8"), [("Set Server Type", "g1")]),
        (declared("far", block_storage_groups=[{**DATA, "size_gb": 208}]), [("Set Block Storage Size", "data1")]),
        (declared("far", block_storage_groups=[DATA, DATA]), [("Add Block Storages", "g1")]),
        ({**declared("far", "new", server_type_name="db1v4m8")}, [("Set Server Type", "g1"), (CREATE, "c1")]),
        ({**named("near", "far"), "state": "promoted"}, [(PROMOTE, "near"), (PROMOTE, "far")]),
        ({**named("alone"), "state": "promoted"}, []),
        ({**named("alone", "far"), "state": "promoted"}, [(PROMOTE, "far")]),
        ({**named("far"), "state": "reset"}, [(RESET, "far")]),
        ({**named("far", "nobody", "near"), "state": "absent"}, [(END, "far"), (END, "near")]),
        ({**named("nobody"), "state": "absent"}, []),
        ({"state": "synced"}, [("Synchronize Replica State", "c1")]),
    ],
)
def test_plans(options: Json, expected: list[tuple[str, str]]) -> None:
    outcome = predicted(a_cluster(), [NEAR, FAR], options, a_cluster(id="alone", name="alone"))
    assert told(outcome) == expected
    assert outcome.changed is bool(expected)


def former(**changes: Any) -> Json:
    return a_replica("near", **changes)


# A replica that its former origin still lists, in the ways in which SCP may show it.
PROMOTED = [
    former(role_type="ORIGIN", origin_cluster_id=None),
    former(role_type="ORIGIN"),
    former(role_type="primary"),
    former(origin_cluster_id="another"),
]
UNPROVEN = [
    former(role_type=None),
    former(role_type="A word to come"),
    former(role_type="SECONDARY"),
    former(origin_cluster_id=None),
    former(origin_cluster_id=""),
]
REPLICAS_BY_OTHER_WORDS = [former(role_type=word) for word in ("replica", "READ_REPLICA", "Read-Node")]
CHANGE: Json = {**named("near"), "allowable_ip_addresses": []}


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("promoted", PROMOTED)
def test_promoted_replica_is_left_alone(promoted: Json, listed: bool) -> None:
    def run(options: Json) -> Outcome:
        return predicted(a_cluster(), [FAR, *([promoted] if listed else [])], options, promoted)

    assert told(run({**named("near", "far"), "state": "absent"})) == [(END, "far")]
    for options in ({**named("near"), "state": "reset"}, CHANGE, declared("near")):
        with pytest.raises(InvalidInput) as refused:
            run(options)
        assert problems_of(refused.value) == [("replicas[].name", "near")]
    if promoted["role_type"] != "REPLICA":
        assert told(run({**named("near"), "state": "promoted"})) == []


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("unproven", UNPROVEN)
def test_nothing_is_done_to_what_does_not_show_that_it_is_a_replica(unproven: Json, listed: bool) -> None:
    replicas = [FAR, *([unproven] if listed else [])]
    states = ("absent", "reset") if listed else ("absent", "reset", "promoted")
    for options in [*({**named("near"), "state": state} for state in states), CHANGE]:
        with pytest.raises(ScpError) as refused:
            predicted(a_cluster(), replicas, options, unproven)
        assert "near" in refused.value.msg
        assert "Nothing was changed" in refused.value.msg
    if listed:
        assert told(predicted(a_cluster(), replicas, declared("near", "far"), unproven)) == []


@pytest.mark.parametrize("replica", REPLICAS_BY_OTHER_WORDS)
def test_replicas_by_the_words_of_later_versions(replica: Json) -> None:
    for state, operation in (("absent", END), ("reset", RESET), ("promoted", PROMOTE)):
        assert told(predicted(a_cluster(), [replica], {**named("near"), "state": state})) == [(operation, "near")]
    with pytest.raises(ScpError, match="is a replica itself"):
        predicted({**replica, "id": "c1"}, [], declared("new"))


@pytest.mark.parametrize(
    ("shown", "ended"),
    [(former(role_type="ORIGIN"), True), (former(role_type="PRIMARY"), True), (former(role_type="READ_REPLICA"), False),
     (former(role_type=None), False), (former(), False)],
)  # fmt: skip
def test_end_of_a_promotion(shown: Json, ended: bool) -> None:
    assert _replica.PROMOTED.reached(shown) is ended


def test_synchronization_without_replicas() -> None:
    assert told(predicted(a_cluster(), [], {"state": "synced"})) == []


def test_body_of_a_creation() -> None:
    options = {
        **declared("new", "newer"),
        "allowable_ip_addresses": ["10.0.2.0/24"],
        "maintenance_option": {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0300"},
        "tags": {"team": "commerce"},
    }
    outcome = predicted(a_cluster(), [NEAR], options)
    (operation,) = outcome.operations or []
    assert operation["body"] == {
        "allowable_ip_addresses": ["10.0.2.0/24"],
        "maintenance_option": options["maintenance_option"],
        "replica_count": 2,
        **declared("new", "newer", block_storage_groups=[TYPED]),
        "tags": [{"key": "team", "value": "commerce"}],
    }
    (bare,) = predicted(a_cluster(), [], declared("new")).operations or []
    replicas = declared("new", block_storage_groups=[TYPED])
    assert bare["body"] == {"allowable_ip_addresses": [], "replica_count": 1, **replicas}


def test_new_replica_names_the_type_of_its_origin() -> None:
    """The schema has a default, the guide says that the origin's is inherited: with the type itself both are right."""
    origin = a_cluster()
    origin["instance_groups"][0]["block_storage_groups"] = [a_volume("DATA", 200, volume_type="HDD")]
    (creation,) = predicted(origin, [], declared("new")).operations or []
    (sent,) = creation["body"]["replicas"][0]["instance_groups"]
    assert sent["block_storage_groups"] == [{**TYPED, "volume_type": "HDD"}]


def test_volumes_have_the_type_of_the_data() -> None:
    volumes = [a_volume("OS", 104), a_volume("DATA", 200, volume_type="HDD")]
    replica = a_replica("near")
    replica["instance_groups"][0]["block_storage_groups"] = volumes
    assert told(predicted(a_cluster(), [replica], declared("near"))) == []


# Of each state of a replica: what is planned where it has to be present with another address, promoted, reset, absent.
# - stands for no step, ! for a refusal.
MATRIX = {
    "RUNNING": ("set", "promote", "reset", "end"),
    "EDITING": ("set", "promote", "reset", "end"),
    "CREATING": ("set", "promote", "reset", "end"),
    "STOPPED": ("!", "!", "!", "end"),
    "UNKNOWN": ("sync set", "sync promote", "reset", "sync end"),
    "ERROR": ("!", "!", "reset", "end"),
    "FAILED": ("!", "!", "!", "end"),
}
SHORT = {"set": "Set Security Group Rules", "promote": PROMOTE, "reset": RESET, "end": END, "sync": SYNC}
STATES = ("present", "promoted", "reset", "absent")


@pytest.mark.parametrize(
    ("service_state", "state", "expected"),
    [
        pytest.param(service_state, state, expected, id=f"{state} when {service_state}")
        for service_state, row in MATRIX.items()
        for state, expected in zip(STATES, row)
    ],
)
def test_states_of_a_replica(service_state: str, state: str, expected: str) -> None:
    options = {**named("near"), "state": state, "allowable_ip_addresses": []}
    if expected == "!":
        with pytest.raises(ScpError, match=service_state):
            predicted(a_cluster(), [a_replica("near", service_state), FAR], options)
        return
    outcome = predicted(a_cluster(), [a_replica("near", service_state), FAR], options)
    assert told(outcome) == [(SHORT[word], "near") for word in expected.split()]


@pytest.mark.parametrize("service_state", ["FAILED", "ERROR"])
def test_replica_that_came_to_nothing_is_not_present(service_state: str) -> None:
    with pytest.raises(ScpError, match=service_state):
        predicted(a_cluster(), [a_replica("near", service_state)], named("near"))


@pytest.mark.parametrize("state", ["UNKNOWN", "ERROR", "FAILED", "STOPPED", "EDITING"])
def test_states_of_an_origin(state: str) -> None:
    for wanted, operation in (("promoted", PROMOTE), ("absent", END)):
        outcome = predicted(a_cluster(state), [NEAR], {**named("near"), "state": wanted})
        assert told(outcome) == [(operation, "near")]
    if state in ("STOPPED", "ERROR", "FAILED"):
        with pytest.raises(ScpError, match=state):
            predicted(a_cluster(state), [NEAR], declared("new"))
    else:
        sync = [(SYNC, "c1")] if state == "UNKNOWN" else []
        assert told(predicted(a_cluster(state), [NEAR], declared("new"))) == [*sync, (CREATE, "c1")]


def test_replica_on_its_way_out() -> None:
    leaving = [a_replica("near", "TERMINATING")]
    assert told(predicted(a_cluster(), leaving, declared("near"))) == [(CREATE, "c1")]
    assert told(predicted(a_cluster(), leaving, {**named("near"), "state": "absent"})) == []
    for state in ("promoted", "reset"):
        with pytest.raises(ScpError):
            predicted(a_cluster(), leaving, {**named("near"), "state": state})


def test_replica_that_its_origin_does_not_show_yet() -> None:
    assert told(predicted(a_cluster(), [], declared("near"), NEAR)) == []
    assert told(predicted(a_cluster(), [], {**named("near"), "state": "absent"}, NEAR)) == [(END, "near")]
    assert told(predicted(a_cluster(), [], {**named("near"), "state": "reset"}, NEAR)) == [(RESET, "near")]


@pytest.mark.parametrize("other", [{"role_type": "RECOVERY"}, {"origin_cluster_id": "c9"}])
def test_cluster_of_the_name_that_is_no_replica_is_not_terminated(other: Json) -> None:
    options = {**named("other"), "state": "absent"}
    assert told(predicted(a_cluster(), [NEAR], options, a_replica("other", **other))) == []


@pytest.mark.parametrize("state", ["STOPPED", "ERROR", "FAILED", "UNKNOWN"])
def test_reset_and_synchronization_need_a_running_origin(state: str) -> None:
    with pytest.raises(ScpError, match=state):
        predicted(a_cluster(state), [NEAR], {**named("near"), "state": "reset"})
    if state == "UNKNOWN":
        outcome = predicted(a_cluster(state), [NEAR], {"state": "synced"})
        assert told(outcome) == [(SYNC, "c1"), ("Synchronize Replica State", "c1")]
        return
    with pytest.raises(ScpError, match=state):
        predicted(a_cluster(state), [NEAR], {"state": "synced"})


@pytest.mark.parametrize("state", ["promoted", "absent"])
def test_busy_replica_without_wait(state: str) -> None:
    with pytest.raises(ScpError, match="wait is false, but the cluster near is EDITING"):
        predicted(a_cluster(), [a_replica("near", "EDITING")], {**named("near"), "state": state, "wait": False})


@pytest.mark.parametrize(
    ("options", "others"),
    [
        ({**named("nobody"), "state": "promoted"}, []),
        ({**named("nobody"), "state": "reset"}, []),
        ({**named("other"), "state": "promoted"}, [a_replica("other", origin_cluster_id="c9")]),
        ({**named("other"), "state": "reset"}, [a_replica("other", origin_cluster_id="c9")]),
        (declared("other"), [a_replica("other", origin_cluster_id="c9")]),
        (declared("other"), [a_cluster(id="other", name="other")]),
        (declared("other"), [a_replica("other", role_type="RECOVERY")]),
        ({**named("other"), "state": "promoted"}, [a_replica("other", role_type="RECOVERY")]),
        ({**named("other"), "state": "reset"}, [a_replica("other", role_type="RECOVERY")]),
        ({**named("orders"), "state": "promoted"}, []),
    ],
)
def test_names_that_are_no_replica(options: Json, others: list[Json]) -> None:
    with pytest.raises(InvalidInput) as refused:
        predicted(a_cluster(), [NEAR], options, *others)
    assert problems_of(refused.value) == [("replicas[].name", options["replicas"][0]["name"])]


GROUPS = "replicas[].instance_groups[]"
VOLUMES = f"{GROUPS}.block_storage_groups"


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        *(({"state": state, "replicas": []}, ["replicas"]) for state in STATES),
        ({"replicas": None}, ["replicas"]),
        (declared(*(f"new{number}" for number in range(6))), ["replicas"]),
        (declared("new", "new"), ["replicas[].name"]),
        (declared("new-"), ["replicas[].name"]),
        *(
            (declared("new", block_storage_groups=[DATA, {**DATA, "role_type": role_type}]), [f"{VOLUMES}[].role_type"])
            for role_type in ("OS", "ARCHIVE", "BACKUP")
        ),
        (declared("new", block_storage_groups=[DATA] * 9), [VOLUMES]),
        (declared("new", block_storage_groups=[{**DATA, "size_gb": 20}]), [f"{VOLUMES}[].size_gb"]),
        (declared("new", server_type_name=""), [f"{GROUPS}.server_type_name"]),
        ({"replicas": [{"name": "new", "instance_groups": [GROUP, GROUP]}]}, ["replicas[].instance_groups"]),
        ({**declared("new"), "tags": {"": "x"}}, ["tags"]),
        ({**declared("new"), "allowable_ip_addresses": ["x"]}, ["allowable_ip_addresses[]"]),
    ],
)
def test_bad_input(options: Json, problems: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        predicted(a_cluster(), [NEAR], options)
    assert [option for option, _value in problems_of(refused.value)] == problems


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (named("new"), "instance_groups is required to create"),
        (declared("new", block_storage_groups=[]), "at least one volume of role_type DATA"),
        ({**declared("new"), "maintenance_option": {"period_hour": "2"}}, "starting_time is required"),
        (
            declared("new", block_storage_groups=[{**DATA, "volume_type": "HDD"}]),
            "volume_type is 'HDD', but must be SSD",
        ),
        (declared("new", instances=[{"role_type": "STANDBY"}]), "must be ACTIVE in a group of role_type ACTIVE"),
        (declared("new", "newer", "newest", "last"), "6 replicas"),
        (declared("near", role_type="ACTIVE_STANDBY"), "near can't become what is declared"),
        (
            declared("near", block_storage_groups=[{**DATA, "size_gb": 192}]),
            r"replicas\[near\].instance_groups\[\].block_storage_groups\[\].size_gb is 192, but .* can't shrink",
        ),
        (declared("near", block_storage_groups=[{**DATA, "volume_type": "HDD"}]), r"lacks the DATA volume \(SSD\)"),
    ],
)
def test_declarations_that_do_not_fit(options: Json, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        predicted(a_cluster(), [NEAR, FAR], options)


def test_replica_named_as_the_origin() -> None:
    with pytest.raises(ScpError, match="is a replica itself"):
        predicted(a_replica("c1"), [], declared("new"))


def test_order_of_results_is_that_of_the_declaration() -> None:
    shown: list[Json] | None = predicted(a_cluster(), [NEAR, FAR], named("far", "near")).values["replicas"]
    assert [replica["name"] for replica in shown or []] == ["far", "near"]
