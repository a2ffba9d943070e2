"""Three versions of a YAML file to one: each value stays with the item that it was written of."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from toolkit.core.item_merge import Difference
from toolkit.core.item_merge import merged as values_of
from toolkit.readers.seed import plain
from toolkit.readers.source import load
from toolkit.readers.yaml_merge import Merged, merged
from toolkit.readers.yaml_parts import File, file_of, flow

WAS = """\
# Hoved

title: Faste teams   # projektets titel

indicators:          # hvordan målene måles
  - id: tilfredshed  # navn
    title: Tilfredse borgere
    baseline: MANGLER
    target: MANGLER

  # om trivsel
  - id: trivsel
    title: Trivsel
    baseline: MANGLER
    target: MANGLER
# hale
"""


def marked(theirs: tuple[str, ...]) -> Iterator[str]:
    yield "# KONFLIKT: vælg" if theirs else "# KONFLIKT: ikke længere"
    yield from (f"# {line}" for line in theirs)


def text_of(found: Merged | None) -> str:
    assert found is not None
    return "".join(f"{line}\n" for line in found.lines)


def merge(was: str, ours: str, theirs: str) -> str:
    return text_of(merged(was, ours, theirs, marked))


def parts(text: str) -> File:
    found = file_of(text, "p.yaml", [])
    assert found is not None
    return found


# ── a file in parts ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        WAS,
        "a: 1\nb: |\n  to\n  linjer\n\n# om c\nc:\n- id: x\n  d: >-\n    lang\n\n- id: y\n  d:\n",
        "a: {b: 1, c: [2, 3]}   # d\ne:\n  f: 1\n    \n  # g\n  h: 2\n",
        "- id: x\n  a: 1\n- id: y\n",
        "a:\n  - id: x\n    b:\n      - id: y\n        c: 1\n      - id: z\n    d: 2\n",
    ],
)
def test_the_parts_of_a_file_are_all_of_its_lines(text: str) -> None:
    found = parts(text)

    assert "".join(f"{line}\n" for line in (*found.whole.body, *found.tail)) == text


def test_what_cannot_be_divided_is_one_part() -> None:
    whole = parts("a: [{id: x}]\nb:\n  - uden navn\nc:\n  - id: x\n  - id: x\n").whole

    assert [(part.name, len(part.parts)) for part in whole.parts] == [("a", 0), ("b", 0), ("c", 0)]
    assert file_of("# kun kommentar\n", "p.yaml", []) is None
    assert file_of("a: [\n", "p.yaml", []) is None


# ── what becomes of each value ───────────────────────────────────────────────────────────────


def test_what_the_user_filled_in_stays_with_its_item_when_another_comes_before_it() -> None:
    ours = WAS.replace("MANGLER", "62", 1).replace("MANGLER", "75", 1)
    key = "indicators:          # hvordan målene måles\n"
    new = f"{key}  - id: sygefravaer\n    title: Sygefravær\n    baseline: MANGLER\n"

    assert merge(WAS, ours, WAS.replace(key, new)) == ours.replace(key, new)


def test_what_both_changed_is_told_above_the_users_own() -> None:
    found = merge(WAS, WAS.replace("Trivsel", "Glæde"), WAS.replace("Trivsel", "Ro"))

    assert found == WAS.replace("    title: Trivsel\n", "# KONFLIKT: vælg\n#     title: Ro\n    title: Glæde\n")


def test_an_item_that_the_user_filled_in_and_the_template_has_no_longer_is_told_and_stays() -> None:
    start = WAS.index("\n  # om trivsel")
    theirs = WAS[:start] + "# hale\n"
    ours = WAS.replace("    title: Trivsel\n    baseline: MANGLER", "    title: Trivsel\n    baseline: 4")

    assert merge(WAS, ours, theirs) == ours.replace("  - id: trivsel\n", "# KONFLIKT: ikke længere\n  - id: trivsel\n")
    assert merge(WAS, WAS, theirs) == theirs


@pytest.mark.parametrize(
    "ours",
    [
        WAS.replace("\n", "   \n"),
        WAS.replace("title: Trivsel", 'title: "Trivsel"'),
        WAS.replace("title: Faste teams ", "title: 'Faste teams' "),
        WAS.replace(
            "Trivsel\n    baseline: MANGLER\n    target: MANGLER\n",
            "Trivsel\n    target: MANGLER\n    baseline: MANGLER\n",
        ),
    ],
)
def test_spaces_quotes_and_the_order_of_keys_are_no_change(ours: str) -> None:
    found = merged(WAS, ours, WAS.replace("Trivsel", "Ro"), marked)

    assert found and found.marks == ()
    assert read("\n".join(found.lines)) == read(WAS.replace("Trivsel", "Ro"))


def test_the_users_comments_stay_where_the_template_changes_a_value() -> None:
    ours = WAS.replace("Faste teams   # projektets titel", "Faste teams   # aftalt den 3.").replace(
        "# om", "# vores ord om"
    )
    theirs = WAS.replace("Faste teams ", "Faste hold ").replace("title: Trivsel", "title: Ro")

    assert merge(WAS, ours, theirs) == ours.replace("Faste teams ", "Faste hold ").replace(
        "title: Trivsel", "title: Ro"
    )


def test_a_value_in_braces_is_merged_key_by_key() -> None:
    was = "period: {starts: 2022-01-01, ends: 2023-12-31}   # perioden\n"
    ours, theirs = was.replace("2022-01-01", "2022-02-01"), was.replace("2023-12-31", "2024-03-31")

    assert merge(was, ours, theirs) == "period: {starts: 2022-02-01, ends: 2024-03-31}   # perioden\n"


def test_people_go_by_their_role_and_a_role_that_two_have_by_its_day_too() -> None:
    was = "people:\n  - role: manager\n    name: MANGLER\n    from: 2022-01-01\n"
    ours = was.replace("MANGLER", "En") + "  - role: manager\n    name: To\n    from: 2023-01-01\n"
    theirs = was.replace("people:\n", "people:\n  - role: owner\n    name: MANGLER\n    from: 2022-01-01\n")

    assert read(merge(was, ours, theirs))["people"] == (
        {"role": "owner", "name": "MANGLER", "from": "2022-01-01"},
        {"role": "manager", "name": "En", "from": "2022-01-01"},
        {"role": "manager", "name": "To", "from": "2023-01-01"},
    )


def test_each_change_of_the_template_is_told_by_its_path() -> None:
    was = {"title": "A", "goals": ({"id": "x", "title": "1"}, {"id": "y", "title": "2"})}
    ours = {"title": "A", "goals": ({"id": "x", "title": "vores"}, {"id": "y", "title": "2"})}
    theirs = {"title": "B", "goals": ({"id": "x", "title": "3"},)}

    assert values_of(was, ours, theirs) == (
        {"title": "B", "goals": ({"id": "x", "title": "vores"},)},
        (
            Difference(("title",), "A", "A", "B", "brought"),
            Difference(("goals", "x", "title"), "1", "vores", "3", "conflict"),
            Difference(("goals", "y"), {"id": "y", "title": "2"}, {"id": "y", "title": "2"}, None, "brought"),
        ),
    )


# ── items that are alike ─────────────────────────────────────────────────────────────────────

NAMES = ("a", "b", "c", "d", "e")
KEYS = ("title", "baseline", "target", "note")
VALUES = ("MANGLER", "62", "75", "Med komma, og mere")
Items = dict[str, dict[str, str]]


def read(text: str) -> Any:
    node = load(text, "p.yaml", [])
    return plain(node) if node else {}


def a_file(chance: random.Random) -> Items:
    names = chance.sample(NAMES, chance.randint(1, 4))
    return {
        name: {key: chance.choice(VALUES[:2]) for key in chance.sample(KEYS, chance.randint(1, 4))} for name in names
    }


def a_later(items: Items, chance: random.Random) -> Items:
    """The same file with some values, items and orders changed."""
    found = deepcopy(items)
    for _change in range(chance.randint(0, 4)):
        name = chance.choice(list(found))
        match chance.randint(0, 5):
            case 0 | 1:
                found[name][chance.choice(KEYS)] = chance.choice(VALUES)
            case 2 if len(found[name]) > 1:
                del found[name][chance.choice(list(found[name]))]
            case 3 if len(found) > 1:
                del found[name]
            case 4:
                order = list({**found, chance.choice(NAMES): None})
                chance.shuffle(order)
                found = {each: found.get(each) or {"title": chance.choice(VALUES)} for each in order}
    return found


def written(items: Items, chance: random.Random, style: tuple[bool, bool, bool]) -> str:
    in_braces, with_comments, with_blanks = style
    lines = ["# hoved", "title: Alle   # titlen", "goals:"]
    for number, (name, keys) in enumerate(items.items()):
        values = {"id": name, **keys}
        lines += [""] if with_blanks else []
        lines += [f"  # om {name}"] if with_comments and number else []
        if in_braces:
            lines.append(f"  - {flow(values)}   # {name}")
        else:
            said = [f"    {key}: {flow(value)}" for key, value in values.items()]
            lines += [f"  - {said[0][4:]}   # navnet", *said[1:]]
    return "\n".join([*lines, "purpose: Til sidst", "# hale"]) + "\n"


def expected(was: Items, ours: Items, theirs: Items) -> tuple[Items, bool]:
    """By another way than the tool's: what each item has, and whether both sides changed something otherwise."""
    found, both = {}, False
    for name in {*ours, *theirs}:
        before, mine, new = was.get(name), ours.get(name), theirs.get(name)
        if mine is None:
            both |= before is not None and before != new
            if before is None and new is not None:
                found[name] = new
        elif new is None:
            both |= before is not None and before != mine
            if before is None or before != mine:
                found[name] = mine
        else:
            found[name] = {}
            for key in {*mine, *new}:
                old, own, its = (before or {}).get(key), mine.get(key), new.get(key)
                value = its if own == old else own
                both |= len({old, own, its}) == 3 or (own != its and own != old and its != old)
                if value is not None:
                    found[name][key] = value
    return found, both


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_no_value_lands_on_another_item_however_alike_they_are(first: int) -> None:
    for seed in range(first, first + 50):
        chance = random.Random(seed)
        style = (chance.random() < 0.3, chance.random() < 0.5, chance.random() < 0.5)
        was = a_file(chance)
        versions = (was, a_later(was, chance), a_later(was, chance))
        texts = [written(each, chance, style) for each in versions]
        found = merged(texts[0], texts[1], texts[2], marked)

        assert found is not None, seed
        items, both = expected(*versions)
        there = read("\n".join(found.lines)).get("goals", ())
        assert {each["id"]: {key: value for key, value in each.items() if key != "id"} for each in there} == items, seed
        assert len(there) == len(items), seed
        assert bool(found.marks) is both, seed
