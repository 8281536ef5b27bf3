"""Issuing and typesetting."""
