"""What a file says of itself, read without any trust in it.

Nothing here knows the register: it runs in a process of its own (`child.py`), with a lid on time
and memory, and answers plain facts. Whether they are good is judged elsewhere.
"""
