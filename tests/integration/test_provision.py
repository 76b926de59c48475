# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook samsungcloud.scp.provision with its sample of variables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_cluster import ARGUMENT_SPEC
from harness.cycle import paths, spec_paths
from harness.play import Play, Ran
from harness.seeds import all_clusters, only_cluster
from harness.simulator import Json
from harness.trouble import settings

PLAYBOOKS = Path(__file__).resolve().parents[2] / "playbooks"
SAMPLE = PLAYBOOKS / "vars" / "provision.yml"
BIGGER = ("-e", "server_type_name=db1v4m8", "-e", "data_size_gb=304")
GROWTH = ["Set Block Storage Size", "Set Server Type"]


@pytest.fixture
def play(play: Play) -> Play:
    play.environ = {"ORDERS_PASSWORD": "Canary-password-1"}
    settings(play.simulator, time_scale=6000)
    return play


def provision(play: Play, *arguments: str) -> Ran:
    """Run the playbook with its sample, and return what the module did."""
    first, *_told = play.run("samsungcloud.scp.provision", "-e", f"@{SAMPLE}", *arguments)
    assert play.exit_code == 0, play.output
    assert first.task == "Make the cluster what is declared"
    return first


def test_life_of_a_cluster(play: Play) -> None:
    predicted = provision(play, "--check", "--diff")
    assert predicted.operations == ["Create Cluster"]
    assert predicted.writes == []
    assert all_clusters(play.simulator) == []

    created = provision(play)
    assert created.changed
    assert created.operations == ["Create Cluster"]
    assert set(declared()) - {"engine_version"} <= set(created.writes[0]["body"])
    made = only_cluster(play.simulator)
    where = f"MariaDB 10.11.15 at {made['virtual_ip_address']}:2866, database orders, user orders"
    assert f"orders is RUNNING: {where}" in play.output

    again = provision(play)
    assert "changed=0" in play.output
    assert where in play.output
    assert again.writes == []

    predicted = provision(play, *BIGGER, "--check", "--diff")
    assert predicted.operations == GROWTH
    assert predicted.writes == []
    for sign, server_type_name, size_gb in (("-", "db1v2m4", 200), ("+", "db1v4m8", 304)):
        assert re.search(rf'^\{sign} +"server_type_name": "{server_type_name}"', play.output, re.MULTILINE)
        assert re.search(rf'^\{sign} +"size_gb": {size_gb}', play.output, re.MULTILINE)
    assert only_cluster(play.simulator) == made

    grown = provision(play, *BIGGER)
    assert [call["operation"] for call in grown.writes] == grown.operations == GROWTH
    assert grown.result["diff"] == predicted.result["diff"]
    [group] = only_cluster(play.simulator)["instance_groups"]
    assert group["server_type_name"] == "db1v4m8"
    assert [volume["size_gb"] for volume in group["block_storage_groups"]] == [104, 304]

    provision(play, *BIGGER)
    assert "changed=0" in play.output


def test_password_that_is_missing(play: Play) -> None:
    play.environ = {}
    [failed] = play.run("samsungcloud.scp.provision", "-e", f"@{SAMPLE}")
    assert play.exit_code != 0
    assert failed.failed
    assert "set ORDERS_PASSWORD" in failed.result["msg"]
    assert play.simulator.calls() == []


def test_key_that_is_no_option_is_refused(play: Play, tmp_path: Path) -> None:
    """A misspelt key must not be passed over, for the cluster would not become what is declared."""
    sample = tmp_path / "misspelt.yml"
    text = SAMPLE.read_text(encoding="utf-8")
    sample.write_text(text.replace("  maintenance_option:", "  maintenance_options:"), encoding="utf-8")

    play.run("samsungcloud.scp.provision", "-e", f"@{sample}")

    assert play.exit_code != 0
    assert "maintenance_options" in play.output
    assert all_clusters(play.simulator) == []


def declared() -> Json:
    sample: Json = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))["mariadb_cluster"]
    return sample


def test_every_key_of_the_sample_is_an_option() -> None:
    sample = declared()
    # Tags are free.
    sample.pop("tags")
    assert set(paths(sample)) <= set(spec_paths(ARGUMENT_SPEC))
