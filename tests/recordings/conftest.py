"""Recordings may lie on a meeting platform."""

from tests.meetings.conftest import bbb, bbb_account, bbb_server, here

__all__ = ["bbb", "bbb_account", "bbb_server", "here"]
