"""What every test may ask for."""

from __future__ import annotations

import functools
import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from tests.processor_seconds import ProcessorSeconds

if TYPE_CHECKING:  # imported where they are used: tests of the product alone start at once
    from adapters.aws.objects import Objects
    from adapters.warehouse.files import FileWarehouse
    from local.services.customer_profiles.server import CustomerProfiles, CustomerProfilesServer
    from local.services.postgresql import PostgresServer
    from tests.spark_process import SparkProcess

ROOT = Path(__file__).resolve().parents[1]

_NO_NEWS = {("setup", "passed"), ("teardown", "passed")}
NO_CONSTANTS = providers.Constants()

# A worker has one core: further threads of OpenMP and BLAS would spin while they wait for it.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# An example takes as long as the machine is busy: a deadline would fail where nothing is wrong.
settings.register_profile("tessera", deadline=None)
settings.load_profile("tessera")
# Hypothesis would draw from the constants of all modules that are loaded: several seconds in each
# worker, and other examples for each order of the files.
setattr(providers, "_get_local_constants", lambda: NO_CONSTANTS)  # noqa: B010 (not public)


@pytest.hookimpl(optionalhook=True)  # the container's versions are tested without xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give a file's tests to one worker, and those of all files that share what starts slowly."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            if _needs_spark(file):
                return "spark"
            return "cdk" if file.startswith("tests/infra/") else file  # one Node.js, imported once

    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@functools.cache
def _needs_spark(file: str) -> bool:
    return "mark.spark" in (ROOT / file).read_text(encoding="utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Let the garbage collector forget what was imported: it would look through that each time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)  # by default it takes a thirtieth of the time
        gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """Let it look at everything again: libraries report as leaked what Python never frees.

    As late as possible: pytest itself collects twice at the end.
    """
    config.add_cleanup(gc.unfreeze)
    config.pluginmanager.register(ProcessorSeconds())


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let a worker report what a test's call gave, and of its other phases only what went wrong.

    Each of six messages a test takes half a millisecond, in two processes.
    """
    for plugin in session.config.pluginmanager.get_plugins():
        if type(plugin).__name__ == "WorkerInteractor":
            plugin.sendevent = functools.partial(_send_results, plugin.sendevent)


def _send_results(send: Callable[..., None], name: str, **event: Any) -> None:
    if name in ("logstart", "logfinish"):
        return
    report = event.get("data")
    if name == "testreport" and (report["when"], report["outcome"]) in _NO_NEWS:
        return
    send(name, **event)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow files, so that no worker has one left when the others are done."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    infra = ROOT / "tests" / "infra"
    slow |= {path for path in {item.path for item in items} if path.is_relative_to(infra)}
    items.sort(key=lambda item: item.path not in slow)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Keep bytes out of tests' names: gzip writes the time, and two workers must agree."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL that notes down every statement. Each test takes its own schema.

    Its changes can be read too. A test drops the slot that it made.
    """
    from local.services.postgresql import PostgresServer

    server = PostgresServer(password="pk_made_up_for_tests", log_statements=True, logical=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def base_rows() -> dict[str, Any]:
    """The rows of each base of the star schema, for two made-up tenants."""
    from tests.warehouse import made_rows

    return made_rows.bases()


@pytest.fixture(scope="session")
def file_warehouse(
    base_rows: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FileWarehouse]:
    """The star schema over them, on DuckDB."""
    from adapters.warehouse.files import opened
    from tests.warehouse.made_rows import parts

    with opened(parts(base_rows, tmp_path_factory.mktemp("warehouse"))) as made:
        yield made


@pytest.fixture(scope="session")
def shared_clients() -> Iterator[None]:
    """One client for each service, wherever code asks for the same."""
    from tests import clients

    with clients.shared():
        yield


@pytest.fixture
def aws_environment(shared_clients: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials and a region that belong to nobody, for tests against moto."""
    from adapters.aws.clients import shared_s3

    shared_s3.cache_clear()  # an earlier test in this process may have had another endpoint
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def runs_table(aws_environment: None) -> Iterator[str]:
    """The runs table, in an AWS of the test's own where started executions stay under way."""
    import boto3
    from moto import mock_aws

    with mock_aws(config={"stepfunctions": {"execute_state_machine": False}}):
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="runs",
            KeySchema=[
                {"AttributeName": "tenant", "KeyType": "HASH"},
                {"AttributeName": "run_id", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "tenant", "AttributeType": "S"},
                {"AttributeName": "run_id", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield "runs"


@pytest.fixture
def tenants_table(runs_table: str) -> str:
    """The tenants table, in the same AWS as the runs table."""
    import boto3

    boto3.client("dynamodb").create_table(
        TableName="tenants",
        KeySchema=[{"AttributeName": "tenant", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "tenant", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return "tenants"


@pytest.fixture(scope="session")
def aws_server() -> Iterator[str]:
    """The address of an embedded AWS that subprocesses can reach too."""
    from moto.server import ThreadedMotoServer

    from local.loopback import serving

    serving.install()  # connections stay open: a request takes a third less of the processor
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def buckets(
    aws_server: str, aws_environment: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Objects, Objects]]:
    """The data and the identities bucket there, empty."""
    import boto3

    from adapters.aws.objects import Objects

    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_server)
    s3 = boto3.client("s3")
    names = ("data", "identities")
    for name in names:
        s3.create_bucket(Bucket=name)
    yield Objects("data"), Objects("identities")
    for name in names:
        Objects(name).delete_prefix("")
        s3.delete_bucket(Bucket=name)


@pytest.fixture(scope="session")
def profiles_server() -> Iterator[CustomerProfilesServer]:
    """A local Customer Profiles service."""
    from local.services.customer_profiles.server import CustomerProfilesServer

    server = CustomerProfilesServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def profiles(
    profiles_server: CustomerProfilesServer, aws_environment: None, monkeypatch: pytest.MonkeyPatch
) -> CustomerProfiles:
    """The state of the local Customer Profiles service: one domain with our object type."""
    from local.services.customer_profiles.server import CustomerProfiles
    from tessera.contracts.customer_profiles import OBJECT_TYPE, object_type

    state = profiles_server.state = CustomerProfiles()
    monkeypatch.setenv("AWS_ENDPOINT_URL_CUSTOMER_PROFILES", profiles_server.url)
    name = {"DomainName": "amazon-connect-shop"}
    state.call("CreateDomain", {**name, "DefaultExpirationDays": 1096})
    state.call("PutProfileObjectType", {**name, "ObjectTypeName": OBJECT_TYPE, **object_type()})
    state.calls.clear()
    return state


@pytest.fixture(scope="session")
def spark_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables by which a process finds Spark, on a Java that does not live long.

    Such a one spends most of its time on compiling: the quick compiler alone takes half as long.
    Its classes are its own, so none is verified, and collecting them frees nothing.
    Nobody looks at the descriptions of its plans, so they are short. Nor does it check each step of
    a plan, which is a check of Spark itself.
    """
    from local.aws.jobs import spark

    return {
        "PATH": os.environ["PATH"],
        "JAVA_HOME": str(spark.java_home(tmp_path_factory.mktemp("spark"))),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --driver-memory 1g "
        "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms1g "
        "-XX:MetaspaceSize=256m -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote' "
        "--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false "
        "--conf spark.sql.shuffle.partitions=2 --conf spark.python.daemon.module=spark_daemon "
        "--conf spark.sql.ui.explainMode=simple --conf spark.sql.maxPlanStringLength=100 "
        "--conf spark.sql.lightweightPlanChangeValidation=false "
        "pyspark-shell",
    }


@pytest.fixture(scope="session")
def spark(
    spark_environment: dict[str, str], aws_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SparkProcess]:
    """A process with a Spark, and an embedded AWS that its executors reach too."""
    from tests.spark_process import SparkProcess

    process = SparkProcess(
        tmp_path_factory.mktemp("spark"),
        environment={
            **spark_environment, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'executors'}",
            "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": aws_server,
            "AWS_EC2_METADATA_DISABLED": "true",
        },
    )  # fmt: skip
    yield process
    process.close()
