"""Advertising audiences: who may be a member, and how a platform is updated."""
