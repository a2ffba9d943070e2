from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from msgspec import structs

from tests.core.worlds import DECEMBER, JUNE, PLAN, RULES, plan, posting
from tests.documents.papers import dossier, occasion
from toolkit.core.money import Money, kr
from toolkit.core.plan import Attainment, Milestone, Phase
from toolkit.core.postings import Postings
from toolkit.core.words import ATTAINMENT, word
from toolkit.documents import charts
from toolkit.documents.facts import Facts
from toolkit.documents.from_state import facts_of
from toolkit.documents.tree import Figure

NB = "\N{NO-BREAK SPACE}"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("1")</script> & "citat" med en meget lang titel, der ikke kan stå på én linje i et billede'


def facts(as_of: date = JUNE, **changed: object) -> Facts:
    """The small pilot's facts; 125.000 kr. of its pay and all of its courses, and more, are spent."""
    spent = Postings((posting(kr(125_000)), posting(kr(130_000), account="4600")), RULES)
    return facts_of(dossier(of=plan(**changed), postings=spent), occasion(as_of))


def drawn(figures: tuple[Figure, ...]) -> Figure:
    (figure,) = figures
    return figure


def elements(figure: Figure, name: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(figure.svg).findall(f".//{SVG}{name}")


def words(figure: Figure) -> list[str]:
    return [each.text or "" for each in elements(figure, "text")]


# ── every picture ────────────────────────────────────────────────────────────────────────────

BOTH = [drawn(charts.timeline(facts())), drawn(charts.budget(facts()))]


@pytest.mark.parametrize("figure", BOTH, ids=lambda figure: figure.name)
def test_a_picture_has_a_title_a_description_and_fits_between_the_margins(figure: Figure) -> None:
    root = ElementTree.fromstring(figure.svg)

    assert root.get("role") == "img"
    assert [each.tag for each in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root[1].text == figure.alt
    assert root.get("width") == "160mm"
    assert root.get("viewBox", "").startswith("0 0 640 ")


@pytest.mark.parametrize("figure", BOTH, ids=lambda figure: figure.name)
def test_words_are_dark_on_paper_and_shapes_are_seen_on_it(figure: Figure) -> None:
    for each in elements(figure, "text"):
        assert contrast(each.get("fill", ""), "#ffffff") >= 4.5
    marks = [each for name in ("rect", "path", "circle") for each in elements(figure, name)]
    for each in marks:
        if each.get("class") not in ("line", "paper", "gap"):
            seen = max(contrast(each.get(part) or "#ffffff", "#ffffff") for part in ("fill", "stroke"))
            assert seen >= 3


@pytest.mark.parametrize("figure", BOTH, ids=lambda figure: figure.name)
def test_nothing_stands_outside_the_picture(figure: Figure) -> None:
    height = float(ElementTree.fromstring(figure.svg).get("viewBox", "").split()[3])

    for each in elements(figure, "rect"):
        x, y, width, tall = (float(each.get(name, "")) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + width <= 640
        assert 0 <= y <= y + tall <= height
    for each in elements(figure, "text"):
        length = len(each.text or "") * 5.4
        x = float(each.get("x", ""))
        left = {"end": x - length, "middle": x - length / 2}.get(each.get("anchor", each.get("text-anchor", "")), x)
        assert left >= -1
        assert left + length <= 641
        assert float(each.get("y", "")) <= height


@pytest.mark.parametrize("figure", BOTH, ids=lambda figure: figure.name)
def test_it_names_no_other_file_and_nothing_twice(figure: Figure) -> None:
    assert not re.search(r"href|url\(|\bid=|<style|<script", figure.svg)


def test_the_same_facts_are_the_same_picture() -> None:
    assert [drawn(charts.timeline(facts())), drawn(charts.budget(facts()))] == BOTH


def test_what_people_have_written_is_text_and_is_shortened_where_there_is_no_room() -> None:
    phases = tuple(structs.replace(phase, title=HOSTILE) for phase in PLAN.phases)
    milestones = (
        Milestone(id="a", title=HOSTILE, due=date(2022, 1, 2)),
        Milestone(id="b", title=HOSTILE, due=DECEMBER),
    )
    figure = drawn(charts.timeline(facts(phases=phases, milestones=milestones)))

    shown = [each for each in words(figure) if each.startswith("<script>")]
    assert len(shown) == 4
    assert all(each.endswith("…") and len(each) > 40 for each in shown)
    assert not elements(figure, "script")


# ── time ─────────────────────────────────────────────────────────────────────────────────────


def bars(figure: Figure, look: str) -> list[tuple[float, float]]:
    """Where each bar begins and ends, in units from the left."""
    found = [each for each in elements(figure, "rect") if each.get("class") == look]
    return [(float(each.get("x", "")), float(each.get("x", "")) + float(each.get("width", ""))) for each in found]


def test_a_phase_ends_where_the_next_begins_and_they_fill_the_period() -> None:
    first, second = bars(BOTH[0], "open")

    assert (first[0], second[1]) == (1, 639)
    assert first[1] == second[0]
    assert (first[1] - first[0]) / (second[1] - second[0]) == pytest.approx(181 / 549, abs=0.01)


@pytest.mark.parametrize(
    ("as_of", "filled"),
    [(date(2021, 12, 31), []), (date(2022, 3, 31), [0.5]), (JUNE, [1]), (DECEMBER, [1, 1])],
)
def test_a_bar_is_filled_as_far_as_its_time_has_come(as_of: date, filled: list[float]) -> None:
    figure = drawn(charts.timeline(facts(as_of)))
    whole, done = bars(figure, "open"), bars(figure, "bar")

    shares = [(right - left) / (end - start) for (left, right), (start, end) in zip(done, whole, strict=False)]
    assert shares == pytest.approx(filled, abs=0.01)


def test_an_ongoing_phase_runs_all_the_way_and_says_so() -> None:
    ongoing = Phase(id="ledelse", title="Ledelse", ongoing=True)
    figure = drawn(charts.timeline(facts(phases=(ongoing,), milestones=())))

    assert bars(figure, "open") == [(1, 639)]
    assert "Ledelse (løbende)" in words(figure)


@pytest.mark.parametrize(
    ("status", "mark"),
    [("reached", "path"), ("upcoming", "circle"), ("late", "path"), ("dropped", "path"), ("lapsed", "path")],
)
def test_each_status_has_a_mark_of_its_own_form(status: Attainment, mark: str) -> None:
    found = facts()
    milestone = structs.replace(found.milestones[0], status=word(ATTAINMENT, status))
    figure = drawn(charts.timeline(structs.replace(found, milestones=(milestone,))))

    forms = {name: charts._MARKS[name](0, 0) for name in charts._MARKS}
    assert len({re.sub(r'(class|fill|stroke)="[^"]*"', "", form) for form in forms.values()}) == 5
    assert forms[status].startswith(f"<{mark}")
    assert words(figure)[-1] == word(ATTAINMENT, status).text


def test_the_documents_day_is_a_line_when_it_is_within_the_time_that_is_shown() -> None:
    def days(as_of: date) -> list[str]:
        figure = drawn(charts.timeline(facts(as_of)))
        return [each for each in words(figure) if re.fullmatch(rf"\d+\.{NB}\w+ \d{{4}}", each)]

    assert days(JUNE) == [f"30.{NB}juni 2022"]
    assert days(date(2021, 11, 1)) == []


def test_the_words_tell_what_is_seen() -> None:
    assert BOTH[0].alt == (
        f"Tidslinje for 1.{NB}januar 2022 – 31.{NB}december 2023. To{NB}faser. Etablering er i gang. "
        f"Én milepæl, som er forsinket. Opgjort den 30.{NB}juni 2022."
    )


def test_a_long_time_is_marked_by_years_and_a_short_one_by_quarters() -> None:
    period = structs.replace(PLAN.project_period, ends=date(2027, 12, 31))
    long = words(drawn(charts.timeline(facts(project_period=period))))

    assert [each for each in long if each.startswith("jan.")] == [f"jan. {year}" for year in range(2022, 2028)]
    assert [each for each in words(BOTH[0]) if each in ("april", "juli", "okt.")] == ["april", "juli", "okt."] * 2


def test_nothing_to_draw_is_no_picture() -> None:
    assert charts.timeline(facts(phases=(), milestones=())) == ()
    assert charts.budget(facts(budgets=())) == ()


MANY = tuple(
    Milestone(id=f"m{number}", title=f"Milepæl {number}", due=date(2022, 1 + number % 12, 15)) for number in range(600)
)


@pytest.mark.parametrize("count", [1, 33, 47, 60, 200, 600])
def test_however_many_there_are_each_is_in_one_picture_that_a_page_holds_and_its_words_apart(count: int) -> None:
    figures = charts.timeline(facts(milestones=MANY[:count]))

    shown = [each for figure in figures for each in elements(figure, "text")]
    named = [each for each in shown if (each.text or "").startswith("Milepæl")]
    assert sorted(each.text or "" for each in named) == sorted(each.title for each in MANY[:count])
    for figure in figures:
        assert float(ElementTree.fromstring(figure.svg).get("height", "").removesuffix("mm")) < 225
        rows = [float(each.get("y", "")) for each in elements(figure, "text") if each in named or each.text in titles()]
        assert all(after - before >= 16 for before, after in pairwise(rows))


def titles() -> set[str]:
    return {phase.title for phase in PLAN.phases}


def test_pictures_of_one_thing_are_as_long_as_each_other_and_say_which_each_is() -> None:
    figures = charts.timeline(facts(milestones=MANY[:100]))

    counts = [sum(each.startswith("Milepæl") for each in words(figure)) for figure in figures]
    assert len(counts) == 3
    assert max(counts) - min(counts) <= 4
    assert [figure.name for figure in figures] == ["tidslinje-1", "tidslinje-2", "tidslinje-3"]
    assert [figure.alt[-16:] for figure in figures] == [f" Billede {number} af 3." for number in (1, 2, 3)]


def test_forty_lines_are_one_picture_on_one_scale() -> None:
    found = facts()
    assert found.budget is not None
    lines = tuple(structs.replace(found.budget.lines[0], title=f"Post {number}") for number in range(40))
    figure = drawn(charts.budget(structs.replace(found, budget=structs.replace(found.budget, lines=lines))))

    rows = [float(each.get("y", "")) for each in elements(figure, "text") if (each.text or "").startswith("Post")]
    assert len(rows) == 40
    assert min(after - before for before, after in pairwise(rows)) >= 17


# ── money ────────────────────────────────────────────────────────────────────────────────────


def test_a_line_is_what_is_spent_and_what_remains_on_one_scale() -> None:
    (spent, *_), (rest, *_) = bars(BOTH[1], "bar"), bars(BOTH[1], "open")

    assert spent[1] == rest[0]
    assert (spent[1] - spent[0]) / (rest[1] - spent[0]) == pytest.approx(125 / 400, abs=0.01)


def test_an_overspent_line_goes_on_past_a_mark_where_its_budget_ended() -> None:
    assert "130 pct.".replace(" ", NB) in words(BOTH[1])
    assert "Budget, der er overskredet" in words(BOTH[1])
    assert BOTH[1].alt.endswith(" Over budgettet er Kurser.")
    assert len([each for each in elements(BOTH[1], "path") if each.get("class") == "stroke"]) == 2  # it and the legend


def test_what_is_committed_is_striped() -> None:
    found = facts()
    assert found.budget is not None
    spent = found.budget.lines[0].spent or kr(0)
    line = structs.replace(found.budget.lines[0], committed=kr(100_000), bound=spent + kr(100_000))
    figure = drawn(charts.budget(structs.replace(found, budget=structs.replace(found.budget, lines=(line,)))))

    (stripes, _legend) = [each for each in elements(figure, "path") if each.get("class") == "edge"]
    assert stripes.get("d", "").count("M") > 5
    assert words(figure)[-4:-1] == ["Brugt", "Disponeret", "Rest"]


@pytest.mark.parametrize("most", [1, 99, 12_345_00, 400_000_00, 6_994_528_00, 1_200_000_000_00])
def test_the_scale_is_marked_at_round_amounts_with_room_between_them(most: int) -> None:
    scale = charts._Kroner([Money(most)])
    ticks = list(scale.ticks())

    assert ticks[0] == 0
    assert 1 <= len(ticks) <= 6
    assert all(re.fullmatch("[125]0*", str(second - first)) for first, second in pairwise(ticks))


def test_a_credit_is_no_bar_to_the_left() -> None:
    found = facts()
    assert found.budget is not None
    line = structs.replace(found.budget.lines[0], spent=-kr(1_000), bound=-kr(1_000))
    figure = drawn(charts.budget(structs.replace(found, budget=structs.replace(found.budget, lines=(line,)))))

    assert len(bars(figure, "bar")) == 1  # that of the legend
    assert bars(figure, "open")[0] == (charts._BARS, 640 - charts._PERCENT)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG counts it."""

    def light(colour: str) -> float:
        if colour in ("", "none"):
            return 1.0
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)
