"""One thing that is wrong with a template, its place, and what to do about it."""

from __future__ import annotations

import dataclasses
from typing import Literal

Severity = Literal["error", "warning"]
BRAND = "brand"  # the path of findings about the brand kit
PAGE = "page"  # the path of findings about the subject and the template as a whole


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateFinding:
    """A finding.

    Parameters
    ----------
    severity
        An ``error`` blocks publishing.
    rule
        A stable name, such as ``unknown-variable``.
    path
        The block's place, such as ``blocks[3].first[0]``, or ``page`` or ``brand``.
    block
        The block's id, or an empty text.
    field
        The field, such as ``link`` or ``links[1].link``, or an empty text.
    problem
        What is wrong.
    action
        What to do.
    """

    severity: Severity
    rule: str
    path: str
    problem: str
    action: str
    block: str
    field: str

    @property
    def where(self) -> str:
        """The place in words: ``blocks[3].first[0] link``."""
        return f"{self.path} {self.field}".strip()


@dataclasses.dataclass(frozen=True)
class FindingPlace:
    """Where findings are made: a field of a block."""

    path: str
    block: str = ""
    field: str = ""

    def error(self, rule: str, problem: str, action: str) -> TemplateFinding:
        """Return an error at this place."""
        return self._finding("error", rule, problem, action)

    def warning(self, rule: str, problem: str, action: str) -> TemplateFinding:
        """Return a warning at this place."""
        return self._finding("warning", rule, problem, action)

    def at(self, field: str) -> FindingPlace:
        """Return the place of a field of the same block."""
        return dataclasses.replace(self, field=field)

    def _finding(self, severity: Severity, rule: str, problem: str, action: str) -> TemplateFinding:
        return TemplateFinding(
            severity=severity, rule=rule, path=self.path, block=self.block, field=self.field,
            problem=problem, action=action,
        )  # fmt: skip
