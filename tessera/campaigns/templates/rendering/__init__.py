"""A message for one recipient: Liquid filled with the profile's fields."""
