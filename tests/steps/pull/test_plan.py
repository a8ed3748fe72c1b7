"""Which shops are pulled: those with a key, and never by two executions at once."""

from __future__ import annotations

import pytest

from steps.pull.plan import plan_pulls
from tessera.errors import InvalidInput

KEYS = {"tessera/dev/sources/stripe", "tessera/dev/sources/woocommerce/acme"}


def planned(*connectors, tenants=("acme", "zoo"), keys=KEYS, running=("now",)):
    pulls = plan_pulls(
        connectors,
        stage="dev",
        tenants=tenants,
        has_secret=keys.__contains__,
        execution="now",
        running=running,
        reload=False,
    )
    return [(pull.connector, pull.tenant, pull.source) for pull in pulls]


def test_each_tenant_with_a_key_is_pulled_and_the_default_one_before_any_upload():
    assert planned("stripe", "woocommerce") == [
        ("stripe", "default", "stripe-orders"),
        ("woocommerce", "acme", "woocommerce-orders"),
    ]
    assert planned("stripe", tenants=()) == [("stripe", "default", "stripe-orders")]


def test_a_connector_without_any_key_is_refused_with_the_secrets_name():
    with pytest.raises(InvalidInput, match=r"no key for shopify: .* tessera/dev/sources/shopify,"):
        planned("stripe", "shopify")


def test_two_executions_at_once_are_refused():
    with pytest.raises(InvalidInput, match="another execution pulls already: earlier"):
        planned("stripe", running=("now", "earlier"))
