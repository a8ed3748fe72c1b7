"""Which shops can be read directly: settings and infrastructure name them, without their logic."""

from __future__ import annotations

CONNECTORS = ("shopify", "stripe", "woocommerce")
