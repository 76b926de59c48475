# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The style in which a service answers: what the contract leaves open, and what services do all the same.

The contract names what an answer may leave out and where it may say null; the rest was seen at other services.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from .contract import Contract, Operation

Json = dict[str, Any]

KOREA = timezone(timedelta(hours=9))
# A moment in UTC, written down as the services of this world do.
TIMES: dict[str, Callable[[datetime], str]] = {
    "zulu": lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "naive": lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S"),
    "fractions": lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.1234567Z"),
    "offset": lambda moment: moment.astimezone(KOREA).strftime("%Y-%m-%dT%H:%M:%S%z"),
}


@dataclass
class AnswerStyle:
    """``gateway`` is the make of the gateway, by the words for the bodies of faults."""

    leaves_out_optional: bool = False
    empty_lists_are_null: bool | None = None
    nulls_are_blank: bool = False
    times: str = "zulu"
    accepted_status: int = 202
    gateway: str = "gateway"

    @property
    def is_usual(self) -> bool:
        return self == AnswerStyle(accepted_status=self.accepted_status, gateway=self.gateway)

    def status(self, status: int) -> int:
        return self.accepted_status if status == 202 else status


# Styles by name, with the other settings that belong to them.
STYLES: dict[str, Json] = {
    "usual": {},
    "plain": {"answer_style": {"empty_lists_are_null": False, "times": "fractions"}, "running_backups_show_end": True},
    "poor": {
        "answer_style": {
            "leaves_out_optional": True,
            "empty_lists_are_null": True,
            "nulls_are_blank": True,
            "times": "naive",
            "accepted_status": 200,
            "gateway": "empty",
        }
    },
}


def styled(style: AnswerStyle, contract: Contract, operation: Operation, body: Json) -> Any:
    """Return an answer of an operation in a style."""
    return _styled(style, contract, contract.schema_of_answer(operation), body)


def _styled(style: AnswerStyle, contract: Contract, schema: Json, value: Any, name: str = "") -> Any:
    schema = contract.resolved(schema)
    types = schema.get("type", ())
    if isinstance(value, dict) and "properties" in schema:
        return {
            key: _styled(style, contract, schema["properties"][key], item, key)
            for key, item in value.items()
            if item or not style.leaves_out_optional or key in schema.get("required", ())
        }
    if "array" in types:
        if not value:
            return _empty_list(style, value, "null" in types)
        return [_styled(style, contract, schema["items"], item) for item in value]
    if value is None and style.nulls_are_blank and "string" in types:
        return ""
    return _time(style, value) if name.endswith("_at") and value else value


def _empty_list(style: AnswerStyle, value: Any, may_be_null: bool) -> Any:
    if style.empty_lists_are_null is None:
        return value
    return None if style.empty_lists_are_null and may_be_null else []


def _time(style: AnswerStyle, value: str) -> str:
    return TIMES[style.times](datetime.fromisoformat(value))
