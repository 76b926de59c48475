# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils._masking import WITHHELD, Mask

SECRET = "Ti\"ger\\&<%41+/\u00e9  'hunt'-1"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": json.dumps,
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON in capitals": lambda text: json.dumps(text).replace("\\u00e9", "\\u00E9"),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"a": text})),
    "JSON with slashes": lambda text: json.dumps(text).replace("/", "\\/"),
    "Python": repr,
    "bytes of Python": lambda text: repr(text.encode()),
    "URL": lambda text: quote(text, safe=""),
    "path of a URL": quote,
    "form": quote_plus,
    "URL in small letters": lambda text: quote(text, safe="").replace("%C3%A9", "%c3%a9"),
    "URL in a URL": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "HTML in numbers": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "HTML in hexadecimal numbers": lambda text: "".join(f"&#x{ord(sign):x};" for sign in text),
    "HTML of JSON": lambda text: html.escape(json.dumps(text)),
    "collapsed": lambda text: " ".join(text.split()),
    "wrong encoding": lambda text: text.encode().decode("latin-1"),
    "lost characters": lambda text: text.encode("ascii", "replace").decode().replace("?", "\ufffd"),
    "Base64": lambda text: base64.b64encode(text.encode()).decode(),
    "Base64 behind a user": lambda text: base64.b64encode(b"scott:" + text.encode()).decode(),
    "Base64 within more": lambda text: base64.b64encode(b"scott::" + text.encode() + b" ").decode(),
    "Base64 for URLs": lambda text: base64.urlsafe_b64encode(b"scot:" + text.encode()).decode(),
}
in_every_spelling = pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)


@in_every_spelling
@pytest.mark.parametrize("text", ["{}", "value_error: {} is too long", "a\n{}\nb"])
def test_secret_in_any_spelling(spelling: Callable[[str], str], text: str) -> None:
    mask = Mask(["another", SECRET])
    said = text.format(spelling(SECRET))
    for masked in (mask(said), mask.foreign(said)):
        assert "hunt" not in masked
        assert "********" in masked or masked == WITHHELD
    assert mask.values({"a": [{said: said}]}) == {"a": [{mask(said): mask(said)}]}


@in_every_spelling
def test_secret_in_another_alphabet(spelling: Callable[[str], str]) -> None:
    secret = "\ube44\ubc00\ubc88\ud638\uc785"
    lossy = (SPELLINGS["wrong encoding"], SPELLINGS["lost characters"], SPELLINGS["bytes of Python"])
    if spelling not in lossy:
        masked = Mask([secret]).foreign(f"no {spelling(secret)}")
        assert masked == WITHHELD or masked.replace('"', "").replace("'", "") == "no ********"


@pytest.mark.parametrize(
    "end", ["", "...", "\u2026", " [truncated]", '"', "'}", "%", "%2", "&quo", "\\", "\\u00", "..end"]
)
@pytest.mark.parametrize("size", [4, 9, len("Canary-of-the-password-")])
def test_secret_that_was_cut(size: int, end: str) -> None:
    mask = Mask(["Canary-of-the-password-1"])
    assert mask.foreign(f"is not valid: '{'Canary-of-the-password-1'[:size]}{end}") == WITHHELD


@pytest.mark.parametrize("text", ["input='aaa...word-1' is bad", "\u2026password-1"])
def test_secret_whose_beginning_was_cut(text: str) -> None:
    assert Mask(["Canary-of-the-password-1"]).foreign(text) == WITHHELD


@pytest.mark.parametrize(
    ("secrets", "text"),
    [
        ([], "100% of &amp; \\u0041"),
        (["", "a"], "b % &lt;"),
        (["Orders_db1"], "cluster orders-db1 is RUNNING"),
        (["SIMULATORACCESSKEY", "simulator-secret-key"], "unknown access key"),
        (["password-1"], "database_user_password must have 8 characters"),
        (["%%%%%", "++++", "\\\\\\\\"], "no such thing"),
    ],
)
def test_text_without_a_secret_stays(secrets: list[str], text: str) -> None:
    assert Mask(secrets)(text) == Mask(secrets).foreign(text) == text


def test_longer_secret_goes_first() -> None:
    assert Mask(["hunter2", "hunter22"])("hunter22 hunter2") == "******** ********"


def test_other_data_stays() -> None:
    data = {"a": 1, "b": [True, None, 2.5], 3: "c"}
    assert Mask(["hunter2"]).values(data) == data
    assert Mask(["hunter2"]).beside(["more-1"]).foreign_values({"a": "more-1 or mor", "b": "x hunt"}) == {
        "a": "******** or mor",
        "b": WITHHELD,
    }


@pytest.mark.parametrize("sign", [" ", ".", "\\", "&", "%", "a", "\n", "[", '"'])
def test_long_texts_take_no_long_time(sign: str) -> None:
    began = time.process_time()
    Mask(["Canary-of-the-password-1", "x" * 4096]).foreign(sign * 200_000)
    assert time.process_time() - began < 2
