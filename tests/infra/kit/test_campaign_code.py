"""The package of the functions that read customers for campaigns."""

from __future__ import annotations

import subprocess
import sys

from infra.kit import assets

FUNCTIONS = ("plan_campaign", "count_audience", "import_consent", "measure_campaign")


def test_the_package_fits_into_lambda_and_has_what_the_functions_import(root):
    """Lambda unzips 250 MB at most. Bytecode takes some of the room."""
    built = assets.campaign_code()
    size = sum(file.stat().st_size for file in built.path.rglob("*") if file.is_file())
    assert size < 248 * 1024**2
    shipped = {path.name.partition(".")[0] for path in built.path.iterdir()}
    handlers = ", ".join(f"lambdas.{name}.handler" for name in FUNCTIONS)
    code = (
        f"import sys, {handlers}, adapters.engines.duckdb.query"  # which a plan imports
        "\nprint(*{name.partition('.')[0] for name, module in sys.modules.items()"
        " if 'site-packages' in (getattr(module, '__file__', None) or '')})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    # Each of these is used where it is installed, and needed nowhere.
    optional = {"_distutils_hack", "certifi", "charset_normalizer", "cloudpickle"}
    assert set(ran.stdout.split()) - optional <= shipped
