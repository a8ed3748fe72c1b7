"""How fast and how lean Prepare is, measured against plain tools on this machine."""
