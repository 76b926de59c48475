# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input of the parameters module: refused before any call, or at least before any write; and the borders."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _rules
from harness.play import Play
from harness.seeds import seed
from harness.settings import Wrong, assert_refused, task
from harness.simulator import Json, Simulator
from harness.trouble import settings

MODULE = "mariadb_parameters"
ORDERS = {"cluster_name": "orders"}
SOMETHING = {"parameters": {"wait_timeout": 60}}
UNCHANGED = "Nothing was changed"


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=6000)


# Refused without any look at the cluster.
UNSENT: list[Wrong] = [
    Wrong(
        {**ORDERS, "parameters": {"wait_timeout": 60, "autocommit": 1}, "reset": ["wait_timeout", "autocommit"]},
        (
            "reset is 'wait_timeout', but must not name a parameter that parameters sets",
            "reset is 'autocommit', but",
            UNCHANGED,
        ),
    ),
    Wrong({**ORDERS, "parameters": {}}, ("parameters or reset must name a parameter", UNCHANGED)),
    Wrong({**ORDERS, **SOMETHING, "state": "synced"}, ("parameters and reset", "state: synced", UNCHANGED)),
    Wrong(
        {"cluster_name": "o", **SOMETHING, "wait_timeout": 0},
        ("cluster_name is 'o', but must be a cluster's name", "wait_timeout is 0, but must be from 1", UNCHANGED),
    ),
    Wrong({"cluster_id": "a/b", **SOMETHING}, ("cluster_id is 'a/b', but must be an id", UNCHANGED)),
    Wrong({"cluster_name": None, **SOMETHING}, ("one of the following is required: cluster_id, cluster_name",)),
]

# By name: a value that the cluster must not get, and the words for what it may be.
BROKEN: dict[str, tuple[Any, str]] = {
    "wait_timeout": (31536001, "0-31536000"),
    "max_connections": (9, "10-100000"),
    "connect_timeout": (-1, "2-31536000"),
    "long_query_time": ("31536000.5", "0-31536000"),
    "tmp_table_size": ("much", "0-18446744073709551615"),
    "sort_buffer_size": (1.5, "1024-18446744073709551615"),
    "max_allowed_packet": ("2G", "1024-1073741824"),
    "slow_query_log": ("maybe", "ON,OFF"),
    "autocommit": (2, "ON,OFF"),
    "binlog_format": ("MIX", "ROW,STATEMENT,MIXED"),
    "log_output": ("FILE,PRINTER", "FILE,TABLE,NONE"),
}

# Refused after a look at the cluster, with everything that is wrong in one message.
UNWRITTEN: list[Wrong] = [
    Wrong(
        {**ORDERS, "parameters": {name: value for name, (value, _allowed) in BROKEN.items()}},
        (
            *(
                f"parameters.{name} is {str(value)!r}, but must be one of or within: {allowed}"
                for name, (value, allowed) in BROKEN.items()
            ),
            UNCHANGED,
        ),
    ),
    Wrong(
        {
            **ORDERS,
            "parameters": {"max_conections": 1, "wait_timeout": 60, "zzzzzzzz": 1},
            "reset": ["tx_isolatoin", "transaction_isolation"],
        },
        (
            "parameters is 'max_conections', but must be names of parameters",
            "close to it: max_connections",
            "parameters is 'zzzzzzzz', but must be names of parameters that the cluster has;",
            "reset is 'tx_isolatoin'",
            "close to it: tx_isolation",
            "reset is 'transaction_isolation'",
            UNCHANGED,
        ),
    ),
    Wrong(
        {**ORDERS, "parameters": {"port": 3306, "datadir": "/data"}, "reset": ["server_id"]},
        (
            "parameters.port is '3306', but can't be changed; the cluster has 2866",
            "parameters.datadir is '/data', but can't be changed",
            "reset: server_id can't be changed; the cluster has 7",
            UNCHANGED,
        ),
    ),
    Wrong(
        {**ORDERS, "parameters": {"wait_timeout": 60}, "reset": ["innodb_buffer_pool_size", "max_connections"]},
        (
            "reset: innodb_buffer_pool_size has a default that SCP computes, {DBInstanceClassMemory*3/4}",
            "reset: max_connections has a default that SCP computes",
            "set a value with parameters instead",
            UNCHANGED,
        ),
    ),
    Wrong({"cluster_name": "invoices", **SOMETHING}, ("There is no cluster named invoices.", UNCHANGED)),
    Wrong({"cluster_id": "0" * 32, **SOMETHING}, ("There is no cluster with the id 000", UNCHANGED)),
]


def test_refused_unsent(play: Play) -> None:
    seed(play.simulator)
    assert_refused(play, MODULE, UNSENT, reads=False)


def test_refused_unwritten(play: Play) -> None:
    seed(play.simulator, parameters={"server_id": "7"})
    assert_refused(play, MODULE, UNWRITTEN, reads=True)


# By name: a value at one end of what is allowed.
ENDS: list[Json] = [
    {
        "wait_timeout": 0,
        "max_connections": 10,
        "long_query_time": 0,
        "max_allowed_packet": "1K",
        "log_output": "NONE",
        "binlog_format": "row",
        "slow_query_log": "off",
        "optimizer_search_depth": 0,
        "ft_stopword_file": "/data/words",
    },
    {
        "wait_timeout": 31536000,
        "max_connections": 100000,
        "long_query_time": 31536000,
        "max_allowed_packet": "1G",
        "log_output": "FILE,TABLE",
        "binlog_format": "STATEMENT",
        "slow_query_log": 1,
        "tmp_table_size": "18446744073709551615",
        "ft_stopword_file": "",
    },
]


def test_ends_of_what_is_allowed(play: Play) -> None:
    settings(play.simulator, time_scale=600)
    seed(play.simulator)
    for values, ran in zip(ENDS, play(*(task(MODULE, {**ORDERS, "parameters": one}) for one in ENDS)), strict=True):
        assert not ran.failed, ran.result
        assert set(ran.result["parameters"]) == set(values)
        assert len(ran.writes) == 1


def test_every_rule_is_broken() -> None:
    broken = {
        option for case in UNSENT for option in _rules.ADDRESSED if any(word.startswith(option) for word in case.words)
    }
    assert broken == set(_rules.ADDRESSED)
