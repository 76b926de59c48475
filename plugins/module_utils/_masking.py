# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hides secrets in texts, in whatever spelling a service, a gateway or a library repeats them.

Ansible masks a secret only where it stands character by character. A service repeats it as JSON, in a URL, as HTML, as
Base64, with its blanks collapsed, or cut. So texts are compared without any of that.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from ansible_collections.samsungcloud.scp.plugins.module_utils._api import REDACTED

WITHHELD = "(not shown, because it repeats a secret)"
# Of fewer characters than that no other spelling is searched for, nor a part.
LEAST = 4
# A text can be JSON within JSON, or a URL within HTML.
MOST_LEVELS = 4

_BACKSLASHED = re.compile(r"(?<!\\)\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|[bfnrt])")
# What spellings differ in: blanks, which + stands for in a URL, backslashes, and characters lost in another encoding.
_JUNK = re.compile(r"[^!-*,-\[\]-~]+")
_BLANKS = re.compile(r"[\s\\+]+")
_CUT = re.compile(r"\.{2,}|\u2026|\btruncated\b", re.IGNORECASE)
_HALF_AN_ESCAPE = re.compile(r"(?:%[0-9a-fA-F]?|&[#\w]{0,7}|(?<!\\)\\+(?:u[0-9a-fA-F]{0,3}|x[0-9a-fA-F]?)?)$")


class Mask:
    """Strikes a set of secrets out of texts."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # The longest first, for one can be a part of another.
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        spelled = {(junk, plain) for secret in self._secrets for junk, plain in _plain_forms(secret)}
        encoded = {(_JUNK, part) for secret in self._secrets for part in _base64_forms(secret)}
        self._parts = [plain for junk, plain in spelled if junk is _JUNK]
        self._plain = sorted(spelled | encoded, key=lambda form: form[1])

    def beside(self, secrets: Iterable[str]) -> Mask:
        """Return a mask that strikes out these secrets as well."""
        return Mask([*self._secrets, *secrets])

    def __call__(self, text: str) -> str:
        """Return a text without the secrets; one that spells a secret in another way is replaced as a whole."""
        masked = self._strike(text)
        return REDACTED if self._repeats(masked) else masked

    def foreign(self, text: str) -> str:
        """Return a text of somebody else, of whom nobody knows where it was cut, without secrets or parts of them."""
        masked = self._strike(text)
        return WITHHELD if self._repeats(masked) or self._ends_within(masked) else masked

    def values(self, value: Any) -> Any:
        """Return data with :meth:`__call__` applied to every text in it."""
        return _mapped(value, self)

    def foreign_values(self, value: Any) -> Any:
        """Return data with :meth:`foreign` applied to every text in it."""
        return _mapped(value, self.foreign)

    def _strike(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return text

    def _repeats(self, text: str) -> bool:
        if not self._plain:
            return False
        decoded = _decoded(text)
        without = {junk: junk.sub("", decoded) for junk in (_JUNK, _BLANKS)}
        return any(plain in without[junk] for junk, plain in self._plain)

    def _ends_within(self, text: str) -> bool:
        """Tell whether a secret is cut where the text is, at its end or at an ellipsis."""
        for number, piece in enumerate(_CUT.split(text)):
            plain = _JUNK.sub("", _decoded(_HALF_AN_ESCAPE.sub("", piece.rstrip())))
            bare = plain.rstrip("\"'`.,;:()[]{}<>")
            for secret in self._parts:
                sizes = range(LEAST, len(secret))
                if any(plain.endswith(secret[:size]) or bare.endswith(secret[:size]) for size in sizes):
                    return True
                if number and any(plain.startswith(secret[-size:]) for size in sizes):
                    return True
        return False


def _mapped(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {_mapped(key, change): _mapped(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mapped(item, change) for item in value]
    return value


def _decoded(text: str) -> str:
    """Return a text without the escapes of JSON, Python, URLs and HTML, however often they were applied."""
    for _level in range(MOST_LEVELS):
        before = text
        text = html.unescape(unquote(_BACKSLASHED.sub(_character, text)))
        if text == before:
            break
    return text


def _character(escape: re.Match[str]) -> str:
    code = escape.group(1) or escape.group(2)
    return chr(int(code, 16)) if code else " "


def _plain_forms(secret: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield what is left of a secret without what spellings differ in, if that is enough to know it by."""
    decoded = _decoded(secret)
    for junk in (_JUNK, _BLANKS):
        plain = junk.sub("", decoded)
        if len(plain) >= LEAST:
            yield junk, plain
            return


def _base64_forms(secret: str) -> Iterator[str]:
    """Yield what is common to all texts in Base64 that hold the secret, for each place that it can begin at."""
    content = secret.encode()
    for shift, cut in ((0, 0), (1, 2), (2, 3)):
        whole = (shift + len(content)) * 8 // 6
        encoded = base64.b64encode(b"\0" * shift + content).decode("ascii")[cut:whole]
        if len(encoded) > 2 * LEAST:
            yield from (_JUNK.sub("", text) for text in (encoded, encoded.replace("+", "-").replace("/", "_")))
