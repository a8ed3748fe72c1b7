"""The definition as Quick Sight's API describes it, and the data behind each visual."""

from __future__ import annotations

import functools
import json

import botocore.session
import pytest
from botocore.validate import ParamValidator

from tessera.dashboards.picture import svg
from tessera.dashboards.quick_sight import definition
from tessera.dashboards.sheets import DATASETS, SHEETS
from tessera.dashboards.visuals import COLUMNS

VISUALS = [visual for sheet in SHEETS for visual in sheet.visuals]


@functools.cache
def made():
    return definition({one.name: f"arn:aws:quicksight:::dataset/{one.name}" for one in DATASETS})


@functools.cache
def shape():
    model = botocore.session.get_session().get_service_model("quicksight")
    return model.operation_model("CreateDashboard").input_shape


def problems(content):
    call = {"AwsAccountId": "111122223333", "DashboardId": "d", "Name": "n", "Definition": content}
    return ParamValidator().validate(call, shape()).generate_report()


def test_the_service_model_accepts_the_definition():
    assert problems(made()) == ""


def test_the_service_model_names_what_is_wrong():
    wrong = json.loads(json.dumps(made()))
    [visual] = wrong["Sheets"][0]["Visuals"][0].values()
    del visual["VisualId"]
    visual["Colour"] = 1
    assert "VisualId" in problems(wrong)
    assert "Colour" in problems(wrong)


def test_there_is_a_sheet_for_each_question():
    assert [one.id for one in SHEETS] == [
        "customers", "revenue", "clv", "segments", "churn", "movement", "trust",
    ]  # fmt: skip
    ids = [one.id for one in VISUALS]
    assert len(set(ids)) == len(ids)


def test_each_column_is_one_of_its_dataset():
    names = {one.name: set(one.view.names) for one in DATASETS}

    def identifiers(value):
        if isinstance(value, dict):
            if "DataSetIdentifier" in value:
                yield value["DataSetIdentifier"], value["ColumnName"]
            for each in value.values():
                yield from identifiers(each)
        elif isinstance(value, list):
            for each in value:
                yield from identifiers(each)

    asked = set(identifiers(made()))
    assert len(asked) > 20
    assert not [pair for pair in asked if pair[1] not in names[pair[0]]]


def test_visuals_stay_on_the_grid_and_apart():
    for sheet in SHEETS:
        taken = set()
        for visual in sheet.visuals:
            column, row, width, height = visual.place
            assert column + width <= COLUMNS
            assert len(visual.title) * 7 < width * 20, "the title is wider than its picture"
            cells = {(c, r) for c in range(column, column + width)
                     for r in range(row, row + height)}  # fmt: skip
            assert not cells & taken
            taken |= cells


@pytest.mark.parametrize("visual", VISUALS, ids=lambda one: one.id)
def test_the_data_of_each_visual_is_there(visual, file_warehouse):
    rows = list(file_warehouse.query(visual.sql(tenant="default")).rows)
    assert rows
    assert len(rows[0]) == len(visual.by) + len(visual.measures)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda one: one.id)
def test_the_picture_of_a_sheet_names_its_visuals_and_is_the_committed_one(sheet, root):
    drawn = svg(sheet)
    assert all(f">{one.title}</text>" in drawn for one in sheet.visuals)
    assert len(drawn) < 5_000
    kept = root / "docs" / "images" / "dashboards" / f"{sheet.id}.svg"
    assert kept.read_text(encoding="utf-8") == drawn, "run `make docs`"
