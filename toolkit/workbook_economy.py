"""The workbook's settlement, each outcome beside the others, and the whole economy, inside the grant and outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from toolkit.core.economy import BalanceRow, BalanceWhat
from toolkit.core.money import NOTHING, kroner
from toolkit.core.plan import Funding
from toolkit.core.settlement import BEFORE, Outcome, Sum, What
from toolkit.core.words import BALANCE, CARRY_OVERS, FUNDING, PAYERS, POSTED, ROWS, STEPS, word
from toolkit.documents.danish import listed, long_date, months, short_date
from toolkit.workbook_frame import ECONOMY, HEAD, PAYER, SETTLEMENT, UNNAMED, Frame, kr, quoted
from toolkit.writers.sheet import Cell, Row, Sheet, cell

NOT_SETTLED = "Ikke afklaret"  # what depends on who pays first
NOT_KNOWN = "Ikke kendt"

# Steps that the terms decide: no posting that is corrected in the workbook changes them.
_BY_TERMS: tuple[What, ...] = (
    *("income-left", "others-pay", "not-covered", "not-carried-over", "not-yet-carried-over"),
)


# ── the settlement ───────────────────────────────────────────────────────────────────────────


def settlement_sheet(frame: Frame, received: str) -> tuple[Sheet, str]:
    """Year by year and at the end: each result the sum of the steps above it, each outcome in a column of its own.

    Beside the sheet, where it has what the grant covers; nowhere while that is open.
    """
    rows = [Row((text,), "notice") for text in _not_final(frame)]
    covered = ""
    if frame.is_known:
        _years(frame, rows)
    if frame.is_known or frame.settlement.outcomes:
        covered = _outcomes(frame, rows, received)
    sheet = Sheet(
        name=SETTLEMENT,
        widths=(60, *(26,) * max(1, len(frame.settlement.outcomes))),
        rows=frame.page("Opgørelse", ("Trin", "Beløb"), rows),
        head=HEAD,
    )
    return sheet, f"'{SETTLEMENT}'!{covered}" if covered else ""


def _not_final(frame: Frame) -> Iterator[str]:
    """Why no outcome is final yet."""
    settlement, reach = frame.settlement, frame.economy.reach
    ends = frame.state.plan.cost_period.ends
    if settlement.outcomes and not settlement.is_awarded:
        if not settlement.is_final:
            yield "Opgørelsen er foreløbig: bogføringen er ikke kendt til dagen."
        return
    if not frame.is_known:
        yield "Der er ingen opgørelse, før forbruget kendes."
        return
    if settlement.waits:
        yield "Opgørelsen er foreløbig: der mangler svar i allocation.yaml på det, der står nederst på arket."
    if settlement.outcome and settlement.outcome.hangs_on_carry_over:
        years = ", ".join(map(str, settlement.pending))
        yield f"Opgørelsen er foreløbig: der er ikke svaret på at overføre det, der er tilbage fra {years}."
    if len(settlement.outcomes) > 1:
        yield "Opgørelsen er foreløbig: vilkårene siger ikke, hvem der betaler først. Spørg tilskudsyder."
    if settlement.outcomes and reach.lacks_costs_until(ends):
        yield f"Opgørelsen er foreløbig: forbruget er ikke kendt til og med den {long_date(ends)}."
    if settlement.outcomes and frame.economy.gaps:
        yield f"Opgørelsen er foreløbig: ingen import dækker {months(frame.economy.gaps)}."
    if frame.economy.extended_to:
        yield f"Tilskudsperioden slutter nu den {long_date(frame.economy.extended_to)}: den gøres op da."


def _years(frame: Frame, rows: list[Row]) -> None:
    left = ""
    for year in frame.settlement.years:
        points: dict[What, str] = {
            "budget": f"'{year.year}'!C{frame.lines_row}",
            "spent": _spent_of_budget(frame, year.year),
            **dict.fromkeys(BEFORE, left),
        }
        rows.append(Row((str(year.year), None), "part"))
        (left,) = _steps(rows, [year.sum], [points])
        if year.carry_over:
            part = f": {kroner(year.part)} kr. af {kroner(year.left)} kr." if year.part is not None else ""
            rows.append(Row((word(CARRY_OVERS, year.carry_over).text + part,), "note"))
        if year.part is not None:
            left = f"MIN({left},{int(year.part) / 100:.2f})"
        rows.append(Row(()))


def _spent_of_budget(frame: Frame, year: int) -> str:
    """The year's spending below zero: all of it, or that of the lines that are held against the year's budget."""
    lines = next(each.lines for each in frame.economy.years if each.year == year)
    if all(each.is_of_year for each in lines):
        return f"-'{year}'!P{frame.lines_row}"
    rows = (number for number, each in enumerate(lines, frame.first) if each.is_of_year)
    return "".join(f"-'{year}'!P{number}" for number in rows)


def _outcomes(frame: Frame, rows: list[Row], received: str) -> str:
    settlement = frame.settlement
    outcomes = settlement.outcomes
    covered = ""
    if outcomes:
        names = [None] if settlement.outcome else [word(PAYERS, each.payers).text for each in outcomes]
        heading = "Ved projektets afslutning" if settlement.is_awarded else _not_awarded(frame)
        rows.append(Row((heading, *names), "part"))
        income = frame.on_overview(frame.beside["other-income"])
        points: list[dict[What, str]] = [
            {"spent-on-lines": frame.on_overview(frame.lines_row), "other-income": income, "received": received}
            for _each in outcomes
        ]
        for sums in zip(*(each.sums for each in outcomes), strict=True):
            results = _steps(rows, sums, points)
            for each, point in zip(results, points, strict=True):
                point[sums[0].result.what] = each
                if sums[0].result.what == "covered":
                    point["covered"] = f"-{each}"
                    covered = each if settlement.outcome else ""
            rows.append(Row(()))
        rows += _claims(outcomes, [point["balance"] for point in points], settlement.pending)
        rows += [Row((text,), "note") for text in _rules(frame)]
    rows += _waiting(frame)
    return covered


def _steps(rows: list[Row], sums: Iterable[Sum], points: Iterable[Mapping[What, str]]) -> list[str]:
    """Write the steps of sums beside each other, and below them what they come to; the answer is where that stands.

    A step that one of them lacks is nothing there.
    """
    sums, points = list(sums), list(points)
    first = HEAD + len(rows) + 1
    for what, year in _in_order(sums):
        cells: list[Cell] = []
        for each, point in zip(sums, points, strict=True):
            step = next((step for step in each.terms if (step.what, step.year) == (what, year)), None)
            cells.append(kr(step.amount, point.get(what, "")) if step else None)
        rows.append(Row((_said(what, year), *cells)))
    last = HEAD + len(rows)
    results = [
        kr(each.result.amount, f"ROUND(SUM({cell(number, first)}:{cell(number, last)}),2)")
        for number, each in enumerate(sums, 2)
    ]
    rows.append(Row((_said(sums[0].result.what, sums[0].result.year), *results), "total"))
    return [cell(number, HEAD + len(rows)) for number in range(2, 2 + len(sums))]


def _in_order(sums: Iterable[Sum]) -> list[tuple[What, int | None]]:
    """Every step that any of the sums has, once; each sum has its own in this order."""
    found: list[tuple[What, int | None]] = []
    for each in sums:
        at = 0
        for step in each.terms:
            key = (step.what, step.year)
            if key not in found[at:]:
                found.insert(at, key)
            at = found.index(key, at) + 1
    return found


def _said(what: What, year: int | None) -> str:
    return word(STEPS, what, year=year).text


def _claims(outcomes: Iterable[Outcome], balances: Iterable[str], pending: Iterable[int]) -> Iterator[Row]:
    """Who owes whom, in each outcome."""
    both = list(zip(outcomes, balances, strict=True))
    to_repay = (kr(each.to_repay, "" if each.is_dropped else f"MAX({balance},0)") for each, balance in both)
    yield Row(("Skal betales tilbage til tilskudsyder", *to_repay), "total")
    yield Row(
        (
            "Til gode hos tilskudsyder",
            *(kr(each.to_receive, f"MAX(-{balance},0)") for each, balance in both),
        ),
        "total",
    )
    if any(each.is_dropped for each, _balance in both):
        dropped = ("Bortfalder" if each.is_dropped else "" for each, _balance in both)
        yield Row(("Bagatelgrænsen", *dropped))
    if any(each.receive_if_carried != each.to_receive for each, _balance in both):
        words = f"Til gode hos tilskudsyder, hvis overførslen fra {listed(map(str, pending))} godkendes"
        yield Row((words, *(kr(each.receive_if_carried) for each, _balance in both)))
    if any(each.if_carried != each.to_repay for each, _balance in both):
        words = f"Skal betales tilbage, hvis overførslen fra {listed(map(str, pending))} godkendes"
        yield Row((words, *(kr(each.if_carried) for each, _balance in both)))


def _not_awarded(frame: Frame) -> str:
    """Why the grant covers nothing."""
    refused = frame.state.grant.refused_on if frame.state.grant else None
    return f"Afslag {long_date(refused)}" if refused else "Tilskuddet er ikke bevilget"


def _rules(frame: Frame) -> Iterator[str]:
    if not frame.settlement.is_awarded:
        yield "Tilskuddet dækker intet: det, der er modtaget, skal betales tilbage."
        return
    payers, floor = frame.settlement.payers, frame.settlement.floor
    if payers:
        yield payers.text
        yield f"Kilde: {payers.reference}"
    if floor:
        yield floor.text if floor.is_letters else f"{floor.text} Tilskudsbrevet går forud."
        yield f"Kilde: {floor.reference}"
    else:
        yield "Puljens vilkår nævner ingen bagatelgrænse."
    steps = (step.what for each in frame.settlement.outcomes for sum in each.sums for step in sum.terms)
    if any(what in _BY_TERMS for what in steps):
        yield "Hvad andre betaler, og hvad der ikke dækkes, følger vilkårene og ikke rettelser i arket."


def _waiting(frame: Frame) -> Iterator[Row]:
    """What must be answered first: it is counted in no step above."""
    waits = list(frame.waiting.values())
    unallocated = frame.table.unallocated
    if unallocated:
        waits.append((frame.unallocated_row, unallocated))
    if waits:
        yield Row(())
        yield Row(("Afventer svar og er ikke talt med ovenfor", None), "part")
    for number, row in waits:
        yield Row((word(ROWS, row.what).text, kr(row.spent, frame.on_overview(number))))


# ── the whole economy ────────────────────────────────────────────────────────────────────────


def whole_economy(frame: Frame, covered: str) -> Sheet:
    """What was paid for and who paid it, the grant at each year's end, and what each payer promised and paid."""
    rows: list[Row] = []
    paid = _costs(frame, rows)
    _financing(frame, rows, paid, covered)
    _allowed(frame, rows)
    _posted_outside(frame, rows)
    _year_ends(frame, rows)
    _payers(frame, rows)
    return Sheet(
        name=ECONOMY,
        widths=(60, 22, 22, 22),
        rows=frame.page("Hele projektets økonomi", ("Udgifter og finansiering", "Budget", "Regnskab", None), rows),
        head=HEAD,
    )


def _costs(frame: Frame, rows: list[Row]) -> str:
    """What was paid for; where its sum stands is the answer."""
    balance = frame.economy.balance
    places: dict[BalanceWhat, int] = {
        "lines": frame.lines_row,
        "unallocated": frame.unallocated_row,
        "not-eligible": frame.beside["not-eligible"],
    }
    for what, (number, _row) in frame.waiting.items():
        places[what] = number
    rows.append(Row(("Udgifter", None, None), "part"))
    first = HEAD + len(rows) + 1
    for row in balance.costs:
        at = places.get(row.what)
        promised = None if row.budget is None else kr(row.budget, frame.on_overview(at, 3) if at else "")
        rows.append(Row((_titled(row), promised, frame.spent(row.actual, frame.on_overview(at)) if at else None)))
    last = HEAD + len(rows)
    budget, actual = (f"SUM({cell(number, first)}:{cell(number, last)})" for number in (2, 3))
    rows.append(Row(("Udgifter i alt", kr(balance.cost_budget, budget), frame.spent(balance.cost, actual)), "total"))
    rows.append(Row(()))
    return cell(3, last + 1)


def _financing(frame: Frame, rows: list[Row], paid: str, covered: str) -> None:
    """Who paid: what the municipality pays itself is what nobody else did, so both sides are the same."""
    balance = frame.economy.balance
    rows.append(Row(("Finansiering", None, None), "part"))
    first = HEAD + len(rows) + 1
    last = HEAD + len(rows) + len(balance.financing)
    for number, row in enumerate(balance.financing, first):
        others = f"-SUM(C{first}:C{number - 1})" if number > first else ""
        formula = f"ROUND({paid}{others},2)" if row.what == "own" else _financed_by(frame, row, covered)
        promised = None if row.budget is None else kr(row.budget)
        rows.append(Row((_titled(row), promised, _or_why_not(frame, row, formula))))
    budget, actual = (f"SUM({cell(number, first)}:{cell(number, last)})" for number in (2, 3))
    financed = NOT_SETTLED if balance.financed is None else frame.spent(balance.financed, actual)
    rows.append(
        Row(("Finansiering i alt", kr(balance.financing_budget, budget), financed if frame.is_known else None), "total")
    )
    if frame.is_known and balance.financed is None:
        rows.append(Row(("Hvad tilskuddet betaler, afhænger af, hvem der betaler først: se opgørelsen.",), "note"))


def _financed_by(frame: Frame, row: BalanceRow, covered: str) -> str:
    match row.what:
        case "grant":
            return covered
        case "co":
            return _paid_by(frame, row.funding)
        case "unnamed":
            return f"-{frame.picked('other-income', {PAYER: quoted(UNNAMED)})}"
    return ""


def _paid_by(frame: Frame, funding: Funding | None) -> str:
    return f"-{frame.picked('other-income', {PAYER: quoted(funding.id)})}" if funding and funding.id else ""


def _or_why_not(frame: Frame, row: BalanceRow, formula: str) -> Cell:
    """What came of it; where nobody can know, why not."""
    if not frame.is_known:
        return None
    if row.what in ("unassigned", "unstated"):
        return None
    if row.actual is None:
        return NOT_KNOWN if row.what == "co" else NOT_SETTLED
    return frame.spent(row.actual, formula)


def _titled(row: BalanceRow) -> str:
    return word(BALANCE, row.what, title=row.funding.title if row.funding else "").text


def _allowed(frame: Frame, rows: list[Row]) -> None:
    """What counts above though it fell outside the period or on a dropped line, by whoever allowed it."""
    allowed = frame.economy.allowed
    if allowed:
        heading = "Uden for tilskudsperioden eller budgettets poster, men tilladt af"
        rows += [Row(()), Row((heading, None, "Beløb"), "part")]
        rows += [Row((each.by, None, kr(each.amount))) for each in allowed]
        rows.append(Row(("Regnet med ovenfor, i udgifterne på budgetposterne.",), "note"))


def _posted_outside(frame: Frame, rows: list[Row]) -> None:
    """What counts above though the books have it on a day outside the period."""
    outside = frame.economy.posted_outside
    if outside:
        rows += [Row(()), Row(("Udført i tilskudsperioden, men bogført uden for den", None, "Beløb"), "part")]
        rows += [Row((word(POSTED, each.side).text, None, kr(each.amount))) for each in outside]
        rows.append(Row(("Regnet med ovenfor, i udgifterne på budgetposterne.",), "note"))


def _year_ends(frame: Frame, rows: list[Row]) -> None:
    if not frame.economy.year_ends:
        return
    rows += [Row(()), Row(("Tilskuddet ved årets udgang", "Modtaget", "Brugt", "Modtaget og endnu ikke brugt"), "part")]
    for row, each in enumerate(frame.economy.year_ends, HEAD + len(rows) + 1):
        used: Cell = NOT_SETTLED if each.used is None else kr(each.used)
        unused: Cell = NOT_SETTLED if each.unused is None else kr(each.unused, f"ROUND(B{row}-C{row},2)")
        told = (used, unused) if each.known else (NOT_KNOWN, NOT_KNOWN)
        rows.append(Row((short_date(each.day), kr(each.received), *told)))
    rows.append(Row(("Alle år til og med årets udgang, efter fradrag af det, der er betalt tilbage.",), "note"))


def _payers(frame: Frame, rows: list[Row]) -> None:
    """What each payer beside the grant promised, and what the books have of it."""
    income = frame.economy.income
    if not income.payers and income.amount == NOTHING:
        return
    rows += [Row(()), Row(("Egen- og medfinansiering", "Lovet", "Bogført", None), "part")]
    first = HEAD + len(rows) + 1
    for each in income.payers:
        realised: Cell = (
            NOT_KNOWN if each.realised is None else frame.spent(each.realised, _paid_by(frame, each.funding))
        )
        title = f"{word(FUNDING, each.funding.kind)}: {each.funding.title}"
        rows.append(Row((title, kr(each.funding.amount), realised)))
    if income.unnamed != NOTHING:
        unnamed = f"-{frame.picked('other-income', {PAYER: quoted(UNNAMED)})}"
        rows.append(Row(("Betaler ikke nævnt", None, frame.spent(income.unnamed, unnamed))))
    last = HEAD + len(rows)
    promised, realised_sum = (f"SUM({cell(number, first)}:{cell(number, last)})" for number in (2, 3))
    rows.append(Row(("I alt", kr(income.promised, promised), frame.spent(income.amount, realised_sum)), "total"))
    if any(payer.realised is None for payer in income.payers):
        words = "Ikke kendt: egne penge bogføres ikke som indtægt, og en indtægt uden betaler kan være enhvers."
        rows.append(Row((words,), "note"))
