"""Check the documents, and the rooms of code that are switched on: ``python -m tools.prose``.

Exit status: 0 the house style is met, 1 it is not.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.prose import check, markdown

_SUFFIXES = (".py", ".toml", ".tf")  # presets and modules have texts for people too


@dataclass(frozen=True)
class Limits:
    """``[tool.prose]`` of pyproject.toml.

    Parameters
    ----------
    pages :
        Globs of the Markdown pages to check.
    rooms :
        Folders and files of code whose names, comments and texts are checked too.
    max_words_per_sentence :
        Average of each page.
    max_semicolons_per_sentence :
        Average of all pages together, and of each room's docstrings and comments.
    max_line_length :
        Characters of a line of a page that can be wrapped.
    allow :
        Path to the words that are meant there. ``*`` for all.
    """

    pages: tuple[str, ...]
    rooms: tuple[str, ...]
    max_words_per_sentence: float
    max_semicolons_per_sentence: float
    max_line_length: int
    allow: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, pyproject: Path) -> Limits:
        """Read the limits. An unknown or missing key is a ``TypeError`` that names it."""
        table = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["prose"]
        return cls(**{key.replace("-", "_"): value for key, value in table.items()})


def main(argv: list[str] | None = None) -> int:
    """Check what was asked for, print what is wrong, return the exit status."""
    arguments = _parser().parse_args(argv)
    root: Path = arguments.root
    limits = Limits.load(root / "pyproject.toml")
    if arguments.code:
        return _print(_code(root, arguments.code, limits))
    pages = list(_pages(root, limits.pages))
    sentences = [s for path, source in pages for s in check.page_sentences(path, source)]
    if arguments.longest:
        for sentence in sorted(sentences, key=lambda s: -s.words)[: arguments.longest]:
            begin = " ".join(sentence.text.split()[:12])
            print(f"{sentence.path}:{sentence.line}: {sentence.words} words: {begin} …")
    words = [finding for path, source in pages for finding in check.page_words(path, source)]
    wrong: list[object] = [
        *check.without_allowed(words, limits.allow),
        *_code(root, [Path(room) for room in limits.rooms], limits),
        *_beyond(sentences, limits),
        *(
            f"{path}:{line}: {length} characters, at most {limits.max_line_length}: wrap it"
            for path, source in pages
            for line, length in markdown.long_lines(source, limit=limits.max_line_length)
        ),
    ]
    total = check.figures(sentences)
    print(
        f"{len(pages)} pages: {total.words_per_sentence:.1f} words and "
        f"{total.semicolons_per_sentence:.3f} semicolons per sentence "
        f"({total.words:,} words, {total.sentences:,} sentences, {total.semicolons} semicolons)"
    )
    return _print(wrong)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.prose", description=__doc__)
    parser.add_argument(
        "--code", nargs="+", type=Path, metavar="PATH", help="check code only, each PATH apart"
    )
    parser.add_argument("--longest", type=int, default=0, metavar="N", help="list N sentences")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the checkout")
    return parser


def _pages(root: Path, globs: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """Yield each page and its text. The page made from a template has all of its text."""
    paths = {path for pattern in globs for path in root.glob(pattern)}
    for path in sorted(paths):
        if path.parent.name != "templates":
            yield path.relative_to(root), path.read_text(encoding="utf-8")


def _code(root: Path, rooms: Iterable[Path], limits: Limits) -> list[object]:
    """Return the banned words of rooms, and the semicolons of a room that has too many."""
    words: list[check.Finding] = []
    semicolons: list[str] = []
    for room in rooms:
        sentences: list[check.Sentence] = []
        for path, source in _sources(root, room):
            words += check.code_words(path, source)
            sentences += check.code_sentences(path, source)
        semicolons += _semicolons(sentences, limits)
    return [*check.without_allowed(words, limits.allow), *semicolons]


def _sources(root: Path, room: Path) -> Iterator[tuple[Path, str]]:
    start = root / room
    if not start.exists():
        raise SystemExit(f"{room}: no such file or folder; see rooms under [tool.prose]")
    files = (path for suffix in _SUFFIXES for path in start.rglob(f"*{suffix}"))
    for path in [start] if start.is_file() else sorted(files):
        yield path.relative_to(root), path.read_text(encoding="utf-8")


def _beyond(sentences: list[check.Sentence], limits: Limits) -> Iterator[str]:
    """Yield a line for each page whose sentences are too long, and each semicolon too many."""
    for path in sorted({sentence.path for sentence in sentences}):
        measured = check.figures(s for s in sentences if s.path == path)
        if measured.words_per_sentence > limits.max_words_per_sentence:
            yield (
                f"{path}: {measured.words_per_sentence:.1f} words per sentence, at most "
                f"{limits.max_words_per_sentence}: split the long ones (--longest 20 lists them)"
            )
    yield from _semicolons(sentences, limits)


def _semicolons(sentences: list[check.Sentence], limits: Limits) -> Iterator[str]:
    """Yield a line for each sentence with a semicolon, if all sentences have too many of them."""
    total = check.figures(sentences)
    if total.semicolons_per_sentence > limits.max_semicolons_per_sentence:
        for sentence in sentences:
            if ";" in sentence.text:
                yield f"{sentence.path}:{sentence.line}: ';': make it two sentences"


def _print(wrong: Iterable[object]) -> int:
    lines = [str(line) for line in wrong]
    for line in lines:
        print(line, file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
