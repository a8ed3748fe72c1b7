"""The groups of settings inside a stage's, each knowing what is wrong with it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import NoReturn

from tessera.errors import InvalidInput
from tessera.naming import DEFAULT_TENANT

GLUE_WORKERS = ("G.1X", "G.2X", "G.4X", "G.8X")

# SageMaker refuses a volume key for instances with disks of their own, so none of those.
_INSTANCE = re.compile(r"ml\.(t3|m4|m5|m6i|m7i|c4|c5|c6i|c7i|r5|r6i|r7i)\.(medium|large|\d*xlarge)")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SUBNET = re.compile(r"subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_SECURITY_GROUP = re.compile(r"sg-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_DOMAIN = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_CONTACT_LIST = _DOMAIN
_OBJECT_TYPE = re.compile(r"[a-zA-Z_][a-zA-Z_0-9-]{0,254}")
LOADERS = ("batches", "upload")  # of Customer Profiles
_APPLICATION = re.compile(r"[a-zA-Z0-9]{1,64}")


def failed(checks: Mapping[str, tuple[bool, str]]) -> dict[str, str]:
    """Return, of checks by setting, what was expected where one failed."""
    return {name: expected for name, (good, expected) in checks.items() if not good}


def refuse(name: str, value: object, expected: str) -> NoReturn:
    """Raise InvalidInput for a setting, with what it is and what was expected."""
    raise InvalidInput(f"setting {name!r} is {value!r}: expected {expected}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Storage:
    """How long objects are kept, in days; 0 keeps them until somebody deletes them."""

    upload_days: int = 0
    run_days: int = 0
    noncurrent_days: int = 30
    access_log_days: int = 90

    def problems(self) -> dict[str, str]:
        """Return what is wrong with which setting."""
        wrong = {
            name: "0 (for ever) or a number of days"
            for name, days in dataclasses.asdict(self).items()
            if days < 0
        }
        if self.noncurrent_days == 0:
            wrong["noncurrent_days"] = "at least 1 day, in which a running job can still read"
        return wrong


@dataclasses.dataclass(frozen=True, kw_only=True)
class Jobs:
    """Machines and limits of the SageMaker and Glue jobs.

    ``prepare_memory_mb`` bounds the engine inside Prepare, ``load_hours`` the wait for one
    destination, ``run_hours`` the whole run. Uploads of ``spark_from_gb`` or more are prepared on
    Spark, unless a tenant's setting ``engine`` says where.
    """

    prepare_instance: str = "ml.m5.xlarge"
    prepare_memory_mb: int = 8000
    train_instance: str = "ml.m5.large"
    score_instance: str = "ml.m5.large"
    volume_gb: int = 50
    job_hours: int = 4
    glue_worker: str = "G.1X"
    glue_workers: int = 2
    spark_from_gb: int = 20
    spark_worker: str = "G.2X"
    spark_workers: int = 10
    load_hours: int = 6
    run_hours: int = 24

    def problems(self) -> dict[str, str]:
        """Return what is wrong with which setting."""
        checks = {
            name: (_INSTANCE.fullmatch(getattr(self, name)) is not None, "such as 'ml.m5.xlarge'")
            for name in ("prepare_instance", "train_instance", "score_instance")
        }
        checks |= {
            "prepare_memory_mb": (self.prepare_memory_mb >= 512, "at least 512"),
            "volume_gb": (1 <= self.volume_gb <= 16_384, "from 1 to 16384"),
            "job_hours": (1 <= self.job_hours <= 48, "from 1 to 48"),
            "glue_worker": (self.glue_worker in GLUE_WORKERS, f"one of {GLUE_WORKERS}"),
            "glue_workers": (2 <= self.glue_workers <= 299, "from 2 to 299"),
            "spark_from_gb": (self.spark_from_gb >= 1, "at least 1"),
            "spark_worker": (self.spark_worker in GLUE_WORKERS, f"one of {GLUE_WORKERS}"),
            "spark_workers": (2 <= self.spark_workers <= 299, "from 2 to 299"),
            "load_hours": (1 <= self.load_hours <= 48, "from 1 to 48"),
            "run_hours": (self.run_hours >= self.job_hours, "at least job_hours"),
        }
        return failed(checks)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Schedule:
    """A daily run without an upload, so that time passing moves customers too.

    ``hour`` is the hour of the day in UTC.
    """

    enabled: bool = False
    hour: int = 3

    def problems(self) -> dict[str, str]:
        """Return what is wrong with which setting."""
        return failed({"hour": (0 <= self.hour <= 23, "from 0 to 23, in UTC")})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Alarms:
    """Whom to tell, and from how many hours on a run is too long."""

    email: str = ""
    long_run_hours: int = 3

    def problems(self) -> dict[str, str]:
        """Return what is wrong with which setting."""
        return failed(
            {
                "email": (not self.email or bool(EMAIL.fullmatch(self.email)), "an address"),
                "long_run_hours": (self.long_run_hours >= 1, "at least 1"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerProfiles:
    """The Customer Profiles domains: one a tenant, so that shops never share customers.

    ``domain`` names the default tenant's when it exists already (the domain of a Connect
    instance, say); empty makes one. ``object_type`` names an object type there in the same way.
    Customers go by ``loader``: ``batches`` of ten, or ``upload`` jobs of up to 10,000.
    """

    domain: str = ""
    object_type: str = ""
    loader: str = LOADERS[0]

    def problems(self) -> dict[str, str]:
        """Return what is wrong with which setting."""
        return failed(
            {
                "domain": (
                    not self.domain or bool(_DOMAIN.fullmatch(self.domain)),
                    "the name of a domain, at most 64 of A-Z a-z 0-9 _ -",
                ),
                "object_type": (
                    not self.object_type
                    or (bool(self.domain) and bool(_OBJECT_TYPE.fullmatch(self.object_type))),
                    "the name of an object type that the setting 'customer_profiles.domain' has",
                ),
                "loader": (self.loader in LOADERS, f"one of {LOADERS}"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Network:
    """Where the functions of Activate run in a stage with a warehouse; empty for outside any VPC.

    From ``subnet_ids`` they have to reach the warehouse, and S3, KMS, Secrets Manager and whatever
    other destinations there are, through a NAT gateway or endpoints.
    """

    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()

    def problems(self) -> dict[str, str]:
        """Return what is wrong with which setting."""
        subnets, groups = self.subnet_ids, self.security_group_ids
        named = {
            "subnet_ids": all(_SUBNET.fullmatch(name) for name in subnets),
            "security_group_ids": all(_SECURITY_GROUP.fullmatch(name) for name in groups),
        }
        checks = {
            name: (good and bool(subnets) == bool(groups), "ids of both kinds, or none of either")
            for name, good in named.items()
        }
        return failed(checks)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pinpoint:
    """The Amazon Pinpoint applications, one a tenant, so that shops never share customers.

    ``application_id`` is the default tenant's, ``tenant_applications`` names those of others, such
    as "acme=0123456789abcdef0123456789abcdef". ``addresses`` makes an endpoint for each address
    too: for an application that knows no address yet.
    """

    application_id: str = ""
    tenant_applications: tuple[str, ...] = ()
    addresses: bool = False

    @property
    def applications(self) -> dict[str, str]:
        """Every tenant's application."""
        others = dict(one.split("=", 1) for one in self.tenant_applications)
        return {DEFAULT_TENANT: self.application_id, **others}

    def problems(self) -> dict[str, str]:
        """Return what is wrong with which setting."""
        parts = [one.partition("=") for one in self.tenant_applications]
        named = not self.application_id or bool(_APPLICATION.fullmatch(self.application_id))
        others = all(tenant and _APPLICATION.fullmatch(found) for tenant, _, found in parts)
        return failed(
            {
                "application_id": (named, "the id of an application: letters and digits"),
                "tenant_applications": (others, "such as 'acme=<the application's id>' each"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ses:
    """What Amazon SES is told beside the files of recipients that it always gets.

    ``import_contacts`` makes the default tenant's customers contacts of ``contact_list``, the one
    that the account has, and replaces its contacts' ``attributesData``.
    """

    contact_list: str = ""
    import_contacts: bool = False

    def problems(self) -> dict[str, str]:
        """Return what is wrong with which setting."""
        named = bool(_CONTACT_LIST.fullmatch(self.contact_list))
        return failed(
            {
                "contact_list": (
                    named or not (self.contact_list or self.import_contacts),
                    "the name of the account's contact list, at most 64 of A-Z a-z 0-9 _ -",
                )
            }
        )
