# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backup policy and the archive: set, changed and unset, every option of it, and what is refused unsent."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _answers, _settings, _spec
from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_backup import ARGUMENT_SPEC
from harness.cycle import assert_owed, assert_truth, paths, sent, spec_paths
from harness.failures import error_of, told
from harness.play import Play
from harness.seeds import BACKUP, all_clusters, seed, settings_of_database
from harness.simulator import Json, Simulator
from harness.stacks import (
    Wrong,
    assert_made,
    assert_pair,
    assert_refused_unsent,
    broken_rules,
    by_name,
    declaring,
    reads,
    run_cases,
    run_cycles,
    run_pairs,
    task,
)
from harness.tasks import info
from harness.trouble import refusal, serve, settings

NO_BACKUP = {"archive_frequency_minute": None, "retention_period_day": None, "starting_time_hour": None}
POLICY: Json = {"archive_frequency_minute": 60, "retention_period_day": 14, "starting_time_hour": 2}
ARCHIVE: Json = {"archive_enabled": True, "retention_period_day": 7}
OFF: Json = {"archive_enabled": False}
SET_BACKUP, UNSET_BACKUP, SET_ARCHIVE = "Set Backup", "Unset Backup", "Set Archive Config"
SYNC = "Synchronize Cluster State"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=3000)


def seed_with(simulator: Simulator, name: str, policy: Json | None, **parts: Any) -> Json:
    return seed(simulator, name=name, init_config_option=settings_of_database(backup_option=policy), **parts)


class Case(NamedTuple):
    """What there is, what is declared, the writes that this takes, and what there is afterwards."""

    policy: Json | None
    archive: Json
    options: Json
    # Each an operation, its method, the end of its path and its body.
    writes: list[tuple[str, str, str, Json | None]]
    reached: Json
    archived: Json


def set_backup(**changes: str) -> tuple[str, str, str, Json | None]:
    return SET_BACKUP, "POST", "/backups", {**BACKUP, **changes}


def set_archive(enabled: bool, days: int | None) -> tuple[str, str, str, Json | None]:
    body = {"archive_enabled": enabled, "retention_period_day": days}
    return SET_ARCHIVE, "PUT", "/archive", body


UNSET: tuple[str, str, str, Json | None] = (UNSET_BACKUP, "DELETE", "/backups", None)
THREE_DAYS: Json = {"archive_enabled": True, "retention_period_day": 3}
ARCHIVE_OFF: Json = {"archive_enabled": False, "retention_period_day": None}

OTHER_POLICY: Json = {"archive_frequency_minute": 5, "retention_period_day": 35, "starting_time_hour": 9}
OTHER_SHOWN = {key: str(value) for key, value in OTHER_POLICY.items()}

CASES: dict[str, Case] = {
    "created with an archive": Case(
        None, THREE_DAYS, {**POLICY, "archive": ARCHIVE}, [set_backup(), set_archive(True, 7)], BACKUP, ARCHIVE
    ),
    # Without leading zeros, and zero is a value.
    "changed": Case(BACKUP, THREE_DAYS, OTHER_POLICY, [set_backup(**OTHER_SHOWN)], OTHER_SHOWN, THREE_DAYS),
    "changed in part": Case(
        BACKUP,
        THREE_DAYS,
        {"starting_time_hour": 0},
        [set_backup(starting_time_hour="0")],
        {**BACKUP, "starting_time_hour": "0"},
        THREE_DAYS,
    ),
    "archive off": Case(BACKUP, ARCHIVE, {"archive": OFF}, [set_archive(False, None)], BACKUP, ARCHIVE_OFF),
    "archive on": Case(
        BACKUP, ARCHIVE_OFF, {"archive": {"archive_enabled": True}}, [set_archive(True, None)], BACKUP, THREE_DAYS
    ),
    "archive longer": Case(None, THREE_DAYS, {"archive": ARCHIVE}, [set_archive(True, 7)], NO_BACKUP, ARCHIVE),
    "removed with the archive": Case(
        BACKUP, ARCHIVE, {"state": "absent", "archive": OFF}, [UNSET, set_archive(False, None)], NO_BACKUP, ARCHIVE_OFF
    ),
}
PICKED = "archive on"
# Options of every module, and those that say which cluster is meant.
SHARED = {*_spec.CONNECTION, *_spec.WAIT, *_spec.CLUSTER_REFERENCE, *_spec.RESTORABLE_STATES}


# The life of a policy; of the others it is the change alone that counts.
WHOLE = ("created with an archive", "changed", "archive on", "removed with the archive")


def test_cycles(play: Play) -> None:
    names = dict(zip(CASES, (f"orders{letter}" for letter in LETTERS), strict=False))
    ids = {
        case: seed_with(play.simulator, names[case], known.policy, archive=known.archive)["id"]
        for case, known in CASES.items()
    }
    options = {
        case: {"cluster_name": names[case], "wait_timeout": 10, **known.options} for case, known in CASES.items()
    }

    ran = run_cases(play, "backup", options, WHOLE)

    failed = [(case, each.result["msg"]) for case, one in ran.items() for each in one if each.failed]
    assert failed == []
    shown = by_name(play.simulator)
    for title, case in CASES.items():
        one, path = ran[title], f"/v1/clusters/{ids[title]}"
        if title == PICKED:
            # Which retention SCP picks where none is declared is not known before.
            assert_made(one)
        else:
            (assert_owed if title in WHOLE else assert_pair)(one)
        expected = [(operation, method, path + end, body) for operation, method, end, body in case.writes]
        assert [tuple(request) for request in sent(one.real)] == expected
        assert _settings.backup_of(_answers.cluster(shown[names[title]], _answers.Place("Show Cluster"))) == policy_of(
            case.reached
        )
        assert one.real.result["backup"] == policy_of(case.reached)
        assert one.real.result["cluster_id"] == ids[title]
        if "archive" in case.options:
            assert one.real.result["archive"] == case.archived


def policy_of(shown: Json) -> Json:
    return {key: int(value) for key, value in shown.items() if value}


def test_operations_name_their_options(play: Play) -> None:
    seed_with(play.simulator, "orders", None)
    (predicted,) = play(task("backup", cluster_name="orders", **POLICY, archive=ARCHIVE, check=True))
    options = [operation["options"] for operation in predicted.result["operations"]]
    assert [sorted(one) for one in options] == [sorted(POLICY), ["archive"]]


def test_every_option_has_a_case() -> None:
    changed = {path for case in CASES.values() for path in paths(case.options)}
    assert set(spec_paths(ARGUMENT_SPEC)) - SHARED == changed


def test_every_state_is_taken() -> None:
    taken = {case.options.get("state", "present") for case in CASES.values()} | {"synced", "taken"}
    assert taken == set(ARGUMENT_SPEC["state"]["choices"])


def test_synchronization_acts_again(play: Play) -> None:
    on_servers = {"archive": {"archive_enabled": True, "retention_period_day": 21}}
    cluster_id = seed_with(play.simulator, "orders", BACKUP, archive=ARCHIVE, on_servers=on_servers)["id"]

    (ran,) = run_cycles(play, "backup", [{"cluster_id": cluster_id, "state": "synced"}])

    assert_owed(ran, acts_again=True)
    for one in (ran.real, ran.real_again):
        assert [tuple(request) for request in sent(one)] == [
            ("Synchronize Archive Config", "POST", f"/v1/clusters/{cluster_id}/archive/sync", None)
        ]
        assert one.result["archive"] == on_servers["archive"]


TAKE = "Create Manual Backup"


@pytest.fixture
def later(play: Play) -> Play:
    """A play that speaks a version of the API with backups at once."""
    serve(play, "1.3", pinned="1.3")
    return play


def test_backup_now(later: Play) -> None:
    cluster_id = seed_with(later.simulator, "orders", None, backup_histories=[{"age_days": 1}])["id"]

    (ran,) = run_cycles(later, "backup", [{"cluster_id": cluster_id, "state": "taken"}])
    (known,) = later(info("backup", cluster_id=cluster_id))

    assert_owed(ran, acts_again=True)
    taken = [one.result["taken"] for one in (ran.real_again, ran.real)]
    assert known.result["backups"][:2] == taken
    assert len({backup["backup_history_number"] for backup in known.result["backups"]}) == 3
    assert [backup["backup_state"] for backup in taken] == ["COMPLETED"] * 2
    for one in (ran.real, ran.real_again):
        assert [tuple(request) for request in sent(one)] == [
            (TAKE, "POST", f"/v1/clusters/{cluster_id}/backups/manual", None)
        ]
    assert "taken" not in ran.predicted.result
    assert (ran.real.result["diff"]["before"], ran.real.result["diff"]["after"]) == (
        {"backup_histories": 1},
        {"backup_histories": 2},
    )


def test_backup_now_of_a_word_that_nobody_knows(later: Play) -> None:
    settings(later.simulator, backup_words={"completed": "READY"})
    cluster_id = seed_with(later.simulator, "orders", None)["id"]
    options = {"cluster_id": cluster_id, "state": "taken"}

    declared, unknown = later(
        task("backup", **options, restorable_states=["ready"]), task("backup", **options, wait_timeout=2)
    )

    assert declared.result["taken"]["backup_state"] == "READY"
    told(unknown, "is 'READY'", "restorable_states", "takes another one")


def test_backup_now_without_a_wait(later: Play) -> None:
    settings(later.simulator, time_scale=1)
    seed_with(later.simulator, "orders", BACKUP)
    (ran,) = later(task("backup", cluster_name="orders", state="taken", wait=False))
    assert (ran.failed, ran.operations, "taken" in ran.result) == (False, [TAKE], False)
    assert ran.result["request_id"].startswith("req-")


def test_backup_now_that_fails(later: Play) -> None:
    settings(later.simulator, backup_words={"completed": "FAILED"})
    seed_with(later.simulator, "orders", BACKUP)
    (ran,) = later(task("backup", cluster_name="orders", state="taken"))
    told(ran, "is FAILED", "can't be restored from", "mariadb_backup_info")
    assert ran.operations == [TAKE]


def test_backup_now_of_a_cluster_that_is_stopped(later: Play) -> None:
    seed_with(later.simulator, "orders", BACKUP, service_state="STOPPED")
    (ran,) = later(task("backup", cluster_name="orders", state="taken"))
    told(ran, "STOPPED", TAKE, "state: started")
    assert ran.writes == []


def test_calls_of_runs_with_nothing_to_do(play: Play) -> None:
    cluster_id = seed_with(play.simulator, "orders", BACKUP, archive=ARCHIVE)["id"]
    seed_with(play.simulator, "invoices", None)
    present, check, gone, with_archive = play(
        task("backup", cluster_id=cluster_id, **POLICY),
        task("backup", cluster_id=cluster_id, **POLICY, check=True),
        task("backup", cluster_name="invoices", state="absent"),
        task("backup", cluster_id=cluster_id, **POLICY, archive=ARCHIVE),
    )
    assert reads(present) == reads(check) == ["Show Cluster"]
    assert reads(gone) == ["List Clusters", "Show Cluster"]
    # The archive costs one more call.
    assert reads(with_archive) == ["Show Cluster", "Show Archive Config"]
    assert [ran.writes for ran in (present, check, gone, with_archive)] == [[]] * 4


# --- Refused ---------------------------------------------------------------------------------------------------------

VALID: Json = {"cluster_name": "orders", **POLICY, "archive": ARCHIVE, "wait_timeout": 60}
BROKEN: dict[str, tuple[str, list[Any]]] = {
    "cluster_name": ("must be a cluster's name: 3 to 20 letters", ["ab", "a" * 21, "or ders"]),
    "retention_period_day": ("must be from 7 to 35 days", [6, 36]),
    "starting_time_hour": ("must be from 0 to 23 hours", [-1, 24]),
    "archive.retention_period_day": ("must be from 1 to 35 days", [0, 36]),
    "wait_timeout": ("must be from 1 to 604800 seconds", [0, 604801]),
}
COMBINATIONS = [
    Wrong({"archive": {"retention_period_day": 3}}, ("archive_enabled", "required")),
    Wrong({"state": "stopped"}, ("state", "present, absent, synced, taken")),
    Wrong({"archive_frequency_minute": 15}, ("archive_frequency_minute", "5, 10, 30, 60", "15")),
    Wrong({}, ("state is 'present'", *POLICY, "archive")),
    Wrong({"archive": {**OFF, "retention_period_day": 3}}, ("archive.retention_period_day", "archive_enabled: false")),
    Wrong({"state": "synced", "archive": OFF, **POLICY}, (*POLICY, "archive", "state")),
    Wrong({"state": "taken", "archive": OFF, **POLICY}, (*POLICY, "archive", "state")),
    # A policy that shall not be is no policy to describe.
    Wrong({"state": "absent", **POLICY}, (*POLICY, "state")),
]


def test_bad_input(play: Play) -> None:
    combinations = declaring({"cluster_name": "orders"}, COMBINATIONS)
    assert_refused_unsent(play, "backup", [*broken_rules(VALID, BROKEN), *combinations])


class State(NamedTuple):
    """A cluster, what is declared of it, and the operations or the words of the refusal."""

    parts: Json
    options: Json
    operations: list[str]
    words: tuple[str, ...] = ()


STATES: list[State] = [
    State({"service_state": "STOPPED"}, POLICY, [], ("STOPPED", SET_BACKUP, "state: started")),
    State({"service_state": "FAILED"}, POLICY, [], ("FAILED", SET_BACKUP)),
    State({"service_state": "UNKNOWN"}, POLICY, [SYNC, SET_BACKUP]),
    State({"service_state": "UNKNOWN"}, {"state": "absent"}, []),
    State({"service_state": "STOPPED"}, {"state": "synced"}, [], ("STOPPED", "Synchronize Archive Config")),
    State({"service_state": "ERROR"}, {"archive": OFF}, [], ("ERROR", SET_ARCHIVE)),
    State({}, {"retention_period_day": 7}, [], ("; starting_time_hour is required", "no backup policy yet")),
]


def test_states_of_the_cluster(play: Play) -> None:
    names = [f"orders{letter}" for letter, _state in zip(LETTERS, STATES, strict=False)]
    for name, state in zip(names, STATES, strict=True):
        seed_with(play.simulator, name, None, **state.parts)
    options = [{"cluster_name": name, **state.options} for name, state in zip(names, STATES, strict=True)]

    for state, (predicted, real) in zip(STATES, run_pairs(play, "backup", options), strict=True):
        if state.words:
            assert told(predicted, *state.words) == told(real, *state.words)
            assert real.writes == []
        else:
            assert not real.failed, real.result["msg"]
            assert real.operations == state.operations
            assert_truth(predicted, real)


def test_cluster_that_is_not_there(play: Play) -> None:
    by_id, by_its_name = play(
        task("backup", cluster_id="nobody", **POLICY), task("backup", cluster_name="nobody", **POLICY)
    )
    for ran in (by_id, by_its_name):
        told(ran, "There is no cluster", "nobody", "cluster_name")
        assert (error_of(ran)["status"], ran.writes) == (404, [])


def test_not_waited_for(play: Play) -> None:
    settings(play.simulator, time_scale=1)
    cluster_id = seed_with(play.simulator, "orders", BACKUP)["id"]
    two, one = play(
        task("backup", cluster_id=cluster_id, retention_period_day=7, archive=OFF, wait=False),
        task("backup", cluster_id=cluster_id, retention_period_day=7, wait=False),
    )
    told(two, "wait is false", "2 operations", SET_BACKUP, SET_ARCHIVE, "Nothing was changed")
    assert two.writes == []
    assert one.operations == [SET_BACKUP]
    assert one.calls[-1] == one.writes[-1]
    assert one.result["request_id"].startswith("req-")


def test_refusal_in_spite_of_a_right_signature(play: Play) -> None:
    seed_with(play.simulator, "orders", BACKUP)
    refusal(play.simulator, UNSET_BACKUP, 401, "Dbaas.Unauthorized.AuthNFailed", "The signature does not match.")
    (ran,) = play(task("backup", cluster_name="orders", state="absent"))
    message = told(ran, "401", UNSET_BACKUP, "even when the signature is right", "console")
    assert "Check access_key" not in message
    assert (error_of(ran)["status"], error_of(ran)["code"]) == (401, "Dbaas.Unauthorized.AuthNFailed")
    (shown,) = all_clusters(play.simulator)
    assert shown["init_config_option"]["backup_option"] == BACKUP
