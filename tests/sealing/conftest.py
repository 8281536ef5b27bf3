"""Documents, keys and authorities of these tests; every key is made here and thrown away."""

from __future__ import annotations
