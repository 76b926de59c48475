# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the clusters of any number of regions, several calls at a time, all of them or none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _cluster, _config, _present, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Problem, ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http

Warn = Callable[[str], None]
Item = TypeVar("Item")
Made = TypeVar("Made")


class Region(NamedTuple):
    """One endpoint. Its name is empty where only the endpoint is known."""

    name: str
    config: Config

    def __str__(self) -> str:
        return f"Region {self.name}" if self.name else self.config.endpoint


class Listed(NamedTuple):
    """A cluster in brief, and where it was found."""

    region: Region
    cluster: Json

    def __str__(self) -> str:
        return f"{self.region}, cluster {self.cluster['name']} ({self.cluster['id']})"


def regions(options: Mapping[str, Any], environ: Mapping[str, str], home: Path) -> list[Region]:
    """Return what ``regions`` names, or else the one region that a task would talk to.

    Raises :class:`InvalidInput` when it is not clear which endpoint is whose.
    """
    names: Sequence[str] | None = options["regions"]
    endpoints: Mapping[str, str] = options["endpoints"] or {}
    _check(names, endpoints)
    if names is None:
        return [Region(_config.find("region", options, environ, home), _config.load(options, environ, home))]
    if len(names) > 1:
        _refuse_common_endpoint(_config.find("endpoint", options, environ, home), names, endpoints)
    return [
        Region(name, _config.load({**options, "region": name, **_endpoint(name, endpoints)}, environ, home))
        for name in names
    ]


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

    def listed(region: Region) -> tuple[Region, list[Json]]:
        http = Http(region.config, warn=lambda message: warn(f"{region}: {message}"))
        found = _cluster.list_matching(http, **filters)
        return _settled(region, http), found

    for warning in {warning for place in places for warning in place.config.warnings}:
        warn(warning)
    return [
        Listed(region, cluster)
        for region, found in _at_once(listed, places, concurrency)
        for cluster in found
        if cluster["service_state"] != _states.TERMINATED
    ]


def _settled(region: Region, http: Http) -> Region:
    """Return the region with the version that was agreed upon, so that not every thread has to ask for it again."""
    return region._replace(config=replace(region.config, api_version=http.api_version))


def complete(listed: Sequence[Listed], concurrency: int) -> list[Listed]:
    """Return the clusters in full, without those that ended since they were listed.

    Raises :class:`ScpError` that names a cluster that could not be read.
    """
    # An Http serves one thread only.
    own = threading.local()

    def shown(item: Listed) -> Listed | None:
        https: dict[Region, Http] = own.__dict__.setdefault("https", {})
        if item.region not in https:
            https[item.region] = Http(item.region.config)
        detail = _present.show(https[item.region], item.cluster["id"])
        return Listed(item.region, {**item.cluster, **detail}) if detail else None

    return [item for item in _at_once(shown, listed, concurrency) if item]


def _at_once(work: Callable[[Item], Made], items: Sequence[Item], concurrency: int) -> list[Made]:
    """Return what the work makes of each item, in their order. After a failure or an interruption no more is begun."""
    if not items:
        return []
    stopped = threading.Event()

    def guarded(item: Item) -> Made:
        if stopped.is_set():
            raise _NotBegun
        try:
            return work(item)
        except BaseException:
            stopped.set()
            raise

    pool = ThreadPoolExecutor(min(concurrency, len(items)))
    try:
        futures = [pool.submit(guarded, item) for item in items]
        wait(futures)
    finally:
        stopped.set()
        pool.shutdown()
    _raise_failures(items, [future.exception() for future in futures])
    return [future.result() for future in futures]


class _NotBegun(Exception):
    """Work that was left because other work had failed."""


def _raise_failures(items: Sequence[Item], failures: Sequence[BaseException | None]) -> None:
    """Raise the first failure in full, with the names of what failed as well."""
    failed = [
        (item, failure)
        for item, failure in zip(items, failures)
        if failure is not None and not isinstance(failure, _NotBegun)
    ]
    if not failed:
        return
    (item, failure), *others = failed
    if not isinstance(failure, ScpError):
        raise failure
    also = f" Failed as well: {'; '.join(str(other) for other, _failure in others)}." if others else ""
    raise ScpError(f"{item}: {failure.msg}{also}")


def portable(listed: Iterable[Listed]) -> list[Json]:
    """Return the clusters as plain data to keep, each beside its region's name."""
    return [{"region": item.region.name, "cluster": _api.redact(item.cluster)} for item in listed]
