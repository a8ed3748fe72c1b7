"""Forged, expired, revoked and foreign credentials: all the same 401."""

from __future__ import annotations

import datetime as dt

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from adapters.http.token_signatures import TokenSignatures
from steps.serve.access import Authority
from tests.lambdas.api.world import CLIENT, ISSUER, NOW, World

KEY = RSAKey.generate_key(2048, {"kid": "pool"})
STRANGER = RSAKey.generate_key(2048, {"kid": "pool"})
PUBLIC = {"keys": [KEY.as_dict(private=False)]}
CLAIMS = {
    "iss": ISSUER,
    "client_id": CLIENT,
    "token_use": "access",
    "sub": "7f3c",
    "exp": int(NOW.timestamp()) + 600,
    "cognito:groups": ["acme:marketer"],
}


def token(key=KEY, alg="RS256", **claims: object) -> str:
    payload = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "pool"}, payload, key, algorithms=[alg])


@pytest.fixture
def authority(world: World) -> Authority:
    signatures = TokenSignatures(lambda: PUBLIC, seconds=lambda: 0.0)
    return Authority(
        world.services.keys,
        claims=signatures.claims,
        issuer=ISSUER,
        client_id=CLIENT,
        clock=lambda: world.now,
    )


def test_a_token_stands_for_its_groups_tenant_and_role(authority):
    principal = authority.principal(f"Bearer {token()}")
    assert principal is not None
    assert (principal.tenant, principal.role, principal.subject) == (
        "acme", "marketer", "user:7f3c",
    )  # fmt: skip


def test_a_key_stands_for_its_tenant_and_role(authority, world):
    principal = authority.principal(f"bearer {world.keys['zenith', 'admin']}")
    assert principal is not None
    assert (principal.tenant, principal.role) == ("zenith", "admin")


def test_no_forged_token_is_anybody(authority):
    header, payload, signature = token().split(".")
    forged = {
        "another key of the same name": token(STRANGER),
        "the public key as a secret": token(OctKey.import_key("x" * 64), "HS256"),
        "no signature": f"{header}.{payload}.",
        "another payload": f"{header}.{payload[:-4]}AAAA.{signature}",
        "an id token": token(token_use="id"),
        "another client": token(client_id="other"),
        "another issuer": token(iss="https://other.example"),
        "expired": token(exp=int(NOW.timestamp())),
        "no end": token(exp=None),
        "an end in words": token(exp="never"),
        "no group": token(**{"cognito:groups": []}),
        "groups of two tenants": token(**{"cognito:groups": ["acme:viewer", "zenith:admin"]}),
        "an unknown role": token(**{"cognito:groups": ["acme:owner"]}),
        "no tenant's name": token(**{"cognito:groups": ["ac/me:admin"]}),
        "a group as a text": token(**{"cognito:groups": "acme:admin"}),
        "nobody": token(sub=None),
        "no token": "x",
        "three dots": "...",
    }
    let_in = [name for name, text in forged.items() if authority.principal(f"Bearer {text}")]
    assert let_in == []


def test_no_wrong_key_is_anybody(authority, world):
    text = world.keys["acme", "admin"]
    key_id = text.split("_")[1]
    wrong = {
        "another secret": text[:-1] + ("A" if text[-1] != "A" else "B"),
        "another key's secret": f"tsk_{key_id}_{world.keys['zenith', 'admin'][17:]}",
        "an unknown id": text.replace(key_id, "0" * 12),
        "cut": text[:-1],
        "longer": f"{text}A",
        "spaces": f"{text} ",
    }
    let_in = [name for name, text in wrong.items() if authority.principal(f"Bearer {text}")]
    assert let_in == []
    for header in (None, "", "Bearer", f"Basic {text}", text):
        assert authority.principal(header) is None


def test_a_key_ends_with_its_time_and_when_it_is_revoked(world):
    text = world.keys["acme", "viewer"]
    assert world.call("GET", "/v1/me", token=text).status == 200
    world.now = NOW + dt.timedelta(days=365)
    assert world.call("GET", "/v1/me", token=text).status == 401
    world.now = NOW
    revoked = world.call(
        "DELETE", f"/v1/keys/{world.key_id('acme', 'viewer')}", token=world.keys["acme", "admin"]
    )
    assert (revoked.status, world.call("GET", "/v1/me", token=text).status) == (204, 401)


def test_only_a_viewers_key_may_stand_in_an_address_and_only_for_spreadsheets(world):
    path = "/v1/segment-statistics.csv"
    for role, status in (("viewer", 200), ("marketer", 401), ("admin", 401)):
        key = world.keys["acme", role]
        assert world.call("GET", path, query={"key": key}).status == status
    viewer = world.keys["acme", "viewer"]
    assert world.call("GET", "/v1/segments", query={"key": viewer}).status == 401


def test_new_keys_of_the_pool_are_fetched_and_not_for_every_forged_token():
    fetched, now = [], [0.0]
    keys = [{"keys": [STRANGER.as_dict(private=False)]}, PUBLIC]

    def fetch():
        fetched.append(now[0])
        return keys[min(len(fetched), 2) - 1]

    signatures = TokenSignatures(fetch, seconds=lambda: now[0])
    assert signatures.claims(token()) is None
    now[0] = 30.0
    assert signatures.claims(token()) is None
    assert fetched == [0.0]
    now[0] = 60.0
    assert signatures.claims(token()) is not None
    assert fetched == [0.0, 60.0]
