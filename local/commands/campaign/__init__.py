"""``tessera campaign``: campaigns through the API of a console that runs."""
