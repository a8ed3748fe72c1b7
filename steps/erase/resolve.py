"""Who is to be erased: customers, receivers of campaigns, and people that were erased before."""

from __future__ import annotations

from adapters.erasure.cases import PeopleOfCase
from adapters.erasure.known_people import PeopleReader
from steps.erase.contacts import contacts_of
from steps.erase.receivers import receivers
from steps.erase.tools import ErasureTools
from tessera.destinations.port import Contact
from tessera.erasure.people import KnownPerson
from tessera.erasure.request import NotErasableError
from tessera.events.pseudonym import address_keys, customer_keys, erased_marks


def people_of(tools: ErasureTools, terms: tuple[str, ...]) -> PeopleOfCase:
    """Return who some ids and addresses name.

    Raises
    ------
    NotErasableError
        Nobody is known by them, or an address belongs to several customers.
    """
    key_of = customer_keys(tools.secret, tenant=tools.tenant)
    reader = PeopleReader(tools.data, tools.identities, tenant=tools.tenant, key_of=key_of)
    resolved = reader.resolve(terms)
    mark_of = erased_marks(tools.secret, tenant=tools.tenant)
    earlier = tools.marks.all()
    again = [term for term in resolved.unknown if mark_of(key_of(term)) in earlier]
    others = receivers(tools, [term for term in resolved.unknown if term not in again])
    people = (
        *resolved.people,
        *others,
        *(_erased_before(key_of(term), term) for term in again),
    )
    if not people:
        raise NotErasableError(
            f"tenant {tools.tenant!r} has no customer with this id or address: nothing was erased"
        )
    hashed = address_keys(tools.secret, tenant=tools.tenant)
    contacts = {each.customer_key: contacts_of(each) for each in people}
    addresses = {address for some in contacts.values() for _, address in some}
    return PeopleOfCase(
        people=people,
        unknown=len(resolved.unknown) - len(again) - len(others),
        recipients=tuple(sorted(map(hashed, addresses))),
        traces=reader.traces({each.customer_key for each in people}),
        contacts=contacts,
    )


def _erased_before(key: str, term: str) -> KnownPerson:
    """Return a person who was erased before: what came since may have the id or address."""
    contacts = (Contact("EMAIL", term),) if "@" in term else ()
    return KnownPerson(customer_key=key, ids=(term,), contacts=contacts)


def marks_of(tools: ErasureTools, known: PeopleOfCase) -> list[str]:
    """Return the marks of people: of their keys, and of those that their addresses would have."""
    key_of = customer_keys(tools.secret, tenant=tools.tenant)
    mark_of = erased_marks(tools.secret, tenant=tools.tenant)
    keys = {each.customer_key for each in known.people}
    keys |= {key_of(address) for each in known.people for address in each.own_addresses}
    keys |= {key_of(address) for some in known.contacts.values() for _, address in some}
    return sorted({mark_of(key) for key in keys})
