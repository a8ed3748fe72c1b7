"""From a document to MJML and plain text, and from MJML to HTML."""
