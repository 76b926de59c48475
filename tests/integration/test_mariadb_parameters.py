# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parameters are set, changed and reset, each as {check, real, check again, real again}; their meaning is compared."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _spec
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_parameters import ARGUMENT_SPEC
from harness.cycle import Cycle, Request, assert_owed, assert_truth, paths, promised, sent, spec_paths
from harness.failures import told
from harness.play import Play, Ran
from harness.seeds import all_clusters, seed
from harness.settings import four_runs, looks, task
from harness.simulator import Json, Simulator
from harness.tasks import cluster, info
from harness.trouble import advance, outcome, settings
from simulator.parameters import group_of

MODULE = "mariadb_parameters"
CLUSTER_ID = "0fdd87aab8cb46f59b7c1f81ed03fb3e"
SET, RESTART, SYNCHRONIZE = "Set Parameter Values", "Restart Cluster", "Synchronize Parameter Values"
RECOVER = "Synchronize Cluster State"
LOOKS = ["List Clusters", "Show Cluster", "List Parameter Values"]


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=6000)


def change(name: str, old: str, new: str) -> Json:
    """What SCP wants to be told of a change."""
    parameter = group_of("10.11.9").by_name(name)
    assert parameter is not None
    return {"id": parameter.id, "new_value": new, "old_value": old}


def parameters(**options: Any) -> Json:
    return task(MODULE, {"cluster_name": "orders", **options})


class Case(NamedTuple):
    """Options that are used: what is sent for them, and the values that the cluster shows afterwards."""

    proves: tuple[str, ...]
    options: Json
    sent: list[tuple[str, list[Json] | None]]
    shows: dict[str, str]
    present: dict[str, str] | None = None
    on_servers: dict[str, str] | None = None
    acts_again: bool = False


CASES: dict[str, Case] = {
    "set": Case(
        ("parameters", "cluster_id"),
        {
            "cluster_id": CLUSTER_ID,
            "parameters": {
                "wait_timeout": 600,
                "slow_query_log": False,
                "long_query_time": 0.5,
                "max_connections": 500,
            },
            "restart": "if_required",
        },
        [
            (
                SET,
                [
                    change("wait_timeout", "28800", "600"),
                    change("slow_query_log", "ON", "OFF"),
                    change("long_query_time", "10.000000", "0.5"),
                    change("max_connections", "341", "500"),
                ],
            )
        ],
        {"wait_timeout": "600", "slow_query_log": "OFF", "long_query_time": "0.5", "max_connections": "500"},
    ),
    "change": Case(
        ("parameters", "cluster_name"),
        {
            "cluster_name": "ordersb",
            "parameters": {"tmp_table_size": "128M", "binlog_format": "ROW", "autocommit": True, "wait_timeout": 28800},
        },
        [(SET, [change("tmp_table_size", "33554432", "134217728"), change("binlog_format", "STATEMENT", "ROW")])],
        {"tmp_table_size": "134217728", "binlog_format": "ROW", "autocommit": "1", "wait_timeout": "28800"},
        {"tmp_table_size": "33554432", "binlog_format": "STATEMENT", "autocommit": "1"},
    ),
    "reset": Case(
        ("reset",),
        {"parameters": {"max_allowed_packet": 33554432}, "reset": ["wait_timeout", "local_infile", "autocommit"]},
        [
            (
                SET,
                [
                    change("max_allowed_packet", "16777216", "33554432"),
                    change("wait_timeout", "600", "28800"),
                    change("local_infile", "OFF", "ON"),
                ],
            )
        ],
        {"max_allowed_packet": "33554432", "wait_timeout": "28800", "local_infile": "ON", "autocommit": "ON"},
        {"wait_timeout": "600", "local_infile": "OFF"},
    ),
    "one restart for all": Case(
        ("restart",),
        {
            "parameters": {"innodb_open_files": 4000, "performance_schema": True, "wait_timeout": 60},
            "reset": ["innodb_log_buffer_size"],
            "restart": "if_required",
        },
        [
            (
                SET,
                [
                    change("innodb_open_files", "2000", "4000"),
                    change("performance_schema", "OFF", "ON"),
                    change("wait_timeout", "28800", "60"),
                    change("innodb_log_buffer_size", "33554432", "16777216"),
                ],
            ),
            (RESTART, None),
        ],
        {
            "innodb_open_files": "4000",
            "performance_schema": "ON",
            "wait_timeout": "60",
            "innodb_log_buffer_size": "16777216",
        },
        {"innodb_log_buffer_size": "33554432"},
    ),
    "values read anew": Case(
        ("state",),
        {"state": "synced"},
        [(SYNCHRONIZE, None)],
        {"wait_timeout": "99"},
        on_servers={"wait_timeout": "99"},
        acts_again=True,
    ),
}


def addressed(case: Case, name: str) -> Json:
    return case.options if "cluster_id" in case.options else {"cluster_name": name, **case.options}


def test_cases(play: Play) -> None:
    """Each on a cluster of its own: no write in a dry run, the promised ones in a real one, none the second time."""
    names = [f"orders{letter}" for letter in ascii_lowercase[: len(CASES)]]
    ids = []
    for name, case in zip(names, CASES.values(), strict=True):
        parts: Json = {"parameters": case.present or {}, "on_servers": {"parameters": case.on_servers or {}}}
        given = {"id": case.options["cluster_id"]} if "cluster_id" in case.options else {}
        ids.append(seed(play.simulator, name=name, **given, **parts)["id"])

    cycles = four_runs(play, MODULE, [addressed(case, name) for name, case in zip(names, CASES.values(), strict=True)])

    for cluster_id, (name, case), ran in zip(ids, CASES.items(), cycles, strict=True):
        assert_owed(ran, acts_again=case.acts_again)
        assert sent(ran.real) == [requested(cluster_id, *one) for one in case.sent], name
        expected = LOOKS[1:] if "cluster_id" in case.options else LOOKS
        assert [looks(one) for one in ran] == [expected] * 4, name
        assert ran.real.result["parameters"].items() >= case.shows.items(), name
        assert ran.check_again.result["parameters"].items() >= case.shows.items(), name
        if case.options.get("state") != "synced":
            assert ran.predicted.result["parameters"] == ran.predicted.result["diff"]["before"], name
        assert [one.result["restart_required"] for one in ran] == [False] * 4, name
        assert ran.real.result["cluster_id"] == cluster_id
        assert all(call["options"] for call in ran.real.result["operations"])


def requested(cluster_id: str, operation: str, body: list[Json] | None) -> Request:
    method, rest = {SET: ("PUT", "parameters"), RESTART: ("POST", "restart"), SYNCHRONIZE: ("POST", "parameters/sync")}[
        operation
    ]
    return Request(
        operation, method, f"/v1/clusters/{cluster_id}/{rest}", None if body is None else {"parameters": body}
    )


# --- Compared as the server means them -------------------------------------------------------------------------------

# By name: what is applied, and what is declared and means the same.
SAME: dict[str, tuple[str, Any]] = {
    "slow_query_log": ("ON", True),
    "event_scheduler": ("OFF", False),
    "autocommit": ("ON", "1"),
    "local_infile": ("0", "off"),
    "innodb_print_all_deadlocks": ("1", "true"),
    "innodb_file_per_table": ("ON", "on"),
    "log_bin_trust_function_creators": ("off", 0),
    "tmp_table_size": ("134217728", "128M"),
    "max_allowed_packet": ("16M", 16777216),
    "join_buffer_size": ("1G", "1024m"),
    "binlog_cache_size": ("32k", "32768"),
    "binlog_format": ("MIXED", "mixed"),
    "log_output": ("FILE,TABLE", "file, table"),
    "long_query_time": ("10.000000", 10),
    "time_zone": ("SYSTEM", "'SYSTEM'"),
    "collation_server": ("utf8mb4_general_ci", "UTF8MB4_general_ci"),
    "character_set_server": ("utf8mb4", '"utf8mb4"'),
    "max_connections": ("341", 341),
    # Can't be changed, and does not have to be.
    "port": ("2866", 2866),
    "datadir": ("/data/mariadb", "/data/mariadb"),
}
# By name: what is applied, what is declared, looks alike and means something else, and how SCP is told.
OTHER: dict[str, tuple[str, Any, str]] = {
    "long_query_time": ("10.000000", "10.000001", "10.000001"),
    "join_buffer_size": ("1M", "1G", "1073741824"),
    "slow_query_log": ("ON", "false", "OFF"),
    "event_scheduler": ("0", "yes", "ON"),
    "log_output": ("FILE,TABLE", "'file'", "FILE"),
    "binlog_format": ("MIXED", "row", "ROW"),
    "wait_timeout": ("60", 600, "600"),
}


def test_spellings(play: Play) -> None:
    applied = {name: value for name, (value, _declared) in SAME.items()}
    seed(play.simulator, name="same", parameters=applied)
    seed(play.simulator, name="other", parameters={name: old for name, (old, _declared, _told) in OTHER.items()})

    same, other = play(
        parameters(cluster_name="same", parameters={name: declared for name, (_old, declared) in SAME.items()}),
        parameters(
            cluster_name="other", parameters={name: declared for name, (_old, declared, _told) in OTHER.items()}
        ),
    )

    for ran in (same, other):
        assert not ran.failed, ran.result
    assert (same.changed, same.writes, same.operations) == (False, [], [])
    assert same.result["parameters"] == applied
    [request] = sent(other)
    assert request.body["parameters"] == [change(name, old, new) for name, (old, _declared, new) in OTHER.items()]


# Values that the server may know under another spelling, or not at all.
DOUBTFUL: list[tuple[str, str, Any]] = [
    ("slow_query_log", "ON", "no"),
    ("binlog_format", "MIXED", "'ROW'"),
    ("binlog_format", "MIXED", "ROW,MIXED"),
    ("innodb_flush_log_at_trx_commit", "2", True),
    ("long_query_time", "1", "10k"),
    ("time_zone", "SYSTEM", ["SYSTEM"]),
    ("time_zone", "SYSTEM", "nan"),
]


def test_no_spelling_loses_the_cluster(play: Play) -> None:
    """SCP accepts what the database then refuses, so that each is sent as the server knows it, or is refused."""
    settings(play.simulator, time_scale=600)
    names = [f"orders{letter}" for letter in ascii_lowercase[: len(DOUBTFUL)]]
    for name, (parameter, applied, _declared) in zip(names, DOUBTFUL, strict=True):
        seed(play.simulator, name=name, parameters={parameter: applied})
    ran = play(
        *(
            parameters(cluster_name=name, parameters={parameter: declared})
            for name, (parameter, _applied, declared) in zip(names, DOUBTFUL, strict=True)
        )
    )
    states = {shown["name"]: shown["service_state"] for shown in all_clusters(play.simulator)}
    unsafe = [
        case
        for name, case, one in zip(names, DOUBTFUL, ran, strict=True)
        if states[name] != "RUNNING" or not is_safe(*case, one)
    ]
    assert unsafe == []


def is_safe(name: str, applied: str, declared: Any, ran: Ran) -> bool:
    if ran.failed:
        refused = f"parameters.{name}" in str(ran.result.get("msg")) and "Nothing was changed" in ran.result["msg"]
        return refused and not ran.writes
    # A list is no value in any spelling.
    return ran.changed and ran.result["parameters"][name] != applied and not isinstance(declared, list)


# --- Values that count after a restart -------------------------------------------------------------------------------


STATIC = {"innodb_open_files": "4000", "innodb_flush_method": "fsync"}


@pytest.mark.parametrize("at_once", [True, False])
def test_static_values_without_a_restart(play: Play, at_once: bool) -> None:
    settings(play.simulator, static_values_show_at_once=at_once)
    seed(play.simulator)
    options = {"cluster_name": "orders", "parameters": STATIC, "restart": "never"}

    *four, _restarted, at_last = play(
        *(task(MODULE, options, check) for check in (True, False, True, False)),
        cluster(name="orders", state="restarted"),
        task(MODULE, options),
    )

    ran = Cycle(*four)
    assert_truth(ran.predicted, ran.real)
    assert [request.operation for request in sent(ran.real)] == [SET]
    assert ran.predicted.result["restart_required"] is ran.real.result["restart_required"] is True
    old = {"innodb_open_files": "2000", "innodb_flush_method": "O_DIRECT"}
    assert ran.real.result["parameters"] == (STATIC if at_once else old)
    # A value that waits shows nowhere, so that it is sent again, and told as long as that is so.
    assert ran.real_again.changed is ran.real_again.result["restart_required"] is not at_once
    assert_truth(ran.check_again, ran.real_again)
    assert (at_last.changed, at_last.result["restart_required"]) == (False, False)
    assert at_last.result["parameters"] == STATIC


def test_static_values_that_show_after_the_restart(play: Play) -> None:
    settings(play.simulator, static_values_show_at_once=False)
    seed(play.simulator)

    (ran,) = four_runs(play, MODULE, [{"cluster_name": "orders", "parameters": STATIC, "restart": "if_required"}])

    assert_owed(ran)
    assert [request.operation for request in sent(ran.real)] == [SET, RESTART]
    assert [one.result["restart_required"] for one in ran] == [False] * 4
    assert ran.real.result["parameters"] == ran.real_again.result["parameters"] == STATIC


def test_not_waiting(play: Play) -> None:
    seed(play.simulator)
    # So long that the values after the task are still the old ones, on any machine.
    settings(play.simulator, durations={SET: 4 * 6000})
    begun, ended, refused = play(
        {**parameters(parameters={"wait_timeout": 60}, wait=False), "register": "begun"},
        info("request", request_ids=["{{ begun.request_id }}"], wait=True),
        parameters(parameters={"innodb_open_files": 4000}, restart="if_required", wait=False),
    )
    assert (begun.changed, begun.operations) == (True, [SET])
    assert [request["state"] for request in ended.result["requests"]] == ["COMPLETED"]
    told(refused, "wait is false", SET, RESTART, "Nothing was changed")
    assert refused.writes == []


# --- A value that the database refuses -------------------------------------------------------------------------------

GOOD: Json = {"parameters": {"wait_timeout": 60, "binlog_format": "ROW"}}


def lose(simulator: Simulator, name: str) -> None:
    """Let a cluster get lost over a value, as SCP lets it."""
    cluster_id = seed(simulator, name=name)["id"]
    config = Config(simulator.access_key, simulator.secret_key, simulator.endpoint)
    body = [change("wait_timeout", "28800", "60"), change("binlog_format", "MIXED", "none")]
    Http(config).write(_api.set_parameter_values(cluster_id, body))
    advance(simulator, 3600)


def test_value_that_loses_the_cluster_is_told_with_the_way_back(play: Play) -> None:
    settings(play.simulator, time_scale=600)
    seed(play.simulator)
    outcome(play.simulator, SET, service_state="UNKNOWN")

    lost, synced, corrected = play(
        parameters(**GOOD), cluster(name="orders", state="synced"), parameters(**GOOD, restart="if_required")
    )

    told(lost, "UNKNOWN", "wait_timeout, binlog_format", "mariadb_cluster with state: synced", "correct the value")
    assert (lost.changed, lost.operations) == (True, [SET])
    assert lost.result["cluster"]["service_state"] == "UNKNOWN"
    assert lost.result["request_id"] == lost.result["operations"][0]["request_id"]
    assert synced.operations == [RECOVER]
    assert not corrected.failed, corrected.result
    assert corrected.operations == [SET]
    assert corrected.result["parameters"] == {"wait_timeout": "60", "binlog_format": "ROW"}


def test_lost_clusters_are_brought_back_first(play: Play) -> None:
    """They show the values over which they got lost, which must not pass for those that they have."""
    settings(play.simulator, stale_reads=0)
    names = ["corrected", "declaredagain", "reset"]
    for name in names:
        lose(play.simulator, name)
    assert {shown["service_state"] for shown in all_clusters(play.simulator)} == {"UNKNOWN"}

    predicted, *ran = play(
        task(MODULE, {"cluster_name": "corrected", **GOOD}, check=True),
        parameters(cluster_name="corrected", **GOOD),
        parameters(cluster_name="declaredagain", parameters={"wait_timeout": 60}),
        parameters(cluster_name="reset", reset=["wait_timeout", "binlog_format"]),
    )

    assert predicted.writes == []
    assert predicted.operations[0] == RECOVER
    for one in ran:
        assert not one.failed, one.result["msg"]
        assert promised(one) == sent(one)
    assert [one.operations for one in ran] == [[RECOVER, SET], [RECOVER, SET], [RECOVER]]
    assert [one.result["parameters"] for one in ran] == [
        {"wait_timeout": "60", "binlog_format": "ROW"},
        {"wait_timeout": "60"},
        {"wait_timeout": "28800", "binlog_format": "MIXED"},
    ]
    assert {shown["service_state"] for shown in all_clusters(play.simulator)} == {"RUNNING"}


def test_clusters_that_take_no_change(play: Play) -> None:
    ways = {"STOPPED": "state: started", "ERROR": "state: synced"}
    for state in ways:
        seed(play.simulator, name=state.lower(), service_state=state)
    ran = play(*(task(MODULE, {"cluster_name": state.lower(), **GOOD}, check=state == "ERROR") for state in ways))
    for one, (state, words) in zip(ran, ways.items(), strict=True):
        told(one, f"The cluster {state.lower()} is {state}", SET, words)
        assert one.writes == []


# --- None is without a proof -----------------------------------------------------------------------------------------


def test_every_option_is_used() -> None:
    options = set(spec_paths(ARGUMENT_SPEC)) - {*_spec.CONNECTION, *_spec.WAIT}
    assert {option for case in CASES.values() for option in case.proves} == options
    assert [name for name, case in CASES.items() if not set(case.proves) <= set(paths(case.options))] == []


@pytest.mark.parametrize("option", ["state", "restart"])
def test_every_choice_is_made(option: str) -> None:
    entry = ARGUMENT_SPEC[option]
    # The default is what the other cases leave out.
    assert {case.options.get(option, entry["default"]) for case in CASES.values()} == set(entry["choices"])
