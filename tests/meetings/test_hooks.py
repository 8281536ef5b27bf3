"""Callbacks: verified over the raw body, kept once, in any order; wrong ones leave nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.clock import now
from app.meetings import making
from app.meetings.models import Meeting, ProviderEvent
from app.meetings.queries import presence_rows, told_people

pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")


@pytest.fixture
def held(session, webinar, eva, work, ana_enrolled):
    def hold(account):
        meeting = making.ask(session, webinar, webinar.sessions[0], account, by=eva, at=now())
        session.commit()
        work()
        return session.get_one(Meeting, meeting.id)

    return hold


class Caller:
    """Zoom, as it calls us."""

    def __init__(self, browser, account):
        self.browser, self.secrets = browser, account.secrets
        self.url = f"/hooks/zoom/{self.secrets['hook']}"

    def tell(self, told, *, at=None, secret=None, url=None, status=204, raw=None):
        raw = json.dumps(told).encode() if raw is None else raw
        stamp = str(int((at or now()).timestamp()))
        key = (secret or self.secrets["webhook_secret"]).encode()
        made = hmac.new(key, f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
        self.browser.session.commit()
        answer = self.browser.client.post(
            url or self.url, data=raw, content_type="application/json",
            headers={"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={made}"},
        )  # fmt: skip
        self.browser.session.expire_all()
        assert answer.status_code == status, answer.get_data(as_text=True)[:300]
        return answer


@pytest.fixture
def zoom_calls(browser, zoom_account):
    return Caller(browser, zoom_account)


def says(meeting, event, moment, user="16778240", **person):
    field = {"joined": "join_time", "left": "leave_time"}[event]
    return {
        "event": f"meeting.participant_{event}", "event_ts": int(moment.timestamp() * 1000),
        "payload": {"account_id": "x", "object": {
            "id": meeting.external_id, "uuid": "4444AAA==",
            "participant": {"user_id": user, "user_name": "Ana L.", "email": "",
                            field: moment.strftime("%Y-%m-%dT%H:%M:%SZ"), **person},
        }},
    }  # fmt: skip


def events(session):
    return session.scalar(select(func.count()).select_from(ProviderEvent))


def test_zoom_hears_that_the_address_is_ours(zoom_calls):
    told = {"event": "endpoint.url_validation", "event_ts": 1, "payload": {"plainToken": "qgg8"}}
    answer = zoom_calls.tell(told, status=200).get_json()
    made = hmac.new(b"the-webhooks-secret", b"qgg8", hashlib.sha256).hexdigest()
    assert answer == {"plainToken": "qgg8", "encryptedToken": made}


def test_who_comes_and_goes_is_presence_whatever_comes_twice_or_late(
    session, webinar, ana_enrolled, zoom_account, zoom_calls, held
):
    from app.meetings.joining import take_seat
    from app.meetings.platform import Entrance

    meeting, start = held(zoom_account), webinar.sessions[0].starts_at
    take_seat(session, meeting, ana_enrolled, Entrance("https://zoom.example/w", "reg-1"), at=now())
    left = says(meeting, "left", start + timedelta(minutes=50), registrant_id="reg-1")
    came = says(meeting, "joined", start + timedelta(minutes=5), registrant_id="reg-1")
    for told in (left, came, left, came):
        zoom_calls.tell(told)
    assert events(session) == 2
    (row,) = presence_rows(session, webinar)
    assert row.enrolment_id == ana_enrolled.id
    assert row.left_at - row.joined_at == timedelta(minutes=45)
    assert told_people(session, webinar) == 1


def test_a_wrong_signature_gets_no_detail_and_leaves_no_trace(session, zoom_account, zoom_calls,
                                                               held, webinar, caplog):  # fmt: skip
    told = says(held(zoom_account), "joined", webinar.sessions[0].starts_at)
    caplog.set_level(logging.WARNING)
    answer = zoom_calls.tell(told, secret="guessed", status=403)
    assert answer.get_data() == b""
    assert events(session) == 0
    assert "was not signed" in caplog.text
    assert zoom_calls.secrets["hook"] not in caplog.text


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_call_is_refused(session, zoom_account, zoom_calls, held, webinar, minutes):
    told = says(held(zoom_account), "joined", webinar.sessions[0].starts_at)
    zoom_calls.tell(told, at=now() + timedelta(minutes=minutes), status=403)
    zoom_calls.tell(told, at=now() + timedelta(minutes=minutes * 0.8))
    assert events(session) == 1


def test_an_address_that_was_never_given_is_refused(zoom_calls, bbb_account):
    zoom_calls.tell({}, url="/hooks/zoom/" + "A" * 43, status=403)
    zoom_calls.tell({}, url=f"/hooks/zoom/{bbb_account.secrets['hook']}", status=403)


def test_a_retired_account_hears_nothing(session, eva, zoom_account, zoom_calls):
    zoom_account.retire(by=eva, at=now(), meetings_ahead=0)
    zoom_calls.tell({"event": "meeting.started"}, status=403)


def test_calls_about_other_meetings_and_other_things_are_well_and_kept_nowhere(
    session, zoom_account, zoom_calls, held, webinar
):
    other = says(held(zoom_account), "joined", webinar.sessions[0].starts_at)
    other["payload"]["object"]["id"] = "99999999999"
    for told in (other, {"event": "recording.completed"}, {}):
        zoom_calls.tell(told)
    zoom_calls.tell(None, raw=b"not json at all \xff")
    assert events(session) == 0


def test_a_body_that_is_too_long_is_not_read(zoom_calls):
    zoom_calls.tell(None, raw=b"x" * 70_000, status=413)


def test_too_many_calls_are_told_to_wait(zoom_calls, monkeypatch):
    from app.limits import Limit
    from app.meetings import hooks_views

    monkeypatch.setattr(hooks_views, "CALLS", Limit("hooks.test", burst=2, seconds=60))
    for status in (204, 204, 429):
        zoom_calls.tell({}, status=status)


def test_all_other_forms_still_need_their_token(browser, ana_enrolled, ana):
    browser.sign_in(ana)
    answer = browser.client.post(f"/enrolments/{ana_enrolled.id}/joining")
    assert answer.status_code == 400


def bbb_event(meeting, kind, moment, enrolment_id):
    return {"data": {"type": "event", "id": kind, "event": {"ts": int(moment.timestamp() * 1000)},
                     "attributes": {
        "meeting": {"internal-meeting-id": "i-1", "external-meeting-id": meeting.key},
        "user": {"internal-user-id": "w_1", "external-user-id": f"e{enrolment_id}",
                 "name": "Ana", "role": "VIEWER"}}}}  # fmt: skip


def test_bigbluebuttons_calls_are_verified_and_counted(
    browser, session, webinar, ana_enrolled, bbb_account, bbb_server, held, work
):
    meeting, start = held(bbb_account), webinar.sessions[0].starts_at
    with time_machine.travel(start - timedelta(minutes=16)):
        work()
    (callback,) = bbb_server.hooks
    session.expire_all()
    for kind, minute in (("user-left", 40), ("user-joined", 0), ("user-left", 40)):
        told = bbb_event(meeting, kind, start + timedelta(minutes=minute), ana_enrolled.id)
        url, body = bbb_server.event(callback, told, 1415900488797 + minute, "sha256")
        session.commit()
        wrong = body.replace(b"user", b"User")
        kind_of = "application/x-www-form-urlencoded"
        assert browser.client.post(url, data=wrong, content_type=kind_of).status_code == 403
        assert browser.client.post(url, data=body, content_type=kind_of).status_code == 204
        session.expire_all()
    (row,) = presence_rows(session, webinar)
    assert row.enrolment_id == ana_enrolled.id
    assert row.left_at - row.joined_at == timedelta(minutes=40)


def minutes_of(meeting, start, enrolment_id):
    return {"version": "1.0", "meeting_id": meeting.key, "internal_meeting_id": "i-1", "data": {
        "start": start.isoformat(), "finish": (start + timedelta(minutes=90)).isoformat(),
        "attendees": [{"ext_user_id": f"e{enrolment_id}", "name": "Ana", "moderator": False,
                       "joins": [start.isoformat()],
                       "leaves": [(start + timedelta(minutes=80)).isoformat()]}]}}  # fmt: skip


def test_bigbluebuttons_account_of_a_meeting_counts_once(
    browser, session, webinar, ana_enrolled, bbb_account, bbb_server, held
):
    meeting, start = held(bbb_account), webinar.sessions[0].starts_at
    url = bbb_server.rooms[meeting.key].facts["meta_analytics-callback-url"]
    told, enrolment_id = minutes_of(meeting, start, ana_enrolled.id), ana_enrolled.id
    good, old = (bbb_server.bearer(now().timestamp() + s) for s in (86400, -1))
    for bearer, status in ((old, 403), ("", 403), (good, 204), (good, 204)):
        session.commit()
        answer = browser.client.post(url, json=told, headers={"Authorization": f"Bearer {bearer}"})
        assert answer.status_code == status
        session.expire_all()
    (row,) = presence_rows(session, webinar)
    assert (row.enrolment_id, row.name) == (enrolment_id, "Ana")
    assert row.left_at - row.joined_at == timedelta(minutes=80)
    assert events(session) == 1


def test_five_thousand_attendees_fit_into_one_account(
    browser, session, webinar, ana_enrolled, bbb_account, bbb_server, held
):
    meeting, start = held(bbb_account), webinar.sessions[0].starts_at
    url = bbb_server.rooms[meeting.key].facts["meta_analytics-callback-url"]
    told = minutes_of(meeting, start, ana_enrolled.id)
    (one,) = told["data"]["attendees"]
    told["data"]["attendees"] = [one | {"ext_user_id": f"x{n}", "name": f"P {n}"}
                                 for n in range(5000)]  # fmt: skip
    session.commit()
    bearer = bbb_server.bearer(now().timestamp() + 60)
    answer = browser.client.post(url, json=told, headers={"Authorization": f"Bearer {bearer}"})
    assert answer.status_code == 204
    assert events(session) == told_people(session, webinar) == 5000
