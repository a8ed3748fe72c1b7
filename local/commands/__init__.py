"""The commands of ``python -m local``, a module each."""
