# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the value of a database parameter means, whatever its spelling, and how SCP has to be told.

SCP accepts any value, and a database that then refuses it is lost (facts: section 6). The words of ``data_type`` and
``allows_value`` are not documented, so that a form that is not understood allows everything.
"""

from __future__ import annotations

import math
import re
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json

TRUE_WORDS = frozenset({"on", "1", "true", "yes"})
FALSE_WORDS = frozenset({"off", "0", "false", "no"})
SIZE = re.compile(r"([+-]?[0-9]+)([kmgt]?)", re.IGNORECASE)
FACTORS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
# How the types of numbers begin that take no size.
FRACTIONS = ("float", "double", "decimal", "real")
RANGE = re.compile(r"\s*(-?[0-9]+(?:\.[0-9]+)?)\s*(?:-|~|\.\.)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*")


def as_text(value: Any) -> str:
    """Return a declared value as a text; YAML's ``true`` is ``ON``."""
    if isinstance(value, bool):
        return "ON" if value else "OFF"
    return str(value)


def same(parameter: Json, value: str) -> bool:
    """Tell whether a value is the one that the cluster has."""
    present, wanted = canonical(applied(parameter)), canonical(value)
    if "set" in parameter["data_type"].lower():
        return sorted(present.split(",")) == sorted(wanted.split(","))
    return present == wanted


def applied(parameter: Json) -> str:
    """Return the value that the cluster has."""
    value: str = parameter["applied_value"]
    return value


def canonical(text: str) -> str:
    """Return a value in one spelling: ``ON`` is ``1``, ``128M`` is ``134217728``, case and quotes do not count."""
    lower = _bare(text).lower()
    if lower in TRUE_WORDS:
        return "1"
    if lower in FALSE_WORDS:
        return "0"
    number = as_number(lower)
    if number is not None:
        return str(int(number)) if number == int(number) else repr(number)
    return ",".join(part.strip() for part in lower.split(","))


def as_number(text: str) -> float | int | None:
    """Return a number or a size such as ``128M`` in bytes; None for anything else."""
    size = SIZE.fullmatch(text.strip())
    if size:
        return int(size[1]) * FACTORS[size[2].lower()]
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def spelling(parameter: Json, value: str) -> str | None:
    """Return a value as SCP has to be told, or None where it is not among those that SCP names."""
    kind = parameter["data_type"].lower()
    allowed = (parameter["allows_value"] or "").strip()
    choices = [choice.strip() for choice in re.split(r"[,|]", allowed) if choice.strip()]
    ranges = [limits for limits in map(RANGE.fullmatch, choices) if limits]
    if "int" in kind:
        return _integer(choices, ranges, value)
    if ranges:
        return _number(choices, ranges, _bare(value), sizes=not kind.startswith(FRACTIONS))
    if len(choices) > 1:
        return _chosen(choices, _bare(value), many="enum" not in kind)
    return _switch(parameter, value)


def _integer(choices: list[str], ranges: list[re.Match[str]], value: str) -> str | None:
    """Return an integer in digits only, since a size with a letter is not a number to every server."""
    digits = canonical(value)
    if not re.fullmatch(r"-?[0-9]+", digits):
        return None
    if ranges:
        return _number(choices, ranges, digits, sizes=True)
    return _chosen(choices, digits, many=False) if len(choices) > 1 else digits


def _number(choices: list[str], ranges: list[re.Match[str]], value: str, sizes: bool) -> str | None:
    """Return a number that is within one of the ranges, or one of the choices beside them; sizes in digits."""
    number = as_number(value)
    size = value[-1:].lower() in FACTORS and bool(value)
    if number is not None and any(_within(limits, number) for limits in ranges):
        return value if not size else str(number) if sizes else None
    return _chosen(choices, value, many=False)


def _within(limits: re.Match[str], number: float) -> bool:
    lowest, highest = as_number(limits[1]), as_number(limits[2])
    return lowest is not None and highest is not None and lowest <= number <= highest


def _chosen(choices: list[str], value: str, many: bool) -> str | None:
    """Return a choice in SCP's spelling, or several of them separated by commas."""
    spelt = {canonical(choice): choice for choice in choices}
    if many and not value:
        return ""
    parts = value.split(",") if many else [value]
    found = [spelt.get(canonical(part)) for part in parts]
    return ",".join(part for part in found if part) if all(found) else None


def _switch(parameter: Json, value: str) -> str:
    """Return a switch in the words that the cluster has for it, and anything else without quotes."""
    words = {"on": ("OFF", "ON"), "off": ("OFF", "ON"), "true": ("FALSE", "TRUE"), "false": ("FALSE", "TRUE")}
    pair = words.get(applied(parameter).lower())
    meaning = canonical(value)
    return pair[int(meaning)] if pair and meaning in ("0", "1") else _bare(value)


def _bare(text: str) -> str:
    """Return a value without the quotes around it."""
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
        return bare[1:-1].strip()
    return bare
