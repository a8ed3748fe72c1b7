"""The key that signs tokens for Snowflake, and who may use it."""

from __future__ import annotations

from tests.infra.rights import ACTIVATE, who
from tests.infra.template import listed


def test_activate_alone_signs_with_a_key_of_the_stage_that_only_signs(app, full):
    [(name, key)] = [
        (name, key["Properties"])
        for name, key in full.named("AWS::KMS::Key").items()
        if key["Properties"].get("KeySpec") == "RSA_2048"
    ]
    assert key["KeyUsage"] == "SIGN_VERIFY"
    arn = full.resolve({"Fn::GetAtt": [name, "Arn"]})
    for action in ("kms:Sign", "kms:GetPublicKey"):
        assert who(full, action, arn) >= ACTIVATE
    for owner, statement in full.all_statements():
        if "kms:Sign" in statement["Action"]:
            assert statement["Resource"] != "*"
            if arn in listed(statement["Resource"]):
                assert any(step in owner for step in (*ACTIVATE, "EraseAtDestination"))
    aliases = {one["AliasName"] for one in full.resources("AWS::KMS::Alias")}
    assert "alias/tessera-full-snowflake" in aliases
    assert not [one for one in app.resources("AWS::KMS::Key") if one.get("KeySpec") == "RSA_2048"]
