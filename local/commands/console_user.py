"""``tessera console-user``: give somebody access to a deployed console."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapters.aws.user_pool import UserPool
from infra.console.settings import SiteSettings
from infra.kit.checks import EMAIL
from local.app.elsewhere.account import reaching_console
from tessera import naming
from tessera.api.roles import NO_TENANT, OPERATOR, Role
from tessera.errors import InvalidInput


def console_user_of(
    stage: str, email: str, *, tenant: str, role: Role, say: Callable[[str], None]
) -> None:
    """Make a user of a stage of cdk.json, with this shell's credentials.

    Raises
    ------
    InvalidInput
        The stage has no console, or the user could not be one. The message says what to do.
    """
    with reaching_console(stage) as (aws, console, site):
        console_user(
            aws.client("cognito-idp"),
            email,
            tenant=tenant,
            role=role,
            console=console,
            site=site,
            say=say,
        )


def console_user(
    cognito: Any,
    email: str,
    *,
    tenant: str,
    role: Role,
    console: Mapping[str, str],
    site: SiteSettings,
    say: Callable[[str], None],
) -> None:
    """Make a user, or change the role of one, and print the console's address.

    Parameters
    ----------
    cognito
        boto3's client of Cognito's user pools.
    email
        The user's address, which is also the name for signing in.
    tenant, role
        What the user may reach there. An operator has no tenant.
    console
        The outputs of the console's stack.
    site
        The stage's settings of the console.
    say
        Prints a line.
    """
    if EMAIL.fullmatch(email) is None:
        raise InvalidInput(f"{email!r} is not an e-mail address")
    pool = UserPool(console["UserPoolId"], cognito=cognito)
    if role == OPERATOR:
        new = pool.invite(email, tenant=NO_TENANT, role=role)
        say(f"{email} is an operator: keeps the tenants of this deployment, reads no data of any.")
    else:
        new = pool.invite(email, tenant=naming.check_tenant(tenant), role=role)
        say(f"{email} has the role {role} for the tenant {tenant}.")
    if new:
        say("Cognito has sent a temporary password to that address. It works for 7 days.")
    say(f"Sign in at {console['ConsoleUrl']}")
    given = console["DistributionDomain"]
    if site.domain not in {given, site.own_domain} or not site.domain:
        say(
            f'Uploads in the browser need "domain": "{given}" in the group `console` of the stage '
            "in cdk.json, and one more deployment."
        )
