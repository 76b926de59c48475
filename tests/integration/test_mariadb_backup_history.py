# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing backups: exactly those that the criteria select, never the last one to restore from by accident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec
from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_backup_history import ARGUMENT_SPEC
from harness.cycle import assert_owed, assert_truth, sent, spec_paths
from harness.failures import error_of, told
from harness.play import Play
from harness.seeds import seed
from harness.simulator import Json, Simulator
from harness.stacks import (
    Wrong,
    assert_pair,
    assert_refused_unsent,
    broken_rules,
    declaring,
    reads,
    run_cases,
    run_cycles,
    run_pairs,
    task,
)
from harness.tasks import info
from harness.trouble import refusal, settings

REMOVE = "Remove Backup Histories"


@pytest.fixture(autouse=True)
def in_step(simulator: Simulator) -> None:
    """Let the cloud's time pass as ours does, for the age of a backup is a matter of both; and nothing take long."""
    settings(simulator, time_scale=1, durations={REMOVE: 0.2, "Synchronize Cluster State": 0.2})


def backup(number: str, age_days: float, **parts: Any) -> Json:
    """A backup that took ten minutes and ended so long ago."""
    end = datetime.now(UTC) - timedelta(days=age_days)
    start = end - timedelta(minutes=10)
    moments = {"backup_start_at": start.isoformat(), "backup_end_at": end.isoformat()}
    return {"backup_history_number": number, **moments, **parts}


def five_backups() -> list[Json]:
    """The newest first; the second one failed."""
    return [
        backup("202610050200", 1),
        backup("202610040200", 1.5, backup_state="FAILED"),
        backup("202610030200", 3),
        backup("202610020200", 10),
        backup("202610010200", 20),
    ]


A, B, C, D, E = "202610050200", "202610040200", "202610030200", "202610020200", "202610010200"

# A word for a state that the collection does not know.
UNHEARD_OF = "READY"


class Case(NamedTuple):
    """What is declared, and the numbers that go, the newest first."""

    options: Json
    removed: list[str]


CASES: dict[str, Case] = {
    "numbers, one unknown and one twice": Case({"backup_history_numbers": [E, "202001010000", B, E]}, [B, E]),
    "age": Case({"older_than_days": 2}, [C, D, E]),
    "last one": Case({"keep_last": 1}, [B, C, D, E]),
    "last three, the failed one does not count": Case({"keep_last": 3}, [B, E]),
    "both, the age keeps more": Case({"older_than_days": 15, "keep_last": 1}, [E]),
    "both, the count keeps more": Case({"older_than_days": 2, "keep_last": 3}, [E]),
    "a word that the user knows": Case({"keep_last": 1, "restorable_states": [UNHEARD_OF]}, [B, C, D, E]),
    "everything on purpose": Case({"keep_last": 0, "remove_last_restorable": True}, [A, B, C, D, E]),
}
# Options of every module, and those that say which cluster is meant.
SHARED = {*_spec.CONNECTION, *_spec.WAIT, *_spec.CLUSTER_REFERENCE}


# Removing by number, by age, by count and by both; of the others it is the selection alone that counts.
WHOLE = (
    "numbers, one unknown and one twice",
    "age",
    "last three, the failed one does not count",
    "both, the age keeps more",
)


def test_cycles(play: Play) -> None:
    ids = {case: seed(play.simulator, backup_histories=five_backups())["id"] for case in CASES}
    options = {case: {"cluster_id": ids[case], **known.options} for case, known in CASES.items()}

    ran = run_cases(play, "backup_history", options, WHOLE)

    for name, case in CASES.items():
        one = ran[name]
        (assert_owed if name in WHOLE else assert_pair)(one)
        body = {"backup_history_number": case.removed}
        path = f"/v1/clusters/{ids[name]}/backup-histories"
        assert [tuple(request) for request in sent(one.real)] == [(REMOVE, "PUT", path, body)], name
        assert one.predicted.result["removed"] == one.real.result["removed"]
        assert numbers_of(one.real.result["removed"]) == case.removed
        left = [number for number in (A, B, C, D, E) if number not in case.removed]
        assert one.real.result["diff"]["after"] == {"backup_history_numbers": left}
        assert one.real.result["cluster_id"] == ids[name]
        if name in WHOLE:
            assert one.check_again.result["diff"]["before"] == {"backup_history_numbers": left}
            assert one.real_again.result["removed"] == []


def numbers_of(backups: list[Json]) -> list[str]:
    return [one["backup_history_number"] for one in backups]


def test_every_option_has_a_case() -> None:
    declared = {option for case in CASES.values() for option in case.options}
    assert set(spec_paths(ARGUMENT_SPEC)) - SHARED == declared | {"state"}
    assert ARGUMENT_SPEC["state"]["choices"] == ["absent"]


def test_operations_name_the_options_that_were_set(play: Play) -> None:
    seed(play.simulator, name="orders", backup_histories=five_backups())
    (ran,) = play(task("backup_history", cluster_name="orders", keep_last=1, check=True))
    assert [operation["options"] for operation in ran.result["operations"]] == [["keep_last"]]


# --- What is not removed ---------------------------------------------------------------------------------------------

WOULD_BE_THE_LAST: dict[str, Json] = {
    "by number": {"backup_history_numbers": [A, C, D, E]},
    "by age": {"older_than_days": 0},
    "all": {"keep_last": 0},
    "by both": {"older_than_days": 0, "keep_last": 0},
}


def test_last_one_to_restore_from_is_protected(play: Play) -> None:
    cluster_id = seed(play.simulator, backup_histories=five_backups())["id"]
    options = [{"cluster_id": cluster_id, **one} for one in WOULD_BE_THE_LAST.values()]
    tasks = [task("backup_history", **one, check=check) for one, check in zip(options, (True, False) * 2, strict=True)]
    for ran in play(*tasks):
        told(ran, "last backup", "orders", A, "keep_last: 1", "remove_last_restorable", "Nothing was changed")
        assert (ran.changed, ran.writes) == (False, [])


def test_backups_without_one_to_restore_from_are_not_protected(play: Play) -> None:
    seed(play.simulator, backup_histories=[backup(A, 1, backup_state="FAILED")])
    (ran,) = play(task("backup_history", cluster_name="orders", keep_last=1))
    assert (ran.failed, numbers_of(ran.result["removed"])) == (False, [A])


def test_backup_that_is_being_taken_is_left_alone(play: Play) -> None:
    """SCP can't remove it, and it may be the next one to restore from."""
    running = backup("202610060200", 0, backup_state="IN_PROGRESS")
    cases = [{"keep_last": 1}, {"older_than_days": 0, "keep_last": 1}]
    ids = [seed(play.simulator, backup_histories=[running, *five_backups()])["id"] for _case in cases]
    pairs = run_pairs(
        play, "backup_history", [{"cluster_id": key, **case} for key, case in zip(ids, cases, strict=True)]
    )
    for predicted, real in pairs:
        assert not real.failed, real.result["msg"]
        assert numbers_of(real.result["removed"]) == [B, C, D, E]
        assert_truth(predicted, real)


def test_age_counts_not_the_number(play: Play) -> None:
    """The numbers look like dates, and nothing says that they are."""
    histories = [backup("1000", 1), backup("9000", 30), backup("5000", 10)]
    cluster_id = seed(play.simulator, backup_histories=histories)["id"]
    removed, shown = play(
        task("backup_history", cluster_id=cluster_id, keep_last=1, check=True), info("backup", cluster_id=cluster_id)
    )
    assert numbers_of(removed.result["removed"]) == ["5000", "9000"]
    assert numbers_of(shown.result["backups"]) == ["1000", "5000", "9000"]


def test_words_for_states_that_nobody_documents(play: Play) -> None:
    settings(
        play.simulator, backup_words={"completed": "Success", "in_progress": "Backing up", "failed": "Backup failed"}
    )
    histories = [backup(A, 1), backup(B, 2, backup_state="Backup failed"), backup(C, 3)]
    seed(play.simulator, backup_histories=histories)
    kept, refused = play(
        task("backup_history", cluster_name="orders", keep_last=2, check=True),
        task("backup_history", cluster_name="orders", keep_last=0, check=True),
    )
    assert numbers_of(kept.result["removed"]) == [B]
    told(refused, "last backup", A)


# The newest one has a word that says it is no good, or that nobody knows; the rest is good.
@pytest.mark.parametrize("word", ["DELETED", "EXPIRED", "INCOMPLETE", "CREATING", UNHEARD_OF])
def test_good_ones_outlive_any_other_word(play: Play, word: str) -> None:
    histories = [backup("202610060200", 0.5, backup_state=word), backup(A, 1), backup(C, 3)]
    cluster_id = seed(play.simulator, backup_histories=histories)["id"]
    [ran] = run_cycles(play, "backup_history", [{"cluster_id": cluster_id, "keep_last": 1}])
    assert_owed(ran)
    gone = numbers_of(ran.real.result["removed"])
    assert gone == (["202610060200", C] if word in ("EXPIRED", "INCOMPLETE") else [C])
    (shown,) = play(info("backup", cluster_id=cluster_id))
    assert (shown.result["restorable"], shown.result["latest"]["backup_history_number"]) == ([A], A)


def test_words_as_a_default_of_the_group(play: Play) -> None:
    seed(play.simulator, backup_histories=[backup(A, 1, backup_state=UNHEARD_OF), backup(C, 3)])
    defaults = {"module_defaults": {"group/samsungcloud.scp.backup": {"restorable_states": [UNHEARD_OF.lower()]}}}
    removed, shown, plain = play(
        {**task("backup_history", cluster_name="orders", keep_last=1, check=True), **defaults},
        {**info("backup", cluster_name="orders"), **defaults},
        info("backup", cluster_name="orders"),
    )
    assert numbers_of(removed.result["removed"]) == [C]
    assert [ran.result["latest"]["backup_history_number"] for ran in (shown, plain)] == [A, C]


# --- Pages -----------------------------------------------------------------------------------------------------------

MANY = 230


@pytest.mark.parametrize(("base", "calls"), [(0, 3 * 2), (1, 4 * 2)])
def test_all_pages_are_read(play: Play, base: int, calls: int) -> None:
    """Whatever the number of the first page is; which is not documented, so that finding out may cost one call.

    They are read twice, because a list that fills several pages may change meanwhile.
    """
    settings(play.simulator, backup_page_base=base)
    numbers = [f"{202601010000 + MANY - index}" for index in range(MANY)]
    histories = [backup(number, 1 + index) for index, number in enumerate(numbers)]
    cluster_id = seed(play.simulator, backup_histories=histories)["id"]

    shown, dry, removed, again = play(
        info("backup", cluster_id=cluster_id),
        task("backup_history", cluster_id=cluster_id, keep_last=5, check=True),
        task("backup_history", cluster_id=cluster_id, keep_last=5, check=False),
        task("backup_history", cluster_id=cluster_id, keep_last=5),
    )

    assert numbers_of(shown.result["backups"]) == numbers
    assert reads(shown).count("List Backup Histories") == calls
    assert not removed.failed, removed.result["msg"]
    assert numbers_of(dry.result["removed"]) == numbers_of(removed.result["removed"]) == numbers[5:]
    assert [call["body"]["backup_history_number"] for call in removed.writes] == [numbers[5:]]
    assert (again.changed, again.writes, again.result["removed"]) == (False, [], [])
    assert reads(again) == ["Show Cluster", "List Backup Histories"]


def test_info(play: Play) -> None:
    running = backup("202610060200", 0, backup_state="IN_PROGRESS")
    archive = {"archive_enabled": True, "retention_period_day": 7}
    cluster_id = seed(play.simulator, backup_histories=[*five_backups(), running], archive=archive)["id"]
    seed(play.simulator, name="fresh", archive={"archive_enabled": False, "retention_period_day": None})

    by_id, by_name, dry, fresh, unknown, no_id = play(
        info("backup", cluster_id=cluster_id),
        info("backup", cluster_name="orders"),
        {**info("backup", cluster_name="orders"), "check_mode": True},
        info("backup", cluster_name="fresh"),
        info("backup", cluster_name="nobody"),
        info("backup", cluster_id="a/b"),
    )

    assert numbers_of(by_id.result["backups"]) == ["202610060200", A, B, C, D, E]
    states = [one["backup_state"] for one in by_id.result["backups"]]
    assert states == ["IN_PROGRESS", "COMPLETED", "FAILED", "COMPLETED", "COMPLETED", "COMPLETED"]
    assert by_id.result["archive"] == archive
    for ran in (by_name, dry):
        assert (ran.result["backups"], ran.result["archive"]) == (by_id.result["backups"], archive)
    assert (fresh.result["backups"], fresh.result["archive"]["archive_enabled"]) == ([], False)
    assert sorted(reads(by_id)) == ["List Backup Histories", "Show Archive Config", "Show Cluster"]
    assert not any(ran.changed for ran in (by_id, by_name, dry, fresh))
    told(unknown, "no cluster named nobody", "cluster_name")
    assert error_of(unknown)["status"] == 404
    told(no_id, "cluster_id is 'a/b', but must be an id")
    assert no_id.calls == []


# --- Refused ---------------------------------------------------------------------------------------------------------

IDENTIFIER = "must be an id: letters, digits, hyphens and underscores only"
BROKEN: dict[str, tuple[str, list[Any]]] = {
    "cluster_name": ("must be a cluster's name: 3 to 20 letters", ["ab", "or ders"]),
    "older_than_days": ("must be from 0 to 36500 days", [-1, 36501]),
    "keep_last": ("must be from 0 to 100000", [-1, 100001]),
    "wait_timeout": ("must be from 1 to 604800 seconds", [0, 604801]),
}
BROKEN_NUMBERS: dict[str, tuple[str, list[Any]]] = {
    "cluster_id": (IDENTIFIER, ["a b", "a/b"]),
    "backup_history_numbers[]": (IDENTIFIER, ["../x", "2026 10"]),
}
COMBINATIONS = [
    Wrong({}, ("backup_history_numbers", "older_than_days", "keep_last", "one of")),
    Wrong({"backup_history_numbers": [A], "keep_last": 1}, ("backup_history_numbers", "keep_last", "exclusive")),
    Wrong({"backup_history_numbers": [A], "older_than_days": 1}, ("older_than_days", "exclusive")),
    Wrong({"keep_last": 1, "state": "present"}, ("state", "absent")),
]


def test_bad_input(play: Play) -> None:
    valid: Json = {"cluster_name": "orders", "older_than_days": 1, "keep_last": 1, "wait_timeout": 60}
    by_number: Json = {"cluster_id": "c1", "backup_history_numbers": [A]}
    combinations = declaring({"cluster_name": "orders"}, COMBINATIONS)
    cases = [*broken_rules(valid, BROKEN), *broken_rules(by_number, BROKEN_NUMBERS), *combinations]
    assert_refused_unsent(play, "backup_history", cases)


def test_refusal_in_spite_of_a_right_signature(play: Play) -> None:
    seed(play.simulator, backup_histories=five_backups())
    refusal(play.simulator, REMOVE, 401, "Dbaas.Unauthorized.AuthNFailed", "The signature does not match.")
    (ran,) = play(task("backup_history", cluster_name="orders", keep_last=1))
    message = told(ran, "401", REMOVE, "even when the signature is right", "console")
    assert "Check access_key" not in message
    assert (error_of(ran)["status"], error_of(ran)["code"]) == (401, "Dbaas.Unauthorized.AuthNFailed")
    assert len(ran.writes) == 1
    assert not ran.changed


def test_states_of_the_cluster(play: Play) -> None:
    for name, state in (("stopped", "STOPPED"), ("failed", "FAILED"), ("unknown", "UNKNOWN")):
        seed(play.simulator, name=name, service_state=state, backup_histories=five_backups())
    names = ("stopped", "failed", "unknown", "nobody")
    pairs = run_pairs(play, "backup_history", [{"cluster_name": name, "older_than_days": 2} for name in names])
    words = (("STOPPED", REMOVE, "started"), ("FAILED", REMOVE), (), ("no cluster named nobody",))
    for name, expected, (predicted, real) in zip(names, words, pairs, strict=True):
        if expected:
            assert told(predicted, *expected) == told(real, *expected), name
            assert real.writes == []
        else:
            assert not real.failed, real.result["msg"]
            assert real.operations == ["Synchronize Cluster State", REMOVE]
            assert_truth(predicted, real)
