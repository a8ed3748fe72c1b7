"""Synthesize the app as asked on standard input. ``assembly`` runs this as its own process."""

from __future__ import annotations

import dataclasses
import json
import sys

from tessera.errors import InvalidInput


def main() -> None:
    """Read ``{"outdir", "context", "nag"}`` and write the cloud assembly."""
    request = json.load(sys.stdin)
    from infra.app import build_app  # noqa: PLC0415 (starts Node.js: only when asked to)
    from infra.kit import assets  # noqa: PLC0415

    # This machine has what functions unpack for small jobs. One package stands for all.
    assets.LIBRARIES = dataclasses.replace(assets.LIBRARIES, packages=("idna",))
    try:
        app = build_app(request["context"], nag=request["nag"], outdir=request["outdir"])
    except InvalidInput as error:
        sys.exit(f"cdk.json: {error}")
    app.synth()


if __name__ == "__main__":
    main()
