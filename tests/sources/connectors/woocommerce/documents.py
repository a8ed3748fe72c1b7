"""Made-up orders and refunds as WooCommerce's REST API has them, also from rows of an export."""

from __future__ import annotations

from decimal import Decimal


def line(name="Tee", *, total="10.00", tax="0.00", sku=None, product_id=101, **more):
    return {
        "id": more.pop("id", 1), "name": name, "product_id": product_id,
        "sku": name.upper() if sku is None else sku, "quantity": 1,
        "total": total, "total_tax": tax, **more,
    }  # fmt: skip


def order(order_id=501, **given):
    """An order of 50.00 with 5.00 of shipping, and taxes of 20 % on both."""
    return {
        "id": order_id, "number": str(order_id), "status": "completed", "currency": "EUR",
        "date_created_gmt": "2026-01-05T10:15:00", "date_modified_gmt": "2026-01-06T08:00:00",
        "total": "66.00", "total_tax": "11.00", "shipping_total": "5.00", "shipping_tax": "1.00",
        "customer_id": 12,
        "billing": {
            "first_name": "Eva", "email": "eva@example.com", "phone": "", "city": "Graz",
            "state": "", "country": "AT",
        },
        "line_items": [line(total="50.00", tax="10.00")], "fee_lines": [], "refunds": [],
        **given,
    }  # fmt: skip


def refund(number=901, *, amount, at="2026-01-15T09:00:00", **lines):
    given = {"line_items": [], "fee_lines": [], "shipping_lines": [], **lines}
    return {"id": number, "date_created_gmt": at, "amount": amount, "reason": "", **given}


def _parts(text):
    """Return the cells of ``name:Tee|total:50.00``."""
    return dict(part.split(":", 1) for part in text.split("|")) if text else {}


def from_export(row):
    """Return an order and its refunds by a row of the export of the plug-in by field names."""
    products = [_parts(row[name]) for name in ("line_item_1", "line_item_2") if row[name]]
    lines = [line(p["name"], total=p["total"], sku=p["sku"]) for p in products]
    fees = [{"name": p["name"], "total": p["total"], "total_tax": p["tax"]}
            for p in [_parts(row["fee_items"])] if p]  # fmt: skip
    given = _parts(row["refund_items"])
    at = given.get("date", "").replace(" ", "T")
    refunds = [refund(amount=given["amount"], at=at)] if given else []
    made = order(
        int(row["order_id"]),
        number=row["order_number"],
        status=row["status"],
        currency=row["order_currency"],
        date_created_gmt=row["order_date"].replace(" ", "T"),
        total=row["order_total"],
        total_tax=row["tax_total"],
        shipping_total=row["shipping_total"],
        shipping_tax=row["shipping_tax_total"],
        customer_id=int(row["customer_id"]),
        billing={
            "email": row["billing_email"],
            "phone": row["billing_phone"],
            "first_name": row["billing_first_name"],
            "city": row["billing_city"],
            "state": row["billing_state"],
            "country": row["billing_country"],
        },
        line_items=lines,
        fee_lines=fees,
        refunds=[{"id": one["id"], "total": f"-{one['amount']}"} for one in refunds],
    )
    return made, refunds


def net(rows):
    """Return what rows come to."""
    signs = {"PURCHASED": 1, "REFUNDED": -1}
    return sum((signs[row["EventName"]] * Decimal(row["Amount"]) for row in rows), Decimal(0))
