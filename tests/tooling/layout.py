# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folders of a checkout, and the build tree that the Ansible tools work in.

Ansible finds a collection only below a folder ``ansible_collections/samsungcloud/scp``, and ansible-test refuses to
reach it through a symbolic link. A checkout may lie anywhere, so the tools run in a copy of it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
COLLECTIONS = BUILD
INSIDE = Path("ansible_collections/samsungcloud/scp")
TREE = COLLECTIONS / INSIDE
RESULTS = BUILD / "results"
CACHE = BUILD / "cache"
HOME = BUILD / "home"

GENERATED = Path("tests/output")
NOT_SOURCE = {".ansible", ".build", ".cache", ".git", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".venv"}


def sync_tree(collections: Path = COLLECTIONS) -> Path:
    """Make a build tree hold exactly the files of the checkout, and return it.

    Of several processes one does it, and the others then find nothing left to do.
    """
    tree = collections / INSIDE
    tree.mkdir(parents=True, exist_ok=True)
    with (collections / "sync.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = set(source_files())
        for relative in wanted:
            copy_if_changed(ROOT / relative, tree / relative)
        remove_stale(tree, wanted)
        make_repository(tree)
    return tree


def make_repository(tree: Path) -> None:
    """Make a build tree a repository, for ansible-test would find the one of the checkout, which ignores the tree."""
    if (ROOT / ".git").exists() and not (tree / ".git").exists():
        subprocess.run(["git", "init", "--quiet", "--template=", tree], env=git_environment(), check=True)


def source_files() -> list[Path]:
    """List what git tracks or would track, or everything that looks like a source where git cannot tell."""
    files = git_files() if (ROOT / ".git").exists() else None
    return [path for path in files or walk_files() if os.path.lexists(ROOT / path)]


def git_files() -> list[Path] | None:
    """Ask git for the files, or return None where it does not answer."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(command, cwd=ROOT, env=git_environment(), check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [Path(os.fsdecode(name)) for name in answer.stdout.split(b"\0") if name]


def git_environment() -> dict[str, str]:
    """Return an environment in which git looks at the folder it is told to, also when a git hook runs this."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def walk_files() -> Iterator[Path]:
    """Find the files of an unpacked source archive."""
    for folder, folders, files in os.walk(ROOT):
        here = Path(folder).relative_to(ROOT)
        folders[:] = [name for name in folders if is_source(here / name)]
        yield from (here / name for name in files if is_source(here / name))


def is_source(path: Path) -> bool:
    """Tell whether a path is none of the tools' own folders and products."""
    if path.name == "__pycache__" or path.suffix in {".pyc", ".gz"}:
        return False
    return path != GENERATED and path.name not in NOT_SOURCE


def copy_if_changed(source: Path, target: Path) -> None:
    """Copy a file unless the target already has its size, time and mode."""
    if target.is_symlink() or target.is_dir() or is_outdated(source, target):
        remove(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)


def is_outdated(source: Path, target: Path) -> bool:
    """Compare what tells two versions of a file apart without reading them."""
    if not target.exists():
        return True
    old, new = target.stat(), source.lstat()
    return (old.st_size, old.st_mtime_ns, old.st_mode) != (new.st_size, new.st_mtime_ns, new.st_mode)


def remove_stale(tree: Path, wanted: set[Path]) -> None:
    """Remove from a build tree what the checkout no longer has, except for what the tools wrote there."""
    folders = {folder for path in wanted for folder in path.parents} | {GENERATED, GENERATED.parent}
    for folder, children, files in os.walk(tree):
        here = Path(folder).relative_to(tree)
        for child in list(children):
            if here / child in {Path(".git"), GENERATED} or child == "__pycache__":
                children.remove(child)
            elif here / child not in folders:
                children.remove(child)
                remove(tree / here / child)
        for name in files:
            if here / name not in wanted:
                remove(tree / here / name)


def remove(path: Path) -> None:
    """Remove a file or a folder, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    print(sync_tree())
