# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List and detail can lag behind each other: neither alone says that a cluster is gone."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _present
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    ApiError,
    Contradiction,
    Refused,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import is_passing
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeHttp,
    Json,
    a_cluster,
    gone,
)

GONE = gone()
LAG = _present.LAG_SECONDS


def page(*clusters: Json) -> Json:
    return {"contents": list(clusters), "count": len(clusters)}


EMPTY, LISTED = page(), page(a_cluster())


def account(lists: list[Any], details: list[Any]) -> FakeHttp:
    return FakeHttp({"List Clusters": lists, "Show Cluster": details})


@pytest.mark.parametrize(
    ("lists", "details", "expected"),
    [
        pytest.param([EMPTY], [a_cluster()], a_cluster(), id="shown: the list is not asked"),
        pytest.param([EMPTY], [GONE], None, id="neither shown nor listed"),
        pytest.param([page(a_cluster("TERMINATED"))], [GONE], None, id="listed as terminated"),
        pytest.param([LISTED], [a_cluster("TERMINATED")], None, id="shown as terminated"),
        pytest.param([LISTED], [GONE, GONE, a_cluster()], a_cluster(), id="shown late"),
        pytest.param([LISTED, LISTED, EMPTY], [GONE], None, id="leaves the list late"),
        pytest.param([page(a_cluster(id="c2"))], [GONE], None, id="another one is listed"),
    ],
)
def test_cluster_by_its_id(lists: list[Any], details: list[Any], expected: Json | None) -> None:
    assert _present.find(account(lists, details), "c1", None) == expected


@pytest.mark.parametrize(
    ("lists", "details", "expected"),
    [
        pytest.param([EMPTY], [], None, id="none"),
        pytest.param([LISTED], [a_cluster()], a_cluster(), id="both"),
        pytest.param([LISTED], [GONE, GONE, a_cluster()], a_cluster(), id="shown late"),
        pytest.param([LISTED, LISTED, EMPTY], [GONE], None, id="leaves the list late"),
        pytest.param([LISTED], [a_cluster("TERMINATED")], None, id="shown as terminated"),
    ],
)
def test_cluster_by_its_name(lists: list[Any], details: list[Any], expected: Json | None) -> None:
    assert _present.find(account(lists, details), None, "orders") == expected


def test_cluster_of_an_id_has_to_have_the_name() -> None:
    assert _present.find(account([EMPTY], [a_cluster()]), "c1", "orders") == a_cluster()
    with pytest.raises(Refused, match="Cluster ID c1 is that of cluster orders, not of invoices") as caught:
        _present.find(account([EMPTY], [a_cluster()]), "c1", "invoices")
    assert NOTHING_CHANGED in caught.value.msg


@pytest.mark.parametrize(("cluster_id", "name"), [("c1", None), (None, "orders")])
def test_cluster_that_stays_listed_and_not_shown_is_neither_there_nor_gone(cluster_id: Any, name: Any) -> None:
    http = account([LISTED], [GONE])
    with pytest.raises(Contradiction, match="lists the cluster c1, but answers that it does not know it") as caught:
        _present.find(http, cluster_id, name)
    assert sum(http.clock.slept) == pytest.approx(LAG)
    assert is_passing(caught.value)


@pytest.mark.parametrize(("cluster_id", "name"), [("c1", None), (None, "orders")])
def test_answer_that_is_not_the_services_says_nothing(cluster_id: Any, name: Any) -> None:
    """It is a failure at once: the client has repeated the read already."""
    foreign = ApiError("Not Found", status=404)
    http = account([LISTED], [foreign])
    with pytest.raises(ApiError):
        _present.find(http, cluster_id, name)
    assert http.clock.slept == []


# What this run has created


def created(lists: list[Any], details: list[Any], cluster_id: str | None = "c1") -> FakeHttp:
    http = account(lists, details)
    _present.record_creation(http, "orders", cluster_id)
    return http


def test_cluster_that_is_not_listed_yet_is_found() -> None:
    assert _present.find(created([EMPTY], [a_cluster()]), None, "orders") == a_cluster()


@pytest.mark.parametrize("by_id", [True, False])
def test_cluster_that_is_neither_listed_nor_shown_yet_is_waited_for(by_id: bool) -> None:
    http = created([EMPTY], [GONE, GONE, a_cluster()])
    assert _present.find(http, "c1" if by_id else None, None if by_id else "orders") == a_cluster()


def test_accepted_creation_that_never_shows_is_not_taken_for_missing() -> None:
    http = created([EMPTY], [GONE])
    http.clock.now += 10 * LAG
    with pytest.raises(Contradiction, match=r"sent the creation of cluster orders \(c1\), but SCP neither lists"):
        _present.find(http, None, "orders")


def test_creation_whose_answer_was_lost_is_waited_for_as_long_as_a_list_may_lag() -> None:
    http = created([EMPTY, EMPTY, EMPTY, LISTED], [a_cluster()], cluster_id=None)
    assert _present.find(http, None, "orders") == a_cluster()
    http = created([EMPTY], [], cluster_id=None)
    assert _present.find(http, None, "orders") is None
    assert LAG <= sum(http.clock.slept) <= LAG + 1


def test_cluster_that_takes_the_place_of_a_terminating_one_may_be_listed_late() -> None:
    leaving = page(a_cluster("TERMINATING", id="c0"))
    assert _present.find(created([leaving], [a_cluster()]), None, "orders") == a_cluster()
    http = created([leaving, leaving, LISTED], [a_cluster()], cluster_id=None)
    assert _present.find(http, None, "orders") == a_cluster()


def test_another_cluster_of_the_name_is_told() -> None:
    with pytest.raises(Refused, match="2 clusters named orders: c1, c2"):
        _present.find(created([page(a_cluster(id="c2"))], [a_cluster()]), None, "orders")


def test_cluster_that_was_listed_once_can_be_left_out_by_another_server() -> None:
    http = created([LISTED, EMPTY], [a_cluster()])
    assert [_present.find(http, None, "orders") for _look in range(2)] == [a_cluster()] * 2


def test_cluster_that_was_listed_for_long_may_be_gone() -> None:
    http = created([LISTED, EMPTY], [a_cluster()])
    http.clock.now += _present.LAG_SECONDS
    assert _present.find(http, None, "orders") == a_cluster()
    assert _present.find(http, None, "orders") is None


@pytest.mark.parametrize("contents", [None, []])
def test_list_that_counts_what_it_does_not_show_proves_nothing(contents: Any) -> None:
    http = FakeHttp({"List Clusters": [{"contents": contents, "count": 1}]})
    with pytest.raises(Contradiction, match="has 1 as count, but no contents"):
        _present.find(http, None, "orders")
    assert sum(http.clock.slept) == _present.LAG_SECONDS


def test_count_that_ignores_the_filter_hides_no_free_name() -> None:
    http = account([{"contents": [], "count": 1}, LISTED], [])
    assert _present.find(http, None, "shop") is None
    assert http.clock.slept == []


def test_creation_that_was_refused_leaves_nothing() -> None:
    http = created([EMPTY], [], cluster_id=None)
    _present.forget_creation(http, "orders")
    assert _present.find(http, None, "orders") is None
    assert http.clock.slept == []
