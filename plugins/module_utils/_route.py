# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way to an endpoint: the proxy and the certificates that options and environment name, validated before use."""

from __future__ import annotations

import importlib.util
import os
import re
import ssl
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from ansible_collections.samsungcloud.scp.plugins.module_utils import _config
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ConfigurationError

try:
    import requests
    from requests.utils import select_proxy
    from urllib3.util import Url, parse_url
except ImportError:
    # What is missing is said by _http.
    pass

# The variables that requests reads, the first one that is set counts.
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
SOCKS = frozenset({"socks4", "socks4a", "socks5", "socks5h"})
SCHEMES = SOCKS | {"http", "https"}
NOTHING_SENT = "Nothing was sent."
# The names of certificates in a folder, as OpenSSL looks them up.
HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")


class Route(NamedTuple):
    """``settings`` are for each call, ``secrets`` the passwords in them.

    ``proxy`` and ``authorities`` name where the proxy and the certificates were set, empty where they are the usual
    ones.
    """

    settings: Mapping[str, Any]
    proxy: str = ""
    authorities: str = ""
    secrets: frozenset[str] = frozenset()


def find(session: requests.Session, config: Config) -> Route:
    """Return the way to the endpoint: looked up once, where requests would do it for each call.

    Raises :class:`ConfigurationError` that names the option or the variable of what cannot be used.
    """
    verify = (config.ca_path or True) if config.validate_certs else False
    settings = session.merge_environment_settings(config.endpoint, {}, stream=True, verify=verify, cert=None)
    proxy = select_proxy(config.endpoint, settings["proxies"])
    through = _variable_of_proxy(proxy) if proxy else ""
    secrets = frozenset(_check_proxy(proxy, through) if proxy else ())
    bundle = settings["verify"]
    authorities = ""
    if isinstance(bundle, str) and config.endpoint.startswith("https:"):
        authorities = _name_of_bundle(config)
        _check_bundle(bundle, authorities)
    return Route(settings, through, authorities, secrets)


def _variable_of_proxy(proxy: str) -> str:
    """Return the name of the variable that has this value; Python takes any spelling of its name."""
    named = [name for name, value in os.environ.items() if name.lower().endswith("_proxy") and value == proxy]
    return " or ".join(sorted(named)) or "the proxy settings"


def _check_proxy(proxy: str, variable: str) -> Iterator[str]:
    """Yield the secrets of a proxy's URL; its value is never shown, for where it is wrong nobody knows what is what."""
    url = _parsed(proxy)
    rule = ""
    if url is None or re.search(r"[\s\x00-\x1f\x7f]", proxy) or (url.path or "/") != "/" or url.query or url.fragment:
        rule = "must be a URL of scheme, host and port, with other characters of user name and password as %XX"
    elif url.scheme not in SCHEMES:
        rule = f"must have one of the schemes {', '.join(sorted(SCHEMES))}"
    elif not _config.is_host(url.host or ""):
        rule = "must have the name or the address of a host"
    elif url.scheme in SOCKS and importlib.util.find_spec("socks") is None:
        rule = "is a SOCKS proxy, which needs the Python library PySocks: python -m pip install PySocks"
    if rule or url is None:
        raise ConfigurationError(
            f"The proxy in {variable} {rule}.",
            now=NOTHING_SENT,
            todo="Correct the variable, or name the endpoint's host in NO_PROXY.",
        )
    if url.auth:
        password = url.auth.partition(":")[2] or url.auth
        yield from (url.auth, password, unquote(password))


def _parsed(proxy: str) -> Url | None:
    try:
        return parse_url(proxy if "://" in proxy else f"http://{proxy}")
    except ValueError:
        return None


def _name_of_bundle(config: Config) -> str:
    if config.ca_path:
        return _config.labelled("ca_path", config.ca_path, os.environ)
    return next(name for name in BUNDLES if os.environ.get(name))


def _check_bundle(path: str, name: str) -> None:
    problem = _problem_of_bundle(path)
    if problem:
        raise ConfigurationError(
            f"{name} is {path!r}, which {problem}.",
            now=NOTHING_SENT,
            todo="Set it to a file of certificates in PEM form, or unset it to trust the usual authorities.",
        )


@lru_cache(maxsize=8)
def _problem_of_bundle(path: str) -> str:
    """Say what is wrong with the file or folder of certificates; an empty text if nothing is."""
    bundle = Path(path)
    if not bundle.exists():
        return "does not exist on the machine of the module"
    try:
        if bundle.is_dir():
            named = any(HASHED.fullmatch(file.name) for file in bundle.iterdir())
            return "" if named else "is a folder without certificates named by their hash (run: openssl rehash)"
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        return "holds no certificate in PEM form"
    except (OSError, ValueError) as error:
        return f"cannot be read ({type(error).__name__})"
    return ""
