from __future__ import annotations

from tessera.events.content import EVENT_SETTINGS, content_digest
from tessera.settings import RunSettings


def digest(*, sha256: str = "ab", secret: bytes = b"s", **settings: object) -> str:
    return content_digest(
        {"sha256": [sha256]},
        settings=RunSettings.parse(settings),
        read_by=EVENT_SETTINGS,
        secret=secret,
    )


def test_only_what_shapes_the_rows_changes_their_digest():
    assert digest() == digest(clusters=3)
    changes = [digest(sha256="cd"), digest(secret=b"t"), digest(decimal="comma")]
    assert len({digest(), *changes}) == 4
