from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from tests.core.worlds import AWARDED, JUNE, PLAN, event, plan
from toolkit.core.checks import check
from toolkit.core.dossier import Dossier
from toolkit.core.money import kr
from toolkit.core.plan import Grant, Milestone, Period, Phase, Plan, Risk, Statement
from toolkit.core.problems import At, Span
from toolkit.core.promise import holds, is_promise, promised, standing, with_values

HERE = At(Span("project.yaml", 7, 3))
OTHER_PHASE = Phase(id="fase-3", title="Forankring", starts=date(2023, 7, 1), ends=date(2023, 12, 31))


def with_first_phase(**changed: object) -> Plan:
    first, *rest = PLAN.phases
    return plan(phases=(structs.replace(first, **changed), *rest))


def changed(after: Plan) -> set[str]:
    """The paths whose digest is not what it was."""
    before, now = promised(PLAN), promised(after)
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


def test_every_promised_value_has_a_digest_of_its_own() -> None:
    assert list(promised(PLAN)) == [
        "goals.livskvalitet",
        "project_period",
        "grant_period",
        "phases.fase-1",
        "phases.fase-2",
        "milestones.teams-klar",
        "grant",
    ]


@pytest.mark.parametrize(
    "beside",
    [{"note": "Se referatet"}, {"source": "dagsorden"}, {"synthetic": True}, {"at": HERE}],
    ids=["note", "source", "synthetic", "place"],
)
def test_what_stands_beside_a_promise_may_change_freely(beside: dict[str, object]) -> None:
    assert changed(with_first_phase(**beside)) == set()


def test_the_order_of_promises_is_free() -> None:
    assert changed(plan(phases=PLAN.phases[::-1])) == set()


@pytest.mark.parametrize(
    ("after", "path"),
    [
        (with_first_phase(title="Etablering og analyse"), "phases.fase-1"),
        (with_first_phase(ends=date(2022, 7, 31)), "phases.fase-1"),
        (plan(phases=(*PLAN.phases, OTHER_PHASE)), "phases.fase-3"),
        (plan(phases=PLAN.phases[:1]), "phases.fase-2"),
        (plan(purpose=Statement(text="Mere stabilitet")), "purpose"),
        (plan(project_period=Period(starts=date(2022, 1, 1), ends=date(2024, 6, 30))), "project_period"),
        (plan(grant=structs.replace(PLAN.grant, awarded=kr(400_000))), "grant"),
    ],
    ids=["title", "day", "added", "removed", "purpose", "period", "grant"],
)
def test_a_promise_that_is_changed_added_or_removed_is_seen(after: Plan, path: str) -> None:
    assert changed(after) == {path}


def test_people_and_risks_are_no_promise() -> None:
    assert changed(plan(people=(), risks=(Risk(id="ny", title="Ny", likelihood="low", impact="low"),))) == set()


# ── the application ──────────────────────────────────────────────────────────────────────────

FIRST, SECOND = date(2021, 11, 1), date(2021, 11, 25)


@pytest.mark.parametrize(
    ("sent", "logged"),
    [
        ([(FIRST, 600_000), (SECOND, 500_000)], []),
        ([(SECOND, 500_000), (FIRST, 600_000)], []),  # by the day, not by the line
        ([(FIRST, 600_000), (FIRST, 500_000)], []),  # of one day the later line
        ([(FIRST, 500_000), (SECOND, 600_000)], ["600.000"]),
        ([(FIRST, 500_000), (FIRST, 600_000)], ["600.000"]),
    ],
)
@pytest.mark.parametrize("kind", ["applied", "awarded"])
def test_of_several_applications_or_awards_the_last_is_the_one_that_the_plan_has(
    kind: str, sent: list[tuple[date, int]], logged: list[str]
) -> None:
    events = tuple(event(kind, day, amount=kr(amount), called=f"{number}") for number, (day, amount) in enumerate(sent))
    grant = Grant(applied=kr(500_000), awarded=kr(500_000))
    found = check(Dossier(plan=plan(grant=grant), events=events))

    assert [each.words["logged"] for each in found if each.code == "grant-differs-from-log"] == logged


# ── what an approved change makes of the plan ────────────────────────────────────────────────


def test_a_change_gives_one_value_by_its_path() -> None:
    after = with_values(PLAN, {"project_period.ends": date(2024, 6, 30), "phases.fase-1.title": "Analyse"})

    assert after.project_period.ends == date(2024, 6, 30)
    assert [phase.title for phase in after.phases] == ["Analyse", "Drift"]
    assert after.phases[0].ends == JUNE


def test_a_change_may_add_or_drop_a_whole_item() -> None:
    added = Milestone(id="evaluering", title="Evaluering", due=date(2023, 11, 30))
    after = with_values(PLAN, {"milestones.evaluering": added, "phases.fase-2": None})

    assert [milestone.id for milestone in after.milestones] == ["teams-klar", "evaluering"]
    assert [phase.id for phase in after.phases] == ["fase-1"]


@pytest.mark.parametrize("id", ["fase-0", "fase-3"])
def test_a_new_item_stands_last_whatever_its_id_is_beside_the_others(id: str) -> None:
    after = with_values(PLAN, {f"phases.{id}": structs.replace(OTHER_PHASE, id=id)})

    assert [phase.id for phase in after.phases] == ["fase-1", "fase-2", id]


def test_the_plan_that_was_promised_stays_as_it_is() -> None:
    before = promised(PLAN)
    with_values(PLAN, {"phases.fase-1.title": "Analyse"})

    assert promised(PLAN) == before


@pytest.mark.parametrize(
    "values",
    [
        {"target_group.count": 50},
        {"purpose.text": "Ro"},
        {"milestones.ukendt.due": JUNE},
        {"phases.fase-2": None, "phases.fase-2.ends": JUNE},
    ],
)
def test_a_change_below_what_is_not_there_changes_nothing_and_is_told(values: dict[str, object]) -> None:
    *_, path = values
    before = with_values(PLAN, {name: value for name, value in values.items() if name != path})

    assert not holds(before, path)
    assert with_values(before, {path: values[path]}) == before


@pytest.mark.parametrize(
    "path", ["purpose", "target_group", "phases", "phases.ny", "phases.fase-1", "phases.fase-1.ends"]
)
def test_a_whole_value_and_what_is_there_can_be_changed(path: str) -> None:
    assert holds(PLAN, path)


@pytest.mark.parametrize(
    ("path", "can_be"),
    [
        ("purpose", True),
        ("purpose.text", False),
        ("goals.a", True),
        ("goals", False),
        ("goals.", False),
        ("ses", False),
    ],
)
def test_what_can_be_promised_is_a_value_by_itself_or_an_item_by_its_id(path: str, can_be: bool) -> None:
    assert is_promise(path) == can_be


def test_every_promised_value_can_be_promised() -> None:
    assert all(map(is_promise, promised(PLAN)))


def test_a_changed_grant_keeps_what_was_applied_for_and_what_it_leaves_out() -> None:
    grant = Grant(applied=kr(500), awarded=kr(400), applied_on=JUNE, grantor_file_number="22/117")
    of = plan(grant=grant)

    for values in (
        {"grant": Grant(applied=kr(450), awarded=kr(350))},
        {"grant.applied": kr(1), "grant.awarded": kr(350)},
    ):
        assert with_values(of, values).grant == structs.replace(grant, awarded=kr(350))
    assert with_values(plan(grant=None), {"grant": grant}).grant == grant


def test_a_grant_period_that_somebody_adds_after_the_award_is_seen_unless_the_award_is_older_than_its_digest() -> None:
    own = Period(starts=date(2022, 1, 1), ends=JUNE)

    def told(before: dict[str, str]) -> list[str]:
        award = structs.replace(AWARDED, promise=before)
        dossier = Dossier(plan=plan(grant_period=own), events=(award,))
        return [each.words["path"] for each in check(dossier) if each.code == "promise-changed"]

    whole = promised(plan())
    assert told(whole) == ["grant_period"]
    assert told({path: digest for path, digest in whole.items() if path != "grant_period"}) == []


# ── what is refused later ────────────────────────────────────────────────────────────────────

WHOLE = Period(starts=date(2022, 1, 1), ends=date(2024, 6, 30))
LONGER = {"project_period.ends": WHOLE.ends}
CALM = {"purpose": "Ro"}


@pytest.mark.parametrize(
    ("approved", "refused", "left"),
    [
        ({"values": LONGER}, {"values": LONGER}, None),
        ({"values": LONGER}, {"values": {"project_period.ends": date(2024, 12, 31)}}, (LONGER, None)),
        ({"values": LONGER}, {"values": {"project_period": WHOLE}}, None),
        ({"values": LONGER | CALM}, {"values": LONGER}, (CALM, None)),
        ({"values": LONGER | CALM, "budget": "b"}, {"values": LONGER}, (CALM, "b")),
        ({"values": LONGER, "budget": "b"}, {"values": LONGER}, ({}, "b")),
        ({"values": LONGER}, {"values": LONGER, "change": "project"}, None),
        ({"values": LONGER}, {"values": LONGER, "change": "carry-over"}, None),
        ({"values": LONGER, "budget": "b"}, {"change": "carry-over", "year": 2022}, (LONGER, "b")),
        ({"values": LONGER, "budget": "b"}, {"budget": "b"}, None),
        ({"values": LONGER, "budget": "b"}, {"budget": "c"}, (LONGER, "b")),
        ({"values": LONGER | CALM, "budget": "b"}, {"values": LONGER, "budget": "b"}, (CALM, None)),
        ({"values": LONGER, "budget": "b"}, {"values": CALM, "budget": "b"}, (LONGER, None)),
        ({"values": LONGER}, {}, (LONGER, None)),
    ],
)
def test_a_refusal_takes_back_what_it_names_and_no_more(
    approved: dict[str, object], refused: dict[str, object], left: tuple[dict[str, object], str | None] | None
) -> None:
    approval = event("change-approved", JUNE, change="extension", **approved)
    refusal = event("change-refused", JUNE, **{"change": "extension", **refused})

    found = standing(PLAN, [approval, refusal])

    assert [(each.values, each.budget) for each in found] == ([left] if left else [])


@pytest.mark.parametrize(
    ("answers", "stands"),
    [
        (["-agency", "+council"], False),
        (["-agency", "+agency"], True),
        (["-agency", "+nobody"], True),
        (["-agency", "+agency", "+council"], True),
        (["-agency", "+agency", "-council"], True),
        (["-agency", "+agency", "-agency", "+council"], False),
        (["-council", "+council"], True),
        (["-nobody", "+council"], True),
        (["+council", "-agency", "+council"], False),
    ],
)
@pytest.mark.parametrize("what", [{"values": LONGER}, {"budget": "b"}])
def test_what_the_agency_has_refused_stands_only_once_the_agency_has_approved_it(
    answers: list[str], stands: bool, what: dict[str, object]
) -> None:
    by = {"agency": "Tilskudsyder", "council": "Byrådet", "nobody": None}
    kinds = {"+": "change-approved", "-": "change-refused"}
    log = [event(kinds[each[0]], JUNE, change="extension", by=by[each[1:]], **what) for each in answers]

    assert bool(standing(PLAN, log)) is stands


def test_of_a_whole_record_the_rest_stands() -> None:
    approval = event("change-approved", JUNE, change="extension", values={"project_period": WHOLE})
    refusal = event("change-refused", JUNE, change="extension", values={"project_period.starts": WHOLE.starts})

    (found,) = standing(PLAN, [approval, refusal])

    assert found.values["project_period.ends"] == WHOLE.ends
    assert "project_period.starts" not in found.values
