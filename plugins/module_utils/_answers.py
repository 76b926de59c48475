# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the answers of SCP say, whatever form they have it in.

Much of the API is known from its example bodies alone, and versions come and go. So every field that this collection
uses stands here, with the forms in which it is understood. What is missing or not understood is told of where it is
needed, and not before: to terminate a cluster takes little more than its id. Fields that stand in no table stay as they
are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple

from ansible_collections.samsungcloud.scp.plugins.module_utils import _moments, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import NotUnderstood

Json = dict[str, Any]


class Place(NamedTuple):
    """Where in which answer a value stands."""

    operation: str
    path: str = ""

    def of(self, name: str) -> Place:
        return Place(self.operation, f"{self.path}.{name}" if self.path else name)

    def item(self, number: int) -> Place:
        return Place(self.operation, f"{self.path}[{number}]")


class Unreadable(Exception):
    """A value is not understood: what is expected, and in a list which of its items, where."""

    def __init__(self, expected: str, place: Place | None = None, value: Any = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.place = place
        self.value = value


# Returns what a value says; raises Unreadable.
Reader = Callable[[Any, Place], Any]

NEEDED = object()
TRUE_WORDS = frozenset({"true", "y", "yes", "on", "1", "enabled"})
FALSE_WORDS = frozenset({"false", "n", "no", "off", "0", "disabled"})
DAYS = {
    "MON": "MONDAY",
    "TUE": "TUESDAY",
    "WED": "WEDNESDAY",
    "THU": "THURSDAY",
    "FRI": "FRIDAY",
    "SAT": "SATURDAY",
    "SUN": "SUNDAY",
}
LAST_HOUR = 23


@dataclass(frozen=True)
class Field:
    """One field of an object: how it is read, and what it says where it is missing, or null.

    In a result it has the form that it is read in, unless ``is_kept`` says that it stays as it came. One that is
    missing is only there where ``is_filled`` says so.
    """

    read: Reader
    missing: Any = NEEDED
    null: Any = NEEDED
    is_kept: bool = False
    is_filled: bool = False

    def value(self, value: Any, place: Place) -> Any:
        """Return what a field says that is there; raises :class:`Unreadable`."""
        says_nothing = value is None or (value == "" and (self.is_kept or self.read is text))
        if says_nothing and self.null is not NEEDED:
            return copy(self.null)
        return self.read(value, place)


class Fields(dict[str, Any]):
    """An object of an answer. To ask for a field that is not understood raises :class:`NotUnderstood`.

    All fields at once are what a result shows, where those that are not understood are as they came.
    """

    def __init__(self, found: Mapping[str, Any], table: Mapping[str, Field], place: Place) -> None:
        super().__init__(found)
        # What NotUnderstood tells of a field.
        self._unread: dict[str, tuple[str, str, Any, str]] = {}
        # What fields say that a result shows otherwise, and those that were left out.
        self._said: dict[str, Any] = {}
        self._unsaid: dict[str, Any] = {}
        for name, one in table.items():
            if name in found:
                self._read(name, one, place)
            elif one.missing is NEEDED:
                self._unread[name] = (place.operation, place.of(name).path, None, "")
            else:
                (self if one.is_filled else self._unsaid)[name] = copy(one.missing)

    def _read(self, name: str, one: Field, place: Place) -> None:
        shown = super().__getitem__(name)
        try:
            value = one.value(shown, place.of(name))
        except Unreadable as problem:
            where, shown = (problem.place, problem.value) if problem.place else (place.of(name), shown)
            self._unread[name] = (*where, shown, problem.expected)
            return
        (self._said if one.is_kept and value is not None else self)[name] = value

    def __getitem__(self, name: str) -> Any:
        if name in self._unread:
            raise NotUnderstood(*self._unread[name])
        return self._said[name] if name in self._said else super().__getitem__(name)

    def __missing__(self, name: str) -> Any:
        return self._unsaid[name]

    def get(self, name: str, default: Any = None) -> Any:
        known = name in self or name in self._unread or name in self._unsaid
        return self[name] if known else default


def extended(found: Json, **more: Any) -> Json:
    """Return an object with more beside what it says; of an answer it stays one."""
    both = copy(found)
    both.update(more)
    return both


def seen(found: Mapping[str, Any], name: str, default: Any = None) -> Any:
    """Return what a field says; the default where it is not understood, or not there."""
    try:
        return found[name]
    except (KeyError, NotUnderstood):
        return default


def understood(read: Callable[[], Any]) -> Any:
    """Return what ``read`` does; None where that needs a field that is not understood."""
    try:
        return read()
    except NotUnderstood:
        return None


def again(read: Reader, kept: Any, source: str) -> Any:
    """Read what was part of an answer once: of a result, or of what a cache kept.

    Raises :class:`NotUnderstood`, with ``source`` as the operation.
    """
    place = Place(source)
    try:
        return read(kept, place)
    except Unreadable as problem:
        raise NotUnderstood(*(problem.place or place), problem.value, problem.expected) from None


def needed(read: Reader) -> Field:
    return Field(read)


def nullable(read: Reader, null: Any = None) -> Field:
    """A field that may be null, and has to be there."""
    return Field(read, null=null)


def optional(read: Reader, default: Any = None) -> Field:
    """A field that may be left out, or null."""
    return Field(read, missing=default, null=default)


def omissible(read: Reader, default: Any = None) -> Field:
    """A field that is left out where it is empty (facts: section 13), and that results have all the same."""
    return Field(read, missing=default, null=default, is_filled=True)


def fields(**table: Field) -> Reader:
    """Read an object."""

    def read(value: Any, place: Place) -> Fields:
        return Fields(_object(value, table), table, place)

    return read


def _object(value: Any, table: Mapping[str, Field]) -> Mapping[str, Any]:
    """Return a value that is an object, and has at least one of the fields that it should have."""
    if not isinstance(value, Mapping) or (table and value.keys().isdisjoint(table)):
        raise Unreadable(f"an object with {', '.join(sorted(table))}" if table else "an object")
    return value


def each(read: Reader, separator: str = "") -> Reader:
    """Read a list, with a separator also from one text with that between its items."""

    def read_all(value: Any, place: Place) -> list[Any]:
        if isinstance(value, str) and separator and value.strip():
            value = [part for part in re.split(separator, value) if part]
        if not isinstance(value, list):
            raise Unreadable("a list")
        return [_read_item(read, item, place.item(number)) for number, item in enumerate(value)]

    return read_all


def _read_item(read: Reader, item: Any, place: Place) -> Any:
    try:
        return read(item, place)
    except Unreadable as problem:
        raise problem if problem.place else Unreadable(problem.expected, place, item) from None


def blank(read: Reader) -> Field:
    """A field that is a text, and may be null or empty; it is read as something else, and stays the text that it is."""
    return Field(read, null=None, is_kept=True)


def listed(read: Reader) -> Field:
    """A list, for which null stands where it is empty (facts: section 13)."""
    return nullable(each(read), [])


def verbatim(value: Any, _place: Place) -> str:
    """Read a text in which blanks count; a boolean is what databases call it."""
    if isinstance(value, bool):
        return "ON" if value else "OFF"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise Unreadable("a text")


def text(value: Any, place: Place) -> str:
    """Read a text, also from a number."""
    if isinstance(value, bool):
        raise Unreadable("a text")
    return verbatim(value, place).strip()


def name(value: Any, place: Place) -> str:
    """Read a text that can't be empty."""
    found = text(value, place)
    if not found:
        raise Unreadable("a text")
    return found


def word(value: Any, place: Place) -> str:
    """Read one of the API's words, such as SSD_KMS."""
    return re.sub(r"[\s-]+", "_", name(value, place).upper())


def lower(value: Any, place: Place) -> str:
    """Read one of the words that the API has in lower case, such as slow."""
    return name(value, place).lower()


def state(value: Any, place: Place) -> str:
    """Read a service state; one that is not known stays as it is spelt."""
    spelt = word(value, place)
    return spelt if spelt in _states.SERVICE_STATES else name(value, place)


def flag(value: Any, _place: Place) -> bool:
    spelt = str(value).strip().lower()
    if spelt not in TRUE_WORDS | FALSE_WORDS:
        raise Unreadable("true or false")
    return spelt in TRUE_WORDS


def whole(unit: str) -> Reader:
    """Read a whole number, be it as a text, with a fraction of zero, or with the unit behind it that it is in."""
    expected = "a whole number" + (f" of {unit.rstrip('?')}" if unit else "")
    pattern = re.compile(rf"([0-9]{{1,15}})(?:\.0+)?(?:\s*{unit})?", re.IGNORECASE)

    def read(value: Any, _place: Place) -> int:
        found = pattern.fullmatch(str(value).strip())
        if not found:
            raise Unreadable(expected)
        return int(found[1])

    return read


integer = whole("")


def hour(value: Any, _place: Place) -> int:
    """Read an hour of the day: 2, 02 or 02:00."""
    found = re.fullmatch(r"([0-9]{1,2})(?::00){0,2}", str(value).strip())
    if not found or int(found[1]) > LAST_HOUR:
        raise Unreadable("an hour of the day")
    return int(found[1])


def hour_text(value: Any, place: Place) -> str:
    """Read an hour of the day as the API takes it: without a leading zero."""
    return str(hour(value, place))


def hours(value: Any, _place: Place) -> str:
    """Read a number of hours, such as 2 or 0.5, in the spelling that the API takes."""
    found = re.fullmatch(r"([0-9]{1,2}(?:\.[0-9]+)?)(?:\s*(?:h|hours?))?", str(value).strip(), re.IGNORECASE)
    if not found:
        raise Unreadable("a number of hours")
    return f"{float(found[1]):g}"


def clock_time(value: Any, _place: Place) -> str:
    """Read a time of the day as HHMM: 0330, 330, 3:30 or 03:30:00."""
    found = re.fullmatch(r"([0-9]{1,2}?):?([0-5][0-9])(?::00)?", str(value).strip())
    if not found or int(found[1]) > LAST_HOUR:
        raise Unreadable("a time of the day")
    return f"{int(found[1]):02d}{found[2]}"


def day(value: Any, place: Place) -> str:
    """Read a day of the week: SUN, sun or Sunday."""
    spelt = word(value, place)
    found = [short for short, whole_name in DAYS.items() if spelt in (short, whole_name)]
    if not found:
        raise Unreadable("a day of the week")
    return found[0]


def version(value: Any, _place: Place) -> str:
    """Read a version such as 10.11.9, whatever stands around it."""
    found = re.findall(r"[0-9]+(?:\.[0-9]+)+", str(value))
    if len(found) != 1:
        raise Unreadable("a version")
    return str(found[0])


def time(value: Any, place: Place) -> str:
    """Read a date and time, which stays as it is written."""
    found = text(value, place)
    if _moments.parse(found) is None:
        raise Unreadable("a date and time")
    return found


def volumes(value: Any, place: Place) -> list[Fields]:
    """Read the volumes of servers, of which there is at least one."""
    found: list[Fields] = each(VOLUME)(value, place)
    if not found:
        raise Unreadable("at least one volume")
    return found


def cluster(value: Any, place: Place) -> Fields:
    """Read a cluster in full."""
    found: Fields = CLUSTER(value, place)
    if seen(found, "ha_enabled") is None and "ha_enabled" not in value:
        groups = seen(found, "instance_groups") or ()
        found["ha_enabled"] = any(seen(group, "role_type") == "ACTIVE_STANDBY" for group in groups)
    return found


VOLUME = fields(
    id=needed(name),
    role_type=needed(word),
    size_gb=needed(whole("GB")),
    volume_type=nullable(word),
)
SERVER = fields(
    name=nullable(text),
    public_ip_address=optional(text),
    public_ip_id=optional(text),
    role_type=nullable(text),
    service_ip_address=nullable(text),
)
GROUP = fields(
    block_storage_groups=needed(volumes),
    id=needed(name),
    instances=listed(SERVER),
    role_type=needed(word),
    server_type_name=needed(name),
)
BACKUP_OPTION = fields(
    archive_frequency_minute=blank(whole("minutes?")),
    retention_period_day=blank(whole("days?")),
    starting_time_hour=blank(hour),
)
MAINTENANCE_OPTION = fields(
    period_hour=blank(hours),
    starting_day_of_week=blank(day),
    starting_time=blank(clock_time),
    use_maintenance_option=optional(flag),
)
INIT_CONFIG_OPTION = fields(
    audit_enabled=Field(flag, missing=False, is_filled=True),
    backup_option=nullable(BACKUP_OPTION),
    database_character_set=nullable(text),
    database_name=nullable(text),
    database_port=nullable(integer),
    database_user_name=nullable(text),
    origin_region=optional(text),
)
# Officially optional are ha_enabled, allowable_ip_addresses, replicas, origin_cluster_id and audit_enabled (facts:
# section 13); those of later versions of the API are too.
CLUSTER = fields(
    account_id=optional(text),
    allowable_ip_addresses=omissible(each(verbatim, r"[,\s]+"), []),
    created_at=optional(text),
    dbaas_engine=needed(name),
    ha_enabled=omissible(flag),
    id=needed(name),
    init_config_option=needed(INIT_CONFIG_OPTION),
    instance_groups=listed(GROUP),
    is_kernel_patchable=optional(flag, False),
    maintenance_option=nullable(MAINTENANCE_OPTION),
    name=needed(name),
    nat_enabled=nullable(flag),
    origin_cluster_id=omissible(text),
    replicas=omissible(each(name, r"[,\s]+"), []),
    role_type=optional(text),
    service_state=needed(state),
    service_watch_log_collection=optional(flag),
    software_version=needed(version),
    subnet_id=nullable(text),
    timezone=nullable(text),
    vip_public_ip_address=optional(text),
    vip_public_ip_id=nullable(text),
    virtual_ip_address=nullable(text),
)
CLUSTER_IN_BRIEF = fields(
    account_id=optional(text),
    database_name=optional(text),
    id=needed(name),
    name=needed(name),
    role_type=optional(text),
    service_state=needed(state),
)
BACKUP_HISTORY = fields(
    backup_end_at=blank(time),
    backup_history_number=needed(name),
    backup_start_at=blank(time),
    backup_state=nullable(text),
    backup_state_detail=optional(text),
    backup_size_gb=optional(verbatim),
)
PARAMETER = fields(
    allows_value=nullable(verbatim),
    applied_value=needed(verbatim),
    apply_type=nullable(text, ""),
    data_type=nullable(text, ""),
    default_value=nullable(verbatim),
    id=needed(name),
    is_modifiable=needed(flag),
    name=needed(name),
)
LOG_EXPORT_CONFIG = fields(
    bucket_name=nullable(text),
    delete_on_export=nullable(flag),
    is_bucket_deleted=nullable(flag),
    is_registered=needed(flag),
    log_type=needed(lower),
    schedule_day_of_month=nullable(text),
    schedule_day_of_week=blank(day),
    schedule_frequency_type=blank(word),
    schedule_hour=blank(hour_text),
)
REPLICA = fields(
    name=needed(name),
    region=optional(text),
    replica_state=optional(text),
    replica_state_detail=optional(text),
    synced_at=optional(text),
)
ENGINE_VERSION = fields(
    end_of_service=optional(flag, False),
    id=needed(name),
    product_image_type=optional(text),
    software_version=needed(version),
)
NAMED = fields(name=needed(name), product_image_type=optional(text))
IDENTIFIED = fields(id=needed(name), product_image_type=optional(text))
PARAMETER_GROUP = fields(id=needed(name), major_version=optional(text), product_image_type=optional(text))
TAG = fields(key=needed(name), value=optional(text, ""))

# Whole answers.
ARCHIVE = fields(archive_enabled=needed(flag), retention_period_day=optional(whole("days?")))
REQUEST = fields(request_id=optional(text), state=nullable(text))
ACCEPTED = fields(request_id=optional(text), resource=optional(fields(id=optional(text)), {}))
TAGS = fields(
    content=needed(fields(tags=listed(TAG))),
    count=optional(integer),
    size=optional(integer),
)


def page_of(read: Reader, total: str = "count") -> Reader:
    """Read a page of a list, whose total and size only help where they are understood."""

    def read_page(value: Any, place: Place) -> Fields:
        table = {"contents": listed(read), **dict.fromkeys((total, "size"), optional(_hint))}
        return Fields(_object(value, table), table, place)

    return read_page


def _hint(value: Any, place: Place) -> Any:
    try:
        return integer(value, place)
    except Unreadable:
        return None
