"""Makes docs/funds.md, every fund with what it asks and how well that is known: `python -m docs.funds`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from docs.page import DOCS, table, write
from toolkit.core.checks.grounds import GROUNDS
from toolkit.core.fund import Fund, Provision, Round, SourcedAmount, SourcedDay, Term
from toolkit.core.records import Id
from toolkit.core.words import STANDINGS
from toolkit.documents.danish import day_and_hour, kr, long_date, number
from toolkit.readers import shelf
from toolkit.readers.plan import read_fund
from toolkit.readers.shelf import TEMPLATES

PAGE = DOCS / "funds.md"

_HEAD = """# Puljerne

Hver pulje er en fil i `templates/funds/`; [recipes/new-fund.md](recipes/new-fund.md) viser, hvordan en ny kommer til.
"Kendt fra" siger, hvor godt noget er kendt. "Holdes af" siger, hvilke fejl, advarsler og bemærkninger `pulje check`
holder en oplysning, en runde eller et vilkår med; – er, hvad kontrollen ikke ser på. **Tilskudsbrevet går forud for alt
her, og frister for rapporter står kun dér.**

Siden er lavet af `python -m docs.funds` ud fra filerne.
"""


def main() -> None:
    """Write the page anew."""
    write(PAGE, page())


def page() -> str:
    """The page, each fund with its own words alone: what it extends is linked to."""
    files = sorted((TEMPLATES / "funds").glob("*.yaml"))
    funds = [read_fund(path.read_text(encoding="utf-8"), path.name, path.stem, []) for path in files]
    known = {fund.id: fund for fund in funds if fund}
    return "\n".join([_HEAD, *(part for fund in known.values() for part in _fund(fund, known))])


def _fund(fund: Fund, known: Mapping[Id, Fund]) -> Iterator[str]:
    yield f"## {fund.title}\n\n`{fund.id}`: {fund.purpose}\n"
    if facts := tuple(_facts(fund)):
        yield table(("oplysning", "værdi", "holdes af"), facts)
    if rounds := tuple(map(_round, fund.rounds)):
        yield table(("Ansøgningsrunde", "frist", "ellers", "kendt fra", "holdes af"), rounds)
    if fund.extends:
        below = known[fund.extends].title
        yield f"Hvor puljen intet siger selv, gælder [{below}](#{below.lower().replace(' ', '-')}).\n"
    for heading, provisions in _provisions(fund):
        if rows := tuple((text, _known_from(each)) for text, each in provisions):
            yield table((heading, "kendt fra"), rows)
    if terms := tuple((term.text, _known_from(term), _held(term)) for term in fund.terms):
        yield table(("Vilkår", "kendt fra", "holdes af"), terms)


def _provisions(fund: Fund) -> Iterator[tuple[str, Iterable[tuple[str, Provision]]]]:
    """Each sort of what the fund asks or says: its heading, and its words with what they come from."""
    yield "Ansøgninger vurderes efter", ((each.text, each) for each in fund.criteria)
    yield "Ansøgningen svarer på", ((f"{each.heading}: {each.text}", each) for each in fund.questions)
    yield "Poster, der kan søges om", ((f"{each.title}: {each.text}", each) for each in fund.lines)
    yield "Rapporter", ((f"{_title(each.report)}: {each.text}", each) for each in fund.reporting)


def _title(kind: str) -> str:
    found = shelf.kind(kind, [])
    assert found is not None, kind
    return found.title


def _facts(fund: Fund) -> Iterator[tuple[str, str, str]]:
    if fund.gives_grants:
        yield "tilskudsyder", fund.agency, "–"
    if not fund.by_application:
        yield "søges", "nej, pengene fordeles efter en nøgle", _codes("applied-without-call")
    if fund.agency_names:
        yield "skrives også", ", ".join(fund.agency_names), "–"
    if fund.account:
        yield "konto på finansloven", fund.account, "–"
    if fund.call_closes:
        yield "ansøgningsfrist", day_and_hour(fund.call_closes, fund.call_closes_at), _codes("applied-outside-call")
    yield from _sums_and_days(fund)
    yield from ((label, said, "–") for label, said in _counts(fund))


def _sums_and_days(of: Fund | Round) -> Iterator[tuple[str, str, str]]:
    """The frame and the period, as each source has them."""
    several = len({each.value for each in of.frame}) > 1
    if of.frame:
        yield "ramme", "; ".join(_by_source(of.frame)), _codes("sources-disagree") if several else "–"
    for label, said in (("fra", of.starts), ("til", of.ends)):
        if said:
            several = len({each.value for each in said}) > 1
            codes = ("period-outside-fund", "sources-disagree") if several else ("period-outside-fund",)
            yield label, "; ".join(_by_source(said)), _codes(*codes)


def _counts(of: Fund | Round) -> Iterator[tuple[str, str]]:
    if of.expected_projects:
        yield "ventede tilskud", number(of.expected_projects)
    if of.applications:
        yield "ansøgninger", number(of.applications)
    if of.projects:
        yield "tilskud", number(of.projects)


def _round(its: Round) -> tuple[str, str, str, str, str]:
    """A round's row; – where its source has no deadline."""
    closes = day_and_hour(its.call_closes, its.call_closes_at) if its.call_closes else "–"
    opens = (("åbner", long_date(its.call_opens)),) if its.call_opens else ()
    published = (("udmøntet", long_date(its.published)),) if its.published else ()
    sums = tuple((label, said) for label, said, _codes in _sums_and_days(its))
    rest = "; ".join(f"{label} {said}" for label, said in (*opens, *published, *_counts(its), *sums))
    held = [*(("applied-outside-call",) if its.call_closes or its.call_opens else ())]
    held += ["period-outside-fund"] if its.starts or its.ends else []
    return its.title or its.id, closes, rest or "–", _known_from(its), _codes(*held) or "–"


def _codes(*codes: str) -> str:
    return ", ".join(f"[`{code}`](errors.md#{code})" for code in codes)


def _by_source(said: Iterable[SourcedAmount | SourcedDay]) -> Iterator[str]:
    for each in said:
        value = kr(each.value) if isinstance(each, SourcedAmount) else long_date(each.value)
        known = STANDINGS[each.standing][0] if each.standing else None
        said = ", ".join(word for word in (each.source, known) if word)
        yield f"{value} ({said})" if said else value


def _held(term: Term) -> str:
    """The codes that `pulje check` holds the term with, as the checks themselves say."""
    return _codes(*sorted(code for code, id in GROUNDS.items() if id == term.id)) or "–"


def _known_from(each: Provision | Round) -> str:
    """How well it is known, as a link where there is an address."""
    words = STANDINGS[each.standing][0]
    if each.reference.startswith("http"):
        return f"[{words}]({each.reference})"
    return f"{words}: {each.reference[:1].lower()}{each.reference[1:]}"


if __name__ == "__main__":
    main()
