# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every present and every declaration, not only for those that somebody thought of."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import Phase, event, example, given, settings
from hypothesis import strategies as st

from faults.scenarios import DATA, DAY, EXPORT, KEYS, NEAR, SCENARIOS, Scenario, backup, groups, seeded
from faults.world import ENDPOINT, OTHER_REGION, START, Json, Run, World
from harness.seeds import WINDOW

# Without the search for a smaller failure, which takes minutes.
EXAMPLES = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
ADDRESSES = [f"10.0.{number}.0/24" for number in range(1, 7)]
SHOWN_OF_EXPORT = ("bucket_name", "log_type", "schedule_frequency_type", "schedule_hour", "delete_on_export")
OPERATION = ("operation", "method", "path", "query", "body", "options")

addresses = st.lists(st.sampled_from(ADDRESSES), unique=True, min_size=1, max_size=4)
windows = st.fixed_dictionaries(
    {
        "period_hour": st.sampled_from(["1", "2", "3"]),
        "starting_day_of_week": st.sampled_from(["MON", "WED", "SUN"]),
        "starting_time": st.sampled_from(["0000", "0330", "2330"]),
    }
)
backups = st.fixed_dictionaries(
    {
        "archive_frequency_minute": st.sampled_from([5, 10, 30, 60]),
        "retention_period_day": st.integers(7, 35),
        "starting_time_hour": st.integers(0, 23),
    }
)
sizes = st.builds(
    groups, st.sampled_from(["db1v2m4", "db1v4m8", "db1v8m16"]), st.integers(13, 60).map(lambda steps: steps * 8)
)
versions = st.sampled_from(["10.11.9", "10.11.15"])
tag_keys = st.sampled_from(["team", "Team", "a b", "a/b", "100%", "é", "..a", "key+value=?&#"])
# A version of the API that has everything is served beside the one that is tried first.
NEWEST: Json = {"versions": ["1.0", "1.3"]}


@st.composite
def presents(draw: st.DrawFn) -> Json:
    """A cluster that is there."""
    kept = draw(st.none() | backups)
    database: Json = {"audit_enabled": draw(st.booleans())}
    if kept:
        database["backup_option"] = {key: str(value) for key, value in kept.items()}
    window = draw(st.none() | windows)
    parts = seeded(
        service_state=draw(st.sampled_from(["RUNNING", "RUNNING", "STOPPED", "UNKNOWN", "ERROR"])),
        allowable_ip_addresses=draw(addresses),
        software_version=draw(versions),
        instance_groups=draw(sizes),
    )
    if window:
        parts["maintenance_option"] = {**WINDOW, **window}
    parts["init_config_option"] = {**parts["init_config_option"], **database}
    return parts


declarations = st.fixed_dictionaries(
    {"name": st.just("orders"), "state": st.sampled_from(["present", "present", "started", "stopped", "absent"])},
    optional={
        "allowable_ip_addresses": addresses | st.just([]),
        "maintenance_option": windows | st.just({}),
        "init_config_option": st.fixed_dictionaries(
            {}, optional={"audit_enabled": st.booleans(), "backup_option": backups}
        ),
        "instance_groups": sizes,
        "software_version": versions,
    },
)
# One value beyond each rule.
WRONG_OF_CLUSTER: list[Json] = [
    {"allowable_ip_addresses": ["10.0.1.300"]},
    {"maintenance_option": {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "2460"}},
    {"init_config_option": {"backup_option": {"archive_frequency_minute": 5, "retention_period_day": 36}}},
    {"init_config_option": {"backup_option": {"archive_frequency_minute": 5, "starting_time_hour": 24}}},
    {"instance_groups": groups(data=201)},
    {"software_version": "newest"},
    {"wait_timeout": -1},
]
# The same of the other modules, each beside the options of a scenario that is right.
WRONG: dict[str, list[Json]] = {
    "backup set": [
        {"archive_frequency_minute": 7},
        {"retention_period_day": 36},
        {"starting_time_hour": 24},
        {"archive": {"archive_enabled": True, "retention_period_day": 0}},
        {"archive": {"archive_enabled": False, "retention_period_day": 7}},
        {"state": "synced"},
    ],
    "backup histories absent": [
        {"keep_last": -1},
        {"older_than_days": -1},
        {"keep_last": None, "remove_last_restorable": True},
        {"keep_last": None, "backup_history_numbers": [""]},
        {"backup_history_numbers": ["202609300200"]},
    ],
    "log export registered": [
        {"schedule_hour": 24},
        {"schedule_frequency_type": "MONTH"},
        {"schedule_day_of_month": 32},
        {"bucket_name": "a/b"},
        {"bucket_secret_key": ""},
    ],
    "parameters set": [
        {"reset": ["max_connections"]},
        {"parameters": {}, "reset": []},
        {"state": "synced"},
    ],
    "replicas created": [
        {"replicas": [{**NEAR, "name": "Near"}]},
        {"replicas": [NEAR, NEAR]},
        {"replicas": [{**NEAR, "instance_groups": groups(data=201)}]},
        {"allowable_ip_addresses": ["10.0.1.300"]},
    ],
    "replicas created elsewhere": [
        {"other_region": {**OTHER_REGION, "region": ""}},
        {"other_region": {**OTHER_REGION, "subnet_id": "a/b"}},
        {"other_region": {**OTHER_REGION, "endpoint": "http://east.simulator.example"}},
        {"other_region": {**OTHER_REGION, "endpoint": ENDPOINT}},
        {"other_region": {"region": OTHER_REGION["region"]}},
        {"state": "synced"},
    ],
    "cluster with other tags": [
        {"tags": {"": "1"}},
        {"tags": {"team": "x" * 257}},
        {"tags": {"team": ["orders"]}},
    ],
    "restored latest": [
        {"name": "re"},
        {"latest": None},
        {"instance_name_prefix": "or"},
        {"server_type_name": ""},
        {"latest": False},
        {"latest": None, "backup_recovery_time": "soon"},
        {"latest": None, "backup_recovery_time": "2999-01-01T00:00:00Z"},
        {"allowable_ip_addresses": ["10.0.1.300"]},
        {"maintenance_option": {"period_hour": "2"}},
        {"cluster_name": None},
    ],
}


def told(run: Run) -> list[Json]:
    """The operations of a result, without what only the service knows."""
    assert run.result is not None
    return [{key: one.get(key) for key in OPERATION} for one in run.result["operations"]]


def a_world(present: Json, **settings: Any) -> World:
    return Scenario("cluster", {}, (present,), settings=settings).world()


def converge(world: World, module: str, options: Json, seed: int) -> Run:
    """Run a task dry, for real, again, and again in other words; hold the four against each other."""
    dry = world.run(module, options, check=True)
    assert not dry.crash, dry.crash
    assert dry.writes == []
    real = world.run(module, options)
    assert not real.crash, real.crash
    assert dry.result is not None
    assert real.result is not None
    if dry.failed:
        assert (real.failed, real.writes, real.result["msg"]) == (True, [], dry.result["msg"])
        return real
    assert not real.failed, real.result["msg"]
    assert told(real) == told(dry)
    assert [one["operation"] for one in told(real)] == [call.operation for call in real.writes]
    assert real.result["changed"] is dry.result["changed"] is bool(real.writes)
    assert real.result["diff"] == dry.result["diff"]
    for same in (options, respelled(options, random.Random(seed))):  # noqa: S311
        again = world.run(module, same)
        assert again.result is not None
        assert not again.failed, again.result["msg"]
        assert (again.result["changed"], again.writes) == (False, []), told(again)
    return real


def assert_diff(world: World, module: str, options: Json, seed: int, shown: Callable[[], Json]) -> Run:
    """Hold a task's diff, beside all else that it owes, against what the service has before and after it."""
    before = shown()
    real = converge(world, module, options, seed)
    assert real.result is not None
    event("refused" if real.failed else f"{len(real.writes)} operations")
    if real.failed:
        assert shown() == before
    else:
        assert holds(before, real.result["diff"]["before"]), (before, real.result["diff"]["before"])
        assert holds(shown(), real.result["diff"]["after"]), (shown(), real.result["diff"]["after"])
    return real


def respelled(value: Any, chance: random.Random) -> Any:
    """The same in another order and in other words: numbers as text, as templates make them."""
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: respelled(item, chance) for key, item in items}
    if isinstance(value, list):
        return chance.sample([respelled(item, chance) for item in value], len(value))
    if isinstance(value, bool):
        return chance.choice([value, "yes" if value else "no"])
    return chance.choice([value, str(value)]) if isinstance(value, int) else value


def holds(shown: Any, expected: Any) -> bool:
    """Tell whether all of a part of a detail is in it; the API spells some numbers as text."""
    if isinstance(expected, dict):
        return all(holds((shown or {}).get(key), value) for key, value in expected.items())
    if isinstance(expected, list):
        pairs = [any(holds(one, other) for one in shown or []) for other in expected]
        return len(pairs) == len(shown or []) and all(pairs)
    return str(shown) == str(expected)


def detail(world: World) -> Json:
    """The cluster as the API shows it once nothing is stale; nothing where there is none."""
    return next((copy.deepcopy(cluster.detail) for cluster in world.cloud.listed() if cluster.name == "orders"), {})


@EXAMPLES
@given(present=presents(), options=declarations, seed=st.integers(0, 99))
def test_cluster(present: Json, options: Json, seed: int) -> None:
    world = a_world(present)
    before = detail(world)
    real = converge(world, "cluster", options, seed)
    assert real.result is not None
    event("refused" if real.failed else f"{len(real.writes)} operations")
    if real.failed:
        assert detail(world) == before
        return
    assert holds(before, real.result["diff"]["before"]), (before, real.result["diff"]["before"])
    assert holds(detail(world), real.result["diff"]["after"]), (detail(world), real.result["diff"]["after"])


@EXAMPLES
@given(present=presents(), options=declarations, wrong=st.sampled_from(WRONG_OF_CLUSTER))
def test_wrong_declaration_of_a_cluster_is_refused_before_the_first_call(
    present: Json, options: Json, wrong: Json
) -> None:
    for check in (True, False):
        run = a_world(present).run("cluster", {**options, "state": "present", **wrong}, check=check)
        assert run.failed
        assert run.calls == []


@pytest.mark.parametrize(("name", "wrong"), [(name, wrong) for name, rows in WRONG.items() for wrong in rows])
def test_wrong_declaration_is_refused_before_the_first_call(name: str, wrong: Json) -> None:
    scenario = SCENARIOS[name]
    for check in (True, False):
        run = scenario.world().run(scenario.module, {**scenario.options, **wrong}, check=check)
        assert run.result is not None
        assert run.failed
        assert run.calls == []


@EXAMPLES
@given(
    present=presents(),
    options=backups,
    archive=st.none()
    | st.fixed_dictionaries({"archive_enabled": st.booleans(), "retention_period_day": st.integers(1, 35)}),
    seed=st.integers(0, 99),
)
def test_backup(present: Json, options: Json, archive: Json | None, seed: int) -> None:
    declared = {"cluster_name": "orders", **options, **({"archive": archive} if archive else {})}
    world = a_world(present)

    def policy() -> Json:
        kept = detail(world)["init_config_option"]["backup_option"]
        shown: Json = {"init_config_option": {"backup_option": {key: int(kept[key]) for key in options if kept[key]}}}
        if archive:
            (config,) = [cluster.archive for cluster in world.cloud.listed()]
            shown["archive"] = {key: value for key, value in config.items() if value is not None}
        return shown

    assert_diff(world, "backup", declared, seed, policy)


@EXAMPLES
@given(
    present=presents(),
    parameters=st.fixed_dictionaries(
        {},
        optional={
            "max_connections": st.integers(100, 1000),
            "long_query_time": st.integers(1, 60),
            "innodb_buffer_pool_size": st.sampled_from(["1G", "1073741824", "2G", "512M"]),
        },
    ),
    restart=st.sampled_from(["never", "if_required"]),
    seed=st.integers(0, 99),
)
def test_parameters(present: Json, parameters: Json, restart: str, seed: int) -> None:
    declared = {"cluster_name": "orders", "parameters": parameters, "restart": restart}
    world = a_world(present)

    def values() -> Json:
        (cluster,) = world.cloud.listed()
        known = {parameter.definition.name: parameter for parameter in cluster.parameter_group.parameters}
        return {name: cluster.applied(known[name]) for name in parameters}

    assert_diff(world, "parameters", declared, seed, values)


@EXAMPLES
@given(
    present=presents(),
    exported=st.booleans(),
    state=st.sampled_from(["present", "absent"]),
    options=st.fixed_dictionaries(
        {},
        optional={
            "bucket_name": st.sampled_from(["logs", "others"]),
            "schedule_frequency_type": st.just("DAY"),
            "schedule_hour": st.integers(0, 23),
            "delete_on_export": st.booleans(),
        },
    ),
    seed=st.integers(0, 99),
)
def test_log_export(present: Json, exported: bool, state: str, options: Json, seed: int) -> None:
    world = a_world({**present, **(EXPORT if exported else {})})
    declared = {"cluster_name": "orders", "log_type": "slow", "state": state}
    options = {**declared, **KEYS, **options} if state == "present" else declared

    def export() -> Json:
        (cluster,) = world.cloud.listed()
        return {key: value for key, value in cluster.log_exports.get("slow", {}).items() if key in SHOWN_OF_EXPORT}

    assert_diff(world, "log_export", options, seed, export)


@EXAMPLES
@given(
    present=presents(),
    sizes=st.lists(st.integers(20, 60).map(lambda steps: steps * 8), max_size=2),
    is_elsewhere=st.booleans(),
    seed=st.integers(0, 99),
)
def test_replica(present: Json, sizes: list[int], is_elsewhere: bool, seed: int) -> None:
    replicas = [
        {
            "name": f"near-{number}",
            "instance_groups": [
                {
                    "role_type": "ACTIVE",
                    "server_type_name": "db1v2m4",
                    "block_storage_groups": [{**DATA, "size_gb": size}],
                }
            ],
        }
        for number, size in enumerate(sizes)
    ]
    world = a_world(present, **NEWEST)
    where = {"other_region": {**OTHER_REGION, "subnet_id": "subnet-east"}} if is_elsewhere else {}
    real = converge(world, "replica", {"cluster_name": "orders", "replicas": replicas, **where}, seed)
    made = [cluster for cluster in world.cloud.listed() if cluster.is_replica]
    assert [cluster.name for cluster in made] == ([] if real.failed else [one["name"] for one in replicas])
    assert {cluster.is_elsewhere for cluster in made} <= {is_elsewhere}


@EXAMPLES
@given(
    present=presents(),
    is_kernel_patchable=st.booleans(),
    options=st.fixed_dictionaries(
        {"name": st.just("orders")},
        optional={
            "upgrade_kernel": st.booleans(),
            "upgrade_major_version": st.booleans(),
            "software_version": st.sampled_from(["10.11.9", "10.11.15", "11.4.7", "11.4.10"]),
            "allowable_ip_addresses": addresses,
        },
    ),
    seed=st.integers(0, 99),
)
def test_upgrades(present: Json, is_kernel_patchable: bool, options: Json, seed: int) -> None:
    world = a_world({**present, "is_kernel_patchable": is_kernel_patchable}, **NEWEST)
    before = detail(world)
    real = assert_diff(world, "cluster", options, seed, lambda: detail(world))
    if not real.failed:
        wanted, is_asked_for = options.get("software_version"), options.get("upgrade_major_version")
        assert detail(world)["software_version"] == (wanted or before["software_version"])
        assert is_asked_for or detail(world)["software_version"].startswith("10.11.")
        assert detail(world)["is_kernel_patchable"] is (is_kernel_patchable and not options.get("upgrade_kernel"))


@EXAMPLES
@given(
    present=presents(),
    tags=st.dictionaries(tag_keys, st.sampled_from(["", "1", "a b/c", "100 %", "é", None]), max_size=3),
    declared=st.dictionaries(tag_keys, st.none() | st.sampled_from(["", "1", "a b/c", 1, "é", "é"]), max_size=3),
    purge=st.booleans(),
    merges=st.booleans(),
    seed=st.integers(0, 99),
)
def test_tags(present: Json, tags: Json, declared: Json, purge: bool, merges: bool, seed: int) -> None:
    """Whatever a cluster's tags are, and whatever setting them does to others."""
    world = a_world({**present, "tags": tags}, set_tags_merges=merges)
    options = {"name": "orders", "tags": declared, "purge_tags": purge}

    def shown() -> Json:
        (cluster,) = world.cloud.listed()
        return {**cluster.detail, "tags": {key: value or "" for key, value in cluster.tags.items()}}

    before = shown()["tags"]
    real = assert_diff(world, "cluster", options, seed, shown)
    if not real.failed:
        wanted = {key: str(value or "") for key, value in declared.items()}
        assert shown()["tags"] == (wanted if purge else {**before, **wanted})


@st.composite
def histories(draw: st.DrawFn) -> list[Json]:
    """Backups that were taken, of ages that no run of a test makes a day older, and some that failed."""
    ages = draw(st.lists(st.integers(0, 30), unique=True, max_size=5))
    return [taken_before(age, draw(st.sampled_from([None, None, "FAILED"]))) for age in ages]


def taken_before(age: int, state: str | None = None) -> Json:
    """A backup whose number holds its age in days."""
    return {**backup(f"20260900{age:02}", age + 0.5), **({"backup_state": state} if state else {})}


THREE = [taken_before(9), taken_before(4), taken_before(1)]


def without_policy(present: Json) -> Json:
    """The cluster, without a policy that would take and drop backups meanwhile."""
    database = {key: value for key, value in present["init_config_option"].items() if key != "backup_option"}
    return {**present, "init_config_option": database}


@EXAMPLES
@example(present=seeded(), taken=THREE, options={"keep_last": 1}, remove_last=False, seed=1)
@example(present=seeded(), taken=THREE, options={"keep_last": 1, "older_than_days": 5}, remove_last=False, seed=2)
@example(present=seeded(), taken=THREE, options={"older_than_days": 1}, remove_last=True, seed=3)
@given(
    present=presents(),
    taken=histories(),
    options=st.fixed_dictionaries({"keep_last": st.integers(0, 3)}, optional={"older_than_days": st.integers(0, 30)})
    | st.fixed_dictionaries({"older_than_days": st.integers(0, 30)})
    | st.fixed_dictionaries(
        {"backup_history_numbers": st.lists(st.integers(0, 30).map(lambda age: f"20260900{age:02}"), min_size=1)}
    ),
    remove_last=st.booleans(),
    seed=st.integers(0, 99),
)
def test_backup_history(present: Json, taken: list[Json], options: Json, remove_last: bool, seed: int) -> None:
    world = a_world({**without_policy(present), "backup_histories": taken})

    def numbers() -> Json:
        (cluster,) = world.cloud.listed()
        newest_first = sorted(cluster.backups.taken, key=lambda one: one.started_at, reverse=True)
        return {"backup_history_numbers": [one.number for one in newest_first]}

    before = numbers()["backup_history_numbers"]
    declared = {"cluster_name": "orders", **options, "remove_last_restorable": remove_last}
    real = assert_diff(world, "backup_history", declared, seed, numbers)
    after = numbers()["backup_history_numbers"]
    if real.result is not None and not real.failed:
        removed = [one["backup_history_number"] for one in real.result["removed"]]
        assert removed == [number for number in before if number not in after]
        assert after == [number for number in before if is_kept(number, restorable(taken), options)]
    if not remove_last and restorable(taken):
        assert set(after) & set(restorable(taken))


def restorable(taken: list[Json]) -> list[str]:
    """The numbers of the backups that did not fail, the newest first: they hold the age."""
    return sorted(one["backup_history_number"] for one in taken if "backup_state" not in one)


def is_kept(number: str, finished: list[str], options: Json) -> bool:
    if "backup_history_numbers" in options:
        return number not in options["backup_history_numbers"]
    is_young = int(number[-2:]) < options.get("older_than_days", 0)
    return is_young or number in finished[: options.get("keep_last", 0)]


def moment(age_days: float) -> str:
    return datetime.fromtimestamp(START - age_days * DAY, UTC).isoformat()


MARK = "samsungcloud.scp.restored-from"
# So old that tags which do not show are not there. Those of a young cluster are what a dry run expects to show later.
RESTORED: Json = {"role_type": "RECOVERY", "created_at": "2026-01-02T03:04:05Z"}
# A cluster of the name that is to be restored, if any, by what it came from.
TAKEN: dict[str, list[Json]] = {
    "nothing": [],
    "the source": [{**RESTORED, "origin_cluster_id": "source"}],
    "another": [{**RESTORED, "origin_cluster_id": "another"}],
    "the source, at a moment": [
        {**RESTORED, "origin_cluster_id": "source", "tags": {MARK: f"source@{moment(5)[:19]}Z"}}
    ],
    "not shown, but marked": [{**RESTORED, "origin_cluster_id": "", "tags": {MARK: "source@202609000000"}}],
    "a creation": [{}],
}


MONDAYS = {"period_hour": "3", "starting_day_of_week": "MON", "starting_time": "0000"}


def untagged(view: Json) -> Json:
    """One side of a diff without the tags, which are all that changes of a cluster that is restored already."""
    return {key: value for key, value in view.items() if key != "tags"}


def restoring(choice: str, present: Json | None = None, **options: Any) -> Json:
    """The arguments of an example that is restored."""
    kept = {"taken": THREE, "there": "nothing", "choice": choice, "age": 5, "options": options, "archived": True}
    return {"present": present or seeded(), **kept, "seed": 1}


@EXAMPLES
@example(**restoring("latest", allowable_ip_addresses=["10.0.4.0/24"]))
@example(**restoring("backup_history_number", maintenance_option=MONDAYS))
@example(**{**restoring("backup_recovery_time"), "there": "the source, at a moment"})
@example(**{**restoring("latest"), "there": "not shown, but marked"})
@example(**restoring("backup_recovery_time", seeded(service_state="STOPPED"), tags={"team": "orders"}))
@given(
    present=presents(),
    taken=histories(),
    there=st.sampled_from(["nothing", *TAKEN]),
    choice=st.sampled_from(["latest", "backup_history_number", "backup_recovery_time"]),
    age=st.integers(0, 30),
    options=st.fixed_dictionaries(
        {},
        optional={
            "allowable_ip_addresses": addresses,
            "maintenance_option": windows,
            "block_storage_groups": st.integers(50, 60).map(lambda steps: [{**DATA, "size_gb": steps * 8}]),
            "tags": st.just({"team": "orders"}),
        },
    ),
    archived=st.booleans(),
    seed=st.integers(0, 99),
)
def test_restore(
    present: Json,
    taken: list[Json],
    there: str,
    choice: str,
    age: int,
    options: Json,
    archived: bool,
    seed: int,
) -> None:
    archive = {"archive_enabled": archived, "retention_period_day": 7 if archived else None}
    world = a_world({**without_policy(present), "id": "source", "backup_histories": taken, "archive": archive})
    for parts in TAKEN[there]:
        world.seed(seeded(name="ordersrestored", **parts))
    source, others = detail(world), len(world.cloud.listed())
    named = {"name": "ordersrestored", "instance_name_prefix": "ordersre", "server_type_name": "db1v2m4"}
    finished = restorable(taken)
    numbers = {"latest": finished[:1], "backup_history_number": finished[-1:] if age % 4 else [f"20260900{age:02}"]}
    chosen: Json = {"latest": True}
    if choice == "backup_history_number":
        chosen = {choice: (numbers[choice] or ["202609000000"])[0]}
    elif choice == "backup_recovery_time":
        chosen = {choice: moment(age)}

    real = converge(world, "restore", {"cluster_name": "orders", **named, **chosen, **options}, seed)

    assert real.result is not None
    event("refused" if real.failed else f"{len(real.writes)} operations for {choice}")
    assert detail(world) == source
    if "Create Restore Cluster" not in {call.operation for call in real.writes}:
        assert len(world.cloud.listed()) == others
        assert real.failed or untagged(real.result["diff"]["before"]) == untagged(real.result["diff"]["after"])
        return
    before, after = real.result["diff"]["before"], real.result["diff"]["after"]
    assert before == {}
    (restored,) = [cluster.detail for cluster in world.cloud.listed() if cluster.name == "ordersrestored"]
    assert holds(restored, {key: value for key, value in after.items() if key in restored}), (restored, after)
    assert holds(restored, {key: options[key] for key in options if key in restored}), (restored, options)
    if choice in numbers:
        assert [after["backup_history_number"]] == numbers[choice]
    else:
        assert datetime.fromisoformat(after[choice]) == datetime.fromisoformat(moment(age))
