# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input of the module for exports of logs: refused before any call, or at least before any write."""

from __future__ import annotations

from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import _rules
from harness.failures import told
from harness.play import Play
from harness.seeds import seed
from harness.settings import Wrong, assert_refused, task

MODULE = "mariadb_log_export"
KEYS = {"bucket_access_key": "unsafe-ak", "bucket_secret_key": "unsafe-sk"}
VALID = {
    "cluster_name": "orders",
    "log_type": "slow",
    "bucket_name": "logs",
    **KEYS,
    "schedule_frequency_type": "DAY",
    "schedule_hour": 3,
}
FREQUENCY, WEEK, MONTH = "schedule_frequency_type", "schedule_day_of_week", "schedule_day_of_month"
DAY_RULE = "must be a day from 1 to 31, or -1 for the last day of the month"


def wrong(*words: str, without: str = "", **options: Any) -> Wrong:
    """A task that is valid but for these options and the one left out."""
    merged = {key: value for key, value in {**VALID, **options}.items() if key != without and value is not None}
    return Wrong(merged, (*words, "Nothing was changed"))


# Refused without any look at the cluster.
UNSENT: list[Wrong] = [
    wrong(
        f"{WEEK} is 'SUN', but does not go with {FREQUENCY}: DAY",
        f"{MONTH} is -1, but does not go with {FREQUENCY}: DAY",
        schedule_day_of_week="SUN",
        schedule_day_of_month=-1,
    ),
    wrong(
        f"{WEEK} is required with {FREQUENCY}: WEEK",
        f"{MONTH} is 1, but does not go with {FREQUENCY}: WEEK",
        schedule_frequency_type="WEEK",
        schedule_day_of_month=1,
    ),
    wrong(
        f"{MONTH} is required with {FREQUENCY}: MONTH",
        f"{WEEK} is 'SUN', but does not go with {FREQUENCY}: MONTH",
        schedule_frequency_type="MONTH",
        schedule_day_of_week="SUN",
    ),
    *(
        wrong(f"{MONTH} is {day}, but {DAY_RULE}", schedule_frequency_type="MONTH", schedule_day_of_month=day)
        for day in (0, 32)
    ),
    wrong(
        f"{WEEK} is 'SUN', but needs {FREQUENCY} beside it",
        f"{MONTH} is 1, but needs {FREQUENCY} beside it",
        without=FREQUENCY,
        schedule_day_of_week="SUN",
        schedule_day_of_month=1,
    ),
    wrong("bucket_access_key does not go without bucket_secret_key", without="bucket_secret_key"),
    wrong("bucket_secret_key does not go without bucket_access_key", without="bucket_access_key"),
    wrong(
        "bucket_name is 'lo/gs', but must be the name of a bucket",
        "bucket_access_key must not contain line breaks",
        "bucket_secret_key must not contain line breaks",
        "schedule_hour is -1, but must be from 0 to 23",
        schedule_hour=-1,
        bucket_name="lo/gs",
        bucket_access_key="key\n",
        bucket_secret_key="k\u200bey",
    ),
    wrong(
        "cluster_name is 'o', but must be a cluster's name",
        "wait_timeout is 0, but must be from 1",
        "schedule_hour is 24, but must be from 0 to 23",
        schedule_hour=24,
        cluster_name="o",
        wait_timeout=0,
    ),
    wrong("cluster_id is 'a/b', but must be an id", without="cluster_name", cluster_id="a/b"),
]

REQUIRED = ("bucket_name", *KEYS, FREQUENCY, "schedule_hour")
# The slow log is exported every day at three, and so is that of alerts, whose bucket is gone.
EXPORTS = [
    {"log_type": "slow", "bucket_name": "logs", "schedule_hour": "3"},
    {"log_type": "alert", "bucket_name": "gone", "schedule_hour": "3", "is_bucket_deleted": True},
]
UNREGISTERED = {"log_type": "audit"}

# Refused after a look at the cluster.
UNWRITTEN: list[Wrong] = [
    Wrong(
        {"cluster_name": "orders", **UNREGISTERED},
        (*(f"{option} is required to register an export" for option in REQUIRED), "Nothing was changed"),
    ),
    wrong(
        "bucket_name is 'others', but the export goes to logs, which can't be changed",
        "unregister it first (state: absent)",
        bucket_name="others",
    ),
    *(
        wrong(
            "bucket_access_key is required to change an export",
            "bucket_secret_key is required to change an export",
            bucket_access_key=None,
            bucket_secret_key=None,
            **options,
        )
        for options in ({"schedule_hour": 4}, {"update_keys": "always"})
    ),
    *(
        wrong(
            "The bucket gone of the export was deleted",
            "(state: absent)",
            log_type="alert",
            bucket_name=name,
            **options,
        )
        for name, options in (("gone", {}), (None, {"schedule_hour": 4}))
    ),
    wrong("The bucket gone of the export was deleted", log_type="alert", bucket_name=None, state="exported"),
    wrong("The audit log", "not registered", "state: present", state="exported", **UNREGISTERED),
    wrong("There is no cluster named invoices.", cluster_name="invoices"),
]


def test_refused_unsent(play: Play) -> None:
    seed(play.simulator)
    assert_refused(play, MODULE, UNSENT, reads=False)


def test_refused_unwritten(play: Play) -> None:
    seed(play.simulator, log_exports=EXPORTS)
    assert_refused(play, MODULE, UNWRITTEN, reads=True)


def test_cluster_that_takes_no_change(play: Play) -> None:
    seed(play.simulator, service_state="STOPPED")
    predicted, real = play(*(task(MODULE, VALID, check) for check in (True, False)))
    for ran in (predicted, real):
        told(ran, "The cluster orders is STOPPED", "Register Log Export Config", "state: started")
        assert ran.writes == []


def test_every_rule_is_broken() -> None:
    words = [word for case in UNSENT for word in case.words]
    assert {option for option in _rules.LOG_EXPORT if any(word.startswith(option) for word in words)} == set(
        _rules.LOG_EXPORT
    )
