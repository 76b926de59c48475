# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long to pause between two looks at an operation, by what is known of how long it takes.

Looks at most 2 % apart cost ln(end/begin)/ln(1.02) of them, so that no pace is both close and cheap over all durations.
Those of an operation with a known span are few before it and close in it; without one, an end is either likely to come
soon, which is worth many looks, or not known at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Clock

# Seconds to pause, of the seconds that have passed since the operation began.
Pace = Callable[[float, Clock], float]

FIRST_PAUSE = 0.25
# An end that is likely is noticed after at most this share of the operation's duration, in these bounds in seconds.
OVERSHOOT = 0.02
LEAST_OVERSHOOT = 1.0
LARGEST_OVERSHOOT = 30.0
# The longest pause where nothing is known of the end.
LONGEST_PAUSE = 10.0


@dataclass(frozen=True)
class Span:
    """The seconds from ``shortest`` to ``longest`` in which an operation typically ends.

    Before it pauses grow by ``growth`` up to ``longest_pause`` seconds, and the last of them leads to its begin.
    The looks that this saves pay for those in the span: whatever ends after more than two minutes has cost fewer of
    them than at a fixed pause of 10 s. The shorter the span, the fewer looks there are before it to be saved.
    """

    shortest: float
    longest: float
    growth: float = 2.0
    longest_pause: float = 30.0

    def pause(self, elapsed: float, clock: Clock) -> float:
        if self.shortest - elapsed > FIRST_PAUSE:
            return self._pause_before(elapsed, clock)
        close = min(_close(elapsed), LARGEST_OVERSHOOT)
        return close if elapsed < self.longest else max(LONGEST_PAUSE, close)

    def _pause_before(self, elapsed: float, clock: Clock) -> float:
        """Return an even part of what is left until the span.

        The last part ends by chance anywhere in the first 2 %, which puts runs that began together out of step for the
        whole span, where jitter would cost looks.
        """
        left = self.shortest - elapsed
        pauses = math.ceil(left / min(_grown(elapsed, self.growth), self.longest_pause))
        if pauses == 1:
            latest = self.shortest * (1 + OVERSHOOT)
            return clock.jitter(latest, 1 - self.shortest / latest) - elapsed
        return clock.jitter(left / pauses)


def short(elapsed: float, clock: Clock) -> float:
    """The pace for an operation that ends soon, in a time that is not known."""
    return clock.jitter(min(_grown(elapsed), _close(elapsed), LONGEST_PAUSE))


def unknown(elapsed: float, clock: Clock) -> float:
    """The pace for what may end soon or late, or whose begin is not known."""
    return clock.jitter(min(_grown(elapsed), LONGEST_PAUSE))


def _close(elapsed: float) -> float:
    return max(LEAST_OVERSHOOT, OVERSHOOT * elapsed)


def _grown(elapsed: float, growth: float = 1.5) -> float:
    """Return the pause that follows pauses of ``elapsed`` seconds in all, each ``growth`` times the one before."""
    return FIRST_PAUSE + (growth - 1) * elapsed


# What was seen live, in minutes (facts: section 4): a creation 9 to 11, a change of size 4.5 to 6.5, an upgrade of the
# kernel 3.5 to 4.5, a start about 3, a termination 3 to 4. Inferred from them: a patch takes as long as that upgrade;
# replicas and restored clusters take as long as a creation or longer, because data is copied.
_CREATION = Span(540, 660)
_COPY = Span(540, 3600)
_RESIZE = Span(270, 390)
_UPGRADE = Span(210, 270, growth=3, longest_pause=40)
PACES: dict[str, Pace] = {
    "Add Block Storages": _RESIZE.pause,
    "Create Cluster": _CREATION.pause,
    "Create Manual Backup": unknown,
    "Create Replica": _COPY.pause,
    "Create Replica in Other Region": _COPY.pause,
    "Create Restore Cluster": _COPY.pause,
    "Patch Minor Version": _UPGRADE.pause,
    "Reset Replica": unknown,
    "Set Block Storage Size": _RESIZE.pause,
    "Set Server Type": _RESIZE.pause,
    "Start Cluster": Span(165, 195, growth=4, longest_pause=45).pause,
    "Terminate Cluster": Span(180, 240, growth=4, longest_pause=50).pause,
    "Upgrade Kernel": _UPGRADE.pause,
    "Upgrade Major Version": unknown,
}


def of(operation: str) -> Pace:
    """Return the pace for an operation by its title; what is not in the table is short, such as settings."""
    return PACES.get(operation, short)
