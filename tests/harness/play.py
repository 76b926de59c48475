# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real ``ansible-playbook`` runs, with each task's result and the calls that it made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from harness import both_ways
from harness.simulator import Json, Simulator

HERE = Path(__file__).resolve().parent


@dataclass
class Ran:
    """One task that ran, and the calls that the simulator saw meanwhile."""

    task: str
    failed: bool
    result: Json
    calls: list[Json]

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def writes(self) -> list[Json]:
        """The calls that change something, as the simulator recorded them."""
        return [call for call in self.calls if call["method"] != "GET"]

    @property
    def operations(self) -> list[str]:
        """The titles of the operations that the task says it made or would make."""
        return [operation["operation"] for operation in self.result.get("operations", [])]


@dataclass
class Play:
    """Runs playbooks against one simulator.

    Each task is done as a module and, from the same state of the cloud, inside Ansible's worker, and the two have to
    agree; ``both_ways`` has to be off where anything else acts on the simulator meanwhile.
    """

    simulator: Simulator
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    both_ways: bool = True
    started_in: Path | None = None
    output: str = ""
    exit_code: int = 0

    def __call__(self, *tasks: Json, arguments: tuple[str, ...] = ()) -> list[Ran]:
        """Run tasks in one play, each even if the one before failed, and return what each did."""
        return self.run(str(self._playbook(*tasks)), *arguments)

    def start(self, *tasks: Json) -> subprocess.Popen[bytes]:
        """Start a play of these tasks, and leave it to the test what becomes of it."""
        self.both_ways = False
        return subprocess.Popen(
            [str(Path(sys.executable).parent / "ansible-playbook"), str(self._playbook(*tasks))],
            env=self._environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _playbook(self, *tasks: Json) -> Path:
        playbook = self.folder / "playbook.yml"
        play = {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "tasks": [{"ignore_errors": True, **task} for task in tasks],
        }
        playbook.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
        return playbook

    def run(self, *arguments: str, program: str = "ansible-playbook") -> list[Ran]:
        """Run ``ansible-playbook``, or ``ansible``, with these arguments and return what each task did."""
        record = self.folder / "record.jsonl"
        record.unlink(missing_ok=True)
        self.command(program, *arguments)
        if not record.exists():
            pytest.fail(f"No task ran:\n{self.output}")
        return self._recorded(record)

    def command(self, program: str, *arguments: str) -> None:
        """Run a program of Ansible, and keep its output and exit code."""
        command = [str(Path(sys.executable).parent / program), *arguments]
        record = self.folder / "both_ways.jsonl"
        record.unlink(missing_ok=True)
        ended = subprocess.run(
            command,
            env=self._environment(),
            cwd=self.started_in or self.folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.output = ended.stdout + ended.stderr
        self.exit_code = ended.returncode
        differences = both_ways.differences(record)
        if differences:
            pytest.fail("The two ways to run a task do not agree:\n" + "\n".join(differences))

    def _environment(self) -> dict[str, str]:
        environ = {
            **os.environ,
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_REMOTE_TMP": str(self.folder / "tmp"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "recorder,both_ways" if self.both_ways else "recorder",
            "ANSIBLE_LOAD_CALLBACK_PLUGINS": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_PIPELINING": "true",
            "BOTH_WAYS_CONTROL": self.simulator.endpoint,
            "BOTH_WAYS_FILE": str(self.folder / "both_ways.jsonl"),
            # Shared by all tests of a session.
            "COMPILED_MODULES": str(self.folder.parents[1] / "compiled"),
            "HOME": str(self.folder),
            # Ansible tells what a boolean may be in the order of a set.
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(HERE / "compiled"), os.environ.get("PYTHONPATH")))),
            "RECORDER_FILE": str(self.folder / "record.jsonl"),
            **self.simulator.environment(),
            **self.environ,
        }
        return {key: value for key, value in environ.items() if value}

    def _recorded(self, record: Path) -> list[Ran]:
        calls = self.simulator.calls()
        return [
            Ran(
                line["task"],
                line["failed"],
                line["result"],
                [call for call in calls if line["started_at"] <= call["started_at"] <= line["ended_at"]],
            )
            for line in map(json.loads, record.read_text(encoding="utf-8").splitlines())
        ]
