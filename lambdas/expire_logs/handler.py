"""Delete the logs of old SageMaker jobs. Called once a day.

The jobs of a whole account share two log groups. A retention set on these would end other teams'
logs too, so only the streams of this stage's own jobs are deleted.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.log_streams import LogStreams
from tessera.environments.expire_logs import ExpireLogsEnvironment


@logged("ExpireLogs", facts=("deleted",))
def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Reply how many streams were deleted."""
    env = ExpireLogsEnvironment.from_env(os.environ)
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=int(env.keep_days))
    groups = (LogStreams(group) for group in env.log_groups.split(","))
    return {"deleted": sum(each.expire(env.stream_prefix, before=before) for each in groups)}
