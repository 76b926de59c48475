# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a stack, told with real commands against the simulator. Started by ``make demo``."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".build" / "demo"
# Cloud seconds in a second: a creation takes 10 minutes on SCP and 10 seconds here.
TIME_SCALE = 60.0
SECONDS_TO_CLEAN_UP = 5.0
SECRETS = {
    "ORDERS_PASSWORD": "Not-so-secret-1",
    "BUCKET_ACCESS_KEY": "Not-so-secret-2",
    "BUCKET_SECRET_KEY": "Not-so-secret-3",
}

SAMPLE = ["-e", "@playbooks/vars/provision.yml"]
PROVISION = ["ansible-playbook", "samsungcloud.scp.provision", *SAMPLE]
DECOMMISSION = ["ansible-playbook", "samsungcloud.scp.decommission", *SAMPLE, "-e", "decommission_confirm=orders"]
AD_HOC = ["ansible", "localhost", "-m"]
DRY_RUN = ["--check", "--diff"]
BIGGER = ["-e", "server_type_name=db1v4m8", "-e", "data_size_gb=304"]
STORY: list[tuple[str, list[str]]] = [
    ("Provision a cluster with backups, parameters, a log export and a replica: half an hour on SCP.", PROVISION),
    ("The same command again: everything is as declared, so that nothing changes.", PROVISION),
    ("What would a bigger server type and more storage take? A dry run tells.", [*PROVISION, *BIGGER, *DRY_RUN]),
    ("Do it. SCP runs one operation at a time on a cluster, so that the task waits in between.", PROVISION + BIGGER),
    ("Which clusters are there now?", [*AD_HOC, "samsungcloud.scp.mariadb_cluster_info"]),
    ("Terminate the replica, then the cluster.", DECOMMISSION),
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time-scale", default=TIME_SCALE, type=float, help="cloud seconds in a second")
    time_scale = parser.parse_args().time_scale
    # Both by name: a shell in the background lets its commands ignore Ctrl-C from the start.
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        with simulator(time_scale) as connection:
            for number, (text, command) in enumerate(STORY, start=1):
                tell(f"{number}/{len(STORY)}  {text}", command)
                run(command, connection)
    except KeyboardInterrupt:
        print("\nInterrupted; the simulator is stopped.")
        return 130
    except subprocess.CalledProcessError as error:
        print(f"\nThis command failed with exit code {error.returncode}: {shlex.join(error.cmd)}")
        return 1
    print("\nThat was all of it, and the simulator is stopped. Try your own playbook on it with: make simulator")
    return 0


@contextmanager
def simulator(time_scale: float) -> Iterator[dict[str, str]]:
    """Run the simulator; yield the environment variables of a connection to it."""
    options = ["--json", "--quiet", "--stop-with-stdin", "--time-scale", str(time_scale)]
    command = [sys.executable, "-m", "simulator", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            ready = json.loads(_first_line(process))
            print(f"A simulator of the SCP MariaDB API listens at {ready['endpoint']}.")
            yield {f"SCP_{key.upper()}": value for key, value in ready.items()}
        finally:
            process.terminate()


def _first_line(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        sys.exit("The simulator did not start.")
    return line


def tell(text: str, command: list[str]) -> None:
    print(f"\n\n=== {text}\n\n$ {shlex.join(command)}", flush=True)


def run(command: list[str], connection: dict[str, str]) -> None:
    """Run a command of the story as a user would, shielded from the settings of this machine's user."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SCP_", "ANSIBLE_"))}
    settings = {
        "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        "ANSIBLE_HOME": str(HOME),
        "ANSIBLE_REMOTE_TMP": str(HOME / "tmp"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
    }
    with subprocess.Popen(command, cwd=ROOT, env={**inherited, **settings, **SECRETS, **connection}) as process:
        try:
            process.wait()
        except KeyboardInterrupt as stop:
            _end(process, reached=stop.args == (signal.SIGINT,))
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def _end(process: subprocess.Popen[bytes], reached: bool) -> None:
    """End a command together with its workers, which run in sessions of their own.

    Killed, or with a second signal during its clean-up, it would leave them behind; Ctrl-C in a terminal has
    ``reached`` it as well.
    """
    try:
        process.wait(timeout=SECONDS_TO_CLEAN_UP if reached else 0)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    sys.exit(main())
