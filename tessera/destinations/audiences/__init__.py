"""Advertising audiences: who may be in one, and how a platform is updated."""
