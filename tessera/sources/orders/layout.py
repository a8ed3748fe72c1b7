"""Where an export's cells stand: the columns that are read, and what each of them says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from tessera.events.names import normalised
from tessera.events.products import PRODUCT, PRODUCT_CELLS
from tessera.sources.mappings import CellCondition, HeaderMapping, OrderExport, RowRule

# What an event takes from an order's rows beside its money, which the order has once.
OF_ORDERS = (
    "customer_id", "other_id", "date", "event_name", "currency", "order_id", "event_id", "username",
    "channel_type", "address", "email", "phone", "city", "state", "country", "ad_consent",
    "email_consent",
)  # fmt: skip
AMOUNT = "amount"
_LINES = ("line_total", "line_refunded", "line_price", "line_quantity", "line_discount")
ROLES = (
    "goods", "discount", "total", "tax", "shipping", "shipping_tax", "shipping_with_tax", "duties",
    "refunded", "charged", "adjusted", "lost", *_LINES,
)  # fmt: skip
_TEXTS = ("line_name", "line_shipped", "line_taxed")  # roles that are no money
_MANY = ("tax_names",)  # roles whose columns all count, not the first that the file has


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlacedRule:
    """A rule with its conditions' places. One on a column that the file lacks never holds."""

    when: tuple[tuple[int, CellCondition], ...]
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderLayout:
    """Which cells of an export's rows are read. Places count within ``taken``.

    Parameters
    ----------
    taken
        The columns of the file that are read, by their places in its header, ascending.
    columns, returns
        Our column to its places, the preferred first. ``returns`` is for rows with negative money.
    roles
        What a money column is to its places.
    uncounted, refunded, lost
        The export's rules.
    time, zone
        Of the time of day and its zone. -1 when there is none.
    keys
        The places of what an order's rows share. Empty where each row is an order.
    products
        The places of a line's product code, of its name and of its category. Empty where rows are
        no lines.
    only_totals
        Whether the export has neither taxes nor discounts, so that only the total shows them.
    """

    taken: tuple[int, ...]
    columns: Mapping[str, tuple[int, ...]]
    returns: Mapping[str, tuple[int, ...]]
    roles: Mapping[str, tuple[int, ...]]
    uncounted: tuple[PlacedRule, ...]
    refunded: tuple[PlacedRule, ...]
    lost: tuple[PlacedRule, ...]
    time: int
    zone: int
    keys: tuple[int, ...]
    products: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
    only_totals: bool

    @property
    def given(self) -> tuple[str, ...]:
        """Our columns that its rows give, ``amount`` the last."""
        return (*self.columns, *self.product_columns, AMOUNT)

    @property
    def product_columns(self) -> tuple[str, ...]:
        """Our columns of products, where its rows name any."""
        code, name, _ = self.products
        return PRODUCT if code or name else ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The places in the header of the columns with money."""
        return tuple(sorted({self.taken[at] for role in ROLES for at in self.roles.get(role, ())}))

    @property
    def lines(self) -> bool:
        """Whether an order has several rows."""
        return bool(self.keys)

    def key(self, row: Sequence[str | None]) -> str:
        """Return what the rows of an order share, empty for a row that is alone."""
        cells = [(row[place] or "").strip() for place in self.keys]
        return "\t".join(cells) if cells and cells[0] else ""


def layout_of(header: Sequence[str], mapping: HeaderMapping) -> OrderLayout | None:
    """Return which cells of a file are read as orders, None where each row is an event."""
    export = mapping.export
    if export is None:
        return None
    places = {normalised(text): place for place, text in reversed(list(enumerate(header)))}
    money = money_headers(mapping, export)
    wanted = _wanted(mapping, export, money)
    taken = tuple(sorted({places[key] for key in map(normalised, wanted) if key in places}))
    within = {place: at for at, place in enumerate(taken)}

    def at(headers: Sequence[str]) -> tuple[int, ...]:
        keys = map(normalised, headers)
        return tuple(dict.fromkeys(within[places[key]] for key in keys if key in places))

    def columns(table: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, ...]]:
        return {name: at(headers) for name, headers in table.items() if at(headers)}

    def rules(all_rules: Sequence[RowRule]) -> tuple[PlacedRule, ...]:
        return tuple(
            PlacedRule(when=tuple((at([c.column])[0], c) for c in rule.when), reason=rule.reason)
            for rule in all_rules
            if all(at([condition.column]) for condition in rule.when)
        )

    code, name, category = _products(mapping, export)
    ours = {name: mapping.columns[name] for name in OF_ORDERS if name in mapping.columns}
    ours.setdefault("event_name", ())
    if not at(ours.get("customer_id", ())):
        ours["customer_id"] = ours.pop("other_id", ())
    return OrderLayout(
        taken=taken,
        columns={name: at(h) for name, h in ours.items() if at(h) or name == "event_name"},
        returns=columns(export.returns),
        roles=columns(money),
        uncounted=rules(export.uncounted),
        refunded=rules(export.refunded),
        lost=rules(export.lost),
        time=next(iter(at([export.time])), -1),
        zone=next(iter(at([export.zone])), -1),
        keys=tuple(at(ours.get(name, ()))[0] for name in export.keys if at(ours.get(name, ())))
        if export.lines
        else (),
        products=(at(code), at(name), at(category)),
        only_totals=not money.keys() & {"tax", "discount"},
    )


def money_headers(mapping: HeaderMapping, export: OrderExport) -> dict[str, tuple[str, ...]]:
    """Return the export's money columns, those that the tenant names instead of the export's."""
    own = {name: mapping.columns[name] for name in mapping.own}
    money = dict(export.money)
    if AMOUNT in own:
        of_orders = {normalised(h) for role in ("goods", "total") for h in money.get(role, ())}
        role = "goods" if normalised(own[AMOUNT][0]) in of_orders else "line_total"
        if not export.lines:
            role = "goods"
        money = {role: own[AMOUNT]}
    elif "unit_price" in own or "quantity" in own:
        price, quantity = money.get("line_price", ()), money.get("line_quantity", ())
        money = {
            "line_price": own.get("unit_price", price),
            "line_quantity": own.get("quantity", quantity),
        }
    if "refunded_amount" in own:
        money["refunded"] = own["refunded_amount"]
    return money


def _products(mapping: HeaderMapping, export: OrderExport) -> list[Sequence[str]]:
    """Return the headers of a line's product cells. A row that is an order has none."""
    return [mapping.columns.get(name, ()) if export.lines else () for name in PRODUCT_CELLS]


def _wanted(
    mapping: HeaderMapping, export: OrderExport, money: Mapping[str, Sequence[str]]
) -> list[str]:
    rules = (*export.uncounted, *export.refunded, *export.lost)
    tables = (mapping.columns.items(), export.returns.items())
    return [
        *(h for table in tables for name, headers in table if name in OF_ORDERS for h in headers),
        *(h for headers in money.values() for h in headers),
        *(h for headers in _products(mapping, export) for h in headers),
        *(condition.column for rule in rules for condition in rule.when),
        export.time,
        export.zone,
    ]
