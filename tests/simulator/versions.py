# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cuts the contract to what one version of the API has.

The contract itself says what a later version than 1.0 adds: ``x-since`` at operations and fields, and
``x-required-since`` at fields that an earlier version did without. The collection has a table of its own, and a test
compares the two.
"""

from __future__ import annotations

from typing import Any

VERSIONS = ("1.0", "1.1", "1.2", "1.3")
NEWEST = VERSIONS[-1]


def view(document: Any, version: str) -> Any:
    """Return a copy of the document, or of a part, without the operations and fields that a later version adds."""
    if isinstance(document, list):
        return [view(item, version) for item in document]
    if not isinstance(document, dict):
        return document
    cut = {name: view(item, version) for name, item in document.items() if not is_later(item, "x-since", version)}
    if "properties" in document and "required" in document:
        fields = document["properties"]
        cut["required"] = [name for name in document["required"] if not _is_optional(fields[name], version)]
    return cut


def is_later(item: Any, mark: str, version: str) -> bool:
    """Tell whether the version in this mark of an operation or a field comes after ``version``."""
    return isinstance(item, dict) and as_numbers(item.get(mark, version)) > as_numbers(version)


def as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _is_optional(field: Any, version: str) -> bool:
    return is_later(field, "x-since", version) or is_later(field, "x-required-since", version)
