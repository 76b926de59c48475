# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that only list parameters, and the groups of their defaults."""

from __future__ import annotations

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec
from ansible_collections.samsungcloud.scp.plugins.modules import mariadb_parameter_group_info, mariadb_parameters_info
from harness.cycle import paths, spec_paths
from harness.failures import told
from harness.play import Play
from harness.seeds import seed
from harness.settings import reads
from harness.simulator import Json
from harness.tasks import info
from harness.trouble import settings
from simulator.parameters import GROUPS, group_of

CLUSTER_ID = "0fdd87aab8cb46f59b7c1f81ed03fb3e"
OFFERED = [group for group in GROUPS if group.product_image_type == "MariaDB Community"]
GROUP = group_of("11.4.7")

VALUES: dict[str, Json] = {
    "cluster_name": {"cluster_name": "orders"},
    "cluster_id": {"cluster_id": CLUSTER_ID},
    "names": {"cluster_id": CLUSTER_ID, "names": ["wait_timeout", "autocommit"]},
}
GROUP_CASES: dict[str, Json] = {
    "major_version": {"major_version": "10.11"},
    "parameter_group_id": {"parameter_group_id": GROUP.id},
}


def test_parameters(play: Play) -> None:
    seed(play.simulator, id=CLUSTER_ID, parameters={"wait_timeout": "600"})
    seed(play.simulator, name="busy", service_state="EDITING", becomes={"service_state": "RUNNING", "after": 1_000_000})

    by_name, by_id, some, dry, busy, unknown, nowhere, wrong = play(
        *(info("parameters", **options) for options in VALUES.values()),
        {**info("parameters", cluster_id=CLUSTER_ID), "check_mode": True},
        info("parameters", cluster_name="busy", names=["port"]),
        info("parameters", cluster_name="orders", names=["port", "prot"]),
        info("parameters", cluster_name="invoices"),
        info("parameters", cluster_id="a/b"),
    )

    for ran in (by_name, by_id, some, dry, busy):
        assert not ran.failed, ran.result
        assert not ran.changed
    assert reads(by_name) == reads(busy) == ["List Clusters", "Show Cluster", "List Parameter Values"]
    assert reads(by_id) == reads(some) == reads(dry) == ["Show Cluster", "List Parameter Values"]
    shown = {one["name"]: one for one in by_id.result["parameters"]}
    assert list(shown) == [parameter.definition.name for parameter in group_of("10.11.9").parameters]
    assert by_name.result["parameters"] == dry.result["parameters"] == by_id.result["parameters"]
    assert some.result["parameters"] == [shown["wait_timeout"], shown["autocommit"]]
    assert {key: shown["wait_timeout"][key] for key in ("applied_value", "default_value", "is_modifiable")} == {
        "applied_value": "600",
        "default_value": "28800",
        "is_modifiable": True,
    }
    assert [one["applied_value"] for one in busy.result["parameters"]] == ["2866"]
    told(unknown, "names is 'prot'", "close to it: port")
    told(nowhere, "There is no cluster named invoices.")
    told(wrong, "cluster_id is 'a/b', but must be an id")
    assert wrong.calls == []


def test_parameter_groups(play: Play) -> None:
    settings(play.simulator, page_size_cap=20)

    everything, of_version, in_full, no_such, no_version, no_id = play(
        info("parameter_group"),
        *(info("parameter_group", **options) for options in GROUP_CASES.values()),
        info("parameter_group", parameter_group_id="0" * 32),
        info("parameter_group", major_version="5.5"),
        info("parameter_group", parameter_group_id="a/b"),
    )

    for ran in (everything, of_version, in_full, no_such, no_version):
        assert not ran.failed, ran.result
        assert not ran.changed
    # Other products have groups too.
    assert {group["id"] for group in everything.result["parameter_groups"]} == {group.id for group in OFFERED}
    assert "parameters" not in everything.result["parameter_groups"][0]
    assert reads(everything) == reads(no_such) == ["List Parameter Groups"]
    assert [group["major_version"] for group in of_version.result["parameter_groups"]] == ["10.11"]
    (group,) = in_full.result["parameter_groups"]
    assert group["major_version"] == "11.4"
    assert {one["name"] for one in group["parameters"]} == {one.definition.name for one in GROUP.parameters}
    assert len(group["parameters"]) == len(GROUP.parameters) > 40
    assert reads(in_full) == ["List Parameter Groups", *["List Parameters"] * 3 * 2]
    assert no_such.result["parameter_groups"] == no_version.result["parameter_groups"] == []
    told(no_id, "parameter_group_id is 'a/b', but must be an id")
    assert no_id.calls == []


def test_every_option_is_used() -> None:
    for module, cases in ((mariadb_parameters_info, VALUES), (mariadb_parameter_group_info, GROUP_CASES)):
        assert set(cases) == set(spec_paths(module.ARGUMENT_SPEC)) - set(_spec.CONNECTION)
        assert [option for option, options in cases.items() if option not in set(paths(options))] == []
