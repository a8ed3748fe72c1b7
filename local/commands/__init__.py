"""The commands of ``tessera``, a module each."""
