"""What the owner of an upload should know about whose its rows are, without personal data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tessera.events.counts import Doubt, People
from tessera.events.persons.doubts import CROWD, CROWDED, DAMAGED, FRACTION, NOBODY, ZEROS
from tessera.plurals import plural
from tessera.settings import FOLD, KEEP

_KINDS = {
    NOBODY: "a word for no customer, such as 0, guest, null or #N/A",
    DAMAGED: "an id that a spreadsheet shortened, such as 4.68769E+17",
    FRACTION: "an id written as a number with a fraction, such as 17850.0",
    ZEROS: "an id whose leading zeros are lost, such as 123 for 00123",
    CROWD: f"an id that has more than {CROWDED} addresses, so it is no single customer",
}
_FOLDED = {
    NOBODY: "they count for their e-mail address or phone number, or are anonymous sales",
    DAMAGED: "they count for their e-mail address or phone number, or are rejected",
    FRACTION: "they count for the id without the fraction",
    ZEROS: "they count for the id with the zeros",
    CROWD: "they count for their e-mail address or phone number, or are anonymous sales",
}


def people_warnings(people: People, *, doubtful_ids: str, currency: str) -> Iterator[str]:
    """Yield a sentence for each thing to know.

    Parameters
    ----------
    doubtful_ids
        The setting.
    currency
        Of the anonymous sales' money.
    """
    for kind, doubt in people.doubts.items():
        yield f"{_rows(doubt)} {_KINDS[kind]}: {_treatment(kind, doubtful_ids)}"
    if people.stood_in:
        yield (
            f"{plural(people.stood_in, 'row has', 'rows have')} no customer id. Such rows count "
            "for their e-mail address, phone number or other id. A later upload that names these "
            "customers by another id makes them other customers"
        )
    sales = people.anonymous
    if sales.rows:
        money = f"{float(sales.monetary):,.2f} {currency}".strip()
        yield (
            f"{plural(sales.rows, 'row names', 'rows name')} no customer: "
            f"{plural(sales.orders, 'anonymous order')} of {money}, outside all "
            "customers' figures"
        )


def attribute_ids(rows: Mapping[str, int], *, doubtful_ids: str) -> Iterator[str]:
    """Yield a sentence for each kind of id in doubt among customers' attributes.

    Parameters
    ----------
    rows
        How many rows have such an id, by kind.
    doubtful_ids
        The setting.
    """
    for kind, words in _KINDS.items():
        if not rows.get(kind):
            continue
        fate = "they are omitted"
        if doubtful_ids == KEEP:
            fate = "each counts as a customer"
        elif doubtful_ids == FOLD and kind == FRACTION:
            fate = _FOLDED[kind]
        count = plural(rows[kind], "row has", "rows have")
        yield f"{count} {words}: {fate}. The setting 'doubtful_ids' decides this"


def _rows(doubt: Doubt) -> str:
    ids = "one customer id" if doubt.ids == 1 else f"{doubt.ids:,} customer ids"
    return f"{plural(doubt.rows, 'row')}, with {ids}, {'has' if doubt.rows == 1 else 'have'}"


def _treatment(kind: str, setting: str) -> str:
    if setting == FOLD:
        return f"{_FOLDED[kind]}. The setting 'doubtful_ids' decides this"
    if setting == KEEP:
        return "each counts as a customer, as the setting 'doubtful_ids' is keep"
    return "they are rejected, as the setting 'doubtful_ids' is reject"
