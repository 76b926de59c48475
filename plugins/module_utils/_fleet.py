# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the clusters of any number of regions, several calls at a time, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.samsungcloud.scp.plugins.module_utils import _cluster, _config, _present, _states, _tags
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Problem
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._pool import Pool

Warn = Callable[[str], None]


class Region(NamedTuple):
    """One endpoint. Its name is empty where only the endpoint is known.

    ``resource_manager`` is where the tags of its clusters are looked up, if they are.
    """

    name: str
    config: Config
    resource_manager: Config | None = None

    def __str__(self) -> str:
        return f"Region {self.name}" if self.name else self.config.endpoint


class Listed(NamedTuple):
    """A cluster, and where it was found."""

    region: Region
    cluster: Json

    def __str__(self) -> str:
        return f"{self.region}, cluster {self.cluster['name']} ({self.cluster['id']})"


def regions(options: Mapping[str, Any], environ: Mapping[str, str], home: Path) -> list[Region]:
    """Return what ``regions`` names, or else the one region that a task would talk to.

    Raises :class:`InvalidInput` when it is not clear which endpoint is whose.
    """
    names: Sequence[str] | None = options["regions"]
    # A blank counts as left out here, too, lest the common endpoint is taken for that of the region.
    endpoints = {name: url for name, url in (options["endpoints"] or {}).items() if str(url).strip()}
    _check(names, endpoints)

    def region(name: str, its: Mapping[str, Any]) -> Region:
        tagged = options.get("tags") is not None
        resource_manager = _config.load_resource_manager(its, environ, home) if tagged else None
        return Region(name, _config.load(its, environ, home), resource_manager)

    if names is None:
        return [region(_config.find("region", options, environ, home), options)]
    if len(names) > 1:
        _refuse_common_endpoint(_config.find("endpoint", options, environ, home), names, endpoints)
    return [region(name, {**options, "region": name, **_endpoint(name, endpoints)}) for name in names]


def _endpoint(name: str, endpoints: Mapping[str, str]) -> dict[str, str]:
    return {"endpoint": endpoints[name]} if name in endpoints else {}


def _check(names: Sequence[str] | None, endpoints: Mapping[str, str]) -> None:
    problems = []
    if names is not None and not names:
        problems.append(Problem("regions", "must name at least one region, or be left out", names))
    if names is not None and len(set(names)) < len(names):
        problems.append(Problem("regions", "must name each region once", names))
    strange = sorted(set(endpoints) - set(names or ()))
    if strange:
        problems.append(Problem("endpoints", "must name only regions that are in regions", ", ".join(strange)))
    if problems:
        raise InvalidInput(problems)


def _refuse_common_endpoint(endpoint: str, names: Sequence[str], endpoints: Mapping[str, str]) -> None:
    without = [name for name in names if name not in endpoints]
    if endpoint and without:
        rule = (
            "is the URL of one region (it may come from SCP_ENDPOINT, SCP_TF_ENDPOINT_OVERRIDE or "
            f"endpoint-override in ~/.scpconf), while regions has {', '.join(names)}; set endpoints for each of them"
        )
        raise InvalidInput([Problem("endpoint", rule)])


def read(places: Sequence[Region], filters: Mapping[str, str | None], concurrency: int, warn: Warn) -> list[Listed]:
    """Return the clusters that match in all regions, in brief, without those that are terminated.

    Raises :class:`ScpError` that names each region that failed.
    """
    pool = Pool(concurrency)
    share = pool.share(len(places))

    def listed(region: Region) -> tuple[Region, list[Json]]:
        http = Http(region.config, warn=lambda message: warn(f"{region}: {message}"))
        found = _cluster.list_matching(share.reader(http), share, **filters)
        return _settled(region, http), found

    for warning in {warning for place in places for warning in place.config.warnings}:
        warn(warning)
    return [
        Listed(region, cluster)
        for region, found in pool.map(listed, places, str)
        for cluster in found
        if cluster["service_state"] != _states.TERMINATED
    ]


def _settled(region: Region, http: Http) -> Region:
    """Return the region with the version that was agreed upon, so that it is not asked for again."""
    return region._replace(config=replace(region.config, api_version=http.api_version))


def complete(listed: Sequence[Listed], concurrency: int) -> list[Listed]:
    """Return the clusters in full, without those that ended since they were listed.

    Raises :class:`ScpError` that names a cluster that could not be read.
    """
    pool = Pool(concurrency)
    readers = {region: pool.reader(Http(region.config)) for region in {item.region for item in listed}}

    def shown(item: Listed) -> Listed | None:
        detail = _present.show(readers[item.region], item.cluster["id"], item.cluster["name"])
        if detail is None:
            return None
        detail.update((key, value) for key, value in item.cluster.items() if key not in detail)
        return Listed(item.region, detail)

    return [item for item in pool.map(shown, listed, str) if item]


def tagged(listed: Sequence[Listed], wanted: Mapping[str, Any], concurrency: int, warn: Warn) -> list[Listed]:
    """Return the clusters that have the wanted tags, each with its tags.

    Raises :class:`ScpError` that names a cluster whose tags could not be read.
    """
    pool = Pool(concurrency)
    places = {item.region: item.region.resource_manager for item in listed}
    # Regions share the host, and are told together how long to keep back.
    readers = {config.endpoint: pool.reader(Http(config)) for config in places.values() if config}
    filters = {
        region: _tags.Filter(wanted, readers[config.endpoint], config) for region, config in places.items() if config
    }

    def passed(item: Listed) -> Listed | None:
        cluster = filters[item.region].passed(item.cluster)
        return Listed(item.region, cluster) if cluster else None

    kept = [item for item in pool.map(passed, listed, str) if item]
    for warning in (warning for its in filters.values() for warning in its.warnings()):
        warn(warning)
    return kept


def portable(listed: Iterable[Listed]) -> list[Json]:
    """Return the clusters as plain data to keep, each beside its region's name."""
    return [{"region": item.region.name, "cluster": item.cluster} for item in listed]
