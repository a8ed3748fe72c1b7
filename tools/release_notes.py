"""Print the changelog's section of a version: ``python -m tools.release_notes [VERSION]``.

Without a version it is the one in ``tessera.__version__``, or the unreleased changes while that
version has no section.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tessera import __version__

CHANGELOG = Path(__file__).resolve().parents[1] / "CHANGELOG.md"
UNRELEASED = "Unreleased"
_HEADING = re.compile(r"^## (?:\[)?(?P<version>Unreleased|\d+\.\d+\.\d+)(?:\])?(?P<rest>.*)$", re.M)


def sections(text: str) -> dict[str, str]:
    """Return each version's notes, in the changelog's order."""
    headings = list(_HEADING.finditer(text))
    ends = [following.start() for following in headings[1:]] + [len(text)]
    return {
        heading["version"]: text[heading.end() : end].strip()
        for heading, end in zip(headings, ends, strict=True)
    }


def notes(text: str, version: str = "") -> str:
    """Return the notes of one version.

    Raises
    ------
    LookupError
        The changelog has no such section.
    """
    known = sections(text)
    wanted = (version,) if version else (__version__, UNRELEASED)
    for name in wanted:
        if name in known:
            return known[name]
    raise LookupError(
        f"CHANGELOG.md has no section {' or '.join(wanted)}: it has {', '.join(known) or 'none'}"
    )


def main() -> None:
    """Print the notes of the version that the command line names."""
    try:
        print(notes(CHANGELOG.read_text(encoding="utf-8"), *sys.argv[1:2]))
    except LookupError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
