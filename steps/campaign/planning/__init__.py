"""Plan a run from what a tenant has: profiles, addresses, consent, and what people got before."""
