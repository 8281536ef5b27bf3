"""The credentials that strangers ask about."""

from tests.credentials.conftest import (  # noqa: F401
    anas_attendance,
    anas_certificate,
    anas_diploma,
    make_award,
    make_completion,
)
