# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example of the documentation does what it says, dry and for real and both again.

That is on the clusters that it takes for granted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from ansible_collections.samsungcloud.scp.plugins.module_utils._config import SOURCES
from harness.examples import (
    AGAIN,
    DRY,
    DRY_AGAIN,
    ROOT,
    Document,
    Reading,
    guides,
    markdown,
    merged,
    plugins,
    role,
    scripts,
)
from harness.play import Play, Ran
from harness.seeds import BACKUP, seed, settings_of_database
from harness.simulator import Simulator
from harness.trouble import settings

Seed = Callable[[Simulator], Any]
PASSWORD = "Canary-password-1"
FIRST_BACKUP = {
    "backup_history_number": "202610010200",
    "backup_start_at": "2026-10-01T02:00:00Z",
    "backup_end_at": "2026-10-01T02:14:40Z",
}
BACKUPS = [*({"age_days": age} for age in (1, 2, 3, 60)), FIRST_BACKUP]


def nothing(_simulator: Simulator) -> None:
    """The example begins with a creation."""


def orders(**parts: Any) -> Seed:
    return lambda simulator: seed(simulator, **parts)


def orders_and_invoices(**parts: Any) -> Seed:
    def put_there(simulator: Simulator) -> None:
        seed(simulator, **parts)
        seed(simulator, **parts, name="invoices")

    return put_there


def invoices(simulator: Simulator) -> None:
    seed(simulator, name="invoices", init_config_option=settings_of_database(backup_option=BACKUP))


def newest(other: Seed) -> Seed:
    """Serve a version of the API that has everything, beside the usual one."""

    def put_there(simulator: Simulator) -> None:
        settings(simulator, versions=["1.0", "1.3"])
        other(simulator)

    return put_there


BACKED_UP = settings_of_database(backup_option=BACKUP)
# The clusters that are there before the examples of a document run.
SEEDS: dict[str, Seed] = {
    "README": nothing,
    "authentication": orders(),
    "backup": orders(backup_histories=BACKUPS),
    "ci": orders(),
    "execution": orders(),
    "inventory": orders(tags={"team": "commerce", "stage": "production"}),
    "log_export": orders(),
    "mariadb_backup": newest(orders()),
    "mariadb_backup_history": orders(backup_histories=BACKUPS),
    "mariadb_cluster": newest(nothing),
    "mariadb_log_export": orders(),
    "mariadb_parameters": orders(parameters={"long_query_time": "1"}),
    "mariadb_replica": newest(orders(id="0fdd87aab8cb46f59b7c1f81ed03fb3e")),
    "mariadb_report_data": nothing,
    "mariadb_role_options": nothing,
    "mariadb_request_info": orders_and_invoices(service_state="STOPPED"),
    "mariadb_restore": orders(backup_histories=BACKUPS),
    "modules that inform": orders(id="0fdd87aab8cb46f59b7c1f81ed03fb3e", replicas=[{}], backup_histories=BACKUPS),
    "parameters": orders(parameters={"long_query_time": "1"}),
    "provisioning": invoices,
    "quickstart": nothing,
    "replicas": newest(orders(id="0fdd87aab8cb46f59b7c1f81ed03fb3e", init_config_option=BACKED_UP)),
    "role mariadb": orders(),
    "role mariadb_failover": orders(replicas=[{"name": "orders-r1"}]),
    "role mariadb_report": orders(),
    "role mariadb_restore_drill": orders(backup_histories=[{"age_days": 0.2}]),
    "role mariadb_upgrade": orders(backup_histories=[{"age_days": 0.2}], init_config_option=BACKED_UP),
    "roles": nothing,
    "simulator": nothing,
    "terraform": orders(),
}
# Tasks that find everything as it should be; any other that plans changes something.
UNCHANGED = {
    "mariadb_cluster": {"Bring a cluster back whose service state is UNKNOWN", "Patch the minor version"},
    "role mariadb": {"samsungcloud.scp.mariadb : Make the cluster what is declared"},
    "role mariadb_report": {"samsungcloud.scp.mariadb_report : Ask what would change on the cluster"},
    "role mariadb_upgrade": {
        "samsungcloud.scp.mariadb_upgrade : Plan each patch, to learn now what would keep it from being made"
    },
    "terraform": {"See that the declaration says what is there"},
}
# Documents whose examples count what was sent.
COUNTING = ("simulator",)
# Tasks that fail because the example is about that.
FAILING = {"simulator": {"Restart the cluster that will fail"}}
# Files of the guides that no command there names, with what reads them instead.
PIPELINE = ".gitlab-ci.yml"
READ_ELSEWHERE = {
    PIPELINE: "test_jobs_of_the_pipeline",
    "credential-type-inputs.yml": "test_credential_type",
    "credential-type-injectors.yml": "test_credential_type",
    "execution-environment.yml": "tests/package/test_execution_environment.py",
    "look.yml": "tests/integration/test_inventory.py",
    **{
        f"{name}.mariadb_scp.yml": "tests/integration/test_inventory.py"
        for name in ("brief", "cached", "keys", "names", "proxy", "regions", "servers")
    },
}


def documents() -> list[Document]:
    """All documents that have examples; those of the modules that only inform run in one go."""
    modules = plugins("modules")
    informing = [one for one in modules if one.name.endswith("_info") and one.name != "mariadb_request_info"]
    acting = [one for one in modules if one not in informing]
    readmes = [markdown(ROOT / "README.md", "README"), *map(role, sorted((ROOT / "roles").iterdir()))]
    found = [
        *acting,
        merged("modules that inform", informing),
        *plugins("filter"),
        *plugins("lookup"),
        *guides(),
        *readmes,
    ]
    return [document for document in found if document.commands or has_yaml(document)]


def has_yaml(document: Document) -> bool:
    return any(block.language.startswith("y") for block in document.blocks)


DOCUMENTS = documents()


@pytest.fixture
def reading(play: Play) -> Reading:
    settings(play.simulator, time_scale=6000, stale_reads=0)
    play.environ = {"ORDERS_PASSWORD": PASSWORD}
    variables = {
        "bucket_access_key": "bucket-access-key",
        "bucket_secret_key": "bucket-secret-key",
        "orders_password": PASSWORD,
        "declared_stacks": [{"cluster": {"name": "orders"}}],
        "session_token": "session-token",
        "vaulted_access_key": play.simulator.access_key,
        "vaulted_secret_key": play.simulator.secret_key,
    }
    # No database answers where the simulator says that one is, and nobody but root writes there.
    host, port = play.simulator.endpoint.rpartition("/")[2].split(":")
    stand_ins = {
        "{{ mariadb_restore_drill_restored.host }}": host,
        "{{ mariadb_restore_drill_restored.port }}": port,
        "/srv/www/databases": str(play.folder),
        "{region: kr-east1": f"{{region: kr-east1, endpoint: '{play.simulator.other_region_endpoint}'",
    }
    return Reading(play, variables, stand_ins)


def plans(ran: Ran) -> bool:
    """Whether a task is of a module that plans, once or in a loop."""
    return any("operations" in result for result in [ran.result, *ran.result.get("results", [])])


def first_name(task: str) -> str:
    """The name of a task as the example has it."""
    return re.sub(f"({DRY_AGAIN}|{AGAIN}|{DRY})$", "", task)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_examples(reading: Reading, document: Document) -> None:
    assert document.name in SEEDS, f"say in SEEDS which clusters the examples of {document.name} need"
    SEEDS[document.name](reading.play.simulator)
    reading.follow(document, repeats=document.name not in COUNTING)
    assert {first_name(ran.task) for ran in reading.ran if ran.failed} == FAILING.get(document.name, set())
    changed = {ran.task: ran.changed for ran in reading.ran if plans(ran) and not ran.failed}
    unchanged = {name for name in changed if name == first_name(name) and not changed[name]}
    assert unchanged == UNCHANGED.get(document.name, set()), reading.play.output
    for name in {first_name(name) for name in changed if name.endswith(AGAIN)}:
        assert changed[name + DRY] == changed[name], name
        assert changed[name + DRY_AGAIN] == changed[name + AGAIN], name


def test_every_seed_is_for_a_document() -> None:
    assert set(SEEDS) == {document.name for document in DOCUMENTS}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_file_is_read(document: Document) -> None:
    """A file that nothing reads could hold anything."""
    for name in {block.file for block in document.blocks} - {"", *READ_ELSEWHERE}:
        others = "".join(block.text for block in document.blocks if block.file != name)
        assert re.search(rf"(?<![\w.-]){re.escape(name)}", others), f"no example reads {name}"


def test_what_is_read_elsewhere_is() -> None:
    assert set(READ_ELSEWHERE) <= {block.file for document in DOCUMENTS for block in document.blocks}
    for reader in READ_ELSEWHERE.values():
        assert reader in globals() or (ROOT / reader).is_file()


def test_jobs_of_the_pipeline(reading: Reading) -> None:
    ci = document("ci")
    SEEDS["ci"](reading.play.simulator)
    reading.follow(ci)
    (predicted,), (real,) = (reading.command(line) for line in jobs(ci))
    assert predicted.operations == real.operations == ["Set Security Group Rules"]
    assert (predicted.writes, len(real.writes)) == ([], 1)


def test_credential_type() -> None:
    """What AWX asks for is what it hands on, and the modules read each of the variables."""
    ci = document("ci")
    inputs = yaml.safe_load(ci.file("credential-type-inputs.yml"))
    injectors = yaml.safe_load(ci.file("credential-type-injectors.yml"))
    ids = [one["id"] for one in inputs["fields"]]
    assert inputs["required"] == ids
    assert [one["id"] for one in inputs["fields"] if one.get("secret")] == ["secret_key"]
    assert injectors == {"env": {SOURCES[name].variables[0]: f"{{{{ {name} }}}}" for name in ids}}


def jobs(document: Document) -> list[str]:
    """The commands of the pipeline that the document shows."""
    return list(scripts(yaml.safe_load(document.file(PIPELINE))))


def document(name: str) -> Document:
    (found,) = (one for one in DOCUMENTS if one.name == name)
    return found
