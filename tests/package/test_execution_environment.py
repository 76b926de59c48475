# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An execution environment gets what the collection needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from harness.examples import GUIDES, guide

DEFINITION = "execution-environment.yml"


def builder(*arguments: str | Path, folder: Path) -> str:
    command = [Path(sys.executable).parent / "ansible-builder", *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def context(folder: Path, definition: Path) -> Path:
    """Create the build context of an execution environment, and return what its image is built from."""
    made = folder / "context"
    builder("create", "--file", definition, "--context", made, "--output-filename=Containerfile", folder=folder)
    assert (made / "Containerfile").exists()
    return made / "_build"


def requirements(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="session")
def needed(installed: Path) -> list[str]:
    return requirements(installed / "requirements.txt")


def test_requirements_are_those_of_the_collection(installed: Path, needed: list[str]) -> None:
    assert requirements(installed / "meta" / "ee-requirements.txt") == needed != []


def test_build_context_of_the_collection_alone(installed: Path, needed: list[str], tmp_path: Path) -> None:
    """Its paths start from the root of the collection, so that its definition is put there."""
    root = tmp_path / "collection"
    shutil.copytree(installed / "meta", root / "meta")
    shutil.copy(root / "meta" / DEFINITION, root)
    assert requirements(context(tmp_path, root / DEFINITION) / "requirements.txt") == needed


def test_build_context_of_the_sample(tmp_path: Path) -> None:
    definition = tmp_path / DEFINITION
    definition.write_text(guide(GUIDES / "ci.rst").file(DEFINITION), encoding="utf-8")
    galaxy = yaml.safe_load((context(tmp_path, definition) / "requirements.yml").read_text(encoding="utf-8"))
    assert galaxy["collections"] == [{"name": "samsungcloud.scp"}]


def test_image_with_the_collection_gets_its_requirements(installed: Path, needed: list[str], tmp_path: Path) -> None:
    """What a build runs inside of the image, after it has installed the collections there."""
    found = tmp_path / "requirements.txt"
    builder("introspect", installed.parents[2], "--write-pip", found, folder=tmp_path)
    assert [line.partition("  #")[0] for line in requirements(found)] == needed
