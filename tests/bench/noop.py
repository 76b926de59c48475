# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task costs that finds nothing to do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import boto3

from bench.measuring import in_turn, ratio, spread
from bench.plays import Ansible, Json
from bench.report import Section, Table, Target, compact, medians_of, milliseconds
from bench.running import Run
from bench.servers import running
from harness.seeds import seed
from harness.simulator import running_simulator
from harness.tasks import ORDERS

TASKS = 5
ITEMS = 10
METHOD = f"""\
A play has one task to warm up, {TASKS} that count, and one that loops over {ITEMS + 1} items, all of the same
module. A task's cost is the time from the start of the first that counts to the start of the loop, divided by
{TASKS}; an item's that from the end of the first item to the end of the play, divided by {ITEMS}. {{taken}},
with the least and the largest in brackets; all modules take turns. Times are in milliseconds, ratios are
medians of the ratios within a turn. Processor time is that of Ansible, its workers and their modules, without
the services; mitogen's processes are not among them."""

OURS = "mariadb_cluster in the worker"
MODULE = "mariadb_cluster as a module"
PING = "ansible.builtin.ping"
URI = "ansible.builtin.uri"
HCLOUD = "hetzner.hcloud.volume"
MITOGEN = "hetzner.hcloud.volume, mitogen"
RDS = "amazon.aws.rds_instance"
AWS = {"region": "us-east-1", "access_key": "benchmark", "secret_key": "benchmark"}
DATABASE = {"db_instance_identifier": "orders", "db_instance_class": "db.t3.micro", "engine": "mariadb"}


@dataclass(frozen=True)
class Contestant:
    """A task, and how it is run."""

    task: Json
    strategy: str = "linear"
    more: Json = field(default_factory=dict)

    def play(self) -> Json:
        task = {**self.task, **self.more}
        single = [{"name": f"task {number}", **task} for number in range(TASKS + 1)]
        loop = {"name": "loop", **task, "loop": list(range(ITEMS + 1))}
        return {"hosts": "all", "gather_facts": False, "strategy": self.strategy, "tasks": [*single, loop]}


@dataclass(frozen=True)
class Cost:
    """Seconds. ``processor`` is the processor time of a task, ``item`` the time of an item of a loop."""

    task: float
    processor: float
    item: float


def measure(run: Run) -> Section:
    repetitions = run.repetitions(7)
    with tempfile.TemporaryDirectory() as folder, contestants() as (environ, all_contestants):
        ansible = Ansible(Path(folder), environ)
        measures = {name: lambda one=one: cost(ansible, one) for name, one in all_contestants.items()}
        return section(in_turn(measures, repetitions, run.tell), repetitions)


@contextmanager
def contestants() -> Iterator[tuple[dict[str, str], dict[str, Contestant]]]:
    """Run the services that the contestants ask, with what they ask for; yield variables for them, and them."""
    ours = {"samsungcloud.scp.mariadb_cluster": ORDERS}
    with running_simulator() as simulator, running("volumes") as volumes, running("aws") as aws:
        seed(simulator)
        create_database(aws)
        volume = {
            "hetzner.hcloud.volume": {
                "name": "orders",
                "size": 200,
                "location": "fsn1",
                "api_endpoint": f"{volumes}/v1",
                "api_token": "benchmark",
            }
        }
        yield (
            simulator.environment(),
            {
                OURS: Contestant(ours),
                MODULE: Contestant(ours, more={"vars": {"scp_in_process": False}}),
                PING: Contestant({PING: {}}),
                URI: Contestant({URI: {"url": f"{volumes}/v1/volumes", "return_content": True}}),
                HCLOUD: Contestant(volume),
                MITOGEN: Contestant(volume, strategy="mitogen_linear"),
                RDS: Contestant({RDS: {**DATABASE, **AWS, "endpoint_url": aws, "state": "present"}}),
            },
        )


def create_database(endpoint: str) -> None:
    """Put the database there that a task of rds_instance then finds; it wants a group of subnets."""
    session = boto3.Session(AWS["access_key"], AWS["secret_key"], region_name=AWS["region"])
    ec2 = session.client("ec2", endpoint_url=endpoint)
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]]
    rds = session.client("rds", endpoint_url=endpoint)
    rds.create_db_subnet_group(DBSubnetGroupName="orders", DBSubnetGroupDescription="-", SubnetIds=subnets)
    rds.create_db_instance(
        DBInstanceIdentifier=DATABASE["db_instance_identifier"],
        DBInstanceClass=DATABASE["db_instance_class"],
        Engine=DATABASE["engine"],
        EngineVersion="10.11.9",
        DBSubnetGroupName="orders",
        AllocatedStorage=20,
        MasterUsername="orders",
        MasterUserPassword="Canary-password-1",
    )


def cost(ansible: Ansible, contestant: Contestant) -> Cost:
    played = ansible.run(contestant.play())
    begin, loop = played.first("start", "task 1"), played.first("start", "loop")
    return Cost(
        task=(loop.at - begin.at) / TASKS,
        processor=(loop.processor_seconds - begin.processor_seconds) / TASKS,
        item=(played.end.at - played.first("item", "loop").at) / ITEMS,
    )


def section(measured: dict[str, list[Cost]], repetitions: int) -> Section:
    tasks = {name: [one.task for one in costs] for name, costs in measured.items()}
    items = {name: [one.item for one in costs] for name, costs in measured.items()}
    rows = [
        [
            name,
            spread(tasks[name], milliseconds),
            compact(ratio(tasks[name], tasks[HCLOUD])),
            "-" if name == MITOGEN else milliseconds(median(one.processor for one in costs)),
            spread(items[name], milliseconds),
            compact(ratio(items[name], items[HCLOUD])),
        ]
        for name, costs in measured.items()
    ]
    return Section(
        "noop",
        "A task with nothing to do",
        METHOD.format(taken=medians_of(repetitions, "play")),
        [Table(["", "a task", "of hcloud's", "processor", "an item of a loop", "of hcloud's"], rows)],
        [
            Target("a task in the worker, of hcloud's", ratio(tasks[OURS], tasks[HCLOUD]), 0.12),
            Target("a task in the worker, of uri's", ratio(tasks[OURS], tasks[URI]), 0.15),
            Target("a task in the worker, of hcloud's under mitogen", ratio(tasks[OURS], tasks[MITOGEN]), 0.5),
            Target("an item in the worker, of hcloud's", ratio(items[OURS], items[HCLOUD]), 0.05),
            Target("a task as a module, of hcloud's", ratio(tasks[MODULE], tasks[HCLOUD]), 1.0),
        ],
    )
