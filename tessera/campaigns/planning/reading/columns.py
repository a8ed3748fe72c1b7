"""Which columns of the profiles a plan reads, and the query that joins them with addresses."""

from __future__ import annotations

import dataclasses

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.contracts.table import Column, Table
from tessera.contracts.tables import IDENTITIES
from tessera.events.consent import DENIED, EMAIL_CONSENT, GRANTED
from tessera.segments.sets.conditions import columns_of

LABELS = ("segment", "churn_band", "value_tier")
BEFORE = "before_"  # begins the columns of the earlier profiles
GRANTED_AT, DENIED_AT = f"{EMAIL_CONSENT}_granted_at", f"{EMAIL_CONSENT}_denied_at"
_KEY, _BOUGHT_AT = "customer_key", "last_purchase_at"
_READ = (
    "customer_key", "channel_type", "address", "country", "email_consent", "email_consent_at",
    "last_seen_at",
)  # fmt: skip
EMAIL_IDENTITIES = Table(
    "identities",
    "Identities as a plan reads them: addresses of e-mail alone, in their normal form",
    tuple(
        Column(one.name, one.type, one.meaning, nullable=one.name != _KEY)
        for one in IDENTITIES.columns
        if one.name in _READ
    ),
    key=(),
)

# The latest readable address counts, as at every destination (``tessera.destinations.mapping``).
# Each customer has one row in every part, so the joins keep each row of the profiles once.
_QUERY = f"""
WITH addresses AS (
  SELECT {_KEY}, address FROM (
    SELECT {_KEY}, address, row_number() OVER (
      PARTITION BY {_KEY} ORDER BY last_seen_at DESC NULLS LAST, address
    ) AS place FROM identities WHERE address IS NOT NULL
  ) AS ranked WHERE place = 1
), countries AS (
  SELECT {_KEY}, country FROM (
    SELECT {_KEY}, country, row_number() OVER (
      PARTITION BY {_KEY} ORDER BY last_seen_at DESC NULLS LAST, country
    ) AS place FROM identities WHERE country IS NOT NULL
  ) AS ranked WHERE place = 1
), answers AS (
  SELECT {_KEY},
    max(CASE WHEN {EMAIL_CONSENT} = '{GRANTED}' THEN {EMAIL_CONSENT}_at END) AS {GRANTED_AT},
    max(CASE WHEN {EMAIL_CONSENT} = '{DENIED}' THEN {EMAIL_CONSENT}_at END) AS {DENIED_AT}
  FROM identities WHERE {EMAIL_CONSENT} IS NOT NULL GROUP BY {_KEY}
)
SELECT {{columns}}, address, country, {GRANTED_AT}, {DENIED_AT}
FROM profiles
LEFT JOIN addresses ON addresses.{_KEY} = profiles.{_KEY}
LEFT JOIN countries ON countries.{_KEY} = profiles.{_KEY}
LEFT JOIN answers ON answers.{_KEY} = profiles.{_KEY}
{{earlier}}
ORDER BY profiles.{_KEY}
"""  # noqa: S608 (column names of contracts, no values)
_EARLIER = f"LEFT JOIN earlier ON earlier.{_KEY} = profiles.{_KEY}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class CandidateColumns:
    """The profile columns that a plan reads.

    Parameters
    ----------
    conditions
        Those that the audience's conditions read.
    fields
        Those that the campaign's templates may show.
    compares
        Whether the labels of an earlier run are read too.
    """

    conditions: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    compares: bool = False

    @classmethod
    def of(
        cls, definition: CampaignDefinition, *, fields: tuple[str, ...], compares: bool
    ) -> CandidateColumns:
        """Return what a definition needs.

        Parameters
        ----------
        definition
            As this run uses it.
        fields
            What its templates may show.
        compares
            Whether there is an earlier run to compare with.
        """
        condition = definition.audience.condition
        return cls(
            conditions=columns_of(condition) if condition else (),
            fields=fields,
            compares=compares,
        )

    @property
    def present(self) -> tuple[str, ...]:
        """The columns of the present profiles, each once."""
        read = (_KEY, *LABELS, _BOUGHT_AT, *self.conditions, *self.fields)
        return tuple(dict.fromkeys(read))

    @property
    def earlier(self) -> tuple[str, ...]:
        """The columns of the earlier profiles, without their prefix."""
        return tuple(dict.fromkeys((_KEY, *LABELS, *self.conditions))) if self.compares else ()

    @property
    def query(self) -> str:
        """The query over ``profiles``, ``identities`` and, to compare, ``earlier``."""
        columns = [f"profiles.{name}" for name in self.present]
        columns += [f"earlier.{name} AS {BEFORE}{name}" for name in self.earlier]
        return _QUERY.format(columns=", ".join(columns), earlier=_EARLIER if self.compares else "")
