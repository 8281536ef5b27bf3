"""Accounts with platforms: sealed, tried, changed, retired; seen by their own society alone."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, select, text

from app.clock import now
from app.errors import Refusal
from app.journal.models import Entry
from app.meetings.accounts import PlatformAccount, sealed_texts
from app.meetings.making import ask
from app.sealed import CannotOpen, count, is_sealed_anew, unseal

SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"


def everything(session):
    """Every value of every table, as a thief would read them."""
    return "\n".join(
        str(tuple(row))
        for table in inspect(session.connection()).get_table_names()
        for row in session.execute(text(f'SELECT * FROM "{table}"'))
    )


def test_the_credentials_are_nowhere_in_the_database_but_sealed(session, bbb_account):
    assert bbb_account.secrets["secret"] == SECRET
    assert "BBB of the office" in everything(session)
    assert SECRET not in everything(session)
    assert bbb_account.secrets["hook"] not in everything(session)


def test_they_open_for_this_account_alone(session, bbb_account, zoom_account):
    (_text, mine), (_other, others) = sealed_texts(session)
    assert mine != others
    with pytest.raises(CannotOpen):
        unseal(bbb_account.sealed, others)
    assert count(session) == (2, 0)


def test_an_administrator_enters_an_account_and_never_sees_its_secret_again(
    here, browser, session, eva, bbb_server
):
    browser.sign_in(eva).visit("/desk/platforms")
    assert "No account yet" in browser.page.text
    browser.visit("/desk/platforms/new/bigbluebutton")
    page = browser.submit(name="BBB", address=bbb_server.address, secret=SECRET)
    assert "Nobody has tried it yet" in page.text
    page = browser.submit("/trial")
    assert "The connection works" in page.text
    account = session.scalars(select(PlatformAccount)).one()
    for url in ("", f"/{account.id}", f"/{account.id}/change"):
        assert SECRET not in browser.visit(f"/desk/platforms{url}").html
    assert bbb_server.times("getMeetings") == 1


def test_a_form_with_a_fault_does_not_send_the_secret_back(here, browser, eva, bbb_server):
    browser.sign_in(eva).visit("/desk/platforms/new/bigbluebutton")
    page = browser.submit(name="", address=bbb_server.address, secret=SECRET, status=422)
    assert "How do you call it?" in page.text
    assert SECRET not in page.html


def test_a_new_account_needs_its_secrets(here, browser, eva, zoom_at):
    browser.sign_in(eva).visit("/desk/platforms/new/zoom")
    page = browser.submit(name="Zoom", address=zoom_at.address, sign_in_address=zoom_at.url,
                          host="me", account_id="a", client_id="b", status=422)  # fmt: skip
    assert page.html.count("Say which.") >= 1


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/bigbluebutton/api", "http://bbb.example.org/bigbluebutton/api"]
)
def test_an_address_inside_our_own_network_is_refused(browser, session, eva, address):
    browser.sign_in(eva).visit("/desk/platforms/new/bigbluebutton")
    browser.submit(name="BBB", address=address, secret=SECRET, status=422)
    assert session.scalars(select(PlatformAccount)).all() == []


def test_a_connection_that_does_not_work_is_told_in_words(browser, session, eva, bbb_account,
                                                           bbb_server):  # fmt: skip
    bbb_server.secret = "changed there"
    browser.sign_in(eva).visit(f"/desk/platforms/{bbb_account.id}")
    page = browser.submit("/trial")
    assert "The connection does not work" in page.text
    assert "does not accept the shared secret" in page.text
    assert bbb_account.tried_well is False


def test_an_empty_secret_stays_as_it_is_and_a_new_one_replaces_it(browser, session, eva,
                                                                   zoom_account):  # fmt: skip
    browser.sign_in(eva).visit(f"/desk/platforms/{zoom_account.id}/change")
    browser.submit(name="Zoom, new name", client_secret="another")
    account = session.get_one(PlatformAccount, zoom_account.id)
    assert account.name == "Zoom, new name"
    assert account.secrets["client_secret"] == "another"
    assert account.secrets["account_id"] == "acc0unt"
    assert account.secrets["webhook_secret"] == "the-webhooks-secret"


@pytest.mark.parametrize("field", ["address", "sign_in_address"])
def test_secrets_do_not_follow_an_account_to_another_address(browser, session, eva, zoom_account,
                                                             zoom_at, field):  # fmt: skip
    """Who changes where an account leads could have them sent to a server of their own."""
    elsewhere = f"{zoom_at.url}/elsewhere"
    browser.sign_in(eva).visit(f"/desk/platforms/{zoom_account.id}/change")
    page = browser.submit(status=422, **{field: elsewhere})
    assert page.text.count("enter this anew") == 6, "above the form and at each of three fields"
    session.expire_all()
    assert getattr(zoom_account, field) != elsewhere
    with pytest.raises(Refusal, match="anew"):
        zoom_account.change(facts={field: elsewhere}, secrets={"client_secret": "c"}, by=eva,
                            at=now())  # fmt: skip
    session.rollback()

    browser.visit(f"/desk/platforms/{zoom_account.id}/change")
    browser.submit(account_id="a", client_id="b", client_secret="c", **{field: elsewhere})
    session.expire_all()
    assert getattr(zoom_account, field) == elsewhere
    assert zoom_account.secrets["client_secret"] == "c"


def test_every_act_is_in_the_journal_and_no_secret_is(browser, session, eva, zoom_account):
    browser.sign_in(eva).visit(f"/desk/platforms/{zoom_account.id}/change")
    browser.submit(client_secret="an0ther-s3cret")
    browser.submit("/trial")
    browser.visit(f"/desk/platforms/{zoom_account.id}")
    browser.submit("/retirement")
    acts = session.scalars(select(Entry).order_by(Entry.id)).all()
    told = [entry for entry in acts if entry.act.startswith("platform.")]
    assert [entry.act for entry in told] == [
        "platform.entered", "platform.changed", "platform.tried", "platform.retired",
    ]  # fmt: skip
    assert told[1].details["secrets_changed"] == ["client_secret"]
    assert not any("s3cret" in str(entry.details) for entry in acts)


def test_a_retired_account_has_no_credentials_any_longer(session, eva, bbb_account):
    bbb_account.retire(by=eva, at=now(), meetings_ahead=0)
    assert bbb_account.secrets == {}
    assert session.scalars(PlatformAccount.usable([bbb_account.society_id])).all() == []


def test_an_account_with_meetings_ahead_is_not_retired(session, webinar, eva, bbb_account):
    ask(session, webinar, webinar.sessions[0], bbb_account, by=eva, at=now())
    with pytest.raises(Refusal, match="Take them back first"):
        bbb_account.retire(by=eva, at=now(), meetings_ahead=1)


def test_the_accounts_of_a_society_are_there_for_its_administrators_alone(
    browser, sam, erik, ana, bbb_account
):
    for person, status in ((sam, 404), (erik, 403), (ana, 403)):
        browser.sign_in(person)
        for url in ("", "/change"):
            browser.visit(f"/desk/platforms/{bbb_account.id}{url}", status=status)
        for url in ("/trial", "/retirement"):
            browser.post(f"/desk/platforms/{bbb_account.id}{url}", status=status)
    assert "BBB of the office" not in browser.sign_in(sam).visit("/desk/platforms").text
    assert bbb_account.retired_at is None


def test_sealed_anew_they_open_with_the_new_key(here, session, bbb_account, ana_enrolled):
    from dataclasses import replace

    here.config["SETTINGS"] = replace(
        here.config["SETTINGS"], seal_keys=("a newer key for sealing 0123456789 abc",)
    )
    session.commit()
    result = here.test_cli_runner().invoke(args=["platforms", "reseal"])
    assert "1 of 1 accounts and 1 links" in result.output
    assert result.exit_code == 0
    session.expire_all()
    assert bbb_account.secrets["secret"] == SECRET
    session.commit()
    again = here.test_cli_runner().invoke(args=["platforms", "reseal"])
    assert "0 of 1" in again.output


def test_credentials_whose_key_is_lost_are_entered_anew(browser, session, eva, zoom_account):
    zoom_account.sealed, before = "s1.00000000.AAAA", zoom_account.hook_digest
    session.commit()
    browser.sign_in(eva).visit(f"/desk/platforms/{zoom_account.id}/change")
    page = browser.submit(client_secret="c", status=422)
    assert "cannot be read any longer" in page.text
    browser.submit(account_id="a", client_id="b", client_secret="c", webhook_secret="w")
    session.expire_all()
    assert zoom_account.missing == []
    assert zoom_account.secrets["webhook_secret"] == "w"
    hook = zoom_account.secrets["hook"]
    assert zoom_account.hook_digest != before
    assert session.scalars(PlatformAccount.called_at(hook)).one() is zoom_account


def test_what_no_key_opens_does_not_keep_the_rest_from_being_sealed_anew(
    here, session, bbb_account, zoom_account, ana_enrolled
):
    from dataclasses import replace

    here.config["SETTINGS"] = replace(
        here.config["SETTINGS"], seal_keys=("a newer key for sealing 0123456789 abc",)
    )
    bbb_account.sealed = "s1.00000000.AAAA"
    session.commit()
    result = here.test_cli_runner().invoke(args=["platforms", "reseal"])
    assert "1 of 2 accounts and 1 links" in result.output
    assert "1 open with no key" in result.output
    assert result.exit_code == 1
    session.expire_all()
    assert is_sealed_anew(zoom_account.sealed)
    assert bbb_account.sealed == "s1.00000000.AAAA"
