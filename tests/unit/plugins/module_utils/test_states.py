# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec, _states

TRANSITIONAL = {
    "CREATING": "RUNNING",
    "STOPPING": "STOPPED",
    "STARTING": "RUNNING",
    "RESTARTING": "RUNNING",
    "EDITING": "RUNNING",
    "SYNCHRONIZING": "RUNNING",
    "UPGRADING": "RUNNING",
    "TERMINATING": "RUNNING",
    "MIGRATING": "RUNNING",
    "A_NEW_WORD": "RUNNING",
}
AT_REST = ("RUNNING", "STOPPED", "UNKNOWN", "ERROR", "FAILED", "TERMINATED")


@pytest.mark.parametrize(("state", "rest"), [*TRANSITIONAL.items(), *((state, state) for state in AT_REST)])
def test_where_a_service_state_leads(state: str, rest: str) -> None:
    assert _states.is_transitional(state) == (state in TRANSITIONAL)
    assert _states.rest_of(state) == rest


def test_every_service_state_is_judged_here() -> None:
    assert set(_states.SERVICE_STATES) == {*TRANSITIONAL, *AT_REST} - {"A_NEW_WORD"}


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("COMPLETED", "done"),
        ("Complete", "done"),
        ("SUCCESS", "done"),
        ("succeeded", "done"),
        ("DONE", "done"),
        ("FINISHED", "done"),
        ("TASK_COMPLETED", "done"),
        ("FAILED", "failed"),
        ("failure", "failed"),
        ("ERROR", "failed"),
        ("CANCELLED", "failed"),
        ("CANCELED", "failed"),
        ("REJECTED", "failed"),
        ("ABORTED", "failed"),
        ("COMPLETED_WITH_ERRORS", "failed"),
        ("NOT_COMPLETED", "open"),
        ("INCOMPLETE", "open"),
        ("IN_PROGRESS", "open"),
        ("PENDING", "open"),
        ("UNDONE", "open"),
        ("COMPLETING", "open"),
        ("TaskCompleted", "done"),
        ("", "open"),
        (None, "open"),
    ],
)
def test_word_of_a_request(word: str | None, verdict: str) -> None:
    assert _states.request_done(word) == (verdict == "done")
    assert _states.request_failed(word) == (verdict == "failed")


WORDS_OF_BACKUPS = {
    "usable": "COMPLETED complete Success SUCCEEDED successful DONE Finished AVAILABLE Normal OK valid "
    "BACKUP_COMPLETED BackupSuccess completed-full BACKED_UP",
    "unusable": "FAILED ERROR cancelled ABORTED COMPLETED_WITH_ERRORS EXPIRED INCOMPLETE Partial PARTIALLY_COMPLETED "
    "CORRUPTED INVALID DELETE_FAILED DELETED_COMPLETED UNAVAILABLE UNSUCCESSFUL MISSING ABNORMAL EXPIRING "
    "skipped TIMEOUT",
    "removed": "DELETED Deleting REMOVED PURGED BACKUP_DELETED",
    "unfinished": "RUNNING IN_PROGRESS InProgress CREATING pending COMPLETING VERIFYING_COMPLETED QUEUED STARTED "
    "BACKING_UP",
    "unknown": "NOT_COMPLETED WITHOUT_ERRORS NO_ERROR UNKNOWN READY CREATED ACTIVE ENDED COMPLETED_WITH_WARNINGS "
    "UNVERIFIED COMPLETED_50% 3 정상 - _ BACKUP UNCOMPLETED UNDONE",
}


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        *((word, verdict) for verdict, words in WORDS_OF_BACKUPS.items() for word in words.split()),
        ("NOT COMPLETED", "unknown"),
        ("In progress", "unfinished"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_word_of_a_backup(word: str | None, verdict: str) -> None:
    assert _states.backup_state(word) is _states.BackupState(verdict)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        pytest.param(
            {"a": None, "b": 0, "c": False, "d": ""}, {"b": 0, "c": False, "d": ""}, id="only None is left out"
        ),
        pytest.param({"a": []}, {"a": []}, id="an empty list is declared"),
        pytest.param({"a": {"b": None}}, {"a": {}}, id="an empty dictionary is declared"),
        pytest.param({"a": [{"b": None, "c": [{"d": None}]}]}, {"a": [{"c": [{}]}]}, id="at every depth"),
        pytest.param({"a": ["x", 1]}, {"a": ["x", 1]}, id="list of values"),
    ],
)
def test_declared_is_what_the_task_sets(params: dict[str, Any], expected: dict[str, Any]) -> None:
    assert _spec.declared(params) == expected
