"""The pages of officers: a seal in one minute, its life, and what a report leads to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.outbox.models import Message
from app.signing_keys import asking, certificates, confirming, doubts, making, queries, throwaway
from app.signing_keys.doubts import Signed
from app.signing_keys.models import Keeping, Purpose, SigningKey
from app.signing_keys.signing import signer, verify
from tests.cast import NOON
from tests.meetings.servers import Server, Told
from tests.signing_keys.conftest import as_pem, chain_for


def keys_of(session, society):
    session.expire_all()
    return queries.ever(session, society_id=society.id)


def test_an_awarding_society_without_a_seal_is_led_to_make_one(
    browser, session, societies, scheme, erik
):
    session.commit()
    browser.sign_in(erik)

    desk = browser.visit("/desk")
    assert "EuSoMII has no seal in force: make it in a minute" in desk.text
    assert "/desk/keys/new/eusomii" in desk.links
    browser.visit("/desk/keys/new/eusomii")
    browser.submit()

    seal, proof = keys_of(session, societies.eusomii)
    assert (seal.purpose, proof.purpose) == ("seal", "proof")
    assert seal.made_by == erik and verify(seal, b"x", signer(seal).sign(b"x"))
    assert "no seal in force" not in browser.visit("/desk").text


def test_a_society_that_awards_nothing_is_not_asked_for_a_seal(browser, session, scheme, fay):
    session.commit()
    assert "no seal in force" not in browser.sign_in(fay).visit("/desk").text


def test_the_page_of_a_key_says_who_vouches_and_shows_its_fingerprint(
    browser, session, seal, authority, fay
):
    asking.take_in_chain(session, seal, chain_for(session, seal, authority), by=None, at=NOON)
    session.commit()

    shown = browser.sign_in(fay).visit(f"/desk/keys/{seal.id}")

    assert seal.fingerprint.replace(" ", "") in shown.text.replace(" ", "")
    assert "Trust Services of the Netherlands" in shown.text
    assert "efrs-1" in browser.visit("/desk/keys").text
    assert "PRIVATE" not in shown.html


def test_a_certificate_is_asked_for_and_entered(browser, session, seal, authority, fay):
    browser.sign_in(fay).visit(f"/desk/keys/{seal.id}/request.pem", status=404)
    browser.post(f"/desk/keys/{seal.id}/request")
    asked = browser.visit(f"/desk/keys/{seal.id}/request.pem").response.get_data()
    assert asked.startswith(b"-----BEGIN CERTIFICATE REQUEST")

    from cryptography import x509

    own = authority.certify(x509.load_pem_x509_csr(asked))
    browser.visit(f"/desk/keys/{seal.id}/certificates")
    browser.submit(file=(as_pem(own, authority.certificate), "chain.pem"))

    session.expire_all()
    assert not seal.is_self_made
    chain = browser.visit(f"/desk/keys/{seal.id}/certificates.pem").response.get_data(as_text=True)
    assert chain == seal.certificates == certificates.pem([own, authority.certificate])


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"a letter", "no certificate in this file"), (b"", "choose the file"),
     (b"x" * 200_000, "too large")],
)  # fmt: skip
def test_a_file_that_is_no_certificate_is_told_at_the_field(
    browser, session, seal, fay, content, says
):
    browser.sign_in(fay).visit(f"/desk/keys/{seal.id}/certificates")
    sent = {"file": (content, "chain.pem")} if content else {}

    answer = browser.submit(**sent, status=422)

    assert says in answer.text


def test_a_certificate_for_another_key_is_told_at_the_field_and_changes_nothing(
    browser, session, seal, fay
):
    made = throwaway.signer("EFRS", under=throwaway.authority())
    before = seal.certificates
    browser.sign_in(fay).visit(f"/desk/keys/{seal.id}/certificates")

    answer = browser.submit(file=(made.certificates[0], "own.der"), status=422)

    assert "None of these certificates is for this key" in answer.text
    session.expire_all()
    assert seal.certificates == before


def test_a_seal_of_ones_own_is_used_by_its_certificate(browser, session, societies, seal, fay):
    from cryptography import x509

    made = throwaway.signer("EFRS", under=throwaway.authority("Qualified Seals"))
    chain = as_pem(*(x509.load_der_x509_certificate(one) for one in made.certificates))

    browser.sign_in(fay).visit("/desk/keys/new/efrs/elsewhere")
    browser.submit(file=(chain, "chain.pem"))

    *_, own = keys_of(session, societies.efrs)
    assert own.keeping is Keeping.DEFERRED and own.in_force_at is not None
    assert seal.retirement is not None


def test_a_seal_is_made_in_the_token_of_the_office(browser, session, societies, with_token, fay):
    page = browser.sign_in(fay).visit("/desk/keys/new/efrs/token")
    assert "office seal" in page.text
    browser.submit(token="office seal")

    made = keys_of(session, societies.efrs)[0]
    assert made.keeping is Keeping.TOKEN and verify(made, b"x", signer(made).sign(b"x"))


def test_without_a_token_no_page_offers_one(browser, session, societies, fay):
    session.commit()
    assert "In your token" not in browser.sign_in(fay).visit("/desk/keys/new/efrs").text


def test_a_seal_that_waits_is_put_in_force_with_one_press(browser, session, societies, seal, fay):
    browser.sign_in(fay).visit("/desk/keys/new/efrs")
    browser.submit(starts="later")
    new = keys_of(session, societies.efrs)[-1]
    assert new.in_force_at is None

    browser.visit(f"/desk/keys/{new.id}")
    browser.submit(f"/desk/keys/{new.id}/force")

    session.expire_all()
    assert new.in_force_at is not None and seal.retirement is not None
    assert "Retired" in browser.visit(f"/desk/keys/{seal.id}").text


def test_a_key_is_retired_with_a_reason(browser, session, seal, fay):
    browser.sign_in(fay).visit(f"/desk/keys/{seal.id}/retirement")
    assert "Please give the reason" in browser.submit(status=422).text
    browser.visit(f"/desk/keys/{seal.id}/retirement")
    browser.submit(reason="A new president.")

    session.expire_all()
    assert seal.retirement is not None and seal.retirement.by == fay


def test_a_report_stops_the_key_lists_what_is_in_doubt_and_tells_everybody_concerned(
    browser, session, seal, fay, pia, monkeypatch
):
    signed = [
        Signed("7AAA-BBBB", "Diploma in doubt", NOON),
        Signed("7CCC-DDDD", "Diploma with a stamp", NOON, NOON),
    ]
    monkeypatch.setattr(doubts, "SIGNED", [lambda _session, _key: signed])
    session.commit()

    page = browser.sign_in(fay).visit(f"/desk/keys/{seal.id}/compromise")
    assert "This key has signed 2 documents." in page.text
    assert "lies in the future" in browser.submit(
        since="2199-01-01T00:00", reason="?", status=422
    ).text  # fmt: skip
    browser.visit(f"/desk/keys/{seal.id}/compromise")
    assert "older than any key" in browser.submit(
        since="0001-01-01T00:00", reason="?", status=422
    ).text  # fmt: skip
    browser.visit(f"/desk/keys/{seal.id}/compromise")
    browser.submit(since="2026-09-02T08:30", reason="The laptop was stolen.")

    session.expire_all()
    assert seal.compromise is not None
    assert seal.compromise.since.isoformat() == "2026-09-02T06:30:00+00:00"  # in Fay's zone
    shown = browser.visit(f"/desk/keys/{seal.id}")
    assert "1 document is in doubt" in shown.text
    assert "7AAA-BBBB" in shown.text and "7CCC-DDDD" not in shown.text
    assert "Make a new seal" in shown.text
    letters = session.scalars(select(Message).where(Message.kind == "signing_keys/reported")).all()
    assert {one.person_id for one in letters} == {fay.id, pia.id}
    assert all("The laptop was stolen." in one.plain for one in letters)


def test_the_next_key_for_credentials_takes_over_even_after_a_report(
    browser, session, societies, seal, proof, fay
):
    browser.sign_in(fay).visit(f"/desk/keys/{proof.id}/compromise")
    browser.submit(since="2026-09-02T08:30", reason="A copy was found.")
    browser.visit(f"/desk/keys/{proof.id}")
    browser.submit(f"/desk/keys/{proof.id}/succession")

    new = keys_of(session, societies.efrs)[-1]
    assert new.purpose is Purpose.PROOF and new.in_force_at is not None
    assert new.name == "efrs-2" and proof.retirement is None


def test_administrators_of_the_platform_act_on_its_own_key_and_officers_do_not(
    browser, another_browser, session, seal, fay, pia
):
    log = making.make_local(session, purpose=Purpose.LOG, by=None, at=NOON)
    session.commit()

    assert "Put a new key in its place" not in (
        another_browser.sign_in(fay).visit(f"/desk/keys/{log.id}").text
    )
    another_browser.post(f"/desk/keys/{log.id}/succession", status=404)
    browser.sign_in(pia).post(f"/desk/keys/{log.id}/succession")
    browser.post(f"/desk/keys/{seal.id}/request", status=404)

    names = session.scalars(select(SigningKey.name).where(SigningKey.purpose == "log")).all()
    assert sorted(names) == ["confer-1", "confer-2"]


class Website(Server):
    """The society's own site."""

    document: str = "{}"

    def answer(self, asked):
        if asked.path != confirming.PATH:
            return Told(404, {})
        return Told(200, self.document)


def test_the_platform_looks_at_the_societys_website_and_notes_what_it_found(
    browser, session, stage, societies, seal, fay
):
    settings = stage.config["SETTINGS"]
    stage.config["SETTINGS"] = replace(settings, calls_anywhere=True)
    try:
        with Website().running() as site:
            societies.efrs.website = site.url
            session.commit()
            browser.sign_in(fay)
            site.document = {"id": "did:web:x"}
            no = browser.post(f"/desk/keys/{seal.id}/confirmation", status=409)
            assert "does not show the key efrs-1" in no.text
            import json

            published = confirming.to_publish(societies.efrs, [seal])
            site.document = json.loads(published)
            browser.post(f"/desk/keys/{seal.id}/confirmation")
            shown = browser.visit(f"/desk/keys/{seal.id}").text
            assert f"Confirmed on {site.url}{confirming.PATH}" in shown
    finally:
        stage.config["SETTINGS"] = settings
    session.expire_all()
    assert [one.by for one in seal.confirmations] == [fay]


def test_a_website_in_our_own_network_is_not_called(browser, session, societies, seal, fay):
    societies.efrs.website = "https://127.0.0.1:8000"
    session.commit()

    answer = browser.sign_in(fay).post(f"/desk/keys/{seal.id}/confirmation", status=409)

    assert "private network" in answer.text
