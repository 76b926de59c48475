# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.samsungcloud.scp.plugins.modules import mariadb_backup_history
from ansible_collections.samsungcloud.scp.plugins.plugin_utils._action import ScpAction


class ActionModule(ScpAction):
    """The module of the same name, inside Ansible's worker where that makes no difference."""

    module = mariadb_backup_history
