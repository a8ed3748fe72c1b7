"""Queries of a large table: they answer what DynamoDB would, and read their partition alone."""

from __future__ import annotations

import pytest
from moto.dynamodb.models.table import Table

ROWS = 2_000


@pytest.fixture(scope="module")
def table(aws):
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName="queries", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"},
                   {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"}
                              for name in ("pk", "sk")],
    )  # fmt: skip
    for start in range(0, ROWS, 25):
        puts = [
            {"PutRequest": {"Item": {"pk": {"S": f"p{n % 4}"}, "sk": {"S": f"{n:05d}#x"}}}}
            for n in range(start, start + 25)
        ]
        dynamodb.batch_write_item(RequestItems={"queries": puts})
    return dynamodb


def query(table, condition, values, **more):
    named = {f":{name}": {"S": value} for name, value in values.items()}
    answer = table.query(
        TableName="queries", KeyConditionExpression=condition, ExpressionAttributeValues=named,
        **more,
    )  # fmt: skip
    return answer, [item["sk"]["S"] for item in answer["Items"]]


def test_a_partition_comes_sorted_and_whole(table):
    _, places = query(table, "pk = :p", {"p": "p1"})
    assert places == [f"{n:05d}#x" for n in range(1, ROWS, 4)]


def test_a_beginning_and_a_range_are_kept(table):
    _, begun = query(table, "pk = :p AND begins_with(sk, :b)", {"p": "p1", "b": "00005#"})
    assert begun == ["00005#x"]
    values = {"p": "p1", "a": "00005", "z": "00014"}
    _, between = query(table, "pk = :p AND sk BETWEEN :a AND :z", values, ScanIndexForward=False)
    assert between == ["00013#x", "00009#x", "00005#x"]
    assert query(table, "pk = :p", {"p": "nowhere"})[1] == []


def test_pages_lose_and_repeat_nothing(table):
    places, start = [], {}
    while True:
        answer, page = query(table, "pk = :p", {"p": "p2"}, Limit=70, **start)
        places += page
        if "LastEvaluatedKey" not in answer:
            break
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    assert places == [f"{n:05d}#x" for n in range(2, ROWS, 4)]


def test_one_row_is_read_without_the_rest_of_the_table(table, monkeypatch):
    read, all_items = [], Table.all_items

    def counted(self):
        items = all_items(self)
        read.append(len(items))
        return items

    monkeypatch.setattr(Table, "all_items", counted)
    query(table, "pk = :p AND begins_with(sk, :b)", {"p": "p1", "b": "00005#"})
    assert read == [1]
