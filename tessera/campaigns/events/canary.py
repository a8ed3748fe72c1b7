"""The canary: a message to SES' mailbox simulator, whose events must return its tags.

Once tags vanished from events for a whole way of sending. Then no event finds its recipient, and
every doubt stays one. So each run sends a canary first, and waits for its event.
"""

from __future__ import annotations

from collections.abc import Iterable

from tessera.campaigns.events.reading import MessageEvent

SIMULATOR = "success@simulator.amazonses.com"
CANARY = "0" * 32  # nobody's keyed hash: a real one would be all zeros once in 2^128


def canary_problem(events: Iterable[MessageEvent], *, run: str, message_id: str) -> str:
    """Return what is wrong with the events of a run's canary, empty if nothing is.

    Parameters
    ----------
    events
        All events that came since, of any message.
    run
        The run's id.
    message_id
        What SendEmail answered for the canary.
    """
    own = [event for event in events if event.message_id == message_id]
    if not own:
        return (
            "no event of the canary came with its tags: check the configuration set's event "
            "destination, the rule on EventBridge's default bus, and that tags are returned"
        )
    wrong = [event for event in own if (event.run, event.recipient) != (run, CANARY)]
    if wrong:
        return (
            f"an event of the canary ({wrong[0].kind}) lacks its tags: events could not be "
            "matched to recipients. Check that the messages' tags reach the configuration set"
        )
    return ""
