from __future__ import annotations

import pytest

from toolkit.core.mentions import mentioning

VAT = mentioning(["moms"])
FORBIDDEN = mentioning(["uforudset", "overhead", "administrationsbidrag", "diverse"])


@pytest.mark.parametrize(
    "text",
    [
        "Kursus inkl. moms",
        "Kursus incl. moms",
        "Moms 25 %",
        "MOMS",
        "Indgående moms",
        "Udgående moms",
        "Købsmoms",
        "Kursus + moms",
        "Momsen af kursus",
        "Købs-moms",
        "m/moms",
        "K\u00f8bs\u2011moms",
        "Ko\u0308bsmoms",
        "25 % moms",
        "10 % moms",
        "100,00 kr. moms",
        "Moms 0,25",
        "heraf moms",
        "Ikke fradragsberettiget moms",
        "Uden bilag, inkl. moms",
        "Kursus ekskl. moms 1.000, moms 250",
        "Moms, fri kost",
        "Moms er ikke refunderet",
        "inkl.moms",
        "m. moms",
    ],
)
def test_a_text_that_mentions_vat(text):
    assert VAT(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kursus ekskl. moms",
        "Kursus EKSKL. MOMS",
        "excl. moms",
        "eksl.moms",
        "ex moms",
        "ex. moms",
        "eksklusiv moms",
        "u/moms",
        "u. moms",
        "Kursus uden moms af faktura",
        "uden for moms",
        "Momsfri undervisning",
        "moms fri",
        "Moms-fri",
        "Ej moms af rejser",
        "Ingen moms",
        "fritaget for moms",
        "ekskl. 25 % moms",
        "0 % moms",
        "Moms 0 %",
        "Moms: 0,00 kr.",
        "Moms er ikke medregnet",
        "før moms",
        "Momsrefusion",
        "Moms-refusion",
        "uden tillæg af moms",
        "ekskl. dansk moms",
        "moms fratrukket",
        "moms er fradraget",
        "Kommsomst",
        "",
    ],
)
def test_a_text_that_mentions_no_vat(text):
    assert not VAT(text)


@pytest.mark.parametrize(
    "text",
    [
        "Overhead",
        "Overhead 5 pct.",
        "OVERHEAD",
        "Projektoverhead",
        "Overheadet",
        "Administrationsbidrag til forvaltningen",
        "Administrations-bidrag",
        "Projekt-overhead",
        "Diverse",
        "Uforudsete udgifter",
        "Uforudset",
        "Kontor/overhead",
        "Løn og diverse",
    ],
)
def test_a_line_for_what_is_not_paid(text):
    assert FORBIDDEN(text)


@pytest.mark.parametrize(
    "text",
    [
        "Overheadprojektor",
        "Overhead-projektor",
        "Overhead\u2011projektør",
        "Overhead- og lysprojektor",
        "Løn uden overhead",
        "Administration",
        "Bidrag til administration",
        "Diversitet",
    ],
)
def test_a_line_that_only_looks_like_it(text):
    assert not FORBIDDEN(text)


def test_a_word_of_several_words_is_looked_for_as_a_whole():
    whole = mentioning(["inkl. moms"])

    assert whole("Kursus inkl. moms")
    assert whole("Kursus inkl moms")
    assert not whole("inkl. kost og moms")


def test_a_short_word_is_no_compounds_last_part():
    assert mentioning(["it"])("IT")
    assert not mentioning(["it"])("Profit")


def test_words_of_a_fund_that_hold_no_letter_mention_nothing():
    assert not mentioning(["", " ", "…"])("… uden noget")
