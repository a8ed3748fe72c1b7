"""AWS in one process, on loopback, for as long as a ``with`` block lasts."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import importlib.metadata
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local.aws.events.wakes import Wakes
from local.aws.stand_ins import StandIns, StandInService
from local.aws.workers.choosing import usual_workers
from local.aws.workers.fork import ForkServers
from local.aws.workers.forked import Imports
from local.loopback.held import Seen
from local.loopback.place import ACCOUNT, REGION

_OLDEST, _NEWER = (5, 2, 3), (5, 3, 0)  # 5.2.2 and older can't start a second execution
HOST = "127.0.0.1"
_QUIET_S = 5.0
_HIDDEN = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN")


@dataclasses.dataclass(frozen=True)
class Deployed:
    """A deployed app: stack name to outputs."""

    stacks: Mapping[str, Mapping[str, str]]

    def output(self, name: str) -> str:
        """Return the one output whose key is ``name``, in whichever stack it is."""
        for outputs in self.stacks.values():
            if name in outputs:
                return outputs[name]
        raise KeyError(f"no stack has an output {name!r}: {self.stacks}")


class EmbeddedAws:
    """moto's server, with jobs, functions, events and CloudFormation that really run.

    One per process at a time, because moto's state is the process's.

    Parameters
    ----------
    port
        The port on loopback. 0 takes a free one.
    services
        Name to what serves it: boto3's for services that moto lacks, the catalog's for
        destinations beyond AWS.
    glue_arguments
        Arguments of every Glue job run that its job does not give itself.
    ticking
        Whether schedules fire.
    report
        Called for errors that no caller waits for.
    imports
        Gives the modules of the job's code that its command will import.
    fork_servers
        What jobs and functions are forked from, if somebody else has them.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        services: Mapping[str, Callable[[], StandInService]] | None = None,
        glue_arguments: Mapping[str, str] | None = None,
        ticking: bool = False,
        report: Callable[[str], None] = lambda _: None,
        imports: Imports = lambda _: (),
        fork_servers: ForkServers | None = None,
    ) -> None:
        self._imports = imports
        self._fork_servers = fork_servers
        self._wanted_port = port
        self._stand_ins = StandIns({name: make() for name, make in (services or {}).items()})
        self._glue_arguments = glue_arguments or {}
        self._ticking = ticking
        self._report = report
        self._clients: dict[tuple[str, bool], Any] = {}
        self._moved = Wakes()
        self._lock = threading.RLock()
        self._cleanup = contextlib.ExitStack()
        self.endpoint = ""

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            stack.callback(self.stop)
            self._start()
            stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.stop()

    def _start(self) -> None:
        check_moto(importlib.metadata.version("moto"))
        self.work = Path(tempfile.mkdtemp(prefix="tessera-"))
        self._cleanup.callback(shutil.rmtree, self.work, ignore_errors=True)
        self._cleanup.enter_context(_environment({"AWS_CONFIG_FILE": os.devnull}))
        self._import_and_install()
        self._cleanup.callback(self._server.stop)
        self._server.start()
        port = self._server.get_host_and_port()[1]
        self.endpoint = f"http://{HOST}:{port}"
        self._cleanup.enter_context(_environment({"MOTO_PORT": str(port)}))
        self._cleanup.enter_context(self._stand_ins)
        self._cleanup.callback(self._workers.close)
        self._cleanup.callback(self.lambdas.close)
        self._cleanup.callback(self.jobs.close)
        self._cleanup.callback(self._warmer.close)
        if self._ticking:
            self._ticker.start()
            self._cleanup.callback(self._ticker.close)

    def _import_and_install(self) -> None:
        # moto takes two seconds to import: a user who only wants --help should not wait for it
        from moto.core.config import default_user_config  # noqa: PLC0415

        default_user_config["stepfunctions"] = {"execute_state_machine": True}
        default_user_config["iam"] = {"load_aws_managed_policies": False}
        from moto.server import ThreadedMotoServer  # noqa: PLC0415

        from local.aws.absent import spared  # noqa: PLC0415

        with spared():
            importlib.import_module("moto.ssm.models")
            from local.aws import digests, table_queries, warming  # noqa: PLC0415
            from local.aws.events import delivery as events  # noqa: PLC0415
            from local.aws.events import queues, schedules, streams  # noqa: PLC0415
            from local.aws.functions import lambdas  # noqa: PLC0415
            from local.aws.jobs import glue, sagemaker  # noqa: PLC0415
            from local.aws.jobs import scripts as jobs  # noqa: PLC0415
            from local.aws.objects import listing, parts, ranges  # noqa: PLC0415
            from local.aws.states import interpreter as states  # noqa: PLC0415
            from local.loopback import serving  # noqa: PLC0415

        for name in ("moto", "moto.stepfunctions", "werkzeug"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        serving.install()
        ranges.install()
        listing.install()
        parts.install(self.work / "objects")
        table_queries.install()
        digests.install()
        self._server = ThreadedMotoServer(ip_address=HOST, port=self._wanted_port, verbose=False)
        self._workers = usual_workers(
            self.work, imports=self._imports, servers=self._fork_servers, report=self._report
        )
        self.lambdas = lambdas.LambdaRuntime(self.work, env=self.variables, workers=self._workers)
        self._warmer = warming.Warmer()
        self.put_file = parts.FilePutter(self.work / "objects", client=self.client).put
        self.jobs = jobs.JobRunner(
            self.work, env=self.variables, client=self.client, workers=self._workers
        )
        delivery = events.Delivery(self.client, report=self._report)
        self._ticker = schedules.Ticker(self.client, delivery.deliver)
        lambdas.install(self.lambdas)
        sagemaker.install(self.jobs)
        glue.install(self.jobs, defaults=self._glue_arguments)
        events.install(delivery)
        queues.install(queues.QueuePolling(report=self._report))
        streams.install(streams.StreamReading(report=self._report))
        states.install(
            lambda service: self.client(service, checked=False),
            moved=self._moved,
            ended=self.jobs.endings,
        )

    def pause(self, seconds: float) -> None:
        """Return after so many seconds, and later if no execution has moved since the last time."""
        time.sleep(seconds)
        self._moved.wait(_QUIET_S)

    def variables(self) -> dict[str, str]:
        """Return the environment through which any AWS SDK reaches this embedded AWS."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            **self._stand_ins.variables(),
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": f"{HOST},localhost",
            "no_proxy": f"{HOST},localhost",
        }

    def client(self, service: str, *, checked: bool = True) -> Any:
        """Return a boto3 client of a service, always the same one.

        ``checked`` is False where the service itself, not boto3, should refuse wrong parameters.
        """
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        with self._lock:
            if (service, checked) not in self._clients:
                config = Config(
                    parameter_validation=checked, read_timeout=1000, max_pool_connections=50,
                    retries={"total_max_attempts": 1}, proxies={},
                )  # fmt: skip
                self._clients[service, checked] = boto3.client(
                    service, region_name=REGION, config=config,
                    endpoint_url=self._stand_ins.urls.get(service, self.endpoint),
                    aws_access_key_id="local", aws_secret_access_key="local",  # noqa: S106
                )  # fmt: skip
            return self._clients[service, checked]

    def stand_ins(self) -> list[str]:
        """Return which destinations have a stand-in here, by the catalog's names."""
        return self._stand_ins.destinations()

    def states(self) -> dict[str, object]:
        """Return what stands in for each destination, by the catalog's names."""
        return self._stand_ins.states()

    def secret(self, destination: str, *, tenant: str) -> dict[str, str]:
        """See ``StandIns.secret``."""
        return self._stand_ins.secret(destination, tenant=tenant)

    def look_into(self, destination: str, *, most: int = 0, customer: str = "") -> Seen:
        """See ``StandIns.look_into``."""
        return self._stand_ins.look_into(destination, most=most, customer=customer)

    def deploy(
        self, assembly: Path, *, secrets: Mapping[str, str] | None = None, ahead: bool = True
    ) -> Deployed:
        """Create every stack of a cloud assembly. Raises deploy.DeployError.

        ``secrets`` gives texts for secrets that would be generated, by the start of their logical
        ids. What a run needs is started ``ahead`` of it, unless none is expected soon.
        """
        from local.aws.deploy import deploy  # noqa: PLC0415
        from local.aws.warming import Warming  # noqa: PLC0415

        warming = Warming(self._warmer, lambdas=self.lambdas, jobs=self.jobs)
        return Deployed(
            deploy(
                assembly, client=self.client, lambdas=self.lambdas,
                warming=warming if ahead else None, secrets=secrets or {}, account=ACCOUNT,
                region=REGION,
            )
        )  # fmt: skip

    def stop(self) -> None:
        """End every process, close the port and remove every file."""
        self._cleanup.close()
        for client in self._clients.values():
            client.close()
        self._clients.clear()


def check_moto(version: str) -> None:
    """Refuse a moto that the repairs were not checked with."""
    numbers = tuple(int(part) for part in version.split(".")[:3])
    if not _OLDEST <= numbers < _NEWER:
        raise RuntimeError(
            f"embedded AWS works with moto from 5.2.3 to before 5.3, and this is {version}. "
            "Install the locked environment (make install), or run tests/local/test_battery*.py "
            "against the new version and widen the range"
        )


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables, and hide those that would lead elsewhere, for a while."""
    names = [*values, *_HIDDEN]
    before = {name: os.environ.get(name) for name in names}
    for name in _HIDDEN:
        os.environ.pop(name, None)
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
