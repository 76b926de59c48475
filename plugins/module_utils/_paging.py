# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a list to its end, whatever the page size, and again until it has not changed meanwhile."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import Refused
from ansible_collections.samsungcloud.scp.plugins.module_utils._pool import Pool

# So many readings of a list that goes on changing.
READINGS = 4
# One page without anything new may be a shift; two in a row are a list that does not end.
BARREN_PAGES = 2


def read_all(read_page: Callable[[int], Json], size: int, key: str, total: str, pool: Pool | None = None) -> list[Json]:
    """Return all items of a paged list.

    ``read_page`` returns the answer for a page, counted from 0, of at most ``size`` items. ``key`` names what tells
    items apart, ``total`` the count of all items in an answer. With a pool several pages are read at a time, as far as
    the first one tells that they are there.

    An item that comes or goes between two pages shifts others over their edge, where one can be missed without any
    trace in the totals. So a list of several pages is read until two readings show the same items.
    Raises :class:`Refused` when it changes every time.
    """
    pool = pool or Pool(1)
    found, pages = _read_pages(read_page, size, key, total, pool)
    if pages == 1:
        return list(found.values())
    for _reading in range(READINGS - 1):
        before = set(found)
        found, pages = _read_pages(read_page, size, key, total, pool)
        if found.keys() == before:
            return list(found.values())
    raise Refused(
        f"The list changed each of the {READINGS} times that it was read.",
        todo="Run the task again when fewer things come and go.",
    )


def _read_pages(
    read_page: Callable[[int], Json], size: int, key: str, total: str, pool: Pool
) -> tuple[dict[str, Json], int]:
    """Return the items of one reading, and how many pages it took."""
    found: dict[str, Json] = {}
    ahead: deque[Json] = deque()
    page = barren = expected = 0
    while barren < BARREN_PAGES:
        if not ahead:
            # No further than one call for each thread, so that a wrong total costs little.
            ahead.extend(pool.map(read_page, range(page, max(page + 1, min(page + pool.concurrency, expected)))))
        answer = ahead.popleft()
        contents, count = answer["contents"] or [], answer.get(total) or 0
        known = len(found)
        found.update((item[key], item) for item in contents)
        page += 1
        if not contents or (
            len(found) >= count and _proves_the_end(count, len(contents), answer.get("size") or size, size)
        ):
            break
        expected = expected or math.ceil(count / len(contents))
        barren = barren + 1 if len(found) == known else 0
    return found, page


def _proves_the_end(count: int, shown: int, shown_size: int, size: int) -> bool:
    """Tell whether the total of an answer can be believed.

    Whether it counts the list or only the page is not documented (facts: section 10). It counts the list where it is
    more than the page holds; where it is not, a page that is not full is the last one all the same.
    """
    return count > shown or shown < min(size, shown_size)
