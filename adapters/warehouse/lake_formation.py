"""AWS Lake Formation: which rows and columns of the catalogued tables an analyst reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated
from tessera.warehouse.grants import RowFilter

_SERVICE = "Lake Formation"
_EXISTS, _MISSING = "AlreadyExistsException", "EntityNotFoundException"
_SELECT, _DESCRIBE = ["SELECT"], ["DESCRIBE"]


class LakeFormation:
    """The grants on one catalog database.

    Parameters
    ----------
    database
        The database's name.
    account
        The account that owns the catalog.
    client
        boto3's client. By default one for the environment's credentials and region.

    Raises
    ------
    InvalidInput
        The database or a table is not there.
    Refused
        Lake Formation denied the call. Only a data lake administrator may change grants.
    Retryable
        Lake Formation was busy or could not be reached.
    """

    def __init__(self, database: str, *, account: str, client: Any = None) -> None:
        self._database, self._account = database, account
        self._client = client or clients.lake_formation()

    def keep_filter(self, row_filter: RowFilter) -> None:
        """Make a filter, or give the one of the same name these rows and columns."""
        data = {
            **self._filter(row_filter.table, row_filter.name),
            "RowFilter": {"FilterExpression": row_filter.expression},
            "ColumnWildcard": {"ExcludedColumnNames": list(row_filter.without)},
        }
        with self._translated():
            try:
                self._client.create_data_cells_filter(TableData=data)
            except ClientError as error:
                if code_of(error) != _EXISTS:
                    raise
                self._client.update_data_cells_filter(TableData=data)

    def grant(self, principal: str, row_filter: RowFilter) -> None:
        """Let a principal read what a filter gives, and nothing else of its table."""
        with self._translated():
            self._client.grant_permissions(
                Principal=_named(principal), Resource=self._resource(row_filter.table,
                row_filter.name), Permissions=_SELECT,
            )  # fmt: skip
            self._client.create_lake_formation_opt_in(
                Principal=_named(principal), Resource={"Table": self._table(row_filter.table)}
            )

    def describe_database(self, principal: str) -> None:
        """Let a principal see that the database is there."""
        database = {"Database": {"CatalogId": self._account, "Name": self._database}}
        with self._translated():
            self._client.grant_permissions(
                Principal=_named(principal), Resource=database, Permissions=_DESCRIBE
            )
            self._client.create_lake_formation_opt_in(
                Principal=_named(principal), Resource=database
            )

    def granted(self, table: str) -> Iterator[tuple[str, str]]:
        """Yield each principal with the name of a filter that it may read through."""
        asked = {"Resource": {"Table": self._table(table)}, "IncludeRelated": "TRUE"}
        for page in self._pages(self._client.list_permissions, CatalogId=self._account, **asked):
            for each in page["PrincipalResourcePermissions"]:
                by_filter = each["Resource"].get("DataCellsFilter")
                if by_filter and by_filter["TableName"] == table:
                    principal = each["Principal"]["DataLakePrincipalIdentifier"]
                    yield principal, by_filter["Name"]

    def revoke(self, principal: str, table: str, name: str) -> None:
        """Take a grant back. The opt-in stays: without a grant it gives nothing at all."""
        with self._translated():
            self._client.revoke_permissions(
                Principal=_named(principal),
                Resource=self._resource(table, name),
                Permissions=_SELECT,
            )

    def remove_filter(self, table: str, name: str) -> None:
        """Remove a filter. One that is gone already is no error."""
        with self._translated():
            try:
                self._client.delete_data_cells_filter(**self._filter(table, name))
            except ClientError as error:
                if code_of(error) != _MISSING:
                    raise

    def _translated(self) -> Any:
        return translated(
            _SERVICE,
            what=f"the grants on database {self._database}",
            missing=f"Lake Formation has no database {self._database} with the catalogued tables: "
            "deploy the stage with 'lake_formation' first",
        )

    def _pages(self, call: Any, **asked: Any) -> Iterable[dict[str, Any]]:
        token: dict[str, str] = {}
        while True:
            with self._translated():
                page = call(**asked, **token)
            yield page
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}

    def _table(self, table: str) -> dict[str, str]:
        return {"CatalogId": self._account, "DatabaseName": self._database, "Name": table}

    def _filter(self, table: str, name: str) -> dict[str, str]:
        return {
            "TableCatalogId": self._account,
            "DatabaseName": self._database,
            "TableName": table,
            "Name": name,
        }

    def _resource(self, table: str, name: str) -> dict[str, Any]:
        return {"DataCellsFilter": self._filter(table, name)}


def _named(principal: str) -> dict[str, str]:
    return {"DataLakePrincipalIdentifier": principal}
