"""Import an uploaded file of consents. Called by the API, which reads no addresses itself.

The event is {"tenant", "import"}. The report has numbers and places, and no cell of the file.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.campaigns.consent_rows import ConsentRows
from adapters.stores.erased import ErasedMarks
from adapters.stores.records import write_record
from steps.campaign.import_consent import import_consent
from tessera.environments.campaigns import ImportConsentEnvironment
from tessera.events.erased import ErasedPeople
from tessera.events.pseudonym import address_keys, customer_keys
from tessera.naming import check_tenant, consent_report_key
from tessera.records.codec import encode


@logged("ImportConsent", facts=("added", "refused", "erased", "states"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with a ``ConsentReport``, which is kept too. A wrong file is an InvalidInput."""
    environment = ImportConsentEnvironment.from_env(os.environ)
    tenant, import_id = check_tenant(str(event["tenant"])), str(event["import"])
    data, secret = Objects(environment.data_bucket), read_secret(environment.pseudonym_secret)
    report = import_consent(
        tenant,
        import_id,
        identities=Objects(environment.identities_bucket),
        consent=ConsentRows(environment.campaigns_table),
        key_of=address_keys(secret, tenant=tenant),
        is_erased=_is_erased(data, tenant=tenant, secret=secret),
        now=dt.datetime.now(dt.UTC),
    )
    write_record(report, data, consent_report_key(tenant, import_id))
    return encode(report)


def _is_erased(data: Objects, *, tenant: str, secret: bytes) -> Callable[[str], bool]:
    """Return whether an address is an erased person's: it has a mark, as its key as an id would."""
    marks = ErasedMarks(data, tenant=tenant).all()
    test = ErasedPeople(tenant=tenant, secret=secret, marks=marks).test()
    key_of = customer_keys(secret, tenant=tenant)
    return lambda address: test(key_of(address))
