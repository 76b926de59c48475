# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that every plugin's documentation can be read with ansible-doc, without a warning."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PLUGIN_TYPES = {"modules": "module", "inventory": "inventory", "lookup": "lookup", "filter": "filter"}


def main() -> int:
    """Read the documentation of the collection in the current folder, wherever ansible-doc finds it."""
    found = {kind: plugin_names(Path("plugins") / folder) for folder, kind in PLUGIN_TYPES.items()}
    problems = [problem for kind, names in found.items() if names for problem in read(kind, names)]
    print("\n".join(problems) or f"{sum(map(len, found.values()))} plugins are documented.")
    return int(bool(problems) or not found["module"])


def plugin_names(folder: Path) -> set[str]:
    """Name the public plugins of a folder in full."""
    return {f"samsungcloud.scp.{path.stem}" for path in folder.glob("[!_]*.py")}


def read(kind: str, names: set[str]) -> list[str]:
    """Return what ansible-doc complains about or does not know."""
    command = ["ansible-doc", f"--type={kind}", "--json", *sorted(names)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode or answer.stderr:
        return [answer.stderr or answer.stdout]
    known = json.loads(answer.stdout)
    return [f"{name} has no documentation" for name in sorted(names) if not known.get(name, {}).get("doc")]


if __name__ == "__main__":
    sys.exit(main())
