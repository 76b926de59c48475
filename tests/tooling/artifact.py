# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the collection's artifact holds what its users need, and nothing that only its developers need."""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterator

REQUIRED = {
    "CHANGELOG.rst",
    "COPYING",
    "FILES.json",
    "MANIFEST.json",
    "README.md",
    "meta",
    "playbooks",
    "plugins",
    "requirements.txt",
    "roles",
}
ALLOWED = REQUIRED | {"CONTRIBUTING.md", "SECURITY.md", "changelogs", "docs"}
REQUIRED_OF_ROLES = ("README.md", "defaults/main.yml", "meta/argument_specs.yml", "meta/main.yml", "tasks/main.yml")


def main(artifact: str) -> int:
    """Compare the content of an artifact with what belongs there."""
    with tarfile.open(artifact) as archive:
        files = {member.name for member in archive.getmembers() if member.isfile()}
    tops = {name.partition("/")[0] for name in files}
    missing = sorted(REQUIRED - tops) + sorted(set(needed(files)) - files)
    strange = sorted(tops - ALLOWED)
    for name in missing:
        print(f"{name} is missing")
    for name in strange:
        print(f"{name} does not belong in the artifact: list it in build_ignore of galaxy.yml")
    return int(bool(missing or strange))


def needed(files: set[str]) -> Iterator[str]:
    """Yield what the roles and playbooks of an artifact can't do without."""
    split = [name.split("/") for name in files]
    for role in {parts[1] for parts in split if parts[0] == "roles"}:
        yield from (f"roles/{role}/{name}" for name in REQUIRED_OF_ROLES)
    # Each playbook has a sample of its variables, or takes that of provision.
    for playbook in {parts[1] for parts in split if parts[0] == "playbooks" and len(parts) == 2}:
        yield f"playbooks/vars/{'provision.yml' if playbook == 'decommission.yml' else playbook}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
