# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _cluster, _present
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    ApiError,
    InvalidInput,
    NotReached,
    OperationFailed,
    Refused,
    ScpError,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeClock,
    FakeHttp,
    Json,
    a_cluster,
    all_of_it,
    an_engine,
    declaring,
    gone,
)

GONE = gone("not there")


def brief(cluster_id: str, name: str = "orders", service_state: str = "RUNNING") -> Json:
    return {"id": cluster_id, "name": name, "service_state": service_state}


def page(count: object, *clusters: Json) -> Json:
    return {"contents": list(clusters), "count": count}


def test_list_all_passes_its_filters() -> None:
    http = FakeHttp({"List Clusters": [page(0)]})
    _present.list_all(http, name="orders", service_state="RUNNING", sort=None)
    assert dict(http.calls[0].query) == {"size": "100", "page": "0", "name": "orders", "service_state": "RUNNING"}


# One cluster


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([brief("c1")], "c1", id="one"),
        pytest.param([brief("c2", "ordersold"), brief("c1"), brief("c3", "myorders")], "c1", id="parts of names"),
        pytest.param([brief("c2", "Orders")], None, id="another case is another name"),
        pytest.param([brief("c1", service_state="TERMINATED")], None, id="terminated"),
        pytest.param([brief("c1", service_state="TERMINATING")], "c1", id="terminating"),
        pytest.param([brief("c1", service_state="TERMINATING"), brief("c2")], "c2", id="its successor"),
        pytest.param([brief("c1", service_state="TERMINATED"), brief("c2")], "c2", id="successor of a terminated one"),
    ],
)
def test_find_by_name(contents: list[Json], expected: str | None) -> None:
    http = FakeHttp({"List Clusters": [page(len(contents), *contents)], "Show Cluster": [a_cluster()]})

    found = _cluster.find(http, None, "orders")

    assert (found is not None) == (expected is not None)
    assert [call.path for call in http.calls[1:]] == ([f"/v1/clusters/{expected}"] if expected else [])
    assert dict(http.calls[0].query)["name"] == "orders"


@pytest.mark.parametrize("service_state", ["RUNNING", "TERMINATING"])
def test_two_of_a_name_are_refused(service_state: str) -> None:
    contents = [brief("c2", service_state=service_state), brief("c1", service_state=service_state)]
    http = FakeHttp({"List Clusters": [page(2, *contents)]})
    with pytest.raises(Refused, match=r"2 clusters named orders: c1, c2\. Nothing was changed\. Set cluster_id"):
        _cluster.find(http, None, "orders")


def test_find_by_id_takes_one_call() -> None:
    http = FakeHttp({"Show Cluster": [a_cluster()]})
    assert _cluster.find(http, "c1", "orders") == a_cluster()
    assert http.reads == ["Show Cluster"]


@pytest.mark.parametrize("answer", [GONE, a_cluster("TERMINATED")], ids=["404", "TERMINATED"])
def test_cluster_that_is_gone_is_none(answer: Any) -> None:
    assert _present.show(FakeHttp({"Show Cluster": [answer]}), "c1") is None


GATEWAY = ApiError("not let through", status=404)


@pytest.mark.parametrize("error", [ApiError("x", status=401), ApiError("x", status=500), NotReached("x"), GATEWAY])
def test_cluster_that_can_not_be_read_is_not_gone(error: ScpError) -> None:
    with pytest.raises(type(error)):
        _present.show(FakeHttp({"Show Cluster": [error]}), "c1")


# All in one


def ensured(options: Json, script: dict[str, list[Any]], check_mode: bool = False) -> tuple[Outcome, FakeHttp]:
    clock = FakeClock()
    http = FakeHttp({"Show Request": [{"request_id": "req-1", "state": "IN_PROGRESS"}], **script}, clock)
    params = {"tags": None, **options}
    return _cluster.ensure(Task(params, check_mode, http, clock)), http


def by_name(*seen: Any) -> dict[str, list[Any]]:
    """Return a cluster that is found by its name, and what it then looks like; a later list lacks one that is gone."""
    lists = [page(1, brief("c1")), *([page(0)] if GONE in seen else [])]
    return {"List Clusters": lists, "Show Cluster": list(seen)}


NONE: dict[str, list[Any]] = {
    "List Clusters": [page(0)],
    "List Engine Versions": [{"contents": [an_engine("10.11.9", "e1")]}],
}


@pytest.mark.parametrize("check_mode", [True, False])
def test_cluster_as_declared_takes_two_reads(check_mode: bool) -> None:
    outcome, http = ensured(declaring(), by_name(a_cluster()), check_mode)
    assert not outcome.changed
    assert (http.reads, http.writes) == (["List Clusters", "Show Cluster"], [])


@pytest.mark.parametrize("state", ["present", "started"])
def test_cluster_that_is_not_there_is_created(state: str) -> None:
    outcome, http = ensured(all_of_it(state=state), {**NONE, "Show Cluster": [a_cluster("CREATING"), a_cluster()]})
    assert outcome.changed
    assert http.reads == ["List Clusters", "List Engine Versions", "List Clusters", "Show Cluster", "Show Cluster"]
    assert http.writes == ["Create Cluster"]


@pytest.mark.parametrize("options", [all_of_it(), declaring("absent"), declaring("restarted"), declaring("synced")])
def test_check_mode_sends_nothing(options: Json) -> None:
    script = NONE if "subnet_id" in options else by_name(a_cluster("UNKNOWN"))
    outcome, http = ensured(options, script, check_mode=True)
    assert outcome.changed
    assert http.writes == []


@pytest.mark.parametrize("state", ["stopped", "restarted", "switched_over", "synced"])
def test_cluster_that_is_not_there_can_not_be(state: str) -> None:
    with pytest.raises(Refused, match=f"no cluster named orders, so that it can't be {state}") as caught:
        ensured(all_of_it(state=state), NONE)
    assert caught.value.status == 404


@pytest.mark.parametrize("state", ["present", "stopped"])
def test_id_that_is_not_there_is_refused(state: str) -> None:
    with pytest.raises(Refused, match="no cluster with the id c9"):
        ensured(all_of_it(state=state, cluster_id="c9"), {"Show Cluster": [GONE]})


def test_absence_of_a_cluster_that_is_not_there_is_reached() -> None:
    outcome, http = ensured(declaring("absent"), NONE)
    assert (outcome.changed, http.writes) == (False, [])


def test_creation_under_way_is_adopted() -> None:
    seen = [a_cluster("CREATING", instance_groups=[]), a_cluster("CREATING"), a_cluster()]
    outcome, http = ensured(all_of_it(), by_name(*seen))
    assert not outcome.changed
    assert http.writes == []


def test_successor_of_a_terminating_cluster_is_created_when_that_is_gone() -> None:
    script = {**NONE, "List Clusters": [page(1, brief("c1", service_state="TERMINATING")), page(0)]}
    script["Show Cluster"] = [
        a_cluster("TERMINATING"),
        a_cluster("TERMINATING"),
        GONE,
        a_cluster("CREATING"),
        a_cluster(),
    ]
    outcome, http = ensured(all_of_it(), script)
    assert outcome.changed
    assert http.writes == ["Create Cluster"]


def test_successor_of_a_terminating_cluster_needs_wait() -> None:
    script = {
        "List Clusters": [page(1, brief("c1", service_state="TERMINATING"))],
        "Show Cluster": [a_cluster("TERMINATING")],
    }
    with pytest.raises(Refused, match="still being terminated"):
        ensured(all_of_it(wait=False), script)


def test_termination_under_way_is_waited_for() -> None:
    outcome, http = ensured(declaring("absent"), by_name(a_cluster("TERMINATING"), a_cluster("TERMINATING"), GONE))
    assert (outcome.changed, http.writes) == (False, [])
    assert outcome.values["cluster"] is None


@pytest.mark.parametrize(("wait", "check_mode"), [(False, False), (True, True)], ids=["without wait", "in check mode"])
def test_operation_under_way_is_not_waited_for(wait: bool, check_mode: bool) -> None:
    outcome, http = ensured(declaring(wait=wait), by_name(a_cluster("EDITING")), check_mode)
    assert not outcome.changed
    assert http.reads == ["List Clusters", "Show Cluster"]


def test_without_wait_two_steps_are_refused() -> None:
    with pytest.raises(Refused, match="2 operations are needed"):
        ensured(declaring("absent", wait=False), by_name(a_cluster("UNKNOWN")))


@pytest.mark.parametrize("check_mode", [True, False])
def test_bad_options_are_refused_before_anything_is_read(check_mode: bool) -> None:
    with pytest.raises(InvalidInput):
        ensured(declaring(engine_version="ten"), {}, check_mode)


def test_connection_is_no_part_of_the_declaration() -> None:
    options = declaring(region="kr-west1", api_version="1.0", secret_key="SK", timezone=None)
    outcome, _http = ensured(options, by_name(a_cluster()))
    assert not outcome.changed


def test_started_cluster_runs_after_a_synchronization_or_the_task_fails() -> None:
    # In which state a cluster comes back from UNKNOWN nobody knows before.
    states = ["UNKNOWN", "UNKNOWN", "SYNCHRONIZING", "STOPPED", "STARTING", "RUNNING"]
    try:
        outcome, _http = ensured(declaring("started"), by_name(*map(a_cluster, states)))
    except ScpError:
        return
    assert outcome.values["cluster"]["service_state"] == "RUNNING"


@pytest.mark.parametrize("state", ["absent", "synced"])
def test_operation_under_way_may_fail_where_that_does_not_matter(state: str) -> None:
    end = GONE if state == "absent" else a_cluster()
    seen = [a_cluster("CREATING"), *[a_cluster("FAILED")] * 3, end]
    outcome, http = ensured(declaring(state), by_name(*seen))
    assert outcome.changed
    assert http.writes == ["Terminate Cluster" if state == "absent" else "Synchronize Cluster State"]


def test_operation_under_way_that_fails_ends_the_task() -> None:
    with pytest.raises(OperationFailed):
        ensured(declaring(), by_name(a_cluster("CREATING"), a_cluster("FAILED")))


def test_failure_on_the_way_there_is_told() -> None:
    with pytest.raises(OperationFailed, match="went FAILED"):
        ensured(all_of_it(), {**NONE, "Show Cluster": [a_cluster("CREATING"), a_cluster("FAILED")]})
