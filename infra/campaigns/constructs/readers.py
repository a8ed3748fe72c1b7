"""The functions that read customers: they plan, count, measure, and take over consents."""

from __future__ import annotations

from constructs import Construct

from infra.campaigns.constructs.places import CampaignPlaces, FunctionRoom
from infra.kit import assets
from infra.kit.function import PythonFunction
from infra.kit.grants import DELETE, READ, WRITE, allow, allow_key, allow_objects
from tessera import naming
from tessera.environments.campaigns import (
    CampaignsEnvironment,
    ImportConsentEnvironment,
    PlanCampaignEnvironment,
)

_ALL_RUNS = naming.campaign_run_prefix("*", "*")
# What a query over profiles, addresses and purchases of a million customers takes.
_MEMORY_MB, _STORAGE_GB = 3008, 4
_MINUTES = 15  # Lambda's limit


class CustomerReaders(FunctionRoom):
    """PlanCampaign, CountAudience, MeasureCampaign and ImportConsent."""

    def __init__(self, scope: Construct, id_: str, *, places: CampaignPlaces) -> None:
        super().__init__(scope, id_, places=places, built=assets.campaign_code())
        self.plan_campaign = self._plans("PlanCampaign", "plan_campaign")
        allow_objects(self.plan_campaign.role, places.foundation.identities, WRITE, f"{_ALL_RUNS}*")
        stage = places.stage.stage
        self.count_audience = self._plans(
            "CountAudience", "count_audience",
            name=naming.campaign_function(stage, "count_audience"),
        )  # fmt: skip
        self.measure_campaign = self._measures()
        self.import_consent = self._imports(naming.campaign_function(stage, "import_consent"))

    def _plans(self, id_: str, folder: str, *, name: str | None = None) -> PythonFunction:
        """Return a function that joins profiles with addresses."""
        places = self.places
        foundation = places.foundation
        function = self.make(
            id_, folder=folder, minutes=_MINUTES, memory_mb=_MEMORY_MB, storage_gb=_STORAGE_GB,
            name=name,
            environment=PlanCampaignEnvironment(
                **places.common(), pseudonym_secret=foundation.secret.secret_arn
            ),
        )  # fmt: skip
        self._allow_customers(function)
        allow_objects(
            function.role, foundation.identities, READ,
            f"{naming.identities_prefix('*')}*", f"{naming.receivers_prefix('*')}*",
            f"{_ALL_RUNS}*",
        )  # fmt: skip
        allow(function.role, ["secretsmanager:GetSecretValue"], foundation.secret.secret_arn)
        return function

    def _measures(self) -> PythonFunction:
        places = self.places
        foundation = places.foundation
        function = self.make(
            "MeasureCampaign", folder="measure_campaign", minutes=_MINUTES,
            memory_mb=_MEMORY_MB, storage_gb=_STORAGE_GB,
            environment=CampaignsEnvironment(**places.common()),
        )  # fmt: skip
        self._allow_customers(function)
        allow_objects(
            function.role, foundation.identities, READ,
            f"{_ALL_RUNS}{naming.CAMPAIGN_TAKEN}", f"{_ALL_RUNS}{naming.MANIFEST}",
        )  # fmt: skip
        results = (
            naming.campaign_results_key("*", "*"), naming.run_figures_key("*", "*"),
            naming.campaign_targets_key("*", "*"), naming.campaign_engagement_key("*", "*"),
        )  # fmt: skip
        allow_objects(function.role, foundation.bucket, WRITE, *results)
        handovers = f"{naming.handovers_prefix('*')}*"
        allow_objects(function.role, foundation.bucket, (*READ, *DELETE), handovers)
        return function

    def _imports(self, name: str) -> PythonFunction:
        places = self.places
        foundation = places.foundation
        function = self.make(
            "ImportConsent", folder="import_consent", minutes=_MINUTES, name=name,
            environment=ImportConsentEnvironment(
                data_bucket=foundation.bucket.bucket_name,
                identities_bucket=foundation.identities.bucket_name,
                campaigns_table=places.table.table_name,
                pseudonym_secret=foundation.secret.secret_arn,
            ),
        )  # fmt: skip
        role = function.role
        allow_objects(role, foundation.identities, READ, naming.consent_import_key("*", "*"))
        allow_objects(role, foundation.bucket, WRITE, naming.consent_report_key("*", "*"))
        allow_objects(role, foundation.bucket, READ, f"{naming.erased_prefix('*')}*")
        allow_key(role, foundation.identities_key)
        allow(role, ["secretsmanager:GetSecretValue"], foundation.secret.secret_arn)
        places.allow_table(function, "BatchWriteItem", "Query")
        return function

    def _allow_customers(self, function: PythonFunction) -> None:
        """Let a function read what runs know of customers, without who they are."""
        foundation, role = self.places.foundation, function.role
        allow_objects(
            role, foundation.bucket, READ, naming.settings_key("*"), naming.latest_key("*"),
            f"{naming.profiles_prefix('*')}*", f"{naming.transitions_prefix('*')}*",
            f"{naming.runs_prefix('*')}*", f"{naming.events_prefix('*')}*",
            f"{naming.attributes_prefix('*')}*", f"{naming.templates_prefix('*')}*",
            f"{naming.tenant_prefix('*')}campaigns/*",
        )  # fmt: skip
        allow_key(role, foundation.identities_key)
        self.places.allow_table(function, "GetItem", "PutItem", "Query")
        self.places.defaults.allow_read(role)
