# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Option of every module that judges backups, and the action group of these modules."""

    DOCUMENTATION = r"""
options:
  restorable_states:
    description:
      - Words of C(backup_state) that mean a finished, good backup, beside those that the collection knows, such as
        V(COMPLETED), V(SUCCESS) and V(AVAILABLE). Upper and lower case do not matter.
      - SCP does not document its words. A backup with a word that nobody knows is never taken for a good one, and
        never removed by its age or its place in the list.
      - Declare a word only after a restore of such a backup has succeeded.
      - To set it once for a play, use C(module_defaults) with the action group C(samsungcloud.scp.backup).
    type: list
    elements: str
    default: []
attributes:
  action_group:
    description: Takes its defaults from C(module_defaults) for these action groups.
    support: full
    membership:
      - samsungcloud.scp.scp
      - samsungcloud.scp.backup
"""
