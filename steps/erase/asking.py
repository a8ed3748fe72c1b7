"""Ask a destination to erase people, as far as there is time. What is left is asked for later."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Callable, Mapping, Sequence

from tessera.destinations.erasing import ErasingTransport, ErasurePerson, erase_people
from tessera.errors import TesseraError

_HOPELESS = 3  # people who fail one after another: it isn't the people
_BETWEEN_NOTES = 20  # requests, after which it is noted how far it is


@dataclasses.dataclass(frozen=True, kw_only=True)
class AskedPeople:
    """How far a destination is with the people of a case. It names nobody.

    Parameters
    ----------
    left
        Who is left, by their places among the people of the case.
    answers, details
        How often each answer came, and what else people should know.
    failed
        Why some of them failed. Empty where none did.
    in_time
        Whether somebody is left only because the time was over.
    """

    left: tuple[int, ...]
    answers: Mapping[str, int] = dataclasses.field(default_factory=dict)
    details: tuple[str, ...] = ()
    failed: str = ""
    in_time: bool = True


def ask(
    transport: ErasingTransport, people: Sequence[ErasurePerson], asked: AskedPeople, *,
    goes_on: Callable[[], bool], note: Callable[[AskedPeople], None],
) -> AskedPeople:  # fmt: skip
    """Ask for those that are left, a batch at a time. Return how far it is then.

    Who is refused holds up no other, and is left. A destination that fails several times in a row
    is away: nobody else is asked for.

    Parameters
    ----------
    goes_on
        Whether there is time for another request.
    note
        Keeps how far it is: a process that dies loses only the last notes.
    """
    size = getattr(transport, "people_per_erasure", 1)
    work = _Work(asked)
    while work.todo and work.in_a_row < _HOPELESS and goes_on():
        batch, work.todo = work.todo[:size], work.todo[size:]
        work.ask(transport, people, batch)
        if work.requests % _BETWEEN_NOTES == 0:
            note(work.asked(in_time=True))
    return work.asked(in_time=not work.todo or work.in_a_row >= _HOPELESS)


class _Work:
    def __init__(self, asked: AskedPeople) -> None:
        self.todo, self.failed = [*asked.left], list[int]()
        self.answers, self.details = collections.Counter(asked.answers), {*asked.details}
        self.reason, self.in_a_row, self.requests = "", 0, 0

    def ask(
        self, transport: ErasingTransport, people: Sequence[ErasurePerson], batch: Sequence[int]
    ) -> None:
        self.requests += 1
        try:
            for _, answer in erase_people(transport, [people[at] for at in batch]):
                self.answers[answer.status] += 1
                self.details |= {answer.detail} - {""}
        except TesseraError as error:
            self.failed += batch
            self.reason, self.in_a_row = f"{type(error).__name__}: {error}", self.in_a_row + 1
        else:
            self.in_a_row = 0

    def asked(self, *, in_time: bool) -> AskedPeople:
        return AskedPeople(
            left=(*self.todo, *self.failed),
            answers=dict(sorted(self.answers.items())),
            details=tuple(sorted(self.details)),
            failed=self.reason,
            in_time=in_time,
        )
