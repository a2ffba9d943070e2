from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from toolkit.writers.characters import clean, escape


def test_danish_letters_and_no_break_spaces_stay() -> None:
    assert clean("6.994.528\u00a0kr. til Ældre på Mors – »øre«") == "6.994.528\u00a0kr. til Ældre på Mors – »øre«"


def test_a_letter_typed_as_two_characters_becomes_one() -> None:
    assert clean("A\u030alborg") == "Ålborg"


def test_a_tab_or_new_line_is_a_space() -> None:
    assert clean("Løn\tog\ndrift\v2022\u2028.") == "Løn og drift 2022 ."


def test_other_control_characters_are_dropped() -> None:
    assert clean("Lø\x00n\x1b \x85og\x9f \ufeffdrift\ud800") == "Løn  og drift"


def test_markup_is_text() -> None:
    assert escape('A & B <x> "1*2*3" | æøå') == "A &amp; B &lt;x&gt; &quot;1*2*3&quot; | æøå"


@given(st.text(st.characters(codec=None)))
def test_every_text_can_stand_in_xml_and_comes_back_as_it_was(text: str) -> None:
    escaped = escape(text)

    assert ElementTree.fromstring(f"<t>{escaped}</t>".encode()).text == (clean(text) or None)
    assert unicodedata.is_normalized("NFC", clean(text))
