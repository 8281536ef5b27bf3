"""The ground holds: people sign in, acts are durable, pages are healthy."""

from sqlalchemy import select

from app.accounts.models import Person
from app.locale import markdown


def test_a_person_is_found_by_a_confirmed_address(session, ana):
    assert session.scalars(Person.with_address("ANA@clinic.example ")).one() is ana
    assert session.scalars(select(Person)).all() == [ana]


def test_the_cast_starts_anew_in_every_test(session):
    assert session.scalars(select(Person)).all() == []


def test_the_headings_of_a_text_stand_below_those_of_its_page():
    html = markdown("# One\n\n## Two\n\n#### Four\n\n```\n# a comment\n```\n")
    assert "<h3>One</h3>" in html
    assert "<h3>Two</h3>" in html
    assert "<h4>Four</h4>" in html
    assert "# a comment" in html


def test_a_text_carries_no_script_and_no_strange_address():
    html = markdown(
        "<script>alert(1)</script> [x](javascript:alert(1)) ![y](http://z.example/a.png)"
    )
    assert "<script" not in html
    assert "javascript:" not in html.replace("[x](javascript:alert(1))", "")
    assert "<img" not in html
