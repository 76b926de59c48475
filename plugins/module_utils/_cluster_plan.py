# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans for clusters: pure functions of what is there and what is declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _engine,
    _instance_groups,
    _roles,
    _rules,
    _settings,
    _states,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import seen, understood
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    InvalidInput,
    Problem,
    Refused,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan, Step
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import way_out

# All that matters to a termination.
ADDRESS = ("cluster_id", "name", "wait_timeout")
# Sent as they are declared when a cluster is created.
CREATE_OPTIONS = (
    "ha_enabled",
    "instance_groups",
    "instance_name_prefix",
    "maintenance_option",
    "name",
    "nat_enabled",
    "origin_cluster_id",
    "service_watch_log_collection",
    "subnet_id",
    "timezone",
    "vip_public_ip_id",
    "virtual_ip_address",
)
REQUIRED_TO_CREATE = (
    "name",
    "instance_name_prefix",
    "subnet_id",
    "timezone",
    "instance_groups",
    "init_config_option",
    "init_config_option.database_name",
    "init_config_option.database_user_name",
    "init_config_option.database_user_password",
)
# The API shows these and can't change them (facts: sections 5.4 and 8).
IMMUTABLE = (
    "name",
    "ha_enabled",
    "nat_enabled",
    "origin_cluster_id",
    "service_watch_log_collection",
    "subnet_id",
    "timezone",
    "vip_public_ip_id",
    "virtual_ip_address",
    "init_config_option.database_character_set",
    "init_config_option.database_name",
    "init_config_option.database_port",
    "init_config_option.database_user_name",
)
# Options that not every version of the API can fulfil: the operation, and the field of its body.
VERSIONED = {
    "service_watch_log_collection": ("Create Cluster", "service_watch_log_collection"),
    "upgrade_kernel": ("Upgrade Kernel", None),
    "upgrade_major_version": ("Upgrade Major Version", None),
}

RUNNING = Goal("the cluster to be RUNNING", lambda cluster: bool(cluster["service_state"] == _states.RUNNING))
STOPPED = Goal("the cluster to be STOPPED", lambda cluster: bool(cluster["service_state"] == _states.STOPPED))
RESTARTED = Goal("the restart", RUNNING.reached, visible=False, repeats=True)
SYNCED = Goal("a known service state", lambda cluster: cluster["service_state"] in _states.STABLE)
TERMINATED = Goal("the end of the termination", lambda cluster: False, gone=True)


def check(desired: Json, tags: Json | None) -> None:
    """Raise :class:`InvalidInput` with every rule that the options break, before anything is sent."""
    address = _rules.address_problems(desired, "name")
    if desired["state"] == "absent":
        _rules.check(desired, {option: _rules.CLUSTER[option] for option in ADDRESS}, address)
        return
    _rules.check(desired, _rules.CLUSTER, address, _rules.declared_tag_violations(tags), _combination_problems(desired))


def _combination_problems(desired: Json) -> Iterator[Problem]:
    """Yield what is wrong between options (facts: section 5.2)."""
    groups = desired.get("instance_groups")
    if groups is not None and len(groups) != 1:
        yield Problem("instance_groups", "must hold exactly one group for MariaDB", len(groups))
    if "ha_enabled" in desired:
        wanted = "ACTIVE_STANDBY" if desired["ha_enabled"] else "ACTIVE"
        for group in groups or []:
            if group["role_type"] != wanted:
                rule = f"must be {wanted} when ha_enabled is {str(desired['ha_enabled']).lower()}"
                yield Problem("instance_groups[].role_type", rule, group["role_type"])
    if desired.get("active_instance") and desired["state"] != "switched_over":
        yield Problem("active_instance", "goes with state: switched_over only", desired["active_instance"])


def check_creation(desired: Json) -> None:
    """Raise :class:`InvalidInput` with all that keeps the declared cluster from being created."""
    problems = [*_missing_to_create(desired), *_creation_problems(desired)]
    if problems:
        raise InvalidInput(problems, f"The cluster {desired['name']} does not exist and can't be created")


def plan_creation(desired: Json, tags: Json | None, engine_version: Json) -> Plan:
    """Plan a cluster that does not exist yet."""
    body = _create_body(desired, tags, engine_version["id"])
    draft = Draft({})
    draft.after = {
        **{key: value for key, value in body.items() if key != "dbaas_engine_version_id"},
        "service_state": _states.RUNNING,
        "software_version": engine_version["software_version"],
    }
    draft.add(_api.create_cluster(body), RUNNING, *sorted(body), creates=(desired["name"],))
    return draft.plan()


def _missing_to_create(desired: Json) -> Iterator[Problem]:
    """Yield the options without which a cluster can't be created."""
    for path in REQUIRED_TO_CREATE:
        if _get(desired, path) in (None, ""):
            yield Problem(path, "is required to create a cluster")
    if not any(desired.get(key) for key in ("dbaas_engine_version_id", "engine_version", "software_version")):
        yield Problem("engine_version", "or dbaas_engine_version_id is required to create a cluster")


def _nat_problems(desired: Json) -> Iterator[Problem]:
    """Yield the public IPs that are missing (facts: section 5.2)."""
    if not desired.get("nat_enabled"):
        return
    if desired.get("ha_enabled"):
        if not desired.get("vip_public_ip_id"):
            yield Problem("vip_public_ip_id", "is required when nat_enabled and ha_enabled are true")
        return
    for group in desired.get("instance_groups") or []:
        instances = group.get("instances") or []
        if not instances or not all(instance.get("public_ip_id") for instance in instances):
            rule = "is required when nat_enabled is true and ha_enabled is not"
            yield Problem("instance_groups[].instances[].public_ip_id", rule)


def _creation_problems(desired: Json) -> Iterator[Problem]:
    yield from _nat_problems(desired)
    for key in _settings.MAINTENANCE_KEYS:
        if desired.get("maintenance_option") and key not in desired["maintenance_option"]:
            yield Problem(f"maintenance_option.{key}", "is required for a maintenance window")
    if desired.get("name") and not _rules.CLUSTER_NAME.holds(desired["name"]):
        yield Problem("name", _rules.CLUSTER_NAME.told, desired["name"])
    if desired.get("ha_enabled") is None:
        for group in desired.get("instance_groups") or []:
            if group["role_type"] != "ACTIVE":
                yield Problem("ha_enabled", f"must be true for a group of role_type {group['role_type']}", False)
    for group in desired.get("instance_groups") or []:
        roles = [volume["role_type"] for volume in group["block_storage_groups"]]
        if roles.count("OS") != 1:
            rule = "must hold exactly one volume of role_type OS"
            yield Problem("instance_groups[].block_storage_groups", rule, ", ".join(roles))
    yield from _instance_groups.creation_problems(desired.get("instance_groups") or [])


def _create_body(desired: Json, tags: Json | None, engine_version_id: str) -> Json:
    body: Json = {key: desired[key] for key in CREATE_OPTIONS if key in desired}
    body["dbaas_engine_version_id"] = engine_version_id
    body["allowable_ip_addresses"] = _settings.canonical_list(desired.get("allowable_ip_addresses", []))
    body["init_config_option"] = dict(desired["init_config_option"])
    backup = desired["init_config_option"].get("backup_option")
    if backup is not None:
        # null creates a cluster without backups (facts: section 5.2).
        body["init_config_option"]["backup_option"] = _settings.backup_body(backup) or None
    if tags:
        body["tags"] = _api.tag_list(tags)
    if body.get("maintenance_option") == {}:
        del body["maintenance_option"]
    return body


def plan_presence(desired: Json, cluster: Json) -> Plan:
    """Plan the way of a cluster that exists to what is declared, in the order in which SCP can go it."""
    _refuse_drift(desired, cluster)
    draft = Draft(diff_view(cluster))
    draft.after["service_state"] = _states.rest_of(cluster["service_state"])
    plan_recovery(draft, cluster, desired["state"])
    _plan_start(draft, cluster, desired["state"])
    _plan_settings(draft, cluster, desired)
    _plan_action(draft, cluster, desired)
    return draft.plan()


def plan_absence(cluster: Json | None, other: bool = False, replicas: Sequence[str] | None = None) -> Plan:
    """Plan the end of a cluster; one that is already on its way out needs no step.

    ``other`` says that the cluster is not the one that the whole plan is for. ``replicas`` are its replicas in words,
    where that is known better than from its own list, which can hold former ones.
    """
    if cluster is None:
        return Plan((), {}, {})
    draft = Draft(diff_view(cluster), cluster if other else None)
    draft.after = {}
    if cluster["service_state"] == _states.TERMINATING:
        return draft.plan()
    replicas = cluster["replicas"] if replicas is None else replicas
    if replicas:
        raise Refused(
            f"The cluster {cluster['name']} has replicas: {', '.join(replicas)}.",
            todo="Terminate or promote them first.",
        )
    if cluster["service_state"] == _states.UNKNOWN:
        # SCP does not terminate a cluster whose state it does not know (facts: section 4).
        draft.add(_api.synchronize_cluster_state(cluster["id"]), SYNCED, "state", uncertain=not other)
    draft.add(_api.terminate_cluster(cluster["id"]), TERMINATED, "state")
    return draft.plan()


def diff_view(cluster: Json) -> Json:
    """Return the part of a cluster's detail that tasks change, in a stable order, which is what a diff shows."""
    init = seen(cluster, "init_config_option", {})
    return {
        "name": cluster["name"],
        "service_state": cluster["service_state"],
        "software_version": seen(cluster, "software_version"),
        "allowable_ip_addresses": understood(lambda: _settings.allowed_list(cluster)),
        "maintenance_option": understood(lambda: _settings.maintenance_of(cluster)),
        "init_config_option": {
            "audit_enabled": seen(init, "audit_enabled"),
            "backup_option": understood(lambda: _settings.backup_of(cluster)),
        },
        "instance_groups": [_instance_groups.diff_view(group) for group in seen(cluster, "instance_groups", ())],
    }


def _refuse_drift(desired: Json, cluster: Json) -> None:
    problems = [*_immutable_problems(desired, cluster), *_engine.patch_problems(cluster, desired)]
    if desired.get("instance_groups"):
        problems += _instance_groups.problems(cluster, desired["instance_groups"])
    if problems:
        raise InvalidInput(problems, f"The cluster {cluster['name']} can't become what is declared")


def _immutable_problems(desired: Json, cluster: Json) -> Iterator[Problem]:
    for path in IMMUTABLE:
        wanted = _get(desired, path)
        if wanted is None:
            continue
        present = _get(cluster, path)
        # The API shows an empty string where nothing was set, and while a cluster is created also where it will be.
        if not present and cluster["service_state"] == _states.CREATING:
            continue
        # It need not show this one (facts: section 11).
        if path == "service_watch_log_collection" and present is None:
            continue
        if (wanted or None) != (present or None):
            yield Problem(path, f"the cluster has {present!r}, and SCP can't change it after creation", wanted)


def ready_for_changes(draft: Draft, cluster: Json) -> Draft:
    """Return the draft of changes to a cluster, with the way out of UNKNOWN before them; refuse where there is none.

    SCP changes only a RUNNING cluster (facts: section 6). A draft without changes asks nothing of the cluster.
    """
    if not draft.steps:
        return draft
    if cluster["service_state"] != _states.UNKNOWN:
        refuse_unless_running(cluster, ", ".join(step.call.operation for step in draft.steps))
    elif draft.steps[0].goal is not SYNCED:
        recovery = Step(_api.synchronize_cluster_state(cluster["id"]), (), SYNCED, cluster=draft.cluster)
        draft.steps.insert(0, recovery)
    return draft


def refuse_unless_running(cluster: Json, operations: str) -> None:
    """Refuse operations on a cluster that is not RUNNING, nor on its way to it."""
    state = _states.rest_of(cluster["service_state"])
    if state == _states.STOPPED:
        raise Refused(
            f"The cluster {cluster['name']} is STOPPED, and SCP changes only a RUNNING one; needed are: {operations}.",
            todo="Start it first: mariadb_cluster with state: started.",
        )
    if state != _states.RUNNING:
        raise Refused(f"The cluster {cluster['name']} is {state}; needed are: {operations}.", todo=way_out(state))


def plan_recovery(draft: Draft, cluster: Json, state: str) -> None:
    """Plan the way out of a broken state, or refuse where only a person can decide."""
    service_state = cluster["service_state"]
    is_odd = state == "synced" and not _states.is_known(service_state)
    if service_state not in _states.BROKEN and not is_odd:
        return
    if state != "synced":
        refuse_failed(cluster)
    draft.add(_api.synchronize_cluster_state(cluster["id"]), SYNCED, "state", uncertain=draft.cluster is None)
    draft.after["service_state"] = _states.RUNNING


def refuse_failed(cluster: Json) -> None:
    """Refuse a cluster that is FAILED or ERROR; an UNKNOWN one can be synchronized."""
    state = cluster["service_state"]
    if state in _states.BROKEN and state != _states.UNKNOWN:
        raise Refused(f"The cluster {cluster['name']} is {state}.", todo=way_out(state))


def _plan_start(draft: Draft, cluster: Json, state: str) -> None:
    if state in ("started", "restarted") and draft.after["service_state"] == _states.STOPPED:
        draft.add(_api.start_cluster(cluster["id"]), RUNNING, "state")
        draft.after["service_state"] = _states.RUNNING


def _plan_settings(draft: Draft, cluster: Json, desired: Json) -> None:
    """Plan the changes that need a RUNNING cluster (facts: section 6): cheap ones first, upgrades last."""
    steps_before = len(draft.steps)
    init = desired.get("init_config_option", {})
    if "allowable_ip_addresses" in desired:
        _settings.plan_addresses(draft, cluster, desired["allowable_ip_addresses"])
    if "maintenance_option" in desired:
        _settings.plan_maintenance(draft, cluster, desired["maintenance_option"])
    if "audit_enabled" in init:
        _settings.plan_audit(draft, cluster, init["audit_enabled"])
    if "backup_option" in init:
        _settings.plan_backup(draft, cluster, init["backup_option"])
    if "instance_groups" in desired:
        _instance_groups.plan_volumes(draft, cluster, desired["instance_groups"])
        _instance_groups.plan_server_types(draft, cluster, desired["instance_groups"])
    if desired["upgrade_kernel"]:
        _plan_kernel(draft, cluster)
    if "software_version" in desired:
        _plan_software(draft, cluster, desired)
    changes = draft.steps[steps_before:]
    if changes and draft.after["service_state"] == _states.STOPPED:
        told = ", ".join(step.call.operation for step in changes)
        raise Refused(
            f"The cluster {cluster['name']} is STOPPED, and SCP changes only a RUNNING one; needed are: {told}.",
            todo="Set state to started, or leave the changed options out until the cluster runs again.",
        )


def _plan_kernel(draft: Draft, cluster: Json) -> None:
    """Plan the upgrade of the servers' kernel, where SCP has a newer one."""
    patchable = cluster["is_kernel_patchable"]
    draft.before["is_kernel_patchable"], draft.after["is_kernel_patchable"] = patchable, False
    if not patchable:
        return
    goal = Goal("the upgrade of the kernel", lambda shown: not shown["is_kernel_patchable"])
    draft.add(_api.upgrade_kernel(cluster["id"]), goal, "upgrade_kernel")


def _plan_software(draft: Draft, cluster: Json, desired: Json) -> None:
    version = desired["software_version"]
    if cluster["software_version"] == version:
        return
    if _engine.major_of(cluster["software_version"]) == _engine.major_of(version):
        _plan_patch(draft, cluster, desired)
        return
    draft.after["software_version"] = version
    call = _api.upgrade_major_version(cluster["id"], cluster["dbaas_engine"], version)
    draft.add(call, _runs(version), "software_version", "upgrade_major_version")


def _runs(version: str) -> Goal:
    return Goal(f"version {version}", lambda shown: bool(shown["software_version"] == version))


def _plan_patch(draft: Draft, cluster: Json, desired: Json) -> None:
    version = desired["software_version"]
    planned = draft.after["init_config_option"]["backup_option"]
    if not (_settings.backup_of(cluster) if planned is None else planned):
        raise Refused(
            f"The cluster {cluster['name']} has no backups configured, without which SCP does not patch.",
            todo="Declare init_config_option.backup_option as well.",
        )
    draft.after["software_version"] = version
    call = _api.patch_minor_version(cluster["id"], version, desired["backup_before_upgrade"])
    draft.add(call, _runs(version), "software_version", "backup_before_upgrade")


def _plan_action(draft: Draft, cluster: Json, desired: Json) -> None:
    """Plan what the state asks for at the end, when the settings are as declared."""
    state = desired["state"]
    if state == "stopped" and draft.after["service_state"] != _states.STOPPED:
        draft.add(_api.stop_cluster(cluster["id"]), STOPPED, "state")
        draft.after["service_state"] = _states.STOPPED
    elif state == "restarted" and _states.rest_of(cluster["service_state"]) != _states.STOPPED:
        draft.add(_api.restart_cluster(cluster["id"]), RESTARTED, "state")
    elif state == "switched_over":
        _plan_switchover(draft, cluster, desired.get("active_instance"))


def _plan_switchover(draft: Draft, cluster: Json, wanted: str | None) -> None:
    servers = _roles.servers(cluster)
    names = [server["name"] for server in servers if server["name"]]
    if not cluster["ha_enabled"]:
        raise Refused(
            f"The cluster {cluster['name']} is not highly available, so that there is no server to switch over to.",
        )
    if draft.after["service_state"] == _states.STOPPED:
        raise Refused(
            f"The cluster {cluster['name']} is STOPPED; only a RUNNING one can switch over.",
            todo="Start it first with state: started.",
        )
    if wanted and wanted not in names:
        raise InvalidInput([Problem("active_instance", f"must be a server of the cluster: {', '.join(names)}", wanted)])
    active = _roles.active_instance(cluster)
    others = [name for name in names if name != active]
    if active is None or not others:
        raise Refused(
            f"SCP does not show which server of the cluster {cluster['name']} is the active one: "
            f"{_roles.told(servers)}.",
            todo="Synchronize the cluster with state: synced; if that does not help, look at it in the console.",
        )
    if wanted == active:
        return
    target = wanted or (others[0] if len(others) == 1 else None)
    _exchange_roles(draft.after, active, target)
    reached = [target] if target else others
    goal = Goal("the switchover", lambda shown: _roles.active_instance(shown) in reached, repeats=not wanted)
    draft.add(_api.switchover_cluster(cluster["id"]), goal, "state", "active_instance")


def _exchange_roles(view: Json, *names: str | None) -> None:
    """Exchange the roles of two servers in a view, in the words that SCP uses for them."""
    pair = [server for server in _roles.servers(view) if server.get("name") in names]
    if len(pair) == 2:
        pair[0]["role_type"], pair[1]["role_type"] = pair[1]["role_type"], pair[0]["role_type"]


def _get(tree: Json, path: str) -> Any:
    value: Any = tree
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
