"""A parser that answers a mistake in one line, with what was probably meant."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

from local.commands import exits

PROGRAM = "tessera"
_CHOICE = re.compile(r"(?P<what>argument .*): invalid choice: '(?P<given>.*)' \(choose from .*\)")


class Parser(argparse.ArgumentParser):
    """The parser of ``tessera``, or of one of its commands.

    Parameters
    ----------
    examples
        Command lines, each with what it does.
    """

    def __init__(
        self, *, examples: Sequence[tuple[str, str]] = (), epilog: str = "", **how: Any
    ) -> None:
        super().__init__(
            epilog="\n\n".join(filter(None, (_shown(examples), epilog))),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            **how,
        )
        self.examples = tuple(examples)

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Return the arguments. An unknown one ends with an error of the command that got it."""
        parsed, unknown = self.parse_known_args(args, namespace)
        if unknown:
            own: Parser = getattr(parsed, "parser", self)
            own.refuse(unknown)
        return parsed

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """End with the first argument that nobody knows."""
        first = unknown[0]
        what = "option" if first.startswith("-") else "argument"
        self.error(f"unknown {what} {first!r}" + hint(first.partition("=")[0], self.options()))

    def options(self) -> list[str]:
        """Return every option's long name."""
        names = (name for action in self._actions for name in action.option_strings)
        return [name for name in names if name.startswith("--")]

    def commands(self) -> Iterator[tuple[str, Parser]]:
        """Yield each command's name and parser."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                yield from action.choices.items()

    def described(self) -> Iterator[tuple[str, str]]:
        """Yield each argument as the help writes it, with its meaning."""
        formatter = self._get_formatter()
        for action in self._actions:
            if not isinstance(action, argparse._SubParsersAction):
                expanded = formatter._expand_help(action) if action.help else ""
                yield formatter._format_action_invocation(action), expanded

    def error(self, message: str) -> NoReturn:
        """Print one line and exit."""
        line = f"error: {self._plain(message)} (try `{self.prog} --help`)\n"
        self.exit(exits.WRONG, line)

    def _plain(self, message: str) -> str:
        """Return argparse's own messages in our words."""
        wrong = _CHOICE.fullmatch(message)
        if wrong is None:
            return message
        given, what = wrong["given"], wrong["what"]
        names = self._choices(what)
        if "COMMAND" in what:
            return f"unknown command {given!r}" + hint(given, names)
        return f"{what}: {given!r} is none of {', '.join(names)}" + hint(given, names)

    def _choices(self, what: str) -> list[str]:
        for action in self._actions:
            if action.choices is not None and (argparse._get_action_name(action) or "") in what:
                return [str(choice) for choice in action.choices]
        return []


def hint(given: str, names: Iterable[str]) -> str:
    """Return what was probably meant, as the end of a message. Nothing if nothing is near."""
    known = list(names)
    begun = [name for name in known if name.startswith(given) and len(given) > len("--")]
    near = begun or difflib.get_close_matches(given, known, n=1)
    return f": did you mean {near[0]}?" if near else ""


def _shown(examples: Sequence[tuple[str, str]]) -> str:
    if not examples:
        return ""
    width = max(len(line) for line, _ in examples)
    lines = [f"  {PROGRAM} {line:<{width}}  {does}".rstrip() for line, does in examples]
    return "\n".join(["examples:", *lines])
