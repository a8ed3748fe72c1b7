"""The settings of a Connect outbound campaign to a segment."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from infra.kit.checks import EMAIL, failed

_SEGMENT = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_INSTANCE_ID = re.compile(r"[-_.a-zA-Z0-9]{1,256}")
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z-]+:[a-z0-9-]*:\d*:\S{1,400}")
_DURATION = re.compile(r"P(?=\d|T\d)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?")
_INSTANT = "an instant in UTC such as '2026-12-01T09:00:00Z'"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConnectCampaignSettings:
    """A Connect outbound campaign to a segment of the default tenant. Off without an instance.

    ``segment`` is its name there, such as ``_RFM_At_Risk``: it must exist, so a run comes first.
    Either ``flow_arn`` (a campaign flow) decides what happens, or an e-mail is sent from
    ``email_address`` with the message template ``email_template_arn``. ``start_at`` and ``end_at``
    are instants such as ``2026-12-01T09:00:00Z``. ``refresh`` is how often the segment is read
    again, such as ``P1D``, empty for once.
    """

    connect_instance_id: str = ""
    segment: str = ""
    flow_arn: str = ""
    email_address: str = ""
    email_template_arn: str = ""
    start_at: str = ""
    end_at: str = ""
    refresh: str = ""

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        if not self.connect_instance_id:
            rest = [name for name, value in dataclasses.asdict(self).items() if value]
            return dict.fromkeys(rest, "nothing without 'connect_campaign.connect_instance_id'")
        by_mail = bool(self.email_address or self.email_template_arn)
        mailed = bool(EMAIL.fullmatch(self.email_address))
        return failed(
            {
                "connect_instance_id": (
                    bool(_INSTANCE_ID.fullmatch(self.connect_instance_id)),
                    "an instance's id, not its ARN",
                ),
                "segment": (
                    bool(_SEGMENT.fullmatch(self.segment)),
                    "a segment's name, such as '_RFM_At_Risk'",
                ),
                "flow_arn": (
                    bool(_ARN.fullmatch(self.flow_arn)) if not by_mail else not self.flow_arn,
                    "the ARN of a campaign flow, or in its place "
                    "'connect_campaign.email_address' and 'connect_campaign.email_template_arn'",
                ),
                "email_address": (not by_mail or mailed, "an address of the instance"),
                "email_template_arn": (
                    not by_mail or bool(_ARN.fullmatch(self.email_template_arn)),
                    "the ARN of a message template",
                ),
                "start_at": (_is_instant(self.start_at), _INSTANT),
                "end_at": (
                    _is_instant(self.end_at) and self.end_at > self.start_at,
                    f"{_INSTANT}, after 'connect_campaign.start_at'",
                ),
                "refresh": (
                    not self.refresh or bool(_DURATION.fullmatch(self.refresh)),
                    "a duration such as 'P1D', or empty",
                ),
            }
        )


def _is_instant(text: str) -> bool:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").tzinfo == dt.UTC
    except ValueError:
        return False
