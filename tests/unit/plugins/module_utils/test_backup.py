# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _backup
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Refused, ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeHttp,
    Json,
    a_cluster,
    problems_of,
)

KEYS = ("archive_frequency_minute", "retention_period_day", "starting_time_hour")
# What the cluster of the fakes has.
POLICY = dict(zip(KEYS, (60, 7, 2)))
NO_POLICY = dict.fromkeys(KEYS)
ON = {"archive_enabled": True, "retention_period_day": 3}
OFF: Json = {"archive_enabled": False, "retention_period_day": None}


def predicted(cluster: Json, options: Json, archive: Json | None = None) -> tuple[Outcome, FakeHttp]:
    """What a dry run says, and the conversation that it had."""
    params = {"cluster_id": "c1", "cluster_name": None, "wait": True, "wait_timeout": 60, "state": "present"}
    http = FakeHttp({"Show Cluster": [cluster], "Show Archive Config": [archive or ON]})
    unset: Json = dict.fromkeys((*KEYS, "archive"))
    return _backup.ensure(Task({**unset, **params, **options}, True, http)), http


def told(outcome: Outcome) -> list[tuple[str, Any]]:
    return [(operation["operation"], operation.get("body")) for operation in outcome.operations or []]


def body(**changes: str) -> Json:
    return {**{key: str(value) for key, value in POLICY.items()}, **changes}


def set_archive(enabled: bool, days: int | None) -> tuple[str, Json]:
    return "Set Archive Config", {"archive_enabled": enabled, "retention_period_day": days}


@pytest.mark.parametrize(
    ("present", "archive", "options", "expected"),
    [
        (POLICY, ON, POLICY, []),
        (POLICY, ON, {"retention_period_day": 7}, []),
        (POLICY, ON, {"retention_period_day": 35}, [("Set Backup", body(retention_period_day="35"))]),
        (POLICY, ON, {"starting_time_hour": 0}, [("Set Backup", body(starting_time_hour="0"))]),
        (NO_POLICY, ON, POLICY, [("Set Backup", body())]),
        (None, ON, POLICY, [("Set Backup", body())]),
        (POLICY, ON, {"state": "absent"}, [("Unset Backup", None)]),
        (NO_POLICY, ON, {"state": "absent"}, []),
        (POLICY, ON, {"archive": ON}, []),
        (POLICY, ON, {"archive": {"archive_enabled": True}}, []),
        (POLICY, ON, {"archive": {"archive_enabled": False}}, [set_archive(False, None)]),
        (POLICY, OFF, {"archive": {"archive_enabled": False}}, []),
        (POLICY, OFF, {"archive": {"archive_enabled": True}}, [set_archive(True, None)]),
        (POLICY, OFF, {"archive": ON}, [set_archive(True, 3)]),
        (POLICY, ON, {"archive": {**ON, "retention_period_day": 35}}, [set_archive(True, 35)]),
        (
            NO_POLICY,
            ON,
            {**POLICY, "archive": {"archive_enabled": False}},
            [("Set Backup", body()), set_archive(False, None)],
        ),
        (POLICY, ON, {"state": "absent", "archive": ON}, [("Unset Backup", None)]),
        (POLICY, ON, {"state": "synced"}, [("Synchronize Archive Config", None)]),
    ],
)
def test_plans(present: Json | None, archive: Json, options: Json, expected: list[Any]) -> None:
    cluster = a_cluster(init_config_option={"backup_option": present})
    outcome, http = predicted(cluster, options, archive)
    assert told(outcome) == expected
    assert outcome.changed is bool(expected)
    assert http.writes == []


@pytest.mark.parametrize(
    ("service_state", "expected"),
    [
        ("RUNNING", ["Set Backup"]),
        ("EDITING", ["Set Backup"]),
        ("UNKNOWN", ["Synchronize Cluster State", "Set Backup"]),
        ("STOPPED", None),
        ("STOPPING", None),
        ("FAILED", None),
        ("ERROR", None),
    ],
)
def test_states(service_state: str, expected: list[str] | None) -> None:
    cluster = a_cluster(service_state)
    assert told(predicted(cluster, POLICY)[0]) == []
    if expected is None:
        with pytest.raises(Refused):
            predicted(cluster, {"retention_period_day": 8})
    else:
        assert [name for name, _body in told(predicted(cluster, {"retention_period_day": 8})[0])] == expected


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ({}, ["state"]),
        ({"state": "synced", "retention_period_day": 7}, ["retention_period_day"]),
        ({"state": "synced", "archive": ON}, ["archive"]),
        ({"state": "absent", **POLICY}, list(KEYS)),
        ({"archive": {**OFF, "retention_period_day": 3}}, ["archive.retention_period_day"]),
        ({"retention_period_day": 6, "starting_time_hour": 24}, ["retention_period_day", "starting_time_hour"]),
        ({"archive": {**ON, "retention_period_day": 36}}, ["archive.retention_period_day"]),
    ],
)
def test_refusals(options: Json, problems: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        predicted(a_cluster(), options)
    assert [option for option, _value in problems_of(refused.value)] == problems


def test_policy_that_is_not_there_can_not_be_changed_in_part() -> None:
    with pytest.raises(ScpError) as refused:
        predicted(a_cluster(init_config_option={"backup_option": NO_POLICY}), {"retention_period_day": 7})
    assert problems_of(refused.value) == [("archive_frequency_minute", None), ("starting_time_hour", None)]


def test_reads() -> None:
    assert predicted(a_cluster(), POLICY)[1].reads == ["Show Cluster"]
    assert predicted(a_cluster(), {"archive": ON})[1].reads == ["Show Cluster", "Show Archive Config"]
