# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of a list."""

from __future__ import annotations

from typing import Any

from ..cluster import Json
from ..problems import invalid


def page_of(items: list[Json], query: dict[str, Any], cap: int | None) -> tuple[list[Json], Json]:
    """The wanted page and what describes it. A size above the cap is cut down without a word."""
    size = query["size"] if cap is None else min(query["size"], cap)
    start = query["page"] * size
    description = {"count": len(items), "page": query["page"], "size": size, "sort": [query["sort"]]}
    return sort_by(items, query["sort"])[start : start + size], description


def limited(items: list[Json], query: dict[str, Any], cap: int | None, base: int) -> list[Json]:
    """The wanted part of a list that knows a limit, and pages that count from `base`."""
    limit = min(query.get("limit") or len(items), cap or len(items))
    page = query.get("page", base) - base
    if page < 0:
        raise invalid(["value_error"])
    return items[page * limit : (page + 1) * limit]


def sort_by(items: list[Json], sort: str) -> list[Json]:
    name, direction = sort.split(":")
    if any(name not in item for item in items):
        raise invalid(["value_error"])
    return sorted(items, key=lambda item: str(item[name]), reverse=direction == "desc")
