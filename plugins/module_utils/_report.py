# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the page of the role ``mariadb_report`` shows: pure functions of what the modules returned.

Whatever depends on the time of day is told in steps (hours, then days), so that nothing on the page changes with every
minute. A ``tone`` is how a fact is to be looked at: good, watch, bad, busy (on its way), idle, or plain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _answers,
    _backup_history,
    _engine,
    _moments,
    _roles,
    _settings,
    _states,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._versions import as_numbers

GOOD, WATCH, BAD, BUSY, IDLE, PLAIN = "good", "watch", "bad", "busy", "idle", "plain"
# The order in which tones want to be seen.
TONES = (BAD, WATCH, BUSY, GOOD, PLAIN, IDLE)

# What is told first of all that needs attention, with its tone.
KINDS = {
    "broken": ("In a broken state", BAD),
    "unread": ("Could not be read", BAD),
    "backup_missing": ("No finished backup", BAD),
    "backup_old": ("Newest backup too old", BAD),
    "backup_off": ("Backups are off", BAD),
    "replica_broken": ("Replica does not follow", BAD),
    "eos_passed": ("Past the end of service", BAD),
    "eos_near": ("End of service is near", WATCH),
    "replica_behind": ("Replica not synchronized lately", WATCH),
    "drift": ("Differs from its declaration", WATCH),
}

# The API documents no words for the state of a replica; these are looked for anywhere in it, the bad ones first.
_BAD_WORDS = (
    "DISCONN",
    "UNSYNC",
    "NOT",
    "FAIL",
    "ERR",
    "BROK",
    "STOP",
    "LAG",
    "DELAY",
    "BEHIND",
    "UNKNOWN",
    "ABNORMAL",
)
_GOOD_WORDS = ("CONNECT", "SYNC", "RUN", "NORMAL", "HEALTH", "ACTIVE", "STREAM", "OK")

# The states in which nobody expects a backup yet, or any more.
_BEFORE_AND_AFTER = (_states.CREATING, _states.TERMINATING)
_STORAGE_ORDER = ("DATA", "OS", "ARCHIVE", "BACKUP", "TEMP")


@dataclass(frozen=True)
class Limits:
    """From when on something needs attention; 0 hours or minutes means never."""

    backup_max_age_hours: int = 26
    end_of_service_days: int = 180
    replica_max_age_minutes: int = 1440


@dataclass(frozen=True)
class Found:
    """What the modules returned. None means that nobody asked for it.

    Of backups and replicas these are the results of loops over the clusters' ids.
    """

    clusters: list[Json]
    engine_versions: list[Json]
    server_types: list[Json]
    backups: list[Json] | None = None
    replicas: list[Json] | None = None
    stacks: list[Json] | None = None
    # Last days of service by major or full version; the API has only a flag.
    end_of_service_dates: Mapping[str, date] = field(default_factory=dict)


def build(found: Found, now: datetime, limits: Limits) -> Json:
    """Return everything that the page shows; raises :class:`NotUnderstood`."""
    found = _understood(found)
    versions = {version: _version(found, version, now, limits) for version in _versions_of(found.clusters)}
    names = {cluster["id"]: cluster["name"] for cluster in found.clusters}
    ordered = sorted(found.clusters, key=lambda cluster: (cluster["name"].casefold(), cluster["id"]))
    clusters = [
        _cluster(number, cluster, found, versions, names, now, limits) for number, cluster in enumerate(ordered, 1)
    ]
    stacks = [_stack(stack, clusters) for stack in found.stacks or []]
    replicas = [{**replica, "origin": cluster["name"]} for cluster in clusters for replica in cluster["replicas"]]
    attention = _attention(clusters, stacks)
    return {
        "summary": _summary(clusters, attention),
        "attention": attention,
        "clusters": clusters,
        "versions": sorted(versions.values(), key=lambda version: as_numbers(version["software_version"])),
        "replicas": replicas,
        "stacks": stacks,
        "shown": {
            "backups": found.backups is not None,
            "replicas": found.replicas is not None,
            "stacks": found.stacks is not None,
        },
    }


def _understood(found: Found) -> Found:
    """Return what was found as its fields are meant; in a result those that are not understood are as they came."""
    return replace(
        found,
        clusters=_answers.again(_answers.each(_answers.cluster), found.clusters, "mariadb_cluster_info"),
        engine_versions=_answers.again(
            _answers.each(_answers.ENGINE_VERSION), found.engine_versions, "mariadb_engine_version_info"
        ),
        server_types=_answers.again(_answers.each(_answers.NAMED), found.server_types, "mariadb_server_type_info"),
    )


def _cluster(
    number: int,
    cluster: Json,
    found: Found,
    versions: Mapping[str, Json],
    names: Mapping[str, str],
    now: datetime,
    limits: Limits,
) -> Json:
    storage = _storage([cluster])
    state = cluster["service_state"]
    origin_id = cluster.get("origin_cluster_id")
    shown: Json = {
        "anchor": f"cluster-{number}",
        "id": cluster["id"],
        "name": cluster["name"],
        "role_type": cluster.get("role_type"),
        "is_replica": bool(_roles.is_replica(cluster)),
        "origin": names.get(origin_id, origin_id) if origin_id else None,
        "ha_enabled": bool(cluster.get("ha_enabled")),
        "service_state": state,
        "tone": tone_of_state(state),
        "software_version": cluster["software_version"],
        "end_of_service": versions[cluster["software_version"]]["end_of_service"],
        "policy": _policy(cluster),
        "storage": storage,
        "storage_gb": sum(volume["size_gb"] for volume in storage),
        "servers": _servers(cluster, found.server_types),
        "replica_count": _replica_count(cluster, found.clusters),
        "replicas": [],
        "backup": None,
        "archive": None,
        "unread": [],
    }
    _add_backups(shown, cluster, found.backups or [], now, limits)
    _add_replicas(shown, cluster, found.replicas or [], now, limits)
    return shown


def _replica_count(origin: Json, clusters: list[Json]) -> int:
    """Return how many replicas a cluster has, without those that it lists although they are promoted."""
    listed = set(origin.get("replicas") or [])
    known = [cluster for cluster in clusters if cluster["id"] in listed]
    former = [cluster for cluster in known if _roles.is_replica_of(cluster, origin["id"]) is False]
    return len(listed) - len(former)


def tone_of_state(service_state: str) -> str:
    """Return how a service state is to be looked at."""
    if service_state in _states.BROKEN:
        return BAD
    if service_state == _states.RUNNING:
        return GOOD
    return BUSY if _states.is_transitional(service_state) else IDLE


def _versions_of(clusters: Iterable[Json]) -> Counter[str]:
    return Counter(cluster["software_version"] for cluster in clusters)


def _version(found: Found, version: str, now: datetime, limits: Limits) -> Json:
    return {
        "software_version": version,
        "major_version": _engine.major_of(version),
        "clusters": _versions_of(found.clusters)[version],
        "end_of_service": end_of_service(found, version, now, limits),
    }


def end_of_service(found: Found, version: str, now: datetime, limits: Limits) -> Json:
    """Return when the service of a version ends: what the API says, and the date that is known of it."""
    listed = [engine for engine in found.engine_versions if engine["software_version"] == version]
    dates = found.end_of_service_dates
    day = dates.get(version) or dates.get(_engine.major_of(version))
    told = day.isoformat() if day else None
    days = (day - now.date()).days if day else None
    if any(engine["end_of_service"] for engine in listed) or (days is not None and days < 0):
        return {"state": "passed", "date": told, "tone": BAD, "words": f"ended {told}" if told else "has ended"}
    if days is None:
        return {"state": "unknown", "date": None, "tone": PLAIN, "words": "no date known"}
    near = days <= limits.end_of_service_days
    left = f"{_plural(days, 'day')} left" if near else "supported"
    return {
        "state": "near" if near else "supported",
        "date": told,
        "tone": WATCH if near else GOOD,
        "words": f"until {told}, {left}" if near else f"until {told}",
    }


def _looped(result: Json) -> Any:
    """Return what a loop's result is for: the value of its loop variable."""
    return result.get(result.get("ansible_loop_var", "item"))


def _policy(cluster: Json) -> Json | None:
    """Return the backup policy, or None where no backups are taken."""
    return _settings.backup_of(cluster) or None


def _add_backups(shown: Json, cluster: Json, results: list[Json], now: datetime, limits: Limits) -> None:
    result = next((one for one in results if _looped(one) == cluster["id"]), None)
    if result is None:
        return
    if "backups" not in result:
        shown["unread"].append({"what": "backups", "words": _one_line(result.get("msg"))})
        return
    archive = _answers.again(_answers.ARCHIVE, result["archive"], "mariadb_backup_info")
    shown["archive"] = {key: archive[key] for key in ("archive_enabled", "retention_period_day")}
    histories = _answers.again(_answers.each(_answers.BACKUP_HISTORY), result["backups"], "mariadb_backup_info")
    shown["backup"] = _newest_backup(cluster, histories, result["restorable"], now, limits)


def _newest_backup(cluster: Json, histories: list[Json], restorable: list[str], now: datetime, limits: Limits) -> Json:
    finished = [
        (ended, history)
        for history in histories
        if str(history["backup_history_number"]) in restorable and (ended := _backup_history.ended_at(history))
    ]
    if not finished:
        return _without_backup(cluster, histories, now, limits)
    ended, newest = max(finished, key=lambda pair: pair[0])
    # A cluster that stands still takes no backups, and has nothing new in it.
    standing = cluster["service_state"] == _states.STOPPED
    old = 0 < limits.backup_max_age_hours < _hours(now - ended) and not standing
    return {
        "count": len(histories),
        "finished": len(finished),
        "number": str(newest["backup_history_number"]),
        "ended_at": stamp(ended),
        "size_gb": newest.get("backup_size_gb"),
        "state": "old" if old else "recent",
        "tone": BAD if old else GOOD,
        "words": f"{age(now - ended)} old",
    }


def _without_backup(cluster: Json, histories: list[Json], now: datetime, limits: Limits) -> Json:
    """Describe a cluster without a finished backup; a young one has it yet to come."""
    created = _moments.parse(cluster.get("created_at"))
    young = created is not None and _hours(now - created) < (limits.backup_max_age_hours or 24)
    due = cluster["service_state"] in _BEFORE_AND_AFTER or (young and _policy(cluster) is not None)
    return {
        "count": len(histories),
        "finished": 0,
        "number": None,
        "ended_at": None,
        "size_gb": None,
        "state": "due" if due else "missing",
        "tone": BUSY if due else BAD,
        "words": "first one is due" if due else f"none finished{_unknown_words(histories)}",
    }


def _unknown_words(histories: list[Json]) -> str:
    """Return the backup_state words that nobody knows; the user may have to declare one."""
    unknown = filter(_backup_history.Judge().is_unknown, histories)
    words = sorted({str(history.get("backup_state")) for history in unknown})
    return f" (unknown backup_state: {', '.join(words)})" if words else ""


def _add_replicas(shown: Json, cluster: Json, results: list[Json], now: datetime, limits: Limits) -> None:
    result = next((one for one in results if _looped(one) == cluster["id"]), None)
    if result is None:
        return
    if "replicas" not in result:
        shown["unread"].append({"what": "replicas", "words": _one_line(result.get("msg"))})
        return
    replicas = _answers.again(_answers.each(_answers.REPLICA), result["replicas"], "mariadb_replica_info")
    shown["replicas"] = [_replica(replica, now, limits) for replica in replicas]


def _replica(replica: Json, now: datetime, limits: Limits) -> Json:
    synced = _moments.parse(replica.get("synced_at"))
    tone = tone_of_replica(replica.get("replica_state"))
    behind = synced is not None and 0 < limits.replica_max_age_minutes < (now - synced) / timedelta(minutes=1)
    return {
        "name": replica["name"],
        "region": replica.get("region"),
        "replica_state": replica.get("replica_state") or None,
        "replica_state_detail": _one_line(replica.get("replica_state_detail")),
        "synced_at": stamp(synced) if synced else None,
        "behind": behind,
        "state_tone": tone,
        "tone": tone if tone == BAD or not behind else WATCH,
        "words": f"{age(now - synced)} ago" if synced else "not told",
    }


def tone_of_replica(replica_state: str | None) -> str:
    """Return how the state of a replica is to be looked at, as far as its word tells."""
    word = (replica_state or "").upper()
    if any(stem in word for stem in _BAD_WORDS):
        return BAD
    return GOOD if any(stem in word for stem in _GOOD_WORDS) else PLAIN


def _storage(clusters: Iterable[Json]) -> list[Json]:
    """Return the volumes of all groups of servers, added up by their role, as SCP lists them."""
    sizes: Counter[str] = Counter()
    for cluster in clusters:
        for group in cluster.get("instance_groups") or []:
            for volume in group.get("block_storage_groups") or []:
                sizes[volume["role_type"]] += volume["size_gb"]
    return _by_role(sizes)


def _by_role(sizes: Mapping[str, int]) -> list[Json]:
    return [{"role_type": role, "size_gb": sizes[role]} for role in sorted(sizes, key=_storage_key)]


def _storage_key(role_type: str) -> tuple[int, str]:
    known = role_type in _STORAGE_ORDER
    return (_STORAGE_ORDER.index(role_type) if known else len(_STORAGE_ORDER), role_type)


def _servers(cluster: Json, server_types: list[Json]) -> list[Json]:
    """Return the types of a cluster's servers and how many there are of each."""
    counts: Counter[str] = Counter()
    for group in cluster.get("instance_groups") or []:
        counts[group["server_type_name"]] += len(group.get("instances") or [])
    known = {server_type["name"]: server_type for server_type in server_types}
    return [
        {
            "server_type_name": name,
            "count": count,
            "cpu_core": known.get(name, {}).get("cpu_core"),
            "memory_gb": known.get(name, {}).get("memory_gb"),
        }
        for name, count in sorted(counts.items())
    ]


def _stack(stack: Json, clusters: list[Json]) -> Json:
    """Return how a declared stack differs from what is there, of the results that the modules gave in check mode."""
    name, results = str(stack["cluster"]), [result for result in stack["results"] if not result.get("skipped")]
    differences = [difference for result in results for difference in _differences(result)]
    return {
        "cluster": name,
        "anchor": next((cluster["anchor"] for cluster in clusters if name in (cluster["name"], cluster["id"])), None),
        "exists": stack["exists"],
        "differences": differences,
        "in_force": not differences,
        "tone": WATCH if differences else GOOD,
    }


def _differences(result: Json) -> Iterator[Json]:
    if "msg" in result:
        yield {"part": result["part"], "operation": None, "options": [], "refused": _one_line(result["msg"])}
        return
    for operation in result.get("operations") or []:
        yield {
            "part": result["part"],
            "operation": operation["operation"],
            "options": list(operation.get("options") or []),
            "refused": None,
        }


def _attention(clusters: list[Json], stacks: list[Json]) -> list[Json]:
    """Return what needs attention, the worst first, by what it is."""
    items: dict[str, list[Json]] = {kind: [] for kind in KINDS}
    for cluster in clusters:
        for kind, words in _concerns(cluster):
            items[kind].append({"cluster": cluster["name"], "anchor": cluster["anchor"], "words": words})
    for stack in stacks:
        if not stack["in_force"]:
            items["drift"].append({"cluster": stack["cluster"], "anchor": stack["anchor"], "words": _drift(stack)})
    return [
        {"kind": kind, "title": title, "tone": tone, "items": items[kind]}
        for kind, (title, tone) in KINDS.items()
        if items[kind]
    ]


def _concerns(cluster: Json) -> Iterator[tuple[str, str]]:
    if cluster["tone"] == BAD:
        yield "broken", cluster["service_state"]
    for unread in cluster["unread"]:
        yield "unread", f"{unread['what']}: {unread['words']}"
    yield from _backup_concerns(cluster)
    for replica in cluster["replicas"]:
        if replica["tone"] == BAD:
            yield "replica_broken", f"{replica['name']}: {replica['replica_state']}"
        elif replica["behind"]:
            yield "replica_behind", f"{replica['name']}: {replica['words']}"
    service = cluster["end_of_service"]
    if service["state"] in ("passed", "near"):
        yield f"eos_{service['state']}", f"{cluster['software_version']} {service['words']}"


def _backup_concerns(cluster: Json) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a cluster's backups; a replica has its origin's."""
    if cluster["is_replica"] or cluster["service_state"] in _BEFORE_AND_AFTER:
        return
    if cluster["policy"] is None:
        yield "backup_off", cluster["backup"]["words"] if cluster["backup"] else "no policy"
    elif cluster["backup"] and cluster["backup"]["state"] in ("missing", "old"):
        yield f"backup_{cluster['backup']['state']}", cluster["backup"]["words"]


def _drift(stack: Json) -> str:
    if not stack["exists"]:
        return "does not exist"
    return _plural(len(stack["differences"]), "difference")


def _summary(clusters: list[Json], attention: list[Json]) -> Json:
    states = Counter((cluster["service_state"], cluster["tone"]) for cluster in clusters)
    sizes: Counter[str] = Counter()
    for cluster in clusters:
        for volume in cluster["storage"]:
            sizes[volume["role_type"]] += volume["size_gb"]
    concerned = {(group["tone"], item["anchor"] or item["cluster"]) for group in attention for item in group["items"]}
    bad = {who for tone, who in concerned if tone == BAD}
    return {
        "clusters": len(clusters),
        "servers": sum(server["count"] for cluster in clusters for server in cluster["servers"]),
        "storage_gb": sum(sizes.values()),
        "storage": _by_role(sizes),
        "states": [
            {"service_state": state, "tone": tone, "count": count}
            for (state, tone), count in sorted(states.items(), key=lambda item: (TONES.index(item[0][1]), item[0][0]))
        ],
        "bad": len(bad),
        "watch": len({who for _tone, who in concerned} - bad),
    }


def age(span: timedelta) -> str:
    """Tell a span of time in steps that last: hours up to two days, then days."""
    hours = _hours(span)
    if hours < 1:
        return "less than an hour"
    return _plural(hours, "hour") if hours < 48 else _plural(hours // 24, "day")


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _hours(span: timedelta) -> int:
    return int(span / timedelta(hours=1))


def _plural(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _one_line(text: Any) -> str:
    return re.sub(r"\s+", " ", str(text or "")).strip()
