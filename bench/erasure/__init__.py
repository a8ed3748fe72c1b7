"""Erasure measured: a large shop rewritten, and a process that is killed again and again."""
