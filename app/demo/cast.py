"""Learners with a part of their own, by their number in people.csv; everybody else is the crowd."""

from __future__ import annotations

RELEASED = (1, 14, 16)
"""Holders of the joint diploma, their names in Latin, Arabic and Japanese script."""
WITHDRAWN = (12,)
"""Held a diploma that was withdrawn."""
AWAITING = (4, 10, 18)
"""On the list that waits for its second key."""
DRAWN_UP = (8, 19)
"""On the list that is being drawn up."""
APPLIED = (20, 13)
"""Applied, and on no list yet."""
MAY_APPLY = (24,)
"""Meets everything and has not applied."""
CORRECTED = (30,)
"""Has had the name on a certificate corrected."""
HALFWAY = (9,)
"""Has done the first lesson of the course."""

GRADUATES = (*RELEASED, *WITHDRAWN, *AWAITING, *DRAWN_UP, *APPLIED, *MAY_APPLY, *CORRECTED)
REGULARS = (*GRADUATES, *HALFWAY)
"""They come to the webinars of SIIM and stay to the end."""
