# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks samsungcloud.scp.provision and .decommission with their sample of variables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from harness.play import Play, Ran
from harness.seeds import all_clusters, seed
from harness.simulator import Json
from harness.stacks import by_name
from harness.trouble import settings

PLAYBOOKS = Path(__file__).resolve().parents[2] / "playbooks"
SAMPLE = PLAYBOOKS / "vars" / "provision.yml"
BIGGER = ("-e", "server_type_name=db1v4m8", "-e", "data_size_gb=304")
GROWTH = ["Set Block Storage Size", "Set Server Type"] * 2
SECRETS = {
    "ORDERS_PASSWORD": "Canary-password-1",
    "BUCKET_ACCESS_KEY": "Canary-bucket-1",
    "BUCKET_SECRET_KEY": "Canary-bucket-2",
}
CREATION = [
    "Create Cluster",
    "Set Backup",
    "Set Archive Config",
    "Set Parameter Values",
    "Register Log Export Config",
    "Create Replica",
]


@pytest.fixture
def play(play: Play) -> Play:
    play.environ = dict(SECRETS)
    settings(play.simulator, time_scale=6000)
    return play


def run(play: Play, playbook: str, *arguments: str) -> list[Ran]:
    return play.run(f"samsungcloud.scp.{playbook}", "-e", f"@{SAMPLE}", *arguments)


def succeed(play: Play, playbook: str, *arguments: str) -> tuple[Json, list[str]]:
    """Run a playbook; return what its role keeps, and the titles of what was sent."""
    ran = run(play, playbook, *arguments)
    assert play.exit_code == 0, play.output
    [kept] = [one.result["ansible_facts"] for one in ran if "mariadb_result" in one.result.get("ansible_facts", {})][1:]
    return kept["mariadb_result"], [call["operation"] for one in ran for call in one.writes]


def titles(result: Json) -> list[str]:
    return [one["operation"] for one in result["operations"]]


def test_life_of_a_stack(play: Play) -> None:
    # Neither a dry run's reader nor a later run has to know the secrets, which only a creation needs.
    created, sent = succeed(play, "provision")
    assert titles(created) == sent == CREATION
    made = by_name(play.simulator)
    assert set(made) == {"orders", "orders-r1"}
    where = f"MariaDB 10.11.15 at {made['orders']['virtual_ip_address']}:2866, database orders, user orders"
    assert f"orders is RUNNING: {where}" in play.output

    play.environ = {}
    predicted, sent = succeed(play, "provision", *BIGGER, "--check", "--diff")
    assert (titles(predicted), sent) == (GROWTH, [])
    for sign, server_type_name, size_gb in (("-", "db1v2m4", 200), ("+", "db1v4m8", 304)):
        assert re.search(rf'^\{sign} +"server_type_name": "{server_type_name}"', play.output, re.MULTILINE)
        assert re.search(rf'^\{sign} +"size_gb": {size_gb}', play.output, re.MULTILINE)
    assert by_name(play.simulator) == made

    grown, sent = succeed(play, "provision", *BIGGER)
    assert titles(grown) == sent == GROWTH
    for shown in by_name(play.simulator).values():
        [group] = shown["instance_groups"]
        assert group["server_type_name"] == "db1v4m8"
        assert [volume["size_gb"] for volume in group["block_storage_groups"]] == [104, 304]

    again, sent = succeed(play, "provision", *BIGGER)
    assert (titles(again), sent) == ([], [])
    assert "changed=0" in play.output
    assert where in play.output

    predicted, sent = succeed(play, "decommission", "-e", "decommission_confirm=orders", "--check")
    assert (titles(predicted), predicted["later"], sent) == (["Terminate Cluster"], ["cluster"], [])
    ended, sent = succeed(play, "decommission", "-e", "decommission_confirm=orders")
    assert titles(ended) == sent == ["Terminate Cluster"] * 2
    assert all_clusters(play.simulator) == []


def test_dry_run_on_nothing(play: Play) -> None:
    predicted, sent = succeed(play, "provision", "--check", "--diff")

    assert (titles(predicted), sent) == (["Create Cluster"], [])
    assert predicted["later"] == ["backup", "parameters", "log_exports", "replicas"]
    assert all_clusters(play.simulator) == []


def test_password_that_is_missing(play: Play) -> None:
    play.environ = {}
    run(play, "provision")
    assert play.exit_code != 0
    assert "init_config_option.database_user_password is required to create a cluster" in play.output
    assert all_clusters(play.simulator) == []


def test_key_that_is_no_option_is_refused(play: Play, tmp_path: Path) -> None:
    """A misspelt key must not be passed over, for the stack would not become what is declared."""
    sample = tmp_path / "misspelt.yml"
    text = SAMPLE.read_text(encoding="utf-8")
    sample.write_text(text.replace("    maintenance_option:", "    maintenance_options:"), encoding="utf-8")

    play.run("samsungcloud.scp.provision", "-e", f"@{sample}")

    assert play.exit_code != 0
    assert "mariadb_stack.cluster.maintenance_options" in play.output
    assert play.simulator.calls() == []


@pytest.mark.parametrize(
    ("playbook", "arguments", "words"),
    [
        ("decommission", (), "To confirm that you mean it, add -e decommission_confirm=orders"),
        ("decommission", ("-e", "decommission_confirm=invoices"), "terminates the cluster orders with all its data"),
        ("decommission", ("-e", "decommission_confirm=orders", "-e", "mariadb_state=present"), "only terminates"),
        ("provision", ("-e", "mariadb_state=absent"), "only provisions"),
    ],
)
def test_playbook_that_is_not_meant(play: Play, playbook: str, arguments: tuple[str, ...], words: str) -> None:
    seed(play.simulator)

    run(play, playbook, *arguments)

    assert play.exit_code != 0
    assert words in " ".join(play.output.split())
    assert play.simulator.calls() == []


def test_sample_declares_every_part() -> None:
    sample: Json = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))["mariadb_stack"]
    assert set(sample) == {"cluster", "backup", "parameters", "log_exports", "replicas"}
