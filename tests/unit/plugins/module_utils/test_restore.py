# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _restore
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    ApiError,
    InvalidInput,
    NotReached,
    Refused,
    ScpError,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Accepted
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeClock,
    FakeHttp,
    Json,
    a_cluster,
    gone,
    problems_of,
)

NOW = datetime.fromtimestamp(FakeClock().epoch_ms() / 1000, tz=timezone.utc).replace(microsecond=0)
OLDEST = NOW - timedelta(days=9)
MOMENT = NOW - timedelta(days=4)
UTC_FORM = "%Y-%m-%dT%H:%M:%SZ"
KOREA = timezone(timedelta(hours=9))
LEAST = {"name": "restored", "instance_name_prefix": "restored", "server_type_name": "db1v2m4"}
CHOICES = ("backup_history_number", "backup_recovery_time", "latest")
OTHERS = ("block_storage_groups", "allowable_ip_addresses", "maintenance_option", "tags", "temporary_for")
MARK = "samsungcloud.scp.restored-from"


def a_backup(number: str, ended_at: datetime, state: str | None = "COMPLETED") -> Json:
    end = ended_at.strftime(UTC_FORM)
    return {"backup_history_number": number, "backup_start_at": end, "backup_end_at": end, "backup_state": state}


BACKUPS = [
    a_backup("4", NOW, "FAILED"),
    a_backup("3", NOW - timedelta(days=1)),
    a_backup("2", MOMENT),
    a_backup("1", OLDEST),
]


def predicted(
    options: Json,
    *,
    restored: Json | None = None,
    backups: list[Json] | None = None,
    state: str = "RUNNING",
    archive_enabled: bool = True,
    tags: list[Json | ScpError | None] | None = None,
    check: bool = True,
    warnings: list[str] | None = None,
) -> Outcome:
    """What a dry run says; the source is ``c1``. ``tags`` are what looks at the tags of the restored cluster show."""
    listed = [{"id": "r1", "name": "restored", "service_state": restored["service_state"]}] if restored else []
    histories = BACKUPS if backups is None else backups
    clock = FakeClock()
    http = FakeHttp(
        {
            "List Clusters": [{"contents": listed, "count": len(listed)}],
            "Show Cluster": [*([restored] if restored else []), a_cluster(state)],
            "List Backup Histories": [{"contents": histories, "total_count": len(histories)}],
            "Show Archive Config": [{"archive_enabled": archive_enabled, "retention_period_day": 7}],
            "List Tags": [listed_tags(one) for one in tags or [AssertionError("nobody may look at tags here")]],
        },
        clock,
    )
    unset: Json = dict.fromkeys((*CHOICES, *OTHERS))
    params = {"cluster_id": "c1", "cluster_name": None, "wait": True, "wait_timeout": 60, "state": "present"}
    flags = {"accept_unverified": False, "purge_tags": True}
    warn = (warnings if warnings is not None else []).append
    options = {**unset, **params, **flags, **LEAST, **options}
    task = Task(options, check, http, clock, warn=warn, connect=lambda load: http)
    outcome = _restore.ensure(task)
    assert http.writes == []
    return outcome


def listed_tags(tags: Any) -> Any:
    if tags is not None and not isinstance(tags, dict):
        return tags
    items = [{"key": key, "value": value} for key, value in (tags or {}).items()]
    return {"content": {"srn": "srn", "tags": items}, "count": len(items), "page": 0, "size": 100}


def bodies(outcome: Outcome) -> list[Json]:
    """The bodies of the restores, without the mark that each has."""
    for operation in outcome.operations or []:
        assert (operation["operation"], operation["path"]) == ("Create Restore Cluster", "/v1/clusters/c1/restore")
    return [unmarked(operation["body"]) for operation in outcome.operations or []]


def unmarked(body: Json) -> Json:
    """A body without the mark of where the cluster is from, which has to be right."""
    chosen = body.get("backup_history_number") or body["backup_recovery_time"]
    assert {"key": MARK, "value": f"c1@{chosen}"} in body["tags"]
    tags = [tag for tag in body["tags"] if tag["key"] != MARK]
    return {**{key: value for key, value in body.items() if key != "tags"}, **({"tags": tags} if tags else {})}


def at(moment: datetime) -> str:
    return moment.strftime(UTC_FORM)


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        ({"backup_history_number": "1"}, {"backup_history_number": "1"}),
        ({"latest": True}, {"backup_history_number": "3"}),
        ({"backup_recovery_time": at(MOMENT)}, {"backup_recovery_time": at(MOMENT)}),
        ({"backup_recovery_time": MOMENT.strftime("%Y-%m-%d %H:%M:%S")}, {"backup_recovery_time": at(MOMENT)}),
        ({"backup_recovery_time": MOMENT.astimezone(KOREA).isoformat()}, {"backup_recovery_time": at(MOMENT)}),
        ({"backup_recovery_time": at(OLDEST)}, {"backup_recovery_time": at(OLDEST)}),
        ({"backup_recovery_time": at(NOW)}, {"backup_recovery_time": at(NOW)}),
    ],
)
def test_what_is_restored(options: Json, chosen: Json) -> None:
    assert bodies(predicted(options)) == [{**LEAST, "allowable_ip_addresses": [], **chosen}]


OTHERS_THAN_GOOD = ("DELETED", "EXPIRED", "INCOMPLETE", "NOT COMPLETED", "CREATING", "", None, "READY")


@pytest.mark.parametrize("word", OTHERS_THAN_GOOD)
def test_latest_is_the_newest_that_is_known_to_be_good(word: str | None) -> None:
    newest = a_backup("9", NOW, word)
    assert bodies(predicted({"latest": True}, backups=[newest, *BACKUPS]))[0]["backup_history_number"] == "3"
    with pytest.raises(Refused) as refused:
        predicted({"latest": True}, backups=[newest])
    assert f"9 is {word or None!r}" in refused.value.msg
    declared = {"latest": True, "restorable_states": [str(word).lower()]}
    if word:
        assert bodies(predicted(declared, backups=[newest, *BACKUPS]))[0]["backup_history_number"] == "9"


def test_unknown_word_needs_a_declaration() -> None:
    backups = [a_backup("9", NOW, "READY"), *BACKUPS]
    with pytest.raises(Refused) as refused:
        predicted({"latest": True}, backups=backups[:1])
    assert "restorable_states" in refused.value.msg
    with pytest.raises(InvalidInput) as invalid:
        predicted({"backup_history_number": "9"}, backups=backups)
    assert "'READY'" in invalid.value.msg
    assert "restorable_states" in invalid.value.msg
    declared = {"backup_history_number": "9", "restorable_states": ["ready"]}
    assert bodies(predicted(declared, backups=backups))[0]["backup_history_number"] == "9"


def test_everything_is_sent() -> None:
    options = {
        "block_storage_groups": [{"role_type": "DATA", "size_gb": 400, "volume_type": "SSD"}],
        "allowable_ip_addresses": ["10.0.9.0/24"],
        "maintenance_option": {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0300"},
    }
    tags = {"team": "commerce", "none": None, "number": 7}
    sent = [{"key": "team", "value": "commerce"}, {"key": "none", "value": None}, {"key": "number", "value": "7"}]
    (body,) = bodies(predicted({**options, "tags": tags, "latest": True}))
    assert body == {**LEAST, **options, "tags": sent, "backup_history_number": "3"}


@pytest.mark.parametrize(
    "sizes",
    [[("DATA", 400)], [("OS", 104), ("DATA", 400)], [("DATA", 200), ("DATA", 200)], [("DATA", 800), ("TEMP", 16)]],
)
def test_volumes_with_room_for_the_data(sizes: list[tuple[str, int]]) -> None:
    """They name the type of the source, for it is not known whether one that is left out is inherited."""
    volumes = [{"role_type": role_type, "size_gb": size_gb} for role_type, size_gb in sizes]
    (body,) = bodies(predicted({"latest": True, "block_storage_groups": volumes}))
    assert body["block_storage_groups"] == [
        one if one["role_type"] == "OS" else {**one, "volume_type": "SSD"} for one in volumes
    ]


def test_newest_is_told_by_time() -> None:
    backups = [a_backup("900", OLDEST), a_backup("100", MOMENT)]
    (body,) = bodies(predicted({"latest": True}, backups=backups))
    assert body["backup_history_number"] == "100"


TIME = "backup_recovery_time"
WINDOW = "maintenance_option"
VOLUMES = "block_storage_groups"
SIZE = f"{VOLUMES}[].size_gb"


def volume(role_type: str, size_gb: int, volume_type: str = "SSD") -> Json:
    return {"role_type": role_type, "size_gb": size_gb, "volume_type": volume_type}


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ({"latest": False}, [("latest", False)]),
        ({"backup_history_number": "9"}, [("backup_history_number", "9")]),
        ({"backup_history_number": "4"}, [("backup_history_number", "4")]),
        ({"backup_history_number": "../x"}, [("backup_history_number", "../x")]),
        *(({TIME: text}, [(TIME, text)]) for text in ("", "yesterday", "2026-02-30T00:00:00Z", "25:00")),
        *(
            ({TIME: text}, [(TIME, text)])
            for text in (
                at(OLDEST - timedelta(seconds=1)),
                at(NOW + timedelta(minutes=5)),
                (NOW + timedelta(minutes=5)).astimezone(KOREA).isoformat(),
            )
        ),
        ({"latest": True, "name": "restored-1"}, [("name", "restored-1")]),
        ({"latest": True, "instance_name_prefix": "a" * 17}, [("instance_name_prefix", "a" * 17)]),
        ({"latest": True, "tags": {"": "x"}}, [("tags", "")]),
        ({"latest": True, "tags": {MARK: "c1@1"}}, [(f"tags[{MARK}]", None)]),
        (
            {"latest": True, "tags": {"samsungcloud.scp.temporary-for": "x"}},
            [("tags[samsungcloud.scp.temporary-for]", None)],
        ),
        ({"latest": True, "temporary_for": ""}, [("temporary_for", "")]),
        ({"latest": True, "temporary_for": "x" * 257}, [("temporary_for", "x" * 257)]),
        *(
            ({"latest": True, "block_storage_groups": volumes}, problems)
            for volumes, problems in (
                ([volume("TEMP", 16)], [(VOLUMES, "TEMP")]),
                ([volume("DATA", 192)], [(SIZE, 192)]),
                ([volume("OS", 208), volume("DATA", 200)], [(SIZE, 208)]),
                ([volume("OS", 96), volume("DATA", 200)], [(SIZE, 96)]),
                ([volume("DATA", 200, "HDD")], [(f"{VOLUMES}[].volume_type", "HDD")]),
                ([volume("OS", 48), volume("OS", 56), volume("DATA", 200)], [(VOLUMES, 2)]),
                ([volume("DATA", 200)] * 9, [(VOLUMES, 10)]),
            )
        ),
        (
            {"latest": True, WINDOW: {"period_hour": "2"}},
            [(f"{WINDOW}.starting_day_of_week", None), (f"{WINDOW}.starting_time", None)],
        ),
    ],
)
def test_bad_input(options: Json, problems: list[tuple[str, object]]) -> None:
    with pytest.raises(InvalidInput) as refused:
        predicted(options)
    assert problems_of(refused.value) == problems


def test_point_in_time_without_an_archive() -> None:
    with pytest.raises(Refused, match="archive of the cluster orders is off"):
        predicted({TIME: at(MOMENT)}, archive_enabled=False)
    assert bodies(predicted({"latest": True}, archive_enabled=False))


@pytest.mark.parametrize("backups", [[], [a_backup("4", NOW, "FAILED")]])
def test_nothing_to_restore_from(backups: list[Json]) -> None:
    with pytest.raises(Refused, match="orders has no finished backup"):
        predicted({"latest": True}, backups=backups)


def a_restored(service_state: str = "RUNNING", **changes: object) -> Json:
    parts = {"id": "r1", "name": "restored", "role_type": "RECOVERY", "origin_cluster_id": "c1"}
    parts["created_at"] = at(OLDEST)
    return a_cluster(service_state, **{**parts, **changes})


@pytest.mark.parametrize("service_state", ["RUNNING", "STOPPED", "CREATING", "EDITING"])
def test_restored_already(service_state: str) -> None:
    outcome = predicted({"latest": True}, restored=a_restored(service_state))
    assert (outcome.changed, outcome.operations) == (False, [])
    assert outcome.values["cluster_id"] == "r1"


@pytest.mark.parametrize(
    ("service_state", "changes"),
    [("FAILED", {}), ("ERROR", {}), ("RUNNING", {"origin_cluster_id": "c9"}), ("RUNNING", {"role_type": "REPLICA"})],
)
def test_restored_cluster_that_is_none(service_state: str, changes: Json) -> None:
    with pytest.raises(ScpError):
        predicted({"latest": True}, restored=a_restored(service_state, **changes))


NUMBER = {"backup_history_number": "2"}
AT_MOMENT = {TIME: at(MOMENT)}
LATEST = {"latest": True}
ACCEPTED = {"accept_unverified": True}
FORBIDDEN = ApiError("List Tags failed: 403 Forbidden.", status=403)
UNREACHED = NotReached("No connection to https://resourcemanager.example.")
OF_NUMBER, OF_MOMENT = {MARK: "c1@2"}, {MARK: f"c1@{at(MOMENT)}"}


@pytest.mark.parametrize(
    ("options", "tags", "changes"),
    [
        (NUMBER, OF_NUMBER, {}),
        (NUMBER, {**OF_NUMBER, "team": "commerce"}, {"origin_cluster_id": ""}),
        (NUMBER, OF_NUMBER, {"origin_cluster_id": None, "role_type": None}),
        (AT_MOMENT, OF_MOMENT, {}),
        ({TIME: MOMENT.astimezone(KOREA).isoformat()}, OF_MOMENT, {}),
        # The origin is all that matters to the latest, and is looked for where the cluster itself does not show it.
        (LATEST, OF_NUMBER, {"origin_cluster_id": ""}),
        (LATEST, OF_MOMENT, {"origin_cluster_id": None}),
        (LATEST, OF_MOMENT, {"role_type": None}),
        *((options, seen, {}) for options in ({**NUMBER, **ACCEPTED},) for seen in ({}, FORBIDDEN, {MARK: "?"})),
        ({**LATEST, **ACCEPTED}, UNREACHED, {"origin_cluster_id": ""}),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_what_was_asked_for_is_there(options: Json, tags: Any, changes: Json, check: bool) -> None:
    outcome = predicted(options, restored=a_restored(**changes), tags=[tags], check=check)
    assert (outcome.changed, outcome.values["cluster_id"]) == (False, "r1")


@pytest.mark.parametrize(
    ("options", "tags", "words"),
    [
        (NUMBER, {MARK: "c1@3"}, ["restored from backup 3 of cluster c1", "not from backup 2 of cluster c1"]),
        (NUMBER, {MARK: "c9@2"}, ["restored from backup 2 of cluster c9", "not from backup 2 of cluster c1"]),
        (NUMBER, OF_MOMENT, [f"restored from cluster c1 as of {at(MOMENT)}", "not from backup 2 of cluster c1"]),
        (AT_MOMENT, OF_NUMBER, ["restored from backup 2", f"not from cluster c1 as of {at(MOMENT)}"]),
        ({TIME: at(NOW)}, OF_MOMENT, [f"as of {at(MOMENT)}", f"not from cluster c1 as of {at(NOW)}"]),
        ({**NUMBER, **ACCEPTED}, {MARK: "c1@3"}, ["restored from backup 3 of cluster c1", "another name"]),
        (NUMBER, {}, ["not known whether it was restored from backup 2 of cluster c1", MARK, "accept_unverified"]),
        (NUMBER, {"team": "x"}, ["not known", "does not have the tag", "accept_unverified"]),
        (NUMBER, {MARK: "something"}, ["not known", "'something'", "accept_unverified"]),
        (NUMBER, FORBIDDEN, ["not known", "403 Forbidden", "permission to list tags", "accept_unverified"]),
        (AT_MOMENT, UNREACHED, ["not known", "No connection", "resource_manager_endpoint", "accept_unverified"]),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_what_was_asked_for_is_not_there(options: Json, tags: Any, words: list[str], check: bool) -> None:
    with pytest.raises(Refused) as refused:
        predicted(options, restored=a_restored(), tags=[tags], check=check)
    assert [word for word in ["restored (r1)", "Nothing was changed", *words] if word not in refused.value.msg] == []


@pytest.mark.parametrize(
    "changes", [{"origin_cluster_id": ""}, {"origin_cluster_id": None}, {"role_type": None}, {"role_type": ""}]
)
def test_cluster_that_does_not_show_its_origin(changes: Json) -> None:
    with pytest.raises(Refused, match="not known whether it was restored from a backup of cluster c1"):
        predicted(LATEST, restored=a_restored(**changes), tags=[{}])
    with pytest.raises(Refused, match="restored from backup 2 of cluster c9, not from a backup of cluster c1"):
        predicted(LATEST, restored=a_restored(**changes), tags=[{MARK: "c9@2"}])


YOUNG = {"created_at": (NOW - timedelta(minutes=20)).isoformat()}


@pytest.mark.parametrize("unseen", [None, {}, gone()])
def test_mark_that_shows_late(unseen: Any) -> None:
    """A new cluster's tags are waited for; a dry run expects them, and says so."""
    young = a_restored(**YOUNG)
    assert not predicted(NUMBER, restored=young, tags=[unseen, unseen, OF_NUMBER], check=False).changed
    with pytest.raises(Refused, match="restored from backup 3"):
        predicted(NUMBER, restored=young, tags=[unseen, {MARK: "c1@3"}], check=False)
    with pytest.raises(Refused, match=r"do not show yet\. .*Run the task again in some minutes\. If"):
        predicted(NUMBER, restored=young, tags=[unseen], check=False)
    warnings: list[str] = []
    assert not predicted(NUMBER, restored=young, tags=[unseen], warnings=warnings).changed
    assert len(warnings) == 1
    assert "tags do not show yet" in warnings[0]


@pytest.mark.parametrize("check", [True, False])
def test_mark_that_shows_late_without_a_wait(check: bool) -> None:
    for restored in (a_restored("CREATING"), a_restored(**YOUNG)):
        with pytest.raises(Refused, match=r"tags do not show yet.*some minutes.*wait to true"):
            predicted({**NUMBER, "wait": False}, restored=restored, tags=[{}], check=check)


def test_cluster_that_is_being_created_may_show_its_mark_when_it_is_there() -> None:
    creating = a_restored("CREATING")
    assert not predicted(NUMBER, restored=creating, tags=[{}]).changed
    with pytest.raises(Refused, match="restored from backup 3"):
        predicted(NUMBER, restored=creating, tags=[{MARK: "c1@3"}], check=False)


def test_run_knows_what_it_restored() -> None:
    """Also where tags do not show yet; nobody looks at them then."""
    nothing: Json = {"contents": [], "count": 0}
    listed = {"contents": [{"id": "r1", "name": "restored", "service_state": "CREATING"}], "count": 1}
    http = FakeHttp(
        {
            "List Clusters": [nothing],
            "Show Cluster": [a_cluster()],
            "List Backup Histories": [{"contents": BACKUPS, "total_count": len(BACKUPS)}],
            "Create Restore Cluster": [Accepted("req-1", "r1")],
        }
    )
    params = {"cluster_id": "c1", "cluster_name": None, "wait": False, "wait_timeout": 60, "accept_unverified": False}
    options = {**dict.fromkeys((*CHOICES, *OTHERS)), **params, **LEAST}

    def ran(**choice: Any) -> Outcome:
        return _restore.ensure(Task({**options, **choice}, False, http, http.clock))

    assert ran(**NUMBER).changed
    http.script |= {"List Clusters": [listed], "Show Cluster": [a_restored("CREATING")]}
    assert not ran(**NUMBER).changed
    with pytest.raises(Refused, match="was restored from backup 2 of cluster c1, not from backup 3 of cluster c1"):
        ran(backup_history_number="3")
    assert http.writes == ["Create Restore Cluster"]


def test_temporary_cluster_is_new() -> None:
    purpose = "a test"
    (body,) = bodies(predicted({**LATEST, "temporary_for": purpose, "tags": {"team": "x"}}))
    assert body["tags"] == [
        {"key": "team", "value": "x"},
        {"key": "samsungcloud.scp.temporary-for", "value": purpose},
    ]
    for options in (LATEST, NUMBER, {**LATEST, **ACCEPTED}):
        with pytest.raises(Refused, match=r"restored \(r1\) exists.*temporary.*must be new"):
            predicted({**options, "temporary_for": purpose}, restored=a_restored())


def test_source_that_is_gone_is_told() -> None:
    with pytest.raises(Refused, match=r"no cluster named gone any more.*Set cluster_id"):
        predicted({"latest": True, "cluster_id": None, "cluster_name": "gone"}, restored=a_restored())


@pytest.mark.parametrize("state", ["EDITING", "CREATING"])
def test_busy_source_without_wait(state: str) -> None:
    with pytest.raises(Refused, match=f"wait is false, but the cluster orders is {state}"):
        predicted({"latest": True, "wait": False}, state=state)


def test_restored_cluster_on_its_way_out_counts_as_gone() -> None:
    assert len(bodies(predicted({"latest": True}, restored=a_restored("TERMINATING")))) == 1
    with pytest.raises(Refused, match="terminated"):
        predicted({"latest": True, "wait": False}, restored=a_restored("TERMINATING"))


@pytest.mark.parametrize("state", ["FAILED", "ERROR"])
def test_source_that_is_broken(state: str) -> None:
    with pytest.raises(Refused, match=state):
        predicted({"latest": True}, state=state)
