"""A person who is to be erased at Amazon Connect Customer Profiles: the profile is deleted.

DeleteProfile deletes a profile with all of its objects, also those that other sources brought. It
answers when that is done. Profiles are searched by the object type's unique key, and by the account
number for profiles of upload jobs. Only one whose account number is the customer's id is deleted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tessera.contracts.customer_profiles import UNIQUE_FIELD
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.errors import Retryable

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

_ACCOUNT = "_account"  # the service's own search key for account numbers
_DONE = "the profile is deleted with all of its objects, also those of other sources"


def erase_profiles(
    person: ErasurePerson, *, client: CustomerProfilesClient, domain: str, object_type: str
) -> ErasureAnswer:
    """Delete the profiles of a customer. The caller translates errors."""
    described: Mapping[str, Any] = client.get_profile_object_type(
        DomainName=domain, ObjectTypeName=object_type
    )
    ids = list(_profiles(person.customer_id, described, client=client, domain=domain))
    for profile_id in ids:
        with contextlib.suppress(client.exceptions.ResourceNotFoundException):
            client.delete_profile(DomainName=domain, ProfileId=profile_id)
    return ErasureAnswer("deleted", _DONE) if ids else ErasureAnswer("absent")


def _profiles(
    customer_id: str, described: Mapping[str, Any], *, client: CustomerProfilesClient, domain: str
) -> Iterator[str]:
    page: dict[str, Any] = {}
    while True:
        answer = client.search_profiles(
            DomainName=domain,
            KeyName=_unique_key(described),
            Values=[customer_id],
            AdditionalSearchKeys=[{"KeyName": _ACCOUNT, "Values": [customer_id]}],
            LogicalOperator="OR",
            **page,
        )
        profiles = answer.get("Items")
        if not isinstance(profiles, list):
            raise Retryable("Customer Profiles sent a response without profiles")
        yield from (one["ProfileId"] for one in profiles if one.get("AccountNumber") == customer_id)
        if not answer.get("NextToken"):
            return
        page = {"NextToken": answer["NextToken"]}


def _unique_key(described: Mapping[str, Any]) -> str:
    """Return the name of the object type's key of the customer id."""
    for name, keys in described.get("Keys", {}).items():
        if any(
            key["FieldNames"] == [UNIQUE_FIELD] and "UNIQUE" in key.get("StandardIdentifiers", [])
            for key in keys
        ):
            return str(name)
    return _ACCOUNT
