"""Mail servers as they are: encrypted, with a password, impatient; and many letters at once."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import func, select

from app import doctor, mail
from app.clock import now
from app.jobs import run_all
from app.outbox import jobs
from app.outbox.models import Delivery, Message, post, take
from tests.servers import PostOffice, free_port


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of its own making, as relays in a hospital have."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begin = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Office(PostOffice):
    """A mail server that notes who came in, and how."""

    def __init__(self) -> None:
        super().__init__()
        self.connections: list[object] = []
        self.encrypted: list[bool] = []
        self.passwords: list[bytes] = []
        self.most = 10_000
        self.taken = 0

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        self.taken = 0
        self.connections.append(session)
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server, session, envelope):
        if self.taken >= self.most:
            server.transport.write(b"421 that is enough\r\n")
            server.transport.close()
            return "421 that is enough"
        self.taken += 1
        self.encrypted.append(session.ssl is not None)
        return await super().handle_DATA(server, session, envelope)

    def knows(self, _server, _session, _envelope, _mechanism, login) -> AuthResult:
        self.passwords.append(login.password)
        return AuthResult(success=True)


@pytest.fixture
def opened(stage: Flask) -> Iterator[Callable[..., Office]]:
    """Opens a mail server and sets it as this platform's."""
    settings = stage.config["SETTINGS"]
    running: list[Controller] = []

    def open_one(login: str = "", scheme: str = "smtp", **how: object) -> Office:
        office = Office()
        port = free_port()
        if login:
            how["authenticator"] = office.knows
        controller = Controller(office, hostname="127.0.0.1", port=port, **how)
        controller.start()
        running.append(controller)
        office.url = f"{scheme}://{login}localhost:{port}"
        stage.config["SETTINGS"] = replace(settings, smtp_url=office.url)
        return office

    yield open_one
    stage.config["SETTINGS"] = settings
    for controller in running:
        controller.stop()


def encrypted(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def work(session):
    session.commit()
    run_all()
    session.expire_all()


def said_by_the_doctor(stage: Flask) -> doctor.Finding:
    with stage.app_context():
        return next(f for f in doctor.examine() if f.check in {"mail", "_mail"})


def test_a_server_that_offers_encryption_is_spoken_to_under_it(
    opened, certificate, write, session, stage
):
    office = opened(tls_context=encrypted(certificate), require_starttls=True)
    message = write()
    work(session)

    assert message.last_error is None
    assert office.encrypted == [True]
    assert said_by_the_doctor(stage).level == "good"


def test_a_server_without_encryption_is_spoken_to_in_the_open(opened, write, session, stage):
    office = opened()
    write()
    work(session)

    assert office.encrypted == [False]
    assert said_by_the_doctor(stage).level == "good"


def test_a_password_goes_only_to_a_server_whose_certificate_is_known(
    opened, certificate, write, session, stage, monkeypatch
):
    office = opened("confer:secret@", tls_context=encrypted(certificate), require_starttls=True)
    message = write()
    work(session)

    assert "CERTIFICATE_VERIFY_FAILED" in message.last_error
    assert office.passwords == []
    assert said_by_the_doctor(stage).level == "bad"

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # now it is a known one
    message.next_at = now() - timedelta(seconds=1)
    work(session)
    assert office.passwords == [b"secret"]
    assert office.encrypted == [True]
    assert said_by_the_doctor(stage).level == "good"


def test_a_password_goes_to_no_other_machine_in_the_open(
    opened, write, session, stage, monkeypatch
):
    office = opened("confer:secret@", auth_require_tls=False)
    monkeypatch.setattr(mail, "is_loopback", lambda _address: False)
    message = write()
    work(session)
    assert "no encryption" in message.last_error
    assert office.passwords == []
    assert said_by_the_doctor(stage).level == "bad"

    monkeypatch.undo()  # on this machine nobody listens
    stage.config["SETTINGS"] = replace(stage.config["SETTINGS"], smtp_url=office.url)
    message.next_at = now() - timedelta(seconds=1)
    work(session)
    assert office.passwords == [b"secret"]


@pytest.mark.parametrize(
    ("address", "stays"),
    [("127.0.0.1", True), ("::1", True), ("fe80::1%eth0", False), ("10.0.0.7", False)],
)
def test_which_addresses_are_this_machines(address, stays):
    assert mail.is_loopback(address) is stays


def test_many_letters_go_over_one_connection(opened, write, session):
    office = opened()
    for _n in range(60):
        write()
    work(session)

    assert len(office.messages) == 60
    assert len(office.connections) == 1
    assert session.scalar(select(func.count()).select_from(Delivery)) == 60


def test_a_server_that_has_had_enough_of_a_connection_gets_another(opened, write, session):
    office = opened()
    office.most = 4
    for _n in range(10):
        write()
    work(session)

    assert len({m["Message-ID"] for m in office.messages}) == len(office.messages) == 10
    assert len(office.connections) == 3


def test_a_letter_that_is_refused_holds_up_no_other(opened, write, session):
    office = opened()
    first, bad, last = write("a@x.example"), write("b@ö@x.example"), write("c@x.example")
    work(session)

    assert {d.recipients[0] for d in office.deliveries} == {"a@x.example", "c@x.example"}
    assert first.delivery and last.delivery
    assert bad.last_error
    assert bad.waits


def test_a_server_out_of_reach_is_asked_once_for_a_whole_batch(opened, write, session, stage):
    settings = stage.config["SETTINGS"]
    stage.config["SETTINGS"] = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    messages = [write() for _n in range(8)]
    work(session)
    stage.config["SETTINGS"] = settings

    assert all("ConnectionRefusedError" in m.last_error for m in messages)
    assert [m.attempts for m in messages] == [1] * 8
    assert all(m.next_at > now() for m in messages)


def test_a_batch_that_takes_too_long_ends_before_others_may_take_it(
    opened, write, session, monkeypatch
):
    office = opened()
    messages = [write() for _n in range(3)]
    monkeypatch.setattr(jobs, "SECONDS", -1.0)
    session.commit()
    jobs.deliver(messages[0].id)
    session.expire_all()

    assert office.messages == []
    assert {m.last_error for m in messages} == {jobs.NOT_TRIED}
    assert all(m.waits for m in messages)


def test_a_letter_whose_worker_ended_is_taken_alone(write, session):
    """It may have been the cause: the others of its batch shall not share its fate."""
    suspect, fresh, refused = write(), write(), write()
    refused.attempts, refused.last_error = 3, "451 try later"
    suspect.attempts = 1
    session.commit()

    assert take(session, suspect.id, most=25, at=now()) == [suspect]
    assert take(session, fresh.id, most=25, at=now()) == [fresh, refused]


def test_two_take_different_letters(write, session):
    ids = [write().id for _n in range(4)]
    first = take(session, ids[0], most=2, at=now())
    second = take(session, ids[3], most=2, at=now())

    assert {m.id for m in first} | {m.id for m in second} == set(ids)
    assert take(session, ids[0], most=4, at=now()) == []


def test_what_another_worker_has_written_down_stays(opened, write, session):
    office = opened()
    message = write()
    batch = jobs._take(message.id)
    session.expire_all()
    message.deliver(at=now())  # another one was quicker
    session.commit()
    jobs._write_down([batch[0].id], {message.id: "too late"})
    session.expire_all()

    assert message.last_error is None
    assert session.scalar(select(func.count()).select_from(Delivery)) == 1
    assert office.messages == []


# ------------------------------------------------------------------ further headers

LINK = "https://confer.example/" + "a" * 120


def with_headers(session, **headers: str) -> Message:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    message = mail.compose(
        "accounts/reset", to="ana@clinic.example", subject="A letter", at=now(),
        headers=named, url="https://confer.example/x",
    )  # fmt: skip
    return post(session, message)


def test_further_headers_travel_and_a_long_address_in_one_piece(opened, session):
    office = opened()
    with_headers(
        session, List_Unsubscribe=f"<{LINK}>", List_Unsubscribe_Post="List-Unsubscribe=One-Click",
        Reply_To="eva@clinic.example",
    )  # fmt: skip
    work(session)

    (arrived,) = office.messages
    assert arrived["List-Unsubscribe"] == f"<{LINK}>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert arrived["Reply-To"] == "eva@clinic.example"


def test_a_long_address_is_written_on_one_line(session, stage):
    message = with_headers(session, List_Unsubscribe=f"<{LINK}>")

    assert f"\r\nList-Unsubscribe: <{LINK}>\r\n".encode() in mail.mime(message).as_bytes()


@pytest.mark.parametrize("end", ["\r\nBcc: all@evil.example", "\nX: y", "\x0bX: y", "\u2028X: y"])
@pytest.mark.parametrize("name", ["List_Unsubscribe", "Reply_To"])
def test_a_header_of_two_lines_is_refused(session, name, end):
    with pytest.raises(ValueError, match="one line"):
        with_headers(session, **{name: "eva@clinic.example" + end})
