"""The features of forecasts as people read them. Needs no NumPy."""

from __future__ import annotations

from collections.abc import Mapping

FEATURES: Mapping[str, str] = {
    "orders": "number of purchases",
    "forecast": "what the purchase model expects",
    "silence_share": "silence as a share of the time known",
    "silence": "days of silence",
    "silence_in_gaps": "silence against the usual gap",
    "bought_once": "bought once only",
    "spend": "spend per purchase",
    "last_spend": "last purchase against the usual spend",
    "pace_30d": "last 30 days against the usual pace",
    "pace_90d": "last 90 days against the usual pace",
    "pace_180d": "last 180 days against the usual pace",
    "regularity": "regularity of the gaps",
    "basket_lines": "lines per order",
    "last_view": "days since the last visit",
    "views_30d": "visits in the last 30 days",
    "views_pace": "visits of the last 30 days against the usual pace",
    "sessions_30d": "sessions in the last 30 days",
    "sessions_pace": "sessions of the last 30 days against the usual pace",
    "last_email": "days since the last e-mail opened",
    "emails_30d": "e-mails opened in the last 30 days",
    "emails_pace": "e-mails opened in the last 30 days against the usual pace",
}
