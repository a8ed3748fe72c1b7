#!/usr/bin/env python3
"""The CDK app: `python app.py` synthesizes it into $CDK_OUTDIR, or cdk.out."""

import sys

from infra.app import build_app
from tessera.errors import InvalidInput

if __name__ == "__main__":
    try:
        app = build_app()
    except InvalidInput as error:
        sys.exit(f"cdk.json: {error}")
    app.synth()
