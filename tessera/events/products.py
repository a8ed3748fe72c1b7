"""What an event was about: one product, or the several products of an order and their shares.

``products`` holds an order's products as text: one line each, with its share of the order's money,
its code and its name between tabs, and its category where it has one. A share has nine decimals,
and those of an order add up to exactly 1. So whatever the order's money comes to, its products'
money adds up to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

CATEGORY = "product_category"
PRODUCT_CELLS = ("product_code", "product_name", CATEGORY)
PRODUCT = (*PRODUCT_CELLS, "products")  # the columns of an event
# SQL. A category alone is no product.
HAS_PRODUCT = "product_code IS NOT NULL OR product_name IS NOT NULL OR products IS NOT NULL"
_MARKS = "length(products) - length(replace(products, chr({}), ''))"
# A line of ``products`` has two tabs, and a third one before a category.
HAS_CATEGORY = f"""({HAS_PRODUCT}) AND ({CATEGORY} IS NOT NULL
    OR {_MARKS.format(9)} > 2 * (1 + {_MARKS.format(10)}))"""
MOST_CHARACTERS = 200
SHARE = "DECIMAL(10, 9)"
_NINE_PLACES = 10**9


def product_text(cell: str | None) -> str | None:
    """Return a product's code, name or category as it is stored. None without one.

    A cell with an address in it names a person, not a product.
    """
    text = (cell or "")[:MOST_CHARACTERS].strip(" ")
    return text if text and "@" not in text else None


def product_sql(cell: str) -> str:
    """Return SQL of DuckDB for what ``product_text`` returns.

    Nearly all cells are stored as they are. Cutting and trimming them costs ten times as much.
    """
    cut = f"nullif(trim(left({cell}, {MOST_CHARACTERS})), '')"
    changed = (
        f"strlen({cell}) > {MOST_CHARACTERS} OR contains({cell}, '@') OR {cell} = '' "
        f"OR starts_with({cell}, ' ') OR ends_with({cell}, ' ')"
    )
    kept = f"CASE WHEN NOT contains({cut}, '@') THEN {cut} END"
    return f"CASE WHEN {changed} THEN {kept} ELSE {cell} END"


def listed(products: Iterable[tuple[Decimal, str | None, str | None, str | None]]) -> str:
    """Return the text of ``products``.

    Parameters
    ----------
    products
        Of each the share, the code, the name and the category. Without code and name it is nobody's
        product.
    """
    return "\n".join(
        "\t".join((f"{share:.9f}", _one_line(code), _one_line(name), *_some(category)))
        for share, code, name, category in products
    )


def _one_line(cell: str | None) -> str:
    return " ".join((cell or "").split())


def _some(category: str | None) -> tuple[str, ...]:
    text = _one_line(category)
    return (text,) if text else ()


def shares(weights: Iterable[Decimal]) -> list[Decimal]:
    """Return each weight's share of them all, to nine decimals. Together they are exactly 1.

    Where weights cancel out so that shares make no sense, their sizes count, and without any size
    all shares are equal.
    """
    signed = list(weights)
    sizes = [abs(weight) for weight in signed]
    if sum(sizes, Decimal(0)) > 9 * abs(sum(signed, Decimal(0))):
        signed = sizes
    if not sum(signed):
        signed = [Decimal(1)] * len(signed)
    total, before, done = sum(signed), Decimal(0), 0
    each = []
    for weight in signed:
        before += weight
        until = round(before * _NINE_PLACES / total)
        each.append(Decimal(until - done) / _NINE_PLACES)
        done = until
    return each
