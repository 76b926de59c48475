# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the collection's artifact holds what its users need, and nothing that only its developers need."""

from __future__ import annotations

import sys
import tarfile

REQUIRED = {
    "CHANGELOG.rst",
    "COPYING",
    "FILES.json",
    "MANIFEST.json",
    "README.md",
    "meta",
    "plugins",
    "requirements.txt",
}
ALLOWED = REQUIRED | {"CONTRIBUTING.md", "changelogs", "docs", "extensions", "playbooks", "roles"}


def main(artifact: str) -> int:
    """Compare the top of an artifact with what belongs there."""
    with tarfile.open(artifact) as archive:
        names = {name.partition("/")[0] for name in archive.getnames()}
    for name in sorted(REQUIRED - names):
        print(f"{name} is missing")
    for name in sorted(names - ALLOWED):
        print(f"{name} does not belong in the artifact: list it in build_ignore of galaxy.yml")
    return int(not REQUIRED <= names <= ALLOWED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
