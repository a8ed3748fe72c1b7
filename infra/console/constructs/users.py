"""Who signs in: a pool of invited users, and the page as its client."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.kit.nag import acknowledge


class Users(Construct):
    """A user pool without self sign-up. Each user has a second factor and one group.

    The group ``<tenant>:<role>`` says what the user may reach. ``tessera console-user`` makes it.
    """

    def __init__(
        self, scope: Construct, id_: str, *, stage: str, removal_policy: RemovalPolicy
    ) -> None:
        super().__init__(scope, id_)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            mfa=cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
                temp_password_validity=Duration.days(7),
            ),
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            deletion_protection=removal_policy == RemovalPolicy.RETAIN,
            removal_policy=removal_policy,
        )
        acknowledge(
            self.pool,
            {
                "AwsSolutions-COG3|AwsSolutions-COG8": (
                    "Threat protection belongs to the Plus plan. Only invited users can sign in, "
                    "each with a second factor."
                )
            },
        )
        self._domain = self.pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(
                domain_prefix=f"tessera-{stage}-{Stack.of(self).account}"
            ),
        )

    @property
    def origin(self) -> str:
        """The origin of the sign-in page and of its token endpoint."""
        return str(self._domain.base_url())

    @property
    def issuer(self) -> str:
        """The issuer that its tokens name."""
        return str(self.pool.user_pool_provider_url)

    def add_client(self, address: str) -> str:
        """Let the page at an address sign users in, by code and PKCE. Return the client's id."""
        client = self.pool.add_client(
            "Console",
            generate_secret=False,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.minutes(60),
            id_token_validity=Duration.minutes(60),
            refresh_token_validity=Duration.hours(12),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID],
                callback_urls=[address],
                logout_urls=[address],
            ),
        )
        return str(client.user_pool_client_id)
