# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-test needs to run its sanity tests from a checkout."""

from __future__ import annotations

import ast
import os
import re
import shutil
from configparser import ConfigParser
from pathlib import Path

from tooling import layout, pythons

# The supported lines of ansible-core, and the Pythons that run them.
CONTROLLERS = {
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}

# Where pip finds packages, and how it gets there.
PIP_OPTIONS = ("index-url", "extra-index-url", "find-links", "trusted-host", "cert", "client-cert", "proxy", "timeout")

# ansible-test downloads a script that puts pip into its environments, unless its cache holds that script. This one
# takes the place of the download: the pip that lies beside it installs the pip that was asked for.
GET_PIP = """\
import pathlib
import runpy
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / {folder!r}))
wanted = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
sys.argv = ["pip", "install", *wanted]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def choose_controller(core: str) -> str | None:
    """Choose the Python that runs a line of ansible-core: the default one if it can, or else the newest."""
    usable = [version for version in pythons.interpreters() if version in CONTROLLERS[core]]
    if pythons.DEFAULT in usable:
        return pythons.DEFAULT
    return usable[-1] if usable else None


def target_options(core: str, site_packages: Path) -> list[str]:
    """Name the interpreters of this machine that an installed ansible-test tests with.

    All of them with the newest ansible-core. What modules import of the others is the same, so that for these the
    oldest and the newest one do.
    """
    supported = supported_targets(site_packages)
    targets = [f"{version}@{path}" for version, path in pythons.interpreters().items() if version in supported]
    if core != max(CONTROLLERS):
        targets = [*targets[:1], *targets[1:][-1:]]
    return [word for target in targets for word in ("--target-python", target)]


def test_options(core: str) -> list[str]:
    """Leave pylint, by far the slowest test, to the newest ansible-core, whose checkers are those of all."""
    return [] if core == max(CONTROLLERS) else ["--skip-test", "pylint"]


def supported_targets(site_packages: Path) -> list[str]:
    """Read from an installed ansible-test which Pythons it tests."""
    source = (site_packages / "ansible_test/_util/target/common/constants.py").read_text(encoding="utf-8")
    found = re.findall(r"^(?:REMOTE_ONLY|CONTROLLER)_PYTHON_VERSIONS = (\(.*?\))", source, re.MULTILINE | re.DOTALL)
    return [version for versions in found for version in ast.literal_eval(versions)]


def provide_pip(site_packages: Path) -> None:
    """Put the pip of an environment where ansible-test looks for its download."""
    source = (site_packages / "ansible_test/_internal/python_requirements.py").read_text(encoding="utf-8")
    version = re.findall(r"""\bpip=['"]([\d.]+)['"]""", source)[-1]
    installed = [path.name for path in site_packages.glob("pip-*.dist-info")]
    if installed != [f"pip-{version}.dist-info"]:
        raise RuntimeError(f"ansible-test wants pip {version}, but its environment holds {installed}")
    cache = layout.HOME / ".ansible/test/cache"
    folder = cache / f"pip-{version}"
    shutil.copytree(site_packages / "pip", folder / "pip", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.pyc"))
    script = cache / f"get_pip_{version.replace('.', '_')}.py"
    script.write_text(GET_PIP.format(folder=folder.name), encoding="utf-8")


def configure_pip() -> None:
    """Give ansible-test's pip, which sees another home folder and no variables, the package index settings in force."""
    config = ConfigParser(interpolation=None)
    config.read([Path.home() / ".pip/pip.conf", Path.home() / ".config/pip/pip.conf"])
    if not config.has_section("global"):
        config.add_section("global")
    for option in PIP_OPTIONS:
        if value := os.environ.get("PIP_" + option.upper().replace("-", "_")):
            config["global"][option] = value
    config["global"]["quiet"] = "2"
    path = layout.HOME / ".config/pip/pip.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8") as file:
        config.write(file)
