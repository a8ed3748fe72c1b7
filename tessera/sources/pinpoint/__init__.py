"""Exports of Amazon Pinpoint, for those who migrate."""
