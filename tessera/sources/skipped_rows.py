"""Rows of a file that are nobody's event: blank ones, totals, and the header once more."""

from __future__ import annotations

from collections.abc import Sequence

from tessera.events.reasons import BLANK_ROW, REPEATED_HEADER, TOTALS_ROW

CODES = frozenset(reason.code for reason in (BLANK_ROW, TOTALS_ROW, REPEATED_HEADER))
AROUND = " :.\t"  # what stands around a word of totals
TOTALS = (
    "total", "totals", "grand total", "subtotal", "sub-total", "sum", "summe", "gesamt",
    "gesamtsumme", "zwischensumme", "total général", "sous-total", "somme", "total general", "suma",
    "totale", "somma", "totaal", "som", "soma", "totalt", "summa", "razem", "ogółem", "łącznie",
)  # fmt: skip


def skipped_row(
    cells: Sequence[str | None], *, customer_id: str | None, date: str | None, header: Sequence[str]
) -> str:
    """Return why a row is no event, as a reason's code. Empty for a row to read.

    Parameters
    ----------
    cells
        All cells of the row.
    customer_id, date
        Two of them.
    header
        The file's own names of these two.
    """
    lead = first_cell(cells)
    if not lead:
        return BLANK_ROW.code
    if not (date or "").strip(" ") and is_totals(lead):
        return TOTALS_ROW.code
    both = (customer_id or "").strip(" "), (date or "").strip(" ")
    return REPEATED_HEADER.code if both == tuple(header) else ""


def first_cell(cells: Sequence[str | None]) -> str:
    """Return the first cell that is not blank, empty when all are."""
    return next((cell for cell in cells if cell and cell.strip(" ")), "")


def is_totals(cell: str) -> bool:
    """Return whether a cell begins a row of totals, in one of the languages of months."""
    return cell.strip(AROUND).lower() in TOTALS
