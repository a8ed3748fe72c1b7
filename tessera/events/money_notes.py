"""What the owner of an upload should know about its money, without personal data."""

from __future__ import annotations

from collections.abc import Iterator

from tessera.events.currency_names import choices
from tessera.plurals import plural


def money_notes(*, currency: str, one_assumed: int) -> Iterator[str]:
    """Yield a sentence for each thing to know.

    Parameters
    ----------
    currency
        The tenant's, which may be a sign that several currencies have.
    one_assumed
        Rows with a price and a blank quantity.
    """
    possible = choices(currency)
    if possible:
        yield (
            f"Amounts are in {currency!r}, which may be {', '.join(possible)} or another currency: "
            "set 'currency', or add a column Currency"
        )
    if one_assumed:
        rows = plural(one_assumed, "row has", "rows have")
        yield f"{rows} a price and a blank quantity: each counts as one piece"
