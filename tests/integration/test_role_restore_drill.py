# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The restore drill: what it proves and tells, that it leaves nothing behind, and that it touches nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.play import Play
from harness.roles import Role, run_roles
from harness.seeds import all_clusters, seed
from harness.simulator import Json, Simulator
from harness.stacks import by_name
from harness.trouble import settings

RESTORE, TERMINATE = "Create Restore Cluster", "Terminate Cluster"
NAME = "ordersdrill"
PREFIX = "mariadb_restore_drill_"
SAMPLE = Path(__file__).resolve().parents[2] / "playbooks" / "vars" / "restore_drill.yml"


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=1, durations={RESTORE: 0.3, TERMINATE: 0.2})


def backup(number: str, start: datetime, zone: str = "+00:00", **parts: Any) -> Json:
    """A backup of ten minutes; SCP's times lack the zone now and then."""
    moments = [(start + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S") + zone for minutes in (0, 10)]
    return {"backup_history_number": number, "backup_start_at": moments[0], "backup_end_at": moments[1], **parts}


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def seed_source(simulator: Simulator, name: str = "orders", **parts: Any) -> Json:
    histories = [
        backup("202610060200", now() - timedelta(hours=1), backup_state="FAILED"),
        backup("202610050200", now() - timedelta(hours=26)),
        backup("202610010200", now() - timedelta(hours=240)),
    ]
    return seed(simulator, name=name, **{"backup_histories": histories, **parts})


def drill(check: bool = False, **variables: Any) -> Role:
    given = {"cluster_name": "orders", "name": NAME, **variables}
    return Role("mariadb_restore_drill", {PREFIX + key: value for key, value in given.items()}, check)


def marked(source: Json) -> Json:
    """The tag of what a drill with this source creates."""
    return {"samsungcloud.scp.temporary-for": f"mariadb_restore_drill@{source['id']}"}


def unmarked(body: Json, source: Json) -> list[Json]:
    """The tags of a restore without those that each restore of a drill has."""
    assert marked(source).items() <= {tag["key"]: tag["value"] for tag in body["tags"]}.items()
    return [tag for tag in body["tags"] if not tag["key"].startswith("samsungcloud.scp.")]


def checks(folder: Path, *tasks: Json) -> str:
    file = folder / "checks.yml"
    file.write_text(yaml.safe_dump(list(tasks)), encoding="utf-8")
    return str(file)


def test_a_drill_predicts_proves_tells_and_leaves_nothing(play: Play, tmp_path: Path) -> None:
    source = seed_source(play.simulator)
    report = tmp_path / "drill.json"
    seen = tmp_path / "seen.json"
    looks = checks(
        tmp_path,
        {"ansible.builtin.copy": {"content": "{{ mariadb_restore_drill_restored | to_json }}", "dest": str(seen)}},
        {"ansible.builtin.set_fact": {"mariadb_restore_drill_checked": ["orders has rows", "users has rows"]}},
    )
    moment = (now() - timedelta(hours=100)).strftime("%Y-%m-%dT%H:%M:%S")

    predicted, checked, in_time = run_roles(
        play,
        drill(check=True, checks=looks, report_path=str(report)),
        drill(checks=looks, report_path=str(report), allowable_ip_addresses=["10.0.9.10"], tags={"team": "commerce"}),
        drill(backup_recovery_time=moment, instance_name_prefix="pitr", server_type_name="db1v4m8"),
    )

    assert (predicted.failed, predicted.changed, predicted.writes) == (False, True, []), predicted.message
    assert "The backup 202610050200 of orders" in predicted.message
    assert "(26 h " in predicted.message
    assert " min old) would be restored as ordersdrill" in predicted.message
    assert f"the checks of {looks} would run" in predicted.message
    assert predicted.message.endswith("This was a dry run: nothing was restored, terminated or checked.")
    assert not predicted.fact("mariadb_restore_drill_result")["checks_passed"]

    assert (checked.failed, checked.writes) == (False, [RESTORE, TERMINATE]), checked.message
    result = checked.fact("mariadb_restore_drill_result")
    assert result == json.loads(report.read_text(encoding="utf-8"))
    assert (result["succeeded"], result["checks_passed"], result["problems"]) == (True, True, [])
    assert (result["terminated"], result["left_behind"]) == ([result["cluster_id"]], [])
    assert result["backup"]["backup_history_number"] == "202610050200"
    assert result["data_as_of"] == result["backup"]["backup_start_at"]
    assert 26 * 3600 <= result["data_age_seconds"] < 26 * 3600 + 600
    assert result["checked"] == ["orders has rows", "users has rows"]
    assert f"({result['cluster_id']}) is terminated: nothing is left behind." in checked.message
    assert "passed: orders has rows, users has rows." in checked.message
    at_hand = json.loads(seen.read_text(encoding="utf-8"))
    assert at_hand["cluster"]["id"] == result["cluster_id"]
    assert at_hand["cluster"]["role_type"] == "RECOVERY"
    assert at_hand["host"] == at_hand["cluster"]["virtual_ip_address"] != ""
    assert (at_hand["port"], at_hand["database_name"], at_hand["database_user_name"]) == (2866, "orders", "orders")
    assert at_hand["data_age_seconds"] == result["data_age_seconds"]
    assert at_hand["restore_seconds"] == result["restore_seconds"] >= 0
    body = next(call["body"] for call in checked.calls if call["operation"] == RESTORE)
    assert body["instance_name_prefix"] == NAME
    assert (body["server_type_name"], body["allowable_ip_addresses"]) == ("db1v2m4", ["10.0.9.10/32"])
    assert unmarked(body, source) == [{"key": "team", "value": "commerce"}]
    assert "List Tags" not in [call["operation"] for call in (*predicted.calls, *in_time.calls)]

    assert (in_time.failed, in_time.writes) == (False, [RESTORE, TERMINATE]), in_time.message
    result = in_time.fact("mariadb_restore_drill_result")
    assert result["backup_recovery_time"] == result["data_as_of"] == f"{moment}Z"
    assert (result["backup"], result["checked"], result["checks_passed"]) == (None, [], False)
    assert 100 * 3600 <= result["data_age_seconds"] < 100 * 3600 + 600
    assert "Nothing was checked in it." in in_time.message
    body = next(call["body"] for call in in_time.calls if call["operation"] == RESTORE)
    assert (body["instance_name_prefix"], body["server_type_name"]) == ("pitr", "db1v4m8")
    assert all_clusters(play.simulator) == [source]


def test_a_drill_that_fails_in_the_middle_leaves_nothing_behind(play: Play, tmp_path: Path) -> None:
    source = seed_source(play.simulator)
    report = tmp_path / "drill.json"
    broken = checks(
        tmp_path,
        {"ansible.builtin.set_fact": {"mariadb_restore_drill_checked": ["users has rows"]}},
        {"name": "Count the orders", "ansible.builtin.fail": {"msg": "orders is empty"}},
    )
    failing, lost = drill(report_path=str(report)), drill(wait_timeout=1)

    failed, unknown, unchecked, late = run_roles(
        play,
        failing.told("POST", "outcomes", {"operation": RESTORE}),
        failing.told("POST", "outcomes", {"operation": RESTORE, "service_state": "UNKNOWN"}),
        drill(checks=broken, report_path=str(report)),
        lost.told("POST", "settings", {"durations": {RESTORE: 3}}),
    )

    gone = "is terminated: nothing is left behind."
    words = {"went FAILED": failed, "went UNKNOWN": unknown, "Count the orders: orders is empty": unchecked}
    for word, ran in {**words, "wait_timeout": late}.items():
        assert ran.failed, word
        assert word in ran.message or word.replace("went", "is") in ran.message, ran.message
        assert ran.message.endswith(gone), ran.message
        assert (ran.writes[0], ran.writes[-1]) == (RESTORE, TERMINATE)
        result = ran.fact("mariadb_restore_drill_result")
        assert (result["succeeded"], result["checks_passed"], result["left_behind"]) == (False, False, [])
        assert len(result["terminated"]) == 1
    assert json.loads(report.read_text(encoding="utf-8")) == unchecked.fact("mariadb_restore_drill_result")
    assert unchecked.fact("mariadb_restore_drill_result")["checked"] == ["users has rows"]
    assert all_clusters(play.simulator) == [source]


def test_result_shows_nothing_of_a_check_with_no_log(play: Play, tmp_path: Path) -> None:
    seed_source(play.simulator)
    report = tmp_path / "drill.json"
    task = {"name": "Log in", "no_log": True, "ansible.builtin.fail": {"msg": "Wrong password Canary-1."}}

    [ran] = run_roles(play, drill(checks=checks(tmp_path, task), report_path=str(report)))

    assert ran.failed
    assert "Log in: no_log hides why it failed." in ran.message
    assert "Canary-1" not in ran.message + report.read_text(encoding="utf-8")


def test_a_cluster_that_stays_is_named_with_the_way_to_terminate_it(play: Play) -> None:
    source = seed_source(play.simulator)
    refused = {"operation": TERMINATE, "kind": "status", "status": 400, "code": "Dbaas.ValidationError", "detail": "no"}
    silent = {"operation": "List Clusters", "kind": "status", "status": 403, "skip": 4, "times": None}

    stays, hasty, goes, unknown = run_roles(
        play,
        drill().told("POST", "faults", refused),
        drill(),
        drill(),
        drill().told("POST", "faults", refused).told("POST", "faults", silent),
    )
    assert unknown.failed, [ran.message for ran in (stays, hasty, goes, unknown)]
    [left] = [shown for shown in all_clusters(play.simulator) if shown["id"] != source["id"]]

    result = stays.fact("mariadb_restore_drill_result")
    [stayed] = result["left_behind"]
    assert stays.failed
    assert (result["succeeded"], result["terminated"]) == (False, [])
    assert f"NOT terminated: ordersdrill ({stayed}, RUNNING)." in stays.message
    assert f"-a 'cluster_id={stayed} state=absent'" in stays.message

    # The first look at the tags of a new cluster shows none.
    assert (hasty.failed, hasty.writes) == (True, []), hasty.message
    assert "It was not touched." in hasty.message
    assert "run the drill again then" in hasty.message

    # A leftover must not count as restored, for its data is old.
    result = goes.fact("mariadb_restore_drill_result")
    assert (goes.failed, goes.writes) == (False, [TERMINATE, RESTORE, TERMINATE]), goes.message
    assert result["leftovers"] == [stayed] != result["terminated"]

    assert unknown.failed
    assert (unknown.fact("mariadb_restore_drill_result")["left_behind"]) == [left["id"]]
    assert f"NOT terminated: ordersdrill ({left['id']}, state not known)." in unknown.message


def test_only_what_a_drill_created_is_ever_terminated(play: Play) -> None:
    source = seed_source(play.simulator, name="orders")
    other = seed_source(play.simulator, name="other")
    mine = {"role_type": "RECOVERY", "origin_cluster_id": source["id"]}
    seed(play.simulator, name="plain", tags=marked(source))
    seed(play.simulator, name="strange", role_type="RECOVERY", origin_cluster_id=other["id"], tags=marked(source))
    seed(play.simulator, name="twin", **mine, tags=marked(source))
    seed(play.simulator, name="twin")
    # Restored from the source once, and in production since.
    seed(play.simulator, name="production", **mine, tags={"team": "commerce"})
    seed(play.simulator, name="foreign", **mine, tags=marked(other))
    left = seed(play.simulator, name="left", **mine, tags={**marked(source), "team": "commerce"})
    hidden = seed(play.simulator, name="hidden", role_type="RECOVERY", origin_cluster_id="", tags=marked(source))
    before = all_clusters(play.simulator)
    prefixed = {f"_{PREFIX}source": source, f"{PREFIX}terminate_timeout": 60}
    names = ("orders", "plain", "strange", "twin", "production", "foreign")
    aimed = [
        Role(
            "mariadb_restore_drill",
            {**prefixed, f"_{PREFIX}id": shown["id"], f"{PREFIX}name": shown["name"]},
            tasks_from="terminate",
        )
        for shown in before
        if shown["id"] not in (left["id"], hidden["id"]) and (shown["name"], shown["role_type"]) != ("twin", "RECOVERY")
    ]

    *refused, predicted, predicted_hidden = run_roles(
        play,
        *(drill(name=name) for name in names),
        *aimed,
        drill(name="left", check=True),
        drill(name="hidden", check=True),
    )

    for ran in refused:
        assert (ran.failed, ran.writes) == (True, []), ran.message
    for ran in refused[: len(names)]:
        assert "It was not touched." in ran.message
        assert ran.message.endswith("No temporary cluster was created."), ran.message
    for ran in refused[4:6]:
        assert "was restored from orders, but not by this drill" in ran.message
        assert "Choose another mariadb_restore_drill_name." in ran.message
    for ran in refused[len(names) :]:
        assert "It was not terminated." in ran.message
        assert "role_type" in ran.message
    for ran, cluster in ((predicted, left), (predicted_hidden, hidden)):
        assert (ran.failed, ran.writes) == (False, []), ran.message
        assert f"A leftover of another drill would be terminated before: {cluster['id']}." in ran.message
        assert "The backup 202610050200 of orders" in ran.message
    assert all_clusters(play.simulator) == before


def test_nothing_is_terminated_where_tags_cannot_be_read(play: Play) -> None:
    source = seed_source(play.simulator)
    seed(play.simulator, name=NAME, role_type="RECOVERY", origin_cluster_id=source["id"], tags=marked(source))
    before = all_clusters(play.simulator)
    denied = {"operation": "List Tags", "kind": "status", "status": 403, "times": None}

    dry, real = run_roles(play, drill(check=True).told("POST", "faults", denied), drill())

    for ran in (dry, real):
        assert (ran.failed, ran.writes) == (True, []), ran.message
        assert f"{NAME} (" in ran.message
        assert "its tags could not be read: " in ran.message
        assert "403" in ran.message
        assert "It was not touched." in ran.message
        assert "NOT terminated" not in ran.message
    assert all_clusters(play.simulator) == before


@pytest.mark.parametrize("clustered", [{"team": "commerce"}, None], ids=["somebody's", "another drill's"])
def test_a_cluster_that_takes_the_name_meanwhile_is_not_terminated(play: Play, clustered: Json | None) -> None:
    """It comes between the look at the name and the restore, which fails then; so nothing is the drill's."""
    source = seed_source(play.simulator)
    rival = {
        "name": NAME,
        "role_type": "RECOVERY",
        "origin_cluster_id": source["id"],
        "instance_groups": source["instance_groups"],
        "tags": clustered or marked(source),
    }
    parts = {f"_{PREFIX}{name}": value for name, value in state_of_a_drill(source).items()}
    variables = {**drill().variables, **parts}
    play_it = Role("mariadb_restore_drill", variables, tasks_from="restore")
    clean = Role("mariadb_restore_drill", variables, tasks_from="clean_up")

    restored, cleaned = run_roles(play, play_it.told("POST", "clusters", rival), clean)

    assert (restored.failed, restored.writes) == (True, []), restored.message
    assert "must be new" in restored.message
    assert (cleaned.failed, cleaned.writes) == (False, []), cleaned.message
    assert sorted(by_name(play.simulator)) == ["orders", NAME]


def state_of_a_drill(source: Json) -> Json:
    """What a drill knows when its restore begins."""
    names = ("backups", "leftovers", "terminated", "left_behind", "problems")
    options = f"{{{{ _{PREFIX}read.options }}}}"
    return {"source": source, "probe": {"skipped": False}, "options": options, **{name: [] for name in names}}


def test_a_restore_whose_answer_is_lost_is_terminated_by_its_tag(play: Play) -> None:
    """The list hides the new cluster as long as the restore looks for it, and so does the Resource Manager its tags."""
    source = seed_source(play.simulator)
    lost = {"operation": RESTORE, "kind": "reset_after"}
    settings(play.simulator, untagged_reads=0)
    blind = {"operation": "List Clusters", "kind": "status", "status": 503, "skip": 4, "times": 60}

    (ran,) = run_roles(play, drill(wait_timeout=2).told("POST", "faults", lost).told("POST", "faults", blind))

    assert ran.failed
    assert ran.writes == [RESTORE], ran.message
    assert "NOT terminated" not in ran.message
    assert "Whether a cluster named ordersdrill is left behind is not known" in ran.message
    [left] = [shown for shown in all_clusters(play.simulator) if shown["id"] != source["id"]]
    play.simulator.control("DELETE", "faults", None)
    (again,) = run_roles(play, drill())
    assert (again.failed, again.writes) == (False, [TERMINATE, RESTORE, TERMINATE]), again.message
    assert again.fact("mariadb_restore_drill_result")["leftovers"] == [left["id"]]


def test_what_makes_no_drill_is_refused(play: Play, tmp_path: Path) -> None:
    seed(play.simulator, name="bare")
    unsent: list[tuple[Json, str]] = [
        (
            {"cluster_name": ""},
            "Exactly one of mariadb_restore_drill_cluster_id and mariadb_restore_drill_cluster_name",
        ),
        ({"backup_history_number": "1", "backup_recovery_time": "2026-11-02T04:00:00Z"}, "exclude each other"),
        ({"checks": "checks.yml"}, "mariadb_restore_drill_checks is checks.yml, but must be the full path"),
        ({"checks": str(tmp_path / "none.yml")}, "none.yml, but must be the full path of a file"),
        ({"cheks": "/checks.yml"}, "mariadb_restore_drill_cheks: the role has no such variable."),
        ({"wait_timeout": "long"}, "wait_timeout"),
    ]
    asked: list[tuple[Json, str]] = [
        ({"cluster_name": "nobody"}, "There are 0 clusters with the id or name nobody"),
        ({"cluster_name": "bare"}, "The cluster bare has no finished backup to restore from"),
        ({"cluster_name": "bare", "name": "no"}, "name is 'no'"),
    ]

    runs = run_roles(play, *(drill(**variables) for variables, _words in unsent + asked))

    for (variables, words), ran in zip(unsent + asked, runs, strict=True):
        assert (ran.failed, ran.writes) == (True, []), variables
        assert any(words in str(one.result.get("msg")) for one in ran.tasks), (words, ran.message)
    assert not any(ran.calls for ran in runs[: len(unsent)])
    assert list(by_name(play.simulator)) == ["bare"]


def test_the_playbook_with_its_sample(play: Play, tmp_path: Path) -> None:
    source = seed_source(play.simulator)
    play.environ = {"PWD": str(tmp_path)}
    ran = play.run("samsungcloud.scp.restore_drill", "-e", f"@{SAMPLE}")
    assert play.exit_code == 0, play.output
    assert "within" in ran[-1].result["msg"]
    assert json.loads((tmp_path / "restore_drill.json").read_text(encoding="utf-8"))["succeeded"]
    assert all_clusters(play.simulator) == [source]
