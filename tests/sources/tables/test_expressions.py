"""Expressions give the values that they say, and what is not allowed is refused with its reason."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.errors import InvalidInput
from tessera.sources.tables.columns import ROW
from tessera.sources.tables.expressions import parse_expression

CONNECTION = duckdb.connect(config={"threads": 1})
CELLS = {"Id": "7", "Stage": "Closed Won", "Net": " 12.50 ", "Day": "20260105", "None": None}


def value(expression: str) -> str | None:
    parsed = parse_expression(expression)
    columns = ", ".join(f'CAST(? AS TEXT) AS "{name}"' for name in CELLS)
    query = f"SELECT {parsed.as_text} FROM (SELECT {columns}) AS {ROW}"
    (cell,) = CONNECTION.execute(query, list(CELLS.values())).fetchone()
    return None if cell is None else str(cell)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'sfdc/' || Id", "sfdc/7"),
        ("CASE WHEN Stage = 'Closed Won' THEN 'PURCHASED' ELSE 'VIEWED' END", "PURCHASED"),
        ("case when Stage in ('Lost', 'Open') then 'x' end", None),
        ("number(Net) * 2 - 1", "24.0000"),
        ("-number(Net)", "-12.5000"),
        ("number(Stage)", None),
        ("substr(Day, 1, 4) || '-' || substr(Day, 5, 2) || '-' || substr(Day, 7, 2)", "2026-01-05"),
        ("substr(Day, 0, 4)", "2026"),
        ("coalesce(None, 'it''s')", "it's"),
        ("nullif(Id, '7')", None),
        ('"Stage"', "Closed Won"),
        ("replace(lower(Stage), ' ', '_')", "closed_won"),
        ("split_part(Stage, ' ', 2)", "Won"),
        ("lpad(Id, 3, '0')", "007"),
        ("text(length(Stage))", "10.0000"),
        ("CASE WHEN NOT (Id BETWEEN '1' AND '5') AND None IS NULL THEN 'yes' END", "yes"),
        ("CASE WHEN Stage LIKE 'Closed%' OR Id = '1' THEN 'closed' END", "closed"),
        ("CASE WHEN Stage NOT LIKE '%Won' THEN 'no' WHEN number(Net) > 12 THEN 'big' END", "big"),
    ],
)
def test_an_expression_gives_its_value(expression: str, expected: str | None) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("read_csv('/etc/passwd')", "read_csv.. is not allowed: expected abs"),
        ("getenv('HOME')", "is not allowed"),
        ("(SELECT 1)", r"expected \) at '1\)'"),
        ("Id; DROP TABLE x", "';' begins with|; DROP"),
        ("Id -- comment", "needs a number"),
        ("Id::INT", "not allowed"),
        ("Id FROM x", "expected an operator or the end at 'FROM x'"),
        ("Net + 1", r"\+ needs a number, not a text: write number"),
        ("number(Net) || 'x'", r"\|\| needs a text, not a number: write text"),
        ("Id = 7", "mixes number and text"),
        ("Id = NULL", "write IS NULL"),
        ("CASE WHEN Id THEN 'x' END", "WHEN needs a truth"),
        ("CASE Id END", "expected WHEN at 'Id END'"),
        ("coalesce(Id, 7)", "mixes number and text"),
        ("substr(Id)", "takes 2 or 3 values, got 1"),
        ("account.Name", "account. is no lookup of the file, which has none"),
        ("'a\\b'", "backslash"),
        ("'open", "not allowed"),
        ("", "at the end"),
        ("(" * 60 + "Id" + ")" * 60, "nests deeper"),
        ("x" * 3000, "at most 2000"),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_reason(expression, words) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse_expression(expression)


def test_the_columns_that_it_reads_are_known_with_their_lookup() -> None:
    parsed = parse_expression('account."Full Name" || Id || Id', lookups=("account",))

    assert [(each.lookup, each.name) for each in parsed.columns] == [
        ("account", "Full Name"),
        ("", "Id"),
    ]


WORDS = st.sampled_from([
    "Id", "'x'", "1", "(", ")", "||", "+", "=", "AND", "NOT", "CASE", "WHEN", "THEN", "END",
    "lower(", "number(", ",", "IS", "NULL", "IN", "LIKE", "'", ";", "--", "SELECT", "\\",
])  # fmt: skip


@given(st.lists(WORDS, max_size=14))
def test_any_words_are_refused_or_are_sql_of_that_row_alone(words: list[str]) -> None:
    try:
        parsed = parse_expression(" ".join(words))
    except InvalidInput:
        return
    # What was accepted binds: the engine needs nothing but the row's columns.
    columns = ", ".join(f"'1' AS \"{each.name}\"" for each in parsed.columns) or "'1' AS nothing"
    CONNECTION.execute(f"EXPLAIN SELECT {parsed.as_text} FROM (SELECT {columns}) AS {ROW}")
