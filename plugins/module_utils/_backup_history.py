# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups that were taken: which there are, and removing some."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _cluster,
    _cluster_plan,
    _paging,
    _rules,
    _spec,
    _states,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import Problem, Refused
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan, Source
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
    begun = moment(history.get("backup_start_at")) or ended_at(history)
    return (begun.isoformat() if begun else "", _number(history))


def added(before: list[Json], after: list[Json]) -> list[Json]:
    """Return the backups that came since, the newest first."""
    known = {_number(history) for history in before}
    return [history for history in after if _number(history) not in known]


def is_restorable(history: Json) -> bool:
    """Tell whether a backup ended and did not fail; the API documents no words for its state."""
    return ended_at(history) is not None and not _states.request_failed(history["backup_state"])


def ended_at(history: Json) -> datetime | None:
    return moment(history.get("backup_end_at"))


def moment(text: str | None) -> datetime | None:
    """Return a date and time in UTC, which it is in where it names no zone (facts: section 5.1)."""
    try:
        time = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)


def ensure_absent(task: Task) -> Outcome:
    """Remove the backups that the task's criteria select."""
    desired = _spec.declared(task.params)
    _rules.check(desired, _rules.BACKUP_HISTORY, _criteria_problems(desired))
    cluster = _cluster.require(task)
    histories = list_all(task.http, cluster["id"])
    selected = _selected(desired, histories, task.now())
    _refuse_last(desired, cluster, histories, selected)
    options = [option for option in CRITERIA if option in desired]
    outcome = task.fulfil(_plan(cluster, histories, selected, options), cluster)
    del outcome.values["cluster"]
    outcome.values["removed"] = selected
    return outcome


def _criteria_problems(desired: Json) -> Iterator[Problem]:
    """Yield what is wrong where no criterion is given; Ansible takes a null for one, and it would keep nothing."""
    if not set(CRITERIA).intersection(desired):
        yield Problem("backup_history_numbers", "or older_than_days or keep_last is required")


def _selected(desired: Json, histories: list[Json], now: datetime) -> list[Json]:
    """Return what goes: the backups of given numbers, or those that every other criterion gives up."""
    if "backup_history_numbers" in desired:
        return [history for history in histories if _number(history) in desired["backup_history_numbers"]]
    kept = {_number(history) for history in _kept(desired, histories, now)}
    return [history for history in histories if _number(history) not in kept]


def _kept(desired: Json, histories: list[Json], now: datetime) -> Iterator[Json]:
    """Yield the backups that have not ended, those young enough, and the last so many that can be restored."""
    yield from (history for history in histories if ended_at(history) is None)
    if "keep_last" in desired:
        yield from [history for history in histories if is_restorable(history)][: desired["keep_last"]]
    if "older_than_days" in desired:
        limit = now - timedelta(days=desired["older_than_days"])
        for history in histories:
            ended = ended_at(history)
            if ended and ended >= limit:
                yield history


def _refuse_last(desired: Json, cluster: Json, histories: list[Json], selected: list[Json]) -> None:
    removed = {_number(history) for history in selected}
    restorable = [history for history in histories if is_restorable(history)]
    left = [history for history in restorable if _number(history) not in removed]
    if restorable and not left and not desired["remove_last_restorable"]:
        raise Refused(
            f"This would remove the last backup that the cluster {cluster['name']} can be restored from, "
            f"{_number(restorable[0])}.",
            todo="Keep one with keep_last: 1, or set remove_last_restorable to true.",
        )


def _plan(cluster: Json, histories: list[Json], selected: list[Json], options: list[str]) -> Plan:
    numbers = [_number(history) for history in selected]
    draft = Draft({"backup_history_numbers": [_number(history) for history in histories]})
    if numbers:
        draft.after = {"backup_history_numbers": [n for n in map(_number, histories) if n not in numbers]}
        goal = Goal(
            "the removal of the backups",
            lambda shown: not {_number(history) for history in shown["contents"]}.intersection(numbers),
            evidence=lambda source, shown: {"contents": list_all(source, shown["id"])},
        )
        draft.add(_api.remove_backup_histories(cluster["id"], numbers), goal, *options)
    return _cluster_plan.ready_for_changes(draft, cluster).plan()


def _number(history: Json) -> str:
    return str(history["backup_history_number"])


def info(task: Task) -> Outcome:
    """Return the backups of a cluster, the latest that it can be restored from, and its archive setting."""
    cluster = _cluster.require(task, rest=False)
    archive = task.http.read(_api.show_archive_config(cluster["id"]))
    histories = list_all(task.http, cluster["id"])
    latest = next(filter(is_restorable, histories), None)
    age = _age_hours(latest, task.now()) if latest else None
    return Outcome(values={"backups": histories, "latest": latest, "latest_age_hours": age, "archive": archive})


def _age_hours(history: Json, now: datetime) -> float | None:
    """Return how long ago a backup began: it may lack what came after that."""
    begun = moment(history.get("backup_start_at")) or ended_at(history)
    return round((now - begun).total_seconds() / 3600, 1) if begun else None


def check_number(histories: list[Json], number: str) -> Problem | None:
    """Return what is wrong with a declared backup number, if anything."""
    restorable = [_number(history) for history in histories if is_restorable(history)]
    if number in restorable:
        return None
    told = ", ".join(restorable) or "none"
    return Problem("backup_history_number", f"must be a finished backup of the cluster: {told}", number)
