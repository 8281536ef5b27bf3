"""Serials cannot be guessed, and can be read out over the telephone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.credentials import serial

numbers = st.integers(min_value=0, max_value=2**130 - 1)


def test_a_serial_is_seven_groups_of_four():
    groups = serial.new().split("-")
    assert [len(group) for group in groups] == [4] * 7
    assert set("".join(groups)) <= set(serial.ALPHABET)


def test_a_hundred_thousand_serials_hold_no_repeat():
    assert len({serial.new() for _ in range(100_000)}) == 100_000


def test_every_random_bit_counts():
    assert serial.written(2**130 - 1) != serial.written(2**129 - 1)
    assert 5 * serial.SYMBOLS >= 128


@given(numbers)
def test_what_is_written_is_read_again(number):
    assert serial.read(serial.written(number)) == serial.written(number)


@given(numbers)
def test_capitals_hyphens_spaces_and_lookalikes_do_not_matter(number):
    written = serial.written(number)
    spoken = written.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    assert serial.read(spoken) == written


@given(numbers, st.integers(0, 27), st.sampled_from(serial.ALPHABET))
def test_one_wrong_symbol_is_noticed(number, place, symbol):
    symbols = serial.written(number).replace("-", "")
    wrong = symbols[:place] + symbol + symbols[place + 1 :]
    assert (serial.read(wrong) is None) == (wrong != symbols)


@given(numbers, st.integers(0, 24))
def test_two_neighbours_swapped_are_noticed(number, place):
    symbols = serial.written(number).replace("-", "")
    swapped = symbols[:place] + symbols[place + 1] + symbols[place] + symbols[place + 2 :]
    assert (serial.read(swapped) is None) == (swapped != symbols)


@given(st.text(max_size=200))
def test_any_text_is_answered_without_a_fault(text):
    read = serial.read(text)
    assert read is None or serial.read(read) == read
