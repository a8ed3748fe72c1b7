"""Who reads import files for Redshift: the role of the stage's own warehouse, and no other."""

from __future__ import annotations

import fnmatch
import json

from tests.infra.template import listed

FOLDER = "tenants/*/runs/*/destinations/redshift/"


def test_the_own_warehouse_reads_import_files_and_what_copy_reads_beside_them_alone(full):
    bucket = f"arn:aws:s3:::{full.outputs()['IdentitiesBucket']}"
    statements = [
        one for one in full.statements("PlaceRole") if bucket in str(listed(one["Resource"]))
    ]
    allowed = {action for one in statements for action in listed(one["Action"])}
    assert allowed == {"s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"}
    reads = [one for one in statements if "s3:GetObject" in listed(one["Action"])]
    read = [key for one in reads for key in listed(one["Resource"]) if key.startswith(bucket)]
    patterns = [f"{FOLDER}part-*.jsonl", f"{FOLDER}staging/*"]
    assert sorted(read) == [f"{bucket}/{one}" for one in patterns]
    [list_] = [one for one in statements if "s3:ListBucket" in listed(one["Action"])]
    assert sorted(list_["Condition"]["StringLike"]["s3:prefix"]) == patterns
    others = ("identities/x", "destinations/redshift/ledger/x", "runs/1/rejects.csv.gz",
              "runs/1/destinations/klaviyo/part-00000.jsonl",
              "runs/1/destinations/redshift/report.json")  # fmt: skip
    for key in others:
        name = f"{bucket}/tenants/default/{key}"
        assert not [one for one in read if fnmatch.fnmatchcase(name, one)], key


def test_it_decrypts_persons_data_only_as_s3_asks_it(full):
    decrypts = [
        one for one in full.statements("PlaceRole")
        if listed(one["Action"]) == ["kms:Decrypt"]
    ]  # fmt: skip
    [one] = decrypts
    assert one["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    assert "Identities" in one["Resource"]


def test_a_stage_with_its_own_warehouse_knows_its_host_and_no_other_does(full, other):
    def option(app):
        functions = app.resources("AWS::Lambda::Function")
        [polls] = [one for one in functions if ".poll_load." in one["Handler"]]
        return json.loads(app.resolve(polls["Environment"]["Variables"]["OPTIONS"]))["redshift"]

    assert option(full) == {"own_host": "tessera-full.111122223333.us-east-1."}
    assert option(other) == {}
