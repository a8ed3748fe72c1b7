"""Each staged row's verdict, and what its money means once its event is known."""

from __future__ import annotations

from adapters.engines.fast_path import PLAIN
from adapters.engines.session import Connection, scalar, text
from tessera.events.names import NOT_COUNTED, PURCHASED, REFUNDED, RETURNS, WITHOUT_MONEY
from tessera.events.reasons import OTHER_CURRENCY
from tessera.settings import RunSettings


def usual_currency(connection: Connection) -> str:
    """Return the upload's most frequent currency; of equals the first by name."""
    query = """SELECT currency FROM staged WHERE currency <> ''
        GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1"""
    return str(scalar(connection, query) or "")


def judge(connection: Connection, *, currency: str, settings: RunSettings) -> None:
    """Make ``judged``, ``rejected_rows`` and ``accepted_rows`` of the staged and the odd rows.

    Parameters
    ----------
    currency
        The tenant's; rows in others need a rate.
    """
    plain = ", ".join(PLAIN)
    shared = f"customer_id, event, occurred_at, money, returned, refunded, currency, {plain}"
    known = ", ".join(text(code) for code in ("", currency, *sorted(settings.currency_rates)))
    foreign = f"event <> '{NOT_COUNTED}' AND COALESCE(currency, '') NOT IN ({known})"
    rates = " ".join(
        f"WHEN {text(code)} THEN {rate}"
        for code, rate in sorted(settings.currency_rates.items())
        if code != currency
    )
    money = f"CASE currency {rates} ELSE 1 END" if rates else "1"
    connection.execute(
        f"""CREATE VIEW judged AS
        SELECT filename, record, {shared},
            CASE WHEN code IS NULL AND {foreign} THEN '{OTHER_CURRENCY.code}' ELSE code END AS code
        FROM (
            SELECT filename, file_row_number AS record, {shared}, NULL AS code
            FROM staged WHERE NOT odd
            UNION ALL SELECT filename, record, {shared}, code FROM odd_rows
        )"""  # noqa: S608 (our own names, quoted values)
    )
    connection.execute(
        """CREATE TABLE rejected_rows AS
        SELECT parse_filename(filename) AS filename, record, code FROM judged
        WHERE code IS NOT NULL"""
    )
    amount = f"""CASE WHEN event IN {WITHOUT_MONEY} THEN 0
        WHEN event IN {RETURNS} OR returned THEN -abs(money) ELSE money - refunded END"""
    connection.execute(
        f"""CREATE VIEW accepted_rows AS
        SELECT customer_id,
            CASE WHEN event = '{PURCHASED}' AND returned THEN '{REFUNDED}' ELSE event END AS event,
            occurred_at, CAST(({amount}) * ({money}) AS DECIMAL(18, 4)) AS amount, {plain}
        FROM judged WHERE code IS NULL AND event <> '{NOT_COUNTED}'"""  # noqa: S608
    )
