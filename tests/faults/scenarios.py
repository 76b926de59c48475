# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scenarios: one task on one starting state, for every state of every module that writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from faults.world import OTHER_REGION, START, World
from harness.seeds import BACKUP, ORDERS_SHOWN, WINDOW
from harness.tasks import ORDERS
from simulator.clock import timestamp

Json = dict[str, Any]

PASSWORD = "Canary-password-1"
DAY = 86_400.0
# Seconds of the service for each one of the machine that the modules run on.
TIME_SCALE = 20
DATA: Json = {"role_type": "DATA", "size_gb": 200}
GROUP: Json = {"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": [DATA]}
REPLICA_GROUP: Json = {**GROUP, "block_storage_groups": [{"role_type": "OS", "size_gb": 104}, DATA]}
NEAR: Json = {"name": "near-1", "instance_groups": [GROUP]}
FAR: Json = {"name": "far-1", "instance_groups": [GROUP]}
KEYS: Json = {"bucket_access_key": "canary-bucket-access", "bucket_secret_key": "canary-bucket-secret"}
SCHEDULE: Json = {"schedule_frequency_type": "WEEK", "schedule_day_of_week": "SUN", "schedule_hour": 3}
# Clusters of others that come and go, the first in a list.
COMING, GOING = "aaaorders", "aaorders"
CANARIES = (PASSWORD, *KEYS.values())


@dataclass(frozen=True)
class Scenario:
    """``seeds`` are clusters that are there, ``crowd`` counts others that no task may touch.

    With ``is_done`` the task has been run before, with ``is_idle`` there may be nothing to do, and ``may_refuse``
    leaves it to the module whether it does what can be done or rejects the task. ``harms`` marks a write that must
    never be sent. A ``narrow`` scenario meets only those kinds that are about the service and its other users.
    """

    module: str
    options: Json
    seeds: tuple[Json, ...] = ()
    crowd: int = 0
    settings: Json = field(default_factory=dict)
    is_done: bool = False
    is_idle: bool = False
    may_refuse: bool = False
    harms: Callable[[Any], bool] | None = None
    narrow: bool = False

    @property
    def creates_what_is_gone(self) -> bool:
        """Whether a cluster that was there before would be created again."""
        is_there = self.is_done or bool(self.seeds)
        return self.module == "cluster" and is_there and set(ORDERS) <= set(self.options)

    def world(self) -> World:
        world = World()
        world.simulation.change_settings({"time_scale": TIME_SCALE, **self.settings})
        if self.crowd:
            world.seed({**ORDERS_SHOWN, "name": GOING})
        for number in range(self.crowd):
            world.seed({**ORDERS_SHOWN, "name": f"{'abcdefghij'[number]}orders"})
        for parts in self.seeds:
            world.seed(parts)
        if self.is_done:
            world.run(self.module, self.options)
        return world


def seeded(**parts: Any) -> Json:
    """The cluster that ``ORDERS`` makes, with some parts as given."""
    return {**ORDERS_SHOWN, **parts}


def database(**parts: Any) -> Json:
    return {"init_config_option": {**ORDERS_SHOWN["init_config_option"], **parts}}


def replica(name: str, **parts: Any) -> Json:
    return {"name": name, "ha_enabled": False, "instance_groups": [REPLICA_GROUP], **parts}


def backup(number: str, age_days: float, **parts: Any) -> Json:
    end = START - age_days * DAY
    return {
        "backup_history_number": number,
        "backup_start_at": timestamp(end - 600),
        "backup_end_at": timestamp(end),
        **parts,
    }


def groups(server_type: str = "db1v2m4", data: int = 200, *more: Json) -> list[Json]:
    volumes = [{"role_type": "OS", "size_gb": 104}, {"role_type": "DATA", "size_gb": data}, *more]
    return [{"role_type": "ACTIVE_STANDBY", "server_type_name": server_type, "block_storage_groups": volumes}]


BACKUPS: Json = {"backup_histories": [backup("202609300200", 1), backup("202609280200", 3), backup("202609200200", 10)]}
NEWEST_GOOD = "202609280200"
# Backups that are worth nothing although they have an end, by the words that say so, and those that nobody knows.
NO_GOOD = {"202609300000": "DELETED", "202609300100": "EXPIRED", "202609300200": "INCOMPLETE"}
UNKNOWN = {"202609300300": "RUNNING", "202609300400": "TUESDAY", "202609300500": None}
SPOILED_BACKUPS: Json = {
    "backup_histories": [
        *(
            backup(number, 1.5 - age / 24, backup_state=word)
            for age, (number, word) in enumerate({**NO_GOOD, **UNKNOWN}.items())
        ),
        # It goes on for longer than any run, and shows a date for its end all the same.
        backup("202609300600", 1.2, backup_end_at=timestamp(START + 365 * DAY)),
        backup(NEWEST_GOOD, 3),
        backup("202609200200", 10),
    ]
}
SPOILED: Json = {"running_backups_show_end": True}
# A replica that was promoted, and is listed by its former origin all the same.
PROMOTED = "promoted-far-1"
FORMER: Json = {"id": PROMOTED, "role_type": "ORIGIN", "origin_cluster_id": None}
REPLICAS: Json = {"replicas": [replica("near-1"), replica("far-1")]}
FAR_REPLICAS: Json = {"replicas": [replica(name, is_elsewhere=True) for name in ("near-1", "far-1")]}
EXPORT: Json = {
    "log_exports": [
        {
            "log_type": "slow",
            "bucket_name": "logs",
            "delete_on_export": False,
            "schedule_frequency_type": "DAY",
            "schedule_hour": "3",
        }
    ]
}
ENDING: Json = {"service_state": "TERMINATING", "becomes": {"service_state": "TERMINATED", "after": 60}}
BUSY: Json = {"service_state": "EDITING", "becomes": {"service_state": "RUNNING", "after": 60}}
LEAVING: Json = {**ORDERS_SHOWN, "name": "ordersrestored", **ENDING}
CROWD: Json = {"crowd": 5, "settings": {"page_size_cap": 2}}
ARCHIVE_VOLUME: Json = {"role_type": "ARCHIVE", "size_gb": 56}
EVERYTHING: Json = {
    "allowable_ip_addresses": ["10.0.2.0/24"],
    "maintenance_option": {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0330"},
    "init_config_option": {"audit_enabled": True, "backup_option": {"retention_period_day": 21}},
    "instance_groups": groups("db1v4m8", 304, ARCHIVE_VOLUME),
    "software_version": "10.11.15",
}


def cluster(*seeds: Json, **options: Any) -> Scenario:
    return Scenario("cluster", {"name": "orders", **options}, seeds or (seeded(),))


def on_cluster(module: str, *seeds: Json, **options: Any) -> Scenario:
    return Scenario(module, {"cluster_name": "orders", **options}, seeds or (seeded(),))


def elsewhere(
    replicas: list[Json], seeds: Json | None = None, subnet_id: str | None = None, **options: Any
) -> Scenario:
    """A task for replicas in another region than their origin's."""
    where = {**OTHER_REGION, "subnet_id": subnet_id}
    return on_cluster("replica", seeded(**(seeds or {})), replicas=replicas, other_region=where, **options)


def restore(**options: Any) -> Scenario:
    named = {"name": "ordersrestored", "instance_name_prefix": "ordersre", "server_type_name": "db1v2m4"}
    return on_cluster("restore", seeded(**BACKUPS), **named, **options)


def narrow(scenario: Scenario, **changes: Any) -> Scenario:
    """Meet only what is about the service and its other users."""
    return replace(scenario, narrow=True, **changes)


def removes(*numbers: str) -> Callable[[Any], bool]:
    """Mark a removal of one of these backups."""
    return lambda call: (
        call.operation == "Remove Backup Histories"
        and bool(set(numbers).intersection(call.body["backup_history_number"]))
    )


def restores_another(call: Any) -> bool:
    """Mark a restore of anything but the newest good backup."""
    return bool(call.operation == "Create Restore Cluster" and call.body["backup_history_number"] != NEWEST_GOOD)


def is_about_promoted(call: Any) -> bool:
    """Mark a write to the cluster that is no replica any more."""
    return PROMOTED in call.path


def with_former_replica(state: str, is_elsewhere: bool = False, **options: Any) -> Scenario:
    """A task for two replicas, of which the second was promoted."""
    seeds = {
        "replicas": [
            replica("near-1", is_elsewhere=is_elsewhere),
            replica("far-1", is_elsewhere=is_elsewhere, **FORMER),
        ]
    }
    names = [{"name": "near-1"}, {"name": "far-1"}]
    if is_elsewhere:
        scenario = elsewhere(names, seeds=seeds, state=state, **options)
    else:
        scenario = on_cluster("replica", seeded(**seeds), replicas=names, state=state, **options)
    return narrow(scenario, may_refuse=True, harms=is_about_promoted)


def later(scenario: Scenario) -> Scenario:
    """Serve a version of the API that has everything, which the task finds out."""
    return replace(scenario, settings={**scenario.settings, "versions": ["1.0", "1.3"]})


SCENARIOS: dict[str, Scenario] = {
    "cluster created": Scenario("cluster", ORDERS),
    "cluster created in a crowd": Scenario("cluster", ORDERS, **CROWD),
    # Enough is declared to create it where it is not seen.
    "cluster changed in a crowd": Scenario(
        "cluster",
        {**ORDERS, "init_config_option": {**ORDERS["init_config_option"], "audit_enabled": True}},
        (seeded(),),
        **CROWD,
    ),
    "cluster created where one is terminating": Scenario(
        "cluster", ORDERS, (seeded(becomes={"service_state": "TERMINATED", "after": 60}, service_state="TERMINATING"),)
    ),
    "cluster changed": cluster(seeded(**database(backup_option=BACKUP)), **EVERYTHING),
    "cluster resized": cluster(instance_groups=groups("db1v4m8", 304)),
    "cluster patched": cluster(seeded(**database(backup_option=BACKUP)), software_version="10.11.15"),
    "cluster with another window": cluster(
        maintenance_option={"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0330"}
    ),
    "cluster without a window": cluster(seeded(maintenance_option=WINDOW), maintenance_option={}),
    "cluster audited": cluster(init_config_option={"audit_enabled": True}),
    "cluster with other addresses": cluster(allowable_ip_addresses=["10.0.2.0/24", "10.0.3.0/24"]),
    "cluster with other tags": cluster(
        seeded(tags={"old": "1", "team": "other"}), tags={"team": "orders", "stage": "test"}
    ),
    "cluster with more tags": cluster(
        seeded(tags={"old": "1", "team": "other"}), tags={"team": "orders", "stage": "test"}, purge_tags=False
    ),
    "cluster created with tags": Scenario("cluster", {**ORDERS, "tags": {"team": "orders"}}),
    "cluster that is busy": cluster(
        seeded(service_state="EDITING", becomes={"service_state": "RUNNING", "after": 60}),
        init_config_option={"audit_enabled": True},
    ),
    "cluster that got lost": cluster(seeded(service_state="UNKNOWN"), init_config_option={"audit_enabled": True}),
    "cluster started": cluster(seeded(service_state="STOPPED"), state="started"),
    "cluster stopped": cluster(state="stopped"),
    "cluster restarted": cluster(state="restarted"),
    "cluster switched over": cluster(state="switched_over", active_instance="orders002"),
    "cluster synced": cluster(seeded(service_state="ERROR"), state="synced"),
    "cluster absent": cluster(state="absent"),
    "backup set": on_cluster("backup", archive_frequency_minute=60, retention_period_day=14, starting_time_hour=2),
    "backup changed with its archive": on_cluster(
        "backup",
        seeded(**database(backup_option=BACKUP)),
        retention_period_day=21,
        archive={"archive_enabled": True, "retention_period_day": 7},
    ),
    "backup unset": on_cluster("backup", seeded(**database(backup_option=BACKUP)), state="absent"),
    "backup synced": on_cluster("backup", seeded(on_servers={"archive": {"retention_period_day": 9}}), state="synced"),
    "backup histories absent": on_cluster("backup_history", seeded(**BACKUPS), keep_last=1),
    "log export registered": on_cluster(
        "log_export", log_type="slow", bucket_name="logs", **KEYS, **SCHEDULE, delete_on_export=True
    ),
    "log export changed": on_cluster("log_export", seeded(**EXPORT), log_type="slow", **KEYS, **SCHEDULE),
    "log export with other keys": on_cluster(
        "log_export", seeded(**EXPORT), log_type="slow", **KEYS, update_keys="always"
    ),
    "log exported": on_cluster("log_export", seeded(**EXPORT), log_type="slow", state="exported"),
    "log export absent": on_cluster("log_export", seeded(**EXPORT), log_type="slow", state="absent"),
    "parameters set": on_cluster(
        "parameters",
        seeded(parameters={"long_query_time": "3"}),
        parameters={"max_connections": 500},
        reset=["long_query_time"],
    ),
    "parameters set with a restart": on_cluster(
        "parameters", parameters={"innodb_buffer_pool_size": "2G"}, restart="if_required"
    ),
    "parameters synced": on_cluster(
        "parameters", seeded(on_servers={"parameters": {"max_connections": "700"}}), state="synced"
    ),
    "replicas created": on_cluster("replica", replicas=[NEAR, FAR]),
    "replica added": on_cluster("replica", seeded(replicas=[replica("near-1")]), replicas=[NEAR, FAR]),
    "replicas changed": on_cluster(
        "replica",
        seeded(**REPLICAS),
        replicas=[{"name": "near-1"}, {"name": "far-1"}],
        allowable_ip_addresses=["10.0.2.0/24"],
    ),
    "replica promoted": on_cluster("replica", seeded(**REPLICAS), replicas=[{"name": "near-1"}], state="promoted"),
    "replica reset": on_cluster("replica", seeded(**REPLICAS), replicas=[{"name": "near-1"}], state="reset"),
    "replicas with tags": on_cluster(
        "replica",
        seeded(replicas=[replica("near-1", tags={"old": "1"})]),
        replicas=[NEAR, FAR],
        tags={"team": "orders"},
    ),
    "replicas synced": on_cluster("replica", seeded(**REPLICAS), state="synced"),
    "replicas absent": on_cluster(
        "replica", seeded(**REPLICAS), replicas=[{"name": "near-1"}, {"name": "far-1"}], state="absent"
    ),
    "replicas created elsewhere": later(elsewhere([NEAR, FAR], subnet_id="subnet-east")),
    "replicas changed elsewhere": later(
        elsewhere([{"name": "near-1"}, {"name": "far-1"}], seeds=FAR_REPLICAS, allowable_ip_addresses=["10.0.2.0/24"])
    ),
    "replica promoted elsewhere": elsewhere([{"name": "near-1"}], seeds=FAR_REPLICAS, state="promoted"),
    "replica reset elsewhere": elsewhere([{"name": "near-1"}], seeds=FAR_REPLICAS, state="reset"),
    "replicas absent elsewhere": elsewhere([{"name": "near-1"}, {"name": "far-1"}], seeds=FAR_REPLICAS, state="absent"),
    "restored latest": restore(latest=True),
    "restored with tags": restore(latest=True, tags={"team": "orders"}),
    "restored a number": restore(backup_history_number="202609280200"),
    "restored a moment": restore(backup_recovery_time=timestamp(START - 2 * DAY)),
    "backup taken": later(on_cluster("backup", seeded(**BACKUPS), state="taken")),
    "cluster with another kernel": later(cluster(seeded(is_kernel_patchable=True), upgrade_kernel=True)),
    "cluster there already": Scenario("cluster", ORDERS, is_done=True),
    "restored already": narrow(restore(latest=True, tags={"team": "orders"}), is_done=True),
    "replicas there already": narrow(on_cluster("replica", replicas=[NEAR, FAR]), is_done=True),
    "restored where one is terminating": narrow(restore(latest=True), seeds=(seeded(**BACKUPS), LEAVING)),
    "restored from a busy source": narrow(restore(latest=True), seeds=(seeded(**BACKUPS, **BUSY),)),
    "replicas created where one is terminating": narrow(
        on_cluster("replica", seeded(replicas=[replica("near-1", **ENDING)]), replicas=[NEAR, FAR])
    ),
    "replicas created by a busy origin": narrow(on_cluster("replica", seeded(**BUSY), replicas=[NEAR, FAR])),
    "replicas created elsewhere where one is terminating": narrow(
        later(
            elsewhere(
                [NEAR, FAR],
                seeds={"replicas": [replica("near-1", is_elsewhere=True, **ENDING)]},
                subnet_id="subnet-east",
            )
        )
    ),
    "replicas absent, one of them promoted": with_former_replica("absent"),
    "replicas reset, one of them promoted": with_former_replica("reset"),
    "replicas changed, one of them promoted": with_former_replica("present", allowable_ip_addresses=["10.0.2.0/24"]),
    "replicas promoted, one of them before": with_former_replica("promoted"),
    "replicas absent elsewhere, one of them promoted": with_former_replica("absent", is_elsewhere=True),
    "cluster switched over already": narrow(
        cluster(state="switched_over", active_instance="orders001"),
        is_idle=True,
        harms=lambda call: call.operation == "Switchover Cluster",
    ),
    "backup histories absent, the newest no good": narrow(
        on_cluster("backup_history", seeded(**SPOILED_BACKUPS), keep_last=1),
        settings=SPOILED,
        harms=removes(NEWEST_GOOD, *UNKNOWN),
    ),
    "backup histories absent by age": narrow(
        on_cluster("backup_history", seeded(**SPOILED_BACKUPS), older_than_days=1, keep_last=1),
        settings=SPOILED,
        harms=removes(NEWEST_GOOD, *UNKNOWN),
    ),
    "restored latest, the newest no good": narrow(
        restore(latest=True), seeds=(seeded(**SPOILED_BACKUPS),), settings=SPOILED, harms=restores_another
    ),
    "cluster of another major version": later(cluster(software_version="11.4.10", upgrade_major_version=True)),
}
