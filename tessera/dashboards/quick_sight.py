"""The sheets in the words of Quick Sight's API, which CloudFormation takes as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tessera.contracts.table import Column
from tessera.dashboards.sheets import DATASETS, SHEETS
from tessera.dashboards.visuals import DashboardSheet, Dataset, Kind, Measure, Visual

# What the API calls a kind, its field wells, and where the columns and the measures go in them.
_KINDS: Mapping[Kind, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    "figure": ("KPIVisual", "", (), ("Values",)),
    "bars": ("BarChartVisual", "BarChartAggregatedFieldWells", ("Category",), ("Values",)),
    "lines": ("LineChartVisual", "LineChartAggregatedFieldWells", ("Category", "Colors"),
              ("Values",)),
    "heat": ("HeatMapVisual", "HeatMapAggregatedFieldWells", ("Rows", "Columns"), ("Values",)),
    "areas": ("TreeMapVisual", "TreeMapAggregatedFieldWells", ("Groups",), ("Sizes",)),
    "flow": ("SankeyDiagramVisual", "SankeyDiagramAggregatedFieldWells",
             ("Source", "Destination"), ("Weight",)),
    "table": ("TableVisual", "TableAggregatedFieldWells", ("GroupBy",), ("Values",)),
}  # fmt: skip
TYPES = {"string": "STRING", "int": "INTEGER", "bigint": "INTEGER", "double": "DECIMAL",
         "date": "DATETIME", "timestamp": "DATETIME"}  # fmt: skip
_WIDTH = "1600px"


def data_type(column: Column) -> str:
    """Return Quick Sight's type of a column."""
    return TYPES.get(column.type, "DECIMAL")


def definition(arns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the definition of the dashboard and of the analysis.

    Parameters
    ----------
    arns
        Each dataset's ARN, by its name.
    """
    return {
        "DataSetIdentifierDeclarations": [
            {"Identifier": one.name, "DataSetArn": arns[one.name]} for one in DATASETS
        ],
        "Sheets": [_sheet(one) for one in SHEETS],
        "FilterGroups": [
            _filter_group(sheet, visual)
            for sheet in SHEETS
            for visual in sheet.visuals
            if visual.only
        ],
    }


def _sheet(sheet: DashboardSheet) -> dict[str, Any]:
    elements = [
        {
            "ElementId": one.id,
            "ElementType": "VISUAL",
            "ColumnIndex": one.place[0],
            "RowIndex": one.place[1],
            "ColumnSpan": one.place[2],
            "RowSpan": one.place[3],
        }
        for one in sheet.visuals
    ]
    canvas = {
        "ScreenCanvasSizeOptions": {"ResizeOption": "FIXED", "OptimizedViewPortWidth": _WIDTH}
    }
    layout = {"GridLayout": {"Elements": elements, "CanvasSizeOptions": canvas}}
    return {
        "SheetId": sheet.id,
        "Name": sheet.title,
        "Description": sheet.about,
        "ContentType": "INTERACTIVE",
        "Visuals": [_visual(one) for one in sheet.visuals],
        "Layouts": [{"Configuration": layout}],
    }


def _visual(visual: Visual) -> dict[str, Any]:
    name, wells, groups, values = _KINDS[visual.kind]
    fields: dict[str, Any] = {}
    for place, column in zip(_places(groups, visual), visual.by, strict=True):
        fields.setdefault(place, []).append(_dimension(visual, visual.column(column)))
    fields[values[0]] = [_measure(visual, one) for one in visual.measures]
    title = {"Visibility": "VISIBLE", "FormatText": {"PlainText": visual.title}}
    return {
        name: {
            "VisualId": visual.id,
            "Title": title,
            "ChartConfiguration": {"FieldWells": {wells: fields} if wells else fields},
        }
    }


def _places(groups: tuple[str, ...], visual: Visual) -> tuple[str, ...]:
    """Return where each column goes: a table has one place for all."""
    return groups[:1] * len(visual.by) if visual.kind == "table" else groups[: len(visual.by)]


def _identifier(data: Dataset, column: str) -> dict[str, str]:
    return {"DataSetIdentifier": data.name, "ColumnName": column}


def _dimension(visual: Visual, column: Column) -> dict[str, Any]:
    kind = {"STRING": "Categorical", "DATETIME": "Date"}.get(data_type(column), "Numerical")
    field = {
        "FieldId": f"{visual.id}.{column.name}",
        "Column": _identifier(visual.data, column.name),
    }
    return {f"{kind}DimensionField": field}


def _measure(visual: Visual, measure: Measure) -> dict[str, Any]:
    field: dict[str, Any] = {
        "FieldId": f"{visual.id}.{measure.column}.{measure.fold.lower()}",
        "Column": _identifier(visual.data, measure.column),
    }
    if data_type(visual.column(measure.column)) == "STRING":
        return {"CategoricalMeasureField": {**field, "AggregationFunction": "COUNT"}}
    fold = {"SimpleNumericalAggregation": measure.fold}
    return {"NumericalMeasureField": {**field, "AggregationFunction": fold}}


def _filter_group(sheet: DashboardSheet, visual: Visual) -> dict[str, Any]:
    """Return the filter by which a visual shows one segment set."""
    assert visual.only is not None  # noqa: S101 (what the caller asks)
    column, value = visual.only
    only = {
        "FilterId": f"{visual.id}-only",
        "Column": _identifier(visual.data, column),
        "Configuration": {
            "FilterListConfiguration": {"MatchOperator": "CONTAINS", "CategoryValues": [value]}
        },
    }
    scope = {
        "SheetVisualScopingConfigurations": [
            {"SheetId": sheet.id, "Scope": "SELECTED_VISUALS", "VisualIds": [visual.id]}
        ]
    }
    return {
        "FilterGroupId": f"{visual.id}-filter",
        "Filters": [{"CategoryFilter": only}],
        "ScopeConfiguration": {"SelectedSheets": scope},
        "CrossDataset": "SINGLE_DATASET",
        "Status": "ENABLED",
    }
