"""One AWS error code means the same in every adapter."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from boto3.exceptions import RetriesExceededError
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    IncompleteReadError,
    NoCredentialsError,
)
from botocore.stub import Stubber

from adapters.aws import errors
from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.aws.tasks import Tasks
from adapters.destinations.aws.customer_profiles import CustomerProfilesTransport
from adapters.destinations.aws.pinpoint import PinpointTransport
from adapters.destinations.aws.profile_uploads import ProfileUploads
from adapters.destinations.aws.ses_contacts import SesCalls
from adapters.destinations.warehouse import drivers
from adapters.stores.catalog import Catalog
from adapters.stores.runs import Runs
from tessera.contracts.tables import PROFILES
from tessera.errors import InvalidInput, Refused, Retryable, TesseraError
from tessera.insights.failure.understanding import CaughtError, understand
from tessera.records.loads.segment import Segment

RISK = Segment("At Risk", "_RFM_At_Risk", "segment", "At Risk", "Long ago.", 1, set="rfm")
TOPIC = "arn:aws:sns:us-east-1:123456789012:t"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:m:e"


def partition(client: Any) -> None:
    Catalog("tessera", client=client).add_partition(
        PROFILES, values=["default", "2026-11-22", "r"], location="s3://data/x/"
    )


def profiles(client: Any) -> None:
    CustomerProfilesTransport(
        domain="d", object_type_name="t", tenant="default", client=client
    ).size(RISK)


def uploads(client: Any) -> None:
    ProfileUploads(
        run_id="r", domain="d", object_type_name="t", tenant="default", client=client
    ).send([])


def pinpoint(client: Any) -> None:
    PinpointTransport(
        application_id="a", role_arn="r", identities=Objects("b", client=client), prefix="p",
        addresses=False, client=client,
    ).check([])  # fmt: skip


def ses(client: Any) -> None:
    SesCalls("list", client=client, pause=lambda _: None).call(
        "get_contact_list", ContactListName="l"
    )


# An adapter's call: its service's title, the SDK's name of it, the operation, the call.
CALLS: dict[str, tuple[str, str, str, Callable[[Any], object]]] = {
    "objects": ("S3", "s3", "get_object", lambda c: Objects("b", client=c).read("k")),
    "secrets": (
        "Secrets Manager", "secretsmanager", "get_secret_value",
        lambda c: read_secret("tessera/dev/pseudonym", client=c),
    ),
    "events": (
        "EventBridge", "events", "put_events",
        lambda c: Notices(TOPIC, events=c, sns=c).publish("Run Finished", {}),
    ),
    "notifications": (
        "SNS", "sns", "publish", lambda c: Notices(TOPIC, events=c, sns=c).notify("s", "t"),
    ),
    "tasks": (
        "Step Functions", "stepfunctions", "send_task_failure",
        lambda c: Tasks(states=c).fail("token", error="E", cause="c"),
    ),
    "runs": ("DynamoDB", "dynamodb", "get_item", lambda c: Runs("runs", dynamodb=c).get("t", "r")),
    "executions": (
        "Step Functions", "stepfunctions", "describe_execution",
        lambda c: Runs("runs", dynamodb=c, states=c).is_running(EXECUTION),
    ),
    "catalog": ("Glue", "glue", "batch_create_partition", partition),
    "profiles": ("Customer Profiles", "customer-profiles", "create_segment_estimate", profiles),
    "uploads": ("Customer Profiles", "customer-profiles", "list_upload_jobs", uploads),
    "pinpoint": ("Pinpoint", "pinpoint", "get_app", pinpoint),
    "ses": ("SES", "sesv2", "get_contact_list", ses),
}  # fmt: skip


@functools.cache
def sdk(service: str) -> Any:
    """A client of the SDK, made once: nothing here is ever sent."""
    return boto3.client(
        service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="a"
    )


def failing(name: str, code: str) -> TesseraError:
    """Return what an adapter raises when its call fails with a code."""
    _, service, operation, call = CALLS[name]
    with Stubber(sdk(service)) as stub:
        stub.add_client_error(operation, code, service_message="made up")
        with pytest.raises(TesseraError) as raised:
            call(sdk(service))
    return raised.value


@pytest.fixture(params=CALLS)
def adapter(request: pytest.FixtureRequest):
    """The name of each adapter's call."""
    return request.param


def test_every_code_of_the_table_means_the_same_in_each_adapter(adapter):
    title = CALLS[adapter][0]
    own = {code.casefold() for service, code in errors.EXCEPTIONS if service == title}
    for code, meaning in errors.CODES.items():
        if not {code, f"{code}exception"} & own:
            assert type(failing(adapter, code)) is meaning.error, code


@pytest.mark.parametrize(
    ("code", "expected", "advice"),
    [
        ("ThrottlingException", Retryable, ""),
        ("KMS.ThrottlingException", Retryable, ""),
        ("KmsThrottlingException", Retryable, ""),
        ("KMSThrottling", Retryable, ""),
        ("InternalFailure", Retryable, ""),
        ("ServiceUnavailable", Retryable, ""),
        ("AccessDenied", Refused, "policies of the role"),
        ("AccessDeniedException", Refused, "policies of the role"),
        ("KmsAccessDeniedException", Refused, "policies of the role"),
        ("ExpiredToken", Refused, "sign in again"),
        ("ExpiredTokenException", Refused, "sign in again"),
        ("UnrecognizedClientException", Refused, "sign in again"),
        ("KMS.DisabledException", Refused, "key is enabled"),
        ("KMSInvalidState", Refused, "key is enabled"),
        ("ServiceQuotaExceededException", Refused, "quota"),
        ("NobodyKnowsThisException", Refused, ""),
    ],
)
def test_the_adapters_agree(adapter, code, expected, advice):
    error = failing(adapter, code)
    assert type(error) is expected
    assert advice in str(error)
    assert code in str(error)


def test_what_is_missing_is_named_with_what_to_do(adapter):
    error = failing(adapter, "ResourceNotFoundException")
    assert type(error) is InvalidInput
    assert ":" in str(error)


@pytest.mark.parametrize(
    ("name", "code", "expected", "advice"),
    [
        ("secrets", "InvalidRequestException", InvalidInput, "restore-secret"),
        ("ses", "LimitExceededException", Retryable, ""),
        ("objects", "AccessDenied", Refused, "that the object exists"),
        ("objects", "400", Refused, "credentials are valid"),
        ("objects", "403", Refused, "policies of the role"),
        ("objects", "404", InvalidInput, "s3://b/k does not exist"),
        ("objects", "503", Retryable, ""),
    ],
)
def test_a_service_that_means_something_else_by_a_code(name, code, expected, advice):
    error = failing(name, code)
    assert type(error) is expected
    assert advice in str(error)


def test_an_unknown_code_is_judged_by_its_status():
    of = {status: errors.meaning_of("?", service="S3", status=status).error for status in
          (400, 403, 404, 429, 500, 501, 503)}  # fmt: skip
    assert of == {
        400: Refused, 403: Refused, 404: InvalidInput, 429: Retryable, 500: Retryable,
        501: Refused, 503: Retryable,
    }  # fmt: skip


def test_every_exception_from_the_table_is_one_and_is_a_service_we_call():
    titles = {title for title, *_ in CALLS.values()}
    for (service, code), meaning in errors.EXCEPTIONS.items():
        assert service in titles
        assert meaning != errors.CODES.get(code.removesuffix("Exception").casefold())


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (EndpointConnectionError(endpoint_url="https://x"), Retryable),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), Retryable),
        (RetriesExceededError(OSError("gone")), Retryable),
        (NoCredentialsError(), Refused),
    ],
)
def test_a_call_without_an_answer(error, expected):
    with pytest.raises(expected, match="S3"), errors.translated("S3", missing="none"):
        raise error


def test_a_file_that_s3_does_not_take_is_judged_like_any_call(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with Stubber(sdk("s3")) as stub:
        stub.add_client_error("put_object", "SlowDown")
        with pytest.raises(Retryable, match="s3://b/k"):
            Objects("b", client=sdk("s3")).upload(path, "k")


def test_an_object_that_a_busy_s3_keeps_is_deleted_later():
    with Stubber(sdk("s3")) as stub:
        listed = {"Key": "a/1", "Size": 1, "LastModified": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}
        stub.add_response("list_objects_v2", {"Contents": [listed]})
        stub.add_response("delete_objects", {"Errors": [{"Key": "a/1", "Code": "SlowDown"}]})
        with pytest.raises(Retryable, match="a/1"):
            Objects("b", client=sdk("s3")).delete_prefix("a/")


@pytest.mark.parametrize(
    ("code", "expected"), [("ThrottlingException", Retryable), ("NotAuthorizedForSource", Refused)]
)
def test_an_event_that_the_bus_rejects(code, expected):
    client = sdk("events")
    with Stubber(client) as stub:
        rejected = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": code}]}
        stub.add_response("put_events", rejected)
        with pytest.raises(expected, match=code):
            Notices(TOPIC, events=client, sns=client).publish("Run Finished", {})


def test_copy_is_judged_as_s3_is_and_quotes_nothing(monkeypatch):
    class Redshift:
        code = ""

        def copy(self, *_: object, **__: object) -> None:
            answer = {"Error": {"Code": self.code, "Message": "row of Mr. Example"}}
            raise ClientError(answer, "PutObject")

    wrangler = type("Wrangler", (), {"redshift": Redshift()})
    monkeypatch.setattr(drivers, "_awswrangler", lambda: wrangler)
    driver = drivers.RedshiftDriver({drivers.ROLE: "r"}, folder="s3://b/f/")
    for code, meaning in {**errors.CODES, "Nobody": errors.REFUSED}.items():
        if code != "accessdenied":
            wrangler.redshift.code = code
            with pytest.raises(meaning.error) as raised:
                driver.stage(None, [], schema="s", table="t", kinds={})
            assert "Example" not in str(raised.value)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "Throttling"])
def test_the_services_words_about_customers_stay_out(code):
    answer = {"Error": {"Code": code, "Message": "Mr. Example"}}
    with pytest.raises(TesseraError) as raised, errors.translated("SES", missing="", personal=True):
        raise ClientError(answer, "GetContact")
    assert "Example" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_failed_state_is_judged_alike():
    """A job's own failure arrives as text: the same codes mean the same there."""
    names = {Retryable: "Retryable", Refused: "Refused"}
    codes = ("ThrottlingException", "KMSThrottling", "ServiceUnavailable", "SlowDown",
             "AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException",
             "KMSDisabledException", "ResourceLimitExceeded")  # fmt: skip
    for code in codes:
        failure = understand(CaughtError(state="Prepare", error=f"SageMaker.{code}"))
        assert failure.error == names[errors.meaning_of(code, service="SageMaker").error], code
