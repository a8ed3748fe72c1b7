"""Words that spam filters and readers dislike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tessera.campaigns.templates.checking.finding import PAGE, FindingPlace, TemplateFinding
from tessera.campaigns.templates.compiling.liquid_tokens import TOKEN

_LEAST_WORDS = 20
_REPEATED = re.compile(r"[!?$€£]{2,}")
_LINK = re.compile(r"\S+://\S+")
_LEAST_LETTERS = 8
_LOUD_SHARE = 0.6


def shouting(text: str, place: FindingPlace) -> Iterator[TemplateFinding]:
    """Yield a warning for capitals and repeated marks."""
    letters = [one for one in TOKEN.sub("", text) if one.isalpha()]
    loud = sum(one.isupper() for one in letters)
    capitals = len(letters) >= _LEAST_LETTERS and loud > _LOUD_SHARE * len(letters)
    if capitals or _REPEATED.search(TOKEN.sub("", text)):
        yield place.warning(
            "shouting",
            "capitals and repeated marks look like spam",
            "Write it as you would say it",
        )


def little_text(text: str) -> Iterator[TemplateFinding]:
    """Yield a warning when a message is pictures and links alone."""
    words = len(re.findall(r"\w+", _LINK.sub("", text)))
    if words < _LEAST_WORDS:
        yield FindingPlace(PAGE).warning(
            "little-text",
            f"the mail has {words} words: filters and people without pictures see nothing",
            f"Write at least {_LEAST_WORDS} words",
        )
