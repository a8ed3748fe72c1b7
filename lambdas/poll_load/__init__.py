"""The PollLoad state's function."""
