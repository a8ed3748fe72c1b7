"""Secrets, read from Secrets Manager and nowhere kept."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from tessera.errors import InvalidInput, Refused, Retryable

_SHORTEST = 16


def read_secret(name: str, *, client: Any = None) -> bytes:
    """Return a secret's text as bytes.

    Raises
    ------
    InvalidInput
        There is no such secret, or it is too short to keep anything secret.
    Refused
        The role may not read it.
    Retryable
        Secrets Manager was busy or could not be reached.
    """
    secrets = client or boto3.client("secretsmanager")
    try:
        value = str(secrets.get_secret_value(SecretId=name)["SecretString"])
    except ClientError as error:
        raise _meaning(error, name) from error
    except (ConnectionError, HTTPClientError) as error:
        raise Retryable(f"Secrets Manager could not be reached for {name}: {error}") from error
    if len(value) < _SHORTEST:
        raise InvalidInput(
            f"secret {name} has fewer than {_SHORTEST} characters: generate a longer one"
        )
    return value.encode()


def _meaning(error: ClientError, name: str) -> Exception:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code == "ResourceNotFoundException":
        return InvalidInput(f"there is no secret {name}: deploy the data stack again")
    if code in ("AccessDeniedException", "DecryptionFailure"):
        return Refused(f"Secrets Manager denied access to {name} ({code}): check role and key")
    return Retryable(f"Secrets Manager failed for {name} ({code})")
