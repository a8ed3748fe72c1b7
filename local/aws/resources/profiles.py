"""Customer Profiles domains and object types."""

from __future__ import annotations

from collections.abc import Mapping

from local.aws.resources.kinds import Client, Kind, Made, Properties, only, words

_DOMAIN = words("DomainName DefaultExpirationDays")

_OBJECT_TYPE = words(
    "DomainName ObjectTypeName Description TemplateId ExpirationDays AllowProfileCreation"
    " SourceLastUpdatedTimestampFormat MaxProfileObjectCount Fields Keys"
)


def _profiles_domain(p: Properties, client: Client) -> Made:
    client("customer-profiles").create_domain(**only(p, _DOMAIN))
    return Made(p["DomainName"])


def _profiles_object_type(p: Properties, client: Client) -> Made:
    wanted = only(p, _OBJECT_TYPE)
    for name, inner in (("Fields", "ObjectTypeField"), ("Keys", "ObjectTypeKeyList")):
        if name in wanted:
            wanted[name] = {item["Name"]: item[inner] for item in wanted[name]}
    client("customer-profiles").put_profile_object_type(**wanted)
    return Made(f"{p['DomainName']}|{p['ObjectTypeName']}")


KINDS: Mapping[str, Kind] = {
    "AWS::CustomerProfiles::Domain": Kind(
        _profiles_domain, _DOMAIN,
        words("DeadLetterQueueUrl DefaultEncryptionKey Tags Matching RuleBasedMatching DataStore"),
    ),
    "AWS::CustomerProfiles::ObjectType": Kind(
        _profiles_object_type, _OBJECT_TYPE, words("EncryptionKey Tags"),
    ),
}  # fmt: skip
