# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Chromium that looks at pages: the one of this machine, or else Debian's, where it may be installed."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium")
MISSING = (
    "The test of the report's page needs a Chromium or Chrome on PATH, and there is none of: "
    f"{', '.join(NAMES)}. On Debian: sudo apt install chromium"
)


class NoBrowser(Exception):
    """There is no browser, and none could be installed."""


def provide() -> str:
    """Return the path of a browser; as root on Debian, install it if there is none."""
    return find() or install()


def find() -> str | None:
    """Return the path of the first browser on PATH."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> str:
    """Install Debian's package and return the path of its browser."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoBrowser(MISSING)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for command in (("apt-get", "update", "--quiet"), INSTALL):
            subprocess.run(command, env=environ, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except subprocess.CalledProcessError as problem:
        raise NoBrowser(f"{MISSING}\n{' '.join(problem.cmd)} failed: {problem.stderr.strip()}") from None
    path = find()
    if path is None:
        raise NoBrowser(MISSING)
    return path
