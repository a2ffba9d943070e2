"""Every figure that the tool tells, beside tests/oracle.py, which knows docs/figures.md and none of our code."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import re
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests import oracle
from toolkit.cli import main, project_folder

ROOT = Path(__file__).resolve().parents[1]
UGLY = ROOT / "tests" / "ugly"
ANSWERED = ("allocation.yaml", '\n  - {account: "*", not_eligible: true, reason: Ingen ved hvad det er}\n')
KNOWN_TO_THE_END = (
    "events.yaml",
    "\n- {kind: corrected, happened: 2023-11-01, recorded: 2023-11-01, event: 2023-11-01-imported, "
    "values: {ends: 2023-10-31}}\n",
)
ORDER = "\nterms:\n  - {{id: payer-order, text: Hvem der betaler først., payers: {}}}\n"
LATER = """
terms:
  - {id: payer-order, text: Tilskuddet betaler først., payers: grant-first, since: 2024-01-01}
  - {id: repayment-floor, text: Krav under en mio. kr. bortfalder., amount: 1.000.000 kr., since: 2023-12-31}
"""
REFUSED = "- {kind: rejected, happened: 2023-05-02, recorded: 2023-05-02, reason: Trukket tilbage}\n"
CLOSED = "- {{kind: closed, happened: 2023-09-15, recorded: 2023-10-02, by: {}}}\n"
MORE = """\
- {kind: applied, happened: 2022-05-01, recorded: 2022-05-01, amount: 450.000 kr.}
- {kind: rejected, happened: 2022-08-01, recorded: 2022-08-03}
"""

# A name: the project's folder, and what is added to its files.
PROJECTS = {
    "thisted-nordthy": (ROOT / "projects" / "thisted-nordthy", ()),
    "flere-betalere": (UGLY / "flere-betalere", ()),
    "flere-betalere, all answered": (UGLY / "flere-betalere", (ANSWERED,)),
    **{
        f"flere-betalere, {order}": (UGLY / "flere-betalere", (ANSWERED, ("project.yaml", ORDER.format(order))))
        for order in oracle.ORDERS
    },
    "flere-betalere, from a day on": (UGLY / "flere-betalere", (ANSWERED, ("project.yaml", LATER))),
    "fire-aar": (UGLY / "fire-aar", ()),
    "fire-aar, refused": (UGLY / "fire-aar", (("events.yaml", REFUSED),)),
    "fire-aar, closed before its end": (UGLY / "fire-aar", (("events.yaml", CLOSED.format("Socialstyrelsen")),)),
    "fire-aar, closed by the council": (UGLY / "fire-aar", (("events.yaml", CLOSED.format("Byrådet")),)),
    "fire-aar, with more applied for": (UGLY / "fire-aar", (("events.yaml", MORE),)),
    "skaeve-perioder": (UGLY / "skaeve-perioder", ()),
    "skaeve-perioder, extended": (UGLY / "skaeve-perioder", (("project.yaml", "\n# uden grant_period\n"), ANSWERED)),
    "skaeve-perioder, by month": (
        UGLY / "skaeve-perioder",
        (("project.yaml", "\n# uden grant_period, efter måneder\n"), ANSWERED, KNOWN_TO_THE_END),
    ),
}
REPORTS = {"status-report": "statusrapport", "final-report": "slutrapport", "accounts": "regnskab"}


@pytest.fixture(scope="module", autouse=True)
def opened_once():
    """Each folder is read once: many days are asked about, and no file changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project_folder, "open_project", functools.cache(project_folder.open_project))
        yield


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made = {}
    for name, (source, added) in PROJECTS.items():
        made[name] = source
        if added:
            made[name] = shutil.copytree(source, tmp_path_factory.mktemp("ugly") / source.name)
            for file, text in added:
                wrote = (made[name] / file).read_text(encoding="utf-8") + text
                wrote = re.sub(r"\ngrant_period:.*", "", wrote) if "uden grant_period" in text else wrote
                if "efter måneder" in text:
                    wrote = re.sub(r"(\nproject_period: .*)}", r"\1, precision: month}", wrote)
                    wrote = wrote.replace("2023-10-14", "2023-10-31")  # its duties end with it
                (made[name] / file).write_text(wrote, encoding="utf-8", newline="\n")
    return made


# ── what the tool says, by the names of its facts ─────────────────────────────────────────────────


def ask(*words):
    """The JSON that a command prints; a fault in the tool comes through as it is."""
    answer = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    said = json.loads(answer.stdout)
    wrong = [found for found in said.get("problems", []) if found["severity"] == "error"]
    assert answer.exit_code == 0 and not wrong, (words, wrong)
    return said


def as_day(text):
    return date.fromisoformat(text) if isinstance(text, str) else text


def said_by_status(answer):
    budget = answer["budget"]
    said = {f"grant.{what}": answer["grant"][f"{what}_oere"] for what in ("awarded", "received")}
    if budget is None:
        return said
    said |= {"budget.version": budget["version"], "budget.total": budget["budget_oere"]}
    for what in ("spent", "committed", "unallocated", "remaining"):
        said[f"budget.{what}"] = budget[f"{what}_oere"]
    for line in budget["lines"]:
        for what in ("budget", "spent", "committed", "remaining"):
            said[f"budget.lines.{line['id']}.{what}"] = line[f"{what}_oere"]
    for each in answer.get("milestones", []):
        said[f"milestones.{each['id']}.due"] = as_day(each["due"])
        said[f"milestones.{each['id']}.promised"] = as_day(each["promised"])
        said[f"milestones.{each['id']}.reached"] = as_day(each["reached"])
        said[f"milestones.{each['id']}.late"] = each["status"] == "late"
    return said | {"spent_known_until": as_day(budget["spent_known_until"])}


def said_by_budget(answer):
    said, budget = said_by_status(answer), answer["budget"]
    if budget is None:
        return said
    for why, key in zip(oracle.WAITS, ("before_period", "after_period", "elsewhere"), strict=True):
        said[f"budget.waiting_rows.{why}.spent"] = budget[f"{key}_oere"]
    said |= {f"budget.lines.{line['id']}.forecast": line["forecast_oere"] for line in budget["lines"]}
    said |= {
        "budget.forecast": budget["forecast_oere"],
        "taken_back": budget["taken_back_oere"],
        "budget.not_eligible": budget["not_eligible_oere"],
    }
    for year in answer["years"]:
        rows = {f"budget.years.{year['year']}": year}
        rows |= {f"budget.lines.{line['id']}.years.{year['year']}": line for line in year["lines"]}
        for name, row in rows.items():
            said |= {f"{name}.spent": row["spent_oere"], f"{name}.budget": row["budget_oere"]}
    instalments = answer["instalments"]
    said["accounts.received_by"] = instalments["received_by"]
    for at, each in enumerate(instalments["received"], 1):
        said[f"accounts.received.{at}.day"] = as_day(each["day"])
        said[f"accounts.received.{at}.amount"] = each["amount_oere"]
    balance, settlement = answer["balance"], answer["settlement"]
    said |= {f"accounts.costs.{each['what']}": each["actual_oere"] for each in balance["costs"]}
    said["accounts.costs_total.actual"] = balance["cost_oere"]
    for each in balance["financing"]:
        said[f"accounts.financing.{each.get('title') if each['what'] == 'co' else each['what']}"] = each["actual_oere"]
    said["accounts.other_income"] = answer["funding"]["realised_oere"]
    said["accounts.financing.unnamed"] = answer["funding"]["unnamed_oere"]
    for each in balance["year_ends"]:
        for what in ("received", "used", "unused"):
            said[f"accounts.year_ends.{each['year']}.{what}"] = each[f"{what}_oere"]
    for year in settlement["years"]:
        steps = {step["what"]: step["amount_oere"] for step in year["steps"]}
        said[f"rests.{year['year']}"] = (
            steps.get("carried-in", steps.get("overspent-before", 0)),
            year["left_oere"],
            year["carry_over"],
            year["carried_oere"],
        )
    for each in settlement["outcomes"]:
        name = f"accounts.outcomes.{each['payers']}"
        for what in ("covered", "unspent", "balance", "to_repay", "to_receive"):
            said[f"{name}.{what}"] = each[f"{what}_oere"]
        said |= {f"{name}.if_carried": each["to_repay_if_carried_over_oere"], f"{name}.dropped": each["claim_dropped"]}
        steps = [step for group in each["steps"] for step in group]
        said[f"{name}.steps"] = [
            (f"{step['what']} {step.get('year', '')}".strip(), step["amount_oere"]) for step in steps
        ]
    return said | {"accounts.pending": settlement["pending_years"], "budget.unspent": settlement["unspent_oere"]}


COSTS = {
    "Udgifter på budgetposterne": "lines",
    "Udgifter før tilskudsperioden, afklares": "before-period",
    "Udgifter efter tilskudsperioden, afklares": "after-period",
    "Udgifter på poster, som budgettet ikke har, afklares": "dropped-line",
    "Udgifter, der ikke er fordelt på budgetposter": "unallocated",
    "Udgifter uden for tilskuddet": "not-eligible",
}
PAYERS = {"Tilskud": "grant", "Kommunens egen betaling": "own", "Andre indtægter": "unnamed"}


def said_by_facts(answer):
    """The facts under the oracle's names, those that it has no opinion of too."""
    raw = {fact["fact"]: fact.get("amount_oere", fact.get("value")) for fact in answer["facts"]}
    said, lists = {}, {"accounts.allowed": [], "accounts.posted_outside": []}
    for name, value in raw.items():
        title = raw.get(name.removesuffix("actual") + "title", "")
        if (of := ".".join(name.split(".")[:2])) in lists:
            lists[of] += [value] if name.endswith(".amount") else []
        elif name.startswith("accounts.costs.") and name.endswith(".actual"):
            said[f"accounts.costs.{COSTS[title]}"] = value
        elif name.startswith("accounts.financing.") and name.endswith(".actual"):
            said[f"accounts.financing.{PAYERS.get(title, title.removeprefix('Medfinansiering: '))}"] = value
        elif name == "accounts.pending":
            said[name] = [int(year) for year in value]
        elif name.rpartition(".")[2] in ("day", "due", "promised", "reached", "sent", "known_until"):
            said[name] = as_day(value)
        else:
            said[name] = value
    is_told = "accounts.costs_total.actual" in raw
    return said | ({of: sorted(amounts) for of, amounts in lists.items()} if is_told else {})


# Of these, each that the oracle has must be told too; the tool leaves out what is zero of the others.
FAMILIES = (
    "budget.lines.",
    "accounts.outcomes.",
    "accounts.year_ends.",
    "accounts.received.",
    "rests.",
)


def heads(names, family):
    return {name.removeprefix(family).partition(".")[0] for name in names if name.startswith(family)}


def differences(where, figures, said, families=FAMILIES):
    """A sentence for each figure that the two tell otherwise: where, which, and both values."""
    found = []
    for name in [name for name in said if name in figures]:
        mine, value = figures[name], said[name]
        unknown = value is None and figures["spent_known_until"] is None and name.startswith(("budget.", "accounts."))
        empty = value is None and mine == 0 and name.startswith("accounts.financing.")
        if mine != value and not unknown and not empty:
            found.append(f"{where}: {name} is {mine} by the oracle, {value} by the tool")
    for family in families:
        for head in heads(figures, family) ^ heads(said, family):
            found.append(f"{where}: {family}{head} is told by only one of the two")
    return found


# ── the days that are asked about ─────────────────────────────────────────────────────────────────


def days_of(project, most):
    """The edges of periods and years, and of all days on which something is or comes in, a sample and their eves."""
    events = [oracle.day(each[key]) for each in project.log for key in ("happened", "recorded")]
    some = {*events, *(when for each in project.postings for when in (each.day, each.posted, each.imported))}
    known = oracle.corrected(project.log, date.max)
    periods = [
        oracle.Figures(project, max(some)).period(seen, which)
        for seen in ([], known)
        for which in ("grant_period", "project_period")
    ]
    edges = {when + timedelta(more) for period in periods for when in period for more in (-1, 0, 1)}
    edges |= {
        when for year in range(min(some).year, max(some).year + 1) for when in (date(year, 12, 31), date(year, 1, 1))
    }
    others = sorted({when + timedelta(more) for when in some for more in (-1, 0)} - edges)
    return sorted(edges | set(others[:: max(1, len(others) // most)]) | {max(some) + timedelta(500)})


def reports_of(project):
    """Each report with its kind and its period; one without a beginning goes on from the one before."""
    ended, closed = {}, oracle.Figures(project, date(2030, 1, 1)).closed_on()
    for each in project.plan["reports"]:
        last = oracle.day(each["period_ends"])
        last = last if each["kind"] == "status-report" else min(last, closed)  # they end with the grant
        since = oracle.day(each["period_starts"]) if "period_starts" in each else ended[each["kind"]] + timedelta(1)
        ended[each["kind"]] = last
        yield each["kind"], since, last


def test_the_oracle_shares_no_code_with_the_tool():
    tree = ast.parse((ROOT / "tests" / "oracle.py").read_text(encoding="utf-8"))
    names = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    names |= {alias.name for each in ast.walk(tree) if isinstance(each, ast.Import) for alias in each.names}

    assert {name.partition(".")[0] for name in names} - sys.stdlib_module_names == {"yaml"}


def asked_at(when, known_by=None):
    return ["--as-of", when, *(["--known-by", known_by] if known_by else [])]


@pytest.mark.parametrize("name", PROJECTS)
def test_the_budget_is_what_the_rules_make_of_the_files_on_every_day(folders, name):
    project, found = oracle.Project(folders[name]), []
    days = days_of(project, 16 if name in ("flere-betalere", "fire-aar", "skaeve-perioder") else 6)
    for at, when in enumerate(days):
        for known_by in [None, *([when] if at % 3 == 0 else []), *([days[at // 2]] if at % 7 == 0 else [])]:
            figures = oracle.Figures(project, when, known_by).figures()
            said = said_by_budget(ask("budget", folders[name], "--json", *asked_at(when, known_by)))
            has_budget = "budget.version" in said
            assert has_budget == (figures["budget.version"] is not None)
            found += differences(
                f"{name} on {when}, known by {known_by}", figures, said, FAMILIES if has_budget else ()
            )

    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["thisted-nordthy", "flere-betalere", "fire-aar", "skaeve-perioder"])
def test_the_status_is_what_the_rules_make_of_the_files(folders, name):
    project, found = oracle.Project(folders[name]), []
    for when in days_of(project, 6)[::3]:
        said = said_by_status(ask("status", folders[name], "--json", "--as-of", when))
        figures = oracle.Figures(project, when).figures()
        if "budget.version" in said:
            found += differences(f"{name} on {when}", figures, said, ["budget.lines.", "milestones."])

    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", PROJECTS)
def test_the_facts_of_each_report_are_what_the_rules_make_of_the_files(folders, name):
    project, found, told = oracle.Project(folders[name]), [], 0
    for kind, since, when in reports_of(project):
        for known_by in [None, when + timedelta(40)]:
            figures = oracle.Figures(project, when, known_by, since).in_documents()
            said = said_by_facts(ask("explain", folders[name], "--kind", kind, "--json", *asked_at(when, known_by)))
            if kind != "status-report":
                said = {name: value for name, value in said.items() if not name.startswith("budget.late")}
            told += len(figures.keys() & said.keys())
            found += differences(
                f"{name}, {kind} of {when}, known by {known_by}", figures, said, ["budget.lines.", "budget.years."]
            )

    assert told > 600
    assert not found, "\n".join(found)


EXPLAINED = ["grant.awarded", "budget.spent", "budget.in_all.spent", "budget.in_all.years.2022.spent", "budget.total"]
EXPLAINED += ["budget.not_eligible", "budget.unallocated", "budget.waiting", "budget.variance", "budget.before"]
ACCOUNTS = ["other_income", "costs_total.actual", "year_ends.2022.used", "year_ends.2022.received", "to_repay"]


def adds_up(node):
    """Whether a tree's amount is what stands under it, all the way down."""
    plus, minus = node.get("plus", []), node.get("minus", [])
    under = sum(each["amount_oere"] for each in plus) - sum(each["amount_oere"] for each in minus)
    right = under == node.get("amount_oere") if plus or minus else True
    return right and all(adds_up(each) for each in [*plus, *minus, *node.get("because", [])])


@pytest.mark.parametrize("name", ["thisted-nordthy", "flere-betalere, others-first", "fire-aar", "skaeve-perioder"])
def test_an_explanation_adds_up_to_the_figure_that_the_rules_make(folders, name):
    project, found = oracle.Project(folders[name]), []
    kind, since, when = next(report for report in reports_of(project) if report[0] == "accounts")
    figures = oracle.Figures(project, when, since=since).in_documents()
    lines = [f"budget.lines.{line}.spent" for line in oracle.Figures(project, when).rows]
    for fact in EXPLAINED + lines + [f"accounts.{each}" for each in ACCOUNTS]:
        said = ask("explain", folders[name], fact, "--kind", kind, "--json", "--as-of", when)
        tree = said["explanation"]
        if {figures[fact]} != {said["amount_oere"], tree["amount_oere"]} or not adds_up(tree):
            found.append(
                f"{name} on {when}: {fact} is {figures[fact]} by the oracle, {tree['amount_oere']} as explained"
            )

    assert not found, "\n".join(found)


# ── documents ─────────────────────────────────────────────────────────────────────────────────────

MINUS = "\N{MINUS SIGN}"
COLUMNS = {"Budget": "budget", "Godkendt budget": "budget", "Forbrug før perioden": "before", "Afvigelse": "variance"}
COLUMNS |= {"Forbrug i perioden": "in_period", "Forbrug i alt": "spent", "Disponeret": "committed", "Rest": "remaining"}
OUTSIDE = {
    "Udgifter, der er udført i tilskudsperioden": "accounts.posted_outside",
    "Udgifter uden for tilskudsperioden": "accounts.allowed",
}
ROWS = {"I alt": "in_all", "Bogført i alt": "booked", "Ikke fordelt på budgetposter": "beside.unallocated"}
ROWS |= {"Før tilskudsperioden, afklares": "waiting_rows.before-period"}
ROWS |= {"Efter tilskudsperioden, afklares": "waiting_rows.after-period"}
ROWS |= {"På poster, som budgettet ikke har, afklares": "waiting_rows.dropped-line"}
FIRST = {"Tilskuddet betaler først": "grant-first", "De andre betaler først": "others-first"}
FIRST |= {"Alle betaler deres andel": "proportional"}


def cells_of(line):
    first, *amounts = [cell.strip(" *") for cell in line.strip().strip("|").split(" | ")]
    return [first, *(None if cell == "–" else cell for cell in amounts)]


def tables(page):
    """Every table of amounts on a Markdown page: its title, its headings, and its rows in øre."""
    for title, lines in re.findall(r"^Tabel \d+\. (.+, kr\.)\n\n((?:\|.*\n)+)", page, re.MULTILINE):
        headings, _, *rows = [cells_of(line) for line in lines.splitlines()]
        yield (
            title,
            headings,
            [[row[0], *(cell and oracle.oere(cell.replace(MINUS, "-")) for cell in row[1:])] for row in rows],
        )


def named(title, headings, rows, project, figures):
    """The amounts of a table under the names of the oracle's figures."""
    lines = {line.title: line.id for budget in project.budgets.values() for line in budget.lines}
    for row in rows:
        first, cells = row[0], dict(zip(headings[1:], row[1:], strict=True))
        if "efter budgetpost" in title:
            line = lines.get(first.removesuffix(" (ikke i budgettet)"))
            name = f"budget.{ROWS[first]}" if first in ROWS else f"budget.lines.{line}"
            for heading, value in cells.items():
                what = COLUMNS.get(heading) or f"years.{heading.removeprefix('Forbrug ')}.spent"
                beside = first not in ("I alt",) and name not in {f"budget.lines.{line}"}
                if value is not None or not (beside and what in ("budget", "variance", "committed")):
                    yield f"{name}.{what}", value
        elif title.startswith("Bogført, men ikke regnet med"):
            yield ("budget.waiting" if first == "I alt" else f"budget.{ROWS[first]}.spent"), cells["Beløb"]
        elif title.startswith("Finansiering og udgifter"):
            what = {"Udgifter i alt": "costs_total.actual", "Finansiering i alt": "costs_total.actual"}.get(first)
            payer = PAYERS.get(first, first.removeprefix("Medfinansiering: "))
            what = what or (f"costs.{COSTS[first]}" if first in COSTS else f"financing.{payer}")
            if first != "Finansiering i alt" or cells["Regnskab"] is not None:
                yield f"accounts.{what}", cells["Regnskab"]
        elif title.startswith("Tilskuddet ved hvert års udgang"):
            for value, what in zip(cells.values(), ("received", "used", "unused"), strict=True):
                yield f"accounts.year_ends.{first[-4:]}.{what}", value
        elif title.startswith("Opgørelsen efter"):
            for value, what in zip(cells.values(), ("covered", "unspent", "to_repay", "to_receive"), strict=True):
                yield f"accounts.outcomes.{FIRST[first]}.{what}", value
    if title.startswith("Modtaget tilskud"):
        yield "instalments", [row[1] for row in rows]
    elif title.startswith("Opgørelse af tilskuddet"):
        yield "steps", [row[1] for row in rows]
    for beginning, figure in OUTSIDE.items():
        if title.startswith(beginning):
            *parts, whole = [row[1] for row in rows]
            yield figure, sorted(parts)
            yield f"{figure}_total", whole


def in_documents(figures):
    """The figures, and the lists that whole tables are."""
    instalments = [value for name, value in figures.items() if re.fullmatch(r"accounts\.received\.\d+\.amount", name)]
    steps = [value for name, value in figures.items() if name.endswith(".steps")]
    extra = {"instalments": [*instalments, figures["grant.received"]]}
    return figures | extra | {"steps": [amount for _, amount in steps[0]] if len(steps) == 1 else None}


def written(folder, kind, when, out):
    words = ["render", folder, REPORTS[kind], "--draft", "--as-of", when, "--format", "md", "--out", out]
    answer = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    [page] = out.glob("*.md")
    return page.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")


TABLES = {"status-report": 1, "final-report": 1, "accounts": 5}  # how many of them there are at least


@pytest.mark.parametrize("name", [name for name in PROJECTS if name not in ("flere-betalere", "skaeve-perioder")])
def test_the_tables_of_each_document_are_what_the_rules_make_of_the_files(folders, name, tmp_path):
    project, found = oracle.Project(folders[name]), []
    first_of_kind = {kind: (since, when) for kind, since, when in reports_of(project)}
    for kind, (since, when) in first_of_kind.items():
        page = written(folders[name], kind, when, tmp_path / kind)
        figures = in_documents(oracle.Figures(project, when, since=since).in_documents())
        told = 0
        for title, headings, rows in tables(page):
            said = list(named(title, headings, rows, project, figures))
            told += bool(said)
            where = f"{name}, {kind} of {when}, {title}"
            found += [line for figure in said for line in differences(where, figures, dict([figure]), [])]
            if "efter budgetpost" in title:
                missing = heads(figures, "budget.lines.") ^ heads(dict(said), "budget.lines.")
                found += [f"{where}: budget.lines.{line} is told by only one of the two" for line in missing]
        used = oracle.percent(figures["budget.spent"], figures["budget.total"])
        if kind != "accounts" and used not in page:
            found.append(f"{name}, {kind} of {when}: {used} of the budget is used by the oracle, and not in the text")
        without = kind == "accounts" and figures["grant.awarded"] is None  # then no year's end has a row
        assert told >= TABLES[kind] - without

    assert not found, "\n".join(found)


# ── the smallest projects for what the ugly ones do not have ───────────────────────────────────────

PLAN = """\
title: Lille
municipality: Vejle
synthetic: true
project_period: {starts: 2022-01-01, ends: 2022-12-31}
grant: {applied: 1.000 kr., awarded: 1.000 kr.}
purpose: At vise ét sted, hvor de to ikke er enige.
target_group: Regnestykker.
reports:
  - {kind: status-report, period_starts: 2022-01-01, period_ends: 2022-06-30}
  - {kind: status-report, period_ends: 2022-09-30}
  - {kind: final-report, period_starts: 2022-03-01, period_ends: 2022-12-31}
"""
PAYERS_TOO = """\
funding:
  - {kind: own, title: Egne timer, amount: 300 kr.}
  - {id: fonden, kind: co, title: En fond, amount: 200 kr.}
terms:
  - {id: payer-order, text: Alle betaler deres andel., payers: proportional}
"""
RULES = 'rules:\n  - {account: "86", grant_income: true}\n  - {account: "1", line: a}\n'
RULES_TOO = '  - {account: "87", other_income: fonden}\n'


def logged(kind, day, rest=""):
    return f"- {{kind: {kind}, happened: {day}, recorded: {day}{rest and ', '}{rest}}}\n"


AWARDED, APPLIED = (logged(kind, "2021-12-01", "amount: 1.000 kr.") for kind in ("awarded", "applied"))
CHANGED = logged("change-approved", "2022-05-01", "change: budget, budget: 2022-05-01-change")
CHANGED_BACK = logged("change-approved", "2022-06-01", "change: budget, budget: 2021-12-01-award")
ORDERED = logged("ordered", "2022-02-01", "line: a, amount: 70 kr.")
REPAID = logged("repaid", "2022-09-01", "amount: 50 kr.")
COST, BACK = ("2022-02-01", "1", "100,00"), ("2022-09-01", "86", "50,00")
ALL = "[{id: a, title: A, amount: 1.000 kr., by_year: {2022: 1.000 kr.}}]"
HALF = "[{id: a, title: A, amount: 500 kr.}, {id: b, title: B, amount: 500 kr., was: {a: 50 pct.}}]"
OTHER = "[{id: b, title: B, amount: 1.000 kr.}]"
RENAMED = "[{id: b, title: B, amount: 1.000 kr., was: a}]"
APPLICATION, AWARD, CHANGE = "2021-11-01-application", "2021-12-01-award", "2022-05-01-change"
MORE_BUDGETS = {AWARD: ALL, "2022-03-01-application": OTHER}
MORE, MORE_AWARDED = (
    logged(kind, day, "amount: 1.000 kr.") for kind, day in (("applied", "2022-03-01"), ("awarded", "2022-05-01"))
)
NEW_LINE, NEW_NAME = {AWARD: ALL, CHANGE: OTHER}, {AWARD: ALL, CHANGE: RENAMED}


def tiny(folder, budgets, log=AWARDED, postings=(COST,), rules=RULES, plan=PLAN, imported="2022-10-01"):
    """The smallest project that shows a difference, in a folder."""
    rows = [f"{day};{at};1;{account};1;1;Bilag;{amount}\n" for at, (day, account, amount) in enumerate(postings, 1)]
    text = "posted;voucher;line;account;cost_centre;wbs_element;text;amount\n" + "".join(rows)
    digest = hashlib.sha256(text.encode()).hexdigest()
    file = f"postings/{imported}-opus-{digest[:8]}.csv"
    files = {"events.yaml": log, "allocation.yaml": rules, "project.yaml": plan}
    if imported:
        files[file] = text
        files["events.yaml"] += logged(
            "imported", imported, f"file: {file}, ends: {imported}, digest: 'sha256:{digest}'"
        )
    for name, lines in budgets.items():
        files[f"budgets/{name}.yaml"] = f"stage: {name.rpartition('-')[2]}\nlines: {lines}\n"
    for name, wrote in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(wrote, encoding="utf-8", newline="\n")
    return folder


TWO_YEARS = PLAN.replace("ends: 2022-12-31}\n", "ends: 2023-12-31}\n", 1)
SHARED = TWO_YEARS.replace("1.000 kr.", "500 kr.") + PAYERS_TOO


def left_in_part(answer, plan=TWO_YEARS, awarded=AWARDED, more=""):
    """A project whose first year leaves 200 kr., of which 150 kr. are asked for or answered."""
    lines = "[{id: a, title: A, amount: 1.000 kr., by_year: {2022: 600 kr., 2023: 400 kr.}}]"
    carried = logged(f"change-{answer}", "2023-02-01", f"change: carry-over, year: 2022, amount: 150 kr.{more}")
    return {
        "budgets": {AWARD: lines},
        "log": awarded + logged("instalment-received", "2022-01-10", "amount: 500 kr.") + carried,
        "postings": [("2022-02-01", "1", "400,00"), ("2023-02-01", "1", "580,00")],
        "plan": plan,
        "imported": "2024-01-15",
    }


# A day and the smallest project for what the ugly ones do not have.
SMALLEST = {
    "an order on a line that is gone has a row": (
        "2022-06-30",
        {"budgets": NEW_LINE, "log": AWARDED + ORDERED + CHANGED},
    ),
    "a cost that is allowed on a line of a later budget has a row before it": (
        "2022-03-01",
        {"budgets": NEW_LINE, "log": AWARDED + CHANGED, "rules": RULES.replace("line: a", "line: b, allowed: Et brev")},
    ),
    "a line of an application that nobody logged is carried on whole": (
        "2022-06-30",
        {"budgets": {APPLICATION: ALL, AWARD: RENAMED}},
    ),
    "the award's shares wait until the award is in force": (
        "2022-06-30",
        {"budgets": {APPLICATION: ALL, AWARD: HALF}, "log": APPLIED},
    ),
    "the award's shares are used once when the application is logged too": (
        "2022-06-30",
        {"budgets": {APPLICATION: ALL, AWARD: HALF}, "log": APPLIED + AWARDED},
    ),
    "a repayment that only the books have hides no instalment of the log": (
        "2022-09-30",
        {
            "budgets": {AWARD: ALL},
            "log": AWARDED + logged("instalment-received", "2022-01-10", "amount: 500 kr."),
            "postings": [COST, BACK],
        },
    ),
    "what a payer pays beyond the promise is nobody's promise": (
        "2022-12-31",
        {
            "budgets": {AWARD: ALL},
            "log": logged("awarded", "2021-12-01", "amount: 500 kr."),
            "postings": [("2022-02-01", "1", "900,00"), ("2022-03-01", "87", "-300,00")],
            "rules": RULES + RULES_TOO,
            "plan": PLAN.replace("1.000 kr.", "500 kr.") + PAYERS_TOO,
        },
    ),
    "a budget that is named by a deadline is the application's from the day that it was sent": (
        "2021-11-01",
        {
            "budgets": {"2021-12-01-application": ALL},
            "log": "",
            "plan": PLAN.replace("applied: 1.000 kr.", "applied: 1.000 kr., applied_on: 2021-10-29"),
        },
    ),
    "a participant's fee in a year that is not carried over leaves one settlement where nobody else pays": (
        "2023-12-31",
        {
            "budgets": {AWARD: "[{id: a, title: A, amount: 400 kr., by_year: {2022: 200 kr., 2023: 200 kr.}}]"},
            "log": logged("awarded", "2021-12-01", "amount: 400 kr.")
            + logged("change-refused", "2023-03-01", "change: carry-over, year: 2022"),
            "postings": [("2022-02-01", "1", "170,00"), ("2022-03-01", "87", "-4,00"), ("2023-02-01", "1", "230,00")],
            "rules": RULES + "  - {account: '87', other_income: true}\n",
            "plan": PLAN.replace("1.000 kr.", "400 kr.").replace("2022-12-31", "2023-12-31"),
            "imported": "2024-01-10",
        },
    ),
    "more is awarded on the budget that it was applied for with": (
        "2022-12-31",
        {"budgets": MORE_BUDGETS, "log": AWARDED + MORE + MORE_AWARDED},
    ),
    "more that was declined and then awarded leaves the award its budget": (
        "2022-12-31",
        {"budgets": MORE_BUDGETS, "log": AWARDED + MORE + logged("rejected", "2022-04-01") + MORE_AWARDED},
    ),
    "what is awarded anew after a closing has the budget that it had": (
        "2022-12-31",
        {"budgets": {AWARD: ALL}, "log": AWARDED + logged("closed", "2022-04-01") + MORE_AWARDED},
    ),
    "a budget written down after two awards is of the second": (
        "2022-12-31",
        {"budgets": {"2022-05-05-award": ALL}, "log": AWARDED + MORE_AWARDED},
    ),
    "a second award finds the budget that was written down after it": (
        "2022-12-31",
        {"budgets": {AWARD: ALL, "2022-05-05-award": OTHER}, "log": AWARDED + MORE_AWARDED},
    ),
    "what a later award brings is not an earlier one's": (
        "2022-03-31",
        {"budgets": {APPLICATION: ALL, "2022-05-01-award": OTHER}, "log": APPLIED + AWARDED + MORE_AWARDED},
    ),
    "what a later award names is not an earlier one's": (
        "2022-03-31",
        {
            "budgets": {APPLICATION: ALL, "2022-04-28-award": OTHER},
            "log": APPLIED + AWARDED + MORE_AWARDED.replace("}", ", budget: 2022-04-28-award}"),
        },
    ),
    "an application has the budget that was written down some days after it": (
        "2022-12-31",
        {"budgets": {AWARD: ALL, "2022-03-05-application": OTHER}, "log": AWARDED + MORE + MORE_AWARDED},
    ),
    "a line that is there again has its costs back": (
        "2022-12-31",
        {"budgets": NEW_NAME, "log": AWARDED + CHANGED + CHANGED_BACK},
    ),
    "a line that another award has again has its costs back": (
        "2022-12-31",
        {
            "budgets": {**NEW_NAME, "2022-06-01-award": ALL},
            "log": AWARDED + CHANGED + logged("awarded", "2022-06-01", "amount: 1.000 kr."),
        },
    ),
    "a grant that is closed before it begins pays nothing": (
        "2022-12-31",
        {
            "budgets": {AWARD: ALL},
            "log": AWARDED
            + logged("closed", "2021-12-20")
            + logged("instalment-received", "2021-12-10", "amount: 500 kr."),
        },
    ),
    "a grant that is closed before it begins is settled without the books": (
        "2022-12-31",
        {
            "budgets": {AWARD: ALL},
            "log": AWARDED
            + logged("closed", "2021-12-20")
            + logged("instalment-received", "2021-12-10", "amount: 500 kr."),
            "imported": None,
        },
    ),
    "of a grant that is closed no more is expected than was spent of a budget that has hardly begun": (
        "2022-12-31",
        {
            "budgets": {AWARD: ALL},
            "log": AWARDED + logged("closed", "2022-12-20"),
            "postings": [("2022-02-01", "1", "50,00")],
        },
    ),
    "the last year's end is the year's, though the period ends before it": (
        "2022-12-31",
        {
            "budgets": {AWARD: ALL},
            "log": AWARDED + logged("instalment-received", "2022-11-01", "amount: 500 kr."),
            "plan": PLAN.replace("2022-01-01, ends: 2022-12-31", "2022-01-01, ends: 2022-09-30"),
        },
    ),
    "of what a year left a part is approved": ("2024-01-01", left_in_part("approved")),
    "of what a year left a part is asked for and not answered": ("2024-01-01", left_in_part("requested")),
    "of what a year left a part is refused, and so is all": ("2024-01-01", left_in_part("refused")),
    "of what a year left a part is approved by the council only": (
        "2024-01-01",
        left_in_part("approved", TWO_YEARS + "fund: faste-teams-2021\n", more=", by: Byrådet"),
    ),
    **{
        f"of what a year left a part is approved, {order}": (
            "2024-01-01",
            left_in_part("approved", SHARED.replace("proportional", order), AWARDED.replace("1.000", "500")),
        )
        for order in oracle.ORDERS
    },
}


@pytest.mark.parametrize("case", SMALLEST)
def test_the_budget_of_the_smallest_project_is_what_the_rules_make_of_it(case, tmp_path):
    when, files = SMALLEST[case]
    folder = tiny(tmp_path, **files)
    figures = oracle.Figures(oracle.Project(folder), date.fromisoformat(when)).figures()
    said = said_by_budget(ask("budget", folder, "--json", "--as-of", when))

    found = differences(case, figures, said)
    assert not found, "\n".join(found)


# A fact, the kind of document, its day and the smallest project.
SMALL_FACTS = {
    "budget.lines.b.committed": ("status-report", "2022-06-30", NEW_NAME, AWARDED + ORDERED + CHANGED, (COST,)),
    "budget.remaining": ("status-report", "2022-06-30", NEW_NAME, AWARDED + ORDERED + CHANGED, (COST,)),
    "grant.received": (
        "status-report",
        "2022-09-30",
        {AWARD: ALL},
        AWARDED + REPAID,
        (("2022-01-10", "86", "-500,00"), BACK),
    ),
}


@pytest.mark.parametrize("fact", SMALL_FACTS)
def test_an_explanation_ends_in_the_figure_that_the_document_has(fact, tmp_path):
    kind, when, budgets, log, postings = SMALL_FACTS[fact]
    folder = tiny(tmp_path, budgets, log, postings)
    figures = oracle.Figures(oracle.Project(folder), date.fromisoformat(when)).figures()
    said = ask("explain", folder, fact, "--kind", kind, "--json", "--as-of", when)

    assert figures[fact] == said["amount_oere"] == said["explanation"]["amount_oere"]


def reported(folder, kind, when, since, last_known=None):
    figures = oracle.Figures(
        oracle.Project(folder), date.fromisoformat(when), since=date.fromisoformat(since)
    ).in_documents()
    return figures, said_by_facts(ask("explain", folder, "--kind", kind, "--json", "--as-of", when))


def test_late_costs_are_those_that_came_after_the_report_was_sent_whenever_that_was_noted(tmp_path):
    sent = "- {kind: submitted, happened: 2022-08-25, recorded: 2022-08-27, issued: 2022-06-30-status-report-v1, to: S}"
    tiny(tmp_path, {AWARD: ALL}, f"{AWARDED}{sent}\n", imported="2022-08-26")
    figures, said = reported(tmp_path, "status-report", "2022-09-30", "2022-07-01")
    late = {f"budget.late.{name}" for name in ("sent", "known", "late", "otherwise")}

    assert (said["budget.late.sent"], said["budget.late.late"]) == (date(2022, 8, 25), 10000)
    assert {name: said.get(name) for name in late} == {name: figures[name] for name in late}


def test_a_final_reports_period_begins_as_the_award_letter_says(tmp_path):
    figures, said = reported(tiny(tmp_path, {AWARD: ALL}), "final-report", "2022-12-31", "2022-03-01")

    assert said["budget.before"] == figures["budget.before"]
