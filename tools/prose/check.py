"""Check pages and code against the house style."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.prose import dialect, markdown, python_code


@dataclass(frozen=True)
class Finding:
    """A banned word, where it is, and what to write instead."""

    path: Path
    line: int
    word: str
    instead: str

    def __str__(self) -> str:
        """Return one line in the form that editors know."""
        return f"{self.path}:{self.line}: '{self.word}': rather {self.instead}"


@dataclass(frozen=True)
class Figures:
    """What a text measures: its sentences, their words, and its semicolons."""

    sentences: int = 0
    words: int = 0
    semicolons: int = 0

    def __add__(self, other: Figures) -> Figures:
        """Return the figures of both texts together."""
        return Figures(
            self.sentences + other.sentences,
            self.words + other.words,
            self.semicolons + other.semicolons,
        )

    @property
    def words_per_sentence(self) -> float:
        """Return the mean length of a sentence. 0 for a text without any."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def semicolons_per_sentence(self) -> float:
        """Return how many semicolons a sentence has on average."""
        return self.semicolons / self.sentences if self.sentences else 0.0


@dataclass(frozen=True)
class Sentence:
    """One sentence of a page, a docstring or a comment."""

    path: Path
    line: int
    text: str

    @property
    def words(self) -> int:
        """Return how many words it has."""
        return markdown.words(self.text)


def page_words(path: Path, source: str) -> Iterator[Finding]:
    """Yield the banned words of a Markdown page."""
    for block in markdown.blocks(source):
        for match in dialect.in_prose(block.text):
            yield Finding(path, block.line_at(match.start), match.word, match.instead)


def page_sentences(path: Path, source: str) -> Iterator[Sentence]:
    """Yield the sentences of a Markdown page that count for the averages."""
    for block in markdown.blocks(source):
        if block.sentences:
            for text in markdown.sentences(block.text):
                yield Sentence(path, block.line_at(block.text.find(text)), text)


def code_sentences(path: Path, source: str) -> Iterator[Sentence]:
    """Yield the sentences of the docstrings and comments of a Python file."""
    prose = python_code.prose(source) if path.suffix == ".py" else ()
    for line, text in prose:
        plain = markdown.plain(text)
        for sentence in markdown.sentences(plain):
            at = line + plain.count("\n", 0, plain.find(sentence))
            yield Sentence(path, at, sentence)


def figures(sentences: Iterable[Sentence]) -> Figures:
    """Measure sentences."""
    total = Figures()
    for sentence in sentences:
        total += Figures(1, sentence.words, sentence.text.count(";"))
    return total


def code_words(path: Path, source: str) -> Iterator[Finding]:
    """Yield the banned words of a source file. Other files than Python are read as plain text."""
    if path.suffix != ".py":
        yield from _text_words(path, 1, source)
        return
    for line, name in python_code.names(source):
        for match in dialect.in_name(name):
            yield Finding(path, line, match.word, match.instead)
    for line, text in python_code.texts(source):
        yield from _text_words(path, line, text)


def _text_words(path: Path, line: int, text: str) -> Iterator[Finding]:
    for match in dialect.in_prose(text):
        at = line + text.count("\n", 0, match.start)
        yield Finding(path, at, match.word, match.instead)


def without_allowed(
    findings: Iterable[Finding], allowed: Mapping[str, Iterable[str]]
) -> list[Finding]:
    """Return the findings that no exception covers, by path and line.

    ``allowed`` maps a path to the words that are meant there. ``*`` stands for all words.
    """
    kept = [
        finding
        for finding in findings
        if not {finding.word.lower(), "*"} & set(allowed.get(finding.path.as_posix(), ()))
    ]
    return sorted(kept, key=lambda finding: (finding.path, finding.line))
