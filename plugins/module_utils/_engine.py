# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns the version that a person declares into the engine version id that a create request needs."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Problem
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._versions import as_numbers


def find_engine_version(http: Http, desired: Json) -> Json:
    """Return the engine version to create a cluster with; one call.

    Raises :class:`InvalidInput` that names the versions on offer when the declared one is not among them.
    """
    engine_id = desired.get("dbaas_engine_version_id")
    # An id is taken at its word, even past its end of service; a version is looked for among those on offer.
    offered = list_engine_versions(http, eos_included=bool(engine_id))
    matching = [engine for engine in offered if _matches(engine, desired)]
    if not matching:
        raise InvalidInput(_not_offered(desired, offered), "No such engine version")
    return max(matching, key=lambda engine: as_numbers(engine["software_version"]))


def list_engine_versions(http: Http, engine_id: str | None = None, eos_included: bool = False) -> list[Json]:
    """Return the engine versions of MariaDB."""
    offered = _api.of_mariadb(http.read(_api.list_engine_versions(engine_id, eos_included)))
    return [engine for engine in offered if engine_id in (None, engine["id"])]


def is_version(software_version: str, declared: str) -> bool:
    """Tell whether ``10.11.9`` is what ``10.11`` or ``10.11.9`` declares."""
    wanted = declared.split(".")
    return software_version.split(".")[: len(wanted)] == wanted


def major_of(software_version: str) -> str:
    """Return the major version, which for MariaDB is the first two numbers."""
    return ".".join(software_version.split(".")[:2])


def patch_problems(cluster: Json, desired: Json) -> Iterator[Problem]:
    """Yield what is wrong with the declared versions for a cluster that exists."""
    wanted = desired.get("software_version")
    declared = desired.get("engine_version")
    if not wanted and not declared:
        return
    present = cluster["software_version"]
    # A cluster that is upgraded may be declared as what it is or as what it becomes.
    ends = {present, wanted} if wanted and desired["upgrade_major_version"] else {present}
    if wanted and wanted != present:
        if as_numbers(wanted) < as_numbers(present):
            yield Problem("software_version", f"the cluster runs {present}, and there is no way back", wanted)
        elif major_of(wanted) != major_of(present) and not desired["upgrade_major_version"]:
            rule = (
                f"the cluster runs {present}, and a patch stays inside the major version {major_of(present)}; to leave "
                "it takes upgrade_major_version: true"
            )
            yield Problem("software_version", rule, wanted)
    if declared and not any(is_version(version, major_of(declared) if wanted else declared) for version in ends):
        rule = f"the cluster runs {present}; set software_version to patch it inside its major version"
        yield Problem("engine_version", rule, declared)


def _matches(engine: Json, desired: Json) -> bool:
    wanted = (desired.get("dbaas_engine_version_id"), desired.get("engine_version"), desired.get("software_version"))
    engine_id, declared, software_version = wanted
    version = engine["software_version"]
    return (
        (not engine_id or engine["id"] == engine_id)
        and (not declared or is_version(version, major_of(declared) if software_version else declared))
        and (not software_version or version == software_version)
    )


def _not_offered(desired: Json, offered: list[Json]) -> Iterator[Problem]:
    versions = sorted({engine["software_version"] for engine in offered}, key=as_numbers)
    told = ", ".join(versions) or "none"
    for option in ("dbaas_engine_version_id", "engine_version", "software_version"):
        if desired.get(option):
            yield Problem(option, f"SCP offers: {told}", desired[option])
