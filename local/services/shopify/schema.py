"""The part of Shopify's schema that orders need, and what bulk operations refuse of it."""

from __future__ import annotations

from local.services.shopify.documents import Selected

_MONEY = {"shopMoney": "MoneyV2", "presentmentMoney": "MoneyV2"}
# Of each type its fields, by their own type. "" is a leaf, "*" a list and "@" a connection.
_TYPES: dict[str, dict[str, str]] = {
    "query": {
        "orders": "@Order",
        "currentAppInstallation": "AppInstallation",
        "shop": "Shop",
        "node": "BulkOperation",
    },
    "mutation": {"bulkOperationRunQuery": "BulkOperationRunQueryPayload"},
    "AppInstallation": {"accessScopes": "*AccessScope"},
    "AccessScope": {"handle": "", "description": ""},
    "Shop": {"name": "", "createdAt": "", "currencyCode": "", "ianaTimezone": ""},
    "BulkOperationRunQueryPayload": {
        "bulkOperation": "BulkOperation",
        "userErrors": "*BulkOperationUserError",
    },
    "BulkOperationUserError": {"code": "", "field": "", "message": ""},
    "BulkOperation": dict.fromkeys(
        (
            "id", "status", "errorCode", "createdAt", "completedAt", "objectCount",
            "rootObjectCount", "fileSize", "url", "partialDataUrl", "type", "query",
        ),
        "",
    ),
    "MoneyBag": _MONEY,
    "MoneyV2": {"amount": "", "currencyCode": ""},
    "MailingAddress": dict.fromkeys(
        ("name", "firstName", "lastName", "city", "provinceCode", "countryCodeV2", "zip"), ""
    ),
    "Customer": {
        "id": "",
        "defaultEmailAddress": "CustomerEmailAddress",
        "defaultPhoneNumber": "CustomerPhoneNumber",
    },
    "CustomerEmailAddress": dict.fromkeys(
        ("emailAddress", "marketingState", "marketingOptInLevel", "marketingUpdatedAt"), ""
    ),
    "CustomerPhoneNumber": {"phoneNumber": "", "marketingState": ""},
    "TaxLine": {"priceSet": "MoneyBag", "rate": "", "title": ""},
    "Refund": {
        "id": "", "createdAt": "", "totalRefundedSet": "MoneyBag",
        "refundLineItems": "@RefundLineItem",
    },
    "RefundLineItem": {"quantity": "", "subtotalSet": "MoneyBag"},
    "LineItem": {
        "id": "", "name": "", "sku": "", "quantity": "", "currentQuantity": "", "isGiftCard": "",
        "originalUnitPriceSet": "MoneyBag", "discountedTotalSet": "MoneyBag",
        "taxLines": "*TaxLine",
    },
    "Order": {
        **dict.fromkeys(
            (
                "id", "name", "createdAt", "processedAt", "updatedAt", "cancelledAt", "test",
                "edited", "displayFinancialStatus", "taxesIncluded", "email", "phone",
                "currencyCode",
            ),
            "",
        ),
        **dict.fromkeys(
            (
                "subtotalPriceSet", "currentSubtotalPriceSet", "totalPriceSet", "totalTaxSet",
                "totalShippingPriceSet", "originalTotalDutiesSet", "totalTipReceivedSet",
            ),
            "MoneyBag",
        ),
        "billingAddress": "MailingAddress",
        "shippingAddress": "MailingAddress",
        "customer": "Customer",
        "refunds": "*Refund",
        "lineItems": "@LineItem",
        "taxLines": "*TaxLine",
    },
}  # fmt: skip
_MOST_CONNECTIONS, _MOST_LEVELS = 5, 2


class Invalid(Exception):  # noqa: N818 (what the document is)
    """The document asks for what there is not, or for what bulk operations refuse."""


def check(root: Selected, type_: str) -> None:
    """Refuse fields that the schema lacks, and objects without a selection."""
    for field in root.fields:
        kind = _TYPES[type_].get(field.name)
        if kind is None:
            raise Invalid(f"Field '{field.name}' doesn't exist on type '{type_}'")
        inner = kind.lstrip("*@")
        if bool(inner) != bool(field.fields):
            raise Invalid(f"Field '{field.name}' of type '{type_}' has a wrong selection")
        if kind.startswith("@"):
            check(_node(field), inner)
        elif inner:
            check(field, inner)


def check_bulk(root: Selected) -> None:
    """Refuse what bulk operations refuse: see Shopify's guide to them."""
    connections = _connections(root, "query", level=0, in_list=False)
    if not connections:
        raise Invalid("Bulk queries must contain at least one connection.")
    if connections > _MOST_CONNECTIONS:
        raise Invalid(f"Bulk queries cannot contain more than {_MOST_CONNECTIONS} connections.")
    if len(root.fields) > 1 or root.fields[0].name == "node":
        raise Invalid("Bulk queries must have a single top level connection field.")


def _connections(selected: Selected, type_: str, *, level: int, in_list: bool) -> int:
    count = 0
    for field in selected.fields:
        kind = _TYPES[type_][field.name]
        inner = kind.lstrip("*@")
        if kind.startswith("@"):
            if in_list:
                raise Invalid(
                    "Queries that contain a connection field within a list field are not "
                    "currently supported."
                )
            if level >= _MOST_LEVELS:
                raise Invalid("Bulk queries cannot contain connections that deep.")
            node = _node(field)
            if node.field("id") is None:
                raise Invalid("The parent 'node' field for a nested connection must select 'id'.")
            count += 1 + _connections(node, inner, level=level + 1, in_list=False)
        elif inner:
            in_this = in_list or kind.startswith("*")
            count += _connections(field, inner, level=level, in_list=in_this)
    return count


def _node(connection: Selected) -> Selected:
    """Return what is selected of a connection's nodes."""
    edges = connection.field("edges")
    node = edges.field("node") if edges else None
    if node is None:
        raise Invalid(f"Connection '{connection.name}' selects no edges {{ node }}")
    return node
