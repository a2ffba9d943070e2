"""Known lines whose day of performance an export says otherwise: they stay as they are until a rule says when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import structs

from toolkit.core.doubles import rule_for, vouchers
from toolkit.core.postings import Placing, Posting, Rule, day_of
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.intake.known_lines import KnownLine, KnownLines

declare(
    "import-performed-differs",
    "warning",
    N_(
        "By the export voucher {vouchers} was performed on {day}, and the lines that are here say otherwise or "
        "nothing: they stay as they are (lines: {count}, of {total} that differ)."
    ),
    N_("if the export is right, write at the top of rules: in allocation.yaml: - {rule}"),
)


def otherwise_performed(
    known: Mapping[str, Sequence[str]], before: KnownLines, placing: Placing, whole: Span
) -> Iterator[Problem]:
    """Costs that the export has on another day than they count on, until a rule says when."""
    found: defaultdict[tuple[str, str, str], list[Posting]] = defaultdict(list)
    for each, day in _performed_anew(known, before):
        rule, performed = placing.rule_of(each.posting), date.fromisoformat(day)
        earlier = date.fromisoformat(each.performed) if each.performed else None
        days = {day_of(structs.replace(each.posting, performed=its), rule) for its in (earlier, performed)}
        if len(days) > 1 and (rule is None or rule.line or rule.split):
            found[each.file, day, _place_of(rule)].append(each.posting)
    count = sum(map(len, found.values()))
    for (_file, day, place), its in found.items():
        words = {"vouchers": vouchers(its), "day": date.fromisoformat(day), "count": len(its), "total": count}
        words["rule"] = rule_for(tuple(its), {}, f"{place}, performed: {day}")
        yield problem("import-performed-differs", whole, **words)


def _performed_anew(known: Mapping[str, Sequence[str]], before: KnownLines) -> Iterator[tuple[KnownLine, str]]:
    """Known lines with the day that the export has for them, where that is another than theirs."""
    rows: defaultdict[str, list[KnownLine]] = defaultdict(list)
    for file in before.files if known else ():
        for each in before.lines(file):
            if each.line in known:
                rows[each.line].append(each)
    for line, days in known.items():
        left = Counter(days)
        rest = []
        for each in sorted(rows[line], key=lambda each: not each.performed):
            if each.performed and left[each.performed]:
                left[each.performed] -= 1
            else:
                rest.append(each)
        yield from zip(rest, left.elements(), strict=False)


def _place_of(rule: Rule | None) -> str:
    """Where a rule puts its postings, as another would say it; what else it says of them stays to be written."""
    if rule is None:
        return "line: …"
    return f"line: {rule.line}" if rule.line and not rule.divides and rule.allowed is None else "…"
