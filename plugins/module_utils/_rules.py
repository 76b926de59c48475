# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules that single values obey (facts: section 5.2), checked before anything is sent.

SCP itself refuses a wrong value with the words "value_error" and no field name, so that this is the only place where
a person is told which option is wrong and why. Choices stand in the argument specs, which Ansible checks.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from ansible_collections.samsungcloud.scp.plugins.module_utils import _moments, _resource_manager
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Problem
from ansible_collections.samsungcloud.scp.plugins.module_utils._settings import canonical, meanings

PLAIN_TOLD = "must not contain line breaks, tabs or invisible characters, nor blanks at its ends"
# Control and format characters, lone surrogates, separators.
INVISIBLE_CATEGORIES = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")
# Letters and symbols that show as nothing: fillers of Hangul, the blank of Braille.
INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def is_plain(text: str) -> bool:
    """Return whether a text is what it looks like: without invisible characters, and without blanks at its ends."""
    return text == text.strip() and all(
        char == " " or (unicodedata.category(char) not in INVISIBLE_CATEGORIES and char not in INVISIBLE)
        for char in text
    )


@dataclass(frozen=True)
class Text:
    """A string: a pattern that all of it must match, lengths in characters, and the rule in words.

    A text that is not ``plain`` may have invisible characters and blanks at its ends.
    """

    told: str
    pattern: str = ""
    minimum: int = 0
    maximum: int | None = None
    secret: bool = False
    plain: bool = True

    def holds(self, value: Any) -> bool:
        text = str(value)
        if self.plain and not is_plain(text):
            return False
        if len(text) < self.minimum or (self.maximum is not None and len(text) > self.maximum):
            return False
        return not self.pattern or re.fullmatch(self.pattern, text) is not None

    def told_of(self, value: Any) -> str:
        """Return the rule in words for a value that breaks it."""
        return PLAIN_TOLD if self.plain and not is_plain(str(value)) else self.told


@dataclass(frozen=True)
class Number:
    """An integer in a range, in steps."""

    minimum: int
    maximum: int
    step: int = 1
    unit: str = ""

    @property
    def told(self) -> str:
        steps = f" in steps of {self.step}" if self.step > 1 else ""
        return f"must be from {self.minimum} to {self.maximum}{self.unit and ' ' + self.unit}{steps}"

    @property
    def secret(self) -> bool:
        return False

    def holds(self, value: Any) -> bool:
        return bool(self.minimum <= value <= self.maximum and value % self.step == 0)

    def told_of(self, _value: Any) -> str:
        return self.told


@dataclass(frozen=True)
class Moment:
    """A point in time."""

    told: str = "must be a date and time such as 2026-11-02T04:00:00Z"
    secret: bool = False

    def holds(self, value: Any) -> bool:
        return _moments.parse(value) is not None

    def told_of(self, _value: Any) -> str:
        return self.told


@dataclass(frozen=True)
class Network:
    """An IPv4 address, or a network in CIDR notation."""

    told: str = "must be an IPv4 address or a network such as 10.0.0.0/24"
    secret: bool = False

    def holds(self, value: Any) -> bool:
        try:
            canonical(str(value))
        except ValueError:
            return False
        return True

    def told_of(self, value: Any) -> str:
        """Return the rule in words, with what a network with host bits may mean."""
        meant = meanings(str(value))
        return (
            f"must have no host bits: {meant[0]} for the network or {meant[1]} for the address" if meant else self.told
        )


@dataclass(frozen=True)
class Address:
    """An IPv4 address."""

    told: str = "must be an IPv4 address such as 10.0.0.5"
    secret: bool = False

    def holds(self, value: Any) -> bool:
        try:
            ipaddress.IPv4Address(str(value))
        except ValueError:
            return False
        return True

    def told_of(self, _value: Any) -> str:
        return self.told


Rule = Union[Text, Number, Moment, Network, Address]

LETTERS = r"[a-zA-Z]*"
REPLICA_NAME = r"[a-z][a-z0-9\-]*[a-z0-9]"
PERIOD_HOUR = r"0\.5|[1-5]\.5|[1-9]|1[0-9]|2[0-4]"

IDENTIFIER = Text("must be an id: letters, digits, hyphens and underscores only", r"[A-Za-z0-9_\-]+", 1)
CLUSTER_NAME = Text("must be 3 to 20 letters, nothing else", LETTERS, 3, 20)
# A promoted replica keeps its name, so a cluster that exists may have either kind.
EXISTING_CLUSTER_NAME = Text(
    "must be a cluster's name: 3 to 20 letters (a promoted replica's: 3 to 19 lower-case letters, digits and hyphens)",
    rf"{LETTERS}|(?=.{{3,19}}$){REPLICA_NAME}",
    3,
    20,
)
VERSION = Text("must be a version such as 10.11 or 10.11.9", r"[0-9]+\.[0-9]+(\.[0-9]+)?")
SOFTWARE_VERSION = Text("must be a full version such as 10.11.9", r"[0-9]+\.[0-9]+\.[0-9]+")
VOLUME_SIZE = Number(16, 5120, 8, "GB")
TAG_KEY = Text("must have 1 to 128 characters", "", 1, 128, plain=False)
TAG_VALUE = Text("must be a text of at most 256 characters", "", 0, 256, plain=False)
PURPOSE = Text("must have 1 to 256 characters", "", 1, 256)
# Names of things that SCP defines or that exist, as a filter takes them.
NAME = Text(PLAIN_TOLD)
SERVER = Text("must be the name of a server: letters, digits, hyphens and underscores only", r"[A-Za-z0-9_\-]+")
SERVER_TYPE = Text("must be the name of a server type such as db1v2m4", r"[A-Za-z0-9][A-Za-z0-9_.\-]*")
REGION = Text("must be the name of a region such as kr-west1", r"[a-z0-9][a-z0-9\-]*")
TIMEZONE = Text(
    "must be a time zone such as Asia/Seoul or UTC",
    r"[A-Z]{3,5}|(UTC|GMT)[+-][0-9]{1,2}(:[0-5][0-9])?|[A-Z][A-Za-z_]*(/[A-Za-z0-9_+\-]+){1,2}",
)
# Wider than what Object Storage takes for new buckets, because old ones may have other names.
BUCKET = Text(
    "must be the name of a bucket: 3 to 255 letters, digits, dots, hyphens and underscores, the first and the last a "
    "letter or a digit",
    r"[A-Za-z0-9][A-Za-z0-9._\-]*[A-Za-z0-9]",
    3,
    255,
)
BUCKET_KEY = Text("must not be empty and must not contain blanks", r"\S+", secret=True)
CONCURRENCY = Number(1, 32)
WAIT_TIMEOUT = Number(1, 7 * 24 * 3600, 1, "seconds")

PASSWORD = Text(
    "must be 8 to 30 characters with at least one letter, one digit and one special character, and no quotes or blanks",
    r"(?=.*[A-Za-z])(?=.*[0-9])(?=.*[^A-Za-z0-9])[^\"'\s]*",
    8,
    30,
    secret=True,
)

MAINTENANCE: dict[str, Rule] = {
    "maintenance_option.period_hour": Text("must be 0.5, 1, 1.5, ... 5.5, or 6 to 24 whole hours", PERIOD_HOUR),
    "maintenance_option.starting_time": Text(
        'must be a time HHMM in quotes, such as "0300"', r"([01][0-9]|2[0-3])[0-5][0-9]"
    ),
}

INSTANCE_GROUPS: dict[str, Rule] = {
    "instance_groups[].server_type_name": SERVER_TYPE,
    "instance_groups[].block_storage_groups[].size_gb": VOLUME_SIZE,
    "instance_groups[].instances[].public_ip_id": IDENTIFIER,
    "instance_groups[].instances[].service_ip_address": Address(),
}

ADDRESSED: dict[str, Rule] = {
    "cluster_id": IDENTIFIER,
    "cluster_name": EXISTING_CLUSTER_NAME,
    "wait_timeout": WAIT_TIMEOUT,
}

BACKUP_POLICY: dict[str, Rule] = {
    "retention_period_day": Number(7, 35, 1, "days"),
    "starting_time_hour": Number(0, 23, 1, "hours"),
}

PREFIX_TOLD = "must be 3 to {} letters, digits and hyphens, beginning with a lower-case letter"
PREFIX_PATTERN = r"[a-z][a-zA-Z0-9\-]*"

BACKUP: dict[str, Rule] = {
    **ADDRESSED,
    **BACKUP_POLICY,
    "archive.retention_period_day": Number(1, 35, 1, "days"),
}

RESTORABLE_STATES: dict[str, Rule] = {"restorable_states[]": Text("must not be empty", r"(?s).*\S.*", plain=False)}

BACKUP_HISTORY: dict[str, Rule] = {
    **ADDRESSED,
    "backup_history_numbers[]": IDENTIFIER,
    "older_than_days": Number(0, 36500, 1, "days"),
    "keep_last": Number(0, 100000),
}

RESTORE: dict[str, Rule] = {
    **ADDRESSED,
    "name": CLUSTER_NAME,
    "instance_name_prefix": Text(PREFIX_TOLD.format(16), PREFIX_PATTERN, 3, 16),
    "server_type_name": SERVER_TYPE,
    "backup_history_number": IDENTIFIER,
    "backup_recovery_time": Moment(),
    "block_storage_groups[].size_gb": VOLUME_SIZE,
    "allowable_ip_addresses[]": Network(),
    **MAINTENANCE,
}

REPLICA: dict[str, Rule] = {
    **ADDRESSED,
    "replicas[].name": Text(
        "must be 3 to 19 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
        REPLICA_NAME,
        3,
        19,
    ),
    **{f"replicas[].{path}": rule for path, rule in INSTANCE_GROUPS.items()},
    "other_region.region": REGION,
    "other_region.subnet_id": IDENTIFIER,
    "allowable_ip_addresses[]": Network(),
    **MAINTENANCE,
}

LOG_EXPORT: dict[str, Rule] = {
    **ADDRESSED,
    "bucket_name": BUCKET,
    "bucket_access_key": BUCKET_KEY,
    "bucket_secret_key": BUCKET_KEY,
    "schedule_hour": Number(0, 23, 1, "hours"),
}

CLUSTER: dict[str, Rule] = {
    "name": EXISTING_CLUSTER_NAME,
    "cluster_id": IDENTIFIER,
    "dbaas_engine_version_id": IDENTIFIER,
    "engine_version": VERSION,
    "software_version": SOFTWARE_VERSION,
    "instance_name_prefix": Text(PREFIX_TOLD.format(13), PREFIX_PATTERN, 3, 13),
    "subnet_id": IDENTIFIER,
    "timezone": TIMEZONE,
    "active_instance": SERVER,
    "origin_cluster_id": IDENTIFIER,
    "vip_public_ip_id": IDENTIFIER,
    "virtual_ip_address": Address(),
    "init_config_option.database_character_set": Text(
        "must be the name of a character set such as utf8mb4", r"[A-Za-z0-9_]+"
    ),
    "init_config_option.database_name": Text(
        "must be 3 to 20 letters and digits, beginning with a letter", r"[a-zA-Z][a-zA-Z0-9]*", 3, 20
    ),
    "init_config_option.database_user_name": Text("must be 2 to 20 lower-case letters", r"[a-z]*", 2, 20),
    "init_config_option.database_user_password": PASSWORD,
    "init_config_option.database_port": Number(1024, 65535),
    **{f"init_config_option.backup_option.{key}": rule for key, rule in BACKUP_POLICY.items()},
    "allowable_ip_addresses[]": Network(),
    "wait_timeout": WAIT_TIMEOUT,
    **INSTANCE_GROUPS,
    **MAINTENANCE,
}


def check(options: Mapping[str, Any], rules: Mapping[str, Rule], *further: Iterable[Problem]) -> None:
    """Raise :class:`InvalidInput` with every rule that the options break, and the further problems given."""
    problems = [*violations(options, rules), *(problem for more in further for problem in more)]
    if problems:
        raise InvalidInput(problems)


def violations(options: Mapping[str, Any], rules: Mapping[str, Rule]) -> Iterator[Problem]:
    """Yield the rules that declared options break. Options that are left out break none."""
    for path, rule in rules.items():
        for value in _values(options, path.split(".")):
            if not rule.holds(value):
                yield Problem(path, rule.told_of(value), None if rule.secret else value)


def address_problems(options: Mapping[str, Any], name: str) -> Iterator[Problem]:
    """Yield what is wrong where the options address no cluster; Ansible takes a null for an address."""
    if not options.get("cluster_id") and not options.get(name):
        yield Problem(name, "or cluster_id is required")


def tag_violations(tags: Mapping[str, Any] | None) -> Iterator[Problem]:
    """Yield what is wrong with a dictionary of tags."""
    for key, value in (tags or {}).items():
        if not TAG_KEY.holds(key):
            yield Problem("tags", f"key {TAG_KEY.told}", key)
        if isinstance(value, (dict, list)) or (value is not None and not TAG_VALUE.holds(value)):
            yield Problem(f"tags[{key}]", TAG_VALUE.told, value)


def declared_tag_violations(tags: Mapping[str, Any] | None) -> Iterator[Problem]:
    """Yield what is wrong with tags that a cluster is to have."""
    yield from tag_violations(tags)
    for key in (_resource_manager.RESTORED_FROM, _resource_manager.TEMPORARY_FOR):
        if key in (tags or {}):
            yield Problem(f"tags[{key}]", "is a tag that mariadb_restore alone sets; leave it out")


def _values(options: Any, parts: list[str]) -> Iterator[Any]:
    if options is None:
        return
    if not parts:
        yield options
        return
    key = parts[0]
    if key.endswith("[]"):
        for item in options.get(key[:-2]) or []:
            yield from _values(item, parts[1:])
    else:
        yield from _values(options.get(key), parts[1:])
