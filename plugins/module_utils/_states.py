# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service states of a cluster, and the state words of requests and of backups (facts: section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

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

# The API documents no words for requests or backups. These stems begin the words that such services use for a failure.
_FAILED_STEMS = ("FAIL", "ERROR", "CANCEL", "REJECT", "ABORT")
# Of a request any word but these counts as unfinished, which costs patience and never correctness.
_DONE_STEMS = ("COMPLET", "SUCCE", "DONE", "FINISH")

# A backup is judged by all words of its state: one more word can turn the meaning ("NOT COMPLETED").
_USABLE_WORDS = frozenset(
    {
        "AVAILABLE",
        "BACKED",
        "COMPLETE",
        "COMPLETED",
        "DONE",
        "FINISHED",
        "HEALTHY",
        "NORMAL",
        "OK",
        "RESTORABLE",
        "SUCCEED",
        "SUCCEEDED",
        "SUCCESS",
        "SUCCESSFUL",
        "SUCCESSFULLY",
        "USABLE",
        "VALID",
        "VERIFIED",
    }
)
_REMOVED_WORDS = frozenset(
    {
        "DELETED",
        "DELETING",
        "PURGED",
        "PURGING",
        "REMOVED",
        "REMOVING",
    }
)
_NEUTRAL_WORDS = frozenset(
    {
        "AUTO",
        "AUTOMATIC",
        "BACKUP",
        "FULL",
        "HAS",
        "IS",
        "MANUAL",
        "SNAPSHOT",
        "STATE",
        "STATUS",
        "UP",
    }
)
_NEGATIONS = frozenset(
    {
        "FREE",
        "NEVER",
        "NO",
        "NON",
        "NOT",
        "WITHOUT",
        "ZERO",
    }
)
_UNUSABLE_STEMS = (
    *_FAILED_STEMS,
    "ABNORMAL",
    "BROKEN",
    "CORRUPT",
    "DAMAGE",
    "DELET",
    "EXPIR",
    "INCOMPLET",
    "INCONSIST",
    "INTERRUPT",
    "INVALID",
    "KILL",
    "LOST",
    "MISSING",
    "PARTIAL",
    "PURG",
    "REMOV",
    "SKIP",
    "STOPPED",
    "TERMINAT",
    "TIMEOUT",
    "TRUNCAT",
    "UNAVAIL",
    "UNREADABLE",
    "UNSUCCE",
    "UNUSABLE",
)
_UNFINISHED_WORDS = frozenset(
    {
        "ENQUEUED",
        "INPROGRESS",
        "PROGRESS",
        "QUEUED",
        "SCHEDULED",
        "STARTED",
        "UNFINISHED",
        "WAIT",
    }
)


class BackupState(Enum):
    """What the state word of a backup says of it."""

    USABLE = "usable"
    UNUSABLE = "unusable"
    REMOVED = "removed"
    UNFINISHED = "unfinished"
    UNKNOWN = "unknown"


def is_known(service_state: str) -> bool:
    return service_state in SERVICE_STATES


def is_transitional(service_state: str) -> bool:
    """Tell whether the cluster is on its way; an unknown word counts as transitional."""
    return service_state not in STABLE and service_state not in BROKEN and service_state != TERMINATED


def rest_of(service_state: str) -> str:
    """Return the stable state in which a cluster on its way will come to rest if nothing fails."""
    if service_state == STOPPING:
        return STOPPED
    return RUNNING if is_transitional(service_state) else service_state


def request_failed(state: str | None) -> bool:
    return _begin(_words(state), _FAILED_STEMS)


def request_done(state: str | None) -> bool:
    words = [word for word in _words(state) if not _is_going_on(word)]
    return _begin(words, _DONE_STEMS) and "NOT" not in words and not request_failed(state)


def backup_state(state: str | None) -> BackupState:
    """Return what the state of a backup says; UNKNOWN for words that nobody knows, and for none at all."""
    words = set(_words(state)) - _NEUTRAL_WORDS
    if not words or words & _NEGATIONS:
        return BackupState.UNKNOWN
    if words <= _REMOVED_WORDS:
        return BackupState.REMOVED
    if _begin(words, _UNUSABLE_STEMS):
        return BackupState.UNUSABLE
    if words & _UNFINISHED_WORDS or any(map(_is_going_on, words)):
        return BackupState.UNFINISHED
    return BackupState.USABLE if words <= _USABLE_WORDS else BackupState.UNKNOWN


def _begin(words: Iterable[str], stems: tuple[str, ...]) -> bool:
    return any(word.startswith(stems) for word in words)


def _is_going_on(word: str) -> bool:
    return word.endswith("ING")


def _words(state: str | None) -> list[str]:
    """Return the words of a state in upper case, of ``inProgress`` as of ``IN_PROGRESS``; digits make words too."""
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", str(state or ""))
    return re.findall(r"[^\W_]+", apart.upper())
