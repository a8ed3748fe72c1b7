"""What SES needs in a stage, and what it does not where nobody opted in."""

from __future__ import annotations

import json

import pytest

from tessera.errors import InvalidInput
from tests.infra.linting import findings
from tests.infra.rights import may, who
from tests.infra.synthesis import synthesize
from tests.infra.template import listed
from tests.infra.test_settings import parse

LIST = "arn:aws:ses:us-east-1:111122223333:contact-list/shop"
JOB = "arn:aws:ses:us-east-1:111122223333:import-job/1"
IMPORT = "tenants/default/runs/1/destinations/ses/imports/1.json"


def stage(**settings):
    options = {
        "destinations": ["export", "ses"],
        "account": "111122223333",
        "retain": False,
        **settings,
    }
    context = {"stage": "dev", "tessera": {"stages": {"dev": options}}}
    return synthesize(context)


@pytest.fixture(scope="module")
def files_alone():
    return stage()


@pytest.fixture(scope="module")
def imports():
    options = {"ses": {"contact_list": "shop", "import_contacts": True}}
    return stage(**options)


def about_ses(app):
    """Return the statements of the resources' own policies that name SES."""
    documents = [
        each[name]["Statement"]
        for kind, name in (
            ("AWS::S3::BucketPolicy", "PolicyDocument"),
            ("AWS::KMS::Key", "KeyPolicy"),
        )
        for each in app.resources(kind)
    ]
    return [s for document in documents for s in app.resolve(document) if "ses.amazonaws" in str(s)]


def test_without_the_opt_in_nobody_may_touch_a_list_and_ses_reads_nothing(app, files_alone):
    for made in (app, files_alone):
        assert not [s for _, s in made.all_statements() if "ses:" in json.dumps(s["Action"])]
        assert about_ses(made) == []
    assert transport_options(files_alone) == {"contact_list": ""}
    assert files_only(files_alone) == "export,ses"


def test_with_it_each_function_has_its_part(imports):
    assert who(imports, "ses:GetContactList", LIST) == {"StartLoad"}
    assert who(imports, "ses:ListContacts", LIST) == {"StartLoad", "PollLoad"}
    assert who(imports, "ses:CreateImportJob", "*") == {"PollLoad"}
    assert who(imports, "ses:GetImportJob", JOB) == {"PollLoad"}
    assert not may(imports, "PollLoad", "ses:ListContacts", LIST.replace("shop", "other"))
    every = {
        action
        for _, statement in imports.all_statements()
        for action in listed(statement["Action"])
        if action.startswith("ses:")
    }
    assert every == {
        "ses:CreateImportJob", "ses:DeleteContact", "ses:GetContact", "ses:GetContactList",
        "ses:GetImportJob", "ses:ListContacts", "ses:ListImportJobs", "ses:UpdateContact",
    }  # fmt: skip
    for action in ("ses:DeleteContact", "ses:UpdateContact"):
        assert may(imports, "EraseAtDestination", action, LIST)
        assert who(imports, action, LIST) == set()
    assert transport_options(imports) == {"contact_list": "shop"}
    assert files_only(imports) == "export"


def test_files_of_imports_are_removed_and_no_others(imports):
    bucket = f"arn:aws:s3:::{imports.outputs()['IdentitiesBucket']}/"
    assert "PollLoad" in who(imports, "s3:DeleteObject", bucket + IMPORT)
    report = bucket + "tenants/default/runs/1/destinations/ses/report.json"
    assert "PollLoad" not in who(imports, "s3:DeleteObject", report)


def test_ses_reads_exactly_the_imports_for_this_account(imports):
    *reads, decrypts = about_ses(imports)
    where = f"arn:aws:s3:::{imports.outputs()['IdentitiesBucket']}/"
    for read in reads:
        assert (read["Effect"], read["Action"]) == ("Allow", "s3:GetObject")
        assert read["Principal"] == {"Service": "ses.amazonaws.com"}
        assert read["Resource"] == f"{where}tenants/*/runs/*/destinations/ses/imports/*"
    assert [list(read["Condition"]["StringEquals"].items()) for read in reads] == [
        [("aws:Referer", "111122223333")],
        [("aws:SourceAccount", "111122223333")],
    ]
    assert decrypts["Action"] == "kms:Decrypt"
    through = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
    assert decrypts["Condition"] == {"StringEquals": through}


def test_imports_need_the_name_of_the_list():
    with pytest.raises(InvalidInput, match=r"'ses.contact_list'.*contact list"):
        parse(destinations=["ses"], ses={"import_contacts": True})
    with pytest.raises(InvalidInput, match=r"'ses\.contact_list'"):
        parse(ses={"contact_list": "a list"})


def transport_options(app):
    [options] = {
        each["Environment"]["Variables"]["OPTIONS"]
        for each in map(app.resolve, app.resources("AWS::Lambda::Function"))
        if "OPTIONS" in each.get("Environment", {}).get("Variables", {})
    }
    return json.loads(options)["ses"]


def files_only(app):
    [job] = [job for job in app.resources("AWS::Glue::Job") if job["Name"].endswith("map-schema")]
    return job["DefaultArguments"]["--files_only"]


def test_cfn_lint_has_nothing_to_say(imports):
    assert not findings(imports.templates.values(), region="us-east-1")
