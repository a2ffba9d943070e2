from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import structs

from tests.core.worlds import JUNE
from toolkit.core.learnings import Learned, Lessons, Measurement
from toolkit.documents.compose import CONSTRUCTED
from toolkit.documents.kind import Layout
from toolkit.documents.learnings import catalogue
from toolkit.writers import markdown

ADVICE = Learned(
    kind="advice",
    theme="Ledelse",
    text="Begynd\n  med lederne",
    day=date(2022, 6, 8),
    phase="Etablering",
    source="Midtvejsrapport",
    synthetic=False,
)
SICK = Measurement(
    title="Sygefravær",
    unit="pct.",
    baseline=Fraction("8.4"),
    target=Fraction(6),
    measured=Fraction("6.3"),
    day=JUNE,
    reached=False,
    synthetic=False,
)
THISTED = Lessons(
    project="thisted",
    title="Faste teams",
    municipality="Thisted Kommune",
    learned=(ADVICE,),
    measurements=(SICK,),
)
SILENT = Lessons(project="varde", title="Borgerstyret", municipality="Varde Kommune", learned=(), measurements=())


def text(*lessons: Lessons, without: int = 0, about: tuple[str, ...] = ()) -> str:
    document = catalogue(lessons, JUNE, without=without, about=about)
    return markdown.write(document, Layout(name="standard")).decode().replace("\u00a0", " ")


def test_advice_stands_under_its_theme_with_whose_it_is_and_where_it_is_from() -> None:
    words = text(THISTED, SILENT)

    assert "Erfaringer, råd og målinger fra ét projekt" in words
    assert "### Ledelse\n\n- **Råd:** Begynd med lederne\n" in words
    assert "*Thisted Kommune · Faste teams · Etablering · 8. juni 2022 · kilde: Midtvejsrapport*" in words


def test_a_measurement_goes_from_baseline_to_target_to_measured() -> None:
    row = "| Thisted Kommune | Sygefravær | 8,4 pct. | 6 pct. | 6,3 pct. | 30-06-2022 | Ikke nået |"

    assert row in text(THISTED)
    assert "| – | 6 pct. | – | – | – |" in text(
        structs.replace(
            THISTED, measurements=(structs.replace(SICK, baseline=None, measured=None, day=None, reached=None),)
        )
    )


def test_what_is_made_up_is_marked_itself_and_at_the_top() -> None:
    made_up = structs.replace(THISTED, learned=(structs.replace(ADVICE, synthetic=True),))

    assert CONSTRUCTED not in text(THISTED)
    assert CONSTRUCTED in text(THISTED, made_up)
    assert text(THISTED, made_up).count("konstrueret eksempel") == 1


def test_a_catalogue_of_nothing_says_so() -> None:
    words = text(SILENT, without=2, about=("Øst",))

    assert "Ingen af projekterne har skrevet erfaringer eller råd endnu." in words
    assert "Ingen af projekterne har indikatorer." in words
    assert "Fra to projekter er kun en status afleveret." in words
    assert "- Udvalg: Øst" in words


def test_the_order_of_the_folders_makes_no_difference() -> None:
    other = structs.replace(THISTED, municipality="Ærø Kommune", project="aeroe")

    assert text(THISTED, other) == text(other, THISTED)
