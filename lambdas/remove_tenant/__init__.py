"""RemoveTenant."""
