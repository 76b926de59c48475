# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings that every kind of cluster has: allowed addresses, maintenance window, audit log, backup policy.

Each planner compares the declared option with the cluster's detail and adds at most one step to the draft.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Problem
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal

# No leading zeros, which some read as octal.
ADDRESS_PATTERN = r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}(/(0|[1-9][0-9]?))?"
MAINTENANCE_KEYS = ("period_hour", "starting_day_of_week", "starting_time")
BACKUP_KEYS = ("archive_frequency_minute", "retention_period_day", "starting_time_hour")


def plan_addresses(draft: Draft, cluster: Json, wanted: list[str]) -> None:
    """Plan the addresses that may connect; order, duplicates and spelling do not count.

    An address that SCP shows in several spellings is removed in each of them. What it shows that is no IPv4 address or
    network can't be declared, and is left alone.
    """
    present = _allowed(cluster)
    desired = canonical_list(wanted)
    add = [address for address in desired if address not in present]
    remove = [spelling for address, spellings in present.items() if address not in desired for spelling in spellings]
    if not add and not remove:
        return
    draft.after["allowable_ip_addresses"] = sorted([*desired, *foreign_addresses(cluster)])
    goal = Goal(
        "the allowed addresses",
        lambda shown: set(_allowed(shown)) == set(desired),
    )
    draft.add(_api.set_security_group_rules(cluster["id"], add, remove), goal, "allowable_ip_addresses")


def _allowed(cluster: Json) -> dict[str, list[str]]:
    """Return the allowed IPv4 addresses and networks of a detail, each with all spellings that are shown of it."""
    allowed: dict[str, list[str]] = {}
    for spelling in dict.fromkeys(cluster["allowable_ip_addresses"]):
        address = _shown_address(spelling)
        if address:
            allowed.setdefault(address, []).append(spelling)
    return allowed


def foreign_addresses(cluster: Json) -> list[str]:
    """Return what a detail shows among its addresses that is no IPv4 address or network."""
    return [shown for shown in cluster["allowable_ip_addresses"] if not _shown_address(shown)]


def allowed_list(cluster: Json) -> list[str]:
    return sorted([*_allowed(cluster), *foreign_addresses(cluster)])


def canonical_list(addresses: Iterable[str]) -> list[str]:
    """Return declared addresses in the spelling that is sent, each once."""
    return list(dict.fromkeys(map(canonical, addresses)))


def canonical(address: str) -> str:
    """Return a declared IPv4 address or network in one spelling.

    Raises :class:`ValueError` for anything else, and for a network with host bits: 10.0.0.5/24 may mean either.
    """
    if not re.fullmatch(ADDRESS_PATTERN, address):
        raise ValueError(address)
    return str(ipaddress.IPv4Network(address))


def meanings(address: str) -> tuple[str, str] | None:
    """Return the network and the address that a network with host bits may mean; None for anything else."""
    try:
        interface = ipaddress.IPv4Interface(address if re.fullmatch(ADDRESS_PATTERN, address) else "")
    except ValueError:
        return None
    return str(interface.network), f"{interface.ip}/32"


def _shown_address(spelling: str) -> str | None:
    """Return an address that SCP shows in one spelling, be it with blanks, leading zeros, host bits or a mask."""
    text = re.sub(r"\b0+(?=[0-9])", "", re.sub(r"\s", "", spelling))
    try:
        return str(ipaddress.IPv4Network(text, strict=False))
    except ValueError:
        return None


def plan_maintenance(draft: Draft, cluster: Json, wanted: Json) -> None:
    """Plan the maintenance window; an empty one unsets it."""
    present = maintenance_of(cluster)
    desired = {**present, **wanted} if wanted else {}
    if desired == present:
        return
    draft.after["maintenance_option"] = desired
    goal = Goal("the maintenance window", lambda shown: maintenance_of(shown) == desired)
    if not desired:
        draft.add(_api.unset_maintenance(cluster["id"]), goal, "maintenance_option")
        return
    _require_all("maintenance_option.", desired, MAINTENANCE_KEYS, "the cluster has no maintenance window yet")
    draft.add(_api.set_maintenance(cluster["id"], _maintenance_body(desired)), goal, "maintenance_option")


def maintenance_of(cluster: Json) -> Json:
    """Return the window of a cluster's detail in the shape of the option; empty when there is none."""
    option = cluster["maintenance_option"]
    if not option or option["use_maintenance_option"] is False:
        return {}
    return {key: option[key] for key in MAINTENANCE_KEYS if option[key]}


def _maintenance_body(option: Json) -> dict[str, str]:
    # Create and detail speak of starting_time HHMM, Set Maintenance of start_time HH and start_minute MM
    # (facts: section 5.2).
    return {
        "start_day_of_week": option["starting_day_of_week"],
        "start_time": option["starting_time"][:2],
        "start_minute": option["starting_time"][2:],
        "term_hour": option["period_hour"],
    }


def plan_audit(draft: Draft, cluster: Json, wanted: bool) -> None:
    """Plan the audit log."""
    if cluster["init_config_option"]["audit_enabled"] is wanted:
        return
    draft.after["init_config_option"]["audit_enabled"] = wanted
    goal = Goal("the audit log", lambda shown: shown["init_config_option"]["audit_enabled"] is wanted)
    draft.add(_api.set_audit_log(cluster["id"], wanted), goal, "init_config_option.audit_enabled")


def plan_backup(draft: Draft, cluster: Json, wanted: Json, prefix: str = "init_config_option.backup_option.") -> None:
    """Plan the backup policy; an empty one unsets it.

    ``wanted`` holds integers; ``prefix`` stands before its keys where they are no options of their own.
    """
    present = backup_of(cluster)
    desired = {**present, **wanted} if wanted else {}
    if desired == present:
        return
    draft.after["init_config_option"]["backup_option"] = desired
    goal = Goal("the backup policy", lambda shown: backup_of(shown) == desired)
    if not desired:
        draft.add(_api.unset_backup(cluster["id"]), goal, prefix.rstrip(".") or "state")
        return
    _require_all(prefix, desired, BACKUP_KEYS, "the cluster has no backup policy yet")
    options = [prefix + key for key in BACKUP_KEYS if key in wanted]
    draft.add(_api.set_backup(cluster["id"], backup_body(desired)), goal, *options)


def plan_archive(draft: Draft, cluster: Json, present: Json, wanted: Json) -> None:
    """Plan for how long binary logs are kept; ``present`` is the answer of Show Archive Config."""
    shown = {key: present[key] for key in ("archive_enabled", "retention_period_day") if key not in wanted}
    desired = archive_of({**shown, **wanted})
    if desired == archive_of(present):
        return
    draft.after["archive"] = desired
    # Where no retention is declared, SCP may pick one.
    goal = Goal(
        "the archive",
        lambda shown: {**archive_of(shown), **desired} == archive_of(shown),
        evidence=lambda source, shown: source.read(_api.show_archive_config(shown["id"])),
    )
    call = _api.set_archive_config(cluster["id"], desired["archive_enabled"], desired.get("retention_period_day"))
    draft.add(call, goal, "archive")


def archive_of(config: Json) -> Json:
    """Return an archive setting without the retention that does not count while the archive is off."""
    if not config["archive_enabled"]:
        return {"archive_enabled": False}
    days = config.get("retention_period_day")
    return {"archive_enabled": True, **({} if days is None else {"retention_period_day": days})}


def backup_of(cluster: Json) -> Json:
    """Return the policy of a cluster's detail with integers; empty when there is none."""
    option = (cluster.get("init_config_option") or {}).get("backup_option") or {}
    return {key: option[key] for key in BACKUP_KEYS if option.get(key) is not None}


def backup_body(option: Json) -> dict[str, str]:
    """Return the policy as the API takes it: strings without leading zeros (facts: section 5.2)."""
    return {key: str(option[key]) for key in BACKUP_KEYS if key in option}


def _require_all(prefix: str, desired: Json, keys: tuple[str, ...], why: str) -> None:
    missing = [key for key in keys if key not in desired]
    if missing:
        raise InvalidInput([Problem(f"{prefix}{key}", f"is required, because {why}") for key in missing])
