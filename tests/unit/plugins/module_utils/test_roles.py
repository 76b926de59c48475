# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _roles
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import a_cluster, a_server


@pytest.mark.parametrize(
    ("word", "replica", "active"),
    [
        ("ACTIVE", None, True),
        ("Primary", False, True),
        ("PRIMARY_NODE", False, True),
        (" primary node ", False, True),
        ("STANDBY", None, False),
        ("SECONDARY", None, False),
        ("REPLICA", True, False),
        ("read_replica", True, False),
        ("READ-NODE", True, False),
        ("ORIGIN", False, None),
        ("RECOVERY", False, None),
        ("MIGRATION", False, None),
        ("A_WORD_TO_COME", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_what_a_role_means(word: Any, replica: bool | None, active: bool | None) -> None:
    assert _roles.is_replica({"role_type": word}) is replica
    assert _roles.is_active({"role_type": word}) is active


@pytest.mark.parametrize(
    ("words", "active"),
    [
        (["ACTIVE"], "orders001"),
        ([None], "orders001"),
        (["STANDBY"], None),
        (["STANDBY", "PRIMARY"], "orders002"),
        (["STANDBY", None], None),
        (["ACTIVE", "ACTIVE"], None),
        ([], None),
    ],
)
def test_active_server(words: list[Any], active: str | None) -> None:
    cluster = a_cluster()
    cluster["instance_groups"][0]["instances"] = [a_server(number, word) for number, word in enumerate(words, 1)]
    assert _roles.active_instance(cluster) == active
    assert _roles.described(cluster)["active_instance"] == active


@pytest.mark.parametrize("groups", [None, [], [{"instances": None}]])
def test_clusters_without_servers(groups: Any) -> None:
    assert _roles.active_instance(a_cluster(instance_groups=groups)) is None


@pytest.mark.parametrize(
    ("changes", "replica", "replica_of"),
    [
        ({"role_type": "REPLICA", "origin_cluster_id": "c9"}, True, "c9"),
        ({"role_type": "REPLICA", "origin_cluster_id": ""}, True, None),
        ({"role_type": "RECOVERY", "origin_cluster_id": "c9"}, False, None),
        ({"role_type": None, "origin_cluster_id": "c9"}, None, None),
    ],
)
def test_origin_of_a_replica(changes: Any, replica: bool | None, replica_of: str | None) -> None:
    told = _roles.described(a_cluster(**changes))
    assert (told["is_replica"], told["replica_of"]) == (replica, replica_of)
