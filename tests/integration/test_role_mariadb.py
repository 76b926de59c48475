# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role mariadb: a stack from one dictionary, there and gone again."""

from __future__ import annotations

import copy
import json
from typing import Any, NamedTuple

import pytest
import yaml

from harness.cycle import Request
from harness.play import Play, Ran
from harness.seeds import all_clusters, seed
from harness.simulator import Json, Simulator
from harness.stacks import by_name, put
from harness.tasks import ORDERS
from harness.trouble import advance, settings

ROLE = "samsungcloud.scp.mariadb"
ENDLESS = 1_000_000
KEYS: Json = {"bucket_access_key": "Canary-of-the-bucket-1", "bucket_secret_key": "Canary-of-the-bucket-2"}
GROUP: Json = {
    "role_type": "ACTIVE",
    "server_type_name": "db1v2m4",
    "block_storage_groups": [{"role_type": "DATA", "size_gb": 200}],
}
STACK: Json = {
    "cluster": ORDERS,
    "backup": {
        "archive_frequency_minute": 60,
        "retention_period_day": 14,
        "starting_time_hour": 2,
        "archive": {"archive_enabled": True, "retention_period_day": 7},
    },
    "parameters": {"parameters": {"max_connections": 500}, "restart": "if_required"},
    "log_exports": [
        {
            "log_type": log_type,
            "bucket_name": "logs",
            **KEYS,
            "schedule_frequency_type": "DAY",
            "schedule_hour": 3,
        }
        for log_type in ("alert", "slow")
    ],
    "replicas": {
        "replicas": [{"name": "orders-r1", "instance_groups": [GROUP]}],
        "allowable_ip_addresses": ["10.0.2.0/24"],
    },
}
CREATION = [
    "Create Cluster",
    "Set Backup",
    "Set Archive Config",
    "Set Parameter Values",
    "Register Log Export Config",
    "Register Log Export Config",
    "Create Replica",
]
PARTS = ["backup", "parameters", "log_exports", "replicas"]


class Run(NamedTuple):
    """One run of the role."""

    tasks: list[Ran]

    @property
    def result(self) -> Json:
        """What the role keeps for its caller."""
        kept = next(ran for ran in self.tasks if ran.task.endswith("Keep the result for the caller"))
        result: Json = kept.result["ansible_facts"]["mariadb_result"]
        return result

    @property
    def operations(self) -> list[str]:
        return [one["operation"] for one in self.result["operations"]]

    @property
    def promised(self) -> list[Request]:
        return [
            Request(one["operation"], one["method"], one["path"], one.get("body")) for one in self.result["operations"]
        ]

    @property
    def sent(self) -> list[Request]:
        return [
            Request(call["operation"], call["method"], call["path"], call["body"])
            for ran in self.tasks
            for call in ran.writes
        ]

    @property
    def told(self) -> str:
        """What the role says at its end."""
        said = next(ran for ran in self.tasks if ran.task.endswith("Say which operations that takes"))
        message: str = said.result["msg"]
        return message

    @property
    def failure(self) -> str:
        """The message of the task that failed; empty when none did."""
        results = [ran.result for ran in self.tasks if ran.failed]
        items = [item for result in results for item in result.get("results", [result])]
        return "; ".join(item["msg"] for item in items if item.get("failed", True))

    @property
    def calls(self) -> list[Json]:
        return [call for ran in self.tasks for call in ran.calls]


def role(stack: Any, check: bool = False, **variables: Any) -> Json:
    """A task that includes the role, and lets the play go on if that fails."""
    include: Json = {"name": ROLE, "apply": {"check_mode": True, "diff": True}} if check else {"name": ROLE}
    return {
        "block": [{"ansible.builtin.include_role": include}],
        "rescue": [{"ansible.builtin.meta": "noop"}],
        "ignore_errors": False,
        "vars": {"mariadb_stack": stack, **variables},
    }


def runs(play: Play, *tasks: Json, arguments: tuple[str, ...] = ()) -> list[Run]:
    """Run the role several times in one play."""
    found: list[Run] = []
    for ran in play(*tasks, arguments=arguments):
        if ran.task.startswith("ansible.builtin.include_role"):
            found.append(Run([]))
        found[-1].tasks.append(ran)
    assert len(found) == len(tasks), play.output
    return found


@pytest.fixture(autouse=True)
def _fast_cloud(simulator: Simulator) -> None:
    settings(simulator, time_scale=6000)


def changed_in_every_part() -> Json:
    stack = copy.deepcopy(STACK)
    stack["cluster"]["allowable_ip_addresses"] = ["10.0.9.0/24"]
    stack["backup"]["retention_period_day"] = 30
    stack["backup"]["archive"]["retention_period_day"] = 3
    stack["parameters"]["parameters"]["max_connections"] = 600
    stack["log_exports"][0]["schedule_hour"] = 4
    stack["log_exports"][1] = {"log_type": "slow", "state": "absent"}
    stack["replicas"]["allowable_ip_addresses"] = ["10.0.3.0/24"]
    stack["replicas"]["replicas"].append({"name": "orders-r2", "instance_groups": [GROUP]})
    return stack


def test_life_of_a_stack(play: Play) -> None:
    changed = changed_in_every_part()

    ran = runs(
        play,
        *[role(stack, check) for stack in (STACK, changed) for check in (True, False, False)],
        *[role(changed, check, mariadb_state="absent") for check in (True, False, False)],
    )

    assert [run.failure for run in ran] == [""] * 9, play.output
    assert_created(*ran[:3])
    assert_changed(*ran[3:6])
    assert_terminated(*ran[6:])
    assert all_clusters(play.simulator) == []


def assert_created(predicted: Run, made: Run, again: Run) -> None:
    assert predicted.sent == []
    assert predicted.promised == made.promised[:1]
    assert predicted.result["later"] == PARTS
    assert predicted.result["changed"]
    assert predicted.told == f"Create Cluster; then, planned when the cluster is there: {', '.join(PARTS)}"
    assert made.operations == CREATION
    assert made.promised == made.sent
    assert made.told == ", ".join(CREATION)
    kept = made.result
    assert kept["changed"]
    assert kept["cluster"]["service_state"] == "RUNNING"
    assert int(kept["backup"]["retention_period_day"]) == 14
    assert kept["archive"]["retention_period_day"] == 7
    assert kept["parameters"] == {"max_connections": "500"}
    assert [export["log_type"] for export in kept["log_exports"]] == ["alert", "slow"]
    assert [replica["allowable_ip_addresses"] for replica in kept["replicas"]] == [["10.0.2.0/24"]]
    assert (again.result["changed"], again.sent, again.told) == (False, [], "none")
    assert again.result == {**kept, "changed": False, "operations": [], "cluster": again.result["cluster"]}


def assert_changed(predicted: Run, real: Run, again: Run) -> None:
    assert predicted.sent == []
    assert predicted.result["later"] == []
    assert predicted.promised == real.promised == real.sent
    assert real.operations == [
        "Set Security Group Rules",
        "Set Backup",
        "Set Archive Config",
        "Set Parameter Values",
        "Set Log Export Config",
        "Unregister Log Export Config",
        "Set Security Group Rules",
        "Create Replica",
    ]
    assert [export["log_type"] for export in real.result["log_exports"]] == ["alert"]
    assert [replica["name"] for replica in real.result["replicas"]] == ["orders-r1", "orders-r2"]
    assert (again.result["changed"], again.sent) == (False, [])


def assert_terminated(predicted: Run, real: Run, again: Run) -> None:
    assert predicted.sent == []
    assert predicted.promised == real.promised[:2]
    assert predicted.result["later"] == ["cluster"]
    assert predicted.told.endswith("; then, planned when the replicas are gone: cluster")
    assert real.operations == ["Terminate Cluster"] * 3
    assert real.promised == real.sent
    assert real.result["cluster"] is None
    assert (again.result["changed"], again.sent, again.told) == (False, [], "none")


def test_stacks_beside_each_other(play: Play) -> None:
    """What the role keeps of one stack is nothing of another, also when the first fails."""
    small: Json = {"cluster": {**ORDERS, "name": "invoices"}, "backup": None, "log_exports": [], "replicas": {}}
    spoilt = put(STACK, "parameters.parameters", {"no_such_parameter": 1})
    parts = {"state": "absent", "cluster": {"name": "invoices"}}

    full, other, failed, terminated = runs(
        play,
        role(STACK),
        role(small),
        role(spoilt),
        role({"cluster": parts["cluster"], "parameters": {}}, mariadb_state="absent"),
    )

    assert full.operations == CREATION
    assert other.operations == ["Create Cluster"]
    assert other.result["cluster"]["name"] == "invoices"
    assert (other.result["log_exports"], other.result["replicas"], other.result["backup"]) == ([], [], None)
    assert "no_such_parameter" in failed.failure
    assert failed.result["cluster"]["name"] == "orders"
    assert (failed.result["changed"], failed.result["parameters"], failed.result["replicas"]) == (False, {}, [])
    assert terminated.operations == ["Terminate Cluster"]
    assert set(by_name(play.simulator)) == {"orders", "orders-r1"}


def test_run_that_was_interrupted_goes_on(play: Play) -> None:
    impatient = put(STACK, "cluster.wait_timeout", 1)
    settings(play.simulator, time_scale=1)
    [first] = runs(play, role(impatient))
    assert "Waited 1 seconds" in first.failure
    assert first.operations == ["Create Cluster"]
    assert first.result["changed"]

    settings(play.simulator, time_scale=6000, durations={"Create Replica": ENDLESS})
    impatient = put(STACK, "replicas.wait_timeout", 1)
    [second] = runs(play, role(impatient))
    assert "Waited 1 seconds" in second.failure
    assert second.promised == second.sent
    assert second.operations == CREATION[1:]

    [playing] = [made for name, made in by_name(play.simulator).items() if name == "orders-r1"]
    assert playing["service_state"] == "CREATING"
    advance(play.simulator, ENDLESS)
    [third] = runs(play, role(STACK))
    assert (third.failure, third.sent, third.result["changed"]) == ("", [], False)
    assert {shown["service_state"] for shown in all_clusters(play.simulator)} == {"RUNNING"}
    assert len(all_clusters(play.simulator)) == 2


def test_clusters_that_others_left_half_made(play: Play) -> None:
    """One is being created, one went UNKNOWN while it was; both become the whole stack."""
    part = {"cluster": ORDERS, "parameters": STACK["parameters"]}
    names = {"making": "CREATING", "unknown": "UNKNOWN"}
    for name, state in names.items():
        becomes = {"becomes": {"service_state": "RUNNING", "after": 3600}} if state == "CREATING" else {}
        seed(play.simulator, name=name, service_state=state, **becomes)
    stacks = [put(part, "cluster.name", name) for name in names]

    dry_making, dry_unknown, making, unknown = runs(
        play, *[role(stack, check=True) for stack in stacks], *[role(stack) for stack in stacks]
    )

    assert dry_making.failure == dry_unknown.failure == ""
    assert dry_making.operations == making.operations == ["Set Parameter Values"]
    assert unknown.operations == ["Synchronize Cluster State", "Set Parameter Values"]
    assert making.failure == unknown.failure == ""
    assert {shown["service_state"] for shown in all_clusters(play.simulator)} == {"RUNNING"}


def test_termination_that_is_refused(play: Play) -> None:
    made = seed(play.simulator, replicas=[{"name": "orders-r1"}, {"name": "orders-r2"}])
    other = seed(play.simulator, name="invoices")
    declared: Json = {"cluster": {"name": "orders"}, "replicas": {"replicas": [{"name": "orders-r1"}]}}
    elsewhere: Json = {"cluster": {"name": "orders", "cluster_id": other["id"]}}

    undeclared, misnamed, predicted, everything = runs(
        play,
        role(declared, mariadb_state="absent"),
        role(elsewhere, mariadb_state="absent"),
        role(put(declared, "cluster.cluster_id", made["id"]), check=True, **ALL),
        role(put(declared, "cluster.cluster_id", made["id"]), **ALL),
    )

    assert "has replicas that mariadb_stack does not declare: orders-r2. Nothing was changed." in undeclared.failure
    assert "is not named orders, but invoices. Nothing was changed." in misnamed.failure
    for refused in (undeclared, misnamed):
        assert (refused.sent, refused.result["operations"], refused.result["changed"]) == ([], [], False)
    assert predicted.promised == everything.promised[:2]
    assert everything.operations == ["Terminate Cluster"] * 3
    assert set(by_name(play.simulator)) == {"invoices"}


ALL: Json = {"mariadb_state": "absent", "mariadb_terminate_all_replicas": True}


def test_life_of_a_stack_with_replicas_in_another_region(play: Play) -> None:
    """One of the same name in the region of the cluster is another one, which others made and nobody declares."""
    settings(play.simulator, versions=["1.1"])
    play.environ["SCP_API_VERSION"] = "1.1"
    where = {"region": play.simulator.other_region, "endpoint": play.simulator.other_region_endpoint}
    stack = {
        "cluster": ORDERS,
        "replicas": {
            "replicas": [{"name": "orders-r1", "instance_groups": [GROUP]}],
            "other_region": {**where, "subnet_id": "subnet-east"},
        },
    }

    made, again = runs(play, role(stack), role(stack))
    origin = by_name(play.simulator)["orders"]
    near = seed(play.simulator, name="orders-r1", role_type="REPLICA", origin_cluster_id=origin["id"])
    play.simulator.control("PATCH", f"clusters/{origin['id']}", {"replicas": [*origin["replicas"], near["id"]]})
    refused, predicted, ended = runs(
        play, role(stack, mariadb_state="absent"), role(stack, check=True, **ALL), role(stack, **ALL)
    )

    assert (made.failure, made.operations) == ("", ["Create Cluster", "Create Replica in Other Region"])
    assert (again.result["changed"], again.sent) == (False, [])
    assert [replica["name"] for replica in again.result["replicas"]] == ["orders-r1"]
    assert "does not declare: orders-r1. Nothing was changed." in refused.failure
    assert refused.sent == []
    assert predicted.promised == ended.promised[:2]
    assert predicted.result["later"] == ["cluster"]
    assert (ended.failure, ended.operations) == ("", ["Terminate Cluster"] * 3)
    assert all_clusters(play.simulator) == []


def test_replica_that_is_no_longer_declared_stays(play: Play) -> None:
    seed(play.simulator, replicas=[{"name": "orders-r1"}, {"name": "orders-r2"}])
    groups = {"name": "orders-r1", "instance_groups": None}

    less, none = runs(
        play,
        role({"cluster": {"name": "orders"}, "replicas": {"replicas": [groups]}}),
        role({"cluster": {"name": "orders"}, "replicas": {"replicas": []}}),
    )

    for run in (less, none):
        assert (run.failure, run.sent) == ("", [])
    assert set(by_name(play.simulator)) == {"orders", "orders-r1", "orders-r2"}


class Wrong(NamedTuple):
    """A stack that is wrong, and the words that the message owes."""

    stack: Any
    words: tuple[str, ...]
    variables: Json = {}  # noqa: RUF012


LOG_TYPES = ("a log_type of its own, one of alert, audit, slow. Nothing was changed.",)
WRONG = [
    Wrong(put(STACK, "backups", {}), ("mariadb_stack.backups", "Valid options of mariadb_stack are backup, cluster")),
    Wrong(put(STACK, "cluster.subnet", "x"), ("mariadb_stack.cluster.subnet", "subnet_id")),
    Wrong(put(STACK, "cluster.access_key", "x"), ("mariadb_stack.cluster.access_key",)),
    Wrong(
        put(STACK, "cluster.instance_groups[].server_type", "x"),
        ("mariadb_stack.cluster.instance_groups[0].server_type",),
    ),
    Wrong(put(STACK, "cluster.state", "stopped"), ("state is 'stopped', but valid values are present, started.",)),
    Wrong(put(STACK, "backup.cluster_name", "orders"), ("mariadb_stack.backup.cluster_name",)),
    Wrong(put(STACK, "backup.archive.days", 3), ("mariadb_stack.backup.archive.days",)),
    Wrong(put(STACK, "parameters.parameter", {}), ("mariadb_stack.parameters.parameter",)),
    Wrong(put(STACK, "replicas.replicas[].names", "x"), ("mariadb_stack.replicas.replicas[0].names",)),
    Wrong(
        {key: part for key, part in STACK.items() if key != "cluster"}, ("Missing options of mariadb_stack: cluster.",)
    ),
    Wrong(put(STACK, "cluster.name", None), ("Missing options of mariadb_stack.cluster: name. Nothing was changed.",)),
    Wrong(["orders"], ("mariadb_stack is a list, but must be a dictionary. Nothing was changed.",)),
    Wrong(STACK, ("value of mariadb_state must be one of: present, absent, got: gone",), {"mariadb_state": "gone"}),
    Wrong(put(STACK, "log_exports[].bucket", "x"), ("log_exports has unknown options: bucket. Nothing was changed",)),
    Wrong(put(STACK, "log_exports[].log_type", "alert"), LOG_TYPES),
    Wrong(
        put(STACK, "log_exports", [{"bucket_name": "logs"}]),
        ("Missing options of mariadb_stack.log_exports[0]: log_type. Nothing was changed.",),
    ),
    Wrong(
        put(STACK, "log_exports[].schedule_hour", "24"),
        ("log_exports[1].schedule_hour is 24, but must be from 0 to 23 hours.",),
    ),
    Wrong(put(STACK, "log_exports", ["log_type=slow"]), ("log_exports[0] is a text, but must be a dictionary.",)),
    Wrong(
        put(STACK, "cluster.init_config_option.backup_option", {}),
        ("the backup policy twice", "(archive_frequency_minute, retention_period_day, starting_time_hour)"),
    ),
]


def test_wrong_stacks_are_refused_before_anything_is_sent(play: Play) -> None:
    ran = runs(play, *[role(wrong.stack, **wrong.variables) for wrong in WRONG])

    for wrong, run in zip(WRONG, ran, strict=True):
        missing = [word for word in wrong.words if word not in run.failure]
        assert not missing, run.failure
        assert run.calls == []


def test_options_of_all_parts_are_checked_before_the_first_is_made(play: Play) -> None:
    wrong = {
        "retention_period_day is 99": put(STACK, "backup.retention_period_day", 99),
        "schedule_hour is 24": put(STACK, "log_exports[].schedule_hour", 24),
        "replicas[].name is 'Orders'": put(STACK, "replicas.replicas[].name", "Orders"),
    }

    ran = runs(play, *[role(stack, check=check) for stack in wrong.values() for check in (True, False)])

    for number, run in enumerate(ran):
        assert list(wrong)[number // 2] in run.failure
        assert run.calls == []


CANARIES = {
    "password": "Canary-of-the-password-1",
    "long_password": "Canary-of-a-password-that-is-too-long-1",
    **KEYS,
}


def with_secrets() -> Json:
    stack = put(STACK, "cluster.init_config_option.database_user_password", "{{ canary_password }}")
    for export in stack["log_exports"]:
        export.update({name: f"{{{{ canary_{name} }}}}" for name in KEYS})
    return stack


def test_secrets_appear_nowhere(play: Play) -> None:
    """Neither where all goes well, nor where a stack is wrong in any way that Ansible's checks may tell of."""
    variables = play.folder / "secrets.yml"
    variables.write_text(yaml.safe_dump({f"canary_{name}": value for name, value in CANARIES.items()}))
    stack = with_secrets()
    password = "{{ canary_password }}"
    exports = stack["log_exports"]
    wrong = [
        put(stack, "cluster.init_config_option.database_user_password", "{{ canary_long_password }}"),
        put(stack, "cluster.init_config_option.database_user_password", [password]),
        put(stack, "cluster.init_config_option.no_such_option", 1),
        put(stack, "cluster.init_config_option", password),
        put(stack, "cluster.init_config_option", [{"database_user_password": password}]),
        put(stack, "log_exports", exports[0]),
        put(stack, "log_exports", [exports]),
        put(stack, "log_exports", ["{{ canary_bucket_access_key }}"]),
        put(stack, "log_exports", ["bucket_access_key={{ canary_bucket_access_key }} log_type=slow"]),
        put(stack, "log_exports[].log_type", "{{ canary_bucket_access_key }}"),
        put(stack, "log_exports[].schedule_hour", "soon"),
        put(stack, "log_exports[].no_such_option", 1),
        [stack],
    ]
    ran = runs(
        play,
        role(stack, check=True),
        role(stack),
        *[role(one) for one in wrong],
        arguments=("-e", f"@{variables}", "--diff", "-vvvv"),
    )

    assert [bool(run.failure) for run in ran] == [False] * 2 + [True] * len(wrong), [run.failure for run in ran]
    left_behind = play.output + (play.folder / "record.jsonl").read_text() + json.dumps(play.simulator.calls())
    assert "invocation" in left_behind
    assert not [name for name, value in CANARIES.items() if value in left_behind]


def test_credentials_by_module_defaults(play: Play) -> None:
    """The group of the collection reaches every module of the role."""
    given = {"access_key": play.simulator.access_key, "secret_key": play.simulator.secret_key}
    playbook = play.folder / "defaults.yml"
    tasks = [role(STACK), role(STACK, mariadb_state="absent")]
    # The role always waits, for SCP runs one operation at a time on a cluster.
    defaults = {"group/samsungcloud.scp.scp": given, "samsungcloud.scp.mariadb_cluster": {"wait": False}}
    content = {"hosts": "localhost", "gather_facts": False, "module_defaults": defaults, "tasks": tasks}
    playbook.write_text(yaml.safe_dump([content]))
    play.environ = {"SCP_ACCESS_KEY": "", "SCP_SECRET_KEY": ""}

    play.run(str(playbook))

    assert play.exit_code == 0, play.output
    assert "rescued=0" in play.output
    assert all_clusters(play.simulator) == []
