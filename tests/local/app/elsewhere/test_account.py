"""A stage in an account, with a fake in CloudFormation's place."""

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from infra.console.settings import SiteSettings
from infra.settings import StageSettings
from local.app.elsewhere import account
from local.app.elsewhere.account import capabilities_of, connected, reaching
from tessera.errors import InvalidInput, Refused

OUTPUTS = {
    "Tessera-dev-Data": {
        "DataBucket": "data",
        "IdentitiesBucket": "identities",
        "RunsTable": "runs",
    },
    "Tessera-dev-Pipeline": {"StateMachineArn": "arn:machine", "TopicArn": "arn:topic"},
    "Tessera-prod-Data": {"DataBucket": "others"},
    "Unrelated": {"DataBucket": "others"},
}


class CloudFormation:
    def __init__(self, *, outputs=OUTPUTS, error=None):
        self.outputs, self.error = outputs, error

    def describe_stacks(self, **request):
        if self.error:
            raise self.error
        name = request["StackName"]
        if name not in self.outputs:
            gone = {"Error": {"Code": "ValidationError", "Message": f"{name} does not exist"}}
            raise ClientError(gone, "DescribeStacks")
        listed = [{"OutputKey": k, "OutputValue": v} for k, v in self.outputs[name].items()]
        return {"Stacks": [{"StackName": name, "Outputs": listed}]}


@pytest.fixture
def answering(monkeypatch):
    def answer(fake):
        monkeypatch.setattr(account.AccountAws, "client", lambda self, service: fake)

    return answer


def test_the_outputs_of_the_stage_alone_are_used(answering):
    answering(CloudFormation())
    with connected(StageSettings(stage="dev", region="eu-west-2")) as system:
        assert system.data_bucket == "data"
        assert system.machine == "arn:machine"
        assert system.region == "eu-west-2"


def test_a_stage_with_a_console_has_a_third_stack(answering):
    """Only who asks for it: the canary's role may see the other two alone."""
    console = StageSettings(stage="dev", console=SiteSettings(enabled=True))
    answering(CloudFormation())
    with reaching(console) as (_, outputs):
        assert len(outputs) == 2
    wanted = capabilities_of(console)
    with (
        pytest.raises(InvalidInput, match="no stack Tessera-dev-Console"),
        reaching(console, capabilities=wanted),
    ):
        pass


@pytest.mark.parametrize(
    ("fake", "kind", "words"),
    [
        (CloudFormation(outputs={}), InvalidInput, "make deploy STAGE=dev"),
        (CloudFormation(error=NoCredentialsError()), InvalidInput, "aws sts get-caller-identity"),
        (
            CloudFormation(
                error=ClientError({"Error": {"Code": "AccessDenied"}}, "DescribeStacks")
            ),
            Refused,
            "DescribeStacks",
        ),
    ],
)
def test_what_stands_in_the_way_is_named(answering, fake, kind, words):
    answering(fake)
    with pytest.raises(kind, match=words), connected(StageSettings(stage="dev")):
        pass
