"""``tessera configure``: set a stage of cdk.json up, by questions or by flags.

Each answer passes the parser that the synth uses, so that a file written here can be synthesized.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import operator
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.foundation.settings import check_address
from infra.settings import StageSettings
from local.app.cdk_file import CdkFile
from local.commands.configure.questions import QUESTIONS, Question, show
from tessera.errors import InvalidInput

Ask = Callable[[str], str]
_DEFAULT_STAGE = "dev"


def configure(
    path: Path,
    *,
    stage: str | None,
    answers: Mapping[str, str],
    ask: Ask | None,
    say: Callable[[str], None],
) -> None:
    """Write one stage's settings.

    Parameters
    ----------
    path
        cdk.json.
    stage, answers
        What the command line gave. Answers are by the questions' names.
    ask
        Asks a person. None where nobody can be asked: settings without an answer then stay.

    Raises
    ------
    InvalidInput
        An answer of the command line is wrong, or nothing was given and nobody can be asked.
    """
    file = CdkFile(path)
    if ask is None and not answers:
        flags = ", ".join(f"--{question.name}" for question in QUESTIONS)
        raise InvalidInput(f"there is no terminal to ask on: give some of {flags}")
    name = stage or (_ask_stage(file, ask, say) if ask else _DEFAULT_STAGE)
    form = _Form(file, name)
    form.check_stage()
    for question in QUESTIONS:
        if question.name in answers:
            form.answer(question, answers[question.name])
        elif ask:
            _ask(form, question, ask=ask, say=say)
    _finish(form, file, path, say=say)


def _finish(form: _Form, file: CdkFile, path: Path, *, say: Callable[[str], None]) -> None:
    tree = form.complete()
    if not file.save(tree):
        say(f"{path}: stage {form.stage} is set up like this already")
        return
    for setting, value in form.chosen.items():
        say(f"  {'.'.join(setting)}: {show(value) or 'none'}")
    say(f"{path}: stage {form.stage} is written. Next: `make diff STAGE={form.stage}`")


@dataclasses.dataclass
class _Form:
    """The answers so far, checked against the settings' own parser."""

    file: CdkFile
    stage: str
    chosen: dict[tuple[str, ...], object] = dataclasses.field(default_factory=dict)

    def current(self, question: Question) -> object:
        """Return the value in force: the file's, or the default."""
        known = self.file.value(self.stage, question.path)
        default = functools.reduce(getattr, question.path, StageSettings(stage=_DEFAULT_STAGE))
        return default if known is None else known

    def check_stage(self) -> None:
        """Refuse a wrong stage name, whatever its settings."""
        self._check({})

    def answer(self, question: Question, text: str) -> None:
        """Take an answer, or raise InvalidInput and keep the earlier ones."""
        value = question.read(text)
        self._check({question.path: value})
        if show(value) != show(self.current(question)):  # a list in the file, a tuple by default
            self.chosen[question.path] = value

    def fits(self, question: Question, value: object) -> bool:
        """Return whether a value goes with the answers so far."""
        try:
            self._check({question.path: value})
        except InvalidInput:
            return False
        return True

    def complete(self) -> dict[str, Any]:
        """Return the whole tree, checked as the synth checks it."""
        tree = self.file.tree_with(self.stage, self.chosen)
        _checked(self.stage, tree)
        return tree

    def _check(self, values: Mapping[tuple[str, ...], object]) -> None:
        """Accept what can still become a valid stage: later answers may mend what is there now."""
        given = {**self.chosen, **values}
        later = [question for question in QUESTIONS if question.path not in given]
        problem: InvalidInput | None = None
        for mended in _subsets(later):
            trial = {question.path: question.safe for question in mended}
            try:
                _checked(self.stage, self.file.tree_with(self.stage, trial | given))
            except InvalidInput as error:
                problem = error  # the last one, with all others mended, is about this answer
            else:
                return
        if problem:
            raise problem


def _checked(stage: str, tree: Mapping[str, Any]) -> None:
    """Raise InvalidInput for what the synth would refuse."""
    check_address(StageSettings.parse(stage, tree))


def _subsets(questions: Sequence[Question]) -> list[tuple[Question, ...]]:
    """Return every choice of questions, none first and all last."""
    sizes = range(len(questions) + 1)
    return [chosen for size in sizes for chosen in itertools.combinations(questions, size)]


def _ask_stage(file: CdkFile, ask: Ask, say: Callable[[str], None]) -> str:
    say("Press Enter to keep the value in brackets.")
    known = ", ".join(file.stages)
    return ask(f"Stage ({known}, or a new name) [{_DEFAULT_STAGE}]: ").strip() or _DEFAULT_STAGE


def _ask(form: _Form, question: Question, *, ask: Ask, say: Callable[[str], None]) -> None:
    """Ask until the answer is right."""
    offered = next(
        value
        for value in (form.current(question), question.safe)
        if form.fits(question, value) or operator.is_(value, question.safe)
    )
    while True:
        text = ask(f"{question.text} ({question.hint}) [{show(offered) or 'none'}]: ").strip()
        try:
            form.answer(question, text or show(offered))
        except InvalidInput as error:
            say(f"  {error}")
        else:
            return
