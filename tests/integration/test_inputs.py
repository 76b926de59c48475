# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What surveys, optional variables and YAML make of options: null, blank, omitted, or another type than was meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.inventory import list_inventory, source
from harness.play import Play
from harness.roles import Role, run_roles
from harness.seeds import BACKUP, WINDOW, all_clusters, seed, settings_of_database
from harness.simulator import Json
from harness.stacks import Wrong, assert_refused_unsent, task
from harness.tasks import ORDERS, cluster, info

OMITTED = "{{ not_set | default(omit) }}"
NULL = "{{ none }}"
BLANKS = [OMITTED, NULL, ""]
SHOWN: Json = {
    "maintenance_option": WINDOW,
    "init_config_option": settings_of_database(backup_option=BACKUP),
    "allowable_ip_addresses": ["10.0.1.0/24", "10.0.2.7/32"],
}


def declarations(blank: Any) -> list[Json]:
    """Options of a cluster that hold nothing but blanks."""
    return [
        {
            "init_config_option": {"backup_option": {"retention_period_day": blank, "starting_time_hour": blank}},
            "maintenance_option": {"period_hour": blank, "starting_day_of_week": blank},
            "allowable_ip_addresses": [blank, blank],
            "instance_groups": [blank],
        },
        {
            "init_config_option": {"backup_option": blank, "database_port": blank, "audit_enabled": blank},
            **dict.fromkeys(("maintenance_option", "allowable_ip_addresses", "tags", "instance_groups"), blank),
            **dict.fromkeys(("ha_enabled", "virtual_ip_address", "cluster_id", "wait_timeout", "state"), blank),
        },
    ]


def test_what_holds_nothing_but_blanks_changes_nothing(play: Play) -> None:
    before = seed(play.simulator, **SHOWN)
    options = [{**one, "check": check} for blank in BLANKS for one in declarations(blank) for check in (True, False)]
    for one, ran in zip(options, play(*(cluster(name="orders", **one) for one in options)), strict=True):
        assert not ran.failed, (one, ran.result)
        assert (ran.changed, ran.writes, ran.operations) == (False, [], []), one
    assert all_clusters(play.simulator) == [before]


def test_what_is_written_as_empty_is_made_empty(play: Play) -> None:
    seed(play.simulator, **SHOWN)
    (ran,) = play(
        cluster(
            name="orders",
            init_config_option={"backup_option": {}},
            maintenance_option={},
            allowable_ip_addresses=[],
        )
    )
    assert ran.operations == ["Set Security Group Rules", "Unset Maintenance", "Unset Backup"]


def test_omit_in_variables_and_defaults(play: Play) -> None:
    before = seed(play.simulator, **SHOWN)
    policy: Json = {"retention_period_day": OMITTED}
    variables: Json = {"policy": policy, "settings": {"backup_option": "{{ policy }}"}}
    variables["defaults"] = {"init_config_option": "{{ settings }}"}
    by_default = {
        **cluster(name="orders"),
        "module_defaults": {"samsungcloud.scp.mariadb_cluster": "{{ defaults }}"},
        "vars": variables,
    }
    for ran in play(
        {**cluster(name="orders", init_config_option="{{ settings }}"), "vars": variables},
        {
            **cluster(name="orders", init_config_option={"backup_option": "{{ {} | combine(policy) }}"}),
            "vars": variables,
        },
        by_default,
    ):
        assert not ran.failed, ran.result
        assert (ran.changed, ran.writes) == (False, []), ran.result
    assert all_clusters(play.simulator) == [before]


@pytest.mark.parametrize("blank", [OMITTED, None, ""])
def test_blanks_of_the_other_modules_say_nothing(play: Play, blank: Any) -> None:
    before = seed(play.simulator, **SHOWN)
    assert_refused_unsent(
        play,
        "backup",
        [Wrong({"cluster_name": "orders", "archive": {"archive_enabled": blank}}, ("needs something to be present",))],
    )
    assert_refused_unsent(
        play,
        "replica",
        [
            Wrong({"cluster_name": "orders", "replicas": [blank]}, ("must name at least one replica",)),
            Wrong({"cluster_name": "orders", "replicas": [{"name": blank}], "state": "absent"}, ("at least one",)),
        ],
    )
    assert_refused_unsent(
        play,
        "parameters",
        [Wrong({"cluster_name": "orders", "parameters": {"max_connections": OMITTED}}, ("must name a parameter",))],
    )
    assert all_clusters(play.simulator) == [before]


@pytest.mark.parametrize("blank", ["", None])
def test_blanks_are_not_sent_with_a_creation(play: Play, blank: Any) -> None:
    group = ORDERS["instance_groups"][0]
    servers = [
        {"role_type": role, "service_ip_address": blank, "public_ip_id": blank} for role in ("ACTIVE", "STANDBY")
    ]
    options = {
        **ORDERS,
        "virtual_ip_address": blank,
        "vip_public_ip_id": blank,
        "origin_cluster_id": blank,
        "instance_groups": [{**group, "instances": servers}],
        "maintenance_option": {"period_hour": blank},
        "init_config_option": {
            **ORDERS["init_config_option"],
            "database_character_set": blank,
            "backup_option": {"archive_frequency_minute": blank},
        },
        "tags": blank,
    }
    predicted, made, again_predicted, again = play(*(cluster(**options, check=c) for c in (True, False, True, False)))
    (sent,) = made.writes
    assert not {"virtual_ip_address", "vip_public_ip_id", "origin_cluster_id", "maintenance_option", "tags"} & set(
        sent["body"]
    )
    assert sent["body"]["instance_groups"][0]["instances"] == [{"role_type": "ACTIVE"}, {"role_type": "STANDBY"}]
    assert set(sent["body"]["init_config_option"]) == set(ORDERS["init_config_option"])
    assert predicted.operations == made.operations == ["Create Cluster"]
    assert [ran.result.get("changed") for ran in (again_predicted, again)] == [False, False], again.result


@pytest.mark.parametrize("blank", ["", None])
def test_blank_id_beside_a_name(play: Play, blank: Any) -> None:
    seed(play.simulator)
    named: Json = {"cluster_id": blank, "cluster_name": "orders"}
    for ran in play(
        task("backup", **named, state="synced", check=True),
        task("backup_history", **named, keep_last=1, older_than_days=blank),
        task("parameters", **named, state="synced", check=True),
        task("log_export", **named, log_type="slow", state="absent"),
        task("replica", **named, replicas=[{"name": "orders-r1"}], state="absent"),
        *(info(module, **named) for module in ("backup", "parameters", "log_export", "replica")),
        info("cluster", cluster_id=blank, name="orders", service_state=blank, tags=blank),
        info("cluster", cluster_id=blank, name=blank, database_name=blank, sort=blank),
        info("server_type", name=blank),
        info("engine_version", dbaas_engine_version_id=blank),
        info("parameter_group", parameter_group_id=blank, major_version=blank),
    ):
        assert not ran.failed, (ran.task, ran.result)


def test_blank_is_missing_where_an_option_is_required(play: Play) -> None:
    seed(play.simulator)
    for blank in ("", None):
        assert_refused_unsent(play, "backup", [Wrong({"cluster_name": blank, "state": "synced"}, ("cluster_name",))])
        assert_refused_unsent(
            play,
            "restore",
            [
                Wrong(
                    {"cluster_name": "orders", "name": blank, "instance_name_prefix": "abc", "latest": True},
                    ("missing required arguments", "name", "server_type_name"),
                )
            ],
        )


def test_inventory_takes_blank_filters_as_left_out(play: Play, tmp_path: Path) -> None:
    seed(play.simulator)
    filters = {"name": "", "service_state": "", "database_name": None, "tags": "", "regions": None, "region": " "}
    listing = list_inventory(play, source(tmp_path, **filters))
    assert listing.exit_code == 0, listing.output
    assert list(listing.hosts) == ["orders"]


def test_id_of_one_cluster_and_name_of_another(play: Play) -> None:
    one, other = seed(play.simulator), seed(play.simulator, name="invoices")
    for ran in play(
        *(
            cluster(cluster_id=one["id"], name="invoices", state=state, check=check)
            for state in ("absent", "present", "restarted", "synced")
            for check in (True, False)
        )
    ):
        assert ran.failed
        assert f"Cluster ID {one['id']} is that of cluster orders, not of invoices." in ran.result["msg"]
        assert "Nothing was changed" in ran.result["msg"]
        assert (ran.writes, ran.changed) == ([], False)
    assert all_clusters(play.simulator) == [one, other]


YAML: list[tuple[str, str, str]] = [
    ("name", "yes", "name is True, but must be a text in quotes"),
    ("name", "NO", "name is False, but must be a text in quotes"),
    ("timezone", "off", "timezone is False, but must be a text in quotes"),
    ("subnet_id", "0123", "subnet_id is 83, but must be a text in quotes"),
    ("subnet_id", "1.5e+3", "subnet_id is 1500.0, but must be a text in quotes"),
    ("init_config_option", "{database_name: on}", "init_config_option.database_name is True"),
    ("init_config_option", "{database_user_name: yes}", "init_config_option.database_user_name is True"),
    ("init_config_option", "{database_user_password: 12345678}", "database_user_password must be a text in quotes"),
    ("init_config_option", "{database_port: yes}", "init_config_option.database_port is True, but must be a number"),
    ("init_config_option", "{backup_option: {starting_time_hour: on}}", "starting_time_hour is True, but must be a"),
    # 20:30 is 1230 to YAML, and that would be half past twelve.
    ("maintenance_option", "{starting_time: 20:30}", "maintenance_option.starting_time is 1230, but must be a text"),
    ("name", "2026-01-02", "name is '2026-01-02', but must be a cluster's name"),
    ("allowable_ip_addresses", "[10.0.0.1, no]", "allowable_ip_addresses[] is False, but must be a text"),
]


def test_what_yaml_takes_for_something_else_is_not_sent(play: Play, tmp_path: Path) -> None:
    playbook = tmp_path / "yaml.yml"
    tasks = "".join(
        "    - samsungcloud.scp.mariadb_cluster:\n"
        + ("" if option == "name" else "        name: orders\n")
        + f"        {option}: {text}\n      ignore_errors: true\n"
        for option, text, _told in YAML
    )
    playbook.write_text(f"- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n{tasks}")
    for (option, text, told), ran in zip(YAML, play.run(str(playbook)), strict=True):
        assert ran.failed, (option, text)
        assert told in ran.result["msg"], ran.result["msg"]
        assert ran.calls == []
        assert "12345678" not in str(ran.result)


def test_role_leaves_out_what_is_blank(play: Play) -> None:
    before = seed(play.simulator, **SHOWN)
    stacks: list[Json] = [
        {"cluster": {"name": "orders", "init_config_option": {"backup_option": {"retention_period_day": OMITTED}}}},
        {"cluster": {"name": "orders", "maintenance_option": {"starting_time": OMITTED}}},
        {"cluster": {"name": "orders", "allowable_ip_addresses": [OMITTED]}},
        {"cluster": {"name": "orders"}, "backup": {"archive": {"archive_enabled": OMITTED}}},
    ]
    for stack, ran in zip(
        stacks,
        run_roles(play, *(Role("mariadb", {"mariadb_stack": stack}) for stack in stacks)),
        strict=True,
    ):
        assert not ran.failed, (stack, ran.message)
        assert ran.writes == []
    assert all_clusters(play.simulator) == [before]


@pytest.mark.parametrize("name", ["mariadb_upgrade", "mariadb_failover", "mariadb_restore_drill"])
def test_role_refuses_two_addresses(play: Play, name: str) -> None:
    one = seed(play.simulator)
    seed(play.simulator, name="invoices")
    needed = {
        "mariadb_upgrade": {"mariadb_upgrade_software_version": "10.11.15"},
        "mariadb_failover": {"mariadb_failover_method": "switchover"},
        "mariadb_restore_drill": {
            "mariadb_restore_drill_name": "drill",
            "mariadb_restore_drill_instance_name_prefix": "drill",
            "mariadb_restore_drill_server_type_name": "db1v2m4",
        },
    }[name]
    variables = {f"{name}_cluster_id": one["id"], f"{name}_cluster_name": "invoices", **needed}
    (ran,) = run_roles(play, Role(name, variables))
    assert ran.failed
    assert f"Exactly one of {name}_cluster_id and {name}_cluster_name must be given." in ran.message
    assert ran.calls == []


def test_text_that_holds_a_line_break_is_not_sent(play: Play) -> None:
    password = "Canary-password-1"
    init = ORDERS["init_config_option"]
    wrong = [
        {**ORDERS, "init_config_option": {**init, "database_user_password": text}}
        for text in (
            f"{password}\n",
            f" {password}",
            "Canary\tpassword-1",
            "Canary\u200bpassword-1",
            f"\ufeff{password}",
        )
    ]
    for ran in play(*(cluster(**options) for options in wrong)):
        assert ran.failed
        assert "database_user_password must not contain line breaks, tabs or invisible" in ran.result["msg"]
        assert ran.calls == []
        assert "Canary" not in str(ran.result)
