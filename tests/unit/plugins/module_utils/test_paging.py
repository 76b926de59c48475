# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count, cycle
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import Refused
from ansible_collections.samsungcloud.scp.plugins.module_utils._paging import read_all
from ansible_collections.samsungcloud.scp.plugins.module_utils._pool import Pool


def page(count: object, letters: str, **more: Any) -> dict[str, Any]:
    return {"contents": [{"id": letter} for letter in letters], "count": count, **more}


# Pages of at most two items: what the service answers one after the other, over and over; the list; and the pages that
# are read, where that matters.
READINGS = {
    "nothing": ([page(0, "")], "", "0"),
    "null contents": ([{"contents": None, "count": 0}], "", "0"),
    "one page": ([page(1, "A")], "A", "0"),
    "full page, and the total may be the page's": ([page(2, "AB"), page(2, "")], "AB", "0101"),
    "full page, the service caps the size": (
        [page(3, "A", size=1), page(3, "B", size=1), page(3, "C", size=1)],
        "ABC",
        "012012",
    ),
    "three pages": ([page(5, "AB"), page(5, "CD"), page(5, "E")], "ABCDE", "012012"),
    "three pages, the total is the page's": ([page(2, "AB"), page(2, "CD"), page(1, "E")], "ABCDE", "012012"),
    "null before the total": ([page(3, "AB"), {"contents": None, "count": 3}], "AB", None),
    "no total": ([page(None, "AB"), page(None, "C")] * 2, "ABC", "0101"),
    "one came: read again": (
        [page(3, "AB"), page(3, "C"), *[page(4, "AB"), page(4, "CD")] * 2],
        "ABCD",
        "010101",
    ),
    # A went and E came behind the first page: C is on a page that was read already.
    "one came and one went: read again": (
        [page(4, "AB"), page(4, "DE"), *[page(4, "BC"), page(4, "DE")] * 2],
        "BCDE",
        "010101",
    ),
    "same page for ever": ([page(9, "AB")], "AB", None),
}


@pytest.mark.parametrize("reading", READINGS)
def test_list_is_read_to_its_end(reading: str) -> None:
    answers, expected, expected_pages = READINGS[reading]
    script = cycle(answers)
    pages: list[int] = []

    def read_page(number: int) -> dict[str, Any]:
        pages.append(number)
        return next(script)

    found = read_all(read_page, 2, "id", "count")

    assert "".join(item["id"] for item in found) == expected
    assert expected_pages in (None, "".join(map(str, pages)))
    assert len(pages) < 10


class List:
    """A list behind pages of three. ``before`` is done before a page of this number is read for the first time."""

    def __init__(self, length: int, total: int | None = None) -> None:
        self.items = [f"i{number}" for number in range(length)]
        self.total = total
        self.read: list[int] = []
        self.at_once = 0
        self.most_at_once = 0
        self.before: dict[int, Callable[[], Any]] = {}

    def page(self, number: int) -> dict[str, Any]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.read.append(number)
        self.before.pop(number, lambda: None)()
        shown = self.items[number * 3 : number * 3 + 3]
        self.at_once -= 1
        return {"contents": [{"id": item} for item in shown], "count": self.total or len(self.items)}

    def all(self, concurrency: int) -> list[str]:
        return [item["id"] for item in read_all(self.page, 3, "id", "count", Pool(concurrency))]


@pytest.mark.parametrize("concurrency", [1, 2, 4, 32])
@pytest.mark.parametrize("length", [0, 1, 3, 4, 9, 10, 40])
def test_pages_are_read_at_once_as_often_as_one_by_one(length: int, concurrency: int) -> None:
    many, one_by_one = List(length), List(length)
    assert many.all(concurrency) == one_by_one.all(1) == many.items
    assert sorted(many.read) == sorted(one_by_one.read)


def test_as_many_pages_at_once_as_allowed() -> None:
    """The first page tells how many there are; then four at a time wait for each other."""
    pages = List(39)
    together = threading.Barrier(4, timeout=10)
    pages.before = dict.fromkeys(range(1, 13), together.wait)
    assert pages.all(4) == pages.items


def test_total_that_is_wrong_costs_no_more_than_one_call_for_each_thread() -> None:
    pages = List(3, total=1_000_000)
    assert pages.all(4) == pages.items
    assert len(pages.read) == 2 * (1 + 4)


@pytest.mark.parametrize("page", range(1, 5))
def test_item_that_goes_while_pages_are_read_at_once(page: int) -> None:
    """Those behind it move one place up, be it over the edge between a page that was read and one that is not."""
    pages = List(15)
    pages.before = {page: lambda: pages.items.pop(0)}
    assert sorted(pages.all(4)) == sorted(pages.items)
    assert len(pages.read) == 15


@pytest.mark.parametrize("page", range(1, 5))
def test_item_that_comes_while_pages_are_read_at_once(page: int) -> None:
    pages = List(13)
    pages.before = {page: lambda: pages.items.insert(0, "new")}
    assert sorted(pages.all(4)) == sorted(pages.items)


def test_list_that_changes_all_the_time_is_refused() -> None:
    script = count()
    pages: list[int] = []

    def read_page(number: int) -> dict[str, Any]:
        pages.append(number)
        return {"contents": [{"id": next(script)}, {"id": next(script)}], "count": 4}

    with pytest.raises(Refused, match="changed each of the 4 times"):
        read_all(read_page, 2, "id", "count")
    assert pages == [0, 1] * 4
