"""The transport to a tenant's warehouse, by its secret."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from adapters.aws.objects import Objects
from adapters.aws.secrets import read_fields
from adapters.destinations.warehouse.drivers import (
    CA,
    DEFAULT_SCHEMA,
    FIELDS,
    ROLE,
    SCHEMA,
    Driver,
    PostgresDriver,
    RedshiftDriver,
)
from adapters.destinations.warehouse.files import CopyPlace
from adapters.destinations.warehouse.transport import WarehouseTransport
from tessera.destinations.warehouse import tables as warehouse
from tessera.destinations.warehouse.files import DEFAULT_ROLE
from tessera.environments.activate import ActivateEnvironment
from tessera.errors import InvalidInput
from tessera.naming import LOAD_RECORD, STAGING, destination_prefix, destination_secret
from tessera.records.codec import decode
from tessera.records.loads.load import LoadRecord

COPY_ROLE = "copy_role"  # a field of a secret: who may read whole import files
OWN_HOST = "own_host"  # an option: how the host of the stage's own warehouse begins

_NO_ROLE = "none"
_DIALECTS = {"postgresql": warehouse.POSTGRESQL, "redshift": warehouse.REDSHIFT}
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,256}")


def connect_warehouse(
    destination: str,
    options: Mapping[str, str],
    *,
    environment: ActivateEnvironment,
    tenant: str,
    run_id: str,
) -> WarehouseTransport:
    """Return the transport of a tenant's warehouse, by its secret.

    Raises
    ------
    InvalidInput
        There is no such secret, or it lacks a field.
    """
    name = destination_secret(environment.stage, destination, tenant=tenant)
    folder = destination_prefix(tenant, run_id, destination)
    identities = Objects(environment.identities_bucket)

    def as_of() -> dt.date:
        value = identities.read_json(folder + LOAD_RECORD)
        return decode(LoadRecord, value, document=LOAD_RECORD).as_of

    fields = FIELDS if destination == "postgresql" else (*FIELDS, ROLE)
    secret = read_fields(name, fields=fields, optional=(SCHEMA, CA, COPY_ROLE))
    if not secret["port"].isdecimal():
        raise InvalidInput(f"secret {name}: expected a number as text in its field 'port'")
    staged = f"s3://{environment.identities_bucket}/{folder}{STAGING}"
    driver: Driver = PostgresDriver(secret)
    copies = None
    if destination == "redshift":
        driver = RedshiftDriver(secret, folder=staged)
        role = _copy_role(secret, own_host=options.get(OWN_HOST, ""), secret_name=name)
        copies = CopyPlace(objects=identities, folder=folder + STAGING, role=role) if role else None
    return WarehouseTransport(
        dialect=_DIALECTS[destination],
        driver=driver,
        schema=secret.get(SCHEMA) or DEFAULT_SCHEMA,
        secret_name=name,
        as_of=as_of,
        copies=copies,
    )


def _copy_role(secret: Mapping[str, str], *, own_host: str, secret_name: str) -> str:
    """Return the role by which the cluster reads whole import files. Empty if it reads none.

    The default role of the stage's own warehouse may read them, so there it is the default.
    """
    is_own = bool(own_host) and secret["host"].startswith(own_host)
    role = secret.get(COPY_ROLE) or (DEFAULT_ROLE if is_own else _NO_ROLE)
    if role not in (DEFAULT_ROLE, _NO_ROLE) and _ROLE_ARN.fullmatch(role) is None:
        raise InvalidInput(
            f"secret {secret_name}: expected the ARN of a role in its field '{COPY_ROLE}', such as "
            f"'arn:aws:iam::111122223333:role/name', or '{DEFAULT_ROLE}', or '{_NO_ROLE}'"
        )
    return "" if role == _NO_ROLE else role
