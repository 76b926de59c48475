# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What every module of the collection supports."""

    DOCUMENTATION = r"""
attributes:
  action:
    description: Runs inside Ansible's worker where that makes no difference, and as a module elsewhere.
    support: full
  async:
    description: Can be run with the C(async) keyword.
    support: full
  check_mode:
    description: Can run in C(check_mode) and return the changes that it would make, without making them.
    support: full
    details:
      - RV(operations) lists the calls that a real run would make, in their order.
  diff_mode:
    description: Returns what has changed, or in C(check_mode) what would change.
    support: full
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
  platform:
    description: Platforms that the module can run on.
    support: full
    platforms: posix
"""

    # For the modules that only read.
    INFO = r"""
attributes:
  action:
    description: Runs inside Ansible's worker where that makes no difference, and as a module elsewhere.
    support: full
  async:
    description: Can be run with the C(async) keyword.
    support: full
  check_mode:
    description: Can run in C(check_mode), because it changes nothing.
    support: full
  diff_mode:
    description: Returns what has changed.
    support: N/A
    details:
      - The module changes nothing.
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
  platform:
    description: Platforms that the module can run on.
    support: full
    platforms: posix
"""

    ACTION_GROUP = r"""
attributes:
  action_group:
    description: Takes its defaults from C(module_defaults) for this action group.
    support: full
    membership:
      - samsungcloud.scp.scp
notes:
  - The options of the connection can be set once for a play with C(module_defaults) and the action group
    C(samsungcloud.scp.scp).
  - An option that is null or a blank text counts as left out, at every depth. A dictionary or a list with nothing but
    such values is left out as a whole. Only one that is written as C({}) or C([]) is empty.
"""
