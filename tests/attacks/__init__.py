"""Attacks that must fail, on the whole program; docs/security.md says which check stops each kind."""
