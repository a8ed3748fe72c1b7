"""Customer Profiles' domain and object type."""

from __future__ import annotations

from tessera.contracts import customer_profiles


def test_the_profiles_domain_is_the_contract(app):
    [domain] = app.resources("AWS::CustomerProfiles::Domain")
    [made] = app.resources("AWS::CustomerProfiles::ObjectType")
    assert domain["DomainName"] == made["DomainName"] == customer_profiles.domain_name("dev")
    assert domain["DefaultEncryptionKey"] == made["EncryptionKey"]
    assert made["AllowProfileCreation"] is True
    fields = {field["Name"]: field["ObjectTypeField"] for field in made["Fields"]}
    assert fields == dict(customer_profiles.FIELDS)
    keys = {key["Name"]: key["ObjectTypeKeyList"] for key in made["Keys"]}
    assert keys == dict(customer_profiles.KEYS)


def test_without_the_destination_there_is_no_domain(other):
    assert not [kind for kind in other.kinds() if kind.startswith("AWS::CustomerProfiles")]
    assert other.outputs()["ProfilesDomain"] == "none"
