import pytest

from tools.prose import dialect


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("A vendor that is told by requests.", "told"),
        ("Whoever may call the function", "Whoever"),
        ("a bucket of\nits own", "of its own"),
        ("an event lies in the dead-letter queue", "lies"),
        ("customers are left out", "are left out"),
        ("leave the amount out here", "leave the amount out"),
        ("what a customer has no more", "no more"),
        ("silence counts as a no", "a no"),
        ("write the pages anew", "anew"),
    ],
)
def test_a_banned_word_is_one_match_with_an_alternative(text: str, word: str):
    (match,) = dialect.in_prose(text)
    assert (match.word, match.start) == (word, " ".join(text.split()).index(word))
    assert match.instead


@pytest.mark.parametrize(
    "text",
    [
        "No file was found.",
        "The number lies within the bounds, and the day lies outside the year.",
        "no more than 90 days",
        "Send once more.",
        "The second run is a no-op.",
        "It belongs to its own room.",
        "The vendor answers, and the report says why.",
        "a small shallow copy of a foretold story",
    ],
)
def test_plain_english_passes(text: str):
    assert not list(dialect.in_prose(text))


@pytest.mark.parametrize(
    "name", ["told", "customers_told", "ToldCustomer", "found", "_whom", "SAID"]
)
def test_a_banned_name_is_a_match(name: str):
    assert [match.word for match in dialect.in_name(name)] == [name]


@pytest.mark.parametrize(
    "name",
    [
        "not_found",
        "KeyNotFound",
        "NOT_FOUND",
        "test_it_is_found",
        "foundation",
        "shallow",
        "teller",
        "customers",
    ],
)
def test_other_names_pass(name: str):
    assert not list(dialect.in_name(name))
