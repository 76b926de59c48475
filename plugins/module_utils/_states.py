# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service states of a cluster and the state words of a request (facts: section 4)."""

from __future__ import annotations

import re

RUNNING = "RUNNING"
STOPPED = "STOPPED"
UNKNOWN = "UNKNOWN"
FAILED = "FAILED"
CREATING = "CREATING"
STOPPING = "STOPPING"
TERMINATING = "TERMINATING"
TERMINATED = "TERMINATED"

STABLE = frozenset({RUNNING, STOPPED})
BROKEN = frozenset({FAILED, "ERROR", UNKNOWN})
SERVICE_STATES = (
    RUNNING,
    STOPPED,
    UNKNOWN,
    "ERROR",
    FAILED,
    TERMINATED,
    CREATING,
    STOPPING,
    "STARTING",
    "RESTARTING",
    "EDITING",
    "SYNCHRONIZING",
    "UPGRADING",
    TERMINATING,
    "MIGRATING",
)

# The API documents no request words. These stems begin the words that such services use for an end;
# any other word counts as unfinished, which costs patience and never correctness.
_FAILED_STEMS = ("FAIL", "ERROR", "CANCEL", "REJECT", "ABORT")
_DONE_STEMS = ("COMPLET", "SUCCE", "DONE", "FINISH")


def is_transitional(service_state: str) -> bool:
    """Tell whether the cluster is on its way; an unknown word counts as transitional."""
    return service_state not in STABLE and service_state not in BROKEN and service_state != TERMINATED


def rest_of(service_state: str) -> str:
    """Return the stable state in which a cluster on its way will come to rest if nothing fails."""
    if service_state == STOPPING:
        return STOPPED
    return RUNNING if is_transitional(service_state) else service_state


def request_failed(state: str | None) -> bool:
    return any(word.startswith(_FAILED_STEMS) for word in _words(state))


def request_done(state: str | None) -> bool:
    words = _words(state)
    return any(word.startswith(_DONE_STEMS) for word in words) and "NOT" not in words and not request_failed(state)


def _words(state: str | None) -> list[str]:
    return re.split(r"[^A-Z]+", (state or "").upper())
