"""A receiver of webhooks on the loopback interface, as strict as docs/webhook.md lets one be."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from typing import Any

from local.services.frame.addresses import is_email, is_phone
from local.services.frame.http_service import HttpServer, HttpService, ReceivedRequest, Rejected

SIGNING_KEY = "made-up-on-this-machine"  # what a laptop's secret says
_SIGNATURE = re.compile(r"t=(\d+),v1=([0-9a-f]{64})")
_FRESH_SECONDS = 300
_BODY_BYTES = 1_000_000
_CUSTOMERS_MOST = 500
_TEXTS = ("customer_id", "email", "phone")
_MESSAGE = {"campaign", "run", "variant", "customer_key", "email", "segment", "churn_band",
            "value_tier", "country", "fields", "unsubscribe_url"}  # fmt: skip
_ERASED = {"customer_id", "customer_key"}
_SEGMENT = {"name", "label", "attribute", "value", "meaning", "customers"}


class Webhook(HttpService):
    """A shop's own system.

    Parameters
    ----------
    signing_key
        Shared with the sender.

    Attributes
    ----------
    known
        What is known of a customer, by customer id.
    segments
        By name.
    messages
        Of campaigns, by their delivery's id.
    repeats
        How often a batch or a message came again.
    """

    DESTINATION = "webhook"
    REMEMBERS = ("known", "segments", "messages", "_given")

    def __init__(self, signing_key: str = SIGNING_KEY) -> None:
        super().__init__()
        self.known: dict[str, dict[str, Any]] = {}
        self.segments: dict[str, dict[str, Any]] = {}
        self.messages: dict[str, dict[str, Any]] = {}
        self.repeats = 0
        self._key = signing_key.encode()
        self._given: dict[str, dict[str, Any]] = {}

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return the attributes by customer id."""
        return {name: one["attributes"] for name, one in self.known.items()}

    def sizes(self) -> dict[str, int]:
        """Return the sizes of the announced segments."""
        return {name: self.members(name) for name in self.segments}

    def members(self, name: str) -> int:
        """Return how many customers are in a segment, by its announced definition."""
        one = self.segments[name]
        values = [held.get(one["attribute"]) for held in self.customers().values()]
        return values.count(one["value"])

    def error(self, status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return code and message."""
        return {"code": str(status), "message": f"{pointer} {words}".strip()}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Take what is signed: a batch of customers, a campaign's message, or a segment."""
        if (request.method, request.path) != ("POST", "/"):
            raise Rejected(404, "only POST to the URL itself")
        if request.headers.get("content-type") != "application/json":
            raise Rejected(415, "expected the content type application/json")
        if len(request.text) > _BODY_BYTES:
            raise Rejected(413, f"the body has more than {_BODY_BYTES} bytes")
        self._verify(request)
        return self._take(request.body, delivery=request.headers.get("tessera-delivery"))

    def _take(self, body: dict[str, Any], *, delivery: str | None) -> tuple[int, Any]:
        if set(body) == {"segment"}:
            return self._take_segment(body["segment"])
        if set(body) == {"retired"}:
            self.segments.pop(body["retired"]["name"], None)
            return 200, {}
        kinds = ({"delivery", kind} for kind in ("customers", "message", "erased"))
        if set(body) not in kinds:
            raise Rejected(400, "expected delivery and customers, message or erased; or a segment")
        if body["delivery"] != delivery:
            raise Rejected(400, "the delivery is not the header's")
        if "erased" in body:
            return self._erase(body["erased"])
        if "message" in body:
            return 200, self._take_message(body["delivery"], body["message"])
        return 200, self._take_batch(body["delivery"], body["customers"])

    def _verify(self, request: ReceivedRequest) -> None:
        signature = _SIGNATURE.fullmatch(request.headers.get("tessera-signature", ""))
        if signature is None:
            raise Rejected(401, "expected the header Tessera-Signature: t=<seconds>,v1=<hex>")
        signed = signature[1].encode() + b"." + request.text
        wanted = hmac.new(self._key, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, signature[2]):
            raise Rejected(401, "the signature is wrong")
        if abs(time.time() - int(signature[1])) > _FRESH_SECONDS:
            raise Rejected(401, "the signature is too old")

    def _take_batch(self, delivery: str, customers: Any) -> dict[str, Any]:
        """Take a batch in, or respond as when it came first."""
        if not isinstance(customers, list) or len(customers) > _CUSTOMERS_MOST:
            raise Rejected(400, f"expected up to {_CUSTOMERS_MOST} customers")
        for one in customers:
            _check_customer(one)
        if delivery in self._given:
            self.repeats += 1
            return self._given[delivery]
        refused = []
        for one in customers:
            if one["customer_id"] in self.faults.items:
                code, message = self.faults.items[one["customer_id"]]
                refused.append(
                    {"customer_id": one["customer_id"], "code": code, "message": message}
                )
            else:
                self.known[one["customer_id"]] = one
        self._given[delivery] = {"refused": refused}
        return self._given[delivery]

    def _erase(self, person: Any) -> tuple[int, Any]:
        """Forget a person: what is known, messages, and responses that name them."""
        if not isinstance(person, dict) or set(person) != _ERASED:
            raise Rejected(400, f"expected erased with {', '.join(sorted(_ERASED))}")
        name, key = person["customer_id"], person["customer_key"]
        known = self.known.pop(name, None)
        messages = [one for one, sent in self.messages.items() if sent["customer_key"] == key]
        for one in messages:
            del self.messages[one]
        for given in self._given.values():
            given["refused"] = [one for one in given["refused"] if one["customer_id"] != name]
        if known is None and not messages:
            raise Rejected(404, "no such customer")
        return 200, {}

    def _take_message(self, delivery: str, message: Any) -> dict[str, Any]:
        """Take the message of a campaign's recipient, once."""
        if not isinstance(message, dict) or set(message) != _MESSAGE:
            raise Rejected(400, f"expected a message of {', '.join(sorted(_MESSAGE))}")
        if not is_email(message["email"]):
            raise Rejected(400, "expected an e-mail address, its domain in ASCII")
        if message["customer_key"] in self.faults.items:
            raise Rejected(422, self.faults.items[message["customer_key"]][1])
        self.repeats += delivery in self.messages
        self.messages[delivery] = message
        return {}

    def _take_segment(self, segment: Any) -> tuple[int, Any]:
        if not isinstance(segment, dict) or set(segment) != _SEGMENT:
            raise Rejected(400, f"expected a segment of {', '.join(sorted(_SEGMENT))}")
        known = self.segments.get(segment["name"])
        self.segments[segment["name"]] = segment
        if known is None:
            return 201, {"segment": "created"}
        same = all(known[name] == segment[name] for name in ("attribute", "value"))
        return 200, {"segment": "kept" if same else "recreated"}


def _check_customer(one: Any) -> None:
    if not isinstance(one, dict) or set(one) - {*_TEXTS, "attributes", "left"}:
        raise Rejected(400, "expected a customer with the fields that are documented")
    if not {"customer_id", "attributes", "left"} <= set(one) or not isinstance(one["left"], bool):
        raise Rejected(400, "expected customer_id, attributes and left")
    values = [*(one[name] for name in _TEXTS if name in one), *one["attributes"].values()]
    if not all(isinstance(value, str) and value for value in values):
        raise Rejected(400, "expected texts that are not empty")
    if not is_email(one.get("email", "a@b.example")):
        raise Rejected(400, "expected an e-mail address, its domain in ASCII")
    if not is_phone(one.get("phone", "+12125550100")):
        raise Rejected(400, "expected a phone number in the form of E.164")
    if one["left"] and (one["attributes"] or "email" in one or "phone" in one):
        raise Rejected(400, "a customer who left has no attributes and addresses")


class WebhookServer(HttpServer):
    """Serves a receiver, one that knows nobody by default."""

    def __init__(self, state: Webhook | None = None) -> None:
        super().__init__(state or Webhook())
