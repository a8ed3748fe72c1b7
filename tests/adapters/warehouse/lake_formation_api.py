# ruff: noqa: N803 (the names are those of the API)
"""A strict stand-in for Lake Formation's API: its service model checks each call."""

from __future__ import annotations

import boto3
from botocore.exceptions import ClientError
from botocore.validate import validate_parameters

TABLES = {"profiles", "transitions", "model_cards", "events", "latest_runs"}


def _error(operation, code):
    return ClientError({"Error": {"Code": code, "Message": "as AWS says it"}}, operation)


def _frozen(resource):
    [(kind, names)] = resource.items()
    return kind, tuple(sorted(names.items()))


class LakeFormationApi:
    """Filters, grants and opt-ins of one account, where one principal may change them."""

    def __init__(self, *, denied=False, page=2):
        self.filters, self.grants, self.opt_ins = {}, set(), set()
        self.denied, self.page, self.calls = denied, page, []
        self._model = boto3.client("lakeformation", region_name="us-east-1").meta.service_model

    def __getattr__(self, name):
        operation = "".join(word.title() for word in name.split("_"))

        def call(**given):
            validate_parameters(given, self._model.operation_model(operation).input_shape)
            self.calls.append(operation)
            if self.denied:
                raise _error(operation, "AccessDeniedException")
            return getattr(self, f"_{name}")(operation, **given)

        return call

    def _known(self, operation, key):
        if key not in self.filters:
            raise _error(operation, "EntityNotFoundException")

    def _create_data_cells_filter(self, operation, TableData):
        key = (TableData["TableName"], TableData["Name"])
        if key in self.filters:
            raise _error(operation, "AlreadyExistsException")
        self.filters[key] = TableData

    def _update_data_cells_filter(self, operation, TableData):
        key = (TableData["TableName"], TableData["Name"])
        self._known(operation, key)
        self.filters[key] = TableData

    def _delete_data_cells_filter(self, operation, *, TableName, Name, **_place):
        self._known(operation, (TableName, Name))
        del self.filters[TableName, Name]
        self.grants = {each for each in self.grants if each[1:3] != (TableName, Name)}

    def _grant_permissions(self, operation, Principal, Resource, Permissions):
        who = Principal["DataLakePrincipalIdentifier"]
        if "Database" in Resource:
            assert Permissions == ["DESCRIBE"]
            return
        cells = Resource["DataCellsFilter"]
        assert Permissions == ["SELECT"]  # AWS grants nothing else on a filter
        self._known(operation, (cells["TableName"], cells["Name"]))
        self.grants.add((who, cells["TableName"], cells["Name"]))

    def _revoke_permissions(self, operation, Principal, Resource, Permissions):
        cells = Resource["DataCellsFilter"]
        one = (Principal["DataLakePrincipalIdentifier"], cells["TableName"], cells["Name"])
        if one not in self.grants:
            raise _error(operation, "InvalidInputException")
        self.grants.remove(one)

    def _create_lake_formation_opt_in(self, _operation, Principal, Resource):
        self.opt_ins.add((Principal["DataLakePrincipalIdentifier"], _frozen(Resource)))

    def _list_permissions(self, operation, *, Resource, IncludeRelated, CatalogId, NextToken="0"):
        assert IncludeRelated == "TRUE"
        table = Resource["Table"]["Name"]
        if table not in TABLES:
            raise _error(operation, "EntityNotFoundException")
        place = {"TableCatalogId": CatalogId, "DatabaseName": Resource["Table"]["DatabaseName"]}
        mine = [
            {
                "Principal": {"DataLakePrincipalIdentifier": who},
                "Resource": {"DataCellsFilter": {**place, "TableName": of, "Name": name}},
            }
            for who, of, name in sorted(self.grants)
            if of == table
        ]
        everybody = {
            "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
            "Resource": {"Table": Resource["Table"]},
        }
        entries = [everybody, *mine]
        start = int(NextToken)
        following = start + self.page
        more = {"NextToken": str(following)} if following < len(entries) else {}
        return {"PrincipalResourcePermissions": entries[start:following], **more}

    def reads(self, who, table):
        """Return what a principal reads of a table: each row filter with the hidden columns."""
        assert (who, _frozen({"Table": {
            "CatalogId": "111122223333", "DatabaseName": "tessera_dev", "Name": table,
        }})) in self.opt_ins  # fmt: skip
        return {
            (
                self.filters[of, name]["RowFilter"]["FilterExpression"],
                tuple(self.filters[of, name]["ColumnWildcard"]["ExcludedColumnNames"]),
            )
            for holder, of, name in self.grants
            if (holder, of) == (who, table)
        }
