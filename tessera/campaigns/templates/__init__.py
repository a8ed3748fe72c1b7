"""E-mail templates: blocks and a brand kit become MJML, HTML and a plain text."""
