"""Why a row of an upload is not counted: the one list that files, reports and docs use.

A *rejected* row is wrong and is listed in rejects.csv.gz with its line. An *ignored* row is
right, but this run has no use for it. Accepted + ignored + rejected = read.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Reason:
    """A code, what it means, and what its reader can do."""

    code: str
    meaning: str
    advice: str


WRONG_COLUMNS = Reason(
    "wrong_columns",
    "The row has more or fewer cells than the header",
    "Quote cells that contain the delimiter, and remove stray delimiters",
)
BAD_QUOTES = Reason(
    "bad_quotes",
    "A quoted cell does not end, or text follows its closing quote",
    'Close the quote, and double the quotes inside a cell: "a ""b"" c"',
)
CELL_TOO_LONG = Reason(
    "cell_too_long",
    "A cell has more than 2,000,000 characters",
    "Remove the text, which no column of ours needs, or close a quote before it",
)
BAD_ENCODING = Reason(
    "bad_encoding",
    "The row has bytes that are no text in the file's encoding",
    "Export the file again as UTF-8",
)
DOUBTFUL_ID = Reason(
    "doubtful_id",
    "The customer's id names nobody, or a spreadsheet has changed it",
    "Export the ids as text, without 4.68769E+17 or 17850.0, or see the setting 'doubtful_ids'",
)
MISSING_DATE = Reason("missing_date", "The date is blank", "Give the row its date")
BAD_DATE = Reason(
    "bad_date",
    "The date cannot be read",
    "Write dates as 2026-11-30T09:30:00+01:00, or name their format in the setting 'dates'",
)
AMBIGUOUS_DATE = Reason(
    "ambiguous_date",
    "The date is day first or month first, and the file's first dates show neither",
    "Set 'dates' to dmy or mdy",
)
CONTRARY_DATE = Reason(
    "contrary_date",
    "The date's day and month are the other way round than in the file's other dates",
    "Correct the date, or set 'dates' to dmy or mdy if the wrong order was detected",
)
DATE_OUT_OF_RANGE = Reason(
    "date_out_of_range",
    "The date is before 1980 or after 2099",
    "Correct the date. 1970-01-01 and 1899-12-30 usually stand for a missing date",
)
DATE_IN_FUTURE = Reason(
    "date_in_future",
    "The date is more than a day after the upload",
    "Correct the date: a mistyped year would make every other customer look long gone",
)
UNKNOWN_EVENT = Reason(
    "unknown_event",
    "The event's name is blank or unknown",
    "Use VIEWED, PROCESSED, PURCHASED, SUBSCRIBED, RENEWED, REFUNDED, CANCELLED, SESSION, "
    "EMAIL_SENT, EMAIL_OPENED, EMAIL_CLICKED or UNSUBSCRIBED, or map your own word in the setting "
    "'events'",
)
MISSING_AMOUNT = Reason(
    "missing_amount",
    "The row moves money, but neither price nor amount is given",
    "Give the unit price and quantity, or the amount",
)
BAD_AMOUNT = Reason(
    "bad_amount",
    "A price or amount is not a number as this file writes numbers",
    "Write amounts alike, or set 'decimal' to dot or comma if the wrong one was detected",
)
BAD_QUANTITY = Reason("bad_quantity", "The quantity is not a number", "Write it as a number")
AMOUNT_OUT_OF_RANGE = Reason(
    "amount_out_of_range",
    "The amount has more than 14 digits before the decimal point",
    "Correct the amount",
)
BAD_CONSENT = Reason(
    "bad_consent",
    "The consent to advertising is neither granted nor denied",
    "Write GRANTED or DENIED (true and false, yes and no, 1 and 0 will do), or leave it empty",
)
OTHER_CURRENCY = Reason(
    "other_currency",
    "The row's currency is not the tenant's, and no rate is set for it",
    "Set its rate in 'currency_rates', or upload that currency to a separate tenant",
)

CURRENCY_CONFLICT = Reason(
    "currency_conflict",
    "The sign beside the amount is not of the row's currency",
    "Correct the amount's sign or the currency: £ is GBP, € is EUR, $ one of the dollars",
)

REJECTS = (
    WRONG_COLUMNS, BAD_QUOTES, CELL_TOO_LONG, BAD_ENCODING, DOUBTFUL_ID, MISSING_DATE,
    BAD_DATE,
    AMBIGUOUS_DATE, CONTRARY_DATE, DATE_OUT_OF_RANGE, DATE_IN_FUTURE, UNKNOWN_EVENT,
    MISSING_AMOUNT, BAD_AMOUNT, BAD_QUANTITY,
    AMOUNT_OUT_OF_RANGE, BAD_CONSENT, OTHER_CURRENCY, CURRENCY_CONFLICT,
)  # fmt: skip

AFTER_AS_OF = Reason(
    "after_as_of", "The event is on or after as_of", "Kept in history: a later run counts it"
)
BEFORE_WINDOW = Reason(
    "before_window",
    "The event is before the rolling window",
    "Kept in history: widen 'window_months' to count it",
)
DUPLICATE_EVENT = Reason(
    "duplicate_event",
    "Another row, or an earlier upload, has the same event id",
    "Nothing, when an export overlaps the one before. Otherwise make event ids unique",
)
KNOWN_ALREADY = Reason(
    "known_already",
    "Another upload has the same row, or newer lines of its order",
    "Nothing: exports that overlap count once",
)
NOT_AN_EVENT = Reason(
    "not_an_event",
    "By the mapping such a row is no event, a failed payment for example",
    "Nothing, or change the mapping's [events]",
)
ERASED = Reason(
    "erased",
    "The row's customer was erased on request",
    "Nothing: an erased customer does not come back. Delete the customer in the shop too",
)
ANONYMOUS = Reason(
    "anonymous",
    "The row names no customer: no id, e-mail address or phone number",
    "Nothing: shops have such sales. They are counted apart, with their orders and money",
)

CANCELLED_ORDER = Reason(
    "cancelled_order",
    "The order was cancelled, by its status or by a date of cancellation",
    "Nothing: a cancelled order is no sale",
)
REFUNDED_ORDER = Reason(
    "refunded_order",
    "The order was refunded, by its status",
    "Nothing: its sale and its refund come to nothing. Give refunds rows with negative amounts if "
    "they are only a part",
)
UNPAID_ORDER = Reason(
    "unpaid_order",
    "The payment failed, was voided, or is still awaited",
    "Nothing. If your shop counts such orders, map their status in the setting 'events'",
)
TEST_ORDER = Reason(
    "test_order", "The order or payment is a test", "Nothing: the shop's own reports omit it too"
)
GIFT_CARD = Reason(
    "gift_card",
    "Only gift cards were bought, which the shop owes until they are spent",
    "Nothing: an order that is paid with a gift card counts in full",
)
ORDER_LINE = Reason(
    "order_line",
    "Another row of an order, whose money counts once, on the order's first row",
    "Nothing",
)
NO_SALE = Reason(
    "no_sale",
    "The row is no sale to a customer: a fee, a payout, a transfer or a goodwill refund",
    "Nothing",
)
BLANK_ROW = Reason("blank_row", "All cells of the row are blank", "Nothing")
TOTALS_ROW = Reason(
    "totals_row", "The row has no date and begins with a word for totals", "Nothing"
)
REPEATED_HEADER = Reason(
    "repeated_header", "The row is the header once more, as in files that were joined", "Nothing"
)
# An order that is one of these has no money, whatever an older upload says of it.
VOIDING = (CANCELLED_ORDER, REFUNDED_ORDER, UNPAID_ORDER, TEST_ORDER)
# Codes that also name, in a mapping's [events], what a row is that is no event.
NO_EVENT = (
    CANCELLED_ORDER, REFUNDED_ORDER, UNPAID_ORDER, TEST_ORDER, GIFT_CARD, ORDER_LINE, NO_SALE,
    BLANK_ROW, TOTALS_ROW, REPEATED_HEADER,
)  # fmt: skip

IGNORED = (
    AFTER_AS_OF, BEFORE_WINDOW, DUPLICATE_EVENT, KNOWN_ALREADY, NOT_AN_EVENT, ANONYMOUS, ERASED,
    *NO_EVENT,
)  # fmt: skip
BY_CODE = {reason.code: reason for reason in (*REJECTS, *IGNORED)}


class Unreadable(ValueError):  # noqa: N818 (a verdict on a cell, not an error of ours)
    """A cell cannot be read, for a reason of this list. Caught where rows are judged."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.meaning)
        self.reason = reason
