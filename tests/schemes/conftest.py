"""What the tests of schemes stand on."""

from tests.schemes.stage import edition, past_webinar, scheme

__all__ = ["edition", "past_webinar", "scheme"]
