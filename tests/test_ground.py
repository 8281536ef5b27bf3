"""The ground holds: people sign in, acts are durable, pages are healthy."""

from sqlalchemy import select

from app.accounts.models import Person


def test_a_person_is_found_by_a_confirmed_address(session, ana):
    assert session.scalars(Person.with_address("ANA@clinic.example ")).one() is ana
    assert session.scalars(select(Person)).all() == [ana]


def test_the_cast_starts_anew_in_every_test(session):
    assert session.scalars(select(Person)).all() == []
