# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real ``ansible-inventory`` runs, with what they list and the calls that they made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import yaml

from harness.play import Play
from harness.simulator import Json

PLUGIN = "samsungcloud.scp.mariadb"
# A failure ends the run, instead of being a mere warning.
STRICTLY = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}


@dataclass
class Listing:
    """What one run told."""

    exit_code: int
    content: Json
    output: str
    calls: list[Json]

    @property
    def hosts(self) -> dict[str, Json]:
        """The variables of all hosts, by their names; hosts without any are there too."""
        variables: dict[str, Json] = self.content.get("_meta", {}).get("hostvars", {})
        names = {name for group in self.content.values() for name in group.get("hosts", [])}
        return {name: variables.get(name, {}) for name in sorted(names | set(variables))}

    @property
    def operations(self) -> list[str]:
        return [call["operation"] for call in self.calls]

    @property
    def told(self) -> str:
        """The output with its lines joined, for Ansible breaks them anywhere."""
        return " ".join(self.output.split())

    def group(self, name: str) -> list[str]:
        hosts: list[str] = self.content[name].get("hosts", [])
        return hosts


def _plain(value: Json) -> Json | str:
    """Return what Ansible marks as never to be templated without the mark."""
    text: Json | str = value.get("__ansible_unsafe", value)
    return text


def source(folder: Path, file_name: str = "mariadb_scp.yml", /, **options: object) -> str:
    """Write an inventory file as users do, and return its path."""
    path = folder / file_name
    path.write_text(yaml.safe_dump({"plugin": PLUGIN, **options}, sort_keys=False), encoding="utf-8")
    return str(path)


def list_inventory(play: Play, *sources: str, arguments: tuple[str, ...] = (), **environ: str) -> Listing:
    """Run ``ansible-inventory --list`` on inventory files; further variables stay in the play's environment."""
    play.environ |= environ
    before = len(play.simulator.calls())
    named = [word for path in sources for word in ("-i", path)]
    listed = play.folder / "listed.json"
    listed.unlink(missing_ok=True)
    play.command("ansible-inventory", *named, "--list", "--output", str(listed), *arguments)
    text = listed.read_text(encoding="utf-8") if listed.exists() else "{}"
    content = json.loads(text, object_hook=_plain)
    return Listing(play.exit_code, content, play.output + text, play.simulator.calls()[before:])
