"""Who was there, and for how long.

Presence is the union of the intervals that a provider's report names for a person, clipped to the
session. A report is read, matched with the enrolled, resolved by hand where it leaves doubt, and
confirmed by the course administrator; only then does it count.
"""
