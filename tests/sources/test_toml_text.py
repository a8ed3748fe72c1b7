"""Definitions of segment sets as TOML: they read back as they were, whatever they hold."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.toml_text import to_toml

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
NUMBER = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
COLUMN = st.sampled_from(["monetary", "next_order_at", "gap_state"])


def table(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


TEXTS = {"label": TEXT, "meaning": TEXT, "action": TEXT}
HEAD = {"prefix": TEXT, "meaning": TEXT}
LISTS = st.lists(TEXT | NUMBER, min_size=1, max_size=3)
LIMITS = table({}, **{"from": NUMBER, "below": NUMBER})
LEAF = st.one_of(
    table({"column": COLUMN}, **{"from": NUMBER | TEXT, "below": NUMBER | TEXT}),
    table({"column": COLUMN, "in": LISTS}),
    table({"set": TEXT, "not_in": LISTS}),
)
GROUP = st.recursive(
    LEAF,
    lambda part: st.one_of(
        table({name: st.lists(part, min_size=1, max_size=3)}) for name in ("all", "any")
    ),
    max_leaves=8,
)
RULE = table({"column": COLUMN, "ranges": st.dictionaries(TEXT, LIMITS, max_size=3)}) | table(
    {"column": COLUMN, "values": st.dictionaries(TEXT, TEXT, max_size=3)}
)
PAIRS = st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1, max_size=3)


def some(**fields: Any) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(table(TEXTS | fields), min_size=1, max_size=3)


DEFINITIONS = st.one_of(
    table({**HEAD, "label": some(when=GROUP), "otherwise": table(TEXTS)}),
    table(
        {
            **HEAD,
            "label": some(),
            "rule": st.lists(RULE, min_size=1, max_size=2),
            "empty": table(TEXTS),
        }
    ),
    table(
        {**HEAD, "of": st.lists(TEXT, min_size=2, max_size=2), "label": some(pairs=PAIRS)},
        otherwise=table(TEXTS),
    ),
)


@given(definition=DEFINITIONS, name=TEXT)
def test_a_definition_reads_back_as_it_was(definition, name):
    assert tomllib.loads(to_toml(definition)) == definition
    settings = {"segment_sets": [name], "sets": {name: definition}}
    assert tomllib.loads(to_toml(settings)) == settings
