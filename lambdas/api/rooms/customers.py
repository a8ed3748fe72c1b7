"""Customers by their pseudonym, and the search that names none of them in the log."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request, Response

from lambdas.api.calls import Caller, body_of
from lambdas.api.parameters import (
    CustomerPath,
    Label,
    PageCursor,
    PageSize,
    RowCount,
    RunId,
    SetLabels,
)
from lambdas.api.replies import csv_reply
from steps.serve import customers as steps
from steps.serve.label_history import label_history
from steps.serve.tables import customers_table
from tessera.api.documents.customers import (
    CustomerDetail,
    CustomerMatches,
    CustomerPage,
    CustomerSearch,
    LabelHistory,
)
from tessera.api.refusals import conflict

_SearchBody = Annotated[CustomerSearch, Depends(body_of(CustomerSearch))]


async def _labels(
    segment: Label = None,
    churn_band: Label = None,
    value_tier: Label = None,
    label: SetLabels = None,
) -> dict[str, str]:
    """Return the label that each set must have: three by name, any other as ``set:label``."""
    named = {"rfm": segment, "churn_band": churn_band, "value_tier": value_tier}
    other = dict([label.split(":", 1)]) if label else {}
    return {name: text for name, text in named.items() if text is not None} | other


_Labels = Annotated[dict[str, str], Depends(_labels)]


def customers(
    call: Caller,
    labels: _Labels,
    *,
    run: RunId = None,
    cursor: PageCursor = None,
    limit: PageSize = 50,
) -> CustomerPage:
    """Return a page of customers."""
    return steps.customer_page(
        call.tenant,
        run_id=run,
        cursor=cursor,
        labels=labels,
        limit=limit,
        services=call.services,
    )


def customers_csv(
    request: Request,
    call: Caller,
    labels: _Labels,
    *,
    run: RunId = None,
    cursor: PageCursor = None,
    limit: RowCount = 5000,
) -> Response:
    """Return a page of customers as CSV."""
    page = steps.customer_page(
        call.tenant,
        run_id=run,
        cursor=cursor,
        labels=labels,
        limit=limit,
        services=call.services,
    )
    query = {**request.query_params, "cursor": page.next}
    following = f"{request.url.path}?{urlencode(query)}" if page.next else None
    return csv_reply(customers_table(page.items), following=following)


def customer(call: Caller, customer_key: CustomerPath, run: RunId = None) -> CustomerDetail:
    """Return one customer."""
    return steps.customer_detail(call.tenant, customer_key, run_id=run, services=call.services)


def customer_labels(call: Caller, customer_key: CustomerPath, run: RunId = None) -> LabelHistory:
    """Return a customer's segment over time."""
    return label_history(call.tenant, customer_key, run_id=run, services=call.services)


def search_customers(call: Caller, body: _SearchBody) -> CustomerMatches:
    """Return the keys of customers with an id or address."""
    finder, by = call.services.finder, call.principal.subject
    keys = finder.find(call.tenant, body.term, by=by)
    if keys is None:
        raise conflict(
            "Some customers cannot be searched yet: an earlier version stored them without an "
            "index. The next run writes it. Start one, or wait for the daily one."
        )
    return CustomerMatches(customer_keys=keys)
