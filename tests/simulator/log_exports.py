# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The logs that can be exported, and what the API shows of an export."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

LABELS = {"alert": "DB Alert Log", "audit": "DB Audit Log", "slow": "DB Slow Query Log"}
SETTINGS = (
    "delete_on_export",
    "schedule_day_of_month",
    "schedule_day_of_week",
    "schedule_frequency_type",
    "schedule_hour",
)


def unregistered(log_type: str) -> Json:
    return {
        "bucket_name": None,
        "is_bucket_deleted": None,
        "is_registered": False,
        "log_label": LABELS[log_type],
        "log_type": log_type,
        **dict.fromkeys(SETTINGS),
    }


def seeded(given: Json) -> Json:
    """A registered export of every day, but for what is given."""
    usual = {
        "bucket_name": "seeded",
        "delete_on_export": False,
        "is_bucket_deleted": False,
        "is_registered": True,
        "schedule_frequency_type": "DAY",
        "schedule_hour": "0",
    }
    return {**unregistered(given["log_type"]), **usual, **given}
