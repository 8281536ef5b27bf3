"""Nothing is released before an officer of every awarding society approved the same list."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.agreements.models import Agreement
from app.awards.drawing_up import draw_up, freeze, propose_correction, reopen, strike
from app.awards.models import Award, Release
from app.awards.release import approve
from app.completions.models import Completion
from app.errors import Refusal
from app.journal.models import Entry
from app.societies.models import Mandate, Office
from tests.cast import NOON


def turn(session, award_list, society, by, at=NOON, seen=None):
    return approve(session, award_list, society, seen=seen or award_list.digest, by=by, at=at)


def test_one_key_alone_releases_nothing(session, frozen_list, societies, erik):
    assert turn(session, frozen_list, societies.eusomii, erik) is None
    assert session.scalars(select(Release)).all() == []
    assert session.scalars(Award.released()).all() == []


def test_the_last_key_releases_the_list(session, frozen_list, societies, erik, susan):
    turn(session, frozen_list, societies.eusomii, erik)
    release = turn(session, frozen_list, societies.siim, susan)

    assert release.digest == frozen_list.digest
    assert [a.holder_name for a in session.scalars(Award.released())] == ["Ana Lopez", "Ben Okoro"]
    acts = session.scalars(select(Entry.act).order_by(Entry.id)).all()
    assert acts[-4:] == ["award_list.frozen", "award_list.approved", "award_list.approved",
                         "award_list.released"]  # fmt: skip


def test_a_key_turned_twice_counts_once(session, frozen_list, societies, erik):
    turn(session, frozen_list, societies.eusomii, erik)
    turn(session, frozen_list, societies.eusomii, erik)

    assert len(frozen_list.approvals) == 1
    assert not frozen_list.is_released


def test_a_second_officer_of_the_same_society_hears_that_it_has_approved(
    session, frozen_list, societies, erik, make_person, give_mandate
):
    other = make_person("Emma Berg")
    give_mandate(other, Office.EDUCATION_OFFICER, societies.eusomii)
    turn(session, frozen_list, societies.eusomii, erik)

    with pytest.raises(Refusal, match="EuSoMII has approved this list already"):
        turn(session, frozen_list, societies.eusomii, other)


def test_a_change_voids_the_approvals_given(session, frozen_list, societies, erik, susan):
    turn(session, frozen_list, societies.eusomii, erik)
    first = frozen_list.digest
    strike(session, frozen_list.awards[1], by=susan, at=NOON, reason="applied by mistake")

    assert not frozen_list.is_frozen
    assert [a.by.name for a in frozen_list.void_approvals] == ["Erik Holm"]
    freeze(session, frozen_list, by=susan, at=NOON)
    assert frozen_list.digest != first
    assert turn(session, frozen_list, societies.siim, susan) is None
    assert turn(session, frozen_list, societies.eusomii, erik) is not None
    assert [a.holder_name for a in session.scalars(Award.released())] == ["Ana Lopez"]


def test_freezing_again_without_a_change_gives_a_new_digest_too(
    session, frozen_list, societies, erik, susan
):
    turn(session, frozen_list, societies.eusomii, erik)
    first = frozen_list.digest
    reopen(session, frozen_list, by=erik, at=NOON)
    freeze(session, frozen_list, by=erik, at=NOON)

    assert frozen_list.digest != first
    assert frozen_list.standing_approvals == []
    assert turn(session, frozen_list, societies.siim, susan) is None


def test_an_approval_of_what_was_seen_before_a_change_is_refused(
    session, frozen_list, societies, erik, susan
):
    seen = frozen_list.digest
    reopen(session, frozen_list, by=erik, at=NOON)
    freeze(session, frozen_list, by=erik, at=NOON)

    with pytest.raises(Refusal, match="has changed since you opened it"):
        turn(session, frozen_list, societies.siim, susan, seen=seen)


def test_a_list_that_is_open_cannot_be_approved(session, open_list, societies, erik):
    with pytest.raises(Refusal, match="not frozen"):
        turn(session, open_list, societies.eusomii, erik, seen="0" * 64)


@pytest.mark.parametrize("office", [Office.COURSE_ADMINISTRATOR, Office.AUDITOR])
def test_other_offices_turn_no_key(
    session, frozen_list, societies, make_person, give_mandate, office
):
    someone = make_person("Nora Weiss")
    give_mandate(someone, office, societies.siim)

    with pytest.raises(Refusal, match="Only an education officer or the president of SIIM"):
        turn(session, frozen_list, societies.siim, someone)


def test_an_officer_turns_only_the_key_of_their_own_society(session, frozen_list, societies, erik):
    with pytest.raises(Refusal, match="president of SIIM"):
        turn(session, frozen_list, societies.siim, erik)


def test_the_society_must_be_awarding(session, frozen_list, societies, fay):
    with pytest.raises(Refusal, match="president of EFRS"):
        turn(session, frozen_list, societies.efrs, fay)


def test_one_person_never_turns_two_keys(session, frozen_list, societies, erik, give_mandate):
    give_mandate(erik, Office.EDUCATION_OFFICER, societies.siim)
    turn(session, frozen_list, societies.eusomii, erik)

    with pytest.raises(Refusal, match="for another society"):
        turn(session, frozen_list, societies.siim, erik)


def test_a_holder_does_not_approve_their_own_award(
    session, frozen_list, societies, ana, give_mandate
):
    give_mandate(ana, Office.EDUCATION_OFFICER, societies.siim)

    with pytest.raises(Refusal, match="You are on this list yourself"):
        turn(session, frozen_list, societies.siim, ana)


def test_a_mandate_that_ended_yesterday_turns_nothing(session, frozen_list, societies, susan):
    mandate = session.scalars(select(Mandate).where(Mandate.person_id == susan.id)).one()
    mandate.until_on = NOON.date() - timedelta(days=1)
    session.flush()

    with pytest.raises(Refusal, match="mandate in force today"):
        turn(session, frozen_list, societies.siim, susan)
    assert not frozen_list.approvals


def test_a_key_whose_officer_has_left_no_longer_counts(
    session, frozen_list, societies, erik, susan, make_person, give_mandate
):
    turn(session, frozen_list, societies.eusomii, erik)
    session.scalars(select(Mandate).where(Mandate.person_id == erik.id)).one().end(
        by=erik, at=NOON, reason="resigned"
    )
    assert turn(session, frozen_list, societies.siim, susan) is None
    successor = make_person("Emma Berg")
    give_mandate(successor, Office.PRESIDENT, societies.eusomii)

    assert turn(session, frozen_list, societies.eusomii, successor) is not None


def test_an_officer_whose_mandate_is_renewed_completes_the_quorum_again(
    session, frozen_list, societies, erik, susan, give_mandate
):
    turn(session, frozen_list, societies.eusomii, erik)
    mandate = session.scalars(select(Mandate).where(Mandate.person_id == erik.id)).one()
    mandate.end(by=erik, at=NOON, reason="term over")
    assert turn(session, frozen_list, societies.siim, susan) is None
    give_mandate(erik, Office.EDUCATION_OFFICER, societies.eusomii)

    assert turn(session, frozen_list, societies.eusomii, erik) is not None
    assert len(frozen_list.approvals) == 2


def test_without_an_agreement_in_force_no_key_turns(session, frozen_list, societies, erik, susan):
    turn(session, frozen_list, societies.eusomii, erik)
    siim = session.scalars(select(Agreement).where(Agreement.title.contains("SIIM"))).one()
    siim.terminate(on=NOON.date(), by=erik, at=NOON, reason="ended")
    session.flush()

    with pytest.raises(Refusal, match="not tied today"):
        turn(session, frozen_list, societies.siim, susan)
    assert not frozen_list.is_released


@pytest.mark.parametrize("unfit", [0, 1])
def test_whoever_no_longer_meets_a_requirement_holds_up_the_list(
    session, frozen_list, societies, erik, susan, unfit
):
    turn(session, frozen_list, societies.eusomii, erik)
    award = frozen_list.awards[unfit]
    lost = select(Completion).where(
        Completion.person_id == award.candidacy.person_id, Completion.score.is_(None)
    )
    session.delete(session.scalars(lost).one())
    session.flush()

    with pytest.raises(Refusal, match=f"{award.holder_name}: does not meet"):
        turn(session, frozen_list, societies.siim, susan)
    assert not frozen_list.is_released


def test_what_changed_behind_the_freeze_holds_up_the_list(
    session, frozen_list, societies, erik, susan
):
    turn(session, frozen_list, societies.eusomii, erik)
    frozen_list.awards[0].holder_name = "Somebody Else"
    session.flush()

    with pytest.raises(Refusal, match="changed since it was frozen"):
        turn(session, frozen_list, societies.siim, susan)


def test_a_released_list_never_changes(session, frozen_list, societies, erik, susan):
    turn(session, frozen_list, societies.eusomii, erik)
    turn(session, frozen_list, societies.siim, susan)

    for act in (
        lambda: strike(session, frozen_list.awards[0], by=erik, at=NOON, reason="late"),
        lambda: reopen(session, frozen_list, by=erik, at=NOON),
        lambda: freeze(session, frozen_list, by=erik, at=NOON),
        lambda: turn(session, frozen_list, societies.siim, susan),
    ):
        with pytest.raises(Refusal, match="released"):
            act()
    assert len(frozen_list.standing_awards) == 2


def test_nobody_stands_on_two_lists(session, open_list, edition, anas_candidacy, erik):
    with pytest.raises(Refusal, match="another list"):
        draw_up(session, edition, [anas_candidacy], title="Again", by=erik, at=NOON)
    strike(session, open_list.awards[0], by=erik, at=NOON, reason="moved to the next list")
    session.flush()

    assert draw_up(session, edition, [anas_candidacy], title="Again", by=erik, at=NOON)


def test_a_corrected_name_turns_all_keys_again(
    session, frozen_list, anas_candidacy, ana, societies, erik, susan
):
    with pytest.raises(Refusal, match="no released award"):
        propose_correction(session, anas_candidacy, replaces="7F3K", by=erik, at=NOON)
    turn(session, frozen_list, societies.eusomii, erik)
    turn(session, frozen_list, societies.siim, susan)
    ana.name = "Ana López"
    correction = propose_correction(session, anas_candidacy, replaces="7F3K", by=erik, at=NOON)
    session.flush()

    assert propose_correction(session, anas_candidacy, replaces="7F3K", by=erik, at=NOON) is (
        correction
    )
    freeze(session, correction, by=erik, at=NOON)
    turn(session, correction, societies.siim, susan)
    assert len(session.scalars(Award.released()).all()) == 2
    turn(session, correction, societies.eusomii, erik)
    assert session.scalars(Award.released()).all()[-1].holder_name == "Ana López"


def test_a_name_that_no_typeface_holds_is_found_before_the_freeze(session, open_list, ana, erik):
    ana.name = "Ana 🩻"
    session.flush()

    with pytest.raises(Refusal, match="no typeface of the diploma holds the character “🩻”"):
        freeze(session, open_list, by=erik, at=NOON)


def test_names_are_frozen_as_their_holders_spell_them(session, open_list, ana, erik):
    ana.name = "Ana López Ruiz"
    freeze(session, open_list, by=erik, at=NOON)
    ana.name = "Somebody Else"

    assert open_list.awards[0].holder_name == "Ana López Ruiz"
    assert '"name":"Ana López Ruiz"' in open_list.content
