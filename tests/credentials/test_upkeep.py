"""Who looks after the platform has a sheet set again, and decides about no document."""

from __future__ import annotations

from app.clock import now


def test_the_platform_administrator_has_a_sheet_tried_again(
    browser, session, pia, anas_certificate
):
    anas_certificate.failed_at, anas_certificate.last_error = now(), "The press was missing."
    session.commit()
    browser.sign_in(pia).visit(f"/desk/credentials/{anas_certificate.serial}")
    browser.submit("/attempt")

    session.expire_all()
    assert not anas_certificate.has_failed
    browser.visit(f"/desk/credentials/{anas_certificate.serial}/revocation", status=403)


def test_control_an_auditor_has_nothing_tried_again(browser, session, otto, anas_certificate):
    anas_certificate.failed_at, anas_certificate.last_error = now(), "The press was missing."
    session.commit()
    browser.sign_in(otto).post(f"/desk/credentials/{anas_certificate.serial}/attempt", status=403)

    session.expire_all()
    assert anas_certificate.has_failed
