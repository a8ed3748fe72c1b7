"""The parameters of routes, each with its exact form."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path, Query

from tessera.api.cursors import CURSOR, CUSTOMER, RUN
from tessera.api.route import IDEMPOTENCY_KEY
from tessera.campaigns.definitions.checks import SLUG_PATTERN
from tessera.erasure.request import CASE

RunId = Annotated[
    str | None, Query(pattern=f"^{RUN}$", description="A run. Without it the latest one")
]
RunPath = Annotated[str, Path(pattern=f"^{RUN}$", description="A run")]
SetName = Annotated[
    str, Query(pattern="^[a-z][a-z0-9_]{0,47}$", description="A segment set, such as `value_tier`")
]
SetPath = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,47}$", description="A segment set")]
CustomerPath = Annotated[str, Path(pattern=f"^{CUSTOMER}$", description="A customer's pseudonym")]
CampaignPath = Annotated[str, Path(pattern=f"^{SLUG_PATTERN}$", description="A campaign")]
CampaignRunPath = Annotated[
    str, Path(pattern=f"^{SLUG_PATTERN}-r[0-9]{{3,9}}$", description="A run of a campaign")
]
ListPath = Annotated[str, Path(pattern=f"^{SLUG_PATTERN}$", description="A list of receivers")]
ImportPath = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="An import of consents")]
TemplatePath = Annotated[str, Path(pattern=f"^{SLUG_PATTERN}$", description="A template")]
TenantPath = Annotated[
    str, Path(pattern="^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$", description="A tenant")
]
RemovalPath = Annotated[
    str, Path(pattern="^[a-z0-9-]{1,48}-[0-9]{8}T[0-9]{6}Z$", description="A removal")
]
KeyPath = Annotated[str, Path(pattern="^[0-9a-f]{12}$", description="An API key's id")]
CasePath = Annotated[str, Path(pattern=f"^{CASE}$", description="An erasure's case number")]
PageCursor = Annotated[
    str | None, Query(pattern=f"^{CURSOR}$", description="The `next` of the page before")
]
PageSize = Annotated[int, Query(ge=1, le=200, description="How many at most")]
RowCount = Annotated[int, Query(ge=1, le=5000, description="How many rows at most")]
Label = Annotated[
    str | None, Query(min_length=1, max_length=100, description="Only customers with this label")
]
Requested = Annotated[
    str, Header(alias="Idempotency-Key", pattern=IDEMPOTENCY_KEY, include_in_schema=False)
]
PeopleCount = Annotated[
    int, Query(ge=1, le=100_000_000, description="Who a campaign takes at once, or in a week")
]
IsWeekly = Annotated[bool, Query(description="Whether so many people enter each week")]
ConversionShare = Annotated[
    float | None,
    Query(
        ge=0.0001,
        le=0.99,
        description="The share that buys without a message. Without it, as measured so far",
    ),
]
LiftShare = Annotated[
    float, Query(ge=0.01, le=10, description="The smallest effect worth knowing: 0.1 is a tenth")
]
HeldOutShare = Annotated[
    float | None,
    Query(ge=0.01, le=0.9, description="A share held out that is looked at beside the usual ones"),
]
Year = Annotated[int, Path(ge=2000, le=2199, description="A calendar year")]
ResultDays = Annotated[
    int, Query(ge=1, le=365, description="How many days a person's purchases count")
]
SetLabels = Annotated[
    str | None,
    Query(
        pattern="^[a-z][a-z0-9_]{0,47}:[^\\x00-\\x1f]{1,100}$",
        description="Only customers with a label in any segment set, as `set:label`",
    ),
]
