"""Erasures by the API: asked for, listed, and shown with their receipts."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

from adapters.erasure.case_numbers import new_case
from steps.erase.start import ErasureDesk
from steps.serve.once import Attempt
from steps.serve.services import Services
from tessera.api.documents.erasures import (
    ErasureDetail,
    ErasureList,
    ErasureOrder,
    SignedReceipt,
)
from tessera.api.refusals import conflict, missing
from tessera.erasure.case import ErasureCase
from tessera.erasure.request import CaseTakenError, ErasureRequest
from tessera.records.codec import decode

_AT_ONCE = 16


def create_erasure(
    order: ErasureOrder, attempt: Attempt, *, by: str, services: Services
) -> ErasureCase:
    """Keep who is to be erased, and start it. A number that is made belongs to the request alone.

    Raises
    ------
    RequestRefusal
        The case number is another erasure's.
    """
    desk = services.erasures
    case = order.case or new_case(attempt.now, token=_token(attempt))
    request = ErasureRequest(
        case=case,
        tenant=attempt.tenant,
        terms=order.customers,
        requested_at=attempt.now,
        requested_by=by,
    )
    try:
        return desk.ask(request)
    except CaseTakenError as error:
        if order.case:
            raise conflict(f"The case number {case} is taken: choose another one.") from error
        return desk.start(attempt.tenant, case, now=attempt.now)  # an answer that got lost


def _token(attempt: Attempt) -> str:
    return hashlib.sha256(f"{attempt.name}{attempt.digest}".encode()).hexdigest()[:8]


def list_erasures(tenant: str, *, limit: int, after: str | None, services: Services) -> ErasureList:
    """Return a page of a tenant's cases, by number, the last one first."""
    desk = services.erasures
    numbers = [one for one in desk.cases(tenant) if after is None or one < after]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        known = list(pool.map(lambda case: _summary(desk, tenant, case), numbers[:limit]))
    more = len(numbers) > limit
    return ErasureList(
        items=tuple(one for one in known if one is not None),
        next=numbers[limit - 1] if more else None,
    )


def _summary(desk: ErasureDesk, tenant: str, case: str) -> ErasureCase | None:
    return desk.files(tenant, case).summary()


def erasure_detail(tenant: str, case: str, *, services: Services) -> ErasureDetail:
    """Return a case with its receipt.

    Raises
    ------
    RequestRefusal
        The tenant has no such case.
    """
    files = services.erasures.files(tenant, case)
    known = files.summary()
    if known is None:
        raise missing("erasure with this case number")
    document = files.receipt()
    receipt = None
    if document is not None:
        receipt = decode(SignedReceipt, document, document=f"the receipt of {case}")
    return ErasureDetail(**vars(known), receipt=receipt)
