# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Database parameters: which there are in each major version, and the values that one cluster has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import md5
from typing import Any

from .catalogue import MARIADB, MYSQL, PRODUCT_TYPES

Json = dict[str, Any]

STATIC = "static"
DYNAMIC = "dynamic"
ON_OFF = "ON,OFF"
SOFTWARE = "DB"
GIB = 1024**3
FACTORS = {"": 1, "k": 1024, "m": 1024**2, "g": GIB, "t": 1024 * GIB}
SIZE = re.compile(r"(-?\d+)([kmgt]?)", re.IGNORECASE)
LIMITS = re.compile(r"(-?\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
TEMPLATE = re.compile(r"\{DBInstanceClassMemory(?:\*(\d+))?/(\d+)\}")
LONG = 18446744073709551615
INT = 4294967295
SQL_MODES = (
    "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION,"
    "NO_ZERO_DATE,NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY,ANSI_QUOTES,PIPES_AS_CONCAT"
)
ISOLATION_LEVELS = "READ-UNCOMMITTED,READ-COMMITTED,REPEATABLE-READ,SERIALIZABLE"


@dataclass(frozen=True)
class Definition:
    """One parameter of every major version, or of those in `majors`. The words of the types are a guess."""

    name: str
    default: str
    data_type: str
    allows: str
    description: str
    apply_type: str = DYNAMIC
    is_modifiable: bool = True
    majors: tuple[str, ...] = ()

    def takes(self, value: str) -> bool:
        """Tell whether the database would start with the value."""
        if self.data_type == "boolean":
            return value.upper() in ("ON", "OFF", "1", "0")
        if self.data_type in ("integer", "float"):
            number = _as_number(value, self.data_type)
            limits = LIMITS.fullmatch(self.allows)
            return limits is not None and number is not None and float(limits[1]) <= number <= float(limits[2])
        if self.data_type in ("enum", "set"):
            parts = value.upper().split(",") if self.data_type == "set" else [value.upper()]
            return set(parts) <= set(self.allows.upper().split(",")) or (self.data_type == "set" and value == "")
        return True

    def default_on(self, memory_gb: int) -> str:
        """The default value as a server of this size has it."""
        template = TEMPLATE.fullmatch(self.default)
        return str(memory_gb * GIB * int(template[1] or 1) // int(template[2])) if template else self.default


def _as_number(text: str, data_type: str) -> float | None:
    if data_type == "integer":
        size = SIZE.fullmatch(text)
        return int(size[1]) * FACTORS[size[2].lower()] if size else None
    try:
        return float(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Parameter:
    """A parameter as the group of one major version has it."""

    id: str
    group_id: str
    definition: Definition

    def as_default(self) -> Json:
        return {
            "dbaas_parameter_group_id": self.group_id,
            "default_value": self.definition.default,
            "description": self.definition.description,
            "id": self.id,
            "name": self.definition.name,
            "software_type": SOFTWARE,
        }

    def as_value(self, applied: str) -> Json:
        definition = self.definition
        return {
            "allows_value": definition.allows,
            "applied_value": applied,
            "apply_type": definition.apply_type,
            "data_type": definition.data_type,
            "default_value": definition.default,
            "description": definition.description,
            "id": self.id,
            "is_modifiable": definition.is_modifiable,
            "name": definition.name,
            "software_type": SOFTWARE,
        }


@dataclass(frozen=True)
class Group:
    id: str
    major_version: str
    product_image_type: str
    parameters: tuple[Parameter, ...]

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "major_version": self.major_version,
            "name": f"{self.product_image_type} {self.major_version}",
            "product_image_type": self.product_image_type,
            "product_type": PRODUCT_TYPES[self.product_image_type],
        }

    def by_id(self, parameter_id: str) -> Parameter | None:
        return next((item for item in self.parameters if item.id == parameter_id), None)

    def by_name(self, name: str) -> Parameter | None:
        return next((item for item in self.parameters if item.definition.name == name), None)


class ParameterValues:
    """The values of one cluster that are not the defaults, by name."""

    def __init__(self) -> None:
        self.shown: dict[str, str] = {}
        self.after_restart: dict[str, str] = {}
        self.on_servers: dict[str, str] = {}
        self.changed_at: float | None = None
        self._before_refusal: dict[str, str] | None = None

    def applied(self, definition: Definition, memory_gb: int) -> str:
        return self.shown.get(definition.name, definition.default_on(memory_gb))

    def set(self, values: dict[str, str], waiting: dict[str, str], now: float) -> None:
        """Show values; the waiting ones after a restart."""
        self.shown = {**self.shown, **values}
        self.after_restart = {**self.after_restart, **waiting}
        self.changed_at = now

    def refuse(self, values: dict[str, str], now: float) -> None:
        """Show values with which the database does not run, until the cluster is brought back."""
        self._before_refusal = self.shown
        self.set(values, {}, now)

    def recover(self) -> None:
        if self._before_refusal is not None:
            self.shown, self._before_refusal = self._before_refusal, None

    def restart(self) -> None:
        self.shown, self.after_restart = {**self.shown, **self.after_restart}, {}

    def synchronize(self) -> None:
        """Show what somebody changed on the servers themselves."""
        self.shown, self.on_servers = {**self.shown, **self.on_servers}, {}


def _boolean(name: str, default: str, description: str, apply_type: str = DYNAMIC) -> Definition:
    return Definition(name, default, "boolean", ON_OFF, description, apply_type)


def _integer(
    name: str, default: int | str, least: int, most: int, description: str, apply_type: str = DYNAMIC
) -> Definition:
    return Definition(name, str(default), "integer", f"{least}-{most}", description, apply_type)


def _fixed(name: str, default: str, description: str) -> Definition:
    return Definition(name, default, "string", "", description, STATIC, is_modifiable=False)


DEFINITIONS = (
    _integer("auto_increment_increment", 1, 1, 65535, "Step of AUTO_INCREMENT columns."),
    _integer("auto_increment_offset", 1, 1, 65535, "First value of AUTO_INCREMENT columns."),
    _boolean("autocommit", "ON", "Commits each statement by itself."),
    _fixed("basedir", "/usr", "Where the database is installed."),
    _integer("binlog_cache_size", 32768, 4096, LONG, "Memory for the binary log of one transaction."),
    Definition("binlog_format", "MIXED", "enum", "ROW,STATEMENT,MIXED", "Form of the binary log's entries."),
    Definition("character_set_server", "utf8mb4", "enum", "utf8,utf8mb4,latin1,euckr", "Default character set."),
    Definition("collation_server", "utf8mb4_general_ci", "string", "", "Default collation."),
    _integer("connect_timeout", 10, 2, 31536000, "Seconds to wait for a connection's first packet."),
    _fixed("datadir", "/data/mariadb", "Where the data lies."),
    _boolean("event_scheduler", "OFF", "Runs events."),
    _integer("expire_logs_days", 7, 0, 99, "Days to keep binary logs."),
    Definition("ft_stopword_file", "", "string", "", "File of words that full-text searches pass over.", STATIC),
    _integer("group_concat_max_len", 1048576, 4, LONG, "Longest result of GROUP_CONCAT."),
    _integer("innodb_autoinc_lock_mode", 1, 0, 2, "How AUTO_INCREMENT values are locked.", STATIC),
    _integer(
        "innodb_buffer_pool_size", "{DBInstanceClassMemory*3/4}", 5242880, LONG, "Memory for data and indexes.", STATIC
    ),
    Definition(
        "innodb_change_buffering",
        "none",
        "enum",
        "none,inserts,deletes,changes,purges,all",
        "Which changes of secondary indexes are put off.",
        majors=("10.6", "10.11"),
    ),
    _boolean("innodb_file_per_table", "ON", "Gives each table a file of its own."),
    Definition(
        "innodb_flush_log_at_trx_commit", "1", "enum", "0,1,2,3", "When a commit reaches the disk: 1 is the safe one."
    ),
    Definition(
        "innodb_flush_method", "O_DIRECT", "enum", "fsync,O_DSYNC,O_DIRECT", "How data gets to the disk.", STATIC
    ),
    _integer("innodb_io_capacity", 200, 100, LONG, "Background operations per second."),
    _integer("innodb_lock_wait_timeout", 50, 0, 100000000, "Seconds to wait for a row lock."),
    _integer("innodb_log_buffer_size", 16777216, 2097152, INT, "Memory for the redo log.", STATIC),
    _integer("innodb_log_file_size", 100663296, 4194304, 549755813888, "Size of the redo log.", STATIC),
    _integer("innodb_open_files", 2000, 10, INT, "Files that InnoDB holds open.", STATIC),
    _boolean("innodb_print_all_deadlocks", "OFF", "Writes every deadlock to the error log."),
    _integer("interactive_timeout", 28800, 1, 31536000, "Seconds that an interactive connection may idle."),
    _integer("join_buffer_size", 262144, 128, LONG, "Memory for a join without an index."),
    _boolean("local_infile", "ON", "Allows LOAD DATA LOCAL."),
    _boolean("log_bin_trust_function_creators", "OFF", "Lets anyone create functions that are not deterministic."),
    Definition("log_output", "FILE", "set", "FILE,TABLE,NONE", "Where the slow and the general log go."),
    Definition("long_query_time", "10.000000", "float", "0-31536000", "Seconds that make a query a slow one."),
    _integer("lower_case_table_names", 0, 0, 2, "Whether names of tables know case.", STATIC),
    _integer("max_allowed_packet", 16777216, 1024, 1073741824, "Largest packet."),
    _integer("max_connect_errors", 100, 1, INT, "Errors after which a host is kept out."),
    _integer("max_connections", "{DBInstanceClassMemory/12582880}", 10, 100000, "Connections at the same time."),
    _integer("net_read_timeout", 30, 1, 31536000, "Seconds to wait for data of a client."),
    _integer("optimizer_search_depth", 62, 0, 62, "How far the optimizer looks ahead."),
    _boolean("performance_schema", "OFF", "Measures the server.", STATIC),
    _fixed("port", "2866", "The port of the database."),
    _integer("query_cache_size", 1048576, 0, LONG, "Memory for results of queries."),
    _fixed("server_id", "1", "Number of this server in the replication."),
    _boolean("skip_name_resolve", "ON", "Knows clients by address only.", STATIC),
    _boolean("slow_query_log", "ON", "Writes slow queries down."),
    _integer("sort_buffer_size", 2097152, 1024, LONG, "Memory for a sort."),
    Definition(
        "sql_mode",
        "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION",
        "set",
        SQL_MODES,
        "How strictly SQL is taken.",
    ),
    _integer("table_open_cache", 2000, 1, 1048576, "Tables held open."),
    Definition("time_zone", "SYSTEM", "string", "", "Default time zone."),
    _integer("tmp_table_size", 16777216, 0, LONG, "Largest temporary table in memory."),
    Definition(
        "transaction_isolation",
        "REPEATABLE-READ",
        "enum",
        ISOLATION_LEVELS,
        "Default isolation level.",
        majors=("11.4",),
    ),
    Definition(
        "tx_isolation",
        "REPEATABLE-READ",
        "enum",
        ISOLATION_LEVELS,
        "Default isolation level.",
        majors=("10.6", "10.11"),
    ),
    _integer("wait_timeout", 28800, 0, 31536000, "Seconds that a connection may idle."),
)


def _group(major_version: str, definitions: tuple[Definition, ...], product: str = MARIADB) -> Group:
    group_id = _id(f"{product} {major_version}")
    parameters = (
        Parameter(_id(f"{group_id} {definition.name}"), group_id, definition)
        for definition in definitions
        if not definition.majors or major_version in definition.majors
    )
    return Group(group_id, major_version, product, tuple(parameters))


def _id(text: str) -> str:
    return md5(f"parameter {text}".encode(), usedforsecurity=False).hexdigest()


GROUPS = (
    *(_group(major_version, DEFINITIONS) for major_version in ("10.6", "10.11", "11.4")),
    _group("8.0", DEFINITIONS[:3], MYSQL),
)


def group_by_id(group_id: str) -> Group | None:
    return next((group for group in GROUPS if group.id == group_id), None)


def group_of(software_version: str) -> Group:
    """The group of a MariaDB version; one that is not offered has the parameters of the newest one."""
    major_version = software_version.rsplit(".", 1)[0]
    offered = [group for group in GROUPS if group.product_image_type == MARIADB]
    return next((group for group in offered if group.major_version == major_version), offered[-1])
