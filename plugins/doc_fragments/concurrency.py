# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Option of every module and plugin that makes several calls for one answer."""

    DOCUMENTATION = r"""
options:
  concurrency:
    description:
      - How many calls may be under way at the same time, from 1 to 32.
      - When SCP asks one of them to come back later (status 429), none of the others is sent before that time.
    type: int
    default: 8
"""
