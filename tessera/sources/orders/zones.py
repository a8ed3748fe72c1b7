"""Time zones as exports write them: in words, or in letters."""

from __future__ import annotations

# As a web framework's list of zones has them, which Square's export uses.
_WORDS = {
    "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Anchorage",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Arizona": "America/Phoenix",
    "Mountain Time (US & Canada)": "America/Denver",
    "Central Time (US & Canada)": "America/Chicago",
    "Eastern Time (US & Canada)": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Puerto Rico": "America/Puerto_Rico",
    "Atlantic Time (Canada)": "America/Halifax",
    "Newfoundland": "America/St_Johns",
    "Saskatchewan": "America/Regina",
    "UTC": "UTC",
    "London": "Europe/London",
    "Edinburgh": "Europe/London",
    "Dublin": "Europe/Dublin",
    "Madrid": "Europe/Madrid",
    "Paris": "Europe/Paris",
    "Tokyo": "Asia/Tokyo",
    "Osaka": "Asia/Tokyo",
    "Perth": "Australia/Perth",
    "Adelaide": "Australia/Adelaide",
    "Darwin": "Australia/Darwin",
    "Brisbane": "Australia/Brisbane",
    "Sydney": "Australia/Sydney",
    "Melbourne": "Australia/Melbourne",
    "Canberra": "Australia/Sydney",
    "Hobart": "Australia/Hobart",
}
_LETTERS = {
    "GMT": 0, "UTC": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180,
    "BST": 60, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "AST": -240, "ADT": -180,
    "NST": -210, "NDT": -150, "BRT": -180, "JST": 540, "HKT": 480, "SGT": 480, "AWST": 480,
    "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
}  # fmt: skip


def with_zone(local: str, zone: str) -> str:
    """Return a local date and time with its zone as we read them. An unknown zone stays as it is.

    It then makes the date unreadable, which is better than an instant in the wrong zone.
    """
    name = zone.strip()
    if not name:
        return local
    if name in _WORDS:
        return f"{local} {_WORDS[name]}"
    minutes = _LETTERS.get(name.upper())
    if minutes is None:
        return f"{local} {name}"
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{local} {sign}{hours:02d}:{rest:02d}"
