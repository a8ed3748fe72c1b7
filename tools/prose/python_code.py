"""Python source → the names that it makes, and its texts for people."""

from __future__ import annotations

import ast
import functools
import io
import re
import tokenize
from collections.abc import Iterator

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_NO_PROSE = re.compile(r"#\s*(?:noqa|type:|fmt:|-{2,})")  # for a tool, or a rule across the page


def names(source: str) -> Iterator[tuple[int, str]]:
    """Yield each name that the source defines, with its line.

    Only definitions count, for a name that another package gave cannot be changed here. A text that
    is one word in the form of a name counts too: keys of documents are written so.
    """
    for node in _nodes(source):
        for name in _defined(node):
            yield getattr(node, "lineno", 1), name


def _defined(node: ast.AST) -> Iterator[str]:
    match node:
        case (
            ast.Name(id=name, ctx=ast.Store())
            | ast.Attribute(attr=name, ctx=ast.Store())
            | ast.arg(arg=name)
            | ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.ClassDef(name=name)
            | ast.alias(asname=str(name))
            | ast.ExceptHandler(name=str(name))
            | ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
        ):
            yield name
        case ast.Constant(value=str(text)) if _IDENTIFIER.fullmatch(text):
            yield text


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield each comment, docstring and other text of more than one word, with its first line."""
    for node in _nodes(source):
        match node:
            case ast.Constant(value=str(text)) if not _IDENTIFIER.fullmatch(text):
                yield node.lineno, text
    for token in _comments(source):
        yield token.start[0], token.string


def prose(source: str) -> Iterator[tuple[int, str]]:
    """Yield each docstring and comment with its first line. A comment of several lines is one."""
    for node in _nodes(source):
        match getattr(node, "body", None):
            case [ast.Expr(value=ast.Constant(value=str(text))) as first, *_]:
                yield first.lineno, text
            case _:
                pass
    yield from _whole_comments(source)


def _whole_comments(source: str) -> Iterator[tuple[int, str]]:
    begin, after, block = 0, 0, list[str]()
    for token in _comments(source):
        if _NO_PROSE.match(token.string):
            continue
        line, column = token.start
        stands_alone = not token.line[:column].strip()
        if block and not (stands_alone and line == after):
            yield begin, "\n".join(block)
            block = []
        begin = begin if block else line
        after = line + 1 if stands_alone else 0
        block.append(token.string.lstrip("# "))
    if block:
        yield begin, "\n".join(block)


@functools.lru_cache(maxsize=1)  # each source is read for names, texts and prose in turn
def _nodes(source: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(source)))


@functools.lru_cache(maxsize=1)
def _comments(source: str) -> list[tokenize.TokenInfo]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token for token in tokens if token.type == tokenize.COMMENT]
