"""The settings of an operational database that is read on AWS."""

from __future__ import annotations

import dataclasses
import re

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed

MODES = ("", "nightly", "changes")
# DMS' names, and the port that each listens on unless the secret names another one.
ENGINES = {
    "postgres": 5432, "aurora-postgresql": 5432, "mysql": 3306, "aurora": 3306, "mariadb": 3306,
    "sqlserver": 1433, "oracle": 1521,
}  # fmt: skip
# What DMS encrypts only with a certificate to prove the server by.
_NEED_CERTIFICATE = ("mysql", "aurora", "mariadb", "oracle")
_DATABASE_NAMED = ("postgres", "aurora-postgresql", "sqlserver", "oracle")
_UNITS = (1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 384)
_TABLE = re.compile(r"[^.\s%]+\.[^.\s%]+")
_VPC = re.compile(r"vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_SUBNET = re.compile(r"subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_ROUTES = re.compile(r"rtb-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:dms:[a-z0-9-]+:\d{12}:cert:.+")
_NAMESPACE = re.compile(
    r"arn:aws[a-z-]*:redshift(?:-serverless)?:[a-z0-9-]+:\d{12}:namespace[:/][0-9a-f-]+"
)
_LEAST_ZONES = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class DatabaseSettings:
    """A database that AWS DMS Serverless reads. There is none unless ``mode`` says how.

    ``mode`` is ``nightly`` (all rows, at ``hour``) or ``changes`` (as they happen, which costs
    money at rest). ``engine`` is DMS' name. ``name`` is the database's, and ``tables`` are
    ``schema.table``. The secret ``tessera/<stage>/sources/database`` has ``username``,
    ``password``, ``host`` and ``port``.
    ``certificate_arn`` is a DMS certificate that proves the server. ``most_units`` is the most
    DMS capacity units (2 GB each). ``vpc_id``, ``subnet_ids`` (in two zones) and
    ``route_table_ids`` are where DMS runs, and where the endpoints of S3 and Secrets Manager go.
    Without ``route_table_ids`` none are made: then the network must reach both.
    ``aurora`` makes an Aurora PostgreSQL to migrate to. ``zero_etl`` is the ARN of a Redshift
    namespace that gets its tables.
    """

    mode: str = ""
    engine: str = "postgres"
    name: str = ""
    tables: tuple[str, ...] = ()
    hour: int = 2
    certificate_arn: str = ""
    most_units: int = 4
    vpc_id: str = ""
    subnet_ids: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    aurora: bool = False
    zero_etl: str = ""

    @property
    def used(self) -> bool:
        """Whether the stage has anything of it."""
        return bool(self.mode) or self.aurora

    @property
    def ssl_mode(self) -> str:
        """DMS' word for how far TLS is insisted on."""
        if not self.certificate_arn:
            return "require"
        return "verify-ca" if self.engine == "oracle" else "verify-full"

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed({**self._of_source(), **self._of_place(), **self._of_aurora()})

    def _of_source(self) -> dict[str, tuple[bool, str]]:
        reads = bool(self.mode)
        return {
            "mode": (self.mode in MODES, "'nightly', 'changes', or '' for no database"),
            "engine": (self.engine in ENGINES, f"one of {', '.join(ENGINES)}"),
            "name": (
                not reads or bool(self.name) or self.engine not in _DATABASE_NAMED,
                "the name of the database",
            ),
            "tables": (
                bool(self.tables) == reads and all(map(_TABLE.fullmatch, self.tables)),
                "the tables to read, such as 'public.orders', and none without a mode",
            ),
            "hour": (0 <= self.hour <= 23, "an hour of the day in UTC, 0 to 23"),
            "certificate_arn": (
                bool(_CERTIFICATE.fullmatch(self.certificate_arn))
                if self.certificate_arn
                else not (reads and self.engine in _NEED_CERTIFICATE),
                "the ARN of a DMS certificate: without one, DMS would read "
                f"{', '.join(_NEED_CERTIFICATE)} unencrypted",
            ),
            "most_units": (self.most_units in _UNITS, f"one of {', '.join(map(str, _UNITS))}"),
        }

    def _of_place(self) -> dict[str, tuple[bool, str]]:
        return {
            "vpc_id": (
                bool(_VPC.fullmatch(self.vpc_id)) if self.used else not self.vpc_id,
                "the id of the VPC that reaches the database",
            ),
            "subnet_ids": (
                len(self.subnet_ids) >= _LEAST_ZONES * self.used
                and all(map(_SUBNET.fullmatch, self.subnet_ids)),
                "ids of subnets of that VPC in at least two zones",
            ),
            "route_table_ids": (
                all(map(_ROUTES.fullmatch, self.route_table_ids)),
                "ids of the subnets' route tables, or none to make no endpoints",
            ),
        }

    def _of_aurora(self) -> dict[str, tuple[bool, str]]:
        return {
            "zero_etl": (
                not self.zero_etl or (self.aurora and bool(_NAMESPACE.fullmatch(self.zero_etl))),
                "the ARN of a Redshift namespace, with 'database.aurora'",
            ),
        }


@dataclasses.dataclass(frozen=True, kw_only=True)
class DatabasesSettings(FoundationSettings):
    """A stage with its operational database."""

    database: DatabaseSettings = dataclasses.field(default_factory=DatabaseSettings)
