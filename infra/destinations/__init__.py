"""What each destination inside AWS needs: its settings, grants and transport options."""
