# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the platform offers: engine versions, their properties, server types."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import md5
from typing import Any

ENVIRONMENT = "e"
REGION = "kr-west1"
OTHER_REGION = "kr-east1"
MARIADB = "MariaDB Community"
MYSQL = "MySQL Community"
PRODUCT_TYPES = {MARIADB: "MariaDB", MYSQL: "MySQL"}
CHARACTER_SETS = ("utf8", "utf8mb4", "latin1", "euckr")


@dataclass(frozen=True)
class EngineVersion:
    end_of_service: bool
    id: str
    major_version: str
    name: str
    os_type: str
    os_version: str
    product_image_type: str
    software_version: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class ServerType:
    cpu_core: int
    description: str
    memory_gb: int
    name: str
    product_image_type: str
    product_type: str
    purpose: str
    type: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _engine(
    software_version: str, product: str = MARIADB, end_of_service: bool = False, own_id: str = ""
) -> EngineVersion:
    return EngineVersion(
        end_of_service=end_of_service,
        id=own_id or md5(f"{product} {software_version}".encode(), usedforsecurity=False).hexdigest(),
        major_version=software_version.rsplit(".", 1)[0],
        name=f"{product} {software_version}",
        os_type="Linux",
        os_version="Rocky 9.4",
        product_image_type=product,
        software_version=software_version,
    )


def _server_type(family: str, kind: str, cores: int, memory: int, product: str = MARIADB) -> ServerType:
    return ServerType(
        cpu_core=cores,
        description=f"{kind}: {cores} vCPU, {memory} GB",
        memory_gb=memory,
        name=f"{family}v{cores}m{memory}",
        product_image_type=product,
        product_type=PRODUCT_TYPES[product],
        purpose="general",
        type=kind,
    )


# The one id that official examples show (facts, section 6); the others are made up in its form.
ENGINE_10_11_9 = _engine("10.11.9", own_id="1cd2c28ba72447daaaf7e4d7e8dd720b")
ENGINE_VERSIONS = (
    _engine("10.6.18", end_of_service=True),
    _engine("10.6.21", end_of_service=True),
    _engine("10.11.8"),
    ENGINE_10_11_9,
    _engine("10.11.15"),
    _engine("11.4.7"),
    _engine("11.4.10"),
    _engine("8.0.40", product=MYSQL),
)

STANDARD_SIZES = ((1, 2), (2, 4), (2, 8), (4, 8), (4, 16), (8, 16), (8, 32), (16, 32), (16, 64))
HIGH_CAPACITY_SIZES = ((24, 96), (32, 128), (48, 192), (72, 288))

# Another product offers server types of the same name: only product_image_type tells them apart.
SERVER_TYPES = (
    *(_server_type("db1", "Standard-1", *size) for size in STANDARD_SIZES),
    *(_server_type("db2", "Standard-2", *size) for size in STANDARD_SIZES),
    *(_server_type("dbh2", "High Capacity-2", *size) for size in HIGH_CAPACITY_SIZES),
    *(_server_type("db1", "Standard-1", *size, product=MYSQL) for size in STANDARD_SIZES[:3]),
)


def engine_by_id(engine_version_id: str) -> EngineVersion | None:
    return next((engine for engine in ENGINE_VERSIONS if engine.id == engine_version_id), None)


def mariadb_engine(software_version: str) -> EngineVersion | None:
    offered = (engine for engine in ENGINE_VERSIONS if engine.product_image_type == MARIADB)
    return next((engine for engine in offered if engine.software_version == software_version), None)


def is_mariadb_server_type(name: str) -> bool:
    return any(item.name == name and item.product_image_type == MARIADB for item in SERVER_TYPES)


def memory_of(server_type_name: str) -> int:
    """A server type that is not offered, as a test can put one there, counts as the smallest."""
    return next((item.memory_gb for item in SERVER_TYPES if item.name == server_type_name), SERVER_TYPES[0].memory_gb)


def engine_properties() -> list[dict[str, str]]:
    """The form of these is a guess: the reference shows a list of names and values, nothing more."""
    character_sets = [{"name": "database_character_set", "value": value} for value in CHARACTER_SETS]
    return [*character_sets, {"name": "database_port", "value": "2866"}, {"name": "timezone", "value": "Asia/Seoul"}]


def number(software_version: str) -> tuple[int, ...]:
    """For comparing versions of software."""
    return tuple(int(part) for part in software_version.split("."))
