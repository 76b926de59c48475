# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _backup_history
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Refused
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeClock,
    FakeHttp,
    Json,
    a_cluster,
    problems_of,
)

NOW = datetime.fromtimestamp(FakeClock().epoch_ms() / 1000, tz=timezone.utc)
Backup = tuple[str, float, str]
BAD = ("EXPIRED", "INCOMPLETE", "Partial", "CORRUPT", "COMPLETED_WITH_ERRORS")
DONE, FAILED, RUNNING = "COMPLETED", "FAILED", "IN_PROGRESS"
# Number, days since its end, state.
BACKUPS: list[Backup] = [("5", 0.5, DONE), ("4", 1.5, FAILED), ("3", 3, DONE), ("2", 10, DONE), ("1", 20, DONE)]


def listed(number: str, age_days: float, state: str) -> Json:
    end = (NOW - timedelta(days=age_days)).isoformat()
    return {
        "backup_history_number": number,
        "backup_start_at": end,
        "backup_end_at": None if state == RUNNING else end,
        "backup_state": state,
    }


def an_answer(backups: list[Backup]) -> Json:
    return {"contents": [listed(*one) for one in backups], "total_count": len(backups)}


def predicted(options: Json, backups: list[Backup] | None = None, service_state: str = "RUNNING") -> Outcome:
    """What a dry run says."""
    clock = FakeClock()
    answer = an_answer(BACKUPS if backups is None else backups)
    http = FakeHttp({"Show Cluster": [a_cluster(service_state)], "List Backup Histories": [answer]}, clock)
    params: Json = {"cluster_id": "c1", "cluster_name": None, "wait": True, "wait_timeout": 60, "state": "absent"}
    unset: Json = {**dict.fromkeys(_backup_history.CRITERIA), "remove_last_restorable": False}
    return _backup_history.ensure_absent(Task({**unset, **params, **options}, True, http, clock))


def removed(outcome: Outcome) -> list[str]:
    numbers = [history["backup_history_number"] for history in outcome.values["removed"]]
    bodies = [operation["body"] for operation in outcome.operations or []]
    assert bodies == ([{"backup_history_number": numbers}] if numbers else [])
    assert outcome.changed is bool(numbers)
    return numbers


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"backup_history_numbers": ["3"]}, ["3"]),
        ({"backup_history_numbers": ["1", "9", "4", "1"]}, ["4", "1"]),
        ({"backup_history_numbers": ["9"]}, []),
        ({"backup_history_numbers": []}, []),
        ({"older_than_days": 1}, ["4", "3", "2", "1"]),
        ({"older_than_days": 3}, ["2", "1"]),
        ({"older_than_days": 20}, []),
        ({"older_than_days": 36500}, []),
        ({"keep_last": 1}, ["4", "3", "2", "1"]),
        ({"keep_last": 2}, ["4", "2", "1"]),
        ({"keep_last": 5}, ["4"]),
        ({"older_than_days": 1, "keep_last": 3}, ["4", "1"]),
        ({"older_than_days": 15, "keep_last": 1}, ["1"]),
        ({"older_than_days": 15, "keep_last": 4}, []),
        ({"older_than_days": 0, "keep_last": 1}, ["4", "3", "2", "1"]),
        ({"keep_last": 0, "remove_last_restorable": True}, ["5", "4", "3", "2", "1"]),
    ],
)
def test_selections(options: Json, expected: list[str]) -> None:
    assert removed(predicted(options)) == expected


@pytest.mark.parametrize(
    ("options", "backups", "expected"),
    [
        # Finished ones are told by any word for that, and age by the time, not the number.
        ({"keep_last": 1}, [("5", 1, "Success"), ("4", 2, "SUCCEEDED")], ["4"]),
        ({"keep_last": 1}, [("100", 1, DONE), ("900", 9, DONE)], ["900"]),
        # One that is being taken stays, and does not count as one to restore from.
        ({"keep_last": 1}, [("6", 0, RUNNING), ("5", 1, DONE), ("4", 2, DONE)], ["4"]),
        ({"older_than_days": 0, "keep_last": 1}, [("6", 0, RUNNING), ("5", 1, DONE)], []),
        ({"keep_last": 1}, [("5", 1, FAILED), ("4", 2, FAILED)], ["5", "4"]),
        # A word that nobody knows stays, and does not count.
        ({"keep_last": 1}, [("4", 1, "정상"), ("3", 2, "AVAILABLE"), ("2", 3, "READY"), ("1", 4, "NORMAL")], ["1"]),
        ({"keep_last": 1}, [("3", 1, ""), ("2", 2, DONE), ("1", 3, DONE)], ["1"]),
        ({"older_than_days": 0, "keep_last": 0, "remove_last_restorable": True}, [("1", 9, "NOT COMPLETED")], []),
        ({"older_than_days": 0, "keep_last": 1}, [("2", 1, DONE), ("1", 9, "UNHEARD OF")], []),
        ({"backup_history_numbers": ["1"]}, [("2", 1, DONE), ("1", 9, "UNHEARD OF")], ["1"]),
        # A word that says the backup is still running does so whatever date stands there.
        ({"keep_last": 1}, [("3", 1, "CREATING"), ("2", 2, DONE), ("1", 3, DONE)], ["1"]),
        # Bad ones are no backup to keep.
        *(({"keep_last": 1}, [("3", 1, bad), ("2", 2, DONE), ("1", 3, DONE)], ["3", "1"]) for bad in BAD),
        # What SCP lists although it is removed needs no removal.
        ({"keep_last": 1}, [("3", 1, "DELETED"), ("2", 2, DONE), ("1", 3, DONE)], ["1"]),
        ({"backup_history_numbers": ["3"]}, [("3", 1, "DELETED"), ("2", 2, DONE)], []),
        # The user knows a word.
        ({"keep_last": 1, "restorable_states": [" ready "]}, [("3", 1, "READY"), ("2", 2, DONE)], ["2"]),
        ({"keep_last": 0}, [], []),
    ],
)
def test_selections_of_others(options: Json, backups: list[Backup], expected: list[str]) -> None:
    assert removed(predicted(options, backups)) == expected


@pytest.mark.parametrize(
    ("options", "backups"),
    [
        ({"keep_last": 0}, BACKUPS),
        ({"older_than_days": 0}, BACKUPS),
        ({"backup_history_numbers": ["5", "3", "2", "1"]}, BACKUPS),
        ({"keep_last": 0}, [("6", 0, RUNNING), ("5", 1, DONE)]),
        ({"backup_history_numbers": ["5"]}, [("6", 0, FAILED), ("5", 1, DONE)]),
        ({"backup_history_numbers": ["5"]}, [("6", 0, "UNHEARD OF"), ("5", 1, DONE)]),
        ({"backup_history_numbers": ["5"]}, [("6", 0, "EXPIRED"), ("5", 1, "UNHEARD OF")]),
    ],
)
def test_last_one_to_restore_from_is_protected(options: Json, backups: list[Backup]) -> None:
    with pytest.raises(Refused) as refused:
        predicted(options, backups)
    assert "restored from, 5." in refused.value.msg
    assert removed(predicted({**options, "remove_last_restorable": True}, backups))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"older_than_days": -1}, ("older_than_days", -1)),
        ({"keep_last": -1}, ("keep_last", -1)),
        ({"backup_history_numbers": ["1", "../x"]}, ("backup_history_numbers[]", "../x")),
        ({"keep_last": 1, "restorable_states": [" "]}, ("restorable_states[]", " ")),
    ],
)
def test_refusals(options: Json, problem: tuple[str, object]) -> None:
    with pytest.raises(InvalidInput) as refused:
        predicted(options)
    assert problems_of(refused.value) == [problem]


def test_newest_begun_comes_first() -> None:
    clock = FakeClock()
    shown = an_answer([("1", 9, DONE), ("2", 0, RUNNING), ("3", 1, DONE)])
    source = FakeHttp({"List Backup Histories": [shown]}, clock)
    assert [one["backup_history_number"] for one in _backup_history.list_all(source, "c1")] == ["2", "3", "1"]


def test_diff_and_options() -> None:
    outcome = predicted({"keep_last": 2})
    assert outcome.diff == {
        "before": {"backup_history_numbers": ["5", "4", "3", "2", "1"]},
        "after": {"backup_history_numbers": ["5", "3"]},
    }
    assert [operation["options"] for operation in outcome.operations or []] == [["keep_last"]]


@pytest.mark.parametrize(
    ("service_state", "operations"), [("RUNNING", 1), ("UNKNOWN", 2), ("STOPPED", 0), ("FAILED", 0)]
)
def test_states(service_state: str, operations: int) -> None:
    if operations:
        assert len(predicted({"keep_last": 1}, service_state=service_state).operations or []) == operations
    else:
        with pytest.raises(Refused):
            predicted({"keep_last": 1}, service_state=service_state)
    assert removed(predicted({"backup_history_numbers": ["9"]}, service_state=service_state)) == []


class Pages:
    """A cluster with many backups, whose pages count from ``base``."""

    def __init__(self, count: int, base: int) -> None:
        self.backups: list[Backup] = [(f"{count - index:04}", index, DONE) for index in range(count)]
        self.base = base
        self.calls = 0

    def read(self, call: Call) -> Any:
        self.calls += 1
        query = dict(call.query)
        limit, page = int(query["limit"]), int(query.get("page", self.base)) - self.base
        assert page >= 0
        answer = an_answer(self.backups[page * limit : (page + 1) * limit])
        return {**answer, "total_count": len(self.backups)}


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200, 201, 350])
def test_pages(base: int, count: int) -> None:
    pages = Pages(count, base)
    shown = _backup_history.list_all(pages, "c1")
    assert [one["backup_history_number"] for one in shown] == [number for number, _age, _state in pages.backups]
    full = max(1, -(-count // 100))
    # The first page may have to be asked for twice to find out how they count; and a total that one full page holds
    # may be the total of that page. A list of several pages is read twice.
    once = pages.calls // 2 if count >= 100 else pages.calls
    assert full <= once <= full + base + (count == 100)


@pytest.mark.parametrize(
    ("backups", "number", "age_hours"),
    [
        (BACKUPS, "5", 12.0),
        ([("6", 0.1, RUNNING), ("5", 1, FAILED), ("4", 2.5, "AVAILABLE"), ("3", 9, DONE)], "4", 60.0),
        ([("900", 9, DONE), ("100", 1, DONE)], "100", 24.0),
        ([("6", 0, RUNNING), ("5", 1, FAILED)], None, None),
        ([("6", 0, "CREATING"), ("5", 1, "DELETED"), ("4", 2, ""), ("3", 3, DONE)], "3", 72.0),
        ([("6", 0, "READY"), ("5", 1, "INCOMPLETE")], None, None),
        ([], None, None),
    ],
)
def test_latest(backups: list[Backup], number: str | None, age_hours: float | None) -> None:
    clock = FakeClock()
    answers = {
        "Show Cluster": [a_cluster("RUNNING")],
        "Show Archive Config": [{"archive_enabled": True}],
        "List Backup Histories": [an_answer(backups)],
    }
    params: Json = {"cluster_id": "c1", "cluster_name": None}
    told = _backup_history.info(Task(params, False, FakeHttp(answers, clock), clock)).values
    assert (told["latest"] or {}).get("backup_history_number") == number
    assert told["latest_age_hours"] == age_hours
    assert len(told["backups"]) == len(backups)
    assert told["restorable"][:1] == ([number] if number else [])


def test_kept_backups_of_unknown_words_are_told() -> None:
    warnings: list[str] = []
    backups = [("3", 1, "READY"), ("2", 2, DONE), ("1", 3, "READY")]
    clock = FakeClock()
    http = FakeHttp({"Show Cluster": [a_cluster()], "List Backup Histories": [an_answer(backups)]}, clock)
    unset: Json = {**dict.fromkeys(_backup_history.CRITERIA), "remove_last_restorable": False}
    params: Json = {"cluster_id": "c1", "cluster_name": None, "wait": True, "wait_timeout": 60, "state": "absent"}
    task = Task({**unset, **params, "keep_last": 1}, True, http, clock, warn=warnings.append)
    assert removed(_backup_history.ensure_absent(task)) == []
    assert "3 is 'READY'" in warnings[0]
