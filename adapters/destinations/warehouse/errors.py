"""What the errors of a database mean, without anybody's data.

A database quotes its input. Its message about a batch goes no further than a rejection, which is
stored beside the customers' ids.
"""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Iterator, Mapping

from adapters.destinations.warehouse.drivers import CA
from tessera.errors import InvalidInput, Refused, Retryable

_NO_TLS = "Server refuses SSL"  # in the words of pg8000
_DENIED, _NOT_GRANTED, _NO_DATABASE = "28", "42501", "3D000"
_NOT_THERE = ("3F000", "42P01", "42703")  # a schema, a table, a column
_BUSY = ("08", "25", "40", "53", "55", "57", "58", "XX")  # classes of what may pass by itself
_INTERNAL, _CANCELLED = "XX", "57014"
# Redshift gives every error of COPY the code XX000. So its words decide.
_NOT_LOADED = "Load into table"  # … failed: a row is wrong. A table of the database says which
_UNREADABLE = re.compile(r"S3ServiceException|IAM role|not authorized", re.IGNORECASE)
_S3_BUSY = re.compile(r"Status 5\d\d|SlowDown")


class Wrong(Exception):  # noqa: N818 (what the batch is)
    """The database does not take what a batch says: its code, and its words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


class Errors:
    """A warehouse's errors. Its title, schema and secret are for people."""

    def __init__(self, title: str, *, schema: str, secret_name: str) -> None:
        self._title = title
        self._schema = schema
        self._secret_name = secret_name

    @contextlib.contextmanager
    def translated(self, *, personal: bool = False, files: bool = False) -> Iterator[None]:
        """Raise what errors mean.

        Parameters
        ----------
        personal
            Whether statements name customers.
        files
            Whether the database fetches a run's files. Then what it cannot do with all of them is
            wrong with them: it may be able to with fewer.

        Raises
        ------
        Wrong
            The database does not accept a customer's values.
        InvalidInput, Refused, Retryable
            Whatever else went wrong.
        """
        title, secret = self._title, self._secret_name
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise InvalidInput(
                f"{title} has a certificate that cannot be verified ({error.verify_message}): "
                f"put the certificates of its authority, as PEM, into the field '{CA}' of the "
                f"secret {secret}, and check that its field 'host' is the name in the certificate"
            ) from None
        except OSError as error:
            raise Retryable(
                f"{title} could not be reached ({type(error).__name__}): check the fields "
                f"'host' and 'port' of the secret {secret}"
            ) from None
        except Exception as error:
            parts = _code_and_words(error)
            if parts is None:
                raise
            if files and (meaning := self._of_files(*parts)):
                raise meaning from None
            raise self._meaning(*parts, personal=personal) from None

    def _of_files(self, code: str, words: str) -> Exception | None:
        if code == _CANCELLED:
            return Wrong(code, "it took too long")
        if not code.startswith(_INTERNAL):
            return None
        if not _UNREADABLE.search(words):
            return Wrong(code, words)
        if _S3_BUSY.search(words):
            return Retryable(f"{self._title} could not read the run's files: S3 was busy")
        return Refused(
            f"{self._title} could not read the run's files: let the role in the field 'copy_role' "
            f"of the secret {self._secret_name} read them, or set that to 'none'. It answered: "
            f"{words[:200]}"
        )

    def _meaning(self, code: str, words: str, *, personal: bool) -> Exception:
        title, secret = self._title, self._secret_name
        if code in _NOT_THERE:
            return self.missing()
        if code == _NO_DATABASE:
            return InvalidInput(
                f"{title} has no database with the name in the secret {secret}: create it, or "
                "correct the field 'dbname'"
            )
        if code.startswith(_DENIED) or code == _NOT_GRANTED:
            todo = "check the user and the password"
            if code == _NOT_GRANTED:
                todo = f"let the user create schema {self._schema!r}, or own it"
            return Refused(f"{title} denied access ({code}) with the secret {secret}: {todo}")
        if words == _NO_TLS:
            return InvalidInput(
                f"{title} does not accept encrypted connections, which Tessera requires: enable "
                f"TLS on the host in the secret {secret}"
            )
        is_wrong = personal and words.startswith(_NOT_LOADED)
        if not code or (code.startswith(_BUSY) and not is_wrong):
            return Retryable(
                f"{title} could not be reached or was busy ({code or 'no code'}): if this "
                f"persists, check the host in the secret {secret}, and the database's log"
            )
        wrong = Wrong(code, words)
        return wrong if personal else Refused(f"{title} refused a statement ({code}): {words}")

    def missing(self) -> InvalidInput:
        """Return what to say where a table or column is not there."""
        return InvalidInput(
            f"{self._title} lacks a table or column of schema {self._schema!r}: start the "
            "run again, which creates them again, and make sure that nobody removes them"
        )


def _code_and_words(error: Exception) -> tuple[str, str] | None:
    """Return code and words of a driver's error, None for any other.

    A server's message is a mapping from one letter. A connection error is a text, without
    anything of what was sent.
    """
    if type(error).__module__.partition(".")[0] not in ("pg8000", "redshift_connector"):
        return None
    detail = error.args[0] if error.args else ""
    if isinstance(detail, Mapping):
        return str(detail.get("C", "")), str(detail.get("M", "no reason given"))[:500]
    return "", str(detail)
