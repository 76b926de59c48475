# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that starts operations which go on in the background."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until SCP has carried out what was asked for.
      - Without waiting only one operation fits into a task, because SCP runs one at a time on a cluster. A task that
        needs more is refused before anything is sent.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds that the whole task may spend waiting, over all of its operations.
      - When they are spent the task fails, the operation goes on in the cloud, and the next run goes on waiting for
        it.
      - SCP takes about 10 minutes to create a small cluster, 5 to change a server type, and now and then more than an
        hour to terminate.
    type: int
    default: 7200
"""
