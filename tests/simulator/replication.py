# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a replica follows its origin: what is true of it, and what the API has last seen."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import timestamp

FOLLOWING = "CONNECTED"
BROKEN = "DISCONNECTED"


@dataclass
class Replication:
    """The API publishes no words for the state. `trouble` keeps the replica from following until it is reset."""

    replica_state: str | None = None
    replica_state_detail: str | None = None
    synced_at: str | None = None
    trouble: str | None = None

    def look(self, service_state: str, now: float) -> None:
        """Take over what is true of the replica now."""
        follows = self.trouble is None and service_state == "RUNNING"
        self.replica_state = FOLLOWING if follows else BROKEN
        self.replica_state_detail = None if follows else self.trouble or f"the replica is {service_state}"
        self.synced_at = timestamp(now)
