"""``tessera sql``: the star schema over the runs that a state has."""
