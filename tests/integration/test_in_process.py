# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tasks run inside Ansible's worker, and which as modules. That both come to the same is part of every play."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from harness.cycle import play_until_it_waits
from harness.play import Play
from harness.seeds import seed
from harness.simulator import Json
from harness.tasks import cluster, info

INSIDE = "inside Ansible's worker"
WAY = re.compile(r"^(?:<\S+> )?samsungcloud\.scp\.\S+ runs (.+)\.$", re.MULTILINE)
MODULE_FILES = Path(__file__).parents[2] / "plugins" / "modules"
OTHER_PYTHON = "/usr/bin/env python3"

# What is set at a task, and how it then runs. Those as modules are not all made to succeed.
TASKS: list[tuple[Json, str]] = [
    ({}, INSIDE),
    ({"delegate_to": "127.0.0.1"}, INSIDE),
    ({"become": True, "become_user": "{{ lookup('pipe', 'id -un') }}"}, INSIDE),
    ({"vars": {"ansible_python_interpreter": sys.executable}}, INSIDE),
    ({"vars": {"ansible_python_interpreter": "auto_silent"}}, INSIDE),
    ({"vars": {"scp_in_process": True}}, INSIDE),
    ({"environment": {"SCP_LANGUAGE": "ko-KR", "no_proxy": "*", "HOME": "/"}}, INSIDE),
    ({"environment": {"LANG": "C"}}, "as a module: environment sets LANG"),
    ({"vars": {"scp_in_process": "no"}}, "as a module: scp_in_process (or SCP_IN_PROCESS in the environment) is false"),
    ({"vars": {"scp_in_process": "{{ 1 > 2 }}"}}, "as a module: scp_in_process"),
    ({"async": 60, "poll": 1}, "as a module: the task is asynchronous"),
    ({"become": True, "become_user": "daemon"}, "as a module: the task becomes daemon"),
    ({"vars": {"ansible_python_interpreter": OTHER_PYTHON}}, f"as a module: the interpreter is {OTHER_PYTHON}"),
    ({"vars": {"ansible_connection": "ssh", "ansible_port": 1}}, "as a module: the connection is ssh"),
]
# The same for what is set for all of a play.
SETTINGS = [
    ("SCP_IN_PROCESS", "as a module: scp_in_process"),
    ("ANSIBLE_KEEP_REMOTE_FILES", "as a module: the files of modules are kept"),
    ("ANSIBLE_DISPLAY_TRACEBACK", "as a module: tracebacks of modules are shown"),
]


def ways(play: Play) -> list[str]:
    """How each task of the play that was run with -vvv has run."""
    return WAY.findall(play.output)


def test_every_module_has_an_action_plugin() -> None:
    modules = {path.name for path in MODULE_FILES.glob("mariadb_*.py")}
    assert modules
    assert {path.name for path in (MODULE_FILES.parent / "action").glob("*.py")} == modules


def test_what_is_set_at_a_task(play: Play) -> None:
    # Ansible would look for a Python, which may lack requests, and a host can't be reached: only the way matters.
    play.both_ways = False
    tasks = [{**info("server_type"), "ignore_unreachable": True, **set_at_task} for set_at_task, _way in TASKS]
    play(*tasks, arguments=("-vvv",))
    found = ways(play)
    assert len(found) == len(TASKS), found
    for (set_at_task, expected), way in zip(TASKS, found, strict=True):
        assert way.startswith(expected), set_at_task


@pytest.mark.parametrize(("variable", "expected"), SETTINGS)
def test_what_is_set_for_a_play(play: Play, variable: str, expected: str) -> None:
    play.environ = {variable: {"SCP_IN_PROCESS": "false", "ANSIBLE_DISPLAY_TRACEBACK": "error"}.get(variable, "true")}
    (ran,) = play(info("server_type"), arguments=("-vvv",))
    assert not ran.failed, ran.result
    (way,) = ways(play)
    assert way.startswith(expected)


def test_variable_wins_over_the_environment(play: Play) -> None:
    play.environ = {"SCP_IN_PROCESS": "false"}
    play(info("server_type"), arguments=("-vvv", "-e", "scp_in_process=true"))
    assert ways(play) == [INSIDE]


def test_odd_value_is_refused(play: Play) -> None:
    (ran,) = play({**info("server_type"), "vars": {"scp_in_process": "perhaps"}})
    assert ran.failed
    assert ran.calls == []
    assert "scp_in_process (or SCP_IN_PROCESS in the environment) is 'perhaps'" in ran.result["msg"]
    assert "must be true or false" in ran.result["msg"]


def test_environment_of_a_task_is_honoured_and_forgotten(play: Play) -> None:
    """The second item of a loop is done by the same process."""
    keys = {"SCP_ACCESS_KEY": play.simulator.access_key, "SCP_SECRET_KEY": play.simulator.secret_key}
    play.environ = dict.fromkeys(keys, "")
    looped = {
        **info("server_type"),
        "loop": [keys, {}, keys],
        "environment": "{{ item }}",
    }
    (ran,) = play(looped)
    assert [item.get("failed", False) for item in ran.result["results"]] == [False, True, False]
    assert ran.result["results"][1]["msg"].startswith("No SCP credentials")


def test_paths_are_relative_to_the_playbook(play: Play) -> None:
    folder = play.folder / "elsewhere"
    folder.mkdir()
    (folder / "authority.pem").write_text("", encoding="utf-8")
    tasks = [info("server_type", ca_path=path) for path in ("authority.pem", "elsewhere/authority.pem")]
    head = {"hosts": "localhost", "connection": "local", "gather_facts": False}
    playbook = [{**head, "tasks": [{**task, "ignore_errors": True} for task in tasks]}]
    (folder / "play.yml").write_text(yaml.safe_dump(playbook), encoding="utf-8")
    found, missing = play.run("elsewhere/play.yml")
    assert not found.failed, found.result
    assert missing.failed
    assert "ca_path" in missing.result["msg"]


def test_secret_in_a_vault(play: Play) -> None:
    password = play.folder / "password"
    password.write_text("unsafe-vault-password", encoding="utf-8")
    command = [Path(sys.executable).parent / "ansible-vault", "encrypt_string", play.simulator.secret_key]
    command += ["--name", "secret_key", "--vault-password-file", password]
    encrypted = subprocess.run(command, check=True, capture_output=True, text=True, cwd=play.folder).stdout
    (play.folder / "vars.yml").write_text(encrypted, encoding="utf-8")
    play.environ = {"SCP_SECRET_KEY": "", "ANSIBLE_VAULT_PASSWORD_FILE": str(password)}
    task = info("server_type", secret_key="{{ secret_key }}")
    (ran,) = play(task, arguments=("-e", "@vars.yml"))
    assert not ran.failed, ran.result
    assert play.simulator.secret_key not in play.output + str(ran.result)


def test_plugin_defaults_of_the_action_group(play: Play) -> None:
    head = {"hosts": "localhost", "connection": "local", "gather_facts": False}
    defaults = {"module_defaults": {"group/samsungcloud.scp.scp": {"endpoint": "nonsense"}}}
    (play.folder / "play.yml").write_text(
        yaml.safe_dump([{**head, **defaults, "tasks": [info("server_type")]}]), encoding="utf-8"
    )
    (ran,) = play.run("play.yml")
    assert "endpoint is 'nonsense'" in ran.result["msg"]


def test_progress_of_a_wait_is_told(play: Play) -> None:
    seed(play.simulator, name="orders")
    play.simulator.control("POST", "settings", {"time_scale": 0.001})
    # So many looks at growing intervals take longer than the waits of which nothing is told.
    (ran,) = play_until_it_waits(play, cluster(name="orders", state="restarted"), looks=15)
    assert not ran.failed, ran.result
    told = re.findall(r"^\[localhost\] .*$", play.output, re.MULTILINE)
    expected = rf"\[localhost\] Restart Cluster: cluster orders \({ran.result['cluster_id']}\) is RESTARTING, "
    assert told
    assert re.fullmatch(expected + r"\d+ s so far, 119 min left", told[0]), told
