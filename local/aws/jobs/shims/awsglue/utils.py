"""Stand-in for ``awsglue.utils``: reads a job's arguments as Glue does."""

from __future__ import annotations

import argparse


class GlueArgumentError(Exception):
    """An argument that the script asked for was not given."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise GlueArgumentError(message)


def getResolvedOptions(argv: list[str], options: list[str]) -> dict[str, str]:  # noqa: N802
    """Return the named arguments. Others are ignored. Raises GlueArgumentError."""
    parser = _Parser(allow_abbrev=False)
    for option in options:
        parser.add_argument(f"--{option}", required=True)
    return vars(parser.parse_known_args(argv[1:])[0])
