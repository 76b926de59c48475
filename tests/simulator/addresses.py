# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses to give out: private ones for servers, ones reserved for documentation as public ones."""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC_NETWORKS = ("198.51.100", "203.0.113")
HOSTS = range(10, 250)


@dataclass
class AddressPool:
    """Counts what it gave out."""

    given_private: int = 0
    given_public: int = 0

    def private(self) -> str:
        network, host = divmod(self.given_private, len(HOSTS))
        self.given_private += 1
        return f"10.{20 + network // 256}.{network % 256}.{HOSTS[host]}"

    def public(self) -> str:
        network, host = divmod(self.given_public, len(HOSTS))
        self.given_public += 1
        return f"{PUBLIC_NETWORKS[network % len(PUBLIC_NETWORKS)]}.{HOSTS[host]}"
