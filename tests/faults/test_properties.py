# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every present and every declaration, not only for those that somebody thought of."""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from faults.scenarios import DATA, EXPORT, KEYS, Scenario, groups, seeded
from faults.world import Json, Run, World
from harness.seeds import WINDOW

# Without the search for a smaller failure, which takes minutes.
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
ADDRESSES = [f"10.0.{number}.0/24" for number in range(1, 7)]
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
WRONG: list[Json] = [
    {"allowable_ip_addresses": ["10.0.1.300"]},
    {"maintenance_option": {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "2460"}},
    {"init_config_option": {"backup_option": {"archive_frequency_minute": 5, "retention_period_day": 36}}},
    {"init_config_option": {"backup_option": {"archive_frequency_minute": 5, "starting_time_hour": 24}}},
    {"instance_groups": groups(data=201)},
    {"software_version": "newest"},
    {"wait_timeout": -1},
]


def told(run: Run) -> list[Json]:
    """The operations of a result, without what only the service knows."""
    assert run.result is not None
    return [{key: one.get(key) for key in OPERATION} for one in run.result["operations"]]


def a_world(present: Json) -> World:
    return Scenario("cluster", {}, (present,)).world()


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
@given(present=presents(), options=declarations, wrong=st.sampled_from(WRONG))
def test_wrong_declaration_of_a_cluster_is_refused_before_the_first_call(
    present: Json, options: Json, wrong: Json
) -> None:
    for check in (True, False):
        run = a_world(present).run("cluster", {**options, "state": "present", **wrong}, check=check)
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
    converge(a_world(present), "backup", declared, seed)


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
    converge(a_world(present), "parameters", declared, seed)


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
    converge(world, "log_export", {**declared, **KEYS, **options} if state == "present" else declared, seed)


@EXAMPLES
@given(
    present=presents(),
    sizes=st.lists(st.integers(20, 60).map(lambda steps: steps * 8), max_size=2),
    seed=st.integers(0, 99),
)
def test_replica(present: Json, sizes: list[int], seed: int) -> None:
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
    converge(a_world(present), "replica", {"cluster_name": "orders", "replicas": replicas}, seed)
