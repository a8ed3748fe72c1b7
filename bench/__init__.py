"""How fast and how lean Tessera is, measured beside plain tools and peers on this machine."""
