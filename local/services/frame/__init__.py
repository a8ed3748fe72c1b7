"""What all stand-ins share: serving, models, faults and limits."""
