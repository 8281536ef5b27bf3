from hypothesis import given
from hypothesis import strategies as st

from app.assessments.drawing import Item, draw

SEEDS = st.integers(0, 2**64 - 1)


@st.composite
def questions(draw: st.DrawFn) -> Item:
    choices = draw(st.lists(st.text(), min_size=2, max_size=6, unique=True))
    return Item(draw(st.text()), tuple(choices), draw(st.integers(0, len(choices) - 1)))


papers = st.lists(questions(), max_size=8)


@given(papers, SEEDS)
def test_every_question_is_asked_with_all_its_choices_and_the_same_one_right(
    asked: list[Item], seed: int
) -> None:
    for before, after in zip(asked, draw(asked, seed=seed), strict=True):
        assert after.text == before.text
        assert sorted(after.choices) == sorted(before.choices)
        assert after.choices[after.right] == before.choices[before.right]


@given(papers, SEEDS)
def test_the_same_seed_draws_the_same_paper(asked: list[Item], seed: int) -> None:
    assert draw(asked, seed=seed) == draw(asked, seed=seed)


def test_the_right_choice_stands_at_every_place_equally_often() -> None:
    question = Item("?", ("a", "b", "c", "d"), 0)
    places = [draw([question], seed=seed)[0].right for seed in range(4000)]

    assert all(850 < places.count(place) < 1150 for place in range(4))


@given(papers, SEEDS)
def test_a_paper_survives_being_stored(asked: list[Item], seed: int) -> None:
    paper = draw(asked, seed=seed)

    assert [Item.from_json(item.as_json()) for item in paper] == paper


@given(questions())
def test_what_a_learner_is_shown_is_the_same_whichever_choice_is_right(question: Item) -> None:
    others = [Item(question.text, question.choices, n) for n in range(len(question.choices))]

    assert len({other.asked for other in others}) == 1
