"""The settings of the console."""

from __future__ import annotations

import dataclasses
import re

from infra.destinations.settings import DestinationSettings
from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CERTIFICATE = re.compile(rf"arn:aws:acm:us-east-1:\d{{12}}:certificate/{_ID}")
_WEB_ACL = re.compile(rf"arn:aws:wafv2:us-east-1:\d{{12}}:global/webacl/[\w-]{{1,128}}/{_ID}")
_GENERATED = ".cloudfront.net"  # how the names end that CloudFront gives
_PARTITION = "aws"  # the one with CloudFront


@dataclasses.dataclass(frozen=True, kw_only=True)
class SiteSettings:
    """The console and its API at one address. It costs money at rest, so it is off.

    ``domain`` is the name in that address. Your own name needs ``certificate_arn``: a certificate
    of ACM in us-east-1, as CloudFront demands. Without your own name, set the one that the first
    deployment prints. It ends in cloudfront.net. Browsers can upload only from the name that is
    set. ``web_acl_arn`` is a web ACL of WAF for CloudFront.
    """

    enabled: bool = False
    domain: str = ""
    certificate_arn: str = ""
    web_acl_arn: str = ""

    @property
    def own_domain(self) -> str:
        """The domain that needs a certificate, empty for one that CloudFront gave."""
        return "" if self.domain.endswith(_GENERATED) else self.domain

    @property
    def origin(self) -> str:
        """The origin of the console's page, empty before the domain is set."""
        return f"https://{self.domain}" if self.domain else ""

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        certificate, web_acl = self.certificate_arn, self.web_acl_arn
        return failed(
            {
                "domain": (
                    not self.domain or _DOMAIN.fullmatch(self.domain) is not None,
                    "a name such as 'console.example.com', without https://, or empty",
                ),
                "certificate_arn": (
                    bool(certificate) == bool(self.own_domain)
                    and (not certificate or _CERTIFICATE.fullmatch(certificate) is not None),
                    "the ARN of an ACM certificate in us-east-1 for your own 'console.domain', "
                    "and empty without one",
                ),
                "web_acl_arn": (
                    not web_acl or _WEB_ACL.fullmatch(web_acl) is not None,
                    "the ARN of a web ACL with the scope CLOUDFRONT, or empty",
                ),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsoleSettings(FoundationSettings, DestinationSettings):
    """A stage with its console."""

    console: SiteSettings = dataclasses.field(default_factory=SiteSettings)


def problems(settings: ConsoleSettings) -> dict[str, str]:
    """Return what was expected of each setting that is wrong."""
    place = settings.place
    possible = not settings.console.enabled or place.partition == _PARTITION
    expected = (
        f"false in {place.name}: CloudFront, which serves the console, is not there. Use each "
        "run's report.html, or `make console` on your machine"
    )
    campaigns = settings.campaigns
    at_console = settings.console.enabled and bool(settings.console.domain)
    linked = at_console or bool(campaigns.links_origin)
    return failed(
        {
            "console.enabled": (possible, expected),
            "campaigns.enabled": (
                not campaigns.enabled or linked,
                "false, or 'console.enabled' true and a 'console.domain' beside it: the "
                "unsubscribe links of messages lead to the console",
            ),
        }
    )
