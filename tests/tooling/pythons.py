# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interpreters of this machine."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

OLDEST_TARGET = (3, 9)
NEWEST = (3, 14)
DEFAULT = f"{sys.version_info.major}.{sys.version_info.minor}"

PROBE = """
import platform, sys
release = sys.version_info.releaselevel == "final"
usable = platform.python_implementation() == "CPython" and sys.prefix == sys.base_prefix and release
print("%d.%d" % sys.version_info[:2] if usable else "unusable")
"""


def search_path() -> str:
    """Return PATH without the shims of version managers, followed by the folders of the interpreters found.

    A shim of a version that is not the active one exists and can be executed, but fails, which misleads every tool that
    looks for an interpreter by name.
    """
    folders = [folder for folder in os.get_exec_path() if not is_shim_folder(Path(folder))]
    found = [str(Path(python).parent) for python in interpreters().values()]
    return os.pathsep.join(dict.fromkeys([*folders, *found]))


@functools.cache
def interpreters() -> dict[str, str]:
    """Find one CPython of each supported version, oldest first; the one that runs this always stands for its own."""
    found = {DEFAULT: base_interpreter()}
    for minor in range(OLDEST_TARGET[1], NEWEST[1] + 1):
        version = f"3.{minor}"
        if version not in found and (python := find(version)):
            found[version] = python
    return dict(sorted(found.items(), key=lambda item: version_key(item[0])))


def version_key(version: str) -> tuple[int, ...]:
    """Make version numbers sort as numbers."""
    return tuple(int(part) for part in version.split("."))


def base_interpreter() -> str:
    """Return the interpreter that the running virtual environment was made from."""
    return str(getattr(sys, "_base_executable", sys.executable))


def find(version: str) -> str | None:
    """Return the first interpreter of a version that really runs."""
    for folder in candidate_folders():
        python = folder / f"python{version}"
        if python.is_file() and probe(python) == version:
            return str(python)
    return None


def candidate_folders() -> Iterator[Path]:
    """List where interpreters may be: PATH, the usual folders, and the versions that pyenv keeps."""
    yield from (Path(folder) for folder in os.get_exec_path() if not is_shim_folder(Path(folder)))
    yield from (Path("/usr/local/bin"), Path("/usr/bin"))
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob("versions/*/bin"), reverse=True)


def is_shim_folder(folder: Path) -> bool:
    """Recognise a folder of shims, such as the ones of pyenv and its plugins."""
    return folder.name == "shims"


def probe(python: Path) -> str:
    """Run an interpreter to learn its version; an answer other than a version means it is of no use."""
    try:
        answer = subprocess.run([python, "-c", PROBE], check=True, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return "unusable"
    return answer.stdout.strip()
