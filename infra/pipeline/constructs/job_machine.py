"""The machine of a SageMaker job, as its requests name it."""

from __future__ import annotations

import dataclasses
from typing import Any

from aws_cdk import aws_kms as kms


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobMachine:
    """What a job runs on, and for how long at most.

    ``keep_alive_minutes`` keeps the machine of a training warm for the next training of the same
    job. Processing has no such pools.
    """

    instance: str
    volume_gb: int
    hours: int
    keep_alive_minutes: int = 0

    def cluster(self, key: kms.IKey) -> dict[str, Any]:
        """Return one machine, whose disk the key encrypts."""
        return {
            "InstanceCount": 1,
            "InstanceType": self.instance,
            "VolumeSizeInGB": self.volume_gb,
            "VolumeKmsKeyId": key.key_arn,
        }

    @property
    def kept_warm(self) -> dict[str, int]:
        """How long the machine waits for the next training, nothing where it does not."""
        seconds = 60 * self.keep_alive_minutes
        return {"KeepAlivePeriodInSeconds": seconds} if seconds else {}
