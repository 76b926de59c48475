# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a part is told about the run that it belongs to."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """``wanted`` repetitions take the place of the part's own number; ``clusters`` is how many a hundred are."""

    name: str
    wanted: int | None = None
    clusters: int = 100

    def repetitions(self, usual: int) -> int:
        return self.wanted or usual

    def tell(self, text: str) -> None:
        print(f"{self.name}: {text}", file=sys.stderr, flush=True)
