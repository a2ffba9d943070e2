"""Makes docs/funds.md, every fund with what it asks and how well that is known: `python -m docs.funds`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from docs.page import DOCS, table, write
from toolkit.core.checks.grounds import GROUNDS
from toolkit.core.fund import Fund, Provision, SourcedAmount, SourcedDay, Term
from toolkit.core.records import Id
from toolkit.core.words import STANDINGS
from toolkit.documents.danish import kr, long_date, number
from toolkit.readers import shelf
from toolkit.readers.plan import read_fund
from toolkit.readers.shelf import TEMPLATES

PAGE = DOCS / "funds.md"

_HEAD = """# Puljerne

Hver pulje er en fil i `templates/funds/`; [recipes/new-fund.md](recipes/new-fund.md) viser, hvordan en ny kommer til.
"Kendt fra" siger, hvor godt noget er kendt. "Holdes af" siger, hvilke fejl, advarsler og bemærkninger `pulje check`
holder et vilkår med; – er et vilkår, som kontrollen ikke ser på. **Tilskudsbrevet går forud for alt her, og frister
for rapporter står kun dér.**

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
        yield table(("oplysning", "værdi"), facts)
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


def _facts(fund: Fund) -> Iterator[tuple[str, str]]:
    if fund.gives_grants:
        yield "tilskudsyder", fund.agency
    if fund.agency_names:
        yield "skrives også", ", ".join(fund.agency_names)
    if fund.account:
        yield "konto på finansloven", fund.account
    if fund.call_closes:
        yield "ansøgningsfrist", long_date(fund.call_closes)
    for label, said in (("ramme", fund.frame), ("fra", fund.starts), ("til", fund.ends)):
        if said:
            yield label, "; ".join(_by_source(said))
    if fund.expected_projects:
        yield "ventede tilskud", number(fund.expected_projects)
    if fund.applications and fund.projects:
        yield "ansøgninger og tilskud", f"{number(fund.applications)} og {number(fund.projects)}"


def _by_source(said: Iterable[SourcedAmount | SourcedDay]) -> Iterator[str]:
    for each in said:
        value = kr(each.value) if isinstance(each, SourcedAmount) else long_date(each.value)
        yield f"{value} ({each.source})" if each.source else value


def _held(term: Term) -> str:
    """The codes that `pulje check` holds the term with, as the checks themselves say."""
    codes = sorted(code for code, id in GROUNDS.items() if id == term.id)
    return ", ".join(f"[`{code}`](errors.md#{code})" for code in codes) or "–"


def _known_from(each: Provision) -> str:
    """How well it is known, as a link where there is an address."""
    words = STANDINGS[each.standing][0]
    if each.reference.startswith("http"):
        return f"[{words}]({each.reference})"
    return f"{words}: {each.reference[:1].lower()}{each.reference[1:]}"


if __name__ == "__main__":
    main()
