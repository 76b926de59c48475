# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _backup_history, _report, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import NotUnderstood
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import Json, a_cluster, ha_cluster

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
OFF = {"backup_option": {"archive_frequency_minute": None, "retention_period_day": None, "starting_time_hour": None}}
ON: Json = {}
ARCHIVE = {"archive_enabled": True, "retention_period_day": 3}


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def a_backup(hours: float, state: str = "COMPLETED") -> Json:
    number = f"n{hours}"
    return {"backup_history_number": number, "backup_start_at": ago(hours=hours + 1), "backup_end_at": ago(hours=hours),
            "backup_state": state, "backup_size_gb": "12"}  # fmt: skip


def backups_of(histories: list[Json]) -> Json:
    """What mariadb_backup_info returns."""
    restorable = [history["backup_history_number"] for history in _backup_history.Judge().restorable(histories)]
    return {"item": "c1", "backups": histories, "restorable": restorable, "archive": ARCHIVE}


def report(*clusters: Json, now: datetime = NOW, limits: Json | None = None, **found: Any) -> Json:
    rest = {"engine_versions": [], "server_types": [], **found}
    return _report.build(_report.Found(list(clusters), **rest), now, _report.Limits(**(limits or {})))


def concerns(told: Json) -> list[tuple[str, str, str]]:
    return [(group["kind"], item["cluster"], item["words"]) for group in told["attention"] for item in group["items"]]


def test_empty_fleet() -> None:
    told = report()
    assert (told["summary"]["clusters"], told["summary"]["storage_gb"], told["attention"]) == (0, 0, [])
    assert told["shown"] == {"backups": False, "replicas": False, "stacks": False}


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        *((state, "bad") for state in ("FAILED", "ERROR", "UNKNOWN")),
        ("RUNNING", "good"),
        ("STOPPED", "idle"),
        ("TERMINATED", "idle"),
        *((state, "busy") for state in _states.SERVICE_STATES if _states.is_transitional(state)),
        ("A word to come", "busy"),
    ],
)
def test_states(state: str, tone: str) -> None:
    told = report(a_cluster(state))
    assert told["summary"]["states"] == [{"service_state": state, "tone": tone, "count": 1}]
    assert (("broken", "orders", state) in concerns(told)) is (tone == "bad")


def test_other_forms_are_the_same_to_the_page() -> None:
    usual = a_cluster(ha_enabled=True)
    other = {**usual, "service_state": " running", "name": "orders ", "software_version": "MariaDB 10.11.9"}
    group = dict(usual["instance_groups"][0])
    group["block_storage_groups"] = [{**one, "size_gb": f"{one['size_gb']}GB"} for one in group["block_storage_groups"]]
    other["instance_groups"] = [group]
    engine = {"id": "e1", "software_version": "10.11.9", "end_of_service": False}
    archive = {"archive_enabled": "false", "retention_period_day": "3 days"}
    expected = report(
        usual,
        engine_versions=[engine],
        backups=[{**backups_of([a_backup(3)]), "archive": {"archive_enabled": False, "retention_period_day": 3}}],
    )
    assert (
        report(
            other,
            engine_versions=[{**engine, "end_of_service": "N"}],
            backups=[{**backups_of([a_backup(3)]), "archive": archive}],
        )
        == expected
    )


def test_form_that_is_not_understood_is_named() -> None:
    broken = a_cluster()
    broken["instance_groups"][0]["block_storage_groups"][0]["size_gb"] = "large"
    with pytest.raises(NotUnderstood, match=r"'large' as .*size_gb"):
        report(broken)


BACKUPS: list[tuple[str, str, Json, list[Json], str, str, str | None]] = [
    ("recent", "RUNNING", ON, [a_backup(20)], "recent", "20 hours old", None),
    ("at the limit", "RUNNING", ON, [a_backup(26.9)], "recent", "26 hours old", None),
    ("behind the limit", "RUNNING", ON, [a_backup(27)], "old", "27 hours old", "backup_old"),
    ("days", "UNKNOWN", ON, [a_backup(100)], "old", "4 days old", "backup_old"),
    ("the newest counts", "RUNNING", ON, [a_backup(90), a_backup(3), a_backup(50)], "recent", "3 hours old", None),
    ("a failed one does not", "RUNNING", ON, [a_backup(3, "FAILED"), a_backup(50)], "old", "2 days old", "backup_old"),
    (
        "nor an unfinished one",
        "RUNNING",
        ON,
        [{**a_backup(3, "IN_PROGRESS"), "backup_end_at": None}],
        "missing",
        "none finished",
        "backup_missing",
    ),
    (
        "nor one of an unknown word",
        "RUNNING",
        ON,
        [a_backup(3, "READY"), a_backup(4, "CREATING")],
        "missing",
        "none finished (unknown backup_state: READY)",
        "backup_missing",
    ),
    ("none", "RUNNING", ON, [], "missing", "none finished", "backup_missing"),
    ("stopped with one", "STOPPED", ON, [a_backup(1000)], "recent", "41 days old", None),
    ("stopped without", "STOPPED", ON, [], "missing", "none finished", "backup_missing"),
    ("being made", "CREATING", ON, [], "due", "first one is due", None),
    ("no policy", "RUNNING", {"init_config_option": OFF}, [], "missing", "none finished", "backup_off"),
    ("young", "RUNNING", {"created_at": ago(hours=5)}, [], "due", "first one is due", None),
    ("a replica", "RUNNING", {"role_type": "REPLICA"}, [], "missing", "none finished", None),
]


@pytest.mark.parametrize(("state", "changes", "histories", "verdict", "words", "kind"), [case[1:] for case in BACKUPS],
                         ids=[case[0] for case in BACKUPS])  # fmt: skip
def test_backups(state: str, changes: Json, histories: list[Json], verdict: str, words: str, kind: str | None) -> None:
    told = report(a_cluster(state, **changes), backups=[backups_of(histories)])
    [cluster] = told["clusters"]
    assert (cluster["backup"]["state"], cluster["backup"]["words"]) == (verdict, words)
    assert cluster["archive"] == ARCHIVE
    assert [one[0] for one in concerns(told) if one[0] != "broken"] == ([kind] if kind else [])


def test_former_replicas_do_not_count() -> None:
    replica = a_cluster(id="c2", name="r1", role_type="READ_REPLICA", origin_cluster_id="c1")
    promoted = a_cluster(id="c3", name="r2", origin_cluster_id="c1")
    told = report(a_cluster(replicas=["c2", "c3", "in another region"]), replica, promoted)
    assert [cluster["replica_count"] for cluster in told["clusters"] if cluster["name"] == "orders"] == [2]


def test_age_that_never_matters() -> None:
    told = report(
        a_cluster(),
        backups=[backups_of([a_backup(9000)])],
        replicas=[{"item": "c1", "replicas": [{"name": "near", "replica_state": "SYNCED", "synced_at": ago(days=90)}]}],
        limits={"backup_max_age_hours": 0, "replica_max_age_minutes": 0},
    )
    assert concerns(told) == []


def test_cluster_that_could_not_be_read() -> None:
    told = report(a_cluster(), backups=[{"item": "c1", "msg": "no\n answer"}], replicas=[{"item": "c1", "msg": "no"}])
    assert concerns(told) == [("unread", "orders", "backups: no answer"), ("unread", "orders", "replicas: no")]


REPLICAS: list[tuple[Json, str, str | None]] = [
    ({"replica_state": "CONNECTED", "synced_at": ago(minutes=30)}, "good", None),
    ({"replica_state": "SYNCED", "synced_at": ago(hours=24)}, "good", None),
    ({"replica_state": "SYNCED", "synced_at": ago(hours=24, minutes=1)}, "watch", "replica_behind"),
    ({"replica_state": "DISCONNECTED", "synced_at": ago(days=3)}, "bad", "replica_broken"),
    ({"replica_state": "UNSYNCED", "synced_at": ago(minutes=1)}, "bad", "replica_broken"),
    ({"replica_state": "NOT_RUNNING", "synced_at": None}, "bad", "replica_broken"),
    ({"replica_state": "a word to come", "synced_at": "no time"}, "plain", None),
    ({"replica_state": None, "synced_at": ""}, "plain", None),
]


@pytest.mark.parametrize(("replica", "tone", "kind"), REPLICAS)
def test_replicas(replica: Json, tone: str, kind: str | None) -> None:
    told = report(a_cluster(), replicas=[{"item": "c1", "replicas": [{"name": "near", "region": "kr", **replica}]}])
    [shown] = told["replicas"]
    assert (shown["tone"], shown["origin"]) == (tone, "orders")
    assert [one[0] for one in concerns(told)] == ([kind] if kind else [])


DAY = date(2027, 5, 19)
ENDS: list[tuple[Json, list[Json], str]] = [
    ({"10.11": DAY - timedelta(days=1)}, [], "until 2027-05-18, 179 days left"),
    ({"10.11": DAY}, [], "until 2027-05-19, 180 days left"),
    ({"10.11": DAY + timedelta(days=1)}, [], "until 2027-05-20"),
    ({"10.11": NOW.date()}, [], "until 2026-11-20, 0 days left"),
    ({"10.11": NOW.date() - timedelta(days=1)}, [], "ended 2026-11-19"),
    ({"10.11.9": DAY, "10.11": date(2020, 1, 1)}, [], "until 2027-05-19, 180 days left"),
    ({"10.11": date(2030, 1, 1)}, [{"software_version": "10.11.9", "end_of_service": True}], "ended 2030-01-01"),
    ({}, [{"software_version": "10.11.9", "end_of_service": True}], "has ended"),
    ({}, [{"software_version": "10.11.9", "end_of_service": False}], "no date known"),
    ({"10.1": DAY}, [{"software_version": "10.11.10", "end_of_service": True}], "no date known"),
]


@pytest.mark.parametrize(("dates", "versions", "words"), ENDS)
def test_end_of_service(dates: dict[str, date], versions: list[Json], words: str) -> None:
    told = report(a_cluster(), engine_versions=versions, end_of_service_dates=dates)
    [version] = told["versions"]
    assert version["end_of_service"]["words"] == told["clusters"][0]["end_of_service"]["words"] == words
    expected = {"passed": ["eos_passed"], "near": ["eos_near"]}.get(version["end_of_service"]["state"], [])
    assert [one[0] for one in concerns(told)] == expected
    assert bool(expected) is (words.startswith(("ended", "has")) or words.endswith("left"))


def test_hardware_is_added_up() -> None:
    kinds = [{"name": "db1v2m4", "cpu_core": 2, "memory_gb": 4}]
    told = report(a_cluster(), ha_cluster(id="c2", name="Billing"), server_types=kinds)
    assert [cluster["name"] for cluster in told["clusters"]] == ["Billing", "orders"]
    assert told["clusters"][1]["storage"] == [
        {"role_type": "DATA", "size_gb": 200},
        {"role_type": "OS", "size_gb": 104},
    ]
    assert told["clusters"][1]["servers"] == [
        {"server_type_name": "db1v2m4", "count": 1, "cpu_core": 2, "memory_gb": 4}
    ]
    assert told["summary"]["servers"] == 3
    assert told["summary"]["storage_gb"] == sum(cluster["storage_gb"] for cluster in told["clusters"])


def test_drift() -> None:
    made = {"part": "cluster", "operations": [{"operation": "Set Server Type", "options": ["instance_groups"]}]}
    refused = {"part": "backup", "msg": "no\nsuch", "operations": []}
    skipped = {"part": "replicas", "skipped": True, "msg": "skipped"}
    stacks = [
        {"cluster": "orders", "exists": True, "results": [made, refused, skipped]},
        {"cluster": "c1", "exists": True, "results": [{"part": "cluster", "operations": []}]},
        {"cluster": "gone", "exists": False, "results": [made]},
    ]
    told = report(a_cluster(), stacks=stacks)
    orders, by_id, gone = told["stacks"]
    assert [(one["operation"], one["options"], one["refused"]) for one in orders["differences"]] == [
        ("Set Server Type", ["instance_groups"], None),
        (None, [], "no such"),
    ]
    assert (orders["anchor"], by_id["anchor"], gone["anchor"]) == ("cluster-1", "cluster-1", None)
    assert by_id["in_force"]
    assert concerns(told) == [("drift", "orders", "2 differences"), ("drift", "gone", "does not exist")]


def test_each_cluster_counts_once_and_by_its_worst() -> None:
    near = {"10.11": NOW.date()}
    told = report(a_cluster("FAILED"), a_cluster(id="c2", name="fine"), end_of_service_dates=near)
    assert (told["summary"]["bad"], told["summary"]["watch"]) == (1, 1)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(hours=-1), "less than an hour"),
    ],
)
def test_ages_are_told_in_steps(span: timedelta, words: str) -> None:
    assert _report.age(span) == words
