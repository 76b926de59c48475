# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: mariadb
short_description: MariaDB clusters on Samsung Cloud Platform as hosts
version_added: 0.1.0
description:
  - Makes a host of each MariaDB (DBaaS) cluster, or of each server of the clusters, in any number of regions.
  - The file that configures it is YAML, and its name ends with C(mariadb_scp.yml), C(mariadb_scp.yaml),
    C(scp_mariadb.yml) or C(scp_mariadb.yaml).
  - Clusters that are C(TERMINATED), or that ended while the inventory was read, are left out. Nothing else is. A region
    or a cluster that can't be read is an error, and then there is no host at all.
  - A host has all that the API shows of its cluster as variables that begin with O(hostvars_prefix), for example
    C(scp_mariadb_service_state). Beside it stand the region and what modules of C(ansible.mariadb) take,
    C(scp_mariadb_login_host), C(scp_mariadb_login_port) and C(scp_mariadb_login_user), and as C(ansible_host) the
    address, each as far as it is known. C(scp_mariadb_role_type) tells origins from replicas.
  - Of clusters in full there are C(scp_mariadb_is_replica), C(scp_mariadb_replica_of) and
    C(scp_mariadb_active_instance) as well, which are null where SCP does not show it.
  - With O(hosts=instances) there are C(scp_mariadb_instance_name), C(scp_mariadb_instance_role_type) (such as
    C(ACTIVE) or C(STANDBY)), C(scp_mariadb_instance_service_state) and so on as well, which are those of the server.
    C(scp_mariadb_instance_is_active) is true or false, or null where the role is null or no known word.
  - Where two hosts would have the same name, be it in different regions, each gets its cluster's ID appended, as in
    C(orders_0fdd87aab8cb46f59b7c1f81ed03fb3e), and a warning says so. The same goes for a name that is reserved or
    that a group has. If all but one are C(TERMINATING), that one keeps the name.
author:
  - samsungcloud.scp contributors (@samsungcloud)
extends_documentation_fragment:
  - samsungcloud.scp.connection
  - samsungcloud.scp.connection.variables
  - samsungcloud.scp.concurrency
  - constructed
  - inventory_cache
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [samsungcloud.scp.mariadb]
  regions:
    description:
      - Regions to read, for example V(kr-west1). Overrides O(region).
      - If left out, the one region of O(region) or O(endpoint) is read.
    type: list
    elements: str
  endpoints:
    description:
      - URLs of the MariaDB API by the names of regions, for those of O(regions) that are not reached at their usual
        URL, such as a region that is newer than this collection. Overrides O(endpoint).
      - With more than one of O(regions) this takes the place of O(endpoint), which is the URL of a single region.
    type: dict
    default: {}
  hosts:
    description: What becomes a host, each cluster or each server of the clusters.
    type: str
    choices: [clusters, instances]
    default: clusters
  details:
    description:
      - Whether to read each cluster in full, which takes one more call for each.
      - Without it a host has the variables that the list of clusters shows, as in
        RV(samsungcloud.scp.mariadb_cluster_info#module:clusters), and no address.
      - O(hosts=instances) needs it.
    type: bool
    default: true
  name:
    description: Only the cluster of exactly this name. SCP applies this filter and the next two.
    type: str
  service_state:
    description: Only the clusters in this service state.
    type: str
    choices:
      - RUNNING
      - STOPPED
      - UNKNOWN
      - ERROR
      - FAILED
      - CREATING
      - STOPPING
      - STARTING
      - RESTARTING
      - EDITING
      - SYNCHRONIZING
      - UPGRADING
      - TERMINATING
      - MIGRATING
  database_name:
    description: Only the clusters with this first database.
    type: str
  tags:
    description:
      - Only the clusters with all of these tags. A tag without a value stands for any value of it.
      - A host has the tags of its cluster as C(scp_mariadb_tags) then, a dictionary. An empty one here lets all
        clusters pass.
      - They are looked up in SCP's Resource Manager, at O(resource_manager_endpoint), which takes one more call for
        each cluster that the other filters let pass.
    type: dict
  hostnames:
    description:
      - Jinja2 expressions for the name of a host, of which the first one that gives a text is used. They can use the
        variables of the host, for example V(scp_mariadb_name ~ '.' ~ scp_mariadb_region).
      - If left out, a host has the name of the cluster or of the server.
      - Characters other than letters, digits, dots, hyphens and underscores become underscores.
    type: list
    elements: str
  connect_with:
    description:
      - The address that is the host's.
      - For V(private) it is the virtual IP address of a highly available cluster, and otherwise the server's. With
        O(hosts=instances) it is always the server's.
      - For V(public) it is the public IP address that belongs to it. A host without one has no address.
    type: str
    choices: [private, public]
    default: private
  hostvars_prefix:
    description: What the names of the variables begin with. It must not be empty or begin with C(ansible_).
    type: str
    default: scp_mariadb_
notes:
  - The options of the connection, the filters, O(regions) and O(endpoints) can be Jinja2 templates, which can use
    lookups and extra variables. The cache never holds secrets.
  - Ansible only warns where an inventory can't be read. Set C(any_unparsed_is_failed = true) in the section
    C([inventory]) of C(ansible.cfg), or E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED), to let such a run fail.
  - Nobody logs in to the servers of a managed database. Use C(connection=local) or C(delegate_to) in plays for its
    hosts.
seealso:
  - module: samsungcloud.scp.mariadb_cluster_info
"""

EXAMPLES = r"""
# The clusters of the region and with the keys that the environment names.
plugin: samsungcloud.scp.mariadb

---
# Two regions, with keys from a vault, and with groups such as state_running and role_replica.
plugin: samsungcloud.scp.mariadb
regions:
  - kr-west1
  - kr-east1
access_key: "{{ lookup('ansible.builtin.env', 'MY_SCP_ACCESS_KEY') }}"
secret_key: "{{ lookup('ansible.builtin.file', '~/.secrets/scp') }}"
keyed_groups:
  - key: scp_mariadb_service_state | lower
    prefix: state
  - key: scp_mariadb_role_type | lower
    prefix: role
hostnames:
  - scp_mariadb_name ~ '.' ~ scp_mariadb_region

---
# The clusters of a team, with groups such as stage_production by another of their tags.
plugin: samsungcloud.scp.mariadb
tags:
  team: commerce
keyed_groups:
  - key: scp_mariadb_tags.stage
    prefix: stage

---
# The servers of the running clusters, the standby ones in a group of their own, read anew every ten minutes.
plugin: samsungcloud.scp.mariadb
hosts: instances
service_state: RUNNING
groups:
  standby: scp_mariadb_instance_is_active is false
compose:
  ansible_connection: "'local'"
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/scp
cache_timeout: 600
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _config, _fleet, _inventory, _rules, _spec
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Problem, ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._masking import Mask

ENDINGS = ("mariadb_scp.yml", "mariadb_scp.yaml", "scp_mariadb.yml", "scp_mariadb.yaml")
FILTERS = ("name", "service_state", "database_name")
# The options in which null and a blank text count as left out, as in the modules.
SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **{name: {"type": "str"} for name in FILTERS},
    "regions": {"type": "list", "elements": "str"},
    "endpoints": {"type": "dict"},
    "tags": {"type": "dict"},
}
RULES: dict[str, _rules.Rule] = {
    "concurrency": _rules.CONCURRENCY,
    "database_name": _rules.NAME,
    "name": _rules.NAME,
    "regions[]": _rules.REGION,
    "hostvars_prefix": _rules.Text(
        "must begin like the name of a variable, and not with ansible_", r"(?!ansible_)[A-Za-z_][A-Za-z0-9_]*"
    ),
}


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):  # type: ignore[misc]
    """Hosts out of clusters; what it reads and makes of it is the same core's as in the modules."""

    NAME = "samsungcloud.scp.mariadb"

    def verify_file(self, path: str) -> bool:
        """Tell whether a file is for this plugin, by its name."""
        return bool(super().verify_file(path)) and path.endswith(ENDINGS)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Read the clusters and make hosts of them; when anything fails there are none."""
        super().parse(inventory, loader, path, cache)
        self.templar.available_variables = self._vars
        given = self._read_config_data(path)
        regions: list[_fleet.Region] = []
        try:
            self._check(given)
            regions = _fleet.regions(self._options_of_connection(), os.environ, Path.home())
            found = self._found(regions, path, cache)
            made = _inventory.hosts(found, self.get_option("hosts"), self.get_option("connect_with"))
            self._populate(made)
        except ScpError as error:
            raise AnsibleParserError(_mask(regions)(error.msg)) from None

    def set_options(
        self, task_keys: Any = None, var_options: Any = None, direct: Mapping[str, Any] | None = None
    ) -> None:
        """Take the options of the file with their templates resolved, so that Ansible checks what comes of them."""
        resolved = {
            name: self.templar.template(value) if name in SPEC else value for name, value in (direct or {}).items()
        }
        try:
            # Before Ansible does, which would show secrets that are no texts.
            _spec.check(SPEC, resolved)
        except InvalidInput as error:
            raise AnsibleParserError(error.what) from None
        super().set_options(task_keys=task_keys, var_options=var_options, direct=_spec.given(SPEC, resolved))

    def _options_of_connection(self) -> dict[str, Any]:
        return {name: self.get_option(name) for name in (*_spec.CONNECTION, "regions", "endpoints", "tags")}

    def _check(self, given: Mapping[str, Any]) -> None:
        tags = _rules.tag_violations(self.get_option("tags"))
        _rules.check({name: self.get_option(name) for name in (rule.replace("[]", "") for rule in RULES)}, RULES, tags)
        problems = [Problem(name, "is not an option of this plugin") for name in given if not self.has_option(name)]
        if self.get_option("hosts") == _inventory.INSTANCES and not self.get_option("details"):
            problems.append(Problem("details", "must not be false with hosts: instances"))
        if problems:
            raise InvalidInput(problems)

    def _found(self, regions: list[_fleet.Region], path: str, cache: bool) -> list[dict[str, Any]]:
        """Return the clusters out of the cache, if it holds the answer to the same question, or else read them."""
        kept = self.get_option("cache")
        key, question = self.get_cache_key(path), self._question(regions)
        if kept and cache:
            try:
                entry = self._cache[key]
            except KeyError:
                entry = {}
            if entry.get("question") == question:
                self.display.vvv(f"{len(entry['found'])} clusters are known from the cache")
                return list(entry["found"])
        found = self._read(regions)
        if kept:
            self._cache[key] = {"question": question, "found": found}
        return found

    def _question(self, regions: Iterable[_fleet.Region]) -> str:
        """Return a digest of what is asked, of whom and as whom."""
        asked = [[region.name, *_identity(region.config), *_identity(region.resource_manager)] for region in regions]
        filters = [self.get_option(name) for name in (*FILTERS, "details")]
        tags = self.get_option("tags")
        filters.append(tags and _api.tag_list(tags))
        return hashlib.sha256(json.dumps([asked, filters], default=str).encode()).hexdigest()

    def _read(self, regions: list[_fleet.Region]) -> list[dict[str, Any]]:
        warnings: list[str] = []
        concurrency = self.get_option("concurrency")
        filters = {name: self.get_option(name) for name in FILTERS}
        listed = _fleet.read(regions, filters, concurrency, warnings.append)
        self.display.vvv(f"{len(listed)} clusters are listed in {', '.join(str(region) for region in regions)}")
        if self.get_option("tags") is not None:
            listed = _fleet.tagged(listed, self.get_option("tags"), concurrency, warnings.append)
        for warning in warnings:
            self.display.warning(_mask(regions)(warning))
        if self.get_option("details"):
            listed = _fleet.complete(listed, concurrency)
        found: list[dict[str, Any]] = _mask(regions).values(_fleet.portable(listed))
        return found

    def _populate(self, made: list[_inventory.Host]) -> None:
        """Add the hosts, or none of them if one fails.

        Ansible tells hosts from groups by their names alone, so that all variables are set before any group is made.
        """
        variables = [self._variables(host) for host in made]
        names = self._names(made, variables)
        before = set(self.inventory.hosts)
        try:
            self._add(dict(zip(names, variables)))
        except Exception:
            for name in set(names) - before:
                if name in self.inventory.hosts:
                    self.inventory.remove_host(self.inventory.hosts[name])
            raise

    def _variables(self, host: _inventory.Host) -> dict[str, Any]:
        prefix = self.get_option("hostvars_prefix")
        variables = {f"{prefix}{key}": value for key, value in host.variables.items()}
        return {**variables, "ansible_host": host.address} if host.address else variables

    def _names(self, made: list[_inventory.Host], variables: list[dict[str, Any]]) -> list[str]:
        wanted = [self._wanted_name(host, its) for host, its in zip(made, variables)]
        groups = {*self.inventory.groups, *map(self._sanitize_group_name, self.get_option("groups") or {})}
        names = _inventory.unique_names(made, wanted, groups)
        told = sorted(name for name, host in zip(names, made) if name.endswith(f"_{host.cluster_id}"))
        if told:
            more = f" and {len(told) - 10} more" if len(told) > 10 else ""
            self.display.warning(
                "Names that several hosts share, or that mean something else to Ansible, got an id appended: "
                f"{', '.join(told[:10])}{more}."
            )
        return names

    def _wanted_name(self, host: _inventory.Host, variables: dict[str, Any]) -> str:
        preferences = self.get_option("hostnames")
        if preferences is None:
            return host.name
        for expression in preferences:
            try:
                name = self._compose(expression, variables)
            except Exception as error:
                if self.get_option("strict"):
                    raise AnsibleParserError(f"hostnames: {expression!r} fails for {host}: {error}") from error
                continue
            if name:
                return str(name)
        rule = f"has no expression that gives a name to {host}; end the list with one that always does"
        raise InvalidInput([Problem("hostnames", rule)])

    def _add(self, hosts: dict[str, dict[str, Any]]) -> None:
        strict = self.get_option("strict")
        for name, variables in hosts.items():
            self.inventory.add_host(name)
            for variable, value in variables.items():
                self.inventory.set_variable(name, variable, value)
        for name, variables in hosts.items():
            self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        for name, variables in hosts.items():
            self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        for name, variables in hosts.items():
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)


def _identity(config: _config.Config | None) -> list[str | None]:
    """Return what tells apart whom and as whom a service is asked."""
    return [config.endpoint, config.access_key, config.api_version, config.region] if config else []


def _mask(regions: Iterable[_fleet.Region]) -> Mask:
    """Return what strikes out the secrets, which a service might repeat."""
    return Mask(secret for region in regions for secret in region.config.secrets())
