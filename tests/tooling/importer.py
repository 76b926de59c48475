# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let Galaxy's importer judge the artifact; whatever it remarks counts as a fault."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# ansible-test has sessions of its own. The importer's ansible-lint sees the artifact as Galaxy does.
SETTINGS = """\
[galaxy-importer]
RUN_ANSIBLE_TEST = False
RUN_ANSIBLE_LINT_COLLECTION = True
RUN_FLAKE8 = False
CHECK_REQUIRED_TAGS = True
"""
REMARK = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b.*|.*\b(?:WARNING|ERROR|CRITICAL): .*", re.MULTILINE)
DONE = "Importer processing completed successfully"


def main(artifact: str) -> int:
    """Import an artifact as Galaxy would, and print its remarks."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "galaxy-importer.cfg"
        settings.write_text(SETTINGS, encoding="utf-8")
        ended = subprocess.run(
            [sys.executable, "-m", "galaxy_importer.main", str(Path(artifact).resolve())],
            cwd=folder,
            env={**os.environ, "GALAXY_IMPORTER_CONFIG": str(settings)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    print(ended.stdout)
    return int(ended.returncode != 0 or bool(REMARK.search(ended.stdout)) or DONE not in ended.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
