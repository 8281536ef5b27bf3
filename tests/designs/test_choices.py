"""What officers may choose, and the one form in which it is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.designs import choices
from app.designs.choices import SHEETS, Unfit, contrast, digest, ordered, whole
from app.designs.comparing import differences


def faults(raw, **facts):
    with pytest.raises(Unfit) as caught:
        whole(raw, **facts)
    return {fault.key: fault.reason for fault in caught.value.faults}


def test_nothing_chosen_is_our_own_design():
    chosen = whole({})

    assert chosen["sheet"] == "heritage" and chosen["languages"] == ["en"]
    assert chosen["colours"] == choices.COLOURS and chosen["supplement"] is True
    assert whole(None, occasion="certificate")["supplement"] is False


def test_the_normal_form_is_its_own_normal_form():
    chosen = whole({"sheet": "modern", "languages": ["en", "el"], "order": ["siim", "eusomii"],
                    "signatories": {"siim": {"name": " Susan  Reed ", "office": "Chair"}},
                    "texts": {"el": {"title": "Δίπλωμα"}}})  # fmt: skip

    assert whole(chosen) == chosen
    assert chosen["signatories"]["siim"]["name"] == "Susan Reed"
    assert digest(whole(chosen)) == digest(dict(reversed(chosen.items())))


def test_every_choice_changes_the_digest():
    usual = digest(whole({}))

    changes = [
        {"sheet": "modern"}, {"background": "plain"}, {"margin": 14}, {"supplement": False},
        {"colours": {"ornament": "#334455"}}, {"languages": ["en", "de"]}, {"order": ["siim"]},
        {"texts": {"en": {"note": "Given in Vienna."}}},
        {"signatories": {"siim": {"name": "Susan Reed", "office": "Chair"}}},
    ]  # fmt: skip
    assert usual not in {digest(whole(change)) for change in changes}
    assert len({digest(whole(change)) for change in changes}) == len(changes)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ({"sheet": "nothing"}, "sheet"),
        ({"sheet": ["heritage"]}, "sheet"),
        ({"background": "photograph"}, "background"),
        ({"margin": 3}, "margin"),
        ({"margin": "wide"}, "margin"),
        ({"languages": ["de"]}, "languages"),
        ({"languages": ["en", "tlh"]}, "languages"),
        ({"languages": "en"}, "languages"),
        ({"languages": ["en", "en"]}, "languages"),
        ({"second": "beside it"}, "second"),
        ({"texts": {"en": {"title": "x" * 141}}}, "texts.en.title"),
        ({"texts": {"en": {"title": "two\nlines"}}}, "texts.en.title"),
        ({"texts": {"en": {"lead": "by {holder}"}}}, "texts.en.lead"),
        ({"texts": {"en": {"lead": "by {{societies}}"}}}, "texts.en.lead"),
        ({"texts": {"en": {"slogan": "best"}}}, "texts.en.slogan"),
        ({"texts": {"en": "all"}}, "texts.en"),
        ({"colours": {"ink": "black"}}, "colours.ink"),
        ({"colours": {"ink": "#fdfcf0"}}, "colours.ink"),
        ({"order": ["siim", "siim"]}, "order"),
        ({"signatories": {"siim": {"name": "Susan Reed"}}}, "signatories.siim.office"),
        ({"signatories": {"siim": {"name": "", "office": "Chair"}}}, "signatories.siim.name"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_named_at_its_place(raw, key):
    assert key in faults(raw)


def test_societies_without_a_part_neither_sign_nor_stand_in_the_order():
    told = faults({"order": ["efrs"], "signatories": {"efrs": {"name": "A", "office": "B"}}},
                  societies={"siim", "eusomii"})  # fmt: skip

    assert set(told) == {"order", "signatories.efrs"}
    assert whole({"order": ["siim"]}, societies={"siim", "eusomii"})["order"] == ["siim"]


def test_a_diploma_sheet_is_not_for_certificates():
    assert "sheet" in faults({"sheet": "heritage"}, occasion="certificate")
    assert whole({"sheet": "portrait"}, occasion="certificate")["sheet"] == "portrait"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*whole({}), "en", "title", "ink", "x"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_comes_is_a_design_or_told_what_is_wrong(raw):
    if not isinstance(raw, dict):
        return
    try:
        chosen = whole(raw)
    except Unfit as unfit:
        found = bool(unfit.faults)
    else:
        found = whole(chosen) == chosen and chosen["sheet"] in SHEETS
    assert found


def test_ink_must_be_readable_on_paper():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < choices.LEAST_CONTRAST


def test_whoever_the_order_leaves_out_follows_in_the_agreed_one():
    assert ordered(["siim", "gone"], ["eusomii", "siim", "efrs"]) == ["siim", "eusomii", "efrs"]


def test_differences_are_told_choice_by_choice():
    before = whole({})
    after = whole({"order": ["siim", "eusomii"], "texts": {"en": {"note": "Given in Vienna."}}})

    told = {d.about: (d.before, d.after) for d in differences(before, after, {"siim": "SIIM"})}

    assert told == {
        "Order": ("", "SIIM, eusomii"),
        "Note at the foot (en)": ("", "Given in Vienna."),
    }
    assert differences(after, after, {}) == []
