# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the role mariadb_report in a real browser: wide and narrow, light and dark, and printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ansible_collections.samsungcloud.scp.tests.browser import fleets
from harness.play import Play
from harness.simulator import running_simulator
from tooling import browser as browsers

WIDTHS = {"desktop": 1280, "tablet": 768, "phone": 360}
SCHEMES = ("light", "dark")
CONTRAST = 4.5
PAPER = 1040  # CSS pixels of an A4 page across, without its margins

# The contrast of each piece of text with what is behind it, by the rule of WCAG 2, where it is too low.
LOW_CONTRAST = """
limit => {
  const parse = color => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
      if (color[3] > 0) throw new Error("a background that shines through cannot be measured");
    }
    return [255, 255, 255];
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let measured = 0;
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    if (!text) continue;
    const element = texts.currentNode.parentElement;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    measured += 1;
    if (contrast < limit) found.push(`${text}: ${contrast.toFixed(2)}`);
  }
  return {measured, found};
}
"""

# Boxes of text that stick out of the page, or of a cell.
STICKING_OUT = """
() => [...document.querySelectorAll("body *")]
  .filter(element => !element.closest(".skip, .unseen, thead") && element.getClientRects().length)
  .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5
    || (element.matches("td, th, .pill") && element.scrollWidth > element.clientWidth + 1))
  .map(element => element.outerHTML.slice(0, 120))
"""


class Opened(NamedTuple):
    """A page that was opened, with what it asked for and complained about."""

    page: Page
    requests: list[str]
    complaints: list[str]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.provide())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of a troubled fleet and of none, written by the shipped playbook."""
    folder = tmp_path_factory.mktemp("report")
    written = {name: folder / f"{name}.html" for name in ("empty", "troubled")}
    with running_simulator("--time-scale", "1") as simulator:
        play = Play(simulator, folder, {"SCP_REGION": "kr-west1"})
        write(play, {"mariadb_report_path": str(written["empty"])})
        fleets.troubled(simulator)
        write(play, {"mariadb_report_path": str(written["troubled"]), "mariadb_report_stacks": fleets.STACKS,
                     "mariadb_report_title": fleets.SCRIPT})  # fmt: skip
    return written


def write(play: Play, variables: dict[str, Any]) -> None:
    play.run("samsungcloud.scp.report", "-e", json.dumps(variables))
    assert play.exit_code == 0, play.output


@pytest.fixture
def look(chromium: Browser, pages: dict[str, Path]) -> Iterator[Any]:
    opened: list[Page] = []

    def open_page(name: str, width: int = 1280, scheme: str = "light", media: str | None = None) -> Opened:
        page = chromium.new_page(viewport={"width": width, "height": 800})
        opened.append(page)
        page.emulate_media(color_scheme=scheme, media=media)
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}") or dialog.dismiss())
        page.goto(pages[name].as_uri())
        return Opened(page, requests, complaints)

    yield open_page
    for page in opened:
        page.close()


@pytest.mark.parametrize("name", ["troubled", "empty"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_page_is_readable(look: Any, name: str, scheme: str, width: int) -> None:
    opened = look(name, width, scheme)
    page = opened.page

    assert opened.complaints == []
    assert [url for url in opened.requests if url != "data:,"] == [page.url]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(STICKING_OUT) == []
    contrast = page.evaluate(LOW_CONTRAST, CONTRAST)
    assert contrast["found"] == []
    assert contrast["measured"] > (200 if name == "troubled" else 15)


def test_schemes_differ(look: Any) -> None:
    grounds = {scheme: look("empty", scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
               for scheme in SCHEMES}  # fmt: skip
    assert grounds["light"] != grounds["dark"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_print_is_light_and_fits_the_paper(look: Any, scheme: str) -> None:
    page = look("troubled", PAPER, scheme, media="print").page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(LOW_CONTRAST, CONTRAST)["found"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
    assert page.evaluate(STICKING_OUT) == []
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


def test_hostile_words_are_text(look: Any) -> None:
    opened = look("troubled")
    page = opened.page
    assert page.title() == page.inner_text("h1") == fleets.SCRIPT
    assert page.locator("script, img, iframe, object").count() == 0
    names = page.locator("table.wide tbody th .name").all_inner_texts()
    for words in fleets.HOSTILE:
        assert words in names
    # The state of a replica and a refused value of a parameter.
    assert fleets.SCRIPT in page.inner_text("table.replicas")
    assert fleets.SCRIPT in page.inner_text("table.declared")
    assert opened.complaints == []


def test_everything_is_told(look: Any) -> None:
    page = look("troubled").page
    concerns = {
        concern.get_attribute("data-kind"): concern.locator("li").all_inner_texts()
        for concern in page.locator(".concern").all()
    }
    assert concerns == {
        "broken": ["carts UNKNOWN"],
        "backup_missing": ["invoices none finished"],
        "backup_old": ["carts 4 days old"],
        "backup_off": ["sandbox none finished"],
        "replica_broken": ["orders orders-torn: DISCONNECTED"],
        "eos_passed": ["legacy 10.6.21 ended 2026-03-19"],
        "replica_behind": ["orders orders-far: 5 days ago"],
        "drift": ["orders 4 differences", "warehouse does not exist"],
    }
    assert page.locator(".tile dd").all_inner_texts()[:4] == ["14", "5", "1", "15"]
    assert "kr-west1" in page.inner_text("header")
    assert page.locator("#generated").get_attribute("datetime")
    declared = page.locator("table.declared tbody tr").all_inner_texts()
    assert ["Set Security Group Rules" in declared[0], "as declared" in declared[1]] == [True, True]


def test_layout_leaves_words_whole(look: Any) -> None:
    """A card's head is as wide as the card, and a state stands on one line."""
    narrow = look("troubled", WIDTHS["phone"]).page
    heads = narrow.locator("table.wide tbody th").evaluate_all(
        "all => all.map(head => head.getBoundingClientRect().width / head.parentElement.getBoundingClientRect().width)"
    )
    assert min(heads) > 0.85
    for width in (WIDTHS["phone"], WIDTHS["desktop"]):
        pills = look("troubled", width).page.locator("table.wide td:nth-child(2) .pill")
        assert max(pills.evaluate_all("all => all.map(pill => pill.getBoundingClientRect().height)")) < 30


def test_empty_fleet_says_so(look: Any) -> None:
    page = look("empty").page
    assert "No cluster was found in this region." in page.inner_text("main")
    assert page.locator("table").count() == 0


def test_tables_are_told_to_who_cannot_see_them(look: Any) -> None:
    page = look("troubled", WIDTHS["phone"]).page
    assert page.get_attribute("html", "lang") == "en"
    tables = page.locator("table").all()
    assert len(tables) == 5
    for table in tables:
        assert table.locator("caption").inner_text()
        columns = table.locator("thead th[scope=col]").count()
        for row in table.locator("tbody tr").all():
            assert (row.locator("> th[scope=row]").count(), row.locator("> *").count()) == (1, columns)
    # Narrow screens lay the rows out as cards, which must not cost them their meaning.
    assert page.get_by_role("rowheader", name="billing").count() >= 1
    assert page.get_by_role("columnheader", name="End of service").count() == 1
    # Colour is never alone: each pill has words, and each link leads somewhere.
    assert all(text.strip() for text in page.locator(".pill").all_inner_texts())
    for target in {link.get_attribute("href") for link in page.locator("a[href^='#']").all()}:
        assert page.locator(target).count() == 1
