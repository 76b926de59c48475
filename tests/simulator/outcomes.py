# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the next asynchronous operations end, where not well."""

from __future__ import annotations

from dataclasses import dataclass

from .scheduled import Planned

IN_PROGRESS = "in_progress"
COMPLETED = "completed"
FAILED = "failed"


@dataclass
class Outcome(Planned):
    """`service_state` None leaves the cluster in the state that it would have had without the fault."""

    service_state: str | None = "FAILED"
    request: str = FAILED
    applied: bool = False
    detail: str = ""
