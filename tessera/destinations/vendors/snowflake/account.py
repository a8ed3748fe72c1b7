"""A Snowflake account: its host, the issuer of its tokens, and where its statements run.

The preferred identifier is ``<organization>-<account>``. The older one is a locator, followed by
region and cloud: ``xy12345.eu-west-1.aws``. A token names the account in upper case and without
what follows the locator. A host name has no underscores, so hyphens take their place.

References
----------
docs.snowflake.com: user-guide/admin-account-identifier, developer-guide/sql-api/authenticating.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Self

from tessera.destinations.requests import ENDPOINT
from tessera.errors import InvalidInput

FIELDS = ("account", "user", "warehouse", "database")
ROLE, SCHEMA = "role", "schema"  # optional fields of the secret
OPTIONAL = (ROLE, SCHEMA)
DEFAULT_SCHEMA = "TESSERA"

_NAME = re.compile(r"[A-Za-z0-9_]+-[A-Za-z0-9_-]+")
_LOCATOR = re.compile(r"[A-Za-z0-9]+(\.[a-z0-9-]+){0,2}")
_DOMAIN = "snowflakecomputing.com"
_PRIVATE = "privatelink"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SnowflakeAccount:
    """One tenant's account, and the names that its statements run with.

    Parameters
    ----------
    identifier, user
        Whose token it is.
    warehouse, database, schema, role
        Exactly as ``SHOW`` prints them: their case counts. ``role`` is empty for the user's own.
    """

    identifier: str
    user: str
    warehouse: str
    database: str
    schema: str = DEFAULT_SCHEMA
    role: str = ""

    @classmethod
    def parse(cls, secret: Mapping[str, str]) -> Self:
        """Return the account in a secret's fields.

        Raises
        ------
        InvalidInput
            The identifier has another form, or is a whole address.
        """
        identifier = secret["account"].strip()
        if ENDPOINT in secret or _DOMAIN in identifier or "/" in identifier:
            raise InvalidInput(
                "expected an account's identifier in its field 'account', such as "
                f"'myorg-myaccount', and no address: remove 'https://' and '.{_DOMAIN}'"
            )
        if not (_NAME.fullmatch(identifier) or _LOCATOR.fullmatch(identifier)):
            raise InvalidInput(
                f"its field 'account' is {identifier!r}: expected '<organization>-<account>', "
                "or a locator with its region, such as 'xy12345.eu-west-1'"
            )
        if _PRIVATE in identifier.split("."):
            raise InvalidInput(
                "its field 'account' is for PrivateLink, which Tessera does not use: take the "
                "identifier of the public address"
            )
        return cls(
            identifier=identifier,
            user=secret["user"].strip(),
            warehouse=secret["warehouse"],
            database=secret["database"],
            schema=secret.get(SCHEMA) or DEFAULT_SCHEMA,
            role=secret.get(ROLE, ""),
        )

    @property
    def base_url(self) -> str:
        """Where its SQL API is."""
        return f"https://{self.identifier.lower().replace('_', '-')}.{_DOMAIN}"

    @property
    def subject(self) -> str:
        """Who a token is about, as its claim ``sub`` has it."""
        return f"{self.identifier.partition('.')[0].upper()}.{self.user.upper()}"

    @property
    def context(self) -> dict[str, str]:
        """The fields of a request that say with what its statement runs."""
        named = {"warehouse": self.warehouse, "database": self.database, "role": self.role}
        return {name: value for name, value in named.items() if value}
