# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups that were taken: which there are, and removing some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _cluster,
    _cluster_plan,
    _moments,
    _paging,
    _rules,
    _spec,
    _states,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import Problem, Refused
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan, Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._states import BackupState
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task

PAGE_SIZE = 100
CRITERIA = ("backup_history_numbers", "older_than_days", "keep_last")


def list_all(source: Source, cluster_id: str) -> list[Json]:
    """Return all backups of a cluster, the newest first.

    Whether the API counts pages from 0 or 1 is not documented (facts: section 10). The first page is asked for
    without a number; if page 1 is that page again, it adds nothing, and the reading goes on.
    """
    histories = _paging.read_all(
        lambda page: source.read(_api.list_backup_histories(cluster_id, PAGE_SIZE, page or None)),
        PAGE_SIZE,
        "backup_history_number",
        "total_count",
    )
    return sorted(histories, key=_age_key, reverse=True)


def _age_key(history: Json) -> tuple[str, str]:
    """Return what sorts backups by age; the form of their numbers is not documented."""
    begun = _moments.parse(history["backup_start_at"]) or ended_at(history)
    return (begun.isoformat() if begun else "", _number(history))


def added(before: list[Json], after: list[Json]) -> list[Json]:
    """Return the backups that came since, the newest first."""
    known = {_number(history) for history in before}
    return [history for history in after if _number(history) not in known]


class Judge:
    """Says which backups can be restored. ``restorable_states`` are the words that the user declares good."""

    def __init__(self, restorable_states: Iterable[str] = ()) -> None:
        self._declared = {_spelling(word) for word in restorable_states}

    def state(self, history: Json) -> BackupState:
        """Return the state of a backup. An end alone proves nothing: SCP shows some date in place of a null."""
        word = history.get("backup_state")
        state = BackupState.USABLE if _spelling(word) in self._declared else _states.backup_state(word)
        return BackupState.UNFINISHED if state is BackupState.USABLE and ended_at(history) is None else state

    def is_restorable(self, history: Json) -> bool:
        return self.state(history) is BackupState.USABLE

    def is_unknown(self, history: Json) -> bool:
        return self.state(history) is BackupState.UNKNOWN

    def restorable(self, histories: Iterable[Json]) -> list[Json]:
        return [history for history in histories if self.is_restorable(history)]

    def latest(self, histories: Sequence[Json]) -> tuple[Json | None, list[Json]]:
        """Return the newest backup that can be restored, and the newer ones of which nobody knows whether they can."""
        newer: list[Json] = []
        for history in histories:
            if self.is_restorable(history):
                return history, newer
            if self.is_unknown(history):
                newer.append(history)
        return None, newer


def judge_of(task: Task) -> Judge:
    """Return the judge for the option ``restorable_states`` of a task.

    Raises :class:`InvalidInput` for an empty word.
    """
    _rules.check(task.params, _rules.RESTORABLE_STATES)
    return Judge(task.params.get("restorable_states") or ())


def _spelling(word: str | None) -> str | None:
    return str(word or "").strip().casefold() or None


def states_told(histories: Iterable[Json]) -> str:
    """Return the state words of backups, each with the first backup that has it."""
    first: dict[str, str] = {}
    for history in histories:
        first.setdefault(repr(history["backup_state"]), _number(history))
    return ", ".join(f"{number} is {word}" for word, number in first.items())


def ended_at(history: Json) -> datetime | None:
    return _moments.parse(history.get("backup_end_at"))


def ensure_absent(task: Task) -> Outcome:
    """Remove the backups that the task's criteria select."""
    desired = _spec.declared(task.params)
    _rules.check(desired, _rules.BACKUP_HISTORY, _criteria_problems(desired))
    judge = judge_of(task)
    cluster = _cluster.require(task)
    histories = _present(list_all(task.http, cluster["id"]), judge)
    selected = _selected(desired, histories, task.now(), judge)
    _refuse_last(desired, cluster, histories, selected, judge)
    _warn_of_unknown(task, cluster, desired, [history for history in histories if judge.is_unknown(history)])
    options = [option for option in CRITERIA if option in desired]
    outcome = task.fulfil(_plan(cluster, histories, selected, options, judge), cluster)
    del outcome.values["cluster"]
    outcome.values["removed"] = selected
    return outcome


def _present(histories: list[Json], judge: Judge) -> list[Json]:
    """Return the backups without those that SCP still lists although they are removed."""
    return [history for history in histories if judge.state(history) is not BackupState.REMOVED]


def _warn_of_unknown(task: Task, cluster: Json, desired: Json, unknown: list[Json]) -> None:
    if unknown and "backup_history_numbers" not in desired:
        task.warn(
            f"Backups of the cluster {cluster['name']} were not counted and not removed, because their backup_state is "
            f"no known word: {states_told(unknown)}. If they can be restored, add the word to restorable_states; to "
            "remove them, name them in backup_history_numbers."
        )


def _criteria_problems(desired: Json) -> Iterator[Problem]:
    """Yield what is wrong where no criterion is given; Ansible takes a null for one, and it would keep nothing."""
    if not set(CRITERIA).intersection(desired):
        yield Problem("backup_history_numbers", "or older_than_days or keep_last is required")


def _selected(desired: Json, histories: list[Json], now: datetime, judge: Judge) -> list[Json]:
    """Return what goes: the backups of given numbers, or those that every other criterion gives up."""
    if "backup_history_numbers" in desired:
        return [history for history in histories if _number(history) in desired["backup_history_numbers"]]
    kept = {_number(history) for history in _kept(desired, histories, now, judge)}
    return [history for history in histories if _number(history) not in kept]


def _kept(desired: Json, histories: list[Json], now: datetime, judge: Judge) -> Iterator[Json]:
    """Yield the backups that have not ended or may be good, those young enough, and the last so many good ones."""
    open_states = (BackupState.UNFINISHED, BackupState.UNKNOWN)
    yield from (one for one in histories if judge.state(one) in open_states or ended_at(one) is None)
    if "keep_last" in desired:
        yield from judge.restorable(histories)[: desired["keep_last"]]
    if "older_than_days" in desired:
        limit = now - timedelta(days=desired["older_than_days"])
        for history in histories:
            ended = ended_at(history)
            if ended and ended >= limit:
                yield history


def _refuse_last(desired: Json, cluster: Json, histories: list[Json], selected: list[Json], judge: Judge) -> None:
    """Refuse to remove what can or may be restored where nothing stays that surely can."""
    removed = {_number(history) for history in selected}
    left = [history for history in judge.restorable(histories) if _number(history) not in removed]
    lost = judge.restorable(selected) or [history for history in selected if judge.is_unknown(history)]
    if lost and not left and not desired["remove_last_restorable"]:
        raise Refused(
            f"This would remove the last backup that the cluster {cluster['name']} can be restored from, "
            f"{_number(lost[0])}.",
            todo="Keep one with keep_last: 1, or set remove_last_restorable to true.",
        )


def _plan(cluster: Json, histories: list[Json], selected: list[Json], options: list[str], judge: Judge) -> Plan:
    numbers = [_number(history) for history in selected]
    draft = Draft({"backup_history_numbers": [_number(history) for history in histories]})
    if numbers:
        draft.after = {"backup_history_numbers": [n for n in map(_number, histories) if n not in numbers]}
        goal = Goal(
            "the removal of the backups",
            lambda shown: not {_number(history) for history in shown["contents"]}.intersection(numbers),
            evidence=lambda source, shown: {"contents": _present(list_all(source, shown["id"]), judge)},
        )
        draft.add(_api.remove_backup_histories(cluster["id"], numbers), goal, *options)
    return _cluster_plan.ready_for_changes(draft, cluster).plan()


def _number(history: Json) -> str:
    number: str = history["backup_history_number"]
    return number


def info(task: Task) -> Outcome:
    """Return the backups of a cluster, which of them can be restored, the latest of those, and its archive setting."""
    judge = judge_of(task)
    cluster = _cluster.require(task, rest=False)
    archive = task.http.read(_api.show_archive_config(cluster["id"]))
    histories = list_all(task.http, cluster["id"])
    latest, _newer = judge.latest(histories)
    values = {
        "backups": histories,
        "restorable": [_number(history) for history in judge.restorable(histories)],
        "latest": latest,
        "latest_age_hours": _age_hours(latest, task.now()) if latest else None,
        "archive": archive,
    }
    return Outcome(values=values)


def _age_hours(history: Json, now: datetime) -> float | None:
    """Return how long ago a backup began: it may lack what came after that."""
    begun = _moments.parse(history["backup_start_at"]) or ended_at(history)
    return round((now - begun).total_seconds() / 3600, 1) if begun else None


def check_number(histories: list[Json], number: str, judge: Judge) -> Problem | None:
    """Return what is wrong with a declared backup number, if anything."""
    restorable = [_number(history) for history in judge.restorable(histories)]
    if number in restorable:
        return None
    unknown = [one for one in histories if _number(one) == number and judge.is_unknown(one)]
    if unknown:
        rule = f"has the backup_state {unknown[0]['backup_state']!r}, which is not known to be good; if it is, add "
        return Problem("backup_history_number", f"{rule}it to restorable_states", number)
    told = ", ".join(restorable) or "none"
    return Problem("backup_history_number", f"must be a finished backup of the cluster: {told}", number)
