# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure the parts, print what they found, and write it to a file and into a page."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bench import calls, fleet, hundred, noop, waits
from bench.report import Section, as_markdown, as_text, document, inserted, machine
from bench.running import Run

PARTS: dict[str, Callable[[Run], Section]] = {
    "noop": noop.measure,
    "calls": calls.measure,
    "hundred": hundred.measure,
    "waits": waits.measure,
    "fleet": fleet.measure,
}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--report", type=Path, required=True, help="the file for the report, in Markdown")
    parser.add_argument("--page", type=Path, help="a page for the figures of all parts")
    parser.add_argument("--repetitions", type=int, help="instead of each part's own number")
    parser.add_argument("--clusters", type=int, default=100, help="instead of the hundred, where time is short")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all without one")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}, but {', '.join(PARTS)}")
    if arguments.page and arguments.parts:
        parser.error("a page holds the figures of one run of all parts, so name none")
    for number in SIGNALS:
        signal.signal(number, stop)
    measured_on = machine()
    if arguments.page:
        filled(arguments.page, measured_on, [])
    sections: list[Section] = []
    try:
        for name in arguments.parts or PARTS:
            sections.append(measured(Run(name, arguments.repetitions, arguments.clusters)))
            arguments.report.write_text(document(sections, measured_on), encoding="utf-8")
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    if arguments.page:
        arguments.page.write_text(filled(arguments.page, measured_on, sections), encoding="utf-8")
    print(f"{measured_on}\nThe report is in {arguments.report}")
    return 0


def measured(run: Run) -> Section:
    section = PARTS[run.name](run)
    print(f"\n{as_text(section)}", flush=True)
    return section


def filled(path: Path, measured_on: str, sections: list[Section]) -> str:
    """Return a page with the figures of these sections; raises :class:`ValueError` when it lacks the place of any."""
    page = inserted(path.read_text(encoding="utf-8"), "machine", measured_on)
    for name in PARTS:
        figures = next((as_markdown(section) for section in sections if section.name == name), "")
        page = inserted(page, name, figures)
    return page


def stop(number: int, _frame: FrameType | None) -> NoReturn:
    """Begin to end everything that was started; a second signal does not disturb that."""
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    sys.exit(main())
