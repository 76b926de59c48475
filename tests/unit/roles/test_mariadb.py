# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the role mariadb are those of the modules that it runs."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec

ROLE = Path(__file__).resolve().parents[3] / "roles" / "mariadb"
# Where the cluster is, as whom, and that the role waits is not for a part of a stack to say.
NOT_OF_A_PART = {*_spec.CONNECTION, *_spec.CLUSTER_REFERENCE, "wait"}
# Each part, its module, and what of the module's options it takes otherwise.
PARTS = {
    "cluster": ("mariadb_cluster", {"active_instance"}),
    "backup": ("mariadb_backup", {"restorable_states"}),
    "parameters": ("mariadb_parameters", {"state"}),
    "replicas": ("mariadb_replica", {"state"}),
}


def stack() -> dict[str, Any]:
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options: dict[str, Any] = specs["argument_specs"]["main"]["options"]["mariadb_stack"]["options"]
    return options


def spec_of(module: str) -> dict[str, Any]:
    spec: dict[str, Any] = import_module(f"ansible_collections.samsungcloud.scp.plugins.modules.{module}").ARGUMENT_SPEC
    return spec


def bare(options: dict[str, Any]) -> dict[str, Any]:
    """The options without their documentation and defaults, at every depth."""
    return {
        name: {
            **{key: entry[key] for key in ("type", "elements", "required", "no_log") if entry.get(key)},
            **({"choices": list(entry["choices"])} if "choices" in entry else {}),
            **({"options": bare(entry["options"])} if "options" in entry else {}),
        }
        for name, entry in options.items()
    }


@pytest.mark.parametrize("part", PARTS)
def test_options_of_a_part_are_those_of_its_module(part: str) -> None:
    module, dropped = PARTS[part]
    # The reference of a cluster module is its own name and ID.
    reference = {"cluster_name"} if part == "cluster" else set()
    left_out = (NOT_OF_A_PART - ({"cluster_id"} if part == "cluster" else set())) | dropped | reference
    expected = {name: entry for name, entry in bare(spec_of(module)).items() if name not in left_out}
    declared = bare(stack()[part]["options"])

    assert set(declared) == set(expected)
    for name in set(declared) - {"state", "name"}:
        assert declared[name] == expected[name], name
    if "state" in declared:
        assert set(declared["state"]["choices"]) < set(expected["state"]["choices"])


def test_options_of_a_log_export_are_those_of_its_module() -> None:
    role_vars = yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8"))
    expected = set(spec_of("mariadb_log_export")) - NOT_OF_A_PART
    assert role_vars["__mariadb_log_export_options"] == sorted(expected)
    # Ansible's own validation would print the keys of the bucket.
    assert "options" not in stack()["log_exports"]
