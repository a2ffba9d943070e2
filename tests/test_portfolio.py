"""Many projects opened at once, on one processor or on all, and what becomes of them as tables."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.core.test_portfolio import VARDE, holding, silent, status
from tests.core.worlds import AWARDED, JUNE, posting, state
from tests.folders import PROJECT, write_project
from tests.limits import within
from toolkit import portfolio
from toolkit.core.ledger import ledger
from toolkit.core.money import kr
from toolkit.core.portfolio import Holding
from toolkit.portfolio import Wanted, found_in, opened
from toolkit.portfolio_tables import OURS, in_a_folder, postings_of, tables
from toolkit.project import Project
from toolkit.writers.parquet import Rows


def test_projects_are_found_wherever_they_lie_and_what_lies_in_them_is_theirs(tmp_path: Path) -> None:
    for name in ("b", "øst/a", ".git/c", "b/sources/d"):
        write_project(tmp_path / name)
    for name in ("afleveret/x.json", "b/sources/y.json", ".vscode/z.json", "øst/.w.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}", encoding="utf-8")

    assert found_in(tmp_path) == ["afleveret/x.json", "b", "øst/a"]


def test_a_folder_that_is_a_project_itself_is_a_portfolio_of_one(tmp_path: Path) -> None:
    write_project(tmp_path / "faste-teams")
    (only,) = opened(tmp_path / "faste-teams", found_in(tmp_path / "faste-teams"), Wanted(JUNE))

    assert (only.holding.file, only.holding.name, only.holding.title) == (".", "faste-teams", "Faste teams")


def test_all_processors_find_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        changed = {"project.yaml": PROJECT.replace("title: Faste", "titel: Faste") if number == 7 else PROJECT}
        write_project(tmp_path / f"{number:02}", changed)
    found = found_in(tmp_path)

    def read(processors: int) -> list[Any]:
        monkeypatch.setattr(portfolio, "_processors", lambda: processors)
        return [(each.holding, each.problems, each.lessons) for each in opened(tmp_path, found, Wanted(JUNE))]

    assert read(2) == read(1)
    assert [file for file, (holding, *_rest) in zip(found, read(1), strict=True) if holding.broken] == ["07"]


def test_a_project_with_errors_has_neither_lessons_nor_postings(tmp_path: Path) -> None:
    write_project(tmp_path / "a", {"project.yaml": PROJECT.replace("due: 2022-06-15", "due: 2022-06-31")})
    (only,) = opened(tmp_path, ["a"], Wanted(JUNE, postings=True))

    assert only.holding.broken
    assert (only.lessons, only.postings) == (None, {})


# ── whatever the cause ───────────────────────────────────────────────────────────────────────


forks = pytest.mark.skipif(
    multiprocessing.get_context().get_start_method() != "fork",
    reason="a process that begins anew knows nothing of what was planted in this one",
)


def twenty(folder: Path, *names: str) -> list[str]:
    """So many projects that they are read in processes of their own, and more by these names."""
    for name in (*(f"{number:02}" for number in range(20)), *names):
        write_project(folder / name)
    return found_in(folder)


def struck(monkeypatch: pytest.MonkeyPatch, **blows: Callable[[], object]) -> None:
    """Whoever opens a project of such a name meets what becomes of it; processes begin as copies of this one."""
    opening = portfolio.open_project

    def open_project(folder: Path) -> Project:
        blows.get(folder.name, int)()
        return opening(folder)

    monkeypatch.setattr(portfolio, "open_project", open_project)
    monkeypatch.setattr(portfolio, "_processors", lambda: 2)


def broken(folder: Path, found: list[str]) -> dict[str, list[str]]:
    """The codes of those that are broken; everyone is there, in order."""
    with within(60):
        every = list(opened(folder, found, Wanted(JUNE)))
    assert [each.holding.file for each in every] == found
    return {
        each.holding.file: [problem.code for problem in each.problems if problem.severity == "error"]
        for each in every
        if each.holding.broken
    }


def fault() -> None:
    raise KeyError("loen")


def starved() -> None:
    raise MemoryError


def shut() -> None:
    raise PermissionError(13, "Permission denied", "shut/project.yaml")


@pytest.mark.parametrize("processors", [1, pytest.param(2, marks=forks)])
def test_a_project_that_cannot_be_computed_is_broken_and_the_others_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processors: int
) -> None:
    found = twenty(tmp_path, "fault", "shut", "starved")
    struck(monkeypatch, fault=fault, shut=shut, starved=starved)
    monkeypatch.setattr(portfolio, "_processors", lambda: processors)

    assert broken(tmp_path, found) == {
        "fault": ["project-fault"],
        "shut": ["file-unreadable"],
        "starved": ["project-lost"],
    }


@forks
@pytest.mark.parametrize("names", [("00",), ("07", "08"), ("19", "x"), tuple(f"{number:02}" for number in range(20))])
def test_a_process_that_is_killed_takes_no_other_project_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    found = twenty(tmp_path, "x")
    struck(monkeypatch, **{name: partial(os._exit, 9) for name in names})

    assert broken(tmp_path, found) == {name: ["project-lost"] for name in names}


def test_a_folder_that_may_not_be_looked_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path / "a")
    (tmp_path / "lukket").mkdir()
    looked = os.scandir

    def scandir(path: str) -> Any:
        if Path(path).name == "lukket":
            raise PermissionError(13, "Permission denied", str(path))
        return looked(path)

    monkeypatch.setattr(os, "scandir", scandir)

    assert found_in(tmp_path) == ["a", "lukket"]


def test_links_that_lead_in_a_ring_are_not_followed(tmp_path: Path) -> None:
    write_project(tmp_path / "a")
    try:
        (tmp_path / "ring").symlink_to(tmp_path)
        (tmp_path / "a/texts/ring").symlink_to(tmp_path / "a")
        (tmp_path / "b").mkdir()
        (tmp_path / "b/project.yaml").symlink_to(tmp_path / "b/project.yaml")
    except OSError:
        pytest.skip("no links here")

    assert found_in(tmp_path) == ["a", "b"]
    assert broken(tmp_path, ["a", "b"]) == {"b": ["project-missing"]}


# ── tables ───────────────────────────────────────────────────────────────────────────────────


def rows(*days: date) -> dict[int, Rows]:
    posted = [posting(kr(100), day, text="Æ & ø") for day in days]
    return postings_of("faste-teams", state(events=[AWARDED], postings=posted))


def test_a_posting_lies_in_the_year_that_it_counts_in_on_the_line_and_in_the_place_where_it_counts() -> None:
    paid = [
        posting(kr(100), date(2023, 1, 10), performed=date(2022, 12, 20)),
        posting(kr(7), date(2021, 12, 31)),
        posting(kr(9), JUNE, account="5555"),
    ]
    of = state(events=[AWARDED], postings=paid)

    assert {year: rows.count for year, rows in postings_of("faste-teams", of).items()} == {2021: 1, 2022: 2}
    assert [(each.line, each.place) for each in ledger(of)] == [
        ("loen", "line"),
        ("loen", "before-period"),
        (None, "unallocated"),
    ]


def written(folder: Path, *books: tuple[Holding, dict[int, Rows]]) -> Path:
    for name, content in tables(books).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_postings_lie_by_municipality_and_year_and_every_file_is_known_as_ours(tmp_path: Path) -> None:
    books = [(holding("a"), rows(date(2022, 3, 1), date(2023, 3, 1))), (holding("b", VARDE), rows(date(2022, 4, 1)))]
    files = tables(books)
    written(tmp_path, *books)

    assert [name for name in files if name.startswith("postings")] == [
        "postings/municipality=Thisted/year=2022/postings.parquet",
        "postings/municipality=Thisted/year=2023/postings.parquet",
        "postings/municipality=Varde/year=2022/postings.parquet",
    ]
    assert {path for pattern in OURS for path in tmp_path.glob(pattern)} == {tmp_path / name for name in files}


def test_a_municipality_of_any_name_stays_inside_the_folder() -> None:
    assert in_a_folder("Ærø") == "Ærø"
    assert in_a_folder("../../x") == "..%2F..%2Fx"
    assert in_a_folder("a=b\\c:d ") == "a%3Db%5Cc%3Ad%20"
    assert in_a_folder("") == "__HIVE_DEFAULT_PARTITION__"


def test_duckdb_reads_the_tables_as_they_are(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    folder = written(
        tmp_path,
        (holding("a"), rows(date(2022, 3, 1), date(2022, 3, 2), date(2023, 3, 1))),
        (holding("b", VARDE, status=status(cohort="Øst")), rows(date(2022, 4, 1))),
        (holding("c", errors=1), {}),
        (holding("d", home=None, status=silent(municipality="")), {}),
    ).as_posix()

    def ask(question: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = duckdb.sql(question).fetchall()
        return found

    postings = f"read_parquet('{folder}/postings/**/*.parquet', hive_partitioning=true)"
    assert ask(f"select municipality, year, sum(amount_oere) from {postings} group by all order by all") == [
        ("Thisted", 2022, 20_000),
        ("Thisted", 2023, 10_000),
        ("Varde", 2022, 10_000),
    ]
    counted = ask(f"select day, performed from {postings} where posted = '2022-03-02'")
    assert counted == [(date(2022, 3, 2), None)]
    assert ask(f"select distinct text, line, place from {postings}") == [("Æ & ø", "loen", "line")]
    known = "municipality, cohort, spent_oere, remaining_oere is null, spent_known_until"
    assert ask(f"select {known} from '{folder}/projects/*.parquet' order by 1") == [
        ("Thisted", None, 5_000_000, False, date(2022, 3, 31)),
        ("Varde", "Øst", 5_000_000, False, date(2022, 3, 31)),
        (None, None, None, True, None),
    ]
    lines = f"'{folder}/budget_lines/*.parquet'"
    assert ask(f"select count(*), count(spent_oere), sum(budget_kr) from {lines}") == [(6, 4, 1_500_000)]
    assert ask(f"select distinct milestone, status from '{folder}/milestones/*.parquet'") == [("teams-klar", "late")]


def test_a_program_that_may_use_one_processor_uses_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {3}, raising=False)

    assert portfolio._processors() == 1
