# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import NotUnderstood, Refused, ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._inventory import Host, hosts, unique_names
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    Json,
    a_cluster,
    a_server,
    ha_cluster,
)

BRIEF: Json = {"ha_enabled": True, "id": "c1", "name": "orders", "role_type": "ORIGIN", "service_state": "RUNNING"}
NOWHERE = {**a_server(1, "ACTIVE"), "service_ip_address": None}
IN_PUBLIC = {**a_server(1, "ACTIVE"), "public_ip_address": "192.0.2.1"}

TWO_SERVERS = [{"instances": [a_server(1, "SECONDARY"), a_server(2, "Primary")]}]


def made(cluster: Json, kind: str = "clusters", connect_with: str = "private", region: str = "kr-west1") -> list[Host]:
    return hosts([{"region": region, "cluster": cluster}], kind, connect_with)


def with_servers(cluster: Json, *servers: Json) -> Json:
    cluster["instance_groups"][0]["instances"] = list(servers)
    return cluster


@pytest.mark.parametrize(
    ("cluster", "connect_with", "address"),
    [
        pytest.param(a_cluster(), "private", "10.0.1.1", id="one server"),
        pytest.param(ha_cluster(), "private", "10.0.1.9", id="virtual"),
        pytest.param(ha_cluster(virtual_ip_address=None), "private", None, id="no virtual one yet"),
        pytest.param(ha_cluster(virtual_ip_address=""), "private", None, id="an empty one"),
        pytest.param(with_servers(a_cluster(), NOWHERE), "private", None, id="a server without one"),
        pytest.param(with_servers(a_cluster()), "private", None, id="no server yet"),
        pytest.param(a_cluster(instance_groups=None), "private", None, id="no group yet"),
        pytest.param(a_cluster(), "public", None, id="no public one"),
        pytest.param(with_servers(a_cluster(), IN_PUBLIC), "public", "192.0.2.1", id="public"),
        pytest.param(with_servers(ha_cluster(), IN_PUBLIC), "public", None, id="the server's is not the cluster's"),
        pytest.param(ha_cluster(vip_public_ip_address="192.0.2.9"), "public", "192.0.2.9", id="virtual and public"),
        pytest.param(
            a_cluster(instance_count=2, instance_groups=TWO_SERVERS), "private", "10.0.1.2", id="the active one"
        ),
        pytest.param(BRIEF, "private", None, id="in brief"),
        pytest.param({**BRIEF, "ha_enabled": False}, "private", None, id="in brief, one server"),
    ],
)
def test_address_of_a_cluster(cluster: Json, connect_with: str, address: str | None) -> None:
    [host] = made(cluster, connect_with=connect_with)
    assert (host.address, host.variables.get("login_host")) == (address, address)


def test_variables_of_a_cluster() -> None:
    cluster = ha_cluster()
    [host] = made(cluster)
    login = {"login_host": "10.0.1.9", "login_port": 2866, "login_user": "orders"}
    meaning = {"active_instance": "orders001", "is_replica": False, "replica_of": None}
    assert host == Host("orders", "c1", True, "10.0.1.9", {**cluster, **meaning, "region": "kr-west1", **login})


def test_other_forms_make_the_same_host() -> None:
    """Out of a cache comes what an answer said, as it came."""
    cluster = json.loads(json.dumps(ha_cluster("TERMINATING")))
    other = {**cluster, "service_state": "terminating", "name": "orders ", "ha_enabled": "true"}
    other["init_config_option"] = {**cluster["init_config_option"], "database_port": "2866"}
    [host], [usual] = made(other), made(cluster)
    assert (host.name, host.address, host.staying) == (usual.name, usual.address, usual.staying)
    assert host.variables["login_port"] == 2866
    with pytest.raises(NotUnderstood, match="lacks name"):
        made({name: value for name, value in cluster.items() if name != "name"})


def test_variables_in_brief() -> None:
    [host] = made(BRIEF, region="")
    assert host.variables == {**BRIEF, "region": None}


@pytest.mark.parametrize(
    ("connect_with", "addresses"), [("private", ["10.0.1.1", "10.0.1.2"]), ("public", ["192.0.2.1", None])]
)
def test_servers(connect_with: str, addresses: list[str | None]) -> None:
    cluster = with_servers(ha_cluster(), IN_PUBLIC, a_server(2, "STANDBY"))

    active, standby = made(cluster, "instances", connect_with)

    assert [host.name for host in (active, standby)] == ["orders001", "orders002"]
    assert [host.address for host in (active, standby)] == addresses
    assert [host.variables.get("login_host") for host in (active, standby)] == addresses
    assert active.cluster_id == standby.cluster_id == "c1"
    assert active.variables["id"] == standby.variables["id"] == "c1"
    assert active.variables["login_port"] == 2866
    shown = {key: value for key, value in standby.variables.items() if key.startswith("instance_")}
    assert shown == {
        "instance_count": 2,
        "instance_groups": cluster["instance_groups"],
        "instance_is_active": False,
        "instance_name": "orders002",
        "instance_public_ip_address": None,
        "instance_public_ip_id": None,
        "instance_role_type": "STANDBY",
        "instance_server_type_name": "db1v2m4",
        "instance_service_ip_address": "10.0.1.2",
        "instance_service_state": "RUNNING",
    }


def test_servers_without_a_name() -> None:
    cluster = with_servers(ha_cluster("CREATING"), {**NOWHERE, "name": ""}, {**NOWHERE, "name": None})
    assert [host.name for host in made(cluster, "instances")] == ["orders-1", "orders-2"]


@pytest.mark.parametrize("cluster", [a_cluster("CREATING", instance_groups=[]), with_servers(a_cluster())])
def test_no_servers(cluster: Json) -> None:
    assert made(cluster, "instances") == []


@pytest.mark.parametrize("address", ["-oProxyCommand=reboot", "db.example", "{{ 1 }}", 7.5])
@pytest.mark.parametrize("kind", ["clusters", "instances"])
def test_address_that_is_none(address: Any, kind: str) -> None:
    cluster = with_servers(a_cluster(), {**a_server(1, "ACTIVE"), "service_ip_address": address})
    with pytest.raises(Refused) as refused:
        made(cluster, kind)
    assert f"The address of cluster orders (c1), {str(address)!r}, is not an IP address" in refused.value.msg


def a_host(name: str, cluster_id: str, staying: bool = True) -> Host:
    return Host(name, cluster_id, staying, None, {})


@pytest.mark.parametrize(
    ("made_of", "expected"),
    [
        pytest.param([("a", "1"), ("b", "2")], ["a", "b"], id="each its own"),
        pytest.param([("a", "1"), ("a", "2"), ("b", "3")], ["a_1", "a_2", "b"], id="the same name"),
        pytest.param([("a", "1", False), ("a", "2")], ["a_1", "a"], id="one takes the place of one that goes"),
        pytest.param([("a", "1", False), ("a", "2", False)], ["a_1", "a_2"], id="both go"),
        pytest.param([("a", "1", False)], ["a"], id="one goes"),
        pytest.param([("a", "1", False), ("a", "2"), ("a", "3")], ["a_1", "a_2", "a_3"], id="two stay"),
        pytest.param([("localhost", "1")], ["localhost_1"], id="not the machine itself"),
        pytest.param([("all", "1"), ("ungrouped", "2")], ["all_1", "ungrouped_2"], id="not a group of Ansible"),
        pytest.param([("prod", "1")], ["prod_1"], id="not a group of the inventory"),
        pytest.param([("a:b", "1"), ("a,b", "2")], ["a_b_1", "a_b_2"], id="alike once they are safe"),
        pytest.param([("db[1:9]", "1")], ["db_1_9_"], id="no range"),
        pytest.param([("-oProxyCommand=x", "1")], ["_oProxyCommand_x"], id="no option of ssh"),
        pytest.param([("{{ x }}", "1")], ["___x___"], id="no template"),
        pytest.param([("주문.db-1_a", "1")], ["주문.db-1_a"], id="letters of any script"),
        pytest.param([("a", "x/y"), ("a", "2")], ["a_x_y", "a_2"], id="an id that is not safe"),
        pytest.param([], [], id="none"),
    ],
)
def test_names(made_of: list[tuple[Any, ...]], expected: list[str]) -> None:
    all_of_them = [a_host(*parts) for parts in made_of]
    assert unique_names(all_of_them, [host.name for host in all_of_them], {"prod"}) == expected


@pytest.mark.parametrize("made_of", [[("a", "1"), ("a", "1")], [("a_1", "2"), ("a", "1"), ("a", "3")]])
def test_names_that_nothing_tells_apart(made_of: list[tuple[str, str]]) -> None:
    all_of_them = [a_host(*parts) for parts in made_of]
    with pytest.raises(ScpError) as error:
        unique_names(all_of_them, [host.name for host in all_of_them], ())
    assert "These would all be the host a_1: " in error.value.msg
    assert "Set hostnames to something that tells them apart" in error.value.msg
