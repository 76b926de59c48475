# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx builds the documentation site from what antsibull-docs makes of the collection."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

project = "samsungcloud.scp"
copyright = "samsungcloud.scp contributors"  # noqa: A001
title = "MariaDB on Samsung Cloud Platform with Ansible"
html_short_title = project

extensions = ["sphinx_antsibull_ext"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"

html_theme = "sphinx_ansible_theme"
html_show_sphinx = False
html_use_smartypants = True
html_use_modindex = False
html_use_index = False
html_copy_source = False

# Where the labels of Ansible's own documentation are; the site is built without a network to ask for its inventory.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest"
SETTINGS = f"{ANSIBLE}/reference_appendices/config.html"
LABELS = {
    "action_plugins": f"{ANSIBLE}/plugins/action.html",
    "ansible_configuration_settings": SETTINGS,
    "common_return_values": f"{ANSIBLE}/reference_appendices/common_return_values.html",
}
PLUGIN = re.compile(r"ansible_collections\.(\w+)\.(\w+)\.(\w+_(?:module|lookup|filter|test|inventory))(__\S+)?")


def setup(app: Sphinx) -> None:
    app.connect("missing-reference", refer_to_ansible)


def refer_to_ansible(
    _app: Sphinx, _environment: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Point to Ansible's documentation where a label is not one of this collection."""
    is_setting = node["reftype"] == "envvar" and node["reftarget"].startswith("ANSIBLE_")
    target = SETTINGS if is_setting else url_of(node["reftarget"])
    return nodes.reference("", "", content, internal=False, refuri=target) if target else None


def url_of(label: str) -> str | None:
    plugin = PLUGIN.fullmatch(label)
    if plugin and plugin[1] != "samsungcloud":
        return f"{ANSIBLE}/collections/{plugin[1]}/{plugin[2]}/{plugin[3]}.html"
    return LABELS.get(label)
