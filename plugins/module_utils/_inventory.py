# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns clusters into hosts of an inventory: their variables, addresses and names. Pure functions."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import _answers, _roles, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import Refused, ScpError

CLUSTERS = "clusters"
INSTANCES = "instances"
PRIVATE = "private"
PUBLIC = "public"

# As a host, such a cluster would be taken for the group of all hosts, or for the machine that Ansible runs on.
RESERVED_NAMES = frozenset({"all", "ungrouped", "localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Host:
    """A cluster or one server of it.

    ``cluster_id`` tells it from hosts of other clusters, ``address`` is where it is reached if that is known, and
    ``variables`` have no prefix yet.
    """

    name: str
    cluster_id: str
    staying: bool
    address: str | None
    variables: Json

    def __str__(self) -> str:
        return f"{self.name} ({self.cluster_id})"


def hosts(found: Iterable[Json], kind: str, connect_with: str) -> list[Host]:
    """Return a host for each cluster or each server; ``found`` are clusters beside the names of their regions."""
    make = _hosts_of_servers if kind == INSTANCES else _host_of_cluster
    return [host for item in found for host in make(item["region"], item["cluster"], connect_with)]


def _understood(shown: Json) -> Json:
    """Return a cluster, in full or in brief, as its fields are meant; a cache has kept it as it came."""
    read = _answers.cluster if "instance_groups" in shown else _answers.CLUSTER_IN_BRIEF
    cluster: Json = _answers.again(read, shown, "List Clusters")
    return cluster


def _host_of_cluster(region: str, shown: Json, connect_with: str) -> Iterator[Host]:
    cluster = _understood(shown)
    address = _checked(cluster, _cluster_address(cluster, connect_with))
    yield Host(cluster["name"], cluster["id"], _stays(cluster), address, _variables(region, shown, cluster, address))


def _hosts_of_servers(region: str, shown: Json, connect_with: str) -> Iterator[Host]:
    cluster = _understood(shown)
    for number, (group, server) in enumerate(_servers(cluster), 1):
        # A server that is being made may have no name yet.
        name = server.get("name") or f"{cluster['name']}-{number}"
        address = _checked(cluster, _server_address(server, connect_with))
        variables = {
            **_variables(region, shown, cluster, address),
            **{f"instance_{key}": value for key, value in server.items()},
            "instance_is_active": _roles.is_active(server),
            "instance_server_type_name": group.get("server_type_name"),
        }
        yield Host(name, cluster["id"], _stays(cluster), address, variables)


def _servers(cluster: Json) -> list[tuple[Json, Json]]:
    """Return the servers of a cluster, each behind its instance group; a list in brief shows none."""
    return [
        (group, server) for group in cluster.get("instance_groups") or [] for server in group.get("instances") or []
    ]


def _stays(cluster: Json) -> bool:
    return bool(cluster["service_state"] != _states.TERMINATING)


def _variables(region: str, shown: Json, cluster: Json, address: str | None) -> Json:
    """Return all that the API shows, and what modules take that go on inside the database, as far as it is known."""
    settings = cluster.get("init_config_option") or {}
    login = {
        "login_host": address,
        "login_port": settings.get("database_port"),
        "login_user": settings.get("database_user_name"),
    }
    known = {**_roles.described(cluster), **shown} if "instance_groups" in cluster else shown
    return {**known, "region": region or None, **{key: value for key, value in login.items() if value}}


def _cluster_address(cluster: Json, connect_with: str) -> Any:
    """Return the virtual address of a highly available cluster, or else that of its server."""
    if cluster.get("ha_enabled"):
        return cluster.get("vip_public_ip_address" if connect_with == PUBLIC else "virtual_ip_address")
    servers = _roles.servers(cluster)
    server = servers[0] if len(servers) == 1 else _roles.active_server(cluster)
    return _server_address(server, connect_with) if server else None


def _server_address(server: Json, connect_with: str) -> Any:
    return server.get("public_ip_address" if connect_with == PUBLIC else "service_ip_address")


def _checked(cluster: Json, address: Any) -> str | None:
    """Return the address; it goes to programs such as ssh, which must not take it for anything else."""
    if not address:
        return None
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        raise Refused(
            f"The address of cluster {cluster['name']} ({cluster['id']}), {address!r}, is not an IP address.",
            todo="Look at the cluster in the console, and check that endpoint is that of SCP.",
        ) from None


def unique_names(made: Sequence[Host], wanted: Sequence[str], taken: Collection[str]) -> list[str]:
    """Return a name for each host: the wanted one, with the cluster's id behind it where that is not its alone.

    Of several hosts that want one name, none gets it as it is, but for the only one that is not being terminated.
    ``taken`` are the names of groups.
    """
    names = [_safe(name) for name in wanted]
    holders = Counter(names)
    staying = Counter(name for name, host in zip(names, made) if host.staying)
    reserved = RESERVED_NAMES.union(taken)
    unique = [
        name
        if name not in reserved and (holders[name] == 1 or (host.staying and staying[name] == 1))
        else f"{name}_{_safe(host.cluster_id)}"
        for name, host in zip(names, made)
    ]
    _refuse_doubles(made, unique)
    return unique


def _refuse_doubles(made: Sequence[Host], names: Sequence[str]) -> None:
    name, count = Counter(names).most_common(1)[0] if names else ("", 0)
    if count > 1:
        clusters = ", ".join(str(host) for host, its in zip(made, names) if its == name)
        raise ScpError(
            f"These would all be the host {name}: {clusters}.",
            todo="Set hostnames to something that tells them apart, for example with the region.",
        )


def _safe(name: str) -> str:
    """Return the name without what a pattern of hosts or a command line would take for something else."""
    return re.sub(r"[^\w.-]|^-", "_", name)
