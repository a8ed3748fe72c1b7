"""``tessera tenant``: the shops that one stage serves."""
