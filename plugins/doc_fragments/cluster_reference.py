# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that works on a cluster which exists."""

    DOCUMENTATION = r"""
options:
  cluster_id:
    description:
      - ID of the cluster. It saves the look-up by O(cluster_name), which is one call.
      - Either O(cluster_id) or O(cluster_name) is required.
    type: str
  cluster_name:
    description: Name of the cluster. If more than one has it, the task fails.
    type: str
"""
