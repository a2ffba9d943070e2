from __future__ import annotations

from fractions import Fraction

from tests.core.worlds import AWARDED, JUNE, MARCH, event, plan, state
from toolkit.core.learnings import by_theme, lessons_of
from toolkit.core.plan import Indicator, Source

SICK = Indicator(id="fravaer", title="Sygefravær", unit="pct.", baseline=Fraction(8), target=Fraction(6))
OF = plan(indicators=(SICK,), sources=(Source(id="rapport", title="Midtvejsrapport"),))

EXPERIENCE = event("experience", MARCH, theme="Ledelse", text="Det tager tid", phase="fase-1", source="rapport")
ADVICE = event("advice", JUNE, theme=" ledelse", text="Begynd med lederne", synthetic=True)


def test_experiences_and_advice_come_with_phase_day_and_source() -> None:
    told = lessons_of("p", state(JUNE, of=OF, events=[AWARDED, EXPERIENCE, ADVICE]))

    assert told.municipality == "Thisted Kommune"
    assert [(each.kind, each.phase, each.day, each.source, each.synthetic) for each in told.learned] == [
        ("experience", "Etablering", MARCH, "Midtvejsrapport", False),
        ("advice", None, JUNE, None, True),
    ]
    assert told.synthetic


def test_what_is_learned_later_is_not_told_yet() -> None:
    assert len(lessons_of("p", state(MARCH, of=OF, events=[AWARDED, EXPERIENCE, ADVICE])).learned) == 1


def test_a_theme_is_one_however_it_is_written_and_begins_with_the_advice() -> None:
    one = lessons_of("a", state(JUNE, of=OF, events=[AWARDED, EXPERIENCE]))
    two = lessons_of("b", state(JUNE, of=OF, events=[AWARDED, ADVICE, event("advice", JUNE, theme="IT", text="Test")]))
    themes = by_theme([one, two])

    assert [(theme.name, [learned.text for _told, learned in theme.learned]) for theme in themes] == [
        ("IT", ["Test"]),
        ("Ledelse", ["Begynd med lederne", "Det tager tid"]),
    ]


def test_a_measurement_goes_from_baseline_to_target_and_the_latest_counts() -> None:
    first = event("measured", MARCH, indicator="fravaer", value=Fraction(5))
    last = event("measured", JUNE, indicator="fravaer", value=Fraction(7))

    def measured(*events: object) -> tuple[object, ...]:
        (told,) = lessons_of("p", state(JUNE, of=OF, events=[AWARDED, *events])).measurements  # type: ignore[list-item]
        return told.measured, told.day, told.reached

    assert measured() == (None, None, None)
    assert measured(first) == (5, MARCH, True)
    assert measured(first, last) == (7, JUNE, False)
