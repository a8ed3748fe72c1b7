"""What the exchanges with all platforms of advertising audiences have in common.

Each begins with the list of the audiences that there are, found by their names.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from tessera.destinations import content
from tessera.destinations.audiences.membership import (
    KINDS,
    Audience,
    MembershipChange,
    by_name,
    hashes_of,
    homeless,
    steps,
)
from tessera.destinations.calls import Answer, Call, Malformed, sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, Segment

Words = tuple[str, str]  # code and message


@dataclasses.dataclass(frozen=True, kw_only=True)
class Platform:
    """A platform's calls, from which its exchanges are made.

    Parameters
    ----------
    capabilities
        Its rule for names.
    people_a_call
        How many people one call may bring or take away.
    first, following
        Ask for the first page of the audiences, and for the one after a page; None after the last.
    audiences
        Reads a page.
    change
        Brings people into an audience, or takes them away.
    judge
        Reads whom the answer to that refuses, and why, by hash.
    make, amend
        Make an audience by name and description, and change the description of one.
    words
        Reads code and message of an error.
    """

    capabilities: Capabilities
    people_a_call: int
    first: Call
    following: Callable[[Answer], Call | None]
    audiences: Callable[[Answer], list[Audience]]
    change: Callable[[MembershipChange], Call]
    judge: Callable[[MembershipChange, Answer], Mapping[str, Words]]
    make: Callable[[str, str], Call]
    amend: Callable[[Audience, str], Call]
    words: Callable[[Answer], Words]

    def check_call(self, answers: Sequence[Answer]) -> Call | None:
        """Read the first audiences."""
        return None if answers else self.first

    def next_call(self, items: Sequence[Item], answers: Sequence[Answer]) -> Call | None:
        """List the audiences, then take people out of each and bring them in, one after the other.

        Raises
        ------
        Malformed
            An answer does not say what became of the people.
        """
        if answers and answers[-1].status >= 400:
            return None
        known = self._known(answers)
        if isinstance(known, Call):
            return known
        audiences, done = known
        due = self._steps(items, audiences)
        if done:
            self.judge(due[len(done) - 1], done[-1])
        return self.change(due[len(done)]) if len(done) < len(due) else None

    def outcome(self, items: Sequence[Item], answers: Sequence[Answer]) -> Outcome:
        """Sort the items: whoever's hash was refused, or has no audience, is refused."""
        if answers[-1].status >= 400:
            return sort_out(items, {}, again=self.words(answers[-1]))
        known = self._known(answers)
        if isinstance(known, Call):
            raise Malformed("the list of audiences does not end")
        audiences, done = known
        refused: dict[str, Words] = {}
        for step, answer in zip(self._steps(items, audiences), done, strict=True):
            refused.update(self.judge(step, answer))
        blamed = {
            index: refused[found]
            for index, item in enumerate(items)
            for found in sorted(hashes_of(item) & set(refused))[:1]
        }
        return sort_out(items, homeless(items, audiences, capabilities=self.capabilities) | blamed)

    def prepare_call(self, segments: Sequence[Segment], answers: Sequence[Answer]) -> Call | None:
        """List the audiences, then make those that are missing."""
        known = self._known(answers)
        if isinstance(known, Call):
            return known
        audiences, made = known
        if any(answer.status >= 400 for answer in made):
            raise Malformed("somebody else made it meanwhile")
        there = by_name(audiences)
        lacking = [one for one in segments if one.kind in KINDS and one.name not in there]
        return self._make(lacking[len(made)]) if len(made) < len(lacking) else None

    def segment_call(self, segment: Segment, answers: Sequence[Answer]) -> Call | str:
        """Find the audience by its name, then make it, or say anew what it is."""
        known = self._known(answers)
        if isinstance(known, Call):
            return known
        audiences, done = known
        found = by_name(audiences).get(segment.name)
        if any(answer.status >= 400 for answer in done):
            raise Malformed("somebody else made or deleted it meanwhile")
        if found is None:
            return "created" if done else self._make(segment)
        if found.description == content.rule(segment):
            return "kept"
        return "recreated" if done else self.amend(found, content.rule(segment))

    def _make(self, segment: Segment) -> Call:
        return self.make(segment.name, content.rule(segment))

    def _steps(
        self, items: Sequence[Item], audiences: Sequence[Audience]
    ) -> list[MembershipChange]:
        return steps(items, audiences, capabilities=self.capabilities, most=self.people_a_call)

    def _known(self, answers: Sequence[Answer]) -> Call | tuple[list[Audience], Sequence[Answer]]:
        """Return the next call of the list, or the audiences and the answers after them."""
        found: list[Audience] = []
        for count, answer in enumerate(answers, 1):
            found += self.audiences(answer)
            call = self.following(answer)
            if call is None:
                return found, answers[count:]
            if count == len(answers):
                return call
        return self.first
