# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the documentation: found where they stand, and run as their readers would run them.

In a guide a code block of YAML is a list of tasks or of plays, and is run, unless a comment before it says that it is a
file: ``.. file: orders.yml``, in Markdown ``<!-- file: orders.yml -->``. The commands of a console block that are
Ansible's own are run where they stand, with the files of the page.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from antsibull_docutils.rst_code_finder import find_code_blocks

from harness.play import Play, Ran
from harness.simulator import Json

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "docsite" / "rst"
YAML = ("yaml", "yaml+jinja")
CONSOLE = "console"
LANGUAGES = (*YAML, CONSOLE, "ini", "json", "text")
PROGRAMS = ("ansible", "ansible-inventory", "ansible-playbook")
FILE_MARK = re.compile(r"\.\. file: (\S+)")
# What the names of repeated tasks end with.
DRY, DRY_AGAIN, AGAIN = ", dry", ", dry again", ", again"
FENCE = re.compile(r"(?:^<!-- file: (\S+) -->\n+)?^```(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One block of code: where it stands, and, if it is a file, as which."""

    where: str
    language: str
    text: str
    file: str = ""


class Document(NamedTuple):
    """A page, or a plugin's documentation, with its blocks in their order."""

    name: str
    blocks: list[Block]

    @property
    def commands(self) -> list[str]:
        return [line for block in self.blocks if block.language == CONSOLE for line in commands(block)]

    def file(self, name: str) -> str:
        """The text of the file that the page shows under a name."""
        (text,) = (block.text for block in self.blocks if block.file == name)
        return text


def guides() -> list[Document]:
    return [guide(path) for path in sorted(GUIDES.glob("*.rst"))]


def guide(path: Path) -> Document:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    with warnings.catch_warnings():
        # The library calls docutils in a way that a far release of that will not know.
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        found = list(find_code_blocks(text, path=path, root_prefix=GUIDES))
    return Document(
        path.stem,
        [
            Block(
                f"{path.stem}-{block.row_offset + 1}",
                block.language or "",
                block.content,
                mark(lines, block.row_offset),
            )
            for block in found
        ],
    )


def mark(lines: list[str], content: int) -> str:
    """The name that the comment above a block's directive gives it."""
    directive = next(row for row in range(content, -1, -1) if ".. code-block::" in lines[row])
    above = next((line for line in reversed(lines[:directive]) if line.strip()), "")
    match = FILE_MARK.fullmatch(above.strip())
    return match[1] if match else ""


def markdown(path: Path, name: str) -> Document:
    text = path.read_text(encoding="utf-8")
    found = FENCE.finditer(text)
    return Document(
        name, [Block(f"{name}-{text.count(chr(10), 0, at.start(2)) + 2}", at[2], at[3], at[1] or "") for at in found]
    )


def role(path: Path) -> Document:
    """The tasks and plays of a role's README; its commands run playbooks, which have samples and tests of their own."""
    page = markdown(path / "README.md", f"role {path.name}")
    return Document(page.name, [block for block in page.blocks if block.language in YAML])


def plugins(kind: str) -> list[Document]:
    return [plugin(path) for path in sorted((ROOT / "plugins" / kind).glob("[!_]*.py"))]


def plugin(path: Path) -> Document:
    """The documentation of a plugin; one without examples has an empty block, which is not run but fails."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["EXAMPLES"]
    ]
    return Document(path.stem, [Block(path.stem, "yaml", "".join(texts))])


def merged(name: str, documents: Iterable[Document]) -> Document:
    return Document(name, [block for document in documents for block in document.blocks])


def commands(block: Block) -> list[str]:
    """The commands of a console block that can be run here, without the prompt."""
    lines = [line.removeprefix("$ ") for line in block.text.splitlines() if line.startswith("$ ")]
    return [line for line in lines if is_ours(line)]


def is_ours(line: str) -> bool:
    return shlex.split(line, comments=True)[0] in PROGRAMS


def tasks_of(block: Block) -> list[set[str]]:
    """The keys of each task or play of a block; values are left alone, for they may have tags of Ansible's."""
    root = yaml.compose(block.text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.SequenceNode), f"{block.where}: no list of tasks or plays; mark a file as one"
    assert all(isinstance(item, yaml.MappingNode) for item in root.value), f"{block.where}: not only tasks or plays"
    return [{key.value for key, _value in item.value} for item in root.value]


def is_playbook(block: Block) -> bool:
    return all(keys & {"hosts", "import_playbook", "ansible.builtin.import_playbook"} for keys in tasks_of(block))


@dataclass
class Reading:
    """A reader who does everything that a document shows, in its order."""

    play: Play
    variables: Json
    # Texts of the examples that can't be used here, and what is written in their place.
    stand_ins: dict[str, str] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)
    repeats: bool = False

    def follow(self, document: Document, repeats: bool = False) -> None:
        """Do everything once, or with ``repeats`` each task of a module of ours four times."""
        self.repeats = repeats
        self.play.folder.joinpath("variables.json").write_text(json.dumps(self.variables), encoding="utf-8")
        for block in document.blocks:
            if block.file:
                self._write(block, block.file)
        for kind, blocks in groupby(document.blocks, key=kind_of):
            getattr(self, f"_{kind}")(list(blocks))

    def _examples(self, blocks: list[Block]) -> None:
        """Run examples that follow each other in one go."""
        plays: list[Any] = []
        for is_plays, group in groupby(blocks, key=is_playbook):
            names = [self._write(block, f"{block.where}.yml") for block in group]
            if is_plays:
                plays += [{"ansible.builtin.import_playbook": name} for name in names]
            else:
                for name in names if self.repeats else ():
                    self._repeat(name)
                tasks = [{"ansible.builtin.import_tasks": name} for name in names]
                plays.append({"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks})
        playbook = f"{blocks[0].where}-and-on.yml"
        (self.play.folder / playbook).write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
        self.ran += self.play.run(playbook, "-e", "@variables.json")
        assert self.play.exit_code == 0, self.play.output

    def _repeat(self, name: str) -> None:
        """Let each task of a module of ours come four times: dry, for real, and both again."""
        file = self.play.folder / name
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        assert isinstance(root, yaml.SequenceNode)
        root.value = [turn for task in root.value for turn in turns(task)]
        file.write_text(yaml.serialize(root), encoding="utf-8")

    def _commands(self, blocks: list[Block]) -> None:
        for line in (line for block in blocks for line in commands(block)):
            self.command(line)

    def _nothing(self, blocks: list[Block]) -> None:
        """Files, and code of a kind that is not for Ansible."""

    def command(self, line: str) -> list[Ran]:
        """Run one command line of Ansible's."""
        program, *arguments = shlex.split(line, comments=True)
        ran: list[Ran] = []
        if program == "ansible-inventory":
            self.play.command(program, *arguments)
        else:
            ran = self.play.run(*arguments, program=program)
        assert self.play.exit_code == 0, f"{line}\n{self.play.output}"
        return ran

    def _write(self, block: Block, name: str) -> str:
        text = block.text
        for shown, stand_in in self.stand_ins.items():
            text = text.replace(shown, stand_in)
        (self.play.folder / name).write_text(text + "\n", encoding="utf-8")
        return name


def turns(task: yaml.MappingNode) -> list[yaml.MappingNode]:
    """The task, four times if it is of a module of ours."""
    is_ours = any(key.value.startswith("samsungcloud.scp.mariadb") for key, _value in task.value)
    return [variant(task, DRY), task, variant(task, DRY_AGAIN), variant(task, AGAIN)] if is_ours else [task]


def variant(task: yaml.MappingNode, suffix: str) -> yaml.MappingNode:
    """The task under another name; what a dry one registers does not count."""
    is_dry = suffix != AGAIN
    left_out = ("name", "check_mode", "register") if is_dry else ("name",)
    parts = {key.value: (key, value) for key, value in task.value}
    kept = [part for name, part in parts.items() if name not in left_out]
    name = scalar(parts["name"][1].value + suffix)
    check_mode = [(scalar("check_mode"), scalar("true", "bool"))] if is_dry else []
    return yaml.MappingNode(task.tag, [(scalar("name"), name), *kept, *check_mode])


def scalar(value: str, kind: str = "str") -> yaml.ScalarNode:
    return yaml.ScalarNode(f"tag:yaml.org,2002:{kind}", value)


def kind_of(block: Block) -> str:
    assert block.language in LANGUAGES, f"{block.where}: {block.language!r} is none of {LANGUAGES}"
    if block.language == CONSOLE:
        return "commands"
    return "examples" if block.language in YAML and not block.file else "nothing"


def scripts(pipeline: Json) -> Iterator[str]:
    """The commands of a pipeline's jobs that can be run here."""
    for job in pipeline.values():
        for line in job.get("script", []):
            if is_ours(line):
                yield line
