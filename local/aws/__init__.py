"""AWS on a laptop: moto's server, plus the parts that make jobs, functions and events really run.

Start with ``server.EmbeddedAws``. Nothing outside ``local`` knows that this exists.
"""
