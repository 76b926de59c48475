# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _instance_groups
from ansible_collections.samsungcloud.scp.plugins.module_utils._cluster_plan import diff_view
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Plan
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    Json,
    a_cluster,
    a_group,
    a_volume,
    bodies,
    ha_cluster,
    shown,
)

SIZE = "Set Block Storage Size"
ADD = "Add Block Storages"

# A volume in the tables: its role and size, such as "DATA 200", and its type where it is not SSD.


def volumes(*names: str) -> list[Json]:
    """Return the volumes of a cluster."""
    found = []
    for number, name in enumerate(names):
        role_type, size_gb, *volume_type = name.split()
        found.append(a_volume(role_type, int(size_gb), number, *volume_type))
    return found


def sizes(*names: str) -> list[Json]:
    """Return the volumes of a declared group."""
    return [{key: volume[key] for key in ("role_type", "size_gb", "volume_type")} for volume in volumes(*names)]


def with_volumes(*names: str) -> Json:
    cluster = a_cluster()
    cluster["instance_groups"][0]["block_storage_groups"] = volumes(*names)
    return cluster


def planned(cluster: Json, wanted: list[Json]) -> Plan:
    draft = Draft(diff_view(cluster))
    _instance_groups.plan_volumes(draft, cluster, wanted)
    _instance_groups.plan_server_types(draft, cluster, wanted)
    return draft.plan()


def writes(plan: Plan) -> list[str]:
    """Return the steps as "ID -> size" and "+ role size"."""
    short = []
    for step in plan.steps:
        body: Json = step.call.body or {}
        if step.call.operation == SIZE:
            short.append(f"{step.call.path.split('/')[-2]} -> {body['size_gb']}")
        elif step.call.operation == ADD:
            short.append(f"+ {body['role_type']} {body['size_gb']} {body['volume_type']}")
    return short


@pytest.mark.parametrize(
    ("present", "wanted", "expected"),
    [
        pytest.param(["OS 104", "DATA 200"], ["OS 104", "DATA 200"], [], id="the same"),
        pytest.param(["OS 104", "DATA 200"], ["DATA 200", "OS 104"], [], id="another order"),
        pytest.param(["DATA 16", "DATA 24"], ["DATA 24", "DATA 16"], [], id="another order of one kind"),
        pytest.param(["OS 104", "DATA 200"], ["OS 104", "DATA 208"], ["data1 -> 208"], id="grow"),
        pytest.param(
            ["DATA 200", "BACKUP 200"],
            ["DATA 208", "BACKUP 216"],
            ["data0 -> 208", "backup1 -> 216"],
            id="grow two kinds",
        ),
        pytest.param(["DATA 200"], ["DATA 200", "DATA 16"], ["+ DATA 16 SSD"], id="add a smaller one"),
        pytest.param(["DATA 200"], ["DATA 200", "DATA 400"], ["+ DATA 400 SSD"], id="add a larger one"),
        pytest.param(["DATA 200"], ["DATA 200", "DATA 200"], ["+ DATA 200 SSD"], id="add an equal one"),
        pytest.param(["DATA 16"], ["DATA 16", "TEMP 24 HDD"], ["+ TEMP 24 HDD"], id="add another kind"),
        pytest.param(
            ["DATA 16"], ["DATA 16", "DATA 24 SSD_KMS"], ["+ DATA 24 SSD_KMS"], id="another type is another kind"
        ),
        pytest.param(["DATA 200"], ["DATA 304", "DATA 16"], ["data0 -> 304", "+ DATA 16 SSD"], id="grow and add"),
        pytest.param(["DATA 200"], ["DATA 400", "DATA 208"], ["data0 -> 208", "+ DATA 400 SSD"], id="grow the least"),
        pytest.param(
            ["DATA 16", "DATA 24"],
            ["DATA 32", "DATA 40"],
            ["data0 -> 32", "data1 -> 40"],
            id="small to small, large to large",
        ),
        pytest.param(["DATA 24", "DATA 16"], ["DATA 24", "DATA 32"], ["data1 -> 32"], id="exact matches first"),
        pytest.param(
            ["DATA 16"],
            ["DATA 24", "TEMP 16", "ARCHIVE 16"],
            ["data0 -> 24", "+ TEMP 16 SSD", "+ ARCHIVE 16 SSD"],
            id="growth before additions",
        ),
        pytest.param(["DATA 16"], ["DATA 16", "TEMP 16", "DATA 24"], ["+ DATA 24 SSD", "+ TEMP 16 SSD"], id="by kind"),
    ],
)
def test_volumes(present: list[str], wanted: list[str], expected: list[str]) -> None:
    cluster = with_volumes(*present)
    group = a_group(block_storage_groups=sizes(*wanted))

    plan = planned(cluster, [group])

    assert writes(plan) == expected
    assert list(_instance_groups.problems(cluster, [group])) == []
    shown = [
        (v["role_type"], v["size_gb"], v["volume_type"])
        for v in plan.after["instance_groups"][0]["block_storage_groups"]
    ]
    assert sorted(shown) == sorted((v["role_type"], v["size_gb"], v["volume_type"]) for v in sizes(*wanted))


@pytest.mark.parametrize(
    ("present", "wanted", "expected"),
    [
        pytest.param(
            ["OS 104", "DATA 200"],
            ["OS 104", "DATA 104"],
            "[].size_gb is 104, but the DATA volume (SSD) of 200 GB can't shrink",
            id="shrink",
        ),
        pytest.param(
            ["OS 104", "DATA 200", "TEMP 16"],
            ["OS 104", "DATA 200"],
            " lacks the TEMP volume (SSD) of 16 GB that the cluster has; SCP can't remove it or change its kind",
            id="remove",
        ),
        pytest.param(
            ["OS 104", "DATA 200"],
            ["OS 104", "DATA 200 HDD"],
            " lacks the DATA volume (SSD) of 200 GB that the cluster has; SCP can't remove it or change its kind",
            id="another type",
        ),
        pytest.param(
            ["OS 104", "DATA 200"],
            ["OS 112", "DATA 200"],
            "[].size_gb is 112, but the OS volume has 104 GB and can't grow",
            id="grow the OS volume",
        ),
        pytest.param(
            ["OS 104", "DATA 16", "DATA 200"],
            ["OS 104", "DATA 24", "DATA 104"],
            "[].size_gb is 104, but the DATA volume (SSD) of 200 GB can't shrink",
            id="grow one and shrink one",
        ),
        pytest.param(
            ["OS 104", "DATA 16", "DATA 200"],
            ["OS 104", "DATA 216"],
            " lacks the DATA volume (SSD) of 200 GB that the cluster has; SCP can't remove it or change its kind",
            id="merge two",
        ),
    ],
)
def test_volumes_that_are_refused(present: list[str], wanted: list[str], expected: str) -> None:
    group = a_group(block_storage_groups=sizes(*wanted))
    problems = list(_instance_groups.problems(with_volumes(*present), [group]))
    assert [str(problem) for problem in problems] == [f"instance_groups[].block_storage_groups{expected}"]


@pytest.mark.parametrize("size", [200, "200"], ids=["number", "string"])
def test_size_may_be_shown_as(size: object) -> None:
    cluster = with_volumes("OS 104", "DATA 200")
    cluster["instance_groups"][0]["block_storage_groups"][1]["size_gb"] = size
    cluster = shown(cluster)
    assert writes(planned(cluster, [a_group()])) == []
    grown = a_group(block_storage_groups=sizes("OS 104", "DATA 208"))
    assert writes(planned(cluster, [grown])) == ["data1 -> 208"]


@pytest.mark.parametrize("side", ["present", "declared"])
def test_volume_without_a_type_is_an_ssd(side: str) -> None:
    cluster, group = with_volumes("OS 104", "DATA 200"), a_group()
    where = cluster["instance_groups"][0] if side == "present" else group
    del where["block_storage_groups"][1]["volume_type"]
    assert writes(planned(cluster, [group])) == []
    assert list(_instance_groups.problems(cluster, [group])) == []


def test_growth_is_done_when_that_volume_shows_its_size() -> None:
    goal = (
        planned(with_volumes("DATA 16", "DATA 24"), [a_group(block_storage_groups=sizes("DATA 16", "DATA 32"))])
        .steps[0]
        .goal
    )
    assert not goal.reached(with_volumes("DATA 16", "DATA 24"))
    assert not goal.reached(with_volumes("DATA 32", "DATA 24"))
    assert not goal.reached(a_cluster(instance_groups=[]))
    assert goal.reached(with_volumes("DATA 16", "DATA 32"))


def test_each_addition_waits_for_its_own_volume() -> None:
    wanted = a_group(block_storage_groups=sizes("DATA 16", "DATA 24", "DATA 32"))
    first, second = (step.goal for step in planned(with_volumes("DATA 16"), [wanted]).steps)
    reached = [
        (first.reached(cluster), second.reached(cluster))
        for cluster in (
            with_volumes("DATA 16"),
            with_volumes("DATA 16", "DATA 24"),
            with_volumes("DATA 16", "DATA 24", "DATA 32"),
        )
    ]
    assert reached == [(False, False), (True, False), (True, True)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("db1v2m4", []),
        ("db1v4m8", [("Set Server Type", {"server_type_name": "db1v4m8"})]),
    ],
)
def test_server_type(wanted: str, expected: list[Any]) -> None:
    plan = planned(a_cluster(), [a_group(server_type_name=wanted)])

    assert bodies(plan) == expected
    assert plan.after["instance_groups"][0]["server_type_name"] == wanted
    for step in plan.steps:
        assert step.call.path == "/v1/instance-groups/g1/resize"
        assert not step.goal.reached(a_cluster())
        assert not step.goal.reached(a_cluster(instance_groups=[]))
        assert step.goal.reached(
            a_cluster(instance_groups=[{**a_cluster()["instance_groups"][0], "server_type_name": wanted}])
        )


def test_server_type_changes_after_the_volumes() -> None:
    wanted = a_group(server_type_name="db1v4m8", block_storage_groups=sizes("OS 104", "DATA 208", "TEMP 16"))
    assert [operation for operation, _body in bodies(planned(a_cluster(), [wanted]))] == [SIZE, ADD, "Set Server Type"]


@pytest.mark.parametrize(
    ("cluster", "role_type", "expected"),
    [
        (a_cluster(), "ACTIVE", None),
        (ha_cluster(), "ACTIVE_STANDBY", None),
        (
            a_cluster(),
            "ACTIVE_STANDBY",
            "role_type is 'ACTIVE_STANDBY', but the cluster has ACTIVE, which can't be changed after creation",
        ),
        (a_cluster("CREATING", instance_groups=[]), "ACTIVE_STANDBY", None),
        (
            a_cluster(instance_groups=[]),
            "ACTIVE_STANDBY",
            "can't be compared, because SCP shows no instance_groups of the cluster",
        ),
    ],
    ids=["the same", "the same with a standby", "another", "not shown yet", "not shown"],
)
def test_role_of_the_group(cluster: Json, role_type: str, expected: str | None) -> None:
    problems = [str(problem) for problem in _instance_groups.problems(cluster, [a_group(role_type)])]
    assert [problem.replace("instance_groups[].", "").replace("instance_groups ", "", 1) for problem in problems] == (
        [expected] if expected else []
    )


@pytest.mark.parametrize(
    ("instances", "expected"),
    [
        pytest.param([], [], id="none declared"),
        pytest.param([{"role_type": "ACTIVE"}, {"role_type": "STANDBY"}], [], id="roles only"),
        pytest.param([{"role_type": "STANDBY"}, {"role_type": "STANDBY"}], [], id="roles are not compared"),
        pytest.param(
            [{"role_type": "ACTIVE", "service_ip_address": "10.0.1.2"}, {"role_type": "STANDBY"}],
            [],
            id="address there",
        ),
        pytest.param(
            [{"role_type": "ACTIVE", "service_ip_address": ""}, {"role_type": "STANDBY"}], [], id="SCP picks one"
        ),
        pytest.param(
            [{"role_type": "ACTIVE", "service_ip_address": "10.0.1.7"}, {"role_type": "STANDBY"}],
            [("instance_groups[].instances[].service_ip_address", "10.0.1.7")],
            id="another address",
        ),
        pytest.param(
            [{"role_type": "ACTIVE", "public_ip_id": "ip"}, {"role_type": "STANDBY"}],
            [("instance_groups[].instances[].public_ip_id", "ip")],
            id="another public IP",
        ),
        pytest.param([{"role_type": "ACTIVE"}], [("instance_groups[].instances", 1)], id="another number"),
    ],
)
def test_declared_servers(instances: list[Json], expected: list[tuple[str, object]]) -> None:
    problems = _instance_groups.problems(ha_cluster(), [a_group("ACTIVE_STANDBY", instances=instances)])
    assert [(problem.option, problem.value) for problem in problems] == expected
