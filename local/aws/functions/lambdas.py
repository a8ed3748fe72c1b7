"""Lambda functions that really run: warm worker processes behind moto's Lambda API.

Every way to invoke a function (the API, Step Functions, SNS, SQS, EventBridge) ends in its
``_invoke_lambda``, which moto would answer through Docker. The backend below replaces it.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
import threading
import time
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from moto.awslambda.models import LambdaBackend, lambda_backends

from local.aws.functions.lambda_process import LambdaProcess
from local.aws.workers.ways import WorkerStarter

_LOADING = max(2, os.cpu_count() or 1)
_MOST_LOADING_S = 300.0  # then the function's own time goes on


class LambdaRuntime:
    """Keeps warm processes of functions and hands events to them.

    Parameters
    ----------
    work
        The folder for unpacked code and the processes' homes.
    env
        Gives the variables through which a function reaches this embedded AWS.
    workers
        Starts processes.
    loading
        How many processes may load their handlers at once. More would only slow each other down.
    """

    def __init__(
        self,
        work: Path,
        *,
        env: Callable[[], Mapping[str, str]],
        workers: WorkerStarter,
        loading: int = _LOADING,
    ) -> None:
        self._work = work
        self._workers = workers
        self._loading = threading.BoundedSemaphore(loading)
        self._env = env
        self._idle: dict[str, list[LambdaProcess]] = defaultdict(list)
        self._all: set[LambdaProcess] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._published: dict[tuple[str, str], Path] = {}

    def publish(self, bucket: str, key: str, folder: Path) -> None:
        """Remember the folder that an asset was made from, so that nothing is unpacked."""
        self._published[bucket, key] = folder

    def invoke(self, function: Any, event: Any = None) -> tuple[str, bool, str]:
        """Run a function: the contract of moto's ``LambdaFunction._invoke_lambda``.

        Returns
        -------
        (str, bool, str)
            The reply as JSON text, whether the function failed, and what it printed.
        """
        if not str(function.run_time or "").startswith("python"):
            return _foreign(function)
        request = str(uuid.uuid4())
        key, process = self._take(function)
        context = {
            "aws_request_id": request,
            "function_name": function.function_name,
            "invoked_function_arn": function.function_arn,
            "function_version": "$LATEST",
            "memory_limit_in_mb": str(function.memory_size),
            "log_group_name": function.logs_group_name,
            "log_stream_name": request,
            "deadline": time.time() + function.timeout,
        }
        answer = process.call(event, context, timeout_s=float(function.timeout))
        with self._lock:
            if answer.alive:
                self._idle[key].append(process)
            else:
                self._all.discard(process)
        self._log(function, request, answer.logs)
        return answer.payload, answer.failed, answer.logs

    def warm(self, function: Any, *, wait: bool = True) -> None:
        """Have a function's code loaded, in one more process where processes can't be forked.

        ``wait`` is whether to wait until that process has loaded the handler.
        """
        if self._workers.expect_function(self._folder(function), function.handler):
            return
        key, start = self._described(function)
        process = start()
        with self._lock:
            self._idle[key].append(process)
        if wait:
            process.loaded.wait()

    def _take(self, function: Any) -> tuple[str, LambdaProcess]:
        """Return a process that has loaded the handler: a function's time does not count that."""
        key, start = self._described(function)
        process = self._idle_one(key)
        if process is not None:
            process.loaded.wait(_MOST_LOADING_S)  # one that was started ahead may be at it
            return key, process
        with self._loading:
            process = self._idle_one(key) or start()
            process.loaded.wait(_MOST_LOADING_S)
        return key, process

    def _idle_one(self, key: str) -> LambdaProcess | None:
        with self._lock:
            return self._idle[key].pop() if self._idle[key] else None

    def _described(self, function: Any) -> tuple[str, Callable[[], LambdaProcess]]:
        """Return the identity of a function's processes, and how to start one."""
        folder = self._folder(function)
        env = {**self._variables(function), **self._env(), "LAMBDA_TASK_ROOT": str(folder)}
        key = json.dumps([function.function_arn, function.handler, str(folder), env])
        return key, functools.partial(self._start, folder, function.handler, env)

    def _start(self, folder: Path, handler: str, env: Mapping[str, str]) -> LambdaProcess:
        home = self._work / "functions" / uuid.uuid4().hex[:12]
        home.mkdir(parents=True)
        start = functools.partial(self._workers.function, folder, handler, env=env, home=home)
        process = LambdaProcess(lambda replies: start(replies=replies))
        with self._lock:
            self._all.add(process)
            if self._closed:
                process.kill()
        return process

    @staticmethod
    def _variables(function: Any) -> dict[str, str]:
        return {
            **{name: str(value) for name, value in function.environment_vars.items()},
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
            "_HANDLER": function.handler,
        }

    def _folder(self, function: Any) -> Path:
        code = function.code
        published = self._published.get((code.get("S3Bucket", ""), code.get("S3Key", "")))
        if published is not None:
            return published
        digest = hashlib.sha256(function.code_bytes).hexdigest()[:16]
        folder = self._work / "code" / digest
        with self._lock:
            if not folder.exists():
                with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as archive:
                    archive.extractall(folder)
        return folder

    @staticmethod
    def _log(function: Any, request: str, logs: str) -> None:
        function.logs_backend.ensure_log_group(function.logs_group_name)
        start = f"START RequestId: {request} Version: $LATEST"
        function.save_logs(f"{start}\n{logs.rstrip()}\nEND RequestId: {request}")

    def close(self) -> None:
        """End every process."""
        with self._lock:
            self._closed = True
            for process in self._all:
                process.kill()
            self._all.clear()
            self._idle.clear()


class LocalLambdaBackend(LambdaBackend):
    """moto's backend, whose functions run in our processes."""

    __module__ = LambdaBackend.__module__  # moto finds the service's URLs by this name
    runtime: LambdaRuntime

    def create_function(self, spec: dict[str, Any]) -> Any:
        """Create a function that runs in our processes."""
        function = super().create_function(spec)
        group = (spec.get("LoggingConfig") or {}).get("LogGroup")
        if group:
            function.logs_group_name = group
        # a plain function, because moto copies what it lists, and a runtime can't be copied
        function._invoke_lambda = lambda event=None: self.runtime.invoke(function, event)
        return function

    def invoke(
        self, function_name: str, qualifier: Any, body: Any, headers: Any, response_headers: Any
    ) -> Any:
        """Answer at once when the caller asked for an event, which moto would wait for."""
        kind = {name.lower(): value for name, value in dict(headers).items()}
        if kind.get("x-amz-invocation-type") != "Event":
            return super().invoke(function_name, qualifier, body, headers, response_headers)
        self.get_function(function_name, qualifier)
        call = functools.partial(super().invoke, function_name, qualifier, body, {}, {})
        threading.Thread(target=call, daemon=True).start()
        return ""


def install(runtime: LambdaRuntime) -> None:
    """Make moto create its functions in our backend."""
    LocalLambdaBackend.runtime = runtime
    lambda_backends.backend = LocalLambdaBackend
    lambda_backends.clear()


def _foreign(function: Any) -> tuple[str, bool, str]:
    message = f"runtime {function.run_time} does not run on a laptop"
    error = {"errorType": "Runtime.Unsupported", "errorMessage": message}
    return json.dumps(error), True, message
