"""Run the job that ``--module`` names, from the modules of the release in use.

This is the script of every Glue job. Glue always runs the script of the last deployment, while a
run's arguments name its modules. So the script has no code that an older release would lack.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

JOBS = ("curate", "map_schema", "prepare_events")


def main(arguments: Sequence[str]) -> None:
    """Call the job's ``main`` with all arguments."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--module", required=True, choices=JOBS)
    options, _arguments_of_the_job = parser.parse_known_args(arguments)
    importlib.import_module(f"glue_jobs.{options.module}").main(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
