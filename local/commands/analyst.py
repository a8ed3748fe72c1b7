"""``tessera analyst``: which rows and columns an analyst reads in a deployed stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from adapters.warehouse.lake_formation import LakeFormation
from infra.kit.stage import stack_name
from local.app.elsewhere.account import reaching
from local.app.inputs.settings_file import stage_settings
from steps.warehouse.govern import Grants, grant, granted, revoke
from tessera.errors import InvalidInput

Does = Literal["grant", "revoke", "list"]


def analyst_of(
    stage: str,
    does: Does,
    *,
    principal: str | None,
    tenant: str,
    without: Sequence[str],
    say: Callable[[str], None],
) -> None:
    """Change or list the grants of a stage of cdk.json, with this shell's credentials.

    Raises
    ------
    InvalidInput
        The stage is without Lake Formation, or an argument is wrong.
    """
    settings = stage_settings(stage=stage)
    if not settings.lake_formation:
        raise InvalidInput(
            f"stage {stage!r} has no grants: set 'lake_formation' and 'analytics_policy' in "
            "cdk.json and deploy it. Without them the analysts' policy decides"
        )
    with reaching(settings, capabilities=["Data"]) as (aws, outputs):
        grants = LakeFormation(
            outputs[stack_name(stage, "Data")]["Database"],
            account=aws.client("sts").get_caller_identity()["Account"],
            client=aws.client("lakeformation"),
        )
        for line in analyst(grants, does, principal=principal, tenant=tenant, without=without):
            say(line)


def analyst(
    grants: Grants, does: Does, *, principal: str | None, tenant: str, without: Sequence[str] = ()
) -> list[str]:
    """Change or list grants. Return the lines to print.

    Parameters
    ----------
    grants
        The grants on the stage's tables.
    does
        What to do.
    principal
        The ARN of the analyst's role or user. Listing needs none.
    tenant
        Whose rows.
    without
        The columns to hide.
    """
    if does == "list":
        rows = [
            f"{who} reads {', '.join(sorted(tenants))}" for who, tenants in granted(grants).items()
        ]
        return rows or ["Nobody has a grant: an analyst with the policy alone reads nothing."]
    if not principal:
        raise InvalidInput(f"analyst {does} needs the ARN of a role or user")
    if does == "revoke":
        count = revoke(grants, principal=principal, tenant=tenant)
        return [f"{principal} no longer reads {tenant}: {count} grants are revoked."]
    grant(grants, principal=principal, tenant=tenant, without=without)
    hidden = f", without {', '.join(sorted(set(without)))}" if without else ""
    return [f"{principal} reads the rows of {tenant}{hidden}, and no other tenant's."]
