"""What each destination inside AWS needs: its grants, and what the functions are told of it."""
