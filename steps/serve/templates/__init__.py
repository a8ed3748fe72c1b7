"""E-mail templates and the brand kit: drafts, copies, published versions and previews."""
