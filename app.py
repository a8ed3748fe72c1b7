#!/usr/bin/env python3
"""The CDK app: `python app.py` synthesizes it into $CDK_OUTDIR, or cdk.out."""

from infra.app import build_app

if __name__ == "__main__":
    build_app().synth()
