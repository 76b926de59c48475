# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin, as ``ansible-inventory`` and ``ansible-playbook`` see it."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest
import yaml

from ansible_collections.samsungcloud.scp.plugins.inventory import mariadb
from harness.inventory import STRICTLY, Listing, list_inventory, source
from harness.play import Play
from harness.seeds import seed, settings_of_database
from harness.simulator import Json, Simulator, running_simulator
from harness.trouble import ALWAYS, fault, refusal, serve

ROOT = Path(__file__).resolve().parents[2]
FLEET = 250
KEYS = {
    "access_key": "Canary-of-the-access-key-1",
    "secret_key": "Canary-of-the-secret-key-1",
    "auth_token": "Canary-of-the-auth-token-1",
}
CANARIES = (*KEYS.values(), "Canary-of-another-key-1")
ECHO = f"value_error: {', '.join(KEYS.values())}"
MASKED = f"value_error: {', '.join(['********'] * len(KEYS))}"
NO_KEYS = {"SCP_ACCESS_KEY": "", "SCP_SECRET_KEY": "", "SCP_ENDPOINT": "", "SCP_REGION": ""}


@pytest.fixture(scope="module")
def clouds() -> Iterator[tuple[Simulator, Simulator]]:
    """Two regions that take the same keys, which are canaries."""
    keys = ("--access-key", KEYS["access_key"], "--secret-key", KEYS["secret_key"])
    with running_simulator(*keys) as west, running_simulator(*keys) as east:
        yield west, east


@pytest.fixture
def regions(clouds: tuple[Simulator, Simulator]) -> tuple[Simulator, Simulator]:
    for cloud in clouds:
        cloud.control("POST", "reset")
    return clouds


@pytest.fixture
def play_of_two(regions: tuple[Simulator, Simulator], tmp_path: Path) -> Play:
    """Runs without an endpoint in the environment; the calls are those of the first region."""
    folder = tmp_path / "play"
    folder.mkdir()
    return Play(regions[0], folder, {"SCP_ENDPOINT": "", "SCP_REGION": ""})


def of_two(regions: tuple[Simulator, Simulator], **options: object) -> Json:
    west, east = regions
    endpoints = {"kr-west1": west.endpoint, "kr-east1": east.endpoint}
    return {"regions": list(endpoints), "endpoints": endpoints, "api_retries": 0, **options}


def alone(simulator: Simulator, name: str, **parts: object) -> Json:
    """Put a cluster of one server there."""
    server = {"name": f"{name}001", "role_type": "ACTIVE", "service_ip_address": parts.pop("address", None)}
    return seed(
        simulator,
        name=name,
        ha_enabled=False,
        instance_groups=[{"role_type": "ACTIVE", "instances": [server]}],
        **parts,
    )


def test_fleet_of_three_pages(play: Play) -> None:
    names = ["db" + "".join(letters) for letters in product(ascii_lowercase, repeat=2)][:FLEET]
    seeded = {
        name: seed(play.simulator, name=name, service_state=("RUNNING", "STOPPED")[index % 2])
        for index, name in enumerate(names)
    }
    groups = [{"key": "scp_mariadb_service_state | lower", "prefix": "state"}]

    listing = list_inventory(play, source(play.folder, details=False, keyed_groups=groups))

    assert listing.exit_code == 0, listing.output
    assert list(listing.hosts) == names
    pages = [(call["query"]["page"], call["status"]) for call in listing.calls]
    assert [sorted(pages[:3]), sorted(pages[3:])] == [[("0", 200), ("1", 200), ("2", 200)]] * 2
    assert listing.group("state_running") == names[::2]
    assert listing.group("state_stopped") == names[1::2]
    for name, variables in listing.hosts.items():
        assert variables["scp_mariadb_id"] == seeded[name]["id"]
        assert "ansible_host" not in variables
        assert all(key.startswith("scp_mariadb_") for key in variables)


def test_details_in_spite_of_faults(play: Play) -> None:
    """Passing faults are waited out, also that a listed cluster is not known; what is terminated is left out."""
    names = ["db" + letter for letter in ascii_lowercase[:12]]
    for name in names:
        seed(play.simulator, name=name)
    seed(play.simulator, name="terminated", service_state="TERMINATED")
    fault(play.simulator, "List Clusters", "status", status=429, retry_after="0")
    fault(play.simulator, "Show Cluster", "status", status=429, retry_after="0", skip=1, times=3)
    fault(play.simulator, "Show Cluster", "reset", skip=2)
    fault(play.simulator, "Show Cluster", "status", status=503, retry_after="0", skip=3)
    fault(play.simulator, "Show Cluster", "truncated", skip=4)
    refusal(play.simulator, "Show Cluster", 404, "NotFound", "no such cluster")

    listing = list_inventory(play, source(play.folder, concurrency=3))

    assert listing.exit_code == 0, listing.output
    assert sorted(listing.hosts) == names
    assert listing.operations.count("Show Cluster") == len(names) + 7
    for variables in listing.hosts.values():
        assert (
            variables["ansible_host"]
            == variables["scp_mariadb_login_host"]
            == variables["scp_mariadb_virtual_ip_address"]
        )
        assert variables["scp_mariadb_software_version"] == "10.11.9"


def test_filters_are_applied_by_the_service(play: Play) -> None:
    old = settings_of_database(database_name="ordersold")
    seed(play.simulator, name="orders")
    seed(play.simulator, name="ordersold", init_config_option=old, service_state="STOPPED")
    seed(play.simulator, name="stock", service_state="STOPPED")
    seed(play.simulator, name="invoices")

    filters = {"name": "{{ which }}", "service_state": "STOPPED", "database_name": "ordersold"}
    paths = [
        source(
            play.folder, f"{option}_mariadb_scp.yml", **{option: value}, details=False, hostvars_prefix=f"by_{option}_"
        )
        for option, value in filters.items()
    ]

    listing = list_inventory(play, *paths, arguments=("-e", "which=orders"))

    assert found_by(listing, "by_name_") == ["orders"]
    assert found_by(listing, "by_service_state_") == ["ordersold", "stock"]
    assert found_by(listing, "by_database_name_") == ["ordersold"]
    page = {"size": "100", "page": "0"}
    assert [call["query"] for call in listing.calls] == [
        {**page, "name": "orders"},
        {**page, "service_state": "STOPPED"},
        {**page, "database_name": "ordersold"},
    ]


def found_by(listing: Listing, prefix: str) -> list[str]:
    """The hosts of the source with that prefix."""
    return [name for name, variables in listing.hosts.items() if f"{prefix}id" in variables]


def test_two_regions(play_of_two: Play, regions: tuple[Simulator, Simulator]) -> None:
    west, east = regions
    first, other = seed(west, name="orders"), seed(east, name="orders")
    going, coming = seed(west, name="stock", service_state="TERMINATING"), seed(west, name="stock")
    seed(east, name="far")
    myself, group = seed(west, name="localhost"), seed(east, name="late")
    groups = {"late": "scp_mariadb_region == 'kr-east1'"}

    listing = list_inventory(play_of_two, source(play_of_two.folder, **of_two(regions, groups=groups)))

    assert listing.exit_code == 0, listing.output
    expected = {
        f"orders_{first['id']}": (first, "kr-west1"),
        f"orders_{other['id']}": (other, "kr-east1"),
        f"stock_{going['id']}": (going, "kr-west1"),
        "stock": (coming, "kr-west1"),
        f"localhost_{myself['id']}": (myself, "kr-west1"),
        f"late_{group['id']}": (group, "kr-east1"),
    }
    shown = {name: (its["scp_mariadb_id"], its["scp_mariadb_region"]) for name, its in listing.hosts.items()}
    assert shown.pop("far")[1] == "kr-east1"
    assert shown == {name: (cluster["id"], region) for name, (cluster, region) in expected.items()}
    assert sorted(listing.group("late")) == sorted(["far", f"orders_{other['id']}", f"late_{group['id']}"])
    told = listing.output.partition("got an id appended")[2]
    assert all(name in "".join(told.split()) for name in expected if name != "stock")


def test_names_of_hosts(play_of_two: Play, regions: tuple[Simulator, Simulator]) -> None:
    for cloud in regions:
        alone(cloud, "orders")
    alone(regions[1], "stock", software_version="10.6.21")
    hostnames = [
        "no_such_variable ~ '.db'",
        "'old' if scp_mariadb_software_version.startswith('10.6')",
        "scp_mariadb_name ~ '.' ~ scp_mariadb_region ~ suffix",
    ]

    listing = list_inventory(
        play_of_two,
        source(play_of_two.folder, **of_two(regions, hostnames=hostnames, use_extra_vars=True)),
        arguments=("-e", "suffix=/x"),
    )

    assert listing.exit_code == 0, listing.output
    assert sorted(listing.hosts) == ["old", "orders.kr-east1_x", "orders.kr-west1_x"]


def test_servers_in_constructed_groups(play: Play) -> None:
    servers = [
        {"name": "orders001", "role_type": "ACTIVE", "service_ip_address": "10.0.1.11", "public_ip_id": "ip1"},
        {"name": "orders002", "role_type": "STANDBY", "service_ip_address": "10.0.1.12"},
    ]
    group = {"role_type": "ACTIVE_STANDBY", "server_type_name": "db1v2m4", "instances": servers}
    seeded = seed(play.simulator, name="orders", instance_groups=[group], replicas=[{"name": "orders-r1"}])
    constructed = {
        "hosts": "instances",
        "hostvars_prefix": "db_",
        "groups": {"standby": "db_instance_role_type == 'STANDBY'"},
        "keyed_groups": [
            {"key": "db_role_type | lower", "separator": ""},
            {"key": "db_name", "parent_group": "clusters"},
        ],
        "leading_separator": False,
        "compose": {"where": "db_login_host ~ ':' ~ db_login_port", "ansible_connection": "'local'"},
    }

    listing, in_public = (
        list_inventory(play, source(play.folder, **constructed, connect_with=address))
        for address in ("private", "public")
    )
    play.command("ansible-inventory", "-i", source(play.folder, **constructed), "--graph")

    assert listing.exit_code == 0, listing.output
    replica = next(name for name in listing.hosts if name not in ("orders001", "orders002"))
    assert listing.group("standby") == ["orders002"]
    assert listing.group("origin") == listing.group("orders") == ["orders001", "orders002"]
    assert listing.group("replica") == listing.group("orders_r1") == [replica]
    assert sorted(listing.content["clusters"]["children"]) == ["orders", "orders_r1"]
    assert listing.hosts["orders002"]["where"] == "10.0.1.12:2866"
    assert listing.hosts["orders002"]["ansible_host"] == "10.0.1.12"
    assert listing.hosts["orders001"]["db_instance_role_type"] == "ACTIVE"
    [public] = [item["public_ip_address"] for item in seeded["instance_groups"][0]["instances"] if item["public_ip_id"]]
    assert in_public.hosts["orders001"]["ansible_host"] == in_public.hosts["orders001"]["db_login_host"] == public
    assert "ansible_host" not in in_public.hosts["orders002"]
    assert "db_login_host" not in in_public.hosts["orders002"]
    assert "  |--@standby:\n  |  |--orders002\n" in play.output
    assert "tags" not in {key for variables in listing.hosts.values() for key in variables}


CACHED: Json = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cached"}


def test_cache(play_of_two: Play, regions: tuple[Simulator, Simulator]) -> None:
    seed(regions[0], name="orders")
    seed(regions[1], name="stock")
    asked = of_two(regions, **CACHED)
    groups = {"all_of_them": "true"}

    def run(**changes: object) -> Listing:
        listing = list_inventory(play_of_two, source(play_of_two.folder, **{**asked, **changes}), arguments=("-vvvv",))
        assert listing.exit_code == 0, listing.output
        return listing

    first, again, grouped, otherwise = run(), run(), run(groups=groups), run(details=False)
    regions[0].control("POST", "reset")
    empty, at_last = run(details=False, regions=["kr-west1"], endpoints={"kr-west1": regions[0].endpoint}), run()

    assert first.operations == ["List Clusters", "Show Cluster"]
    assert again.calls == grouped.calls == []
    assert again.hosts == first.hosts
    assert list(first.hosts) == ["orders", "stock"]
    assert sorted(grouped.group("all_of_them")) == ["orders", "stock"]
    assert otherwise.operations == ["List Clusters"]
    assert empty.hosts == {}
    assert list(at_last.hosts) == ["stock"]
    [kept] = (play_of_two.folder / "cached").iterdir()
    left_behind = kept.read_text(encoding="utf-8") + "".join(one.output for one in (first, again, empty))
    assert "stock" in left_behind
    assert [canary for canary in CANARIES if canary in left_behind] == []


def test_cache_of_another_user_is_not_used(play: Play) -> None:
    seed(play.simulator)
    path = source(play.folder, **CACHED, details=False)
    assert list(list_inventory(play, path).hosts) == ["orders"]
    play.environ = {"SCP_ACCESS_KEY": "another"}
    refused = list_inventory(play, path, **STRICTLY)
    assert refused.exit_code != 0
    assert refused.hosts == {}
    assert "unknown access key" in refused.told


def by_template(play: Play) -> tuple[Json, tuple[str, ...]]:
    play.environ |= {"MY_KEY": KEYS["access_key"], "MY_ENDPOINT": play.simulator.endpoint}
    (play.folder / "secret").write_text(KEYS["secret_key"], encoding="utf-8")
    options = {
        "access_key": "{{ lookup('ansible.builtin.env', 'MY_KEY') }}",
        "secret_key": "{{ lookup('ansible.builtin.file', my_file) }}",
        "endpoint": "{{ lookup('ansible.builtin.env', 'MY_ENDPOINT') }}",
        "environment": "{{ 'e' }}",
        "api_retries": "{{ 1 + 1 }}",
    }
    return options, ("-e", f"my_file={play.folder / 'secret'}")


def by_environment(play: Play) -> tuple[Json, tuple[str, ...]]:
    play.environ |= {"SCP_TF_ACCESS_KEY": "wrong", "SCP_ENDPOINT": play.simulator.endpoint}
    play.environ |= {"SCP_ACCESS_KEY": KEYS["access_key"], "SCP_SECRET_KEY": KEYS["secret_key"]}
    return {}, ()


def by_file(play: Play) -> tuple[Json, tuple[str, ...]]:
    folder = play.folder / ".scpconf"
    folder.mkdir()
    credentials = {"access-key": KEYS["access_key"], "secret-key": KEYS["secret_key"]}
    (folder / "credentials.json").write_text(json.dumps(credentials), encoding="utf-8")
    (folder / "credentials.json").chmod(0o644)
    (folder / "config.json").write_text(json.dumps({"endpoint-override": play.simulator.endpoint}), encoding="utf-8")
    return {}, ()


def by_vault(play: Play) -> tuple[Json, tuple[str, ...]]:
    password = play.folder / "password"
    password.write_text("the password of the vault", encoding="utf-8")
    vault = ("--vault-password-file", str(password))
    encrypted = play.folder / "encrypted"
    play.command("ansible-vault", "encrypt_string", *vault, "--output", str(encrypted), KEYS["secret_key"])
    play.environ |= {"SCP_ENDPOINT": play.simulator.endpoint, "SCP_ACCESS_KEY": KEYS["access_key"]}
    return {"secret_key": encrypted.read_text(encoding="utf-8")}, vault


Give = Callable[[Play], tuple[Json, tuple[str, ...]]]


@pytest.mark.parametrize("give", [by_template, by_environment, by_file, by_vault])
def test_credentials(play_of_two: Play, give: Give) -> None:
    seed(play_of_two.simulator)
    play_of_two.environ = dict(NO_KEYS)
    options, arguments = give(play_of_two)
    path = source(play_of_two.folder, **options)
    if give is by_vault:
        text = f"plugin: samsungcloud.scp.mariadb\nsecret_key: {options['secret_key']}"
        Path(path).write_text(text, encoding="utf-8")

    listing = list_inventory(play_of_two, path, arguments=("-vvvv", *arguments))

    assert list(listing.hosts) == ["orders"], listing.output
    assert [canary for canary in CANARIES if canary in listing.output] == []
    assert ("are open to others (mode 0644)" in " ".join(listing.output.split())) is (give is by_file)


def sources_that_fail(play: Play, regions: tuple[Simulator, Simulator]) -> dict[str, tuple[Json, tuple[str, ...]]]:
    """Inventory files that can't be read, and the words that each failure owes."""
    one = {"endpoint": play.simulator.endpoint, "api_retries": 0}
    return {
        "wrong": ({**one, "secret_key": CANARIES[-1]}, ("401 Unauthorized", "the signature does not match")),
        "unknown": ({**one, "access_key": "wrong"}, ("unknown access key", "Check access_key and secret_key")),
        "region": (of_two(regions), ("Region kr-east1: List Clusters failed: 403 Forbidden", MASKED)),
        "unsent": ({"region": "kr-north9"}, ("region is 'kr-north9'", "has only the regions kr-west1, kr-east1")),
        "nowhere": ({}, ("No SCP region: region is not set", "SCP_REGION")),
        "no_regions": ({"regions": []}, ("regions is [], but must name at least one region",)),
        "twice": ({**one, "regions": ["kr-west1", "kr-east1"]}, ("is the URL of one region", "set endpoints")),
        "servers": (
            {**one, "hosts": "instances", "details": False},
            ("details must not be false with hosts: instances",),
        ),
        "misspelt": ({**one, "detials": True, "tag": {}}, ("detials is not an option", "tag is not an option")),
        "many": ({**one, "concurrency": 33}, ("concurrency is 33, but must be from 1 to 32",)),
        "prefix": ({**one, "hostvars_prefix": ""}, ("hostvars_prefix is ''", "must begin like the name of a variable")),
        "shadow": ({**one, "hostvars_prefix": "ansible_"}, ("hostvars_prefix is 'ansible_'",)),
        "state": ({**one, "service_state": "TERMINATED"}, ("Invalid value 'TERMINATED'",)),
        "list": ({**one, "secret_key": [CANARIES[-1]]}, ("secret_key must be a text",)),
        "template": ({**one, "access_key": "{{ no_such_variable }}"}, ("'no_such_variable' is undefined",)),
        "nameless": ({**one, "hostnames": ["''"]}, ("hostnames has no expression that gives a name to orders",)),
        "strict": ({**one, "strict": True, "compose": {"x": "no_such_fact"}}, ("Could not set x for host orders",)),
        "plugin": ({**one, "plugin": "samsungcloud.scp.mysql"}, ("unknown plugin 'samsungcloud.scp.mysql'",)),
    }


def test_failures_name_their_reason(play_of_two: Play, regions: tuple[Simulator, Simulator]) -> None:
    """Nothing is left of an inventory that fails; Ansible tells why and, as it is, goes on with the next one."""
    seed(regions[0])
    refusal(regions[1], "List Clusters", 403, "Forbidden", ECHO, times=ALWAYS)
    rows = sources_that_fail(play_of_two, regions)
    play_of_two.environ["SCP_AUTH_TOKEN"] = KEYS["auth_token"]
    paths = [
        source(play_of_two.folder, f"{name}_mariadb_scp.yml", **options) for name, (options, _words) in rows.items()
    ]

    listing = list_inventory(play_of_two, *paths, "elsewhere,", arguments=("-vvvv",))

    missing = {name: word for name, (_options, words) in rows.items() for word in words if word not in listing.told}
    assert missing == {}, listing.output
    assert list(listing.hosts) == ["elsewhere"]
    # Ansible quotes the line of a file in which an option is wrong, but none of these.
    assert [canary for canary in CANARIES if canary in listing.output] == []


def test_a_failure_can_end_the_run(play: Play) -> None:
    for name in ("orders", "stock"):
        seed(play.simulator, name=name)
    fault(play.simulator, "Show Cluster", "status", status=500, skip=1, times=ALWAYS)

    listing = list_inventory(play, source(play.folder, api_retries=1, concurrency=1), **STRICTLY)

    assert listing.exit_code != 0
    assert listing.hosts == {}
    assert f"Region {play.simulator.region}, cluster stock (" in listing.told
    assert "Show Cluster failed: 500 Internal Server Error" in listing.told


def test_only_files_of_that_name_are_read(play: Play) -> None:
    seed(play.simulator)
    names = {"x_mariadb_scp.yaml": "a_", "scp_mariadb.yml": "b_", "mariadb.yml": "c_"}
    paths = [source(play.folder, name, hostvars_prefix=prefix) for name, prefix in names.items()]

    listing = list_inventory(play, *paths)

    assert [found_by(listing, prefix) for prefix in names.values()] == [["orders"], ["orders"], []]
    assert "could not be verified by inventory plugin" in listing.told


HOSTILE = "{{ lookup('ansible.builtin.pipe', 'touch hit') }}"


def test_play_with_its_hosts(play: Play) -> None:
    """What the API says is data; it is never a template, out of the cache neither."""
    details = {"timezone": HOSTILE, "subnet_id": "{% raw %}", "created_by": "{{ 7 * 7 }}"}
    alone(play.simulator, "orders", address="10.0.1.11", **details)
    path = source(
        play.folder,
        **CACHED,
        compose={"ansible_connection": "'local'", "copied": "scp_mariadb_timezone"},
        keyed_groups=[{"key": "scp_mariadb_created_by", "prefix": "by"}],
    )
    text = "{{ scp_mariadb_login_host }}:{{ scp_mariadb_login_port }} {{ scp_mariadb_login_user }}"
    message = {"login": text, "raw": [f"{{{{ scp_mariadb_{key} }}}}" for key in details], "copied": "{{ copied }}"}
    tasks = [
        {"ansible.builtin.debug": {"msg": message}},
        {"ansible.builtin.command": "printf %s {{ scp_mariadb_login_host }}", "changed_when": False},
    ]
    playbook = play.folder / "hosts.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")

    for operations in (["List Clusters", "Show Cluster"], []):
        before = len(play.simulator.calls())
        shown, ran = play.run(str(playbook), "-i", path)

        assert play.exit_code == 0, play.output
        assert "ok: [orders]" in play.output
        assert shown.result["msg"] == {
            "login": "10.0.1.11:2866 orders",
            "raw": list(details.values()),
            "copied": HOSTILE,
        }
        assert ran.result["stdout"] == "10.0.1.11"
        assert [call["operation"] for call in play.simulator.calls()[before:]] == operations
    assert not (play.folder / "hit").exists()


def test_version_is_negotiated_once_for_all_details(play: Play) -> None:
    serve(play, "1.1")
    for letter in ascii_lowercase[:6]:
        seed(play.simulator, name=f"db{letter}")

    listing = list_inventory(play, source(play.folder))

    assert len(listing.hosts) == 6
    assert [call["status"] for call in listing.calls].count(406) == 1
    assert listing.told.count("does not serve version 1.0 of the MariaDB API; using 1.1") == 1


def examples() -> list[Json]:
    """The inventory files in the plugin's documentation and in the guide."""
    return [document for document in documents() if isinstance(document, dict)]


def documents() -> list[Any]:
    guide = (ROOT / "docs/docsite/rst/inventory.rst").read_text(encoding="utf-8")
    blocks = [textwrap.dedent(block) for block in re.findall(r"code-block:: yaml\n\n((?:(?:   .*)?\n)+)", guide)]
    return [document for text in (mariadb.EXAMPLES, *blocks) for document in yaml.safe_load_all(text)]


def test_examples(play_of_two: Play, regions: tuple[Simulator, Simulator]) -> None:
    """Each example gives the cluster of the first region, with the simulators in the place of SCP."""
    west, east = regions
    seed(west, name="orders", replicas=[{"name": "orders-r1"}])
    endpoints = {"kr-west1": west.endpoint, "kr-east1": east.endpoint, "kr-north1": east.endpoint}
    secrets = play_of_two.folder / ".secrets"
    secrets.mkdir()
    (secrets / "scp").write_text(KEYS["secret_key"], encoding="utf-8")
    play_of_two.environ |= {"MY_SCP_ACCESS_KEY": KEYS["access_key"], "SCP_REGION": "kr-west1"}
    paths = []
    for number, example in enumerate(examples()):
        names = example.get("regions", ["kr-west1"])
        there = {**example, "regions": names, "endpoints": {name: endpoints[name] for name in names}}
        paths.append(source(play_of_two.folder, f"{number}_mariadb_scp.yml", **there))
    assert len(paths) > 8

    listing = list_inventory(play_of_two, *paths, **STRICTLY)

    assert listing.exit_code == 0, listing.output
    assert {"orders", "orders.kr-west1", "orders001"} <= set(listing.hosts)
    assert len([call for call in listing.calls if call["operation"] == "List Clusters"]) == len(paths)
    assert listing.group("standby") == ["orders002"]
    assert listing.group("role_replica") == ["orders-r1.kr-west1"]


def test_play_of_the_guide(play: Play) -> None:
    """Its tasks get what they need for the collection that they are of, which is not here: they show it instead."""
    [[written]] = [document for document in documents() if isinstance(document, list)]
    alone(play.simulator, "orders", address="10.0.1.11")
    alone(play.simulator, "stock", service_state="STOPPED")
    [task] = written["tasks"]
    asked = task.pop("ansible.mariadb.mariadb_info")
    written["tasks"] = [{**task, "ansible.builtin.debug": {"msg": asked}}]
    path = play.folder / "guide.yml"
    path.write_text(yaml.safe_dump([written]), encoding="utf-8")

    [shown] = play.run(str(path), "-i", source(play.folder), "-e", "orders_password=Canary-1")

    assert play.exit_code == 0, play.output
    assert "skipping: [stock]" in play.output
    assert shown.result["msg"] == {
        "login_host": "10.0.1.11",
        "login_port": 2866,
        "login_user": "orders",
        "login_password": "Canary-1",
        "filter": "version",
    }
