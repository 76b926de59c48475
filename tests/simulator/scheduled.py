# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A list of things to happen at the n-th next match, shared by faults and outcomes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

ANY_OPERATION = "*"


@dataclass
class Planned:
    """Lets `skip` matches through, then happens `times` times (None: for ever)."""

    operation: str = ANY_OPERATION
    skip: int = 0
    times: int | None = 1

    def matches(self, title: str) -> bool:
        return self.operation in (ANY_OPERATION, title)

    def is_spent(self) -> bool:
        return self.times is not None and self.times <= 0


PlannedT = TypeVar("PlannedT", bound=Planned)


class Schedule(Generic[PlannedT]):
    def __init__(self) -> None:
        self._planned: list[PlannedT] = []

    def add(self, item: PlannedT) -> None:
        self._planned.append(item)

    def clear(self) -> None:
        self._planned.clear()

    def take(self, title: str) -> PlannedT | None:
        """The first item due for this operation. Items before it that still let calls through have now let one more."""
        for item in self._planned:
            if not item.matches(title):
                continue
            if item.skip > 0:
                item.skip -= 1
                continue
            if item.times is not None:
                item.times -= 1
            self._planned = [other for other in self._planned if not other.is_spent()]
            return item
        return None

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(item) for item in self._planned]
