# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which version of the API is spoken, and what options need a newer one."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from harness.failures import told
from harness.play import Play, Ran
from harness.seeds import BACKUP, all_clusters, only_cluster, seed, settings_of_database
from harness.simulator import Json
from harness.tasks import ORDERS, cluster, info
from harness.trouble import serve

IN_USE = "does not serve version 1.0 of the MariaDB API; using 1.3"
AS_MODULE = {"vars": {"scp_in_process": False}}
ASKED = "List API Versions"


def backup(**options: Any) -> Json:
    return {"samsungcloud.scp.mariadb_backup": {"cluster_name": "orders", **options}}


def versions_of(ran: Ran, operation: str) -> set[str]:
    return {call["version"] for call in ran.calls if call["operation"] == operation}


def asked(play: Play) -> list[tuple[str, int]]:
    """The questions for the versions, and the answers that led to them."""
    return [
        (call["operation"], call["status"])
        for call in play.simulator.calls()
        if call["operation"] == ASKED or call["status"] == 406
    ]


def test_versions_are_asked_for_once_in_a_play(play: Play) -> None:
    serve(play, "1.1", "1.3")
    tasks = [
        info("server_type"),
        {**info("cluster"), **AS_MODULE},
        {**info("engine_version"), "loop": [1, 2]},
        cluster(**ORDERS),
        {**cluster(**ORDERS), **AS_MODULE},
    ]

    ran = play(*tasks)

    assert not [one.result for one in ran if one.failed]
    assert asked(play) == [("List Server Types", 406), (ASKED, 200)]
    assert play.output.count(IN_USE) == 1
    assert {call["version"] for one in ran[1:] for call in one.calls} == {"mariadb 1.3"}


def test_a_module_asks_for_those_behind_it(play: Play) -> None:
    serve(play, "1.3")
    ran = play({**info("server_type"), **AS_MODULE}, info("server_type"), {**info("cluster"), **AS_MODULE})
    assert not [one.result for one in ran if one.failed]
    assert asked(play) == [("List Server Types", 406), (ASKED, 200)]
    assert play.output.count(IN_USE) == 1


def test_hosts_at_the_same_time_ask_once(play: Play) -> None:
    serve(play, "1.3")
    hosts = [f"orders{letter}" for letter in "abcdefgh"]
    inventory = {"all": {"hosts": {host: {} for host in hosts}, "vars": {"ansible_connection": "local"}}}
    (play.folder / "hosts.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    playbook = play.folder / "hosts_playbook.yml"
    task = {**info("server_type"), "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}
    playbook.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": [task]}]), encoding="utf-8")
    play.both_ways = False

    ran = play.run(str(playbook), "-i", "hosts.yml", "--forks", "8")

    assert [one.failed for one in ran] == [False] * 8, play.output
    assert [question for question in asked(play) if question[0] == ASKED] == [(ASKED, 200)]
    assert play.output.count(IN_USE) == 1


def test_another_play_asks_anew(play: Play) -> None:
    serve(play, "1.3")
    play(info("server_type"))
    serve(play, "1.1")
    (ran,) = play(info("server_type"))
    assert versions_of(ran, "List Server Types") == {"mariadb 1.0", "mariadb 1.1"}


def test_operation_that_the_newest_version_has_changed(play: Play) -> None:
    serve(play, "1.1", "1.3")
    seed(play.simulator, init_config_option=settings_of_database(backup_option=BACKUP))

    _first, removed = play(info("server_type"), backup(state="absent"))

    assert not removed.failed, removed.result
    assert versions_of(removed, "Unset Backup") == {"mariadb 1.1"}
    assert versions_of(removed, "Show Cluster") == {"mariadb 1.3"}


NEEDING: list[tuple[Json, str, str]] = [
    (cluster(**ORDERS, service_watch_log_collection=True), "service_watch_log_collection", "1.1"),
    (cluster(**ORDERS, service_watch_log_collection=False), "service_watch_log_collection", "1.1"),
    (cluster(name="orders", upgrade_kernel=True), "upgrade_kernel", "1.1"),
    (
        cluster(name="orders", upgrade_major_version=True, software_version="11.4.7"),
        "upgrade_major_version",
        "1.2",
    ),
    (backup(state="taken"), "state: taken", "1.2"),
]


def test_what_the_served_versions_do_not_have(play: Play) -> None:
    serve(play, "1.0")
    before = seed(play.simulator, is_kernel_patchable=True)
    tasks = [task for task, _option, _needed in NEEDING]
    pinned = cluster(name="orders", upgrade_kernel=True, api_version="1.0")

    *ran, last = play(*tasks, *({**task, "check_mode": True} for task in tasks), pinned)

    for one, (_task, option, needed) in zip(ran, NEEDING * 2, strict=True):
        told(one, f"{option} needs version {needed} of the MariaDB API or a later one", "serves 1.0", "not set")
        told(one, "Nothing was changed", f"Leave {option} out.")
        assert {call["operation"] for call in one.calls} == {ASKED}
    told(last, "upgrade_kernel needs version 1.1", "api_version is 1.0", "or set api_version to 1.1 or later")
    assert only_cluster(play.simulator) == before


@pytest.mark.parametrize(("served", "spoken"), [(["1.0", "1.1"], "1.1"), (["1.0", "1.1", "1.3"], "1.3")])
def test_option_that_needs_a_version_speaks_it(play: Play, served: list[str], spoken: str) -> None:
    serve(play, *served)
    before, created = play(info("server_type"), cluster(**ORDERS, service_watch_log_collection=True))
    assert not created.failed, created.result
    assert "warnings" not in created.result
    assert versions_of(before, "List Server Types") == {"mariadb 1.0"}
    assert versions_of(created, "Create Cluster") == {f"mariadb {spoken}"}
    assert [one["service_watch_log_collection"] for one in all_clusters(play.simulator)] == [True]


def test_major_version_is_never_left_unasked(play: Play) -> None:
    serve(play, "1.3", pinned="1.3")
    before = seed(play.simulator)
    (ran,) = play(cluster(name="orders", software_version="11.4.7"))
    told(ran, "software_version is '11.4.7'", "inside the major version 10.11", "upgrade_major_version: true")
    assert (ran.writes, only_cluster(play.simulator)) == ([], before)


def test_later_operations_do_not_exist_in_earlier_versions(play: Play) -> None:
    serve(play, "1.1", pinned="1.1")
    seed(play.simulator, is_kernel_patchable=True)
    kernel, taken = play(cluster(name="orders", upgrade_kernel=True), backup(state="taken"))
    assert kernel.operations == ["Upgrade Kernel"]
    told(taken, "state: taken needs version 1.2", "serves 1.1")
