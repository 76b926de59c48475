# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where and as whom to talk to SCP: options, then SCP_*, then SCP_TF_*, then ~/.scpconf (facts: section 2)."""

from __future__ import annotations

import ipaddress
import json
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    ConfigurationError,
    InvalidInput,
    Problem,
)

REGIONS: dict[str, tuple[str, ...]] = {
    "s": ("kr-west1", "kr-east1"),
    "g": ("kr-south1", "kr-south2", "kr-south3"),
    "e": ("kr-west1", "kr-east1"),
}
DEFAULT_ENVIRONMENT = "e"
MARIADB = "mariadb"
RESOURCE_MANAGER = "resourcemanager"
RESOURCE_MANAGER_VERSION = "1.0"
# The host of the MariaDB API tells region and environment.
OFFICIAL_HOST = re.compile(r"mariadb\.(?P<region>[a-z0-9-]+)\.(?P<environment>[a-z])\.samsungsdscloud\.com")
EXAMPLES = {
    "endpoint": "https://mariadb.kr-west1.e.samsungsdscloud.com",
    "other_region.endpoint": "https://mariadb.kr-east1.e.samsungsdscloud.com",
    "resource_manager_endpoint": "https://resourcemanager.e.samsungsdscloud.com",
}
DEFAULT_PORTS = {"http": 80, "https": 443}
CONFIG_FOLDER = ".scpconf"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Source(NamedTuple):
    """The places, after the option itself, where a setting is looked for."""

    variables: tuple[str, ...]
    file: str = ""
    key: str = ""


SOURCES: dict[str, Source] = {
    "access_key": Source(("SCP_ACCESS_KEY", "SCP_TF_ACCESS_KEY"), "credentials.json", "access-key"),
    "secret_key": Source(("SCP_SECRET_KEY", "SCP_TF_SECRET_KEY"), "credentials.json", "secret-key"),
    "auth_token": Source(("SCP_AUTH_TOKEN", "SCP_TF_AUTH_TOKEN"), "credentials.json", "auth-token"),
    "region": Source(("SCP_REGION", "SCP_TF_DEFAULT_REGION"), "config.json", "default-region"),
    "environment": Source(("SCP_ENVIRONMENT",)),
    "endpoint": Source(("SCP_ENDPOINT", "SCP_TF_ENDPOINT_OVERRIDE"), "config.json", "endpoint-override"),
    "resource_manager_endpoint": Source(("SCP_RESOURCE_MANAGER_ENDPOINT",)),
    "api_version": Source(("SCP_API_VERSION",)),
    "auth_url": Source(("SCP_TF_AUTH_URL",), "config.json", "auth-url"),
    # Not ours: the variable that OpenSSL itself and SCP's own tools read.
    "ca_path": Source(("SSL_CERT_FILE",)),
}
REQUIRED = ("access_key", "secret_key")
SECRETS = ("access_key", "secret_key", "auth_token")
URLS = ("endpoint", "resource_manager_endpoint")
# Python's own reading of URLs would drop a line break without a word.
WITHOUT_BLANKS = ("region", "environment", *URLS, "api_version", "auth_url")
# A day; far beyond, the time does not fit into what the operating system takes.
LONGEST_TIMEOUT = 86400
MOST_RETRIES = 100


@dataclass(frozen=True)
class Config:
    """A complete configuration. ``timeout`` is in seconds for one attempt, ``retries`` counts further attempts.

    ``warnings`` are for whoever the configuration is loaded for. ``service`` is the one that the endpoint belongs to;
    ``region`` and ``environment`` are those of the clusters, empty where that is not known.
    """

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    endpoint: str
    auth_token: str | None = field(default=None, repr=False)
    api_version: str | None = None
    language: str = "en-US"
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: float = 30
    retries: int = 4
    warnings: tuple[str, ...] = ()
    service: str = MARIADB
    region: str = ""
    environment: str = ""

    def secrets(self) -> set[str]:
        """Return every value that must never be shown."""
        return {value for value in (getattr(self, name) for name in SECRETS) if value}


def load(options: Mapping[str, Any], environ: Mapping[str, str], home: Path) -> Config:
    """Build the configuration from a task's options and what surrounds it.

    Raises :class:`InvalidInput` for a wrong value and :class:`ConfigurationError` for a missing or unreadable one.
    """
    lookup = _Lookup(options, environ, home / CONFIG_FOLDER)
    _require(lookup)
    _check_headers(lookup)
    _check_blanks(lookup)
    endpoint = _endpoint(lookup, options["allow_plain_http"])
    official = _official(endpoint)
    return Config(
        access_key=lookup["access_key"],
        secret_key=lookup["secret_key"],
        auth_token=lookup["auth_token"] or None,
        endpoint=endpoint,
        api_version=_api_version(lookup["api_version"], lookup.label("api_version")),
        language=options["language"],
        validate_certs=options["validate_certs"],
        ca_path=_existing(lookup.label("ca_path"), lookup["ca_path"]) or None,
        timeout=_timeout("api_timeout", options["api_timeout"]),
        retries=_retries("api_retries", options["api_retries"]),
        warnings=tuple(lookup.warnings()),
        region=official["region"] if official else lookup["region"],
        environment=official["environment"] if official else "",
    )


def load_resource_manager(options: Mapping[str, Any], environ: Mapping[str, str], home: Path) -> Config:
    """Build the configuration for the Resource Manager API, which is one for all regions of an environment.

    Raises as :func:`load` does, and :class:`ConfigurationError` where the region of the clusters is not known.
    """
    config = (load_other_region if options.get("other_region") else load)(options, environ, home)
    lookup = _Lookup(options, environ, home / CONFIG_FOLDER)
    environment = config.environment or _environment(lookup)
    if not config.region:
        raise ConfigurationError(
            "No SCP region: tags are looked up by the region of the cluster, which endpoint does not tell, and region "
            f"is not set (looked in: {lookup.places('region')}).",
            todo="Set region, or leave tags out. Nothing was sent.",
        )
    usual = f"https://{RESOURCE_MANAGER}.{environment}.samsungsdscloud.com"
    return replace(
        config,
        service=RESOURCE_MANAGER,
        endpoint=_resource_manager_endpoint(lookup, options["allow_plain_http"]) or usual,
        api_version=RESOURCE_MANAGER_VERSION,
        warnings=(),
        environment=environment,
    )


def _resource_manager_endpoint(lookup: _Lookup, allow_plain_http: bool) -> str:
    name = "resource_manager_endpoint"
    given = lookup[name]
    return _checked_endpoint(given, allow_plain_http, name, lookup.label(name)) if given else ""


def load_other_region(options: Mapping[str, Any], environ: Mapping[str, str], home: Path) -> Config:
    """Build the configuration for the region that the option ``other_region`` names, as the same user.

    Raises as :func:`load` does, and :class:`InvalidInput` where that is no other region.
    """
    config = load(options, environ, home)
    region, given = options["other_region"]["region"], options["other_region"]["endpoint"]
    if region == config.region:
        rule = "must be another region than the origin's; for replicas in the same one leave other_region out"
        raise InvalidInput([Problem("other_region.region", rule, region)])
    if given:
        endpoint = _checked_endpoint(given, options["allow_plain_http"], "other_region.endpoint")
    elif config.environment:
        endpoint = _official_endpoint(region, config.environment, "other_region.")
    else:
        rule = f"is required, because {config.endpoint} does not tell what the one of another region is"
        raise InvalidInput([Problem("other_region.endpoint", rule)])
    official = _official(endpoint)
    if endpoint == config.endpoint or (official and official["region"] != region):
        raise InvalidInput([Problem("other_region.endpoint", f"must be that of {region}, another region", endpoint)])
    environment = official["environment"] if official else config.environment
    return replace(config, endpoint=endpoint, warnings=(), region=region, environment=environment)


def hidden(options: Mapping[str, Any]) -> set[str]:
    """Return what may be a secret in the URLs of the options: what stands in for a user, a query or a fragment."""
    other = options.get("other_region")
    given = [options.get(name) for name in URLS] + [other.get("endpoint") if isinstance(other, Mapping) else None]
    return {part for url in given if url for part in _secret_parts(str(url))}


def _secret_parts(url: str) -> Iterator[str]:
    before, at, rest = url.rpartition("@")
    # With their marks, so that a short one is not struck out of every word.
    if at:
        yield before.rpartition("//")[2] + at
    yield from re.findall(r"[?#].+", rest, re.DOTALL)


def labelled(name: str, value: str, environ: Mapping[str, str]) -> str:
    """Return a setting's name for a message, with the variable that it comes from."""
    variable = next((variable for variable in SOURCES[name].variables if environ.get(variable) == value), "")
    return f"{name} ({variable})" if variable else name


def is_host(host: str) -> bool:
    """Tell whether a text can be the name or the address of a host."""
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    else:
        return True
    try:
        # The last dot of a full name is no label of its own.
        labels = host.encode("idna").decode("ascii").rstrip(".").split(".")
    except UnicodeError:
        return False
    return len(host) <= 253 and all(re.fullmatch(r"[A-Za-z0-9_-]{1,63}", label) for label in labels)


def find(name: str, options: Mapping[str, Any], environ: Mapping[str, str], home: Path) -> str:
    """Return one setting from the first of its sources that has it, or an empty string."""
    return _Lookup(options, environ, home / CONFIG_FOLDER)[name]


class _Lookup:
    """Finds a setting in its sources, first found wins; an empty value counts as not set."""

    def __init__(self, options: Mapping[str, Any], environ: Mapping[str, str], folder: Path) -> None:
        self._options = options
        self._environ = environ
        self._folder = folder
        self._files: dict[str, Mapping[str, Any]] = {}
        self._secret_files: set[Path] = set()

    def __getitem__(self, name: str) -> str:
        return next((str(value) for value in self._candidates(name) if value), "")

    def _candidates(self, name: str) -> Iterator[Any]:
        source = SOURCES[name]
        yield self._options.get(name)
        for variable in source.variables:
            yield self._environ.get(variable)
        if source.file:
            settings = self._read(source.file)
            # The official tools write hyphens, an unofficial client underscores.
            value = settings.get(source.key) or settings.get(source.key.replace("-", "_"))
            if value and name in SECRETS:
                self._secret_files.add(self._folder / source.file)
            yield value

    def _read(self, name: str) -> Mapping[str, Any]:
        if name not in self._files:
            self._files[name] = _read_json(self._folder / name)
        return self._files[name]

    def warnings(self) -> Iterator[str]:
        """Yield what a person should know of the files that secrets were taken from."""
        for path in self._secret_files:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & OTHERS:
                yield f"The SCP credentials in {path} are open to others (mode {mode:04o}). Run: chmod 600 {path}"

    def label(self, name: str) -> str:
        return name if self._options.get(name) else labelled(name, self[name], self._environ)

    def places(self, name: str) -> str:
        source = SOURCES[name]
        places = [f"the option {name}", *source.variables]
        if source.file:
            places.append(f"{source.key} in {self._folder / source.file}")
        return ", ".join(places)


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"The SCP configuration file {path} can't be read: {type(error).__name__}.") from None
    except ValueError as error:
        # The error of the JSON parser may quote the file, which holds secrets; the position is enough.
        line = getattr(error, "lineno", "?")
        raise ConfigurationError(f"The SCP configuration file {path} is not valid JSON (line {line}).") from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"The SCP configuration file {path} must hold one JSON object.")
    return content


def _require(lookup: _Lookup) -> None:
    missing = [name for name in REQUIRED if not lookup[name]]
    if missing:
        told = "; ".join(f"{name} (looked in: {lookup.places(name)})" for name in missing)
        raise ConfigurationError(f"No SCP credentials: not set are {told}.", todo="Nothing was sent.")


def _check_headers(lookup: _Lookup) -> None:
    """Refuse credentials that can't stand in a header; a stray line break at the end is the usual reason."""
    rule = "must be printable ASCII without spaces or line breaks, and not in quotation marks"
    wrong = [name for name in SECRETS if not re.fullmatch(r"""(?!(["']).*\1$)[!-~]*""", lookup[name])]
    if wrong:
        raise InvalidInput([Problem(lookup.label(name), rule) for name in wrong])


def _check_blanks(lookup: _Lookup) -> None:
    rule = "must not have spaces, line breaks or other control characters, not even at its end"
    wrong = [name for name in WITHOUT_BLANKS if re.search(r"[\s\x00-\x1f\x7f]", lookup[name])]
    if wrong:
        raise InvalidInput([Problem(lookup.label(name), rule, _shown(lookup[name])) for name in wrong])


def _shown(url: str) -> str | None:
    """Return a URL for a message; None where anything in it could be a password."""
    return None if re.search(r"[@?#%\\]", url) else url


def _existing(option: str, path: str) -> str:
    if path and not Path(path).exists():
        raise InvalidInput([Problem(option, "must be a file or folder that exists on the machine of the module", path)])
    return path


def _endpoint(lookup: _Lookup, allow_plain_http: bool) -> str:
    given = lookup["endpoint"]
    if given:
        return _checked_endpoint(given, allow_plain_http, label=lookup.label("endpoint"))
    environment = _environment(lookup)
    region = lookup["region"]
    if not region:
        raise ConfigurationError(
            f"No SCP region: region is not set (looked in: {lookup.places('region')}).",
            todo=f"Set it to one of {', '.join(REGIONS[environment])}, or set endpoint. Nothing was sent.",
        )
    return _official_endpoint(region, environment, label=lookup.label("region"))


def _official(endpoint: str) -> re.Match[str] | None:
    """Return what SCP's own host of the MariaDB API tells; None for another host."""
    return OFFICIAL_HOST.fullmatch(urlsplit(endpoint).hostname or "")


def _official_endpoint(region: str, environment: str, prefix: str = "", label: str = "") -> str:
    if region not in REGIONS[environment]:
        rule = (
            f"environment {environment!r} has only the regions {', '.join(REGIONS[environment])}; "
            f"for a region that is newer than this collection set {prefix}endpoint to its full URL"
        )
        raise InvalidInput([Problem(label or f"{prefix}region", rule, region)])
    return f"https://mariadb.{region}.{environment}.samsungsdscloud.com"


def _environment(lookup: _Lookup) -> str:
    environment = lookup["environment"] or _environment_of(lookup["auth_url"]) or DEFAULT_ENVIRONMENT
    if environment not in REGIONS:
        raise InvalidInput([Problem(lookup.label("environment"), f"must be one of {', '.join(REGIONS)}", environment)])
    return environment


def _environment_of(auth_url: str) -> str:
    """Return the environment letter in ``https://iam.{environment}.samsungsdscloud.com/v1``, if it is there."""
    match = re.fullmatch(r"[^.]+\.([a-z])\.samsungsdscloud\.com", _split("auth_url", auth_url).hostname or "")
    return match.group(1) if match else ""


def _checked_endpoint(endpoint: str, allow_plain_http: bool, option: str = "endpoint", label: str = "") -> str:
    label = label or option
    url = _split(label, endpoint)
    # First of all, and without the value, so that no refusal repeats a password.
    if "@" in endpoint:
        raise InvalidInput([Problem(label, "must not carry a user name or password")])
    if "?" in endpoint or "#" in endpoint:
        raise InvalidInput([Problem(label, "must be a URL of scheme and host only, without a query or a fragment")])
    port = _port(url, label)
    if url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/"):
        rule = f"must be a URL of scheme and host only, for example {EXAMPLES[option]}"
        raise InvalidInput([Problem(label, rule, _shown(endpoint))])
    if not is_host(url.hostname):
        raise InvalidInput([Problem(label, "must have the name or the address of a host", _shown(endpoint))])
    if url.scheme == "http" and not allow_plain_http and not _is_loopback(url.hostname):
        rule = "must use https, because passwords travel over it; http beyond loopback takes allow_plain_http: true"
        raise InvalidInput([Problem(label, rule, _shown(endpoint))])
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    # The Host header leaves the scheme's own port out, and the signature has to be over the same URL.
    return f"{url.scheme}://{host}" + ("" if port in (None, DEFAULT_PORTS[url.scheme]) else f":{port}")


def _split(setting: str, url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise InvalidInput([Problem(setting, "must be a URL")]) from None


def _port(url: SplitResult, label: str) -> int | None:
    # Without the value, for what is no port may be the password behind a user.
    try:
        return url.port
    except ValueError:
        raise InvalidInput([Problem(label, "must have a port from 0 to 65535")]) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _api_version(value: str, label: str) -> str | None:
    if value and not re.fullmatch(r"[0-9]+\.[0-9]+", value):
        raise InvalidInput([Problem(label, "must be a version such as 1.0", value)])
    return value or None


def _timeout(option: str, value: float) -> float:
    if not 0 < value <= LONGEST_TIMEOUT:
        rule = f"must be more than 0 and at most {LONGEST_TIMEOUT} (seconds)"
        raise InvalidInput([Problem(option, rule, value)])
    return value


def _retries(option: str, value: int) -> int:
    if not 0 <= value <= MOST_RETRIES:
        raise InvalidInput([Problem(option, f"must be 0 or more, and at most {MOST_RETRIES}", value)])
    return value
