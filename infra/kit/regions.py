"""Where Tessera can be deployed, and what is there.

The registry accounts are those of the SageMaker SDK for the scikit-learn image. A test compares
them, so that the synth itself needs no SageMaker SDK. The regions of Customer Profiles are those
of its endpoints in the locked botocore, compared by a test too: that an endpoint exists is what
is verified, not each feature behind it.
"""

from __future__ import annotations

import dataclasses

SKLEARN_TAG = "1.9-0-cpu-py3"

# "Supported Regions" in the README of the AWS Guidance for RFM segmentation on Amazon Pinpoint.
GUIDANCE = (
    "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-west-1", "eu-west-2", "us-east-1", "us-east-2",
    "us-gov-west-1", "us-west-1", "us-west-2",
)  # fmt: skip

_CUSTOMER_PROFILES = {
    "af-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-west-2", "us-east-1", "us-west-2",
}  # fmt: skip

_SKLEARN_ACCOUNTS = {
    "af-south-1": "510948584623",
    "ap-east-1": "651117190479",
    "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698",
    "ap-northeast-3": "867004704886",
    "ap-south-1": "720646828776",
    "ap-south-2": "628508329040",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ap-southeast-3": "951798379941",
    "ap-southeast-4": "106583098589",
    "ca-central-1": "341280168497",
    "ca-west-1": "190319476487",
    "eu-central-1": "492215442770",
    "eu-central-2": "680994064768",
    "eu-north-1": "662702820516",
    "eu-south-1": "978288397137",
    "eu-south-2": "104374241257",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "eu-west-3": "659782779980",
    "il-central-1": "898809789911",
    "me-central-1": "272398656194",
    "me-south-1": "801668240914",
    "sa-east-1": "737474898029",
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-gov-east-1": "237065988967",
    "us-gov-west-1": "414596584902",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
}


@dataclasses.dataclass(frozen=True)
class Region:
    """A region that has every service of the pipeline.

    Parameters
    ----------
    name
        For example ``eu-west-1``.
    sklearn_account
        The account of SageMaker's scikit-learn image there.
    customer_profiles
        Whether Amazon Connect Customer Profiles has an endpoint there.
    """

    name: str
    sklearn_account: str
    customer_profiles: bool

    @property
    def partition(self) -> str:
        """The partition that the region's ARNs name."""
        return "aws-us-gov" if self.name.startswith("us-gov-") else "aws"

    @property
    def sklearn_image(self) -> str:
        """The image that the SageMaker jobs run in."""
        registry = f"{self.sklearn_account}.dkr.ecr.{self.name}.amazonaws.com"
        return f"{registry}/sagemaker-scikit-learn:{SKLEARN_TAG}"


REGIONS = {
    name: Region(name, account, name in _CUSTOMER_PROFILES)
    for name, account in _SKLEARN_ACCOUNTS.items()
}
CUSTOMER_PROFILES_REGIONS = tuple(sorted(_CUSTOMER_PROFILES))
