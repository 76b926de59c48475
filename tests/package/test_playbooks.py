# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every playbook of the installed collection runs by its full name, with its sample of variables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from harness.play import Play
from harness.seeds import BACKUP, seed, settings_of_database
from harness.simulator import Simulator

PLAYBOOKS = sorted(path.stem for path in Path("playbooks").glob("*.yml"))
SECRETS = {
    "BUCKET_ACCESS_KEY": "bucket-access-key",
    "BUCKET_SECRET_KEY": "bucket-secret-key",
    "ORDERS_PASSWORD": "Canary-password-1",
}


def nothing(_simulator: Simulator) -> None:
    """The playbook begins with a creation."""


def orders(simulator: Simulator) -> None:
    """A cluster with a replica and fresh backups, such as the samples speak of."""
    seed(
        simulator,
        init_config_option=settings_of_database(backup_option=BACKUP),
        backup_histories=[{"age_days": 0.2}, {"age_days": 1}],
        replicas=[{"name": "orders-r1"}],
    )


class Sample(NamedTuple):
    """What is there before a playbook runs, the sample of variables if it has another name, and further arguments."""

    put_there: Callable[[Simulator], Any]
    variables: str = ""
    arguments: tuple[str, ...] = ()


SAMPLES = {
    "decommission": Sample(orders, "provision", ("-e", "decommission_confirm=orders")),
    "failover": Sample(orders),
    "provision": Sample(nothing),
    "report": Sample(orders),
    "restore_drill": Sample(orders),
    "upgrade": Sample(orders),
}


def test_there_are_playbooks(installed: Path) -> None:
    shipped = sorted(path.stem for path in (installed / "playbooks").glob("*.yml"))
    assert "provision" in PLAYBOOKS
    assert shipped == PLAYBOOKS


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_playbook_runs(play: Play, installed: Path, playbook: str) -> None:
    assert playbook in SAMPLES, f"say in SAMPLES what {playbook} needs"
    sample = SAMPLES[playbook]
    sample.put_there(play.simulator)
    play.environ = SECRETS
    variables = installed / "playbooks" / "vars" / f"{sample.variables or playbook}.yml"
    ran = play.run(f"samsungcloud.scp.{playbook}", "-e", f"@{variables}", "--check", *sample.arguments)
    assert play.exit_code == 0, play.output
    calls = play.simulator.calls()
    assert calls, "it did not look at anything"
    assert [call for call in calls if call["method"] != "GET"] == []
    assert not [one for one in ran if one.failed]
