# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Points in time, read the same way by every version of Python."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

# Of an offset from UTC.
MOST_HOURS, MOST_MINUTES = 14, 59
_MOMENT = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})[Tt\s]\s*([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]+))?)?"
    r"\s*(?:([Zz]|UTC|GMT)|([+-])([0-9]{2}):?([0-9]{2})?)?"
)


def parse(text: str | None) -> datetime | None:
    """Return a date and time in UTC, which it is in where it names no zone (facts: section 13).

    None for anything else, be it a date alone. A fraction of a second can have any number of digits.
    """
    found = _MOMENT.fullmatch((text or "").strip())
    if not found:
        return None
    year, month, day, hour, minute = map(int, found.group(1, 2, 3, 4, 5))
    second, fraction = int(found[6] or 0), int(f"{found[7] or ''}000000"[:6])
    if int(found[10] or 0) > MOST_HOURS or int(found[11] or 0) > MOST_MINUTES:
        return None
    sign = -1 if found[9] == "-" else 1
    offset = sign * timedelta(hours=int(found[10] or 0), minutes=int(found[11] or 0))
    try:
        return datetime(year, month, day, hour, minute, second, fraction, timezone.utc) - offset
    except (ValueError, OverflowError):
        return None
