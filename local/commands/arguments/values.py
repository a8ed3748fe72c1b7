"""Values of options, read as they are typed: each mistake names the form that is expected."""

from __future__ import annotations

import argparse
import datetime as dt
import re

from local.commands.parser import hint
from tessera.errors import InvalidInput

_OTHER_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def day(text: str) -> dt.date:
    """Return the day of a text such as 2025-12-31."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a day: write it as YYYY-MM-DD{_meant(text)}"
        ) from None


def moment(text: str) -> dt.datetime:
    """Return the moment of a text such as 2025-12-31T09:00, in UTC unless it names a zone."""
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a moment: write it as YYYY-MM-DDTHH:MM, in UTC"
        ) from None
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)


def _meant(text: str) -> str:
    """Return the day that another form can only mean, as the end of a message."""
    other = _OTHER_DAY.fullmatch(text.strip())
    if other is None:
        return ", such as 2025-12-31"
    first, second, year = map(int, other.groups())
    days = {each for each in (_date(year, second, first), _date(year, first, second)) if each}
    if len(days) != 1:
        return ", such as 2025-12-31"
    return f", so {days.pop().isoformat()}"


def _date(year: int, month: int, day_: int) -> dt.date | None:
    try:
        return dt.date(year, month, day_)
    except ValueError:
        return None


def destinations(text: str) -> tuple[str, ...]:
    """Return destinations' names, each of the catalog."""
    from tessera.contracts.destinations import DESTINATIONS  # noqa: PLC0415 (only where needed)

    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in DESTINATIONS:
            near = hint(name, DESTINATIONS) or f": there are {', '.join(sorted(DESTINATIONS))}"
            raise argparse.ArgumentTypeError(f"there is no destination {name!r}{near}")
    return names


MAPPING_FILE = ".toml"


def mapping(text: str) -> str:
    """Return an export's name, ``none``, or a shop's name that several exports begin with.

    A TOML file is a mapping of a database's tables.
    """
    if text.endswith(MAPPING_FILE):
        return text
    from tessera.sources.mappings import NAMES  # noqa: PLC0415 (only where needed)
    from tessera.sources.recognition.decision import OFF  # noqa: PLC0415 (only where needed)

    if text not in (*NAMES, OFF, "") and not any(name.startswith(f"{text}-") for name in NAMES):
        near = hint(text, (*NAMES, OFF)) or f": there are {', '.join(sorted(NAMES))}, and {OFF}"
        raise argparse.ArgumentTypeError(f"there is no mapping {text!r}{near}")
    return text


def stage_name(text: str) -> str:
    """Return the name of a stage of cdk.json."""
    from local.app.cdk_file import CDK_FILE, CdkFile  # noqa: PLC0415 (only where needed)

    if not text:
        return text
    try:
        known = CdkFile(CDK_FILE).stages
    except InvalidInput as error:  # no command runs yet that would print it
        raise argparse.ArgumentTypeError(str(error)) from error
    if text not in known:
        near = hint(text, known) or f": there are {', '.join(sorted(known))}"
        raise argparse.ArgumentTypeError(f"cdk.json has no stage {text!r}{near}")
    return text


def pair(text: str) -> tuple[str, str]:
    """Return the two sides of NAME=VALUE."""
    name, separator, value = text.rpartition("=")
    if not (name and separator and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def hours(text: str) -> tuple[str, str]:
    """Return the first and the last minute of HH:MM-HH:MM."""
    from tessera.campaign_settings import CLOCK  # noqa: PLC0415 (only where needed)

    start, separator, end = text.partition("-")
    if not (separator and CLOCK.fullmatch(start) and CLOCK.fullmatch(end)):
        raise argparse.ArgumentTypeError(f"{text!r} is not HH:MM-HH:MM, such as 09:00-20:00")
    return start, end
