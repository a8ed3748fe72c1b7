"""What the console's page may load and call, on AWS and on a laptop."""

from __future__ import annotations

# Nothing from other origins. The components set styles in the page. The editor of templates makes
# HTML in WebAssembly.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def page_policy(*calls: str) -> str:
    """Return the value of the header ``Content-Security-Policy``.

    Parameters
    ----------
    calls
        The other origins that the page calls: where it signs in, and where it sends uploads.
    """
    policy = _POLICY | {"connect-src": " ".join((_POLICY["connect-src"], *calls))}
    return "; ".join(f"{name} {value}" for name, value in policy.items())
