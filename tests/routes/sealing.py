"""The addresses of the seals' room and whom they are open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/desk/seals", Audience.OFFICER),
    ("GET", "/desk/seals/<code>/requests.zip", Audience.OFFICER),
    ("GET", "/desk/seals/<code>/<serial>.tbs", Audience.OFFICER),
    ("GET", "/desk/seals/<code>/<serial>.pdf", Audience.OFFICER),
    ("POST", "/desk/seals/<code>/signatures", Audience.OFFICER),
]
