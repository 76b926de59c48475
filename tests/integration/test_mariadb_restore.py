# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restoring a backup into a new cluster: what is sent, what is refused unsent, never twice, the source untouched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec
from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_restore import ARGUMENT_SPEC
from harness.cycle import assert_holds, paths, play_until_it_waits, sent, spec_paths
from harness.failures import error_of, told
from harness.play import Play
from harness.seeds import BACKUP, all_clusters, all_tags, seed, settings_of_database
from harness.simulator import VERSIONS, Json, Simulator, running_simulator
from harness.stacks import (
    Wrong,
    assert_made,
    assert_pair,
    assert_promises_kept,
    assert_refused_unsent,
    broken_rules,
    by_name,
    declaring,
    reads,
    run_cases,
    run_pairs,
    task,
    together,
)
from harness.trouble import ALWAYS, fault, outcome, refusal, settings

RESTORE = "Create Restore Cluster"
MARK = "samsungcloud.scp.restored-from"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
NOW = datetime.now(UTC).replace(microsecond=0)
# The ends of the finished backups.
NEWEST, OLDEST = NOW - timedelta(days=1), NOW - timedelta(days=10)
MOMENT = NOW - timedelta(days=5)
FORMAT = "%Y-%m-%dT%H:%M:%SZ"
KOREA = timedelta(hours=9)
DATA: Json = {"role_type": "DATA", "size_gb": 400, "volume_type": "SSD"}
WINDOW: Json = {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0330"}

LEAST: Json = {"instance_name_prefix": "ordersre", "server_type_name": "db1v2m4"}
LATEST: Json = {**LEAST, "latest": True}


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=1, durations={RESTORE: 0.3, "Synchronize Cluster State": 0.2})


def backup(number: str, ended_at: datetime, **parts: Any) -> Json:
    start = ended_at - timedelta(minutes=10)
    moments = {"backup_start_at": start.isoformat(), "backup_end_at": ended_at.isoformat()}
    return {"backup_history_number": number, **moments, **parts}


def seed_source(simulator: Simulator, name: str = "orders", **parts: Any) -> Json:
    histories = [
        backup("202610060200", NOW, backup_state="FAILED"),
        backup("202610050200", NEWEST),
        backup("202610040200", MOMENT),
        backup("202610010200", OLDEST),
    ]
    return seed(simulator, name=name, **{"backup_histories": histories, **parts})


# --- What is sent ----------------------------------------------------------------------------------------------------


def at(moment: datetime) -> Json:
    return {"backup_recovery_time": moment.strftime(FORMAT)}


SECONDS = timedelta(seconds=1)
# What is declared, and what differs from that in the body. Nothing is an option that is not sent.
CREATIONS: dict[str, tuple[Json, Json]] = {
    "number": ({"backup_history_number": "202610010200"}, {}),
    "latest, which is not the one that failed": (
        {"latest": True},
        {"latest": None, "backup_history_number": "202610050200"},
    ),
    "time without a zone": ({"backup_recovery_time": MOMENT.strftime("%Y-%m-%d %H:%M:%S")}, at(MOMENT)),
    "time in Korea": ({"backup_recovery_time": (MOMENT + KOREA).strftime("%Y-%m-%dT%H:%M:%S+09:00")}, at(MOMENT)),
    "time as YAML reads it": ({"backup_recovery_time": MOMENT}, at(MOMENT)),
    "everything": (
        {
            "backup_history_number": "202610040200",
            "block_storage_groups": [DATA, {"role_type": "TEMP", "size_gb": 16, "volume_type": "SSD"}],
            "allowable_ip_addresses": ["10.0.9.0/24", "10.0.8.7/32"],
            "maintenance_option": WINDOW,
            "tags": {"team": "commerce", "cost_center": 1234},
            "purge_tags": False,
            "accept_unverified": False,
            "server_type_name": "db1v4m8",
            "instance_name_prefix": "a-1bcdefghijklmn",
        },
        {
            "tags": [{"key": "team", "value": "commerce"}, {"key": "cost_center", "value": "1234"}],
            "purge_tags": None,
            "accept_unverified": None,
        },
    ),
    "temporary one": (
        {"backup_history_number": "202610040200", "temporary_for": "a test"},
        {"temporary_for": None, "tags": [{"key": "samsungcloud.scp.temporary-for", "value": "a test"}]},
    ),
    "nothing where that can be said": (
        {"latest": True, "allowable_ip_addresses": [], "tags": {}},
        {"latest": None, "tags": None, "backup_history_number": "202610050200"},
    ),
}
NOT_SHOWN = ("backup_history_number", "backup_recovery_time", "instance_name_prefix", "tags")
SHARED = {*_spec.CONNECTION, *_spec.WAIT, *_spec.CLUSTER_REFERENCE, *_spec.RESTORABLE_STATES}


# Of the others it is the request alone that counts.
WHOLE = ("number", "latest, which is not the one that failed", "time in Korea", "everything")


def test_cycles(play: Play) -> None:
    source = seed_source(play.simulator)
    before = by_name(play.simulator)
    names = dict(zip(CREATIONS, (f"restored{letter}" for letter in LETTERS), strict=False))
    options = {
        case: {"cluster_name": "orders", "name": names[case], **LEAST, **declared}
        for case, (declared, _differs) in CREATIONS.items()
    }

    ran = run_cases(play, "restore", options, WHOLE)

    after = by_name(play.simulator)
    assert set(after) == {"orders", *names.values()}
    assert {"orders": after["orders"]} == before
    for case, (declared, differs) in CREATIONS.items():
        name, one = names[case], ran[case]
        (assert_made if case in WHOLE else assert_pair)(one)
        body = {"name": name, **LEAST, "allowable_ip_addresses": [], **declared, **differs}
        body = {key: value for key, value in body.items() if value is not None}
        mark = f"{source['id']}@{body.get('backup_history_number') or body['backup_recovery_time']}"
        # Behind those that are declared.
        own = sorted(
            [{"key": MARK, "value": mark}, *body.get("tags", [])], key=lambda tag: "samsungcloud" in tag["key"]
        )
        body["tags"] = own
        path = f"/v1/clusters/{source['id']}/restore"
        assert [tuple(request) for request in sent(one.real)] == [(RESTORE, "POST", path, body)], case
        assert_reached(after[name], body, source)
        assert one.predicted.result["cluster"] is None
        assert_holds(after[name], without_additions(one.real.result["cluster"]))
        assert one.real.result["cluster_id"] == after[name]["id"]
        diff = one.real.result["diff"]
        assert diff["before"] == {}
        assert_holds(diff["after"], {"name": name, "origin_cluster_id": source["id"], "service_state": "RUNNING"})
        if case in WHOLE:
            assert_holds(after[name], without_additions(one.real_again.result["cluster"]))


def without_additions(cluster: Json) -> Json:
    """The cluster without what the module adds to what the API shows."""
    added = ("tags", "active_instance", "is_replica", "replica_of")
    return {key: value for key, value in cluster.items() if key not in added}


def assert_reached(shown: Json, body: Json, source: Json) -> None:
    """Assert that a restored cluster is what was asked for."""
    (group,) = shown["instance_groups"]
    assert (shown["role_type"], shown["origin_cluster_id"]) == ("RECOVERY", source["id"])
    assert group["server_type_name"] == body["server_type_name"]
    assert group["instances"][0]["name"][:-3] == body["instance_name_prefix"]
    assert_holds(shown, {"maintenance_option": body.get("maintenance_option", {})})
    assert shown["allowable_ip_addresses"] == body["allowable_ip_addresses"]
    if "block_storage_groups" in body:
        sizes = [(volume["role_type"], volume["size_gb"]) for volume in group["block_storage_groups"]]
        assert sizes == [("OS", 104), ("DATA", 400), ("TEMP", 16)]


def test_every_option_has_a_case() -> None:
    declared = [{**LEAST, **options, "name": "", "state": ""} for options, _differs in CREATIONS.values()]
    assert set(spec_paths(ARGUMENT_SPEC)) - SHARED == {path for one in declared for path in paths(one)} - {
        "tags.team",
        "tags.cost_center",
    }
    assert ARGUMENT_SPEC["state"]["choices"] == ["present"]


def test_calls(play: Play) -> None:
    source = seed_source(play.simulator)
    by_id: Json = {"cluster_id": source["id"], "name": "restored", **LATEST}
    settings(play.simulator, untagged_reads=0, durations={RESTORE: 3600})
    made, again, by_its_name, of_a_number = play(
        task("restore", **by_id, wait=False),
        task("restore", **by_id, wait=False),
        task("restore", cluster_name="orders", name="restored", **LATEST, wait=False),
        task("restore", **numbered("202610050200"), wait=False),
    )
    (in_another_run,) = play(task("restore", **numbered("202610050200"), wait=False))
    # The name is looked for once more right before the creation.
    assert reads(made) == ["List Clusters", "Show Cluster", "List Backup Histories", "List Clusters"]
    assert made.calls[-1] == made.writes[-1]
    assert made.result["cluster"] is None
    assert made.result["cluster_id"] == by_name(play.simulator)["restored"]["id"]
    assert made.result["request_id"] == made.result["operations"][0]["request_id"]
    assert reads(again) == ["List Clusters", "Show Cluster"]
    assert reads(by_its_name) == ["List Clusters", "Show Cluster"] * 2
    assert reads(of_a_number) == reads(by_its_name)
    assert reads(in_another_run) == [*reads(by_its_name), "List Tags"]
    assert [ran.writes for ran in (again, by_its_name, of_a_number, in_another_run)] == [[], [], [], []]


# --- A cluster of the name exists ------------------------------------------------------------------------------------

OLD = {"created_at": "2026-01-02T03:04:05Z"}


def numbered(number: str, **options: Any) -> Json:
    return {"cluster_name": "orders", "name": "restored", **LEAST, "backup_history_number": number, **options}


def test_only_the_restore_that_is_declared_is_ok(play: Play) -> None:
    """Whatever is declared of a cluster's tags, and in a dry run as in a real one."""
    source = seed_source(play.simulator)
    settings(play.simulator, untagged_reads=3)
    first, second = "202610050200", "202610040200"
    moment = {"cluster_name": "orders", "name": "restoredat", **LEAST, **at(MOMENT)}
    later = {**moment, **at(MOMENT + SECONDS)}
    in_korea = {**moment, "backup_recovery_time": (MOMENT + KOREA).strftime("%Y-%m-%dT%H:%M:%S+09:00")}
    made, made_at = play(task("restore", **numbered(first)), task("restore", **moment))
    # In another run, which has to read the tags.
    ran = play(
        *(
            task("restore", **options, check=check)
            for options in (
                *(numbered(first), moment, in_korea, {**LATEST, "cluster_name": "orders", "name": "restored"}),
                *(
                    numbered(second),
                    numbered(second, accept_unverified=True),
                    later,
                    numbered(first, name="restoredat"),
                ),
            )
            for check in (True, False)
        ),
        task("cluster", name="restored", tags={"team": "commerce"}),
        task("cluster", name="restored", tags={}, check=True),
        task("cluster", name="restored", tags={}),
        task("cluster", name="restored", tags={}),
        task("restore", **numbered(first, tags={})),
        task("restore", **numbered(second)),
    )
    assert (made.failed, made_at.failed) == (False, False), (made.result, made_at.result)
    for one in ran[:8]:
        assert (one.failed, one.changed, one.writes) == (False, False, []), one.result
    for one in (*ran[8:16], ran[-1]):
        told(one, "exists, but it was restored from", f"cluster {source['id']}", "Choose another name")
        assert (one.changed, one.writes) == (False, [])
    told(ran[8], f"from backup {first} of", f"not from backup {second} of")
    told(ran[14], f"as of {at(MOMENT)['backup_recovery_time']}", f"not from backup {first} of")
    tagged, predicted, untagged, again, same = ran[16:21]
    assert [one.operations for one in (tagged, predicted, untagged)] == [["Set Tags"], ["Delete Tag"], ["Delete Tag"]]
    assert [(one.failed, one.changed) for one in (again, same)] == [(False, False)] * 2, (again.result, same.result)
    assert untagged.result["diff"] == predicted.result["diff"]
    assert untagged.result["diff"]["before"]["tags"] == {"team": "commerce"}
    assert untagged.result["cluster"]["tags"] == untagged.result["diff"]["after"]["tags"] == {}
    assert all_tags(play.simulator)["restored"] == {MARK: f"{source['id']}@{first}"}


def test_cluster_of_unknown_origin_is_accepted_only_if_told_so(play: Play) -> None:
    source = seed_source(play.simulator)
    mine = {"role_type": "RECOVERY", "origin_cluster_id": source["id"], **OLD}
    seed(play.simulator, name="restored", **mine)
    seed(play.simulator, name="nowhere", **{**mine, "origin_cluster_id": ""}, tags={MARK: f"{source['id']}@x"})
    seed(play.simulator, name="elsewhere", **{**mine, "origin_cluster_id": ""}, tags={MARK: "another@x"})
    before = all_clusters(play.simulator)
    latest = {"cluster_name": "orders", **LATEST}
    options = [
        numbered("202610050200"),
        {**latest, "name": "elsewhere"},
        numbered("202610050200", accept_unverified=True),
        {**latest, "name": "restored"},
        {**latest, "name": "nowhere"},
    ]
    ran = play(*(task("restore", **one, check=check) for one in options for check in (True, False)))
    for one in ran[:2]:
        told(one, "restored (", "not known whether it was restored from backup 202610050200", MARK, "accept_unverified")
    for one in ran[2:4]:
        told(one, "elsewhere (", "backup x of cluster another", f"not from a backup of cluster {source['id']}")
    for one in ran[4:]:
        assert (one.failed, one.changed) == (False, False), one.result
    refusal(play.simulator, "List Tags", 403, "Iam.Forbidden", "not allowed", times=ALWAYS)
    denied, accepted = play(*(task("restore", **one) for one in (options[0], options[2])))
    told(denied, "its tags could not be read (", "403", "permission to list tags")
    assert (accepted.failed, accepted.changed) == (False, False), accepted.result
    assert all_clusters(play.simulator) == before


def test_mark_of_a_new_cluster_that_shows_late(play: Play) -> None:
    seed_source(play.simulator)
    # It ends between two plays, and not while a task is done in two ways.
    settings(play.simulator, untagged_reads=4, durations={RESTORE: 60})
    options = numbered("202610050200")
    made, known = play(*[task("restore", **options, wait=False)] * 2)
    play.simulator.control("POST", "clock", {"advance": 60})
    hasty, dry, real, again = play(
        task("restore", **options, wait=False),
        task("restore", **options, check=True),
        task("restore", **options, check=False),
        task("restore", **options, wait=False),
    )
    assert (made.failed, made.changed) == (False, True), made.result
    assert (known.failed, known.changed, "List Tags" in reads(known)) == (False, False, False), known.result
    told(hasty, "its tags do not show yet", "Run the task again in some minutes, or set wait to true")
    for one in (dry, real, again):
        assert (one.failed, one.changed, one.writes) == (False, False, []), one.result
    assert "its tags do not show yet. A real run waits for them" in str(dry.result["warnings"])
    assert reads(real).count("List Tags") > 1


def test_temporary_cluster_is_never_an_existing_one(play: Play) -> None:
    seed_source(play.simulator)
    options = {"cluster_name": "orders", "name": "restored", **LATEST, "temporary_for": "a test"}
    made, dry, again = play(*(task("restore", **options, check=check) for check in (False, True, False)))
    assert not made.failed, made.result
    for one in (dry, again):
        told(one, "restored (", "must be new", "Choose another name")
        assert (one.changed, one.writes) == (False, [])


# --- Refused ---------------------------------------------------------------------------------------------------------

VALID: Json = {
    "cluster_name": "orders",
    "name": "restored",
    **LEAST,
    "backup_history_number": "202610050200",
    "block_storage_groups": [DATA],
    "allowable_ip_addresses": ["10.0.9.0/24"],
    "maintenance_option": WINDOW,
    "wait_timeout": 60,
}
BROKEN: dict[str, tuple[str, list[Any]]] = {
    "cluster_name": ("must be a cluster's name: 3 to 20 letters", ["ab", "or ders"]),
    "name": ("must be 3 to 20 letters, nothing else", ["ab", "a" * 21, "restored-1", "restored1"]),
    "instance_name_prefix": ("must be 3 to 16 letters, digits and hyphens", ["ab", "a" * 17, "Orders", "1orders"]),
    "server_type_name": ("must be the name of a server type", ["db1 v2"]),
    "backup_history_number": ("must be an id: letters, digits, hyphens", ["../x"]),
    "block_storage_groups[].size_gb": ("must be from 16 to 5120 GB in steps of 8", [8, 100, 5128]),
    "allowable_ip_addresses[]": ("must be an IPv4 address or a network", ["10.0.0.256", "example.com"]),
    "maintenance_option.period_hour": ("must be 0.5, 1, 1.5, ... 5.5, or 6 to 24", ["0", "6.5", "25"]),
    "maintenance_option.starting_time": ("must be a time HHMM", ["2400", "300", "03:00"]),
    "wait_timeout": ("must be from 1 to 604800 seconds", [0, 604801]),
}
FUTURE = (NOW + timedelta(days=2)).strftime(FORMAT)
# The clock of a day ahead is a moment of the past there.
SOON_IN_KOREA = (NOW + timedelta(hours=1) + KOREA).strftime("%Y-%m-%dT%H:%M:%S+09:00")
TIME = "backup_recovery_time"
# Ansible tells only the first of these; of those below one message tells all.
EXCLUSIVE = [
    Wrong({}, ("backup_history_number", TIME, "latest", "one of")),
    Wrong({"latest": True, "backup_history_number": "202610050200"}, ("latest", "exclusive")),
    Wrong({"latest": True, TIME: "2026-10-05T00:00:00Z"}, (TIME, "latest", "exclusive")),
    Wrong({"backup_history_number": "1", TIME: "2026-10-05T00:00:00Z"}, (TIME, "exclusive")),
    Wrong({"latest": True, "name": None}, ("name", "required")),
    Wrong({"latest": True, "instance_name_prefix": None}, ("instance_name_prefix", "required")),
    Wrong({"latest": True, "server_type_name": None}, ("server_type_name", "required")),
]
COMBINATIONS = [
    Wrong({"latest": False}, ("latest", "backup_history_number")),
    *(
        Wrong({TIME: text}, (f"{TIME} is {text!r}", "2026-11-02T04:00:00Z"))
        for text in ("yesterday", "2026-11-02 at four")
    ),
    *(Wrong({TIME: text}, (f"{TIME} is {text!r}", "not be in the future")) for text in (FUTURE, SOON_IN_KOREA)),
]
TAGS = [
    Wrong({"tags": {"": "x", "team": "v" * 257}}, ("tags", "1 to 128 characters", "tags[team]", "at most 256")),
    Wrong({"maintenance_option": {"period_hour": "2"}}, ("maintenance_option.starting_time is required",)),
    Wrong({"temporary_for": "v" * 257}, ("temporary_for is 'v", "1 to 256 characters")),
    Wrong({"tags": {MARK: "x"}}, (f"tags[{MARK}] is a tag that mariadb_restore alone sets",)),
    Wrong({"cluster_name": None, "cluster_id": "a/b"}, ("cluster_id is 'a/b'",)),
]


def test_bad_input(play: Play) -> None:
    valid: Json = {"cluster_name": "orders", "name": "restored", **LEAST}
    combinations = declaring(valid, COMBINATIONS)
    cases = [*broken_rules(VALID, BROKEN), *declaring(valid, EXCLUSIVE), *combinations]
    assert_refused_unsent(play, "restore", [*cases, *declaring({**valid, "latest": True}, together(TAGS))])


class Refusal(NamedTuple):
    """What the backups that there are, or are not, forbid; and the words that the message owes."""

    source: str
    options: Json
    words: tuple[str, ...]


REFUSALS: dict[str, Refusal] = {
    "unknown number": Refusal(
        "orders",
        {"backup_history_number": "202001010000"},
        ("backup_history_number is '202001010000'", "202610050200, 202610040200, 202610010200"),
    ),
    "number of one that failed": Refusal(
        "orders", {"backup_history_number": "202610060200"}, ("backup_history_number is '202610060200'", "finished")
    ),
    "time before the first one": Refusal(
        "orders", at(OLDEST - SECONDS), (TIME, "oldest finished backup", OLDEST.strftime("%Y-%m-%dT%H:%M:%S"))
    ),
    "no backup": Refusal("fresh", {"latest": True}, ("fresh", "no finished backup", "mariadb_backup")),
    "none that was finished": Refusal("failing", {"latest": True}, ("failing", "no finished backup")),
    "no source": Refusal("nobody", {"latest": True}, ("no cluster named nobody", "cluster_name")),
    "name of the source": Refusal("orders", {"latest": True, "name": "orders"}, ("orders", "not restored from")),
    "name of a cluster of another origin": Refusal(
        "orders", {"latest": True, "name": "elsewhere"}, ("elsewhere", "not restored from", "another name")
    ),
    "name of an unrelated cluster": Refusal(
        "orders", {"latest": True, "name": "fresh"}, ("fresh", "not restored from", "another name")
    ),
    "restored one that failed": Refusal("orders", {"latest": True, "name": "broken"}, ("broken", "FAILED")),
}


def test_refusals(play: Play) -> None:
    source = seed_source(play.simulator)
    seed(play.simulator, name="fresh")
    seed_source(play.simulator, "failing", backup_histories=[backup("202610060200", NEWEST, backup_state="FAILED")])
    seed(play.simulator, name="elsewhere", role_type="RECOVERY", origin_cluster_id="another")
    seed(play.simulator, name="broken", role_type="RECOVERY", origin_cluster_id=source["id"], service_state="FAILED")
    before = all_clusters(play.simulator)

    options = [{"cluster_name": one.source, "name": "restored", **LEAST, **one.options} for one in REFUSALS.values()]
    # What refuses is the planning, which a dry run and a real one share; the odd ones are dry.
    tasks = [task("restore", **one, check=bool(number % 2)) for number, one in enumerate(options)]
    ran = dict(zip(REFUSALS, play(*tasks), strict=True))

    assert [case for case, one in ran.items() if not one.failed] == []
    for case, expected in REFUSALS.items():
        told(ran[case], *expected.words)
        assert (ran[case].changed, ran[case].writes) == (False, [])
    assert error_of(ran["no source"])["status"] == 404
    assert all_clusters(play.simulator) == before


VOLUMES = "block_storage_groups"
# A dry run must not promise what SCP then refuses, where the present or the declared tells.
PROMISES: dict[str, Json] = {
    "part of a window": {"maintenance_option": {"period_hour": "2"}},
    "no DATA volume": {VOLUMES: [{"role_type": "TEMP", "size_gb": 16, "volume_type": "SSD"}]},
    "OS volume of another size": {VOLUMES: [{"role_type": "OS", "size_gb": 208}, DATA]},
    "less room than the data have": {VOLUMES: [{"role_type": "DATA", "size_gb": 16}]},
    "type that the source has not": {VOLUMES: [{**DATA, "volume_type": "HDD"}]},
    "source that failed": {"cluster_name": "failed"},
    "source whose state is unknown": {"cluster_name": "unknown"},
    "archive that is off": {"cluster_name": "unarchived", "latest": None, **at(MOMENT)},
    # Nothing is wrong with these.
    "source that is stopped": {"cluster_name": "stopped"},
    "empty window": {"maintenance_option": {}},
}


def test_promises(play: Play) -> None:
    seed_source(play.simulator)
    for state in ("FAILED", "STOPPED", "UNKNOWN"):
        seed_source(play.simulator, state.lower(), service_state=state)
    seed_source(play.simulator, "unarchived", archive={"archive_enabled": False, "retention_period_day": None})
    names = [f"restored{letter}" for letter, _case in zip(LETTERS, PROMISES, strict=False)]
    options = [
        {"cluster_name": "orders", "name": name, **LATEST, **promise}
        for name, promise in zip(names, PROMISES.values(), strict=True)
    ]
    options = [{key: value for key, value in one.items() if value is not None} for one in options]
    pairs = run_pairs(play, "restore", options)
    assert_promises_kept(pairs, PROMISES)
    fine = [case for case, (_dry, real) in zip(PROMISES, pairs, strict=True) if not real.failed]
    assert fine == list(PROMISES)[-2:]


# --- Runs that stop on the way ---------------------------------------------------------------------------------------

LOST: dict[str, Json] = {
    "reset": {"kind": "reset_after"},
    "empty": {"kind": "empty"},
    "never arrived": {"kind": "reset"},
}


def test_restores_whose_answers_are_lost(play: Play) -> None:
    """After the next run there is exactly one cluster of each name, and none was asked for twice."""
    seed_source(play.simulator)
    names = [f"restored{letter}" for letter, _lost in zip(LETTERS, LOST, strict=False)]
    for lost in LOST.values():
        fault(play.simulator, RESTORE, **lost)
    options = [{"cluster_name": "orders", "name": name, **LATEST} for name in names]

    ran = play(*(task("restore", **one, wait_timeout=3) for one in options))
    later = play(*(task("restore", **one) for one in options))

    for lost, first, second in zip(LOST, ran, later, strict=True):
        if lost == "never arrived":
            told(first, "The connection broke while Create Restore Cluster was under way", "is not known")
            assert second.operations == [RESTORE]
        else:
            assert (first.failed, first.operations, second.writes) == (False, [RESTORE], []), (
                lost,
                first.result.get("msg"),
            )
        assert len(first.writes) == 1
        assert not second.failed, second.result
        assert second.result["cluster"]["service_state"] == "RUNNING"
    assert sorted(shown["name"] for shown in all_clusters(play.simulator)) == ["orders", *names]


def test_restore_that_nobody_waited_for_is_adopted(play: Play) -> None:
    settings(play.simulator, durations={RESTORE: 3600})
    seed_source(play.simulator)
    options = {"cluster_name": "orders", "name": "restored", **LATEST}
    tasks = task("restore", **options, wait=False), task("restore", **options, check=True), task("restore", **options)
    # The source twice and the new one: another look at the latter is one of the task that waits.
    left, check, adopted = play_until_it_waits(play, *tasks, looks=6)
    assert left.operations == [RESTORE]
    assert (check.failed, check.changed, check.writes) == (False, False, [])
    assert (adopted.failed, adopted.changed, adopted.writes) == (False, False, [])
    assert adopted.result["cluster"]["service_state"] == "RUNNING"
    assert sorted(by_name(play.simulator)) == ["orders", "restored"]


def test_moment_that_a_policy_of_backups_made_restorable(tmp_path: Path) -> None:
    """The simulator's time runs ahead of ours, so that it begins in the past where its moments have to be past ones."""
    with running_simulator("--days-behind", "3", "--time-scale", "1", "--versions", VERSIONS) as simulator:
        settings(simulator, durations={RESTORE: 0.3})
        seed(simulator, init_config_option=settings_of_database(backup_option=BACKUP))
        simulator.control("POST", "clock", {"advance": timedelta(days=2).total_seconds()})
        play = Play(simulator, tmp_path)
        [histories] = play(task("backup_info", cluster_name="orders"))
        moment = histories.result["backups"][-1]["backup_end_at"]
        [restored] = play(task("restore", cluster_name="orders", name="restored", **LEAST, backup_recovery_time=moment))
    assert 0 < histories.result["latest_age_hours"] < 48
    assert restored.operations == [RESTORE]


def test_restore_that_fails(play: Play) -> None:
    seed_source(play.simulator)
    outcome(play.simulator, RESTORE, service_state="FAILED")
    options = {"cluster_name": "orders", "name": "restored", **LATEST}
    failed, again = play(*[task("restore", **options, wait_timeout=30)] * 2)
    told(failed, "The cluster went FAILED", "state: absent")
    assert (failed.changed, failed.operations) == (True, [RESTORE])
    told(again, "restored", "FAILED")
    assert (again.changed, again.writes) == (False, [])


def test_restored_cluster_on_its_way_out_is_made_anew(play: Play) -> None:
    source = seed_source(play.simulator)
    leaving = {"service_state": "TERMINATING", "becomes": {"service_state": "TERMINATED", "after": 3600}}
    parts = {"name": "restored", "role_type": "RECOVERY", "origin_cluster_id": source["id"]}
    old = seed(play.simulator, **parts, **leaving)
    options = {"cluster_id": source["id"], "name": "restored", **LATEST}
    tasks = task("restore", **options, check=True), task("restore", **options, check=False)
    predicted, real = play_until_it_waits(play, *tasks, looks=5)
    assert not real.failed, real.result["msg"]
    assert real.operations == [RESTORE]
    assert real.result["cluster_id"] != old["id"]
    assert predicted.operations == real.operations


def test_restored_cluster_does_not_wait_for_its_source(play: Play) -> None:
    busy = {"service_state": "EDITING", "becomes": {"service_state": "RUNNING", "after": 3600}}
    source = seed_source(play.simulator, **busy)
    seed(play.simulator, name="restored", role_type="RECOVERY", origin_cluster_id=source["id"])
    (ran,) = play(task("restore", cluster_name="orders", name="restored", **LATEST, wait_timeout=3))
    assert not ran.failed, ran.result["msg"]
    assert (ran.changed, ran.writes) == (False, [])
