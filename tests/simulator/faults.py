# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults to order: what networks and clouds do to a call, before or after it has had its effect."""

from __future__ import annotations

from dataclasses import dataclass

from .answers import Answer, json_answer
from .problems import GatewayProblem, Problem, phrase
from .scheduled import Planned

# What gateways of other makes answer where they know no route, or no server behind it.
OTHER_GATEWAYS = {"message": {"message": "no Route matched with those values"}, "error": {"error": "Not Found"}}
BEFORE_ACTING = ("reset", "hang", "status", "redirect", "slow")


@dataclass
class Fault(Planned):
    kind: str = "status"
    status: int = 503
    body: str = "service"
    code: str = "ContactAdminForAssistance"
    detail: str | list[str] = "Internal server error"
    retry_after: str | None = None
    seconds: float = 1.0
    location: str = "https://elsewhere.example/"

    @property
    def comes_first(self) -> bool:
        return self.kind in BEFORE_ACTING

    def spoil(self, answer: Answer, path: str, now: float) -> Answer:
        """What becomes of an answer, be it the right one or none yet."""
        if self.kind in ("status", "status_after"):
            return self._other_status(path, now)
        if self.kind == "redirect":
            return Answer(307, headers={"location": self.location})
        if self.kind in ("reset", "reset_after"):
            return Answer(answer.status, drops=True)
        if self.kind in ("hang", "hang_after"):
            return Answer(answer.status, drops=True, hangs_for=self.seconds)
        if self.kind == "truncated":
            return Answer(answer.status, answer.body, answer.headers, drops=True)
        if self.kind == "broken_json":
            return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
        if self.kind == "empty":
            return Answer(answer.status, headers=answer.headers)
        return answer

    def _other_status(self, path: str, now: float) -> Answer:
        headers = {} if self.retry_after is None else {"retry-after": self.retry_after}
        if self.body == "html":
            return Answer(self.status, nginx_page(self.status).encode(), {"content-type": "text/html", **headers})
        if self.body == "empty":
            return Answer(self.status, headers=headers)
        if self.body in OTHER_GATEWAYS:
            return json_answer(self.status, OTHER_GATEWAYS[self.body], headers)
        if self.body == "gateway":
            return json_answer(self.status, GatewayProblem(self.status, path).body(now), headers)
        return json_answer(self.status, Problem(self.status, self.code, self.detail).body(), headers)


def nginx_page(status: int) -> str:
    title = f"{status} {phrase(status)}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
