"""Meetings: the rooms in which webinars are held, on whatever platform a society pays for.

A society's administrators enter its accounts; their credentials are sealed and never shown again. A
meeting is made for a session by a job, follows the session's hour, and is ended with it. Learners
come in by links of their own, which note the click and prove nothing; who was there is told by the
platform.
"""
