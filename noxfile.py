# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of this project: ``nox --list`` names them, and the Makefile has a target for each.

Every task works in the build tree, a copy of the checkout that Ansible's tools accept as a collection.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Protocol

import nox
from nox.command import CommandFailed

sys.path.insert(0, str(Path(__file__).resolve().parent / "tests"))

from tooling import browser as browsers
from tooling import layout, pythons, results, sanity

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.download_python = "never"
nox.options.error_on_external_run = True
nox.options.error_on_missing_interpreters = True

os.environ["PATH"] = pythons.search_path()
os.environ.setdefault("UV_CACHE_DIR", str(layout.CACHE / "uv"))
os.environ["UV_PYTHON_DOWNLOADS"] = "never"
if Path("/etc/ssl/certs/ca-certificates.crt").exists():
    os.environ.setdefault("UV_SYSTEM_CERTS", "true")
os.environ["XDG_CACHE_HOME"] = str(layout.CACHE)
os.environ["XDG_DATA_HOME"] = str(layout.BUILD / "share")

OTHER_PYTHONS = [version for version in pythons.interpreters() if version != pythons.DEFAULT]
TYPED_TESTS = (
    "noxfile.py",
    "tests/bench",
    "tests/demo",
    "tests/faults",
    "tests/harness",
    "tests/simulator",
    "tests/tooling",
)
SECONDS_TO_END = 20.0
# The requirement files, and the oldest Python that each is pinned for.
PARTS = {
    "runner": "3.11",
    "demo": "3.11",
    "test": "3.11",
    "browser": "3.11",
    "lint": "3.11",
    "package": "3.11",
    "site": "3.11",
    "target": "3.9",
    "bench": "3.12",
    "sanity-2.19": "3.11",
    "sanity-2.20": "3.12",
    "sanity-2.21": "3.12",
}


class Check(Protocol):
    """Run one command as a test of its own."""

    def __call__(
        self, name: str, *command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None
    ) -> None: ...


@nox.session(tags=["quick", "lint"])
def lint(session: nox.Session) -> None:
    """Check format and style of the Python code and the shell scripts."""
    install(session, "lint")
    with checks(session) as check:
        check("ruff-format", "ruff", "format", "--check", "--diff", ".")
        check("ruff-check", "ruff", "check", ".")
        check("shellcheck", "shellcheck", ".ci/run")


@nox.session(tags=["quick", "lint"])
def types(session: nox.Session) -> None:
    """Check the types of plugins, simulator and task runner with mypy, strictly."""
    install(session, "lint")
    config = f"--config-file={layout.TREE / 'pyproject.toml'}"
    kinds = ("action", "filter", "lookup", "module_utils", "modules", "inventory", "plugin_utils")
    plugins = [layout.TREE.relative_to(layout.COLLECTIONS) / "plugins" / kind for kind in kinds]
    with checks(session) as check:
        check("mypy-plugins", "mypy", config, "--python-version=3.10", *plugins, cwd=layout.COLLECTIONS)
        check(
            "mypy-tests",
            "mypy",
            config,
            "--python-version=3.11",
            *TYPED_TESTS,
            env={"MYPYPATH": f"tests:{layout.COLLECTIONS}"},
        )


@nox.session(tags=["quick", "unit"])
def unit(session: nox.Session) -> None:
    """Run the unit tests on the default Python."""
    install(session, "test")
    pytest(session, "tests/unit")


@nox.session(tags=["quick", "unit"], python=OTHER_PYTHONS)
def unit_core(session: nox.Session) -> None:
    """Run the unit tests of module_utils, which need no Ansible, on every other Python."""
    install(session, "target")
    pytest(session, "tests/unit/plugins/module_utils")


@nox.session(tags=["quick"])
def docs(session: nox.Session) -> None:
    """Check the documentation of the plugins, the documentation site and the changelog."""
    install(session, "lint")
    references = ("--validate-collection-refs=all", "--disallow-unknown-collection-refs")
    # Sphinx checks the pages in the task "site". The check here fails where its own temporary folder, which it names in
    # the links to the sources, happens to end with an underscore.
    options = ("--plugin-docs", "--skip-rstcheck", *references)
    with checks(session) as check:
        check("antsibull-docs", "antsibull-docs", "lint-collection-docs", *options, ".")
        check("antsibull-changelog", "antsibull-changelog", "lint")
        check("ansible-doc", "python", "tests/tooling/documentation.py")


@nox.session(tags=["quick", "beside"])
def site(session: nox.Session) -> None:
    """Build the documentation site in .build/site: the guides, and the documentation of every plugin and role."""
    install(session, "site")
    source, pages = layout.BUILD / "site-source", layout.BUILD / "site"
    for folder in (source, pages):
        layout.remove(folder)
    shutil.copytree("tests/tooling/site", source)
    collection = ("--use-current", "--squash-hierarchy", "--fail-on-error", f"--dest-dir={source}")
    with checks(session) as check:
        check("antsibull-docs", "antsibull-docs", "collection", *collection, "samsungcloud.scp")
        check("sphinx", "sphinx-build", "--builder=html", "--fail-on-warning", "--keep-going", "--quiet", source, pages)


@nox.session(tags=["quick"], venv_backend="none")
def pins(session: nox.Session) -> None:
    """Check that every pinned requirement file is what its input compiles to."""
    with checks(session) as check:
        for part in PARTS:
            compiled = layout.BUILD / "pins" / f"{part}.txt"
            compiled.parent.mkdir(exist_ok=True)
            shutil.copy(f"requirements/{part}.txt", compiled)
            session.run(*compile_command(part, compiled))
            check(part, "diff", "-u", f"requirements/{part}.txt", compiled)


@nox.session(tags=["quick", "lint", "beside"])
def ansible_lint(session: nox.Session) -> None:
    """Check the playbooks, roles and examples with ansible-lint's production profile."""
    install(session, "lint")
    with checks(session) as check:
        check("ansible-lint", "ansible-lint", "--offline", "--strict", "--profile=production")


@nox.session(tags=["quick", "beside"])
def package(session: nox.Session) -> None:
    """Build the artifact, let Galaxy's importer judge it, install it offline into an empty folder and use it there."""
    install(session, "package")
    artifacts, collections = layout.BUILD / "artifacts", layout.BUILD / "installed"
    for folder in (artifacts, collections):
        layout.remove(folder)
    env = {"ANSIBLE_COLLECTIONS_PATH": str(collections)}
    install_command = ("ansible-galaxy", "collection", "install", "--offline")
    with checks(session) as check:
        check("build", "ansible-galaxy", "collection", "build", "--output-path", artifacts)
        for artifact in artifacts.glob("*.tar.gz"):
            check("content", "python", "tests/tooling/artifact.py", artifact)
            check("galaxy-importer", "python", "tests/tooling/importer.py", artifact)
            check("install", *install_command, artifact, "-p", collections, env=env)
            check("ansible-doc", "python", "tests/tooling/documentation.py", env=env)
            check("pytest", "pytest", "-o", f"cache_dir={layout.CACHE / 'pytest'}", "tests/package", env=env)


@nox.session(tags=["slow", "beside"])
def molecule(session: nox.Session) -> None:
    """Run the molecule scenarios against the simulator."""
    install(session, "test")
    with socket.create_server(("127.0.0.1", 0)) as free:
        env = {"SIMULATOR_PORT": str(free.getsockname()[1])}
    with checks(session) as check:
        check("molecule", "molecule", "test", "--all", env=env)


@nox.session(tags=["slow"])
def integration(session: nox.Session) -> None:
    """Run the modules and playbooks with ansible-playbook against the simulator."""
    install(session, "test")
    pytest(session, "tests/integration", "-n2", "--dist=worksteal")


@nox.session(default=False)
def integration_both_ways(session: nox.Session) -> None:
    """Run them all with each task done twice: as a module, and inside Ansible's worker."""
    install(session, "test")
    pytest(session, "tests/integration", "-n2", "--dist=worksteal", env={"BOTH_WAYS": "1"})


@nox.session(default=False)
@nox.parametrize("versions", ["1.1", "1.3", "1.1,1.3"])
def integration_versions(session: nox.Session, versions: str) -> None:
    """Run them all with other versions of the API than the usual one."""
    install(session, "test")
    pytest(session, "tests/integration", "-n2", "--dist=worksteal", env={"SIMULATOR_VERSIONS": versions})


@nox.session(default=False)
@nox.parametrize("style", ["plain", "poor"])
def integration_styles(session: nox.Session, style: str) -> None:
    """Run them all with other forms of answers than the usual ones."""
    install(session, "test")
    pytest(session, "tests/integration", "-n2", "--dist=worksteal", env={"SIMULATOR_STYLE": style})


@nox.session(tags=["slow", "beside"])
def faults(session: nox.Session) -> None:
    """Run a part of the fault matrix, and the other tests that have modules and simulator in one process."""
    install(session, "test")
    pytest(session, "tests/faults")


@nox.session(default=False)
@nox.parametrize("matrix", ["faults", "shapes"])
def matrix(session: nox.Session, matrix: str) -> None:
    """Run a whole matrix, of faults or of shapes, and write its report to .build."""
    install(session, "test")
    report = layout.BUILD / f"{matrix}.md"
    env = environment() | {"PYTHONPATH": f"{layout.TREE / 'tests'}{os.pathsep}{layout.COLLECTIONS}"}
    session.run("python", "-m", "faults", f"--matrix={matrix}", f"--report={report}", *session.posargs, env=env)


if version := sanity.choose_controller("2.21"):

    @nox.session(default=False, python=version)
    def bench(session: nox.Session) -> None:
        """Measure what tasks, waits and reads of the fleet cost, beside peers; the report is in .build/bench.md."""
        install(session, "bench")
        env = environment() | {"PYTHONPATH": f"{layout.TREE / 'tests'}{os.pathsep}{layout.COLLECTIONS}"}
        command = ("python", "-m", "bench", f"--report={layout.BUILD / 'bench.md'}", *session.posargs)
        # At Ctrl-C it ends what it started; nox would kill it while it does.
        session.run(*command, env=env, interrupt_timeout=SECONDS_TO_END, terminate_timeout=SECONDS_TO_END)


@nox.session(tags=["slow", "beside"])
def browser(session: nox.Session) -> None:
    """Look at the report's page in a headless Chromium: wide and narrow, light and dark, and printed."""
    try:
        browsers.provide()
    except browsers.NoBrowser as problem:
        session.error(str(problem))
    install(session, "browser")
    pytest(session, "tests/browser")


def sanity_tests(session: nox.Session, core: str) -> None:
    """Run ansible-test's sanity tests on a line of ansible-core, with Pythons of this machine as targets.

    They have a build tree of their own, for they fail if another task changes it under them.
    """
    install(session, f"sanity-{core}", layout.BUILD / session.name)
    site_packages = next(Path(session.virtualenv.location).glob("lib/python3*/site-packages"))
    sanity.provide_pip(site_packages)
    sanity.configure_pip()
    junit = layout.GENERATED / "junit"
    shutil.rmtree(junit, ignore_errors=True)
    try:
        targets = [*sanity.target_options(core, site_packages), *sanity.test_options(core)]
        options = ("--junit", "--controller", f"origin:python={session.python}", *targets)
        session.run("ansible-test", "sanity", *options, *session.posargs, env=environment())
    finally:
        folder = clean_results(session)
        for path in junit.glob("*.xml"):
            shutil.copy(path, folder)


def add_sanity_session(core: str, controller: str) -> None:
    """Make a session of the sanity tests on one line of ansible-core."""

    @nox.session(name=f"sanity-{core}", tags=["sanity", "slow", "beside"], python=controller)
    def run(session: nox.Session) -> None:
        """Run ansible-test's sanity tests."""
        sanity_tests(session, core)


for line in sanity.CONTROLLERS:
    if version := sanity.choose_controller(line):
        add_sanity_session(line, version)


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """Make the environment of the demo and the simulator, and bring the build tree up to date."""
    install(session, "demo")


@nox.session(name="format", default=False)
def format_code(session: nox.Session) -> None:
    """Format the Python code of the checkout."""
    install(session, "lint")
    session.chdir(layout.ROOT)
    session.run("ruff", "check", "--select=I", "--fix", ".", env=environment())
    session.run("ruff", "format", ".", env=environment())


@nox.session(default=False, venv_backend="none")
def requirements(session: nox.Session) -> None:
    """Compile the pinned requirement files anew; --upgrade takes the newest releases."""
    for part in PARTS:
        session.run(*compile_command(part, Path("requirements") / f"{part}.txt"), *session.posargs)


def compile_command(part: str, output: Path) -> list[str]:
    """Return the command that pins one part's requirements, keeping the pins that its output already holds."""
    command = (sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal")
    header = "--custom-compile-command=make requirements"
    files = (f"requirements/{part}.in", f"--output-file={output}")
    return [*command, f"--python-version={PARTS[part]}", header, *files]


def install(session: nox.Session, part: str, collections: Path = layout.COLLECTIONS) -> None:
    """Make the session's environment hold exactly the pinned requirements of one part, and go to its build tree."""
    python = Path(session.virtualenv.location) / "bin/python"
    uv = (sys.executable, "-m", "uv")
    session.run_install(*uv, "pip", "sync", "--quiet", f"--python={python}", f"requirements/{part}.txt", external=True)
    session.chdir(layout.sync_tree(collections))


def pytest(session: nox.Session, folder: str, *options: str, env: dict[str, str] | None = None) -> None:
    """Run the tests of a folder, or those that the command line names instead, with the options it adds."""
    junit = clean_results(session) / "pytest.xml"
    cache = f"cache_dir={layout.CACHE / 'pytest'}"
    named = any(Path(word.partition("::")[0]).exists() for word in session.posargs)
    tests = session.posargs if named else [*session.posargs, folder]
    session.run("pytest", f"--junitxml={junit}", "-o", cache, *options, *tests, env={**environment(), **(env or {})})


@contextmanager
def checks(session: nox.Session) -> Iterator[Check]:
    """Let a session run all of its checks, each with a result of its own, and fail at the end if one failed."""
    folder = clean_results(session)
    failed = []

    def check(name: str, *command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
        started = time.monotonic()
        failure = ""
        try:
            with chdir(cwd or Path.cwd()):
                session.run(*command, env={**environment(), **(env or {})})
        except CommandFailed as problem:
            failure = problem.reason or "failed"
            failed.append(name)
        results.write_case(folder / f"{name}.xml", session.name, name, time.monotonic() - started, failure)

    yield check
    if failed:
        session.error(f"failed: {', '.join(failed)}")


def clean_results(session: nox.Session) -> Path:
    """Return the empty folder of a session's results."""
    folder = layout.RESULTS / session.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def environment() -> dict[str, str | None]:
    """Return an environment that neither sees the developer's credentials and settings nor touches the home folder."""
    layout.HOME.mkdir(parents=True, exist_ok=True)
    variables: dict[str, str | None] = {name: None for name in os.environ if name.startswith(("ANSIBLE_", "SCP_"))}
    variables |= {
        "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS),
        # Modules would keep their files in the home folder of the password database, whatever HOME says.
        "ANSIBLE_REMOTE_TMP": str(layout.HOME / ".ansible/tmp"),
        "HOME": str(layout.HOME),
        "MYPY_CACHE_DIR": str(layout.CACHE / "mypy"),
        "PYTHONPATH": str(layout.TREE / "tests"),
        "RUFF_CACHE_DIR": str(layout.CACHE / "ruff"),
    }
    if not sys.stdout.isatty():
        variables["NO_COLOR"] = "1"
    return variables
