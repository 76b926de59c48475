# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from itertools import count, cycle
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import Refused
from ansible_collections.samsungcloud.scp.plugins.module_utils._paging import read_all


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
    "total is a string": ([page("3", "AB"), page("3", "C")], "ABC", "0101"),
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


def test_list_that_changes_all_the_time_is_refused() -> None:
    script = count()
    pages: list[int] = []

    def read_page(number: int) -> dict[str, Any]:
        pages.append(number)
        return {"contents": [{"id": next(script)}, {"id": next(script)}], "count": 4}

    with pytest.raises(Refused, match="changed each of the 4 times"):
        read_all(read_page, 2, "id", "count")
    assert pages == [0, 1] * 4
