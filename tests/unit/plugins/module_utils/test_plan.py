# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan

GOAL = Goal("something", lambda cluster: True)


def test_plan_without_steps_changes_nothing() -> None:
    draft = Draft({"a": {"b": 1}})
    draft.after["a"]["b"] = 2

    plan = draft.plan()

    assert not plan.changed
    assert plan.diff() == {"before": {"a": {"b": 1}}, "after": {"a": {"b": 1}}}


def test_plan_with_steps_tells_before_and_after() -> None:
    draft = Draft({"a": {"b": 1}})
    draft.after["a"]["b"] = 2
    draft.add(_api.start_cluster("c1"), GOAL, "state")
    draft.add(_api.stop_cluster("c1"), GOAL, "state", "name")

    plan = draft.plan()

    assert plan.changed
    assert [(step.call.operation, step.options) for step in plan.steps] == [
        ("Start Cluster", ("state",)),
        ("Stop Cluster", ("state", "name")),
    ]
    assert plan.diff() == {"before": {"a": {"b": 1}}, "after": {"a": {"b": 2}}}


def test_diff_hides_secrets() -> None:
    plan = Plan((), {}, {"init_config_option": {"database_user_password": "hunter2"}})
    assert "hunter2" not in str(plan.diff())
