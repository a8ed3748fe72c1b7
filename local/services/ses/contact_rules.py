"""What SES asks of a line of a contact list's import, and what becomes of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from local.services.frame.addresses import is_email

_MEMBERS = frozenset({"emailAddress", "unsubscribeAll", "attributesData", "topicPreferences"})
_STATUSES = ("OPT_IN", "OPT_OUT")
_CHANGED_AT = 1_775_000_000.0


@dataclasses.dataclass(frozen=True)
class StoredContact:
    """A contact: what it prefers, and the data that somebody attached to it."""

    address: str
    unsubscribed: bool = False
    topics: Mapping[str, str] = dataclasses.field(default_factory=dict)
    data: str | None = None

    @property
    def preferences(self) -> tuple[bool, dict[str, str]]:
        """Whether it wants nothing at all, and what it wants of each topic."""
        return self.unsubscribed, dict(self.topics)

    def to_json(self, topics: Mapping[str, str]) -> dict[str, Any]:
        """Return it as lists have it, with the defaults of the topics that it does not set."""
        rest = {name: status for name, status in topics.items() if name not in self.topics}
        return {
            "EmailAddress": self.address,
            "TopicPreferences": _listed(self.topics),
            "TopicDefaultPreferences": _listed(rest),
            "UnsubscribeAll": self.unsubscribed,
            "LastUpdatedTimestamp": _CHANGED_AT,
        }


class BadRecordError(Exception):
    """A line that cannot be imported, with as much of the record as can be read."""

    def __init__(self, words: str, record: Mapping[str, Any]) -> None:
        super().__init__(words)
        self.record = record


def checked(line: str, *, topics: Mapping[str, str]) -> tuple[dict[str, Any], StoredContact]:
    """Return a line's record and the contact that it makes, or raise BadRecordError.

    A record replaces the contact: an unsubscription that it omits is gone.
    """
    record = _read(line)
    preferences = record.get("topicPreferences", [])
    wrong = [
        words
        for words, good in {
            "Unknown members.": set(record) <= _MEMBERS,
            "emailAddress is invalid.": _is_address(record.get("emailAddress")),
            "unsubscribeAll must be a boolean.": isinstance(
                record.get("unsubscribeAll", False), bool
            ),
            "attributesData must be the text of a JSON object.": _is_data(
                record.get("attributesData", "{}")
            ),
            "topicPreferences is invalid.": isinstance(preferences, list)
            and all(_is_preference(one, topics) for one in preferences),
        }.items()
        if not good
    ]
    if wrong:
        raise BadRecordError(" ".join(wrong), record)
    return record, StoredContact(
        address=record["emailAddress"],
        unsubscribed=record.get("unsubscribeAll", False),
        topics={one["topicName"]: one["subscriptionStatus"] for one in preferences},
        data=record.get("attributesData"),
    )


def _read(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise BadRecordError("Malformed JSON.", {}) from error
    if not isinstance(record, dict):
        raise BadRecordError("Each line must be a JSON object.", {})
    return record


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and is_email(value)


def _is_data(value: Any) -> bool:
    try:
        return isinstance(value, str) and isinstance(json.loads(value), dict)
    except ValueError:
        return False


def _is_preference(value: Any, topics: Mapping[str, str]) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"topicName", "subscriptionStatus"}
        and value["topicName"] in topics
        and value["subscriptionStatus"] in _STATUSES
    )


def _listed(topics: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"TopicName": name, "SubscriptionStatus": status} for name, status in topics.items()]
