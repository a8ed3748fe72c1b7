"""The documents that are sent to Shopify's Admin API, and the version that they are written for."""

from __future__ import annotations

import datetime as dt

# Versions are named by quarters, and each is supported for a year at least.
VERSION = "2026-10"
VERSION_ENDS = dt.date(2027, 10, 1)

# What the key may do, and what shop it is for.
ABOUT = """{
  currentAppInstallation { accessScopes { handle } }
  shop { name createdAt currencyCode }
}"""

# A connection within a list is refused in bulk, so a refund's lines can't be asked for. Its day and
# its money can.
_ORDERS = """{
  orders%s {
    edges { node {
      id name createdAt processedAt updatedAt cancelledAt test edited displayFinancialStatus
      taxesIncluded email phone
      subtotalPriceSet { shopMoney { amount currencyCode } }
      currentSubtotalPriceSet { shopMoney { amount } }
      totalTaxSet { shopMoney { amount } }
      totalShippingPriceSet { shopMoney { amount } }
      originalTotalDutiesSet { shopMoney { amount } }
      billingAddress { name city provinceCode countryCodeV2 }
      shippingAddress { name city provinceCode countryCodeV2 }
      customer {
        id
        defaultEmailAddress { emailAddress marketingState marketingUpdatedAt }
        defaultPhoneNumber { phoneNumber }
      }
      refunds { id createdAt totalRefundedSet { shopMoney { amount } } }
      lineItems { edges { node {
        id name sku quantity isGiftCard
        discountedTotalSet { shopMoney { amount } }
        taxLines { priceSet { shopMoney { amount } } }
      } } }
    } }
  }
}"""

RUN = """mutation RunOrders($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: false) {
    bulkOperation { id status createdAt }
    userErrors { code field message }
  }
}"""

STATUS = """query OrdersStatus($id: ID!) {
  node(id: $id) {
    ... on BulkOperation {
      id status errorCode createdAt objectCount fileSize url partialDataUrl
    }
  }
}"""


def orders(since: str) -> str:
    """Return the bulk query for the orders that changed at or after an instant, empty for all."""
    return _ORDERS % (f"(query: \"updated_at:>='{since}'\")" if since else "")
