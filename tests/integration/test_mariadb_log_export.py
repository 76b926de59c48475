# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exports of logs are registered, changed, used and ended: what is sent for each option, and that it is sent once."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any, NamedTuple

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec
from ansible_collections.samsungcloud.scp.plugins.modules import mariadb_log_export_info
from ansible_collections.samsungcloud.scp.plugins.modules.mariadb_log_export import ARGUMENT_SPEC
from harness.cycle import Cycle, Request, assert_holds, assert_owed, paths, promised, sent, spec_paths
from harness.failures import told
from harness.play import Play, Ran
from harness.seeds import seed, settings_of_database
from harness.settings import looks, reads, task
from harness.simulator import Json, Simulator
from harness.tasks import info
from harness.trouble import settings

MODULE = "mariadb_log_export"
CLUSTER_ID = "0fdd87aab8cb46f59b7c1f81ed03fb3e"
LOOKS = ["List Clusters", "Show Cluster", "List Log Export Configs"]
REGISTER, CHANGE, UNREGISTER, EXPORT = (
    "Register Log Export Config",
    "Set Log Export Config",
    "Unregister Log Export Config",
    "Export Log",
)
ROUTES = {REGISTER: ("POST", ""), CHANGE: ("PUT", "/{}"), UNREGISTER: ("DELETE", "/{}"), EXPORT: ("POST", "/{}/export")}
KEYS: Json = {"bucket_access_key": "unsafe-ak", "bucket_secret_key": "unsafe-sk"}
HIDDEN: Json = {"access_key": "********", "secret_key": "********"}
AUDITED: Json = {"init_config_option": settings_of_database(audit_enabled=True)}

DAILY: Json = {
    "delete_on_export": False,
    "schedule_day_of_month": None,
    "schedule_day_of_week": None,
    "schedule_frequency_type": "DAY",
    "schedule_hour": "3",
}
WEEKLY: Json = {**DAILY, "schedule_frequency_type": "WEEK", "schedule_day_of_week": "SUN"}
MONTHLY: Json = {**DAILY, "schedule_frequency_type": "MONTH", "schedule_day_of_month": "15"}


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=6000)


def export(schedule: Json, log_type: str = "slow", **parts: Any) -> Json:
    """A registered export, as a cluster is given it."""
    return {"log_exports": [{"log_type": log_type, "bucket_name": "logs", **schedule, **parts}]}


class Case(NamedTuple):
    """One option that is used: the operation and the body that are sent for it, and the export afterwards.

    ``in_full`` is for {check, real, check again, real again}, and not only for {real, real again}.
    """

    option: str
    options: Json
    operation: str
    body: Json | None
    shows: Json | None
    present: Json | None = None
    acts_again: bool = False
    in_full: bool = False

    @property
    def log_type(self) -> str:
        return str(self.options.get("log_type", "slow"))


def register(option: str, log_type: str, schedule: Json, present: Json | None = None, **options: Any) -> Case:
    wanted = {"bucket_name": "logs", "log_type": log_type, **schedule}
    described = {key: value for key, value in schedule.items() if value is not None}
    described["schedule_hour"] = int(described["schedule_hour"])
    if "schedule_day_of_month" in described:
        described["schedule_day_of_month"] = int(described["schedule_day_of_month"])
    given = {"bucket_name": "logs", "log_type": log_type, **KEYS, **described, **options}
    return Case(option, given, REGISTER, {**wanted, **HIDDEN}, wanted, present)


def change(option: str, options: Json, present: Json, **after: Any) -> Case:
    wanted = {**present, **after}
    return Case(option, {**KEYS, **options}, CHANGE, {**wanted, **HIDDEN}, wanted, export(present))


CASES: dict[str, Case] = {
    "register": register("bucket_name", "slow", {**WEEKLY, "delete_on_export": True})._replace(in_full=True),
    "register the audit log": register("log_type", "audit", DAILY, AUDITED),
    "register by id, for the end of the month": register(
        "cluster_id", "alert", {**MONTHLY, "schedule_hour": "0", "schedule_day_of_month": "-1"}, cluster_id=CLUSTER_ID
    ),
    "change": change(
        "schedule_frequency_type",
        {
            "schedule_frequency_type": "MONTH",
            "schedule_day_of_month": 31,
            "schedule_hour": 23,
            "delete_on_export": True,
            "bucket_name": "logs",
        },
        WEEKLY,
        schedule_frequency_type="MONTH",
        schedule_day_of_month="31",
        schedule_day_of_week=None,
        schedule_hour="23",
        delete_on_export=True,
    )._replace(in_full=True),
    "every day, which drops the day of the month": change(
        "delete_on_export",
        {"schedule_frequency_type": "DAY", "delete_on_export": False},
        {**MONTHLY, "delete_on_export": True},
        schedule_frequency_type="DAY",
        schedule_day_of_month=None,
        delete_on_export=False,
    ),
    "another day of the week": change(
        "schedule_day_of_week",
        {"schedule_frequency_type": "WEEK", "schedule_day_of_week": "MON"},
        WEEKLY,
        schedule_day_of_week="MON",
    ),
    "another day of the month": change(
        "schedule_day_of_month",
        {"schedule_frequency_type": "MONTH", "schedule_day_of_month": 1},
        MONTHLY,
        schedule_day_of_month="1",
    ),
    "another hour, and the day stays": change(
        "schedule_hour", {"schedule_hour": 4, "update_keys": "on_create"}, WEEKLY, schedule_hour="4"
    ),
    "new keys": change("update_keys", {"update_keys": "always"}, MONTHLY)._replace(acts_again=True, in_full=True),
    "export now": Case(
        "state", {"state": "exported"}, EXPORT, None, DAILY, export(DAILY), acts_again=True, in_full=True
    ),
    "unregister": Case("state", {"state": "absent"}, UNREGISTER, None, None, export(WEEKLY), in_full=True),
    "unregister what has no bucket any more": Case(
        "cluster_name",
        {"cluster_name": "ordersl", "state": "absent"},
        UNREGISTER,
        None,
        None,
        export(DAILY, is_bucket_deleted=True),
    ),
}


def test_cases(play: Play) -> None:
    """Each on a cluster of its own: no write in a dry run, the promised one in a real one, none the second time."""
    names = [f"orders{letter}" for letter in ascii_lowercase[: len(CASES)]]
    tasks, ids = [], []
    for name, case in zip(names, CASES.values(), strict=True):
        given = {"id": CLUSTER_ID} if "cluster_id" in case.options else {}
        ids.append(seed(play.simulator, name=name, **given, **(case.present or {}))["id"])
        address = {} if given else {"cluster_name": name}
        options = {"log_type": "slow", **address, **case.options}
        tasks += [task(MODULE, options, check) for check in ((True, False) if case.in_full else (False,)) * 2]

    ran = iter(play(*tasks))

    for cluster_id, (name, case) in zip(ids, CASES.items(), strict=True):
        runs = [next(ran) for _run in range(4 if case.in_full else 2)]
        assert_case(name, case, cluster_id, runs)


def assert_case(name: str, case: Case, cluster_id: str, runs: list[Ran]) -> None:
    real, again = runs[-1 - len(runs) // 2], runs[-1]
    if case.in_full:
        assert_owed(Cycle(*runs), acts_again=case.acts_again)
    method, rest = ROUTES[case.operation]
    path = f"/v1/clusters/{cluster_id}/log-export-configs{rest.format(case.log_type)}"
    for one in runs:
        assert not one.failed, (name, one.result)
        assert looks(one) == (LOOKS[1:] if "cluster_id" in case.options else LOOKS), name
    expected = [Request(case.operation, method, path, case.body)]
    assert promised(real) == sent(real) == expected, name
    assert promised(again) == sent(again) == (expected if case.acts_again else []), name
    assert (real.changed, again.changed) == (True, case.acts_again), name
    assert real.result["log_export"] == again.result["log_export"], name
    if case.shows is None:
        assert again.result["log_export"] is None, name
    else:
        assert_holds(again.result["log_export"], {**case.shows, "is_registered": True}, name)
    assert all(call["options"] for call in real.result["operations"])


def test_runs_with_nothing_to_do_or_in_vain(play: Play) -> None:
    """Of a week a service may show "-1" as the day of the month, and the keys are never shown."""
    seed(play.simulator, **export({**WEEKLY, "schedule_day_of_month": "-1"}))
    seed(play.simulator, name="stopped", service_state="STOPPED")
    weekly = {"schedule_frequency_type": "WEEK", "schedule_day_of_week": "SUN", "schedule_hour": 3}
    daily = {"schedule_frequency_type": "DAY", "schedule_hour": 3}

    nothing, same, absent, not_written = play(
        task(MODULE, {"cluster_name": "orders", "log_type": "slow"}),
        task(MODULE, {"cluster_name": "orders", "log_type": "slow", "bucket_name": "logs", **weekly, **KEYS}),
        task(MODULE, {"cluster_name": "stopped", "log_type": "slow", "state": "absent"}),
        task(MODULE, {"cluster_name": "orders", "log_type": "audit", "bucket_name": "logs", **daily, **KEYS}),
    )

    for ran in (nothing, same, absent):
        assert not ran.failed, ran.result
        assert (ran.changed, ran.writes, ran.operations) == (False, [], [])
    assert nothing.result["log_export"]["schedule_day_of_week"] == "SUN"
    assert same.result["log_export"] == nothing.result["log_export"]
    assert absent.result["log_export"] is None
    told(not_written, "log_type is 'audit', but needs the audit log, which is off", "audit_enabled")
    assert not not_written.changed
    assert not_written.writes == []


# --- The module that only lists --------------------------------------------------------------------------------------

INFO_CASES: dict[str, Json] = {
    "cluster_name": {"cluster_name": "orders"},
    "cluster_id": {"cluster_id": CLUSTER_ID},
    "log_type": {"cluster_id": CLUSTER_ID, "log_type": "slow"},
}


def test_list_of_exports(play: Play) -> None:
    seed(play.simulator, id=CLUSTER_ID, **export(WEEKLY))

    by_name, by_id, one, nowhere, wrong = play(
        *(info("log_export", **options) for options in INFO_CASES.values()),
        info("log_export", cluster_name="invoices"),
        info("log_export", cluster_id="a/b"),
    )

    for ran in (by_name, by_id, one):
        assert not ran.failed, ran.result
        assert not ran.changed
    assert reads(by_name) == LOOKS
    assert reads(by_id) == reads(one) == LOOKS[1:]
    assert [shown["log_type"] for shown in by_name.result["log_exports"]] == ["alert", "audit", "slow"]
    assert [shown["is_registered"] for shown in by_name.result["log_exports"]] == [False, False, True]
    assert by_id.result["log_exports"] == by_name.result["log_exports"]
    assert one.result["log_exports"] == by_id.result["log_exports"][2:]
    assert_holds(one.result["log_exports"], [{"bucket_name": "logs", **WEEKLY}])
    told(nowhere, "There is no cluster named invoices.")
    told(wrong, "cluster_id is 'a/b', but must be an id")
    assert wrong.calls == []


# --- None is without a proof -----------------------------------------------------------------------------------------


def test_every_option_is_used() -> None:
    options = set(spec_paths(ARGUMENT_SPEC)) - {*_spec.CONNECTION, *_spec.WAIT}
    # Of the keys nothing is shown; the unit tests see which goes where.
    assert {case.option for case in CASES.values()} | set(KEYS) == options
    unused = [name for name, case in CASES.items() if case.option not in set(paths(case.options))]
    assert unused == []
    assert set(INFO_CASES) == set(spec_paths(mariadb_log_export_info.ARGUMENT_SPEC)) - set(_spec.CONNECTION)


CHOICES = [option for option, entry in ARGUMENT_SPEC.items() if "choices" in entry and option not in _spec.CONNECTION]


@pytest.mark.parametrize("option", CHOICES)
def test_every_choice_is_made(option: str) -> None:
    entry = ARGUMENT_SPEC[option]
    made = {case.options.get(option, entry.get("default")) for case in CASES.values()}
    # The other days of the week are those of the contract, which the unit tests compare.
    expected = {"SUN", "MON"} if option == "schedule_day_of_week" else set(entry["choices"])
    assert made - {None} == expected
