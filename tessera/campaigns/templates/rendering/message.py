"""One recipient's subject, HTML and plain text."""

from __future__ import annotations

import dataclasses
import re
from html import escape

from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.compiling.html import to_html
from tessera.campaigns.templates.compiling.source import compile_document
from tessera.campaigns.templates.document import TemplateDocument
from tessera.campaigns.templates.rendering.environment import (
    LimitedEnvironment,
    html_environment,
    text_environment,
)
from tessera.campaigns.templates.rendering.variables import MessageVariables
from tessera.errors import InvalidInput

MOST_HTML_BYTES = 90_000  # Gmail hides what is behind about 102 kB, links of a tracker included
_LINE_BREAK = re.compile(r"[\r\n]")
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Message:
    """A mail for one recipient, without its headers."""

    subject: str
    html: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageTemplate:
    """A compiled template, ready to be rendered for anybody.

    Parameters
    ----------
    subject, html, text
        Parsed Liquid.
    html_source
        The HTML with its Liquid, to export.
    """

    subject: BoundTemplate
    html: BoundTemplate
    text: BoundTemplate
    html_source: str

    def render(self, variables: MessageVariables) -> Message:
        """Return one recipient's message.

        Raises
        ------
        InvalidInput
            A value makes a link unsafe, breaks the subject into lines, or the message is too
            large or has no link to unsubscribe.
        """
        message = self.fill(variables)
        check_message(message, unsubscribe_url=variables.unsubscribe_url)
        return message

    def fill(self, variables: MessageVariables) -> Message:
        """Return one recipient's message, whatever its size and subject.

        Raises
        ------
        InvalidInput
            A value makes a link unsafe, or a limit is passed.
        """
        values = variables.as_liquid()
        text = _rendered(self.text, values, part="text")
        return Message(
            subject=_rendered(self.subject, values, part="subject").strip(),
            html=_rendered(self.html, values, part="HTML"),
            text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        )


def message_template(document: TemplateDocument, brand: BrandKit) -> MessageTemplate:
    """Return a compiled template. Do it once for each version, not for each recipient.

    Raises
    ------
    InvalidInput
        The document cannot be compiled, or its Liquid cannot be parsed.
    """
    source = compile_document(document, brand)
    html = to_html(source.mjml)
    return MessageTemplate(
        subject=_parsed(source.subject, text_environment(), part="subject"),
        html=_parsed(html, html_environment(), part="HTML"),
        text=_parsed(source.text, text_environment(), part="text"),
        html_source=html,
    )


def _parsed(source: str, environment: LimitedEnvironment, *, part: str) -> BoundTemplate:
    try:
        return environment.from_string(source)
    except LiquidError as error:
        raise InvalidInput(f"the template's {part} has wrong Liquid: {first_line(error)}") from None


def _rendered(template: BoundTemplate, values: dict[str, object], *, part: str) -> str:
    try:
        return str(template.render(values))
    except (LiquidError, InvalidInput) as error:
        reason = first_line(error)
        raise InvalidInput(f"the message's {part} cannot be rendered: {reason}") from None


def first_line(error: Exception) -> str:
    """Return an error in one line: python-liquid draws the place below it."""
    return str(error).partition("\n")[0]


def check_message(message: Message, *, unsubscribe_url: str) -> None:
    """Refuse a message that must not be sent.

    Raises
    ------
    InvalidInput
        Its subject is empty or has a line break, it is too large, or it has no link to unsubscribe.
    """
    if _LINE_BREAK.search(message.subject):
        raise InvalidInput(f"the subject has a line break: {message.subject!r}. Remove it")
    if not message.subject:
        raise InvalidInput("the subject is empty. Give its variables a default")
    if (
        f'href="{escape(unsubscribe_url)}"' not in message.html
        or unsubscribe_url not in message.text
    ):
        raise InvalidInput("the message has no link to unsubscribe: add a footer to the template")
    if (size := len(message.html.encode())) > MOST_HTML_BYTES:
        raise InvalidInput(
            f"the message has {size:,} bytes of HTML, more than {MOST_HTML_BYTES:,}. Gmail would "
            "hide its end: shorten it"
        )
