"""The preference page as HTML: no script, no request to another place, and no address."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from tessera.campaigns.unsubscribing.decisions import FORM, WANTED, PreferencePage, PurposeChoice

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}"
    "label{display:block;margin:1rem 0;font-weight:600}input{width:1.25rem;height:1.25rem;"
    "margin-right:.5rem;vertical-align:middle}small{display:block;font-weight:400;color:#444}"
    "button{font:inherit;padding:.6rem 1.2rem;border:2px solid #1a1a1a;background:#1a1a1a;"
    "color:#fff;border-radius:.3rem}button:focus-visible,input:focus-visible{outline:3px solid "
    "#0b57d0;outline-offset:2px}[role=status]{padding:.75rem 1rem;background:#e6f4ea;"
    "border:1px solid #137333}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#121212}small{color:#bbb}"
    "button{background:#eee;color:#121212;border-color:#eee}[role=status]{background:#0f2a17;"
    "border-color:#81c995}}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
_PURPOSES = {
    "marketing": ("News and offers", "E-mails about products, offers and the shop."),
    "tracking": ("Measuring", "Whether you open our e-mails and what you click in them."),
}


def preference_page(page: PreferencePage) -> str:
    """Return the page of a link that we signed."""
    saved = (
        '<p role="status">Your choice is saved. It counts from now on.</p>' if page.saved else ""
    )
    choices = "".join(map(_choice, page.choices))
    return _document(
        "Your e-mail preferences",
        f"{saved}<p>Choose what you want to get from us. You need no account.</p>"
        f'<form method="post"><input type="hidden" name="{FORM}" value="1">{choices}'
        '<button type="submit">Save</button></form>',
    )


def unknown_page() -> str:
    """Return the page of a link that we did not sign."""
    return _document(
        "This link is not complete",
        "<p>Open the link in the e-mail again, or copy all of it. Answering the e-mail works as "
        "well.</p>",
    )


def _choice(choice: PurposeChoice) -> str:
    name, about = _PURPOSES.get(choice.purpose, (choice.purpose, ""))
    checked = " checked" if choice.wanted else ""
    return (
        f'<label><input type="checkbox" name="{WANTED}" value="{escape(choice.purpose)}"{checked}>'
        f"{escape(name)}<small>{escape(about)}</small></label>"
    )


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
