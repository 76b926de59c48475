# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role mariadb_report and its playbook: what it reads, writes and says."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.play import Play, Ran
from harness.seeds import BACKUP, seed, settings_of_database
from harness.simulator import Json
from harness.trouble import ALWAYS, fault, settings

ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / "roles/mariadb_report"
SAMPLE = ROOT / "playbooks/vars/report.yml"
CANARY = "Canary-password-1"
TEMPLATE = "{{ 7 * 191 }}"


@pytest.fixture
def play(play: Play, tmp_path: Path) -> Play:
    # No minute of the cloud's passes while a test runs.
    settings(play.simulator, time_scale=1)
    play.environ |= {"SCP_REGION": "kr-west1", "PWD": str(tmp_path)}
    return play


def report(play: Play, *arguments: str, **variables: Any) -> dict[str, Ran]:
    """Run the playbook, and return what its tasks did by their names."""
    given = {f"mariadb_report_{name}": value for name, value in variables.items()}
    ran = play.run("samsungcloud.scp.report", "-e", json.dumps(given), *arguments)
    return {one.task.partition(" : ")[2] or one.task: one for one in ran}


def written(play: Play) -> tuple[str, Json]:
    page = (play.folder / "mariadb-report.html").read_text(encoding="utf-8")
    return page, json.loads((play.folder / "report.json").read_text(encoding="utf-8"))


def reads(play: Play) -> Counter[str]:
    return Counter(call["operation"] for call in play.simulator.control("POST", "calls/drain")["calls"])


def test_life_of_a_report(play: Play) -> None:
    backup = {
        "init_config_option": settings_of_database(backup_option=BACKUP),
        "backup_histories": [{"age_days": 0.52}],
    }
    orders = seed(play.simulator, replicas=[{"name": "near"}], **backup)
    seed(play.simulator, name=TEMPLATE, id="hostile", **backup)
    target = {"json_path": str(play.folder / "report.json")}

    report(play, "--check", "--diff", **target)
    assert play.exit_code == 0, play.output
    assert "changed=2" in play.output
    assert "+<h1>MariaDB fleet</h1>" in play.output
    assert not (play.folder / "mariadb-report.html").exists()
    assert not (play.folder / "report.json").exists()
    reads(play)

    report(play, **target)
    assert "changed=2" in play.output, play.output
    page, data = written(play)
    # One page of the list, each of three clusters in full, again with each backup's list, and with the one of replicas.
    assert reads(play) == {
        "List Clusters": 1,
        "Show Cluster": 3 + 3 + 1,
        "List Engine Versions": 1,
        "List Server Types": 1,
        "List Backup Histories": 3,
        "Show Archive Config": 3,
        "List Replicas": 1,
    }
    assert (data["region"], data["summary"]["clusters"]) == ("kr-west1", 3)
    assert TEMPLATE in page
    assert TEMPLATE in [cluster["name"] for cluster in data["clusters"]]
    assert "1337" not in page
    assert [replica["name"] for replica in data["replicas"]] == ["near"]

    report(play, **target)
    assert "changed=0" in play.output, play.output
    assert written(play) == (page, data)

    play.simulator.control("PATCH", f"clusters/{orders['id']}", {"service_state": "ERROR"})
    report(play, "--check", **target)
    assert "changed=2" in play.output
    assert written(play) == (page, data)
    report(play, **target)
    assert "changed=2" in play.output
    assert [group["kind"] for group in written(play)[1]["attention"]] == ["broken"]


def test_what_is_dear_can_be_left_out_and_clusters_chosen(play: Play) -> None:
    seed(play.simulator, replicas=[{"name": "near"}])
    seed(play.simulator, name="billing", service_state="STOPPED")
    target = {"json_path": str(play.folder / "report.json")}

    report(play, name="orders", service_state="RUNNING", backups=False, replicas=False, **target)

    assert reads(play) == {"List Clusters": 1, "Show Cluster": 1, "List Engine Versions": 1, "List Server Types": 1}
    page, data = written(play)
    assert [cluster["name"] for cluster in data["clusters"]] == ["orders"]
    assert data["shown"] == {"backups": False, "replicas": False, "stacks": False}
    assert "Backups were not read." in page


def test_drift_and_what_could_not_be_read(play: Play) -> None:
    shown = seed(play.simulator, init_config_option=settings_of_database(backup_option=BACKUP))
    before = play.simulator.control("GET", "clusters")
    fault(play.simulator, "List Backup Histories", "status", status=403, times=ALWAYS)
    keys = {"bucket_access_key": "Canary-access", "bucket_secret_key": "Canary-secret"}
    export = {"log_type": "slow", "bucket_name": "logs", "schedule_frequency_type": "DAY", "schedule_hour": 3, **keys}
    replica = {"role_type": "ACTIVE", "server_type_name": "db1v2m4",
               "block_storage_groups": [{"role_type": "DATA", "size_gb": 56}]}  # fmt: skip
    stacks = [
        {
            "cluster": {
                "name": "orders",
                "allowable_ip_addresses": ["10.9.0.0/16"],
                "init_config_option": {"database_user_password": CANARY},
            },
            "backup": {"retention_period_day": 30},
            "parameters": {"parameters": {"wait_timeout": 601}},
            "log_exports": [export],
            "replicas": {"replicas": [{"name": "near", "instance_groups": [replica]}]},
        },
        {"cluster": {"cluster_id": shown["id"], "timezone": "Asia/Seoul"}, "log_exports": []},
        {"cluster": {"name": "orders", "timezone": "Asia/Tokyo"}},
        {"cluster": {"name": "nobody"}, "backup": {"retention_period_day": 7}},
    ]

    report(play, "-vvv", stacks=stacks, json_path=str(play.folder / "report.json"))

    assert play.exit_code == 0, play.output
    assert "changed=2" in play.output
    page, data = written(play)
    assert [
        (stack["cluster"], stack["exists"], [one["operation"] for one in stack["differences"]])
        for stack in data["stacks"]
    ] == [
        (
            "orders",
            True,
            [
                "Set Security Group Rules",
                "Set Backup",
                "Set Parameter Values",
                "Register Log Export Config",
                "Create Replica",
            ],
        ),
        (shown["id"], True, []),
        ("orders", True, [None]),
        ("nobody", False, [None]),
    ]
    assert "Asia/Tokyo" in data["stacks"][2]["differences"][0]["refused"]
    kinds = {group["kind"]: [item["cluster"] for item in group["items"]] for group in data["attention"]}
    assert kinds == {"unread": ["orders"], "drift": ["orders", "orders", "nobody"]}
    assert play.simulator.control("GET", "clusters") == before
    told = play.output + page + json.dumps(data)
    for canary in (CANARY, *keys.values()):
        assert canary not in told


@pytest.mark.parametrize("path", ["report.html", "/no/such/folder/report.html"])
def test_path_that_can_not_be_written(play: Play, path: str) -> None:
    report(play, path=path)
    assert play.exit_code != 0
    assert f"The report can't be written to {path}" in play.output
    assert play.simulator.calls() == []


def test_wrong_variables_are_refused(play: Play) -> None:
    report(play, backup_max_age_hours="long", stacks=[{"cluster": {"name": "orders"}, "backups": {}}])
    assert play.exit_code != 0
    for words in ("mariadb_report_backup_max_age_hours", "backups"):
        assert words in play.output
    assert play.simulator.calls() == []


def test_sample_runs(play: Play) -> None:
    seed(play.simulator, init_config_option=settings_of_database(backup_option={**BACKUP, "retention_period_day": "7"}))
    play.run("samsungcloud.scp.report", "-e", f"@{SAMPLE}")
    assert play.exit_code == 0, play.output
    data = json.loads((play.folder / "mariadb-report.json").read_text(encoding="utf-8"))
    [stack] = data["stacks"]
    assert [one["refused"] for one in stack["differences"] if one["refused"]] == []
    assert "Set Backup" in [one["operation"] for one in stack["differences"]]


def test_nothing_is_put_out_unescaped() -> None:
    template = (ROLE / "templates/report.html.j2").read_text(encoding="utf-8")
    macros = set(re.findall(r"{% macro (\w+)\(", template))
    expressions = re.findall(r"{{(.*?)}}", re.sub(r"{#.*?#}", "", template, flags=re.DOTALL), flags=re.DOTALL)
    assert len(expressions) > 80
    bare = [
        one.strip()
        for one in expressions
        if not one.rstrip().endswith("| e") and not re.match(rf"\s*({'|'.join(macros)})\([^|]*\)\s*$", one)
    ]
    assert bare == []
    assert "safe" not in re.findall(r"\|\s*(\w+)", template)


def test_variables_are_described_everywhere() -> None:
    options = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    readme = (ROLE / "README.md").read_text(encoding="utf-8")
    assert set(defaults) <= set(options)
    assert set(yaml.safe_load(SAMPLE.read_text())) <= set(options)
    assert [name for name in options if f"`{name}`" not in readme] == []
    for name, option in options.items():
        if "default" in option:
            assert option["default"] == defaults[name], name
