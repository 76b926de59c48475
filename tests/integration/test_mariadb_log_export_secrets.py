# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys of a bucket appear nowhere, whatever becomes of an export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.failures import told
from harness.play import Play
from harness.seeds import seed
from harness.settings import task
from harness.simulator import Json, Simulator, running_simulator
from harness.tasks import info
from harness.trouble import fault, outcome, refusal

CANARIES = {
    "bucket_access_key": "Canary-of-the-bucket-access-key-1",
    "bucket_secret_key": "Canary-of-the-bucket-secret-key-1",
    "other_access_key": "Canary-of-another-bucket-access-key-1",
    "other_secret_key": "Canary-of-another-bucket-secret-key-1",
}
KEYS = {name: f"{{{{ {name} }}}}" for name in ("bucket_access_key", "bucket_secret_key")}
OTHER_KEYS = {f"bucket_{kind}": f"{{{{ other_{kind} }}}}" for kind in ("access_key", "secret_key")}
# What a careless service might answer to the other keys, and what may be left of it.
ECHO = f"value_error: {CANARIES['other_access_key']}, {CANARIES['other_secret_key']}"
MASKED = "value_error: ********, ********"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "simulator.log"


@pytest.fixture
def simulator(log: Path) -> Iterator[Simulator]:
    with log.open("w", encoding="utf-8") as file, running_simulator("--time-scale", "6000", log=file) as running:
        yield running


@pytest.fixture
def play(simulator: Simulator, tmp_path: Path) -> Play:
    folder = tmp_path / "play"
    folder.mkdir()
    return Play(simulator, folder)


def export(check: bool | None = None, **options: Any) -> Json:
    schedule = {"schedule_frequency_type": "DAY", "schedule_hour": 3}
    return task(
        "mariadb_log_export",
        {"cluster_name": "orders", "log_type": "slow", "bucket_name": "logs", **KEYS, **schedule, **options},
        check,
    )


def test_keys_of_a_bucket(play: Play, log: Path) -> None:
    seed(play.simulator)
    variables = play.folder / "secrets.yml"
    variables.write_text(yaml.safe_dump(CANARIES), encoding="utf-8")
    refusal(play.simulator, "Set Log Export Config", 400, "ValidationError", ECHO, skip=1)
    fault(play.simulator, "Unregister Log Export Config", "reset")
    outcome(play.simulator, "Export Log", service_state="UNKNOWN", detail=ECHO)
    rows: list[tuple[Json, str]] = [
        (export(check=True), ""),
        (export(check=False), ""),
        (export(check=False), ""),
        (export(check=False, schedule_hour=4, **OTHER_KEYS), ""),
        (info("log_export", cluster_name="orders"), ""),
        (export(check=True, schedule_hour=5), ""),
        (export(schedule_hour=5, **OTHER_KEYS), MASKED),
        (export(bucket_name="others", update_keys="always"), "bucket_name is 'others'"),
        (export(bucket_name="lo/gs", bucket_secret_key=""), "bucket_access_key does not go without bucket_secret_key"),
        (export(log_type="alert", schedule_hour=None), "schedule_hour is required"),
        (export(no_such_option=1), "Unsupported parameters"),
        (export(schedule_hour="soon"), "schedule_hour"),
        (export(state="absent", wait_timeout=1), "The connection broke"),
        (export(state="exported"), "UNKNOWN"),
    ]

    ran = play(*(row[0] for row in rows), arguments=("-e", f"@{variables}", "--diff", "-vvvv"))

    for one, (_task, words) in zip(ran, rows, strict=True):
        assert one.failed is bool(words), one.result
        assert words in str(one.result.get("msg", "")), one.result["msg"]
    predicted, registered, _again, changed, *_rest = ran
    bodies = [
        predicted.result["operations"][0]["body"],
        registered.result["operations"][0]["body"],
        changed.result["operations"][0]["body"],
        *(call["body"] for call in registered.writes + changed.writes),
    ]
    assert [(body["access_key"], body["secret_key"]) for body in bodies] == [("********", "********")] * 5
    told(ran[6], "Set Log Export Config failed: 400")
    assert_no_leaks(play, log)


def assert_no_leaks(play: Play, log: Path) -> None:
    """Search everything that the run and the simulator left behind, but for the file that gives the keys."""
    left_behind = {
        "output": play.output,
        "results": (play.folder / "record.jsonl").read_text(encoding="utf-8"),
        "journal": json.dumps(play.simulator.calls()),
        "log of the simulator": log.read_text(encoding="utf-8"),
    }
    for path in play.folder.glob("ansible/**/*"):
        if path.is_file():
            left_behind[str(path)] = path.read_text(encoding="utf-8", errors="replace")
    assert "invocation" in left_behind["output"]
    assert "log-export-configs 202" in left_behind["log of the simulator"]
    leaks = [(place, name) for name, value in CANARIES.items() for place, text in left_behind.items() if value in text]
    assert not leaks
