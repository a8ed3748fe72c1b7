"""Python source → the names that it makes, and its texts for people."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


def names(source: str) -> Iterator[tuple[int, str]]:
    """Yield each name that the source defines, with its line.

    Only definitions count, for a name that another package gave cannot be changed here. A text that
    is one word in the form of a name counts too: keys of documents are written so.
    """
    for node in ast.walk(ast.parse(source)):
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
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)) if not _IDENTIFIER.fullmatch(text):
                yield node.lineno, text
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
