# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses to give out: private ones for servers, ones reserved for documentation as public ones."""

from __future__ import annotations

import itertools


class AddressPool:
    def __init__(self) -> None:
        self._private = (f"10.{a}.{b}.{c}" for a in range(20, 30) for b in range(256) for c in range(10, 250))
        self._public = itertools.cycle(
            f"{net}.{host}" for net in ("198.51.100", "203.0.113") for host in range(10, 250)
        )

    def private(self) -> str:
        return next(self._private)

    def public(self) -> str:
        return next(self._public)
