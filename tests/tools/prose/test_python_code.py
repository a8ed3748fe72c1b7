from tools.prose import python_code

SOURCE = '''\
"""Say what holds."""
import other as told

class Found:
    kept: int = 0

def send(whom, *, said=None):  # a comment
    x.found = whom
    for customer in told:
        print(customer.shall, {"found": "two words"})
    return f"{x} and more"
'''


def test_names_are_those_that_the_source_defines():
    names = [name for _, name in sorted(python_code.names(SOURCE))]
    assert names == ["told", "Found", "kept", "said", "send", "whom", "found", "customer", "found"]


def test_texts_are_docstrings_comments_and_texts_of_several_words():
    assert sorted(python_code.texts(SOURCE)) == [
        (1, "Say what holds."),
        (7, "# a comment"),
        (10, "two words"),
        (11, " and more"),
    ]


def test_prose_is_docstrings_and_whole_comments():
    source = '''\
"""Say what holds."""
KEPT = "not; prose"  # ends here
# A comment of
# two lines.
# ---- a rule ----
def send():  # noqa: ANN201
    """Send; return nothing."""
'''
    assert list(python_code.prose(source)) == [
        (1, "Say what holds."),
        (7, "Send; return nothing."),
        (2, "ends here"),
        (3, "A comment of\ntwo lines."),
    ]
