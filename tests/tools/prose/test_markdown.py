from tools.prose import markdown

PAGE = """\
---
title: Whoever
---
<!-- a comment
of two lines -->
# A heading

A paragraph of two
lines; it has `code; here` and a [link](told.md). A second
sentence.

- an item that
  goes on
- another item

| Name | Meaning |
|---|--:|
| `x` | short |
| y | this cell has five words |

```sh
run told   # a comment on it
```
The end.
"""


def lines(*, sentences: bool) -> list[tuple[int, str]]:
    chosen = [block for block in markdown.blocks(PAGE) if block.sentences == sentences]
    return [(block.line, block.text) for block in chosen if block.text]


def test_paragraphs_items_and_long_cells_count_as_sentences():
    assert lines(sentences=True) == [
        (8, "A paragraph of two\nlines; it has Code and a link. A second\nsentence."),
        (12, "an item that\n  goes on"),
        (14, "another item"),
        (19, "this cell has five words"),
        (24, "The end."),
    ]


def test_headings_short_cells_and_comments_in_code_are_read_without_counting():
    assert lines(sentences=False) == [
        (22, "a comment on it"),
        (6, "A heading"),
        (16, "Name"),
        (16, "Meaning"),
        (18, "Code"),
        (18, "short"),
        (19, "y"),
    ]


def test_a_place_in_a_block_has_its_line():
    block = markdown.Block(8, "one\ntwo\nthree", sentences=True)
    assert [block.line_at(block.text.index(word)) for word in ("one", "two", "three")] == [8, 9, 10]


def test_markup_is_not_text():
    assert (
        markdown.plain("**Bold**, *soft*, ![a picture](p.png), <https://x.example/told>, a<br>b")
        == "Bold, soft, a picture, Address, ab"
    )


def test_names_with_underscores_stay():
    assert markdown.plain("the name snake_case_name stays") == "the name snake_case_name stays"


def test_sentences_end_at_a_point_before_a_capital():
    text = "One is 1.5 s, e.g. Here. Two (et al. Smith)? Three: a, b! “Four.” Five at Customer.io."
    assert len(markdown.sentences(text)) == 5


def test_a_dash_is_no_word():
    assert markdown.words("Segments – the 11 labels – are “here”.") == 6
