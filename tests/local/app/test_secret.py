from local.app.secret import kept_secret


def test_the_secret_is_random_kept_and_its_owners_alone(tmp_path):
    one, other = tmp_path / "a" / "secret", tmp_path / "b" / "secret"
    made = kept_secret(one)
    assert kept_secret(one) == made
    assert kept_secret(other) != made
    assert len(made) == 64
    assert one.stat().st_mode & 0o077 == 0
    assert list(one.parent.iterdir()) == [one]
