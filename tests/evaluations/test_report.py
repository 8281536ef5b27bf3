import csv
import io
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda import profiles
from app.agenda.models import Activity
from app.clock import now
from app.evaluations.evaluating import evaluate
from app.evaluations.export import table
from app.evaluations.mixing import Said
from app.evaluations.models import EvaluationForm
from app.evaluations.queries import report
from tests.browser_client import Browser
from tests.evaluations.conftest import answer, said_by


def closed(form: EvaluationForm):
    return form.closes_at + timedelta(minutes=1)


def test_under_five_answers_nothing_is_shown(
    session: Session, browser: Browser, held: Activity, asked: EvaluationForm, eva: Person,
    learners,
) -> None:  # fmt: skip
    answer(session, asked, learners(4))
    assert report(session, asked, at=closed(asked)).items == []
    page = browser.sign_in(eva).visit(f"/desk/activities/{held.id}/evaluation/report")
    assert "Too few answers yet" in page.text
    assert "Text" not in page.text
    page = browser.visit(f"/desk/activities/{held.id}/evaluation/report.csv")
    assert "Text" not in page.response.get_data(as_text=True)


def test_five_answers_are_shown_once_the_time_is_over(
    session: Session, asked: EvaluationForm, learners
) -> None:
    answer(session, asked, learners(5))
    relevant, bias, liked, clear_1, clear_2, improve = report(
        session, asked, at=closed(asked)
    ).items
    assert [row.count for row in relevant.rows] == [1, 1, 1, 1, 1]
    assert relevant.mean == Decimal("3.0")
    assert relevant.rows[0].text == "1 · not at all"
    assert [row.count for row in bias.rows] == [2, 2, 1]
    assert [row.count for row in liked.rows] == [3, 2, 2]  # 1, 2, 3, 4, 5 as bits
    assert [one.speaker.name for one in (clear_1, clear_2)] == ["Dr Ida Nyström", "Dr Omar Haddad"]
    assert sorted(improve.texts) == [f"Text {n}" for n in range(5)]


def test_an_item_that_few_answered_stays_hidden(
    session: Session, asked: EvaluationForm, learners
) -> None:
    people = learners(6)
    for number, one in enumerate(people):
        said = said_by(asked, number)
        evaluate(session, asked, one, said if number < 4 else said[1:], at=now())
    relevant, bias, *_rest = report(session, asked, at=closed(asked)).items
    assert relevant.is_hidden
    assert not bias.is_hidden


def test_four_texts_are_counted_but_not_shown(
    session: Session, browser: Browser, held: Activity, asked: EvaluationForm, eva: Person,
    learners,
) -> None:  # fmt: skip
    held.until_at = now() - timedelta(days=20)
    for number, one in enumerate(learners(6)):
        text = f"Text {number}" if number < 4 else ""
        at = asked.closes_at - timedelta(days=1)
        evaluate(session, asked, one, said_by(asked, number, text), at=at)
    improve = report(session, asked, at=now()).items[-1]
    assert (improve.answers, list(improve.texts), improve.is_hidden) == (4, [], True)
    page = browser.sign_in(eva).visit(f"/desk/activities/{held.id}/evaluation/report")
    assert "4 people wrote something" in page.text
    assert "Text 0" not in page.text
    page = browser.visit(f"/desk/activities/{held.id}/evaluation/report.csv")
    assert "Text 0" not in page.response.get_data(as_text=True)


def test_while_it_is_open_the_latest_are_held_back(
    session: Session, asked: EvaluationForm, learners
) -> None:
    people = learners(12)
    shown = []
    for count in range(12):
        answer(session, asked, [people[count]], seed=count)
        found = report(session, asked, at=now()).items
        shown.append(found[0].answers if found else 0)
    assert shown == [0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 5]
    assert report(session, asked, at=closed(asked)).items[0].answers == 12


def test_a_speaker_reads_only_what_was_said_of_them(
    session: Session, browser: Browser, held: Activity, asked: EvaluationForm, eva: Person, learners
) -> None:
    people = learners(5)
    ida, omar = held.speakers
    clear, improve = asked.items[3], asked.items[4]
    for one in people:
        said = [Said(clear.id, ida.id, value=5), Said(clear.id, omar.id, value=1),
                Said(improve.id, None, text="Secret")]  # fmt: skip
        evaluate(session, asked, one, said, at=now())
    found = report(session, asked, at=closed(asked), speaker=ida)
    assert [(one.speaker, one.mean) for one in found.items] == [(ida, Decimal("5.0"))]

    held.until_at = now() - timedelta(days=20)
    ida.address = "ida@clinic.example"
    token = profiles.invite(ida, by=eva, at=now())
    page = browser.visit(f"/speak/{token}/evaluation")
    assert "mean 5 of 5" in page.text
    assert "Omar" not in page.text
    assert "Secret" not in page.text
    assert "How relevant?" not in page.text


def test_the_table_for_spreadsheets_holds_no_formula(
    session: Session, asked: EvaluationForm, learners
) -> None:
    people = learners(5)
    for number, one in enumerate(people):
        text = '=HYPERLINK("http://evil.example","x")' if number == 2 else f"@{number}"
        evaluate(session, asked, one, said_by(asked, number, text), at=now())
    written = table(report(session, asked, at=closed(asked)))
    assert written.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert "'=HYPERLINK" in written
    scale = [row for row in rows if row["item"] == "How relevant?"]
    assert [row["count"] for row in scale] == ["1"] * 5
    assert {row["mean"] for row in scale} == {"3.0"}


def test_a_thousand_answers_cost_few_statements(
    session: Session, browser: Browser, held: Activity, asked: EvaluationForm, eva: Person,
    learners,
) -> None:  # fmt: skip
    from sqlalchemy import insert

    from app.evaluations.models import EvaluationAnswer

    answer(session, asked, learners(5))
    relevant, improve = asked.items[0], asked.items[4]
    rows = [
        {"id": 10_000 + n, "item_id": relevant.id, "value": 1 + n % 5, "text": None}
        for n in range(1000)
    ] + [
        {"id": 20_000 + n, "item_id": improve.id, "value": None, "text": f"مزيد من الوقت {n}"}
        for n in range(1000)
    ]
    session.execute(
        insert(EvaluationAnswer), [{**r, "speaker_id": None, "is_shown": True} for r in rows]
    )
    page = browser.sign_in(eva).visit(f"/desk/activities/{held.id}/evaluation/report")
    assert "1,000 answers" in page.text
    assert "And 900 more" in page.text
    assert len(page.statements) <= 12
