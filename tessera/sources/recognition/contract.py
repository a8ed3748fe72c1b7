"""What an upload must and may contain, whatever its file calls the columns."""

from __future__ import annotations

import dataclasses
import functools

from tessera.events.names import normalised
from tessera.sources.recognition.translations import HEADERS


@dataclasses.dataclass(frozen=True)
class SourceColumn:
    """One column that we understand.

    Parameters
    ----------
    name, header
        Ours, and the AWS guidance's, which an upload may use in any case, with spaces or
        underscores.
    meaning
        A sentence for docs/data-contract.md.
    aliases
        Other headers that mean the same.
    required
        Whether a file without it is refused. Of ``unit_price`` and ``amount`` one is enough.
    """

    name: str
    header: str
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = False

    @functools.cached_property
    def accepted(self) -> tuple[str, ...]:
        """Every header that means this column, normalised, the most specific first."""
        translated = HEADERS.get(self.name, ())
        names = (self.header, self.name, *self.aliases, *translated)
        return tuple(normalised(text) for text in names)


COLUMNS = (
    SourceColumn(
        "customer_id", "CustomerID",
        "The shop's own id of the customer. Without the column, the e-mail address or the phone "
        "number",
        ("customer", "client id", "user id", "customer key", "customer number"), required=True,
    ),
    SourceColumn(
        "other_id", "OtherID", "Another id of the customer, for rows whose CustomerID is blank",
    ),
    SourceColumn(
        "date", "Date", "When it happened. Without an offset it is in the setting 'time_zone'",
        ("timestamp", "datetime", "date time", "event date", "event time", "order date",
         "invoice date", "created at", "occurred at", "purchase date", "transaction date"),
        required=True,
    ),
    SourceColumn(
        "time", "Time", "The time of day, where the date's own cell has none", ("time of day",),
    ),
    SourceColumn(
        "event_name", "EventName", "What happened. Without the column every row is a purchase",
        ("event", "event type", "action"),
    ),
    SourceColumn(
        "unit_price", "UnitPrice", "Price of one piece",
        ("price", "item price", "price each"),
    ),
    SourceColumn(
        "quantity", "Quantity", "How many: 1 when absent, negative for a return",
        ("qty", "units"),
    ),
    SourceColumn(
        "amount", "Amount", "The row's money, instead of unit price and quantity",
        ("total", "line total", "total amount", "total price", "revenue", "sales", "net sales",
         "net amount", "net total", "order total", "order amount", "order value"),
    ),
    SourceColumn(
        "refunded_amount", "RefundedAmount", "Money of the row's order that was given back",
        ("amount refunded", "refund amount"),
    ),
    SourceColumn("currency", "Currency", "ISO 4217 code of the money", ("currency code",)),
    SourceColumn(
        "order_id", "OrderID", "The shop's order. Without it one customer at one instant",
        ("order", "order number", "invoice", "invoice no", "invoice number", "transaction id"),
    ),
    SourceColumn("event_id", "EventID", "The event's own id: a second row with it is ignored"),
    SourceColumn(
        "product_code", "ProductCode", "The shop's code of the product that the row is of",
        ("sku", "stock code"),
    ),
    SourceColumn("product_name", "ProductName", "The product's name", ("product",)),
    SourceColumn(
        "product_category", "ProductCategory",
        "The product's category. Without a code or a name it is not used",
        ("category", "item category", "product type", "product group", "material group"),
    ),
    SourceColumn("product_description", "ProductDescription", "Not used yet"),
    SourceColumn(
        "username", "Username", "The customer's name or login", ("user name", "customer name"),
    ),
    SourceColumn(
        "channel_type", "ChannelType", "How the address is reached: EMAIL, SMS, PUSH …",
        ("channel",),
    ),
    SourceColumn(
        "address", "Address", "The address on that channel: an e-mail address, a phone number; one "
        "that can't be read is not sent, and counted",
    ),
    SourceColumn(
        "email", "Email", "The customer's e-mail address, which is the channel EMAIL",
        ("email address", "mail", "mail address", "customer email", "contact email", "user email"),
    ),
    SourceColumn(
        "phone", "Phone", "The customer's phone number, which is the channel SMS",
        ("phone number", "mobile", "mobile phone", "mobile number", "telephone", "cell",
         "cell phone", "customer phone", "text"),
    ),
    SourceColumn("city", "City", "The customer's city"),
    SourceColumn("state", "State", "The customer's state or region", ("region", "province")),
    SourceColumn(
        "country", "Country", "The customer's country, by a code (DE, DEU) or a name: phone "
        "numbers in national form are read in it", ("country code",),
    ),
    SourceColumn(
        "ad_consent", "AdConsent",
        "Whether the customer lets the shop use their address for advertising audiences: GRANTED "
        "or DENIED (or true, false, yes, no, 1, 0). Empty changes nothing",
        ("advertising consent", "ads consent"),
    ),
    SourceColumn(
        "email_consent", "EmailConsent",
        "Whether the customer agreed to marketing by e-mail: GRANTED or DENIED, as in AdConsent. "
        "It is counted in the report, and never sent to a destination",
        ("accepts marketing", "accepts email marketing", "email marketing consent"),
    ),
)  # fmt: skip

BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column.name for column in COLUMNS if column.required)
CONTACTS = ("email", "phone")  # the first that a file has may be its customers' id
MONEY = ("unit_price", "amount")  # at least one of them
