"""The console's page and its API at one address: CloudFront, and the bucket with the built page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from infra.console.page_policy import page_policy
from infra.console.settings import SiteSettings
from infra.kit.assets import ROOT
from infra.kit.nag import acknowledge
from tessera.errors import InvalidInput

DIST = ROOT / "console" / "dist"
_HASHED = "assets"  # below DIST: Vite puts a hash into each of these files' names
_BUILT = ".built"  # in DIST: when make built it
_FOR_EVER, _NEVER = "public, max-age=31536000, immutable", "no-cache"


class Site(Construct):
    """CloudFront sends some paths to the API and all else to a private bucket."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: SiteSettings,
        api_host: str,
        api_paths: tuple[str, ...],
        calls: tuple[str, ...],
    ) -> None:
        super().__init__(scope, id_)
        self._bucket = self._page_bucket()
        certificate = settings.certificate_arn and acm.Certificate.from_certificate_arn(
            self, "Certificate", settings.certificate_arn
        )
        headers = self._headers(calls)
        viewers = cloudfront.ViewerProtocolPolicy
        self._distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="Tessera: the console",
            domain_names=[settings.own_domain] if settings.own_domain else None,
            certificate=certificate or None,
            web_acl_id=settings.web_acl_arn or None,
            minimum_protocol_version=(
                cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if settings.own_domain else None
            ),
            default_root_object="index.html",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self._bucket),
                viewer_protocol_policy=viewers.REDIRECT_TO_HTTPS,
                response_headers_policy=headers,
                compress=True,
            ),
            additional_behaviors={
                path: cloudfront.BehaviorOptions(
                    origin=origins.HttpOrigin(api_host),
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                    origin_request_policy=(
                        cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER
                    ),
                    viewer_protocol_policy=viewers.HTTPS_ONLY,
                    compress=True,
                )
                for path in api_paths
            },
        )
        self._excuse(settings)
        self.given_domain = str(self._distribution.distribution_domain_name)
        self._domain = settings.own_domain or self.given_domain

    @property
    def address(self) -> str:
        """Where the console is."""
        return f"https://{self._domain}/"

    def publish(self, config: Mapping[str, str | bool], *, log_group: logs.ILogGroup) -> None:
        """Upload the built page with what it reads before it signs in.

        The files with a hash come first: the new page names them. No file is removed, because a
        page that is open has yet to load some of its parts.
        """
        built = _built()
        hashed = self._upload(
            "Hashed",
            [deployment.Source.asset(str(built / _HASHED))],
            cache=_FOR_EVER,
            log_group=log_group,
            below=_HASHED,
        )
        page = self._upload(
            "Page",
            [
                deployment.Source.asset(str(built), exclude=[_HASHED, _BUILT]),
                deployment.Source.json_data("config.json", dict(config)),
            ],
            cache=_NEVER,
            log_group=log_group,
            served_by=self._distribution,
        )
        page.node.add_dependency(hashed)
        self._excuse_uploader()

    def _page_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,  # it holds what every visitor can read
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            bucket,
            {
                "AwsSolutions-S1": (
                    "It has the built page, which holds no data and is the same for everybody. "
                    "Only CloudFront reads it."
                )
            },
        )
        return bucket

    def _headers(self, calls: tuple[str, ...]) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            comment="Tessera: the console's page",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=page_policy(*calls), override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), override=True
                ),
            ),
        )

    def _excuse(self, settings: SiteSettings) -> None:
        acknowledge(
            self._distribution,
            {
                "AwsSolutions-CFR1": "Customers of a shop are everywhere, and so are its people.",
                "AwsSolutions-CFR3": (
                    "Its log would hold visitors' addresses, and the keys in spreadsheets' "
                    "requests. The API logs each request without them."
                ),
            },
        )
        if not settings.web_acl_arn:
            acknowledge(
                self._distribution,
                {
                    "AwsSolutions-CFR2": (
                        "Each request to the API needs a credential and is throttled. "
                        "`console.web_acl_arn` adds a firewall."
                    )
                },
            )
        if not settings.own_domain:
            acknowledge(
                self._distribution,
                {
                    "AwsSolutions-CFR4": (
                        "CloudFront's own certificate allows no choice. `console.domain` with "
                        "`console.certificate_arn` brings TLS 1.2."
                    )
                },
            )

    def _excuse_uploader(self) -> None:
        """Excuse the one function by which the CDK uploads, at its path."""
        [uploader] = [
            each
            for each in Stack.of(self).node.children
            if each.node.id.startswith("Custom::CDKBucketDeployment")
        ]
        acknowledge(
            uploader,
            {
                r"AwsSolutions-IAM4\[.+\]|AwsSolutions-IAM5\[(Action|Resource)::.{2,}\]": (
                    "The CDK's own function, which runs during a deployment only. It reads the "
                    "CDK's assets and writes the page's bucket."
                ),
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    "The CDK grants these on every distribution: cloudfront:CreateInvalidation, "
                    "cloudfront:GetInvalidation."
                ),
                "AwsSolutions-L1|Serverless-Lambda(DLQ|LatestVersion|Tracing)": (
                    "The CDK's own function. CloudFormation calls it and reports its errors."
                ),
            },
        )

    def _upload(
        self,
        id_: str,
        sources: list[deployment.ISource],
        *,
        cache: str,
        log_group: logs.ILogGroup,
        below: str = "",
        served_by: cloudfront.IDistribution | None = None,
    ) -> deployment.BucketDeployment:
        return deployment.BucketDeployment(
            self,
            id_,
            destination_bucket=self._bucket,
            destination_key_prefix=below or None,
            sources=sources,
            prune=False,
            retain_on_delete=False,  # or the bucket could not be removed with its stack
            memory_limit=512,
            cache_control=[deployment.CacheControl.from_string(cache)],
            distribution=served_by,
            distribution_paths=["/*"] if served_by else None,
            log_group=log_group,
        )


def _built() -> Path:
    if not (DIST / "index.html").is_file():
        raise InvalidInput(
            f"'console.enabled' is true, and there is no built page in {DIST}: run "
            "`make build-console`, then try again"
        )
    return DIST
