# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a play costs that finds nothing to do on a hundred clusters."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from statistics import median
from string import ascii_lowercase

from bench.measuring import in_turn, ratio
from bench.plays import Ansible, Json, Played
from bench.report import Section, Table, Target, compact, mebibytes, medians_of
from bench.running import Run
from faults.scenarios import GROUP, KEYS, SCHEDULE, database, groups, replica
from harness.seeds import BACKUP, seed
from harness.simulator import running_simulator

FORKS = 10
NAMES = [f"orders{first}{second}" for first, second in product(ascii_lowercase[:10], repeat=2)]
METHOD = f"""\
Six tasks (cluster, backup, parameters, log export, replica, and the list of replicas) on {{clusters}} clusters,
each with a replica: either on localhost, where each task loops over the clusters, or with the clusters as hosts
and {FORKS} forks. {{taken}}, in turn. Processor time is that of all processes of the play, without the
simulator. Memory is the largest sum over them, shared pages counted once, looked at four times a second. Ratios
are medians of the ratios within a turn."""

LOOP, HOSTS = "in a loop", "as hosts"
WORKER, MODULES = "in the worker", "as modules"
Case = tuple[str, str]
CASES: list[Case] = [(way, place) for way in (LOOP, HOSTS) for place in (WORKER, MODULES)]


def tasks(name: str) -> list[tuple[str, Json]]:
    """Return modules with their options, for the cluster of this name; it may be a template."""
    on_cluster = {"cluster_name": name}
    cluster = {
        "name": name,
        "allowable_ip_addresses": ["10.0.1.0/24"],
        "instance_groups": groups(),
        "init_config_option": {"audit_enabled": False},
    }
    backup = {"archive_frequency_minute": 60, "retention_period_day": 14, "starting_time_hour": 2}
    export = {"log_type": "slow", "bucket_name": "logs", **KEYS, **SCHEDULE}
    return [
        ("mariadb_cluster", cluster),
        ("mariadb_backup", {**on_cluster, **backup}),
        ("mariadb_parameters", {**on_cluster, "parameters": {"long_query_time": 3}}),
        ("mariadb_log_export", {**on_cluster, **export}),
        ("mariadb_replica", {**on_cluster, "replicas": [{"name": f"{name}-1", "instance_groups": [GROUP]}]}),
        ("mariadb_replica_info", on_cluster),
    ]


def seeds(name: str) -> Json:
    """Return a cluster on which the tasks find nothing to do."""
    return {
        "name": name,
        **database(backup_option=BACKUP),
        "log_exports": [{"log_type": "slow", "bucket_name": "logs", **as_shown(SCHEDULE)}],
        "parameters": {"long_query_time": "3"},
        "replicas": [replica(f"{name}-1")],
    }


def as_shown(schedule: Json) -> Json:
    return {**schedule, "schedule_hour": str(schedule["schedule_hour"])}


def play(case: Case, clusters: Sequence[str]) -> Json:
    way, place = case
    name = "{{ item }}" if way == LOOP else "{{ inventory_hostname }}"
    listed = [{f"samsungcloud.scp.{module}": options} for module, options in tasks(name)]
    return {
        "hosts": "all",
        "gather_facts": False,
        "vars": {"scp_in_process": place == WORKER},
        "tasks": [{**task, "loop": clusters} for task in listed] if way == LOOP else listed,
    }


def measure(run: Run) -> Section:
    repetitions = run.repetitions(3)
    clusters = NAMES[: run.clusters]
    with tempfile.TemporaryDirectory() as folder, running_simulator() as simulator:
        for name in clusters:
            seed(simulator, **seeds(name))
        ansible = Ansible(Path(folder), simulator.environment())
        measures = {", ".join(case): player(ansible, case, clusters) for case in CASES}
        plays = in_turn(measures, repetitions, run.tell)
    method = METHOD.format(taken=medians_of(repetitions, "play"), clusters=len(clusters))
    return section({case: plays[", ".join(case)] for case in CASES}, method)


def player(ansible: Ansible, case: Case, clusters: Sequence[str]) -> Callable[[], Played]:
    hosts = ["localhost"] if case[0] == LOOP else clusters
    return lambda: ansible.run(play(case, clusters), hosts, FORKS, watch=True)


def section(plays: dict[Case, list[Played]], method: str) -> Section:
    seconds = {case: [one.seconds for one in played] for case, played in plays.items()}
    processor = {case: [one.processor_seconds for one in played] for case, played in plays.items()}
    memory = {case: [float(one.memory) for one in played] for case, played in plays.items()}
    rows = [
        [
            f"{way}, {place}",
            *(compact(median(figures[way, place])) for figures in (seconds, processor)),
            mebibytes(median(memory[way, place])),
        ]
        for way, place in CASES
    ]
    targets = [
        Target(f"{figure} {way}, in the worker, of that as modules", ratio(of[way, WORKER], of[way, MODULES]), 0.2)
        for way in (LOOP, HOSTS)
        for figure, of in (("time", seconds), ("processor time", processor))
    ]
    columns = ["Clusters, tasks", "seconds", "processor seconds", "peak memory, MiB"]
    return Section("hundred", "A hundred clusters", method, [Table(columns, rows)], targets)
