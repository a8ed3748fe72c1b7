"""The layer with the AWS SDK for pandas, which AWS publishes in each region.

Of version 3.17.0 for Python 3.13 on ARM, by the list in its documentation. Newer versions of the
layer have other numbers. Unzipped it took 204 MB in version 3.16.1, of 250 MB that a function may
have with its own code.
"""

from __future__ import annotations

_ACCOUNTS = {
    "ap-east-1": "839552336658",
    "ap-south-2": "246107603503",
    "ap-southeast-3": "258944054355",
    "ap-southeast-4": "945386623051",
    "ca-west-1": "941713567376",
    "eu-central-2": "956415814219",
    "eu-south-1": "774444163449",
    "eu-south-2": "982086096842",
    "il-central-1": "263840725265",
    "me-central-1": "593833071574",
}
_VERSIONS = {"af-south-1": 13, "ca-west-1": 3} | {
    region: 11 for region in _ACCOUNTS if region != "ca-west-1"
}
_MOST = {
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1",
    "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2",
    "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
}  # fmt: skip


def layer_arn(region: str) -> str:
    """Return the layer's ARN in a region, empty where none is known."""
    if region not in _VERSIONS and region not in _MOST:
        return ""
    account, version = _ACCOUNTS.get(region, "336392948345"), _VERSIONS.get(region, 14)
    return f"arn:aws:lambda:{region}:{account}:layer:AWSSDKPandas-Python313-Arm64:{version}"
