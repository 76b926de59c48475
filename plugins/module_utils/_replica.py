# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read replicas. A replica is a cluster too, so that its settings are reconciled like those of any cluster."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _cluster,
    _cluster_plan,
    _instance_groups,
    _present,
    _roles,
    _rules,
    _settings,
    _spec,
    _states,
    _tags,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import seen
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome, refuse_busy
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    InvalidInput,
    OperationFailed,
    Problem,
    Refused,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Draft, Goal, Plan, Reader, Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import way_out

# Facts: section 6.
MOST_REPLICAS = 5
VOLUME_ROLES = ("DATA", "TEMP")
# What the API is told of another region (facts: section 11).
NETWORK = ("region", "subnet_id", "nat_enabled")

SYNCHRONIZED = Goal("the synchronization of the replicas' state", lambda cluster: True, visible=False, repeats=True)
RESET = Goal("the reset of the replica", lambda cluster: True, visible=False, repeats=True)
PROMOTED = Goal("the promotion", _roles.is_promoted)


def ensure(task: Task) -> Outcome:
    """Make the replicas of the origin what the task declares."""
    desired = _spec.declared(task.params)
    check(desired, task.params["tags"])
    tagging = _tags.Tagging(task, task.params["tags"] if desired["state"] == "present" else None)
    place = _place(task)
    if desired["state"] == "present" and "other_region" in desired:
        task.http.require("other_region", "Create Replica in Other Region")
    origin = _origin(task, desired)
    names = [replica["name"] for replica in desired.get("replicas", [])]
    replicas = _at_rest(task, _known(task, desired, origin, names), names)
    # An origin that is busy or in trouble must not keep its replicas from being promoted or terminated.
    if desired["state"] in ("present", "reset", "synced") and _states.is_transitional(origin["service_state"]):
        origin = _cluster.require(task)
        replicas = _at_rest(task, _known(task, desired, origin, names), names)
    if desired["state"] == "synced":
        plan = _plan_synchronization(origin, replicas, _listed(task, origin))
    else:
        plan = _plan(task, desired, origin, replicas)
    _refuse_unproven(plan, origin)
    tagging.look(replicas[name] for name in names if name in replicas)
    outcome = task.fulfil(plan, origin, others_at=place)
    del outcome.values["cluster"]
    told = _told(task, desired, outcome, replicas)
    outcome.values["replicas"] = told
    tagging.complete(outcome, told, names, lambda view, name: view["replicas"][name])
    outcome.values["replicas"] = [tagging.with_tags(replica) for replica in told]
    return outcome


def _origin(task: Task, desired: Json) -> Json:
    """Return the origin; no more than its id for a promotion in another region, because its own may be lost."""
    if _does_without_origin(task):
        return {"id": desired["cluster_id"], "replicas": []}
    origin = _cluster.require(task, rest=False)
    _refuse_foreign(origin)
    return origin


def _does_without_origin(task: Task) -> bool:
    params = task.params
    return bool(params["state"] == "promoted" and params["other_region"] and params["cluster_id"])


def _place(task: Task) -> Http:
    """Return where the replicas are, or are to be."""
    return task.other_region if task.params["other_region"] else task.http


class _Elsewhere:
    """The named replicas in another region.

    They are looked for by name, because it is not known whether the origin's detail lists them (facts: section 11).
    """

    def __init__(self, http: Http, names: list[str]) -> None:
        self._http = http
        self._ids: dict[str, str | None] = dict.fromkeys(names)

    def read(self, origin_id: str) -> dict[str, Json]:
        """Return their details by their names, without those that are gone."""
        found = (_cluster.find(self._http, known_id, name) for name, known_id in self._ids.items())
        replicas = {cluster["name"]: cluster for cluster in found if cluster and _may_be_replica(cluster, origin_id)}
        self._ids.update((name, cluster["id"]) for name, cluster in replicas.items())
        return replicas


def _may_be_replica(cluster: Json, origin_id: str) -> bool:
    """Tell whether a cluster is a replica of the origin, or SCP does not show whether it is; for reading only."""
    return _roles.is_replica_of(cluster, origin_id) is not False


def _refuse_unproven(plan: Plan, origin: Json) -> None:
    """Refuse to change or terminate a cluster that does not show that it is a replica of the origin."""
    subjects = {step.cluster["id"]: step.cluster for step in plan.steps if step.cluster}
    unproven = [cluster for cluster in subjects.values() if not _roles.is_replica_of(cluster, origin["id"])]
    if unproven:
        shown = ", ".join(
            f"{cluster['name']} ({cluster['id']}) has the role_type {cluster['role_type']!r} and the "
            f"origin_cluster_id {cluster['origin_cluster_id']!r}"
            for cluster in unproven
        )
        raise Refused(
            f"SCP does not show that these are replicas of {origin['id']}: {shown}.",
            todo="Look at them in the console. A cluster of its own is changed and terminated with mariadb_cluster.",
        )


def _reader(task: Task, names: list[str]) -> Reader:
    """Return what reads the named replicas, where they are, by their origin's detail."""
    if not task.params["other_region"]:
        return details
    elsewhere = _Elsewhere(task.other_region, names)
    return lambda _source, origin: elsewhere.read(origin["id"])


def details(source: Source, origin: Json) -> dict[str, Json]:
    """Return the details of an origin's replicas by their names, without those that are promoted or gone."""
    found = _cluster.details(source, origin["replicas"]).values()
    return {cluster["name"]: cluster for cluster in found if _may_be_replica(cluster, origin["id"])}


def check(desired: Json, tags: Json | None) -> None:
    """Raise :class:`InvalidInput` with every rule that the options break, before anything is sent."""
    _rules.check(desired, _rules.REPLICA, _rules.declared_tag_violations(tags), _combination_problems(desired))


def info(task: Task) -> Outcome:
    """Return how far the replicas follow their origin."""
    origin = _cluster.require(task, rest=False)
    return Outcome(values={"replicas": _listed(task, origin)})


def _combination_problems(desired: Json) -> Iterator[Problem]:
    replicas = desired.get("replicas", [])
    names = [replica["name"] for replica in replicas]
    if desired["state"] == "synced" and "other_region" in desired:
        yield Problem("other_region", "must be left out with state: synced, which is for all replicas of the origin")
    if desired["state"] != "synced" and not replicas:
        yield Problem("replicas", f"must name at least one replica with state: {desired['state']}")
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem("replicas[].name", "must not stand twice", name)
    if len(names) > MOST_REPLICAS:
        yield Problem("replicas", f"must be at most {MOST_REPLICAS} for one cluster", len(names))
    for replica in replicas:
        yield from _group_problems(replica)


def _group_problems(replica: Json) -> Iterator[Problem]:
    groups = replica.get("instance_groups")
    if groups and len(groups) != 1:
        yield Problem("replicas[].instance_groups", "must hold exactly one group for MariaDB", len(groups))
    for group in replica.get("instance_groups", []):
        for volume in group["block_storage_groups"]:
            if volume["role_type"] not in VOLUME_ROLES:
                rule = f"must be {' or '.join(VOLUME_ROLES)}; SCP adds the OS volume of a replica itself"
                option = "replicas[].instance_groups[].block_storage_groups[].role_type"
                yield Problem(option, rule, volume["role_type"])
        count = len(group["block_storage_groups"])
        if count >= _instance_groups.MOST_VOLUMES:
            rule = f"must hold at most {_instance_groups.MOST_VOLUMES - 1} volumes beside the OS volume"
            yield Problem("replicas[].instance_groups[].block_storage_groups", rule, count)


def _known(task: Task, desired: Json, origin: Json, names: list[str]) -> dict[str, Json]:
    """Return the replicas of the origin, with those that its detail does not show yet.

    Right after a creation the detail can still be the old one (facts: section 4), so that a missing name is looked for.
    """
    is_elsewhere = "other_region" in desired
    replicas = {} if is_elsewhere else details(task.http, origin)
    for name in names if desired["state"] != "promoted" or is_elsewhere else ():
        found = None if name in replicas else _cluster.find(_place(task), None, name)
        if found is None:
            continue
        proven = _roles.is_replica_of(found, origin["id"])
        if proven or (proven is None and desired["state"] != "present"):
            replicas[name] = found
            continue
        rule = f"is the name of another cluster ({found['id']}, {found['role_type']})"
        if desired["state"] == "present":
            raise InvalidInput([Problem("replicas[].name", rule, name)])
        if desired["state"] == "absent":
            task.warn(f"{name} {rule}, which was not terminated.")
    if desired["state"] != "promoted":
        _refuse_elsewhere(task, origin, [name for name in names if name not in replicas])
    return replicas


def _refuse_elsewhere(task: Task, origin: Json, names: list[str]) -> None:
    """Refuse replicas that are in another region than the task looks in, as far as SCP tells where they are."""
    here = _place(task).config.region
    if not names or not here:
        return
    where = {replica["name"]: replica["region"] for replica in _listed(task, origin)}
    rule = "is a replica in {}, and not in {}, where the task looks for it: see other_region"
    problems = [
        Problem("replicas[].name", rule.format(where[name], here), name)
        for name in names
        if where.get(name) not in (None, here)
    ]
    if problems:
        raise InvalidInput(problems)


def _listed(task: Task, origin: Json) -> list[Json]:
    """Return how far the replicas of an origin follow, in all regions."""
    listed: list[Json] = task.http.read(_api.list_replicas(origin["id"]))["contents"]
    return listed


def _at_rest(task: Task, replicas: dict[str, Json], names: list[str]) -> dict[str, Json]:
    """Return the replicas, the declared ones after what is under way on them, without those on their way out."""
    for name in names if task.params["state"] == "present" else ():
        if name in replicas:
            _cluster_plan.refuse_failed(replicas[name])
    rested = {name: _rested(task, replica) if name in names else replica for name, replica in replicas.items()}
    present = {name: replica for name, replica in rested.items() if replica}
    if task.params["state"] == "absent":
        return present
    leaving = [name for name, replica in present.items() if replica["service_state"] == _states.TERMINATING]
    if not task.params["wait"] and set(leaving).intersection(names):
        raise Refused(
            f"Still being terminated: {', '.join(leaving)}.",
            todo="Set wait to true, or run the task again when they are gone.",
        )
    return {name: replica for name, replica in present.items() if name not in leaving}


def _rested(task: Task, replica: Json) -> Json | None:
    """Return a replica after what is under way on it; some states want it even if that fails."""
    try:
        return task.rest(replica, _place(task))
    except OperationFailed:
        if task.params["state"] not in ("absent", "reset"):
            raise
        return _present.show(_place(task), replica["id"])


def _draft(replicas: dict[str, Json]) -> Draft:
    return Draft({"replicas": {name: _view(replicas[name]) for name in sorted(replicas)}})


def _plan_synchronization(origin: Json, replicas: dict[str, Json], listed: list[Json]) -> Plan:
    """Plan a look at all replicas, of which those in other regions are only listed."""
    draft = _draft(replicas)
    if listed:
        draft.add(_api.synchronize_replica_state(origin["id"]), SYNCHRONIZED, "state")
    return _cluster_plan.ready_for_changes(draft, origin).plan()


def _plan(task: Task, desired: Json, origin: Json, replicas: dict[str, Json]) -> Plan:
    state = desired["state"]
    names = [replica["name"] for replica in desired.get("replicas", [])]
    draft = _draft(replicas)
    if state == "promoted":
        _plan_promotions(draft, replicas, _not_promoted(task, origin, names, replicas))
    elif state == "reset":
        _plan_resets(draft, origin, replicas, names, desired["wait"])
    elif state == "absent":
        _plan_terminations(draft, replicas, names)
    else:
        _plan_presence(draft, desired, task, origin, replicas)
    return draft.plan()


def _plan_presence(draft: Draft, desired: Json, task: Task, origin: Json, replicas: dict[str, Json]) -> None:
    for wanted in desired["replicas"]:
        if wanted["name"] in replicas:
            _cluster.warn_of_addresses(task, desired, replicas[wanted["name"]])
            _plan_changes(draft, desired, wanted, replicas[wanted["name"]])
    missing = [wanted for wanted in desired["replicas"] if wanted["name"] not in replicas]
    if missing:
        _plan_creation(draft, desired, task, origin, replicas, missing)


def _plan_creation(
    draft: Draft, desired: Json, task: Task, origin: Json, replicas: dict[str, Json], missing: list[Json]
) -> None:
    """Plan all missing replicas in one request, because operations on one cluster are serialised."""
    problems = list(_creation_problems(desired, origin, replicas, missing))
    if problems:
        raise InvalidInput(problems, f"The replicas of {origin['name']} can't be created")
    names = [replica["name"] for replica in missing]
    body: Json = {
        "allowable_ip_addresses": _settings.canonical_list(desired.get("allowable_ip_addresses", [])),
        "replica_count": len(missing),
        "replicas": [_typed(replica, origin) for replica in missing],
    }
    if desired.get("maintenance_option"):
        body["maintenance_option"] = desired["maintenance_option"]
    if task.params["tags"]:
        body["tags"] = _api.tag_list(task.params["tags"])
    network = _network_to_create(desired)
    body.update(network)
    for replica in missing:
        draft.after["replicas"][replica["name"]] = {**replica, "service_state": _states.RUNNING}
    goal = Goal(
        f"the replicas {', '.join(names)}",
        lambda shown: all(shown.get(name, {}).get("service_state") == _states.RUNNING for name in names),
        evidence=_reader(task, names),
        alarm=lambda shown: _refuse_broken(shown, names),
    )
    creation = Draft({})
    create = _api.create_replica_in_other_region if network else _api.create_replica
    options = (f"other_region.{key}" if key in network else key for key in body if key != "replica_count")
    creation.add(create(origin["id"], body), goal, *sorted(options), creates=tuple(names))
    draft.steps.extend(_cluster_plan.ready_for_changes(creation, origin).steps)


def _typed(replica: Json, origin: Json) -> Json:
    """Return a replica to create, with the type of its volumes, which is the origin's."""
    inherited = _instance_groups.inherited_type(_instance_groups.volumes_of(origin))
    groups = [
        {**group, "block_storage_groups": _instance_groups.with_type(group["block_storage_groups"], inherited)}
        for group in replica["instance_groups"]
    ]
    return {**replica, "instance_groups": groups}


def _network_to_create(desired: Json) -> Json:
    """Return what the API is told of another region; nothing where there is none, for then it is the origin's."""
    other = desired.get("other_region")
    return {"nat_enabled": False, **{key: other[key] for key in NETWORK if key in other}} if other else {}


def _creation_problems(
    desired: Json, origin: Json, replicas: dict[str, Json], missing: list[Json]
) -> Iterator[Problem]:
    window = desired.get("maintenance_option")
    for key in _settings.MAINTENANCE_KEYS:
        if window and key not in window:
            yield Problem(f"maintenance_option.{key}", "is required for a maintenance window")
    if "other_region" in desired and "subnet_id" not in desired["other_region"]:
        yield Problem("other_region.subnet_id", "is required to create a replica in another region")
    # Those in other regions may be told by their id only.
    total = len({*origin["replicas"], *(replica["id"] for replica in replicas.values())}) + len(missing)
    if total > MOST_REPLICAS:
        rule = f"would make {total} replicas, but a cluster has at most {MOST_REPLICAS} in all regions"
        yield Problem("replicas", f"{rule}; present here: {_list(replicas)}")
    for replica in missing:
        option = f"replicas[{replica['name']}].instance_groups"
        groups = replica.get("instance_groups")
        if not groups:
            yield Problem(option, "is required to create a replica")
            continue
        yield from _instance_groups.creation_problems(groups, option)
        for group in groups:
            volumes = group["block_storage_groups"]
            yield from _instance_groups.other_types(volumes, origin, f"{option}[].block_storage_groups")


def _refuse_broken(replicas: dict[str, Json], names: list[str]) -> None:
    """Raise :class:`OperationFailed` when a new replica came to nothing."""
    for name in names:
        state = replicas.get(name, {}).get("service_state")
        if state in _states.BROKEN:
            raise OperationFailed(
                f"The replica {name} ({replicas[name]['id']}) went {state} while it was created.",
                now="The others may still be under way.",
                todo=way_out(state),
            )


def _plan_changes(draft: Draft, desired: Json, wanted: Json, replica: Json) -> None:
    """Plan the settings of a replica that exists."""
    name = replica["name"]
    groups = _complete(wanted.get("instance_groups", []), replica)
    option = f"replicas[{name}].instance_groups"
    problems = list(_network_problems(desired, replica))
    problems += _instance_groups.problems(replica, groups, option) if groups else []
    if problems:
        raise InvalidInput(problems, f"The replica {name} can't become what is declared")
    changes = Draft(draft.after["replicas"][name], replica)
    _cluster_plan.plan_recovery(changes, replica, "present")
    if "allowable_ip_addresses" in desired:
        _settings.plan_addresses(changes, replica, desired["allowable_ip_addresses"])
    if "maintenance_option" in desired:
        _settings.plan_maintenance(changes, replica, desired["maintenance_option"])
    if groups:
        _instance_groups.plan_volumes(changes, replica, groups, "replicas[].instance_groups")
        _instance_groups.plan_server_types(changes, replica, groups, "replicas[].instance_groups")
    draft.steps.extend(_cluster_plan.ready_for_changes(changes, replica).steps)
    draft.after["replicas"][name] = changes.after


def _network_problems(desired: Json, replica: Json) -> Iterator[Problem]:
    """Yield what of another region's network is not as it was when the replica was created."""
    for key in ("subnet_id", "nat_enabled"):
        wanted = desired.get("other_region", {}).get(key)
        # While a replica is created it need not show where it will be.
        present = replica.get(key)
        if wanted is None or (wanted or None) == (present or None) or replica["service_state"] == _states.CREATING:
            continue
        rule = f"the replica {replica['name']} has {present!r}, and SCP can't change it after creation"
        yield Problem(f"other_region.{key}", rule, wanted)


def _complete(groups: list[Json], replica: Json) -> list[Json]:
    """Return declared groups with what SCP adds to a replica itself: the OS volume, and the type of the volumes."""
    present = {group["role_type"]: group["block_storage_groups"] for group in replica["instance_groups"]}
    return [
        {**group, "block_storage_groups": _with_types(group["block_storage_groups"], present[group["role_type"]])}
        if group["role_type"] in present
        else group
        for group in groups
    ]


def _with_types(declared: list[Json], present: list[Json]) -> list[Json]:
    """Return declared volumes, each with the type that all volumes of the replica have from the origin."""
    os_volumes = [volume for volume in present if volume["role_type"] == _instance_groups.OS_ROLE]
    inherited = _instance_groups.inherited_type(present)
    return os_volumes + _instance_groups.with_type(declared, inherited)


def _not_promoted(task: Task, origin: Json, names: list[str], replicas: dict[str, Json]) -> list[str]:
    """Return the names that still are replicas; a name that is a cluster of its own has been promoted already."""
    waiting = []
    for name in names:
        if name in replicas:
            # Another run may have promoted it while this one was waiting.
            if not _roles.is_promoted(replicas[name]):
                waiting.append(name)
            continue
        cluster = _unlisted(task, origin, name)
        if cluster is None and not _does_without_origin(task):
            _refuse_elsewhere(task, origin, [name])
        if cluster is None or cluster["id"] == origin["id"] or not _roles.is_promoted(cluster):
            raise InvalidInput([Problem("replicas[].name", f"must be a replica: {_list(replicas)}", name)])
    return waiting


def _unlisted(task: Task, origin: Json, name: str) -> Json | None:
    """Return the cluster of a name that its origin does not list; one that says to be a replica is looked at again."""
    found: Json | None = None

    def look() -> bool:
        nonlocal found
        found = _cluster.find(_place(task), None, name)
        return found is None or not _roles.is_replica_of(found, origin["id"])

    if not look():
        task.waiter.finds(look)
    return found


def _plan_promotions(draft: Draft, replicas: dict[str, Json], names: list[str]) -> None:
    for name in names:
        changes = Draft({}, replicas[name])
        changes.add(_api.promote_replica_cluster(replicas[name]["id"]), PROMOTED, "state")
        draft.steps.extend(_cluster_plan.ready_for_changes(changes, replicas[name]).steps)
        del draft.after["replicas"][name]


def _plan_resets(draft: Draft, origin: Json, replicas: dict[str, Json], names: list[str], wait: bool) -> None:
    unknown = [name for name in names if name not in replicas]
    if unknown:
        rule = f"must be a replica of {origin['name']}: {_list(replicas)}"
        raise InvalidInput([Problem("replicas[].name", rule, name) for name in unknown])
    _cluster_plan.refuse_unless_running(origin, "Reset Replica")
    if not wait:
        refuse_busy(origin)
    for name in names:
        if _states.rest_of(replicas[name]["service_state"]) in (_states.STOPPED, _states.FAILED):
            _cluster_plan.refuse_unless_running(replicas[name], "Reset Replica")
        changes = Draft({}, replicas[name])
        changes.add(_api.reset_replica(replicas[name]["id"]), RESET, "state")
        draft.steps.extend(changes.steps)


def _plan_terminations(draft: Draft, replicas: dict[str, Json], names: list[str]) -> None:
    for name in names:
        if name not in replicas:
            continue
        draft.steps.extend(_cluster_plan.plan_absence(replicas[name], other=True).steps)
        del draft.after["replicas"][name]


def _told(task: Task, desired: Json, outcome: Outcome, before: dict[str, Json]) -> list[Json]:
    """Return the details of the declared replicas, read anew if the run changed anything."""
    names = [replica["name"] for replica in desired.get("replicas", [])]
    if not outcome.changed or task.check_mode or not task.params["wait"]:
        replicas = before
    elif task.params["other_region"]:
        replicas = _Elsewhere(task.other_region, names).read(outcome.values["cluster_id"])
    else:
        origin = _present.show(task.http, outcome.values["cluster_id"])
        replicas = details(task.http, origin) if origin else {}
    names = names or list(replicas)
    return [replicas[name] for name in names if name in replicas]


def _view(replica: Json) -> Json:
    view = _cluster_plan.diff_view(replica)
    return {"id": replica["id"], "role_type": seen(replica, "role_type"), **view}


def _list(replicas: dict[str, Json]) -> str:
    return ", ".join(sorted(replicas)) or "there are none"


def _refuse_foreign(origin: Json) -> None:
    """Refuse a cluster that is a replica itself, which can't have replicas."""
    if _roles.is_replica(origin):
        raise Refused(
            f"The cluster {origin['name']} is a replica itself.",
            todo="Name its origin in cluster_id or cluster_name.",
        )
