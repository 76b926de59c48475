# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans server types and volumes. Volumes grow and are added; SCP neither shrinks nor removes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import seen
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import Problem
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal

OPTION = "instance_groups"
# Facts: section 6.
MOST_VOLUMES = 9
OS_ROLE = "OS"
DATA_ROLE = "DATA"
DEFAULT_VOLUME_TYPE = "SSD"

# The servers of a new group.
SERVERS = {"ACTIVE": ["ACTIVE"], "ACTIVE_STANDBY": ["ACTIVE", "STANDBY"]}

# One kind of volume: its role and its type, both fixed for its life.
Kind = tuple[str, str]


@dataclass(frozen=True)
class Match:
    """The volumes of one kind in one group that do not simply stay as they are."""

    kind: Kind
    grow: list[tuple[Json, int]]
    add: list[int]
    unplaced: list[Json]


def plan_volumes(draft: Draft, cluster: Json, wanted: list[Json], option: str = OPTION) -> None:
    """Plan the volumes of every declared group: first grow what is there, then add what is missing.

    ``option`` is the path of the groups among the task's options.
    """
    for group, desired in _pairs(cluster, wanted):
        matches = list(_matches(group, desired))
        for match in matches:
            for volume, size_gb in match.grow:
                _resize(draft, group, volume, size_gb, option)
        for match in matches:
            for size_gb in match.add:
                _add(draft, group, match.kind, size_gb, option)


def plan_server_types(draft: Draft, cluster: Json, wanted: list[Json], option: str = OPTION) -> None:
    """Plan the server type of every declared group."""
    for group, desired in _pairs(cluster, wanted):
        server_type_name = desired["server_type_name"]
        if group["server_type_name"] == server_type_name:
            continue
        _after(draft, group)["server_type_name"] = server_type_name
        goal = Goal(f"server type {server_type_name}", _has_server_type(group["id"], server_type_name))
        draft.add(_api.set_server_type(group["id"], server_type_name), goal, f"{option}[].server_type_name")


def diff_view(group: Json) -> Json:
    """Return the part of a group that tasks change."""
    return {
        **_seen(group, "id", "role_type", "server_type_name"),
        "block_storage_groups": [
            _seen(volume, "id", "role_type", "size_gb", "volume_type")
            for volume in seen(group, "block_storage_groups", ())
        ],
        "instances": [_seen(instance, "name", "role_type") for instance in seen(group, "instances", ())],
    }


def _seen(found: Json, *names: str) -> Json:
    return {name: seen(found, name) for name in names}


def creation_problems(wanted: list[Json], option: str = OPTION) -> Iterator[Problem]:
    """Yield what keeps declared groups from being created."""
    for group in wanted:
        roles = [instance["role_type"] for instance in group.get("instances") or []]
        fitting = SERVERS[group["role_type"]]
        if roles and sorted(roles) != fitting:
            rule = f"must be {' and '.join(fitting)} in a group of role_type {group['role_type']}"
            yield Problem(f"{option}[].instances[].role_type", rule, ", ".join(roles))
        yield from _new_volume_problems(group["block_storage_groups"], f"{option}[].block_storage_groups")


def _new_volume_problems(volumes: list[Json], option: str) -> Iterator[Problem]:
    yield from lack_of_data(volumes, option)
    if len(volumes) > MOST_VOLUMES:
        yield Problem(option, f"must hold at most {MOST_VOLUMES} volumes", len(volumes))
    types = {_kind(volume)[1] for volume in volumes if volume["role_type"] == DATA_ROLE}
    if len(types) > 1:
        rule = "must be the same for all DATA volumes when a cluster is created"
        yield Problem(f"{option}[].volume_type", rule, ", ".join(sorted(types)))


def lack_of_data(volumes: list[Json], option: str) -> Iterator[Problem]:
    roles = [volume["role_type"] for volume in volumes]
    if DATA_ROLE not in roles:
        yield Problem(option, "must hold at least one volume of role_type DATA", ", ".join(roles))


def other_types(volumes: list[Json], source: Json, option: str) -> Iterator[Problem]:
    """Yield the volumes whose type is not the one that is inherited from ``source`` (facts: section 6)."""
    inherited = inherited_type(volumes_of(source))
    for volume in volumes:
        if volume.get("volume_type", inherited) != inherited:
            rule = f"must be {inherited}, which is inherited from the cluster {source['name']}"
            yield Problem(f"{option}[].volume_type", rule, volume["volume_type"])


def with_type(volumes: list[Json], inherited: str) -> list[Json]:
    """Return volumes that name their type: whether one left out is inherited is not known (facts: section 13)."""
    return [volume if volume["role_type"] == OS_ROLE else {"volume_type": inherited, **volume} for volume in volumes]


def inherited_type(volumes: list[Json]) -> str:
    """Return the type that a cluster made out of one with these volumes gets for all of its own."""
    types = [_kind(volume)[1] for volume in volumes if volume["role_type"] != OS_ROLE]
    return next(iter(types), DEFAULT_VOLUME_TYPE)


def volumes_of(cluster: Json, role_type: str | None = None) -> list[Json]:
    """Return the volumes of a cluster's first group, all or those of one role."""
    for group in cluster["instance_groups"][:1]:
        return [volume for volume in group["block_storage_groups"] if role_type in (None, volume["role_type"])]
    return []


def total_gb(volumes: Iterable[Json]) -> int:
    return sum(volume["size_gb"] for volume in volumes)


def problems(cluster: Json, wanted: list[Json], option: str = OPTION) -> Iterator[Problem]:
    """Yield what the declared groups ask for and SCP can't do to a cluster that exists."""
    if not cluster["instance_groups"]:
        # A cluster that is being created need not show its groups yet.
        if cluster["service_state"] != _states.CREATING:
            yield Problem(option, "can't be compared, because SCP shows no instance_groups of the cluster")
        return
    present_roles = sorted(group["role_type"] for group in cluster["instance_groups"])
    wanted_roles = sorted(group["role_type"] for group in wanted)
    if present_roles != wanted_roles:
        rule = f"the cluster has {', '.join(present_roles)}, which can't be changed after creation"
        yield Problem(f"{option}[].role_type", rule, ", ".join(wanted_roles))
        return
    for group, desired in _pairs(cluster, wanted):
        yield from _volume_problems(group, desired, f"{option}[].block_storage_groups")
        yield from _instance_problems(group, desired, f"{option}[].instances")


def _volume_problems(group: Json, desired: Json, option: str) -> Iterator[Problem]:
    for match in _matches(group, desired):
        role_type, volume_type = match.kind
        for volume in match.unplaced:
            told = f"the {role_type} volume ({volume_type}) of {volume['size_gb']} GB"
            if match.add:
                yield Problem(f"{option}[].size_gb", f"{told} can't shrink", max(match.add))
            else:
                yield Problem(option, f"lacks {told} that the cluster has; SCP can't remove it or change its kind")
        if role_type == OS_ROLE and match.add and not match.unplaced:
            yield Problem(f"{option}[].role_type", "must be OS for one volume only", role_type)
        for volume, size_gb in match.grow:
            if role_type == OS_ROLE:
                yield Problem(
                    f"{option}[].size_gb", f"the OS volume has {volume['size_gb']} GB and can't grow", size_gb
                )


def _instance_problems(group: Json, desired: Json, option: str) -> Iterator[Problem]:
    """Compare declared servers; their roles change at a switchover and do not count."""
    wanted = desired.get("instances")
    present = group["instances"] if wanted else []
    if not wanted or not present:
        # None are declared, or a cluster that is being created does not show them yet.
        return
    if len(wanted) != len(present):
        rule = f"the group has {len(present)} servers, which can't be changed after creation"
        yield Problem(option, rule, len(wanted))
    for key in ("service_ip_address", "public_ip_id"):
        declared = [instance[key] for instance in wanted if instance.get(key)]
        shown = {instance[key] for instance in present} if declared else set()
        for value in declared:
            if value not in shown:
                rule = f"no server of the group has it, and it can't be changed after creation; present: {_list(shown)}"
                yield Problem(f"{option}[].{key}", rule, value)


def _pairs(cluster: Json, wanted: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield the present and the declared group of each role."""
    by_role = {group["role_type"]: group for group in cluster["instance_groups"]}
    for desired in wanted:
        if desired["role_type"] in by_role:
            yield by_role[desired["role_type"]], desired


def _matches(group: Json, desired: Json) -> Iterator[Match]:
    """Match the present volumes with the declared sizes, kind by kind.

    Exact matches are set aside first, so that a list in another order asks for nothing. Each volume left over takes
    the smallest declared size that it can grow to, so that a declared new volume never makes an old one jump.
    """
    volumes = [*group["block_storage_groups"], *desired["block_storage_groups"]]
    for kind in dict.fromkeys(_kind(volume) for volume in volumes):
        sizes = Counter(volume["size_gb"] for volume in desired["block_storage_groups"] if _kind(volume) == kind)
        left_over = []
        for volume in sorted((v for v in group["block_storage_groups"] if _kind(v) == kind), key=itemgetter("size_gb")):
            if sizes[volume["size_gb"]]:
                sizes[volume["size_gb"]] -= 1
            else:
                left_over.append(volume)
        match = _matched(kind, left_over, sorted(sizes.elements()))
        if match.grow or match.add or match.unplaced:
            yield match


def _matched(kind: Kind, volumes: list[Json], sizes: list[int]) -> Match:
    match = Match(kind, [], sizes, [])
    for volume in volumes:
        size_gb = next((size for size in sizes if size > volume["size_gb"]), None)
        if size_gb is None:
            match.unplaced.append(volume)
        else:
            sizes.remove(size_gb)
            match.grow.append((volume, size_gb))
    return match


def _kind(volume: Json) -> Kind:
    return volume["role_type"], volume.get("volume_type") or DEFAULT_VOLUME_TYPE


def _has_server_type(group_id: str, server_type_name: str) -> Callable[[Json], bool]:
    return lambda cluster: bool(_group(cluster, group_id)["server_type_name"] == server_type_name)


def _resize(draft: Draft, group: Json, volume: Json, size_gb: int, option: str) -> None:
    for shown in _after(draft, group)["block_storage_groups"]:
        if shown.get("id") == volume["id"]:
            shown["size_gb"] = size_gb
    goal = Goal(
        f"{size_gb} GB on the {volume['role_type']} volume",
        lambda cluster: any(
            shown["id"] == volume["id"] and shown["size_gb"] == size_gb
            for shown in _group(cluster, group["id"])["block_storage_groups"]
        ),
    )
    draft.add(_api.set_block_storage_size(volume["id"], size_gb), goal, f"{option}[].block_storage_groups[].size_gb")


def _add(draft: Draft, group: Json, kind: Kind, size_gb: int, option: str) -> None:
    role_type, volume_type = kind
    volumes = _after(draft, group)["block_storage_groups"]
    volumes.append({"role_type": role_type, "size_gb": size_gb, "volume_type": volume_type})
    count = len(volumes)
    goal = Goal(
        f"another {role_type} volume of {size_gb} GB",
        lambda cluster: len(_group(cluster, group["id"])["block_storage_groups"]) >= count,
    )
    call = _api.add_block_storages(group["id"], role_type, size_gb, volume_type)
    draft.add(call, goal, f"{option}[].block_storage_groups")


def _group(cluster: Json, group_id: str) -> Json:
    """Return a group of a detail; an empty one when the detail lacks it."""
    empty: Json = {"server_type_name": None, "block_storage_groups": []}
    return next((group for group in cluster["instance_groups"] if group["id"] == group_id), empty)


def _after(draft: Draft, group: Json) -> Json:
    groups: list[Json] = draft.after["instance_groups"]
    return next(shown for shown in groups if shown["id"] == group["id"])


def _list(values: set[str | None]) -> str:
    return ", ".join(sorted(value for value in values if value)) or "none"
