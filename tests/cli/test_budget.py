"""pulje budget: the money on a terminal, as JSON and as a workbook."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from tests.core.worlds import AWARD, AWARDED, JUNE, RULES, event, plan, posting, state
from tests.test_workbook import tangled
from tests.writers.workbooks import Workbook
from toolkit.cli import main, screen_budget
from toolkit.core.economy import economy_of
from toolkit.core.fund import Fund, Term
from toolkit.core.money import kr
from toolkit.core.plan import Budget, BudgetLine, Phase
from toolkit.core.state import State
from toolkit.writers import sheet

EXAMPLE = Path(__file__).resolve().parents[2] / "projects/thisted-nordthy"

MINIMUM = """\
title: Faste teams
municipality: Thisted
project_period: {starts: 2022-01-01, ends: 2023-12-31}
"""


def budget(*words: str, project: Path = EXAMPLE) -> Result:
    return CliRunner().invoke(main, ["budget", str(project), *words])


def on_screen(of: State) -> str:
    return click.unstyle(screen_budget.budget(of, economy_of(of)))


def as_json(*words: str, command: str = "budget") -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(CliRunner().invoke(main, [command, str(EXAMPLE), "--json", *words]).stdout)
    return answer


def part(output: str, heading: str) -> list[str]:
    """The lines under a heading, each without blanks at its end."""
    _before, _heading, after = output.partition(f"\n{heading}")
    return [line.rstrip() for line in after.split("\n\n")[0].splitlines()[1:]]


def test_the_example_at_new_year() -> None:
    output = budget("--as-of", "2022-12-31").output

    assert part(output, "År (kr.)") == [
        "                                              Budget       Forbrug          Rest",
        "  2022                                     3.468.064  3.403.282,80     64.781,20",
        "  2023                                     3.526.464          0     3.526.464",
        "  I alt                                    6.994.528  3.403.282,80  3.591.245,20",
    ]
    assert part(output, "Rater (kr.)") == [
        "  Forventet indtil nu                       3.468.064",
        "  Modtaget                                  3.468.064",
        "  Modtaget mod forventet                            0",
        "  Næste rate, 01-01-2023                      881.616",
    ]
    assert part(output, "Opgørelse (kr.)")[:4] == [
        "  2022",
        "  Budget                                     3.468.064",
        "  Forbrug                                   -3.403.282,80",
        "  = Rest for året                               64.781,20  overførsel skal søges",
    ]


def test_each_line_says_what_it_will_end_at_and_what_makes_us_think_so() -> None:
    lines = part(budget("--as-of", "2022-12-31").output, "Prognose (kr.)")

    assert lines[0].split() == ["Prognose", "Mod", "budget", "Grundlag"]
    assert [line.split()[-1] for line in lines[1:12]].count("lineær") == 5
    assert re.fullmatch(r"  It-tilpasning .*  112\.700 +-34\.300 +forbrugt og disponeret", lines[7])  # of 2022 alone
    assert [line.split()[-1] for line in lines[1:12]].count("budgettet") == 2
    assert re.fullmatch(r"  Løn, teamcoach +999\.122,85 +-5\.205,15  månedsplan", lines[2])
    assert re.fullmatch(r"  Vikardækning .*  2\.093\.000 +185\.000 +eget skøn 16-12-2022", lines[3])
    assert "  Undervisere og kompetenceudvikling: Teamcoachen overtager ti undervisningsdage" in lines


def test_an_own_estimate_says_its_day_and_its_age_where_there_is_room() -> None:
    def said(reason: str) -> list[str]:
        estimate = event("estimate", date(2022, 3, 31), line="loen", amount=kr(390_000), reason=reason)
        return part(on_screen(state(date(2022, 6, 30), events=[AWARDED, estimate])), "Prognose (kr.)")

    assert said("Vakant")[1].endswith("  eget skøn 31-03-2022")
    assert said("Vakant")[-1] == "  Løn (for 91 dage siden): Vakant"
    assert said("Vakant " * 10)[-1] == "  Løn: " + ("Vakant " * 10).rstrip()


def test_an_own_estimate_says_its_day_and_its_age_as_json() -> None:
    lines = {line["id"]: line for line in as_json("--as-of", "2022-12-31")["budget"]["lines"]}
    told = ("forecast_basis", "forecast_estimated_on", "forecast_age_days")

    assert [lines["vikardaekning"][each] for each in told] == ["own-estimate", "2022-12-16", 15]
    assert [lines["revision"][each] for each in told] == ["budget", None, None]


def test_what_the_terms_do_not_say_of_when_instalments_come_is_said() -> None:
    def said(*terms: Term) -> list[str]:
        fund = Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="…", instalments="quarterly", terms=terms)  # type: ignore[arg-type]
        return part(on_screen(state(date(2022, 6, 30), of=plan(terms=fund), events=[AWARDED])), "Rater (kr.)")

    first, in_advance = (
        Term(id=id, text="30 dage efter tilkendegivelsen.", standing="verified", reference="brevet", days=30)  # type: ignore[arg-type]
        for id in ("first-instalment", "payment-in-advance")
    )

    assert said()[-1] == "  Vilkårene siger ikke, hvornår raterne udbetales: ingen ventes på en dag."
    later = structs.replace(in_advance, since=date(2022, 4, 1))
    assert said(later)[-2:] == [
        "  Vilkårene siger først fra 01-04-2022, hvornår raterne udbetales: ikke alle før",
        "  det har en dag.",
    ]
    assert said(first, in_advance)[-1] == "  Første rate har ingen dag: 30 dage efter tilkendegivelsen."
    assert not any("Forventet" in line or "mod forventet" in line for line in said(first, in_advance))
    assert [line.split("  ")[1] for line in said(in_advance)] == [
        "Forventet indtil nu",
        "Modtaget",
        "Modtaget mod forventet",
        "Næste rate, 01-07-2022",
    ]


def test_the_end_says_what_goes_back_and_by_which_rule() -> None:
    lines = part(budget("--as-of", "2024-03-31").output, "Opgørelse (kr.)")

    assert lines[-5:] == [
        "  = Mellemværende med tilskudsyder             186.781,14",
        "  Til tilbagebetaling: 186.781,14 kr.",
        "  Uforbrugt tilskud, der ikke er godkendt overført, betales tilbage. Krav under",
        "  500 kr. bortfalder. Tilskudsbrevet går forud.",
        "  https://www.sbst.dk/puljer-og-tilskud/social-og-aeldreomraadet/haandbog-om-tilskudsregler",
    ]
    assert "  Intet at betale tilbage og intet til gode." in budget("--as-of", "2024-07-01").output


def test_what_is_out_of_the_ordinary_is_said() -> None:
    of = tangled()
    output = on_screen(of)

    assert re.search(r"Ikke på nogen budgetpost +0 +7 +0 +-7", output)
    assert "På poster, som budgettet ikke har, venter på svar: 40,05 kr." in output
    assert "Før tilskudsperioden, venter på svar: 11 kr." in output
    assert [line.split()[-2:] for line in part(on_screen(tangled()), "Egen- og medfinansiering (kr.)")[1:]] == [
        ["1", "1"],
        ["20", "12"],
        ["30", "–"],
        ["–", "9"],
        ["51", "22"],
    ]
    assert re.search(r"\n  Tilbageholdt +10\b", output)
    assert "Puljens vilkår siger intet om små krav." in output


def test_what_two_phases_share_and_no_year_has_is_said() -> None:
    both = Phase(id="fase-1b", title="Opstart", starts=date(2022, 2, 1), ends=date(2022, 6, 30))
    of = state(of=plan(phases=(*plan().phases, both)), events=[AWARDED], postings=[posting(kr(700))])
    output = on_screen(of)

    assert "Opstart: 700 kr. af det, mens også en anden fase løb" in output
    assert "Ikke fordelt på år: 500.000 kr." in output
    assert part(output, "År (kr.)")[1].split() == ["2022", "–", "700", "–"]
    assert "Puljens vilkår siger ikke, hvor ofte tilskuddet udbetales." in output


@pytest.mark.parametrize(
    ("received", "says"),
    [
        (500_000, "Til tilbagebetaling: 499.300 kr."),
        (100, "Til gode: 600 kr."),
        (701, "Tilbagebetalingen bortfalder efter bagatelgrænsen."),
    ],
)
def test_who_owes_whom_is_one_sentence(received: int, says: str) -> None:
    came = event("instalment-received", date(2022, 1, 3), amount=kr(received))
    floor = Term(id="repayment-floor", text="…", standing="sibling", reference="håndbogen", amount=kr(500))
    terms = Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="…", terms=(floor,))
    whole, short = (
        event("imported", date(2022, 1, 3), file="postings/a.csv", digest="sha256:0", ends=ends)
        for ends in (date(2023, 12, 31), date(2023, 12, 30))
    )
    of, unsure = (
        state(of=plan(terms=terms), events=[AWARDED, came, each], postings=[posting(kr(700))])
        for each in (whole, short)
    )

    assert says in part(on_screen(of), "Opgørelse (kr.)")[-3]
    assert says in part(on_screen(unsure), "Opgørelse, foreløbig (kr.)")[-3]


def test_a_bill_that_waits_beside_its_credit_note_keeps_the_settlement_open() -> None:
    whole = event("imported", date(2022, 1, 3), file="postings/a.csv", digest="sha256:0", ends=date(2023, 12, 31))
    late = [posting(kr(each), posted=date(2024, 1, 10)) for each in (90, -90)]
    output = on_screen(state(date(2024, 3, 1), events=[AWARDED, whole], postings=[posting(kr(700)), *late]))

    assert "Opgørelse, foreløbig (kr.)" in output
    assert "Udgifter uden for tilskudsperioden, efter den sluttede: 0 kr." in output


@pytest.mark.parametrize("day", ["2021-12-20", "2022-06-30", "2022-12-31", "2023-06-30", "2023-12-31"])
def test_it_fits_eighty_columns(day: str) -> None:
    lines = budget("--as-of", day).output.splitlines()

    assert len(lines) > 40
    assert [line for line in lines if len(line) > 80 and "https://" not in line] == []


def test_what_status_shows_too_has_the_same_names_and_figures_as_json() -> None:
    ours, theirs = as_json("--as-of", "2022-12-31"), as_json("--as-of", "2022-12-31", command="status")

    assert {key: ours[key] for key in ("project", "as_of", "known_by", "grant", "problems")} == {
        key: theirs[key] for key in ("project", "as_of", "known_by", "grant", "problems")
    }
    for key in theirs["budget"].keys() - {"lines"}:
        assert ours["budget"][key] == theirs["budget"][key]
    for our_line, their_line in zip(ours["budget"]["lines"], theirs["budget"]["lines"], strict=True):
        assert their_line.items() <= our_line.items()


def test_as_json_every_amount_is_whole_oere_and_says_so() -> None:
    def amounts(value: Any, key: str = "") -> list[tuple[str, Any]]:
        if isinstance(value, dict):
            return [found for name, inner in value.items() for found in amounts(inner, name)]
        if isinstance(value, list):
            return [found for inner in value for found in amounts(inner, key)]
        return [(key, value)]

    days = ("2023-12-01", "2024-03-31")  # while there are estimates, and when all of it is settled
    said = [each for day in days for each in amounts(as_json("--as-of", day))]
    numbers = [(key, value) for key, value in said if isinstance(value, int | float)]
    told = {key for key, value in numbers if not isinstance(value, bool) and not key.endswith("_oere")}

    assert len(numbers) > 100
    assert told == {"year", "number", "unplaced", "forecast_age_days"}
    assert all(isinstance(value, int) for _key, value in numbers)


def test_as_json_the_settlement_is_there_step_by_step() -> None:
    told = as_json("--as-of", "2024-03-31")["settlement"]

    assert told["final"][-1] == [
        {"what": "received", "amount_oere": 699_452_800},
        {"what": "repaid", "amount_oere": 0},
        {"what": "covered", "amount_oere": -680_774_686},
        {"what": "balance", "amount_oere": 18_678_114},
    ]
    assert (told["to_repay_oere"], told["floor_oere"], told["claim_dropped"]) == (18_678_114, 50_000, False)


def test_what_was_imported_later_is_not_known_before() -> None:
    june, known = as_json("--as-of", "2022-06-30"), as_json("--as-of", "2022-06-30", "--known-by", "2022-07-08")

    assert june["budget"]["spent_oere"] - known["budget"]["spent_oere"] == 4_235_000
    assert june["budget"]["forecast_oere"] != known["budget"]["forecast_oere"]


def test_a_project_without_a_budget_says_so(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text(MINIMUM, encoding="utf-8")
    shown, refused = budget(project=tmp_path), budget("--xlsx", str(tmp_path / "bog.xlsx"), project=tmp_path)

    assert shown.output.splitlines()[-1] == "Der er intet budget endnu."
    assert json.loads(budget("--json", project=tmp_path).stdout)["budget"] is None
    assert refused.exit_code == 2
    assert "Der er intet budget at lave et regneark af." in refused.output


def test_a_workbook_makes_no_folder_that_is_not_there(tmp_path: Path) -> None:
    answer = budget("--xlsx", str(tmp_path / "ny" / "bog.xlsx"))

    assert answer.exit_code == 2
    assert f"Mappen {tmp_path / 'ny'} findes ikke." in answer.stderr
    assert not (tmp_path / "ny").exists()


def test_the_workbook_has_the_figures_of_the_screen(tmp_path: Path) -> None:
    file = tmp_path / "bog.xlsx"
    answer = budget("--as-of", "2022-12-31", "--xlsx", str(file))

    assert answer.output.splitlines()[-1] == f"Skrevet: {file}"
    assert {str(cell.value) for cell in Workbook(file.read_bytes()).sheets["Oversigt"].values()} >= {"17016414/5"}


def test_the_same_workbook_is_the_same_bytes_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "kopi")
    one, other = tmp_path / "en.xlsx", tmp_path / "to.xlsx"
    budget("--as-of", "2023-06-30", "--xlsx", str(one))
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(main, ["budget", "kopi", "--as-of", "2023-06-30", "--xlsx", "to.xlsx"])

    assert one.read_bytes() == other.read_bytes()


def test_no_workbook_is_made_from_files_with_errors(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "kopi")
    (tmp_path / "kopi" / "postings" / "2024-01-15-opus-aba875e2.csv").write_text("ingen\n", encoding="utf-8")
    words = ("--as-of", "2023-12-31")
    shown = budget(*words, project=tmp_path / "kopi")
    refused = budget(*words, "--xlsx", str(tmp_path / "bog.xlsx"), project=tmp_path / "kopi")

    assert (shown.exit_code, refused.exit_code) == (1, 1)
    assert "Opgørelse (kr.)" in shown.output
    assert not (tmp_path / "bog.xlsx").exists()


def test_a_workbook_that_somebody_keeps_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(path: Path, data: bytes) -> None:
        raise PermissionError(None, None, str(path))

    monkeypatch.setattr("toolkit.cli.money.write_whole", held)
    refused = budget("--xlsx", str(tmp_path / "bog.xlsx"))

    assert refused.exit_code == 1
    assert "file-held" in refused.output


def test_more_than_a_workbook_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "_ROWS", 20)
    refused = budget("--xlsx", str(tmp_path / "bog.xlsx"))

    assert refused.exit_code == 1
    assert "format-unsupported" in refused.output


def test_the_versions_are_shown_with_who_approved_them_and_the_last_change():
    answer = budget("--versions")

    assert answer.exit_code == 0
    assert "    ændring godkendt 15-02-2023 (Socialstyrelsen)" in answer.stdout
    assert "Fra 2021-12-16-award til 2023-02-15-change (kr.)" in answer.stdout
    assert "185.000" in answer.stdout


def test_versions_and_what_differs_are_told_in_json_too_the_earlier_first():
    answer = json.loads(budget("--compare", "2023-02-15-change", "2021-12-16-award", "--json").stdout)
    change = answer["change"]

    assert [each["version"] for each in answer["versions"]] == sorted(each["version"] for each in answer["versions"])
    assert (change["before"], change["after"]) == ("2021-12-16-award", "2023-02-15-change")
    assert sum(each["difference_oere"] for each in change["lines"]) == change["difference_oere"] == 0
    assert [each["difference_oere"] for each in change["lines"] if each["id"] == "vikardaekning"] == [18_500_000]


def test_a_workbook_of_the_versions_is_refused(tmp_path):
    answer = budget("--versions", "--xlsx", str(tmp_path / "bog.xlsx"))

    assert answer.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_two_versions_that_are_named_are_compared_and_an_unknown_one_is_wrong_use():
    same = budget("--compare", "2021-11-01-application", "2021-12-16-award")
    wrong = budget("--compare", "2021-11-01-application", "2099-01-01-change")

    assert same.exit_code == 0
    assert "I alt" in same.stdout
    assert wrong.exit_code == 2
    assert "2021-12-16-award" in wrong.stderr


def test_years_that_no_line_is_distributed_on_have_no_budget_in_all(tmp_path: Path) -> None:
    (tmp_path / "budgets").mkdir()
    (tmp_path / "project.yaml").write_text(MINIMUM, encoding="utf-8")
    text = "stage: award\nlines: [{id: loen, title: Løn, amount: 100 kr.}]\n"
    (tmp_path / "budgets" / "2022-01-01-award.yaml").write_text(text, encoding="utf-8")
    told = budget("--as-of", "2022-06-30", project=tmp_path).stdout
    years = told[told.index("År (kr.)") :]

    assert re.findall(r"I alt +(\S+) +(\S+) +(\S+)", years)[0] == ("–", "–", "–")  # nothing has been imported
    assert "Ikke fordelt på år: 100 kr." in years


def test_what_is_ordered_stands_in_no_year_and_what_is_left_is_the_same_by_year_as_by_line() -> None:
    ordered = event("ordered", date(2022, 5, 2), line="loen", amount=kr(50_000))
    pay = BudgetLine(id="loen", title="Løn", amount=kr(500_000), by_year={2022: kr(200_000), 2023: kr(300_000)})
    of = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=(pay,)),))
    output = on_screen(state(JUNE, of=of, events=[AWARDED, ordered], postings=[posting(kr(40_000))], rules=RULES))
    lines, years = output.split("År (kr.)")

    assert re.findall(r"I alt .* (\S+) +\S+ %", lines)[0] == "410.000"
    assert re.findall(r"Disponeret, endnu i intet år +(\S+) +(\S+) +(\S+)", years) == [("–", "–", "-50.000")]
    assert re.findall(r"I alt +\S+ +\S+ +(\S+)", years)[0] == "410.000"


def test_what_is_owed_of_a_refused_grant_is_told_with_the_reason_and_no_term() -> None:
    rate = event("instalment-received", date(2022, 1, 3), amount=kr(125_000))
    floor = Term(id="repayment-floor", text="Krav under 500 kr. bortfalder.", standing="letter", reference="Brevet")
    fund = Fund(id="pulje", title="Pulje", agency="Styrelsen", purpose="Bedre pleje", terms=(floor,))
    events = [AWARDED, rate, event("rejected", date(2022, 5, 2))]
    output = on_screen(state(date(2022, 6, 30), of=plan(terms=fund), events=events))

    assert part(output, "Opgørelse, foreløbig (kr.)") == [
        "  Modtaget tilskud                          125.000",
        "  Tilbagebetalt                                   0",
        "  = Mellemværende med tilskudsyder          125.000",
        "  Foreløbig: bogføringen er ikke kendt til dagen.",
        "  Til tilbagebetaling: 125.000 kr.",
        "  Der blev givet afslag 02-05-2022: tilskuddet dækker intet, og det modtagne",
        "  skal betales tilbage.",
    ]
