"""What each job of a run may touch, whichever service runs it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from aws_cdk import aws_iam as iam

from infra.foundation.foundation import Foundation
from infra.kit.grants import (
    DELETE,
    READ,
    READ_VERSIONS,
    WRITE,
    WRITE_TAGGED,
    allow,
    allow_key,
    allow_objects,
)
from tessera import naming


@dataclasses.dataclass(frozen=True)
class JobGrants:
    """The rights of the jobs in a stage's buckets."""

    foundation: Foundation

    def by_state(self) -> Mapping[str, Callable[[iam.Role], None]]:
        """Return what gives a role the rights of a job, by the job's state."""
        return {
            "Prepare": self.prepare,
            "TrainKMeans": self.train,
            "TrainForecasts": self.train_forecasts,
            "TrainChurn": self.train_churn,
            "Score": self.score,
            "MapSchema": self.map_schema,
        }

    def prepare(self, role: iam.Role) -> None:
        """Let a job read uploads and history, write both, and know the pseudonyms' secret."""
        bucket, identities = self.foundation.bucket, self.foundation.identities
        change = (*READ, *WRITE, *DELETE)
        change_run = (*READ, *WRITE_TAGGED, *DELETE)
        allow_objects(role, bucket, READ_VERSIONS, f"{naming.UPLOADS}*")
        stored = (f"{naming.events_prefix('*')}*", f"{naming.attributes_prefix('*')}*")
        allow_objects(role, bucket, change, *stored)
        allow_objects(role, bucket, change_run, run_files("*"))
        before = (naming.latest_key("*"), f"{naming.profiles_prefix('*')}*")
        erased = f"{naming.erased_prefix('*')}*"
        allow_objects(role, bucket, READ, *before, erased)
        personal = [f"{prefix}*" for prefix in naming.upload_identities_prefixes("*")]
        allow_objects(role, identities, change, *personal)
        allow_objects(role, identities, change_run, run_files("*"))
        allow_key(role, self.foundation.data_key, self.foundation.identities_key)
        allow(role, ["secretsmanager:GetSecretValue"], self.foundation.secret.secret_arn)

    def train(self, role: iam.Role) -> None:
        """Let a job read what buyers are like, and write its model."""
        self._training(role, read=(f"{naming.FEATURES}*", naming.TICKET), model=naming.MODEL)

    def train_forecasts(self, role: iam.Role) -> None:
        """Let a job read what buyers did by day, and write its model."""
        read = (
            f"{naming.BEHAVIOUR_DAYS}*",
            naming.PREPARE_RECORD,
            naming.PREVIOUS_RECORD,
            naming.TICKET,
        )
        self._training(role, read=read, model=naming.FORECASTS)

    def train_churn(self, role: iam.Role) -> None:
        """Let a job read the attributes of customers, and write its model."""
        self._training(role, read=(f"{naming.ATTRIBUTES}*", naming.TICKET), model=naming.CHURN)

    def _training(self, role: iam.Role, *, read: Sequence[str], model: str) -> None:
        bucket = self.foundation.bucket
        allow_objects(role, bucket, READ, *(run_files(each) for each in read))
        allow_objects(role, bucket, WRITE, run_files(f"{model}*"))
        allow_key(role, self.foundation.data_key)

    def score(self, role: iam.Role) -> None:
        """Let a job read a run's tables and models, and write its profiles and transitions."""
        folders = (
            naming.CUSTOMERS,
            naming.ATTRIBUTES,
            naming.DETAILS,
            naming.PREVIOUS,
            naming.MODEL,
            naming.FORECASTS,
            naming.CHURN,
        )
        names = (*(f"{each}*" for each in folders), naming.TICKET, naming.PREPARE_RECORD)
        allow_objects(role, self.foundation.bucket, READ, *(run_files(each) for each in names))
        tables = (
            naming.profiles_prefix("*"),
            naming.transitions_prefix("*"),
            naming.model_cards_prefix("*"),
        )
        written = (*(f"{each}*" for each in tables), run_files(f"{naming.SCORE}*"))
        allow_objects(role, self.foundation.bucket, WRITE, *written)
        allow_key(role, self.foundation.data_key)

    def map_schema(self, role: iam.Role) -> None:
        """Let a job read profiles and identities, and write the files for destinations."""
        kept = self.foundation
        profiles = f"{naming.profiles_prefix('*')}*"
        pending = naming.events_prefix("*") + naming.PENDING_UPLOAD
        allow_objects(role, kept.bucket, READ, profiles, run_files("*"), pending)
        allow_objects(role, kept.identities, READ, f"{naming.identities_prefix('*')}*")
        files = f"{naming.destination_prefix('*', '*', '*')}*"
        allow_objects(role, kept.identities, (*READ, *WRITE_TAGGED, *DELETE), files)
        if kept.campaigns:
            taken = naming.campaign_run_prefix("*", "*") + naming.CAMPAIGN_TAKEN
            allow_objects(role, kept.identities, READ, taken)
            allow_objects(role, kept.bucket, READ, f"{naming.handovers_prefix('*')}*")
        ledgers = f"{naming.ledger_prefix('*', '*')}*"
        allow_objects(role, kept.identities, (*READ, *WRITE, *DELETE), ledgers)
        allow_key(role, kept.data_key, kept.identities_key)


def run_files(name: str) -> str:
    """Return the pattern of a run's files, for all tenants and runs."""
    return naming.run_key("*", "*", name)
