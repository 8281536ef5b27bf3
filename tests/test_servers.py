"""The throw-away servers do what the tests that stand on them rely on."""

import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests.servers import PostgreSQL, PostOffice


def test_postgresql_gives_an_empty_database(postgresql: PostgreSQL):
    with psycopg.connect(postgresql.database("empty")) as connection:
        connection.execute("create table lessons (id int primary key)")
        connection.execute("insert into lessons values (1)")
        assert connection.execute("select count(*) from lessons").fetchone() == (1,)
    postgresql.drop("empty")


def test_a_database_made_again_is_empty_again(postgresql: PostgreSQL):
    for _round in range(2):
        with psycopg.connect(postgresql.database("fresh")) as connection:
            connection.execute("create table once (id int)")
    postgresql.drop("fresh")


def test_a_template_is_prepared_once_and_copied(postgresql: PostgreSQL):
    prepared = []

    def prepare(url: str) -> None:
        prepared.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("create table schemes (id int)")

    for _round in range(2):
        copy = postgresql.database("copied", template=postgresql.template("schemes", prepare))
        with psycopg.connect(copy) as connection:
            assert connection.execute("select count(*) from schemes").fetchone() == (0,)
    assert len(prepared) <= 1
    postgresql.drop("copied")


@pytest.mark.parametrize("number", [1, 2])
def test_redis_keeps_what_it_is_given(redis_url: str, number: int):
    with redis.Redis.from_url(redis_url) as client:
        client.set(f"job {number}", "waiting")
        assert client.get(f"job {number}") == b"waiting"


def test_a_message_arrives_with_its_envelope(smtp: PostOffice):
    _send(smtp, "Your diploma is ready")

    assert [message["Subject"] for message in smtp.to("ana@example.org")] == [
        "Your diploma is ready"
    ]
    assert smtp.to("ben@example.org") == []


def test_each_test_finds_the_post_office_empty(smtp: PostOffice):
    assert smtp.messages == []


def test_a_refusal_reaches_the_sender(smtp: PostOffice):
    smtp.refusal = "451 try later"

    with pytest.raises(smtplib.SMTPDataError, match="try later"):
        _send(smtp, "Your diploma is ready")

    assert smtp.messages == []


def _send(office: PostOffice, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "ana@example.org", subject
    message.set_content("Dear Ana – good news.")
    parts = urlsplit(office.url)
    with smtplib.SMTP(parts.hostname or "", parts.port or 25) as client:
        client.send_message(message)
