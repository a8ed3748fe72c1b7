"""Packages that a runtime on AWS has and PyPI has not."""
