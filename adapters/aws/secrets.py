"""Secrets, read from Secrets Manager and nowhere kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapters.aws import clients
from adapters.aws.errors import translated
from tessera.errors import InvalidInput

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_SHORTEST = 16


def read_fields(
    name: str,
    *,
    fields: Sequence[str],
    optional: Sequence[str] = (),
    client: SecretsManagerClient | None = None,
) -> dict[str, str]:
    """Return these fields of a secret that is a JSON object of texts, and optional ones it has.

    Raises
    ------
    InvalidInput
        There is no such secret, it is marked for deletion, or it does not have them.
    Refused
        The role may not read it, or the credentials have expired.
    Retryable
        Secrets Manager was busy or could not be reached.
    """
    form = "{" + ", ".join(f'"{field}": "…"' for field in fields) + "}"
    make = f"store it in Secrets Manager as {form}"
    text = _text(name, client=client, missing=make)
    return parse_fields(text, where=f"secret {name}", fields=fields, optional=optional, advice=make)


def read_texts(
    name: str, *, advice: str, client: SecretsManagerClient | None = None
) -> dict[str, str]:
    """Return all fields of a secret that is a JSON object of texts.

    Raises
    ------
    InvalidInput
        There is no such secret, or it has another form. ``advice`` is in the message.
    Refused
        The role may not read it, or the credentials have expired.
    Retryable
        Secrets Manager was busy or could not be reached.
    """
    try:
        value = json.loads(_text(name, client=client, missing=advice))
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise InvalidInput(f"secret {name} does not have the required form: {advice}")
    return value


def parse_fields(
    text: str, *, where: str, fields: Sequence[str], optional: Sequence[str] = (), advice: str
) -> dict[str, str]:
    """Return these fields of a JSON object of texts, and optional ones it has.

    Raises
    ------
    InvalidInput
        The text does not have them. ``where`` it was read and ``advice`` are in the message, and
        nothing of the text is.
    """
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    members = value if isinstance(value, dict) else {}
    if not all(isinstance(members.get(field), str) and members[field] for field in fields):
        raise InvalidInput(f"{where} does not have the required form: {advice}")
    more = [field for field in optional if field not in fields and field in members]
    if not all(isinstance(members[field], str) for field in more):
        raise InvalidInput(f"{where}: expected texts in its fields {', '.join(more)}")
    return {field: members[field] for field in (*fields, *more)}


def read_secret(name: str, *, client: SecretsManagerClient | None = None) -> bytes:
    """Return a secret's text as bytes.

    Raises
    ------
    InvalidInput
        There is no such secret, it is marked for deletion, or it is too short to keep anything
        secret.
    Refused
        The role may not read it, or the credentials have expired.
    Retryable
        Secrets Manager was busy or could not be reached.
    """
    value = _text(name, client=client, missing="deploy the data stack again")
    if len(value) < _SHORTEST:
        raise InvalidInput(
            f"secret {name} has fewer than {_SHORTEST} characters: generate a longer one"
        )
    return value.encode()


def has_secret(name: str, *, client: SecretsManagerClient | None = None) -> bool:
    """Return whether a secret is there. One that is marked for deletion is not.

    Raises
    ------
    Refused
        The role may not ask, or the credentials have expired.
    Retryable
        Secrets Manager was busy or could not be reached.
    """
    secrets = client or clients.secrets_manager()
    try:
        with translated("Secrets Manager", what=f"secret {name}", missing="there is none"):
            return "DeletedDate" not in secrets.describe_secret(SecretId=name)
    except InvalidInput:
        return False


def _text(name: str, *, client: SecretsManagerClient | None, missing: str) -> str:
    secrets = client or clients.secrets_manager()
    with translated(
        "Secrets Manager",
        what=f"secret {name}",
        missing=f"there is no secret {name}: {missing}",
    ):
        return str(secrets.get_secret_value(SecretId=name)["SecretString"])
