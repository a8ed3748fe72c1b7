"""A test of a template is one mail, to an address that may get one, with a subject that says so."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.campaign.sending.trial import RUN, send_trial, trial_definition, trial_recipient
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.campaigns.sending.ports import NotAccepted, OutgoingMessage
from tessera.campaigns.sending.refusals import MailRefusal, RefusalKind
from tessera.errors import InvalidInput
from tests.campaigns.fakes import FakeMailer, Script, hexes

DAY = dt.date(2026, 12, 1)
FIELDS = {"segment": "Lost", "country": "DE", "first_name": "Ann", "monetary": "40.00"}


@dataclasses.dataclass
class Wanted:
    reason: str = ""

    def why_not(self, recipient) -> str:
        return self.reason


class Composer:
    def __init__(self, error=None):
        self.error = error

    def compose(self, recipient) -> OutgoingMessage:
        if self.error:
            raise self.error
        return OutgoingMessage(
            to=recipient.address, subject="News", html="", text="", headers={},
            tags={"recipient": recipient.recipient},
        )  # fmt: skip


def someone():
    return trial_recipient(
        "Ann@Shop.example", fields=FIELDS, key_of=lambda address: hexes(len(address))
    )


def send(mailer, *, wanted=None, composer=None):
    return send_trial(
        someone(), wanted=wanted or Wanted(), composer=composer or Composer(), mailer=mailer
    )


def test_the_recipient_has_the_values_that_the_template_shows():
    recipient = someone()
    assert (recipient.address, recipient.customer_key) == ("Ann@Shop.example", "")
    assert (recipient.segment, recipient.country, recipient.churn_band) == ("Lost", "DE", "")
    assert recipient.fields == {"first_name": "Ann", "monetary": "40.00"}


def test_the_key_is_that_of_the_address_in_small_letters():
    keyed = []
    trial_recipient("Ann@Shop.example", fields={}, key_of=lambda one: keyed.append(one) or "0")
    assert keyed == ["ann@shop.example"]


def test_what_sends_a_run_can_send_a_test():
    definition = trial_definition(TemplateChoice(id="welcome", version=3), today=DAY)
    [variant] = definition.variants
    assert (variant.name, variant.template.version) == (someone().variant, 3)
    assert RUN.startswith(definition.id)


def test_a_test_is_sent_once_and_its_subject_says_what_it_is():
    mailer = FakeMailer()
    result = send(mailer)
    assert (result.message_id, result.problem) == ("m-1", "")
    assert [one.subject for one in mailer.inbox] == ["[Test] News"]


def test_an_address_that_opted_out_gets_none():
    mailer = FakeMailer()
    result = send(mailer, wanted=Wanted("unsubscribed"))
    assert result.problem == "Nothing may be sent to this address: unsubscribed."
    assert (result.message_id, mailer.inbox) == ("", [])


@pytest.mark.parametrize(
    ("mailer", "composer", "problem"),
    [
        (FakeMailer(), Composer(InvalidInput("no link to unsubscribe")), "cannot be rendered"),
        (
            FakeMailer(
                Script({"before accept": [NotAccepted(MailRefusal(RefusalKind.STOP, "paused"))]})
            ),
            Composer(),
            "did not take it: paused",
        ),
    ],
)
def test_what_is_not_sent_has_a_reason(mailer, composer, problem):
    result = send(mailer, composer=composer)
    assert problem in result.problem
    assert (result.message_id, mailer.inbox) == ("", [])
