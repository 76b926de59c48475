# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _tags
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    AnswerLost,
    ApiError,
    NotReached,
    OperationFailed,
    Refused,
    ScpError,
    WaitTimeout,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import TRACE_SECONDS
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeClock,
    FakeHttp,
    Json,
    a_cluster,
    a_config,
    gone,
)

SRN = "srn:e::account:kr-west1::mariadb:mariadb/c1"
FORBIDDEN = ApiError("List Tags failed: 403 Forbidden.", status=403)
UNKNOWN = gone("List Tags failed: 404 Not Found.")
BROKEN = ApiError("List Tags failed: 503 Unavailable.", status=503)
LOST = AnswerLost("The connection broke.", now="Whether it was carried out is not known.")


@pytest.mark.parametrize(
    ("present", "declared", "purge", "expected"),
    [
        pytest.param({}, {}, True, [], id="none, none wanted"),
        pytest.param({"a": "1"}, {"a": "1"}, True, [], id="as declared"),
        pytest.param({"a": "1"}, {"a": 1}, True, [], id="a number is its text"),
        pytest.param({"a": ""}, {"a": None}, True, [], id="null is empty"),
        pytest.param({"a": ""}, {"a": ""}, True, [], id="empty"),
        pytest.param({}, {"a": None}, True, [("set", {"a": ""})], id="a missing tag is not an empty one"),
        pytest.param({"a": "1"}, {"a": None}, True, [("set", {"a": ""})], id="emptied"),
        pytest.param({"a": "1"}, {"a": "2"}, True, [("set", {"a": "2"})], id="changed"),
        pytest.param({"a": "1"}, {"A": "1"}, True, [("delete", "a"), ("set", {"A": "1"})], id="case counts"),
        pytest.param({"a": "1", "b": "2"}, {"a": "1"}, True, [("delete", "b")], id="surplus"),
        pytest.param({"a": "1", "b": "2"}, {}, True, [("delete", "a"), ("delete", "b")], id="none wanted"),
        pytest.param(
            {"a": "1"}, {"c": "3", "b": "2"}, True, [("delete", "a"), ("set", {"b": "2", "c": "3"})], id="others"
        ),
        pytest.param({"a": "1"}, {}, False, [], id="none to add"),
        pytest.param({"b": "1"}, {"a": "2"}, False, [("set", {"a": "2", "b": "1"})], id="the others go along"),
        pytest.param({"a": "1", "b": "2"}, {"a": "1"}, False, [], id="there already"),
    ],
)
def test_plan(present: _tags.Tags, declared: Json, purge: bool, expected: list[tuple[str, Any]]) -> None:
    planned = _tags.plan(present, declared, purge)
    told = [
        ("set", {tag["key"]: tag["value"] for tag in change.call.body["tags"]})
        if change.call.body
        else ("delete", change.call.path.rsplit("/", 1)[-1])
        for change in planned.changes(SRN)
    ]
    assert told == expected
    assert planned.before == present
    assert _tags.plan(planned.after, declared, purge).changes(SRN) == []


MARK = {"samsungcloud.scp.restored-from": "c1@2"}


@pytest.mark.parametrize("purge", [True, False])
@pytest.mark.parametrize("declared", [{}, {"a": "1"}, {"b": "2"}])
def test_what_a_cluster_was_restored_from_is_no_difference_and_stays(declared: Json, purge: bool) -> None:
    for others in ({}, {"a": "1"}):
        planned = _tags.plan({**others, **MARK}, declared, purge)
        alone = _tags.plan(others, declared, purge)
        assert (planned.before, planned.after) == (alone.before, alone.after)
        changes = planned.changes(SRN)
        assert [change.call.operation for change in changes] == [one.call.operation for one in alone.changes(SRN)]
        for change in changes:
            tags = {tag["key"]: tag["value"] for tag in (change.call.body or {"tags": []})["tags"]}
            assert MARK.items() <= tags.items() if change.call.body else change.call.path.endswith("/a")


def test_options_that_a_change_serves() -> None:
    changes = _tags.plan({"a": "1"}, {"b": "2"}, True).changes(SRN)
    assert [change.describe()["options"] for change in changes] == [["tags", "purge_tags"], ["tags"]]


@pytest.mark.parametrize("key", [".", ".."])
def test_key_that_no_url_can_name(key: str) -> None:
    with pytest.raises(Refused, match="can't be deleted"):
        _tags.plan({key: "1"}, {}, True)
    assert _tags.plan({key: "1"}, {}, False).changes(SRN) == []
    assert len(_tags.plan({key: "1"}, {key: "2"}, True).changes(SRN)) == 1


class Manager:
    """A Resource Manager with one cluster; reads fail first with the given failures."""

    def __init__(self, merges: bool = False, failures: tuple[ScpError, ...] = (), **tags: str | None) -> None:
        self.tags: dict[str, str | None] = dict(tags)
        self.merges = merges
        self.failures = list(failures)
        self.clock = FakeClock()
        script: dict[str, list[Any]] = {
            "List Tags": [self._listed],
            "Set Tags": [self._set],
            "Delete Tag": [self._delete],
        }
        self.http = FakeHttp(script, self.clock)
        self.http.config = a_config(region="kr-west1", environment="e")

    def _listed(self) -> Json:
        if self.failures:
            raise self.failures.pop(0)
        tags = [{"key": key, "value": value} for key, value in self.tags.items()]
        return {"content": {"srn": SRN, "tags": tags}, "count": len(tags), "page": 0, "size": 100}

    def _set(self) -> Json:
        body = self.http.calls[-1].body or {}
        kept = self.tags if self.merges else {}
        self.tags = {**kept, **{tag["key"]: tag["value"] for tag in body["tags"]}}
        return {}

    def _delete(self) -> Json:
        del self.tags[self.http.calls[-1].path.rsplit("/", 1)[-1]]
        return {}


def a_task(manager: Manager, warnings: list[str] | None = None, check_mode: bool = False, **params: Any) -> Task:
    return Task(
        {"wait": True, "wait_timeout": 7200, "purge_tags": True, **params},
        check_mode,
        FakeHttp({}),
        manager.clock,
        warn=(warnings if warnings is not None else []).append,
        connect=lambda load: manager.http,
    )


def completed(task: Task, declared: Json | None, present: bool = True, **cluster: Any) -> Outcome:
    """Go the whole way for a cluster that was there before, or that the task has created."""
    tagging = _tags.Tagging(task, declared)
    detail = a_cluster(**cluster)
    tagging.look([detail] if present else [])
    there = present or not task.check_mode
    outcome = Outcome(False, [], {"before": {}, "after": {}}, {"cluster": detail if there else None})
    return tagging.complete_one(outcome, {"name": "orders"})


@pytest.mark.parametrize("merges", [False, True])
@pytest.mark.parametrize(
    ("before", "declared", "purge", "operations"),
    [
        ({"a": "1"}, {"a": "1"}, True, []),
        ({"a": "1", "b": "2"}, {"b": "3", "c": None}, True, ["Delete Tag", "Set Tags"]),
        ({"a": "1", "b": "2"}, {"b": "3"}, False, ["Set Tags"]),
        ({"a": "1"}, {}, True, ["Delete Tag"]),
    ],
)
def test_dry_run_tells_what_a_run_does(
    merges: bool, before: Json, declared: Json, purge: bool, operations: list[str]
) -> None:
    manager = Manager(merges, **before)
    predicted = completed(a_task(manager, check_mode=True, purge_tags=purge), declared)
    assert manager.http.writes == []
    real = completed(a_task(manager, purge_tags=purge), declared)
    again = completed(a_task(manager, purge_tags=purge), declared)
    assert [one["operation"] for one in real.operations or []] == manager.http.writes == operations
    assert (predicted.changed, predicted.operations, predicted.diff) == (real.changed, real.operations, real.diff)
    assert real.changed is bool(operations)
    assert (again.changed, again.operations) == (False, [])
    assert (real.diff or {})["before"]["tags"] == before
    assert real.values["cluster"]["tags"] == (real.diff or {})["after"]["tags"] == (again.diff or {})["before"]["tags"]


def test_nothing_is_sent_where_tags_do_not_matter() -> None:
    task = Task({"wait": True, "wait_timeout": 7200}, False, FakeHttp({}))
    outcome = completed(task, None)
    assert outcome == Outcome(False, [], {"before": {}, "after": {}}, {"cluster": a_cluster()})


def test_user_who_may_not_see_tags_is_warned_once() -> None:
    manager, warnings = Manager(failures=(ApiError("No.", status=403),) * 2), []
    task = a_task(manager, warnings)
    for _attempt in range(2):
        outcome = completed(task, {"a": "1"})
        assert (outcome.changed, outcome.operations, outcome.diff) == (False, [], {"before": {}, "after": {}})
        assert outcome.values["cluster"] == a_cluster()
    (warning,) = warnings
    assert "neither compared nor changed" in warning
    assert "IAM policy" in warning
    assert manager.http.writes == []


def test_user_who_may_see_tags_but_not_change_them() -> None:
    manager = Manager(a="1")
    manager.http.script["Set Tags"] = [ApiError("Set Tags failed: 403 Forbidden.", status=403)]
    with pytest.raises(ApiError) as caught:
        completed(a_task(manager), {"b": "2"})
    assert "Sent so far: Delete Tag." in caught.value.msg
    assert [one["operation"] for one in caught.value.facts["operations"]] == ["Delete Tag"]


@pytest.mark.parametrize("failure", [BROKEN, NotReached("It can't be reached."), ApiError("Wrong clock.", status=401)])
def test_failure_before_anything_is_sent(failure: ScpError) -> None:
    manager = Manager(failures=(failure,))
    with pytest.raises(type(failure)) as caught:
        completed(a_task(manager), {"a": "1"})
    assert "Without tags the task does not need the Resource Manager (resource_manager_endpoint)." in caught.value.msg


def test_resource_that_is_not_known_has_no_tags() -> None:
    manager = Manager(failures=(UNKNOWN,))
    assert completed(a_task(manager), {"a": "1"}).changed
    assert manager.tags == {"a": "1"}


def test_gateway_that_knows_no_path_is_a_failure() -> None:
    gateway = ApiError("List Tags failed: 404 Not Found.", status=404)
    with pytest.raises(ApiError):
        completed(a_task(Manager(failures=(gateway,))), {"a": "1"})


def test_account_that_is_not_shown() -> None:
    with pytest.raises(Refused, match="account"):
        completed(a_task(Manager()), {"a": "1"}, account_id=None)


def with_script(operation: str, *entries: Any, **tags: str) -> Manager:
    manager = Manager(**tags)
    manager.http.script[operation] = list(entries)
    return manager


def acting(act: Callable[[], Any]) -> Callable[[], Any]:
    def act_and_lose() -> Any:
        act()
        raise LOST

    return act_and_lose


@pytest.mark.parametrize(("operation", "declared"), [("Set Tags", {"a": "2"}), ("Delete Tag", {})])
def test_lost_answer_is_looked_for(operation: str, declared: Json) -> None:
    manager = Manager(a="1")
    manager.http.script[operation] = [acting(manager._set if declared else manager._delete)]
    outcome = completed(a_task(manager), declared)
    assert [one["operation"] for one in outcome.operations or []] == [operation]
    assert manager.tags == declared


def test_lost_change_without_a_trace_is_a_failure() -> None:
    manager = with_script("Set Tags", LOST)
    with pytest.raises(AnswerLost) as caught:
        completed(a_task(manager), {"a": "1"})
    assert caught.value.facts["operations"] == []
    assert manager.clock.now - 1000 == pytest.approx(TRACE_SECONDS)


def test_tag_that_is_gone_already_is_not_our_change() -> None:
    manager = Manager(a="1")

    def gone() -> Any:
        manager.tags = {}
        raise UNKNOWN

    manager.http.script["Delete Tag"] = [gone]
    outcome = completed(a_task(manager), {})
    assert (outcome.changed, outcome.operations, manager.http.writes) == (False, [], ["Delete Tag"])


def test_tags_by_others_meanwhile_are_kept_or_purged() -> None:
    """Setting tags names all that are to be there, so that it must not go by an old look."""
    for purge, reached in ((False, {"a": "1", "late": "2"}), (True, {"a": "1"})):
        manager = Manager()
        task = a_task(manager, purge_tags=purge)
        tagging = _tags.Tagging(task, {"a": "1"})
        tagging.look([a_cluster()])
        manager.tags["late"] = "2"
        outcome = Outcome(False, [], {"before": {}, "after": {}}, {"cluster": a_cluster()})
        tagging.complete_one(outcome, {"name": "orders"})
        assert manager.tags == reached
        assert outcome.diff == {"before": {"tags": {"late": "2"}}, "after": {"tags": reached}}


def test_tags_that_are_not_as_declared_in_the_end() -> None:
    manager = with_script("Set Tags", {}, old="1")
    with pytest.raises(OperationFailed, match="not as declared") as caught:
        completed(a_task(manager), {"a": "1"})
    assert [one["operation"] for one in caught.value.facts["operations"]] == ["Delete Tag", "Set Tags"]
    assert caught.value.facts["changed"] is True


def test_last_look_that_fails_is_told() -> None:
    manager = Manager()

    def set_and_break() -> Any:
        manager.failures = [BROKEN] * 1000
        return {}

    manager.http.script["Set Tags"] = [set_and_break]
    with pytest.raises(ApiError, match="503") as caught:
        completed(a_task(manager), {"a": "1"})
    assert "Sent so far: Set Tags." in caught.value.msg


def created(manager: Manager, declared: Json, looks: int, **params: Any) -> Outcome:
    """Let a cluster be there whose tags show at the look after so many."""
    tags, manager.tags, left = dict(manager.tags), {}, [looks]

    def listed() -> Json:
        left[0] -= 1
        manager.tags = tags if left[0] < 0 else {}
        return manager._listed()

    manager.http.script["List Tags"] = [listed]
    return completed(a_task(manager, **params), declared, present=False)


def test_tags_of_a_new_cluster_are_waited_for() -> None:
    manager = Manager(a="1", other="2")
    outcome = created(manager, {"a": "1"}, looks=5)
    assert (outcome.changed, manager.http.writes) == (False, [])
    assert outcome.values["cluster"]["tags"] == {"a": "1", "other": "2"}
    assert outcome.diff == {"before": {}, "after": {"tags": {"a": "1"}}}


def test_wait_for_tags_of_a_new_cluster_ends() -> None:
    manager = Manager(a="1")
    with pytest.raises(WaitTimeout, match="did not show in time"):
        created(manager, {"a": "1"}, looks=10_000)
    assert manager.clock.now - 1000 == pytest.approx(_tags.APPEAR_SECONDS)
    with pytest.raises(WaitTimeout):
        created(Manager(a="1"), {"a": "1"}, looks=10_000, wait_timeout=1)


@pytest.mark.parametrize(
    ("declared", "params"), [({}, {}), ({"a": "1"}, {"wait": False}), ({"a": "1"}, {"check_mode": True})]
)
def test_new_clusters_that_are_not_looked_at(declared: Json, params: Json) -> None:
    manager = Manager(**declared)
    outcome = created(manager, declared, looks=0, **params)
    assert manager.http.calls == []
    assert outcome.diff == {"before": {}, "after": {"tags": declared}}


def test_user_who_may_not_see_the_tags_of_a_new_cluster() -> None:
    manager, warnings = Manager(failures=(FORBIDDEN,)), []
    outcome = completed(a_task(manager, warnings), {"a": "1"}, present=False)
    assert outcome.values["cluster"] == a_cluster()
    assert len(warnings) == 1


@pytest.mark.parametrize("failure", [BROKEN, NotReached("It can't be reached."), ApiError("Wrong clock.", status=401)])
def test_tags_of_a_new_cluster_that_can_not_be_looked_up(failure: ScpError) -> None:
    """It has them from its creation, so that nothing failed; and nobody waits for a service that is not there."""
    manager, warnings = Manager(failures=(failure,)), []
    outcome = completed(a_task(manager, warnings), {"a": "1"}, present=False)
    assert outcome.values["cluster"] == a_cluster()
    (warning,) = warnings
    assert "orders could not be looked up" in warning
    assert "resource_manager_endpoint" in warning
    assert manager.clock.slept == []


def adopted(manager: Manager, declared: Json, **params: Any) -> Outcome:
    """Go the whole way for a cluster that another run was creating."""
    task = a_task(manager, **params)
    task._found[a_cluster()["id"]] = {"CREATING"}
    return completed(task, declared)


def test_tags_that_another_run_created_a_cluster_with_are_not_set_once_more() -> None:
    manager, left = Manager(a="1"), [3]
    tags = dict(manager.tags)

    def listed() -> Json:
        left[0] -= 1
        manager.tags = tags if left[0] < 0 else {}
        return manager._listed()

    manager.http.script["List Tags"] = [listed]
    outcome = adopted(manager, {"a": "1"})
    assert (outcome.changed, outcome.operations, manager.http.writes) == (False, [], [])
    assert outcome.values["cluster"]["tags"] == {"a": "1"}


@pytest.mark.parametrize(("declared", "purge"), [({"a": "1"}, True), ({"a": "1"}, False), ({}, True)])
def test_other_tags_that_another_run_created_a_cluster_with_are_changed(declared: Json, purge: bool) -> None:
    manager = Manager(b="2")
    outcome = adopted(manager, declared, purge_tags=purge)
    assert outcome.changed
    assert manager.tags == (declared if purge else {"b": "2", **declared})
    assert manager.clock.now - 1000 >= _tags.APPEAR_SECONDS
    assert (outcome.diff or {})["after"]["tags"] == manager.tags
    assert not completed(a_task(manager, purge_tags=purge), declared).changed


def test_tags_of_a_cluster_in_creation_are_foreseen_as_far_as_they_show() -> None:
    foreseen = adopted(Manager(b="2"), {"a": "1"}, check_mode=True)
    done = adopted(Manager(b="2"), {"a": "1"})
    assert foreseen.changed
    assert [(one["operation"], one.get("body")) for one in foreseen.operations or []] == [
        (one["operation"], one.get("body")) for one in done.operations or []
    ]


@pytest.mark.parametrize(("tags", "wait"), [({}, True), ({"b": "2"}, False)], ids=["none show", "no wait"])
def test_tags_of_a_cluster_in_creation_stay_as_they_are(tags: Json, wait: bool) -> None:
    outcome = adopted(Manager(**tags), {"a": "1"}, check_mode=True, wait=wait)
    assert (outcome.changed, outcome.diff) == (False, {"before": {}, "after": {}})


def test_user_who_may_see_the_tags_of_one_cluster_only() -> None:
    manager, warnings = Manager(failures=(FORBIDDEN,)), []
    task = a_task(manager, warnings)
    tagging = _tags.Tagging(task, {"a": "1"})
    both = [a_cluster(name="near"), a_cluster(name="far")]
    tagging.look(both)
    outcome = Outcome(False, [], {"before": {"near": {}, "far": {}}, "after": {"near": {}, "far": {}}})
    tagging.complete(outcome, both, ["near", "far"], lambda side, name: side[name])
    assert manager.http.writes == ["Set Tags"]
    assert (outcome.diff or {})["after"] == {"near": {}, "far": {"tags": {"a": "1"}}}
    (warning,) = warnings
    assert "of the cluster near" in warning


def test_several_pages() -> None:
    keys = [f"k{number:03}" for number in range(120)]

    def page(number: int) -> Json:
        items = [{"key": key, "value": "v"} for key in keys[number * 100 : number * 100 + 100]]
        return {"content": {"srn": SRN, "tags": items}, "count": 120, "page": number, "size": 100}

    http = FakeHttp({"List Tags": [page(0), page(1), page(0), page(1)]})
    assert list(_tags.read(http, SRN)) == keys


@pytest.mark.parametrize("content", [{"srn": SRN, "tags": None}, {"srn": SRN, "tags": []}])
def test_answers_without_tags(content: Any) -> None:
    assert _tags.read(FakeHttp({"List Tags": [{"content": content, "count": 0}]}), SRN) == {}


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        ({}, True),
        ({"team": "commerce"}, True),
        ({"team": None}, True),
        ({"alone": None}, True),
        ({"alone": ""}, True),
        ({"cost": 1234}, True),
        ({"team": "commerce", "cost": "1234"}, True),
        ({"team": ""}, False),
        ({"team": "other"}, False),
        ({"other": None}, False),
        ({"team": "commerce", "other": "1"}, False),
    ],
)
def test_filter(wanted: Json, passes: bool) -> None:
    manager = Manager(team="commerce", alone=None, cost="1234")
    found = _tags.Filter(wanted, manager.http, manager.http.config).passed(a_cluster())
    assert (found is not None) is passes
    assert found is None or found == {**a_cluster(), "tags": {"alone": "", "cost": "1234", "team": "commerce"}}


@pytest.mark.parametrize(
    ("failures", "is_told"),
    [((UNKNOWN, UNKNOWN), True), ((UNKNOWN,), False), ((), False)],
    ids=["none is known", "one is known", "all are known"],
)
def test_filter_tells_where_no_cluster_is_known(failures: tuple[ScpError, ...], is_told: bool) -> None:
    manager = Manager(failures=failures)
    tags = _tags.Filter({}, manager.http, manager.http.config)
    assert list(tags.warnings()) == []
    for _cluster in range(2):
        tags.passed(a_cluster())
    assert [("kr-west1" in warning, "Check region" in warning) for warning in tags.warnings()] == [
        (True, True)
    ] * is_told
