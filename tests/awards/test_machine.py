"""The same promise, kept by the real verbs on real tables."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.models import Agreement, Scope, Termination, are_tied
from app.awards import release
from app.awards.drawing_up import freeze, reopen, strike
from app.awards.models import AwardList
from app.awards.release import approve
from app.completions.models import Completion
from app.designs.choices import digest
from app.designs.models import DesignVersion
from app.designs.publishing import Specimen, change, publish
from app.errors import Refusal
from app.schemes.annex import annex
from app.schemes.publishing import describe_edition
from app.societies.drawings import read
from app.societies.marks import Mark
from app.societies.models import Mandate, Office
from app.societies.wordmark import mark as wordmark
from tests.cast import NOON
from tests.measure import measure

SPECIMEN = Specimen(pdf="1" * 64, picture="2" * 64)
DRAWING = read(wordmark("Ours", "#123456").encode())


class Tables(RuleBasedStateMachine):
    """Each sequence plays inside a savepoint that is undone at its end."""

    def __init__(self, session: Session, list_id: int, people: list[Any]) -> None:
        super().__init__()
        self.session, self.people = session, people
        self.undo = session.begin_nested()
        self.list = session.get_one(AwardList, list_id)
        self.societies = self.list.scheme.awarding
        self.seen = ["0" * 64]
        self.releases = 0

    def teardown(self) -> None:
        self.undo.rollback()
        self.session.expire_all()

    def attempt(self, act: Any) -> None:
        """An act that is refused leaves nothing behind, as in a request."""
        step = self.session.begin_nested()
        try:
            act()
            self.session.flush()
            step.commit()
        except Refusal:
            step.rollback()
            self.session.expire_all()
        if self.list.digest and self.list.digest not in self.seen:
            self.seen.append(self.list.digest)

    @rule()
    def freeze_it(self) -> None:
        self.attempt(lambda: freeze(self.session, self.list, by=self.people[0], at=NOON))

    @rule()
    def reopen_it(self) -> None:
        self.attempt(lambda: reopen(self.session, self.list, by=self.people[0], at=NOON))

    @rule(which=st.integers(0, 1))
    def strike_out(self, which: int) -> None:
        award = self.list.awards[which]
        self.attempt(lambda: strike(self.session, award, by=self.people[0], at=NOON, reason="play"))

    @rule(who=st.integers(0, 2), where=st.integers(0, 1))
    def give_or_end_a_mandate(self, who: int, where: int) -> None:
        person, society = self.people[who], self.societies[where]
        held = Mandate.in_force_for(person, on=NOON.date()).where(Mandate.society_id == society.id)
        if found := self.session.scalars(held).all():
            for mandate in found:
                mandate.end(by=person, at=NOON, reason="play")
        else:
            Mandate.give(self.session, person, Office.EDUCATION_OFFICER, society=society,
                         from_on=NOON.date(), until_on=None, by=None, at=NOON)  # fmt: skip
        self.session.flush()

    @rule()
    def end_or_renew_the_agreement(self) -> None:
        agreement = self.session.scalars(
            select(Agreement).where(Agreement.title.contains("SIIM"))
        ).one()
        if agreement.termination is None:
            agreement.termination = Termination(
                on=NOON.date(), by=self.people[0], at=NOON, reason="play"
            )
        else:
            self.session.delete(agreement.termination)
        self.session.flush()
        self.session.expire(agreement)

    @rule(which=st.integers(0, 1))
    def lose_a_completion(self, which: int) -> None:
        person = self.list.awards[which].candidacy.person_id
        found = self.session.scalars(select(Completion).where(Completion.person_id == person))
        if completion := found.first():
            self.session.delete(completion)
            self.session.flush()

    @rule(margin=st.integers(8, 18))
    def publish_a_design(self, margin: int) -> None:
        scheme, by = self.list.scheme, self.people[0]

        def publish_it() -> None:
            design = change(self.session, scheme, {"margin": margin}, by=by, at=NOON)
            self.session.flush()
            publish(self.session, design, SPECIMEN, seen=digest(design.draft), by=by, at=NOON)

        self.attempt(publish_it)

    @rule(hours=st.sampled_from(["", "25", "50"]))
    def describe_the_edition(self, hours: str) -> None:
        told = annex({"workload_hours": hours})
        edition = self.list.edition
        self.attempt(
            lambda: describe_edition(self.session, edition, told, by=self.people[0], at=NOON)
        )

    @rule(which=st.integers(0, 1), letter=st.sampled_from("ab"))
    def take_in_a_mark(self, which: int, letter: str) -> None:
        society = self.societies[which]
        Mark.take_in(self.session, society, DRAWING, digest=letter * 64,
                     by=self.people[0], at=NOON)  # fmt: skip
        self.session.flush()

    @rule(who=st.integers(0, 2), where=st.integers(0, 1), back=st.integers(0, 1))
    def turn(self, who: int, where: int, back: int) -> None:
        seen = self.seen[-1 - min(back, len(self.seen) - 1)]
        was = self.list.is_released
        self.attempt(
            lambda: approve(
                self.session,
                self.list,
                self.societies[where],
                seen=seen,
                by=self.people[who],
                at=NOON,
            )
        )
        if self.list.is_released and not was:
            self.check()

    @rule()
    def go_the_ordinary_way(self) -> None:
        self.freeze_it()
        self.turn(0, 0, 0)
        self.turn(1, 1, 0)

    def check(self) -> None:
        """Read from the tables, by other means than the verbs."""
        self.releases += 1
        assert self.list.release is not None
        assert self.list.release.digest == self.list.digest
        on = NOON.date()
        assert are_tied(self.session, self.societies, Scope.CERTIFICATION, on=on)
        offices = {
            (m.person_id, m.society_id) for m in self.session.scalars(Mandate.in_force(on=on))
        }
        keys = [a for a in self.list.approvals if a.digest == self.list.digest]
        current = {(a.by_id, a.society_id) for a in keys} & offices
        assert {society for _p, society in current} == {s.id for s in self.societies}
        assert len({person for person, _s in current}) >= len(self.societies)
        self.check_look()
        for award in self.list.awards:
            done = self.session.scalars(
                select(Completion).where(Completion.person_id == award.candidacy.person_id)
            ).all()
            assert award.struck_at is not None or len(done) == 2

    def check_look(self) -> None:
        """What was approved is what is in use at the release."""
        assert self.list.content is not None
        content = json.loads(self.list.content)
        versions = self.session.scalars(select(DesignVersion).order_by(DesignVersion.id)).all()
        assert content.get("design", {}).get("digest") == (
            versions[-1].digest if versions else None
        )
        assert content.get("annex", {}) == self.list.edition.annex
        given = self.session.scalars(select(Mark).order_by(Mark.id)).all()
        assert content.get("marks", {}) == {mark.society.code: mark.digest for mark in given}


def play(session: Session, list_id: int, people: list[Any], sequences: int, steps: int) -> int:
    """Play so many sequences of acts; answer how many releases there were."""
    released = 0

    class Counted(Tables):
        def teardown(self) -> None:
            nonlocal released
            released += self.releases
            super().teardown()

    def factory() -> Any:
        return Counted(session, list_id, people)

    machine: Any = factory  # Hypothesis takes a class or a factory; its types know the class
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=sequences, stateful_step_count=steps, deadline=None,
            derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    return released


@pytest.fixture
def people(session, erik, susan, make_person):
    found = [erik, susan, make_person("Dora Both")]
    session.flush()
    return found


@pytest.mark.measured
def test_the_verbs_keep_the_promise_on_tables(session, open_list, people):
    released = play(session, open_list.id, people, measure(2000, 8), measure(50, 12))

    assert released > 0, "the machine never reached a release, so it proved nothing"


def test_control_without_a_look_at_the_quorum_the_machine_finds_it(
    session, open_list, people, monkeypatch
):
    monkeypatch.setattr(release, "against_release", lambda _case: [])

    with pytest.raises(AssertionError):
        play(session, open_list.id, people, 8, 12)
