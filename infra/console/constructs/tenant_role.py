"""What the API may touch of one tenant: a role whose session names the tenant by a tag.

Each policy has ``${aws:PrincipalTag/tenant}`` where the code writes the tenant. So a session for
one tenant reaches no object and no item of another one, whatever the code asks for.
"""

from __future__ import annotations

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.console.constructs.campaign_access import CampaignAccess
from infra.console.constructs.erasure_access import allow_cases
from infra.foundation.foundation import Foundation
from infra.foundation.keys import Key
from infra.kit.grants import (
    READ,
    WRITE,
    allow,
    allow_key,
    allow_list,
    allow_objects,
    allow_partitions,
    allow_table_key,
)
from infra.kit.tenant_session import TAG, TENANT, tenant_role
from tessera import naming

OWN_ITEMS = f"{TENANT}#*"
# What a page shows of a run. None of it names a person.
_RUN_FILES = (
    naming.TICKET, naming.PREPARE_RECORD, naming.SCORE_RECORD, naming.INSIGHTS, naming.ERROR,
    naming.REJECTED_LINES, f"{naming.CUSTOMERS}*", f"{naming.DETAILS}*",
    f"{naming.SUBSCRIPTIONS_BEFORE}*",
)  # fmt: skip
_ITEMS = ("DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")
_DEFAULT = {"StringEquals": {f"aws:PrincipalTag/{TAG}": naming.DEFAULT_TENANT}}


class TenantRole(Construct):
    """The role for the data of one tenant at a time. One other role alone may assume it.

    Parameters
    ----------
    trusted
        That role. Its sessions name exactly one tag.
    foundation, table, key
        What is kept, the API's table, and what encrypts that.
    write_keys
        The ARN of the table with the keys of pages. Empty in a stage without.
    campaigns
        The campaigns of the stage, None where they are off.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        trusted: iam.Role,
        foundation: Foundation,
        table: dynamodb.ITable,
        key: Key,
        write_keys: str,
        campaigns: CampaignAccess | None,
    ) -> None:
        super().__init__(scope, id_)
        self._foundation = foundation
        self.role = tenant_role(
            self,
            "Role",
            trusted=trusted,
            about="Tessera: what the API reaches of the tenant that a session names",
        )
        self._allow_objects()
        allow_cases(self.role, foundation=foundation, tenant=TENANT)
        self._allow_items(table.table_arn, key, write_keys=write_keys)
        if campaigns:
            campaigns.allow_tenant(self.role, TENANT)

    def _allow_objects(self) -> None:
        role, bucket = self.role, self._foundation.bucket
        read = [
            naming.latest_key(TENANT),
            f"{naming.profiles_prefix(TENANT)}*",
            f"{naming.transitions_prefix(TENANT)}*",
            *(naming.run_key(TENANT, "*", name) for name in _RUN_FILES),
        ]
        allow_objects(role, bucket, READ, *read)
        own = [
            naming.settings_key(TENANT),
            f"{naming.settings_versions_prefix(TENANT)}*",
            f"{naming.templates_prefix(TENANT)}*",
            f"{naming.brand_prefix(TENANT)}*",
        ]
        allow_objects(role, bucket, (*READ, *WRITE), *own)
        # Uploads name persons: the API signs where one goes, and lists them. It reads none.
        uploads = f"{naming.UPLOADS}{TENANT}/*"
        allow_objects(role, bucket, WRITE, uploads)
        allow_list(role, bucket, uploads)
        self._allow_uploads_of_default()
        allow_key(role, self._foundation.data_key)

    def _allow_uploads_of_default(self) -> None:
        """Let the tenant ``default`` upload: its files are beside the folders of the others.

        A policy cannot say that a key has no further slash, so this session may sign uploads into
        every folder. It reads and lists no other tenant's.
        """
        role, bucket = self.role, self._foundation.bucket
        allow_objects(role, bucket, WRITE, f"{naming.UPLOADS}*", conditions=_DEFAULT)
        attributes = {"StringLike": {"s3:prefix": f"{naming.UPLOADS}{naming.ATTRIBUTES_FOLDER}/*"}}
        beside = {"s3:prefix": naming.UPLOADS, "s3:delimiter": "/"}
        flat = {"StringEquals": {**_DEFAULT["StringEquals"], **beside}}
        for conditions in ({**_DEFAULT, **attributes}, flat):
            allow(role, ["s3:ListBucket"], bucket.bucket_arn, conditions=conditions)

    def _allow_items(self, table: str, key: Key, *, write_keys: str) -> None:
        role, foundation = self.role, self._foundation
        allow_partitions(role, table, _ITEMS, OWN_ITEMS)
        allow_table_key(role, key)
        allow_key(role, key)
        runs = ("GetItem", "Query", "UpdateItem")
        allow_partitions(role, foundation.runs.table_arn, runs, TENANT)
        allow_table_key(role, foundation.data_key)
        if write_keys:
            pages = ("DeleteItem", "GetItem", "PutItem", "Query")
            allow_partitions(role, write_keys, pages, OWN_ITEMS)
