"""One field of a block or of the brand kit, as blocks.json declares it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Literal

FieldType = Literal[
    "text", "rich", "url", "number", "choice", "colour", "language", "word", "list", "slot"
]
_TEXTS = ("text", "rich", "url")
_PATTERNS = {
    "colour": (re.compile(r"#[0-9a-f]{6}"), "a colour such as #0b4a9e"),
    "language": (
        re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"),
        "a language such as en or pt-BR",
    ),
    # Inside a quoted text of a Liquid condition.
    "word": (
        re.compile(r'[^"{}%<>\\\x00-\x1f\x7f]*'),
        'a text without ", \\, {, }, %, <, > and line breaks',
    ),
}
# Control characters, halves of surrogate pairs, and the private characters that fonts make up.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ue000-\uf8ff]")


@dataclasses.dataclass(frozen=True, kw_only=True)
class BlockField:
    """A field: its type decides how it is checked, escaped and edited.

    Parameters
    ----------
    type
        ``word`` is a text inside a Liquid condition, ``slot`` holds other blocks.
    label
        What the editor shows.
    default
        The value of a block that has none.
    required
        An empty text is an error.
    least, most
        Limits of a number, of the characters of a text or of the rows of a list.
    options
        The values of a choice.
    fields
        The fields of each row of a list.
    holds
        ``sections`` or ``column``: where the blocks of a slot are drawn.
    role
        ``image`` for a picture's address, ``alt`` for its words.
    """

    type: FieldType
    label: str
    default: Any = ""
    required: bool = False
    least: int = 0
    most: int = 0
    options: tuple[str, ...] = ()
    fields: Mapping[str, BlockField] = dataclasses.field(default_factory=dict)
    holds: Literal["", "sections", "column"] = ""
    role: Literal["", "image", "alt"] = ""

    def mismatch(self, value: object) -> str:
        """Return why a value cannot be compiled, or an empty string."""
        if self.type == "list":
            return self._mismatch_of_rows(value)
        if self.type == "slot":
            return "" if isinstance(value, tuple) else f"expected a list of blocks, got {value!r}"
        if self.type == "number":
            return self._mismatch_of_number(value)
        if not isinstance(value, str):
            return f"expected a text, got {value!r}"
        return self._mismatch_of_text(value)

    def problem(self, value: object) -> str:
        """Return what is wrong with a value, or an empty string.

        The rows of a list and the blocks of a slot are checked by their fields, not here.
        """
        if mismatch := self.mismatch(value):
            return mismatch
        if isinstance(value, (list, tuple)):
            fits = self.type == "slot" or self.least <= len(value) <= self.most
            return "" if fits else f"expected {self.least} to {self.most} rows, got {len(value)}"
        return self._problem_of_text(value) if isinstance(value, str) else ""

    def _mismatch_of_rows(self, value: object) -> str:
        if not isinstance(value, (list, tuple)):
            return f"expected a list, got {value!r}"
        for number, row in enumerate(value, 1):
            if not isinstance(row, Mapping):
                return f"row {number}: expected an object, got {row!r}"
            if unknown := sorted(map(str, row.keys() - self.fields.keys())):
                return f"row {number}: unknown field {unknown[0]!r}"
            for name, field in self.fields.items():
                if mismatch := field.mismatch(row.get(name, field.default)):
                    return f"row {number}, {name}: {mismatch}"
        return ""

    def _mismatch_of_number(self, value: object) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            return f"expected a whole number, got {value!r}"
        if not self.least <= value <= self.most:
            return f"expected {self.least} to {self.most}, got {value}"
        return ""

    def _mismatch_of_text(self, value: str) -> str:
        if self.type == "choice" and value not in self.options:
            return f"expected one of {', '.join(self.options)}, got {value!r}"
        if self.type in _PATTERNS:
            pattern, expected = _PATTERNS[self.type]
            return "" if pattern.fullmatch(value) else f"expected {expected}, got {value!r}"
        return ""

    def _problem_of_text(self, value: str) -> str:
        if self.required and not value.strip():
            return "it is empty"
        if self.most and len(value) > self.most:
            return f"expected at most {self.most} characters, got {len(value)}"
        if bad := _UNPRINTABLE.search(value):
            return f"it holds the character U+{ord(bad[0]):04X}, which mail clients cannot show"
        return ""

    @property
    def holds_liquid(self) -> bool:
        """Whether Liquid works in this field."""
        return self.type in _TEXTS


def read_field(declared: Mapping[str, Any]) -> BlockField:
    """Return a field of blocks.json.

    Raises
    ------
    TypeError
        It declares something that no field has.
    """
    members = {**declared, "options": tuple(declared.get("options", ()))}
    members["fields"] = read_fields(declared.get("fields", {}))
    if declared["type"] == "slot":
        members["default"] = tuple(declared["default"])
    return BlockField(**members)


def read_fields(declared: Mapping[str, Any]) -> dict[str, BlockField]:
    """Return the fields of a block, of the brand kit or of a list's rows, by name."""
    return {name: read_field(one) for name, one in declared.items()}
