# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trouble to order from the simulator; control.yaml there says what each kind means."""

from __future__ import annotations

from typing import Any

from harness.play import Play
from harness.simulator import Simulator

ALWAYS = None


def fault(simulator: Simulator, operation: str, kind: str, **details: Any) -> None:
    """Spoil the next call of an operation."""
    simulator.control("POST", "faults", {"operation": operation, "kind": kind, **details})


def refusal(simulator: Simulator, operation: str, status: int, code: str, detail: str, **details: Any) -> None:
    """Let the service refuse the next call of an operation."""
    fault(simulator, operation, "status", status=status, code=code, detail=detail, **details)


def outcome(simulator: Simulator, operation: str, **details: Any) -> None:
    """Let the next operation of a title be accepted and then end badly."""
    simulator.control("POST", "outcomes", {"operation": operation, **details})


def settings(simulator: Simulator, **values: Any) -> None:
    """Change some settings of the simulator."""
    simulator.control("POST", "settings", values)


def serve(play: Play, *versions: str, pinned: str | None = None) -> None:
    """Serve these versions of the API; tasks speak the one that is pinned, or find out."""
    settings(play.simulator, versions=list(versions))
    play.environ["SCP_API_VERSION"] = pinned or ""


def advance(simulator: Simulator, cloud_seconds: float) -> None:
    """Let time pass in the cloud."""
    simulator.control("POST", "clock", {"advance": cloud_seconds})
