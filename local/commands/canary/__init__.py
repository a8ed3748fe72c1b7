"""The canary: a tiny upload that must pass through the whole system after each deployment."""
