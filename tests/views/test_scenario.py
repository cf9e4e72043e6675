from __future__ import annotations

import re
import subprocess
import sys

import msgspec
import pytest

from detente.scenarios.answers import Outcome, Question
from detente.scenarios.case import Case, Issue, MechanismUse
from detente.scenarios.hindcast import HORIZONS, load_dynamics
from detente.scenarios.inputs import Interval, Value
from detente.scenarios.moves import Move
from detente.scenarios.paths import Contribution
from detente.scenarios.results import (
    Baseline,
    Basis,
    BlocShare,
    CaseRun,
    TiePath,
    TriangleMonth,
    UsedMechanism,
)
from detente.scenarios.sensitivity import Driver, Sensitivity
from detente.schema import Records
from detente.views.brief import Brief, build_brief, render_brief
from detente.views.case_words import (
    describe_skill,
    interval_words,
    month_words,
    read_source,
    value_words,
)
from detente.views.figures import Index
from detente.views.scenario import CaseView, build_scenarios
from detente.views.simulated import draw_frame
from tests.views import sample
from tests.views.page import Page, name, parse, text

TRIO = ("USA", "RUS", "CHN")
GUESS = "assumption: a guess"
MEASURED = "record: event-talks-wire event-gone event-teams"
EVIL = "</details><script>alert(1)</script>\u202e{{ 7 * 7 }}\u0000"


def interval(low: float, high: float, source: str = GUESS, **more: object) -> Interval:
    return Interval(low=low, high=high, source=source, **more)  # type: ignore[arg-type]


def value(field: str, *names: str, at: Interval) -> Value:
    return Value(field=field, names=names, interval=at)


VALUES = (
    value("ties", "USA", "RUS", at=interval(-0.2, 0.6, MEASURED, mode=0.1)),
    value("ties", "USA", "CHN", at=interval(-0.7, -0.3, "table: Ties 2014", note="cold")),
    value("ties", "RUS", "CHN", at=interval(0.4, 0.8, note="a partnership")),
    value("trust", "RUS", "CHN", at=interval(0.2, 0.6, "record: claim-nowhere", note="as told")),
    value("offers", "USA", "RUS", at=interval(0, 0)),
    value("offers", "RUS", "USA", at=interval(0, 0)),
    value("offers", "CHN", "RUS", at=interval(0, 0)),
)
OFFER = Move(
    id="offer",
    title="Washington offers relief",
    month=3,
    probability=interval(0.6, 1),
    field="offers",
    names=("USA", "RUS"),
    amount=interval(0.3, 0.8, note="nothing was agreed"),
    duration=6,
    requires="seat",
)
SEAT = Move(
    id="seat",
    title="Beijing gets a seat",
    month=1,
    field="seats",
    names=("CHN", "line"),
    how="to",
    amount=interval(1, 1),
    given=True,
)
CASE = Case(
    name="thaw",
    title="A thaw",
    summary="What if\nit thaws?",
    start="2025-11",
    months=4,
    actors=TRIO,
    issues=(Issue(id="line", title="Where the line runs"),),
    triangle=TRIO,
    values=VALUES,
    noise=interval(0, 0.04),
    mechanisms=(
        MechanismUse(
            mechanism="M1",
            name="wedge",
            roles={},
            parameters={"warming": interval(0, 0.15, note="of a full offer")},
            start={"phase": interval(0, 0)},
        ),
    ),
    moves=(OFFER, SEAT),
    questions=(Question(id="warms", text="Does it warm?", about="ties", test="rises", by=4),),
)


def driver(name: str, total: float, source: str = GUESS, error: float = 0.02) -> Driver:
    return Driver(
        input=name,
        source=source,
        assumed=1.0,
        first=0.0,
        first_error=0.0,
        total=total,
        total_error=error,
    )


DRIVERS = (
    driver("chance", 0.6, ""),
    driver("wedge.warming", 0.25),
    driver("ties USA RUS", 0.2, MEASURED),
    driver("all other inputs", 0.004, ""),
    driver("noise", 0.001),
)
ANSWER = Outcome(
    case="thaw",
    question="warms",
    text="Does it warm?",
    probability=0.4,
    error=0.021,
    low=0.05,
    high=0.9,
    band="not determined",
    by_inputs=0.3,
    baseline=0.1,
    effect=0.3,
    effect_error=0.02,
    seed=1,
)


def month(n: int, marriage: float, romantic: float) -> TriangleMonth:
    return TriangleMonth(
        month=n,
        patterns={
            "unit veto": 0.0,
            "stable marriage": marriage,
            "romantic triangle": romantic,
            "ménage à trois": 0.0,
        },
        roles={
            "romantic triangle, pivot RUS": romantic,
            "stable marriage, outsider USA": marriage,
            "stable marriage, outsider CHN": 0.0,
        },
    )


def path(a: str, b: str, source: str, end: float) -> TiePath:
    rows = [[m + n * (end - m) / 4 for m in (-0.5, -0.2, 0.0, 0.2, 0.5)] for n in range(5)]
    return TiePath(a=a, b=b, source=source, quantiles=rows, without=[rows[0]] * 5)


def push(change: float, reason: str) -> Contribution:
    return Contribution(mechanism="wedge", a="RUS", b="USA", change=change, reason=reason)


MONTHS = [month(n, 1 - 0.2 * n, 0.2 * n) for n in range(5)]
BLOCS = [
    BlocShare(camps=(("USA",), ("RUS", "CHN")), share=0.75),
    BlocShare(camps=(TRIO, ()), share=0.25),
]
RUN = CaseRun(
    case="thaw",
    title="A thaw",
    seed=7,
    runs=500,
    version="0",
    start="2025-11",
    months=4,
    answers=[ANSWER],
    triangle=MONTHS,
    blocs=BLOCS,
    ties=[
        path("USA", "RUS", MEASURED, 0.3),
        path("USA", "CHN", "table: Ties 2014", -0.2),
        path("RUS", "CHN", GUESS, 1.0),
    ],
    contributions=[push(0.001, "nothing much"), push(-0.1, "cools"), push(0.2, "the offer warms")],
    findings={},
    baseline=Baseline(
        answers={"warms": 0.1},
        triangle=[MONTHS[0]] * 5,
        blocs=[BlocShare(camps=BLOCS[0].camps, share=1.0)],
    ),
    sensitivity=[Sensitivity(question="warms", rows=100, drivers=DRIVERS)],
    assumed=0.6,
    assumptions=[
        Basis(source="assumption: offers", inputs=("offers USA RUS",), low=0, high=0),
        Basis(
            source=GUESS,
            inputs=("ties RUS CHN", "wedge.warming", "noise"),
            low=0,
            high=0.8,
        ),
    ],
    sources=[
        Basis(source=MEASURED, inputs=("ties USA RUS",), low=-0.2, high=0.6),
        Basis(source="table: Ties 2014", inputs=("ties USA CHN",), low=-0.7, high=-0.3),
        Basis(source="record: claim-nowhere", inputs=("trust RUS CHN",), low=0.2, high=0.6),
    ],
    mechanisms=[
        UsedMechanism(
            id="M1",
            name="wedge",
            title="Wedge",
            family="alignment",
            model="selective accommodation",
            reference="Crawford 2011",
        )
    ],
    definition=CASE,
)


def changed(
    run: CaseRun = RUN, *, case: dict[str, object] | None = None, **more: object
) -> CaseRun:
    definition = msgspec.structs.replace(run.definition, **(case or {}))
    return msgspec.structs.replace(run, definition=definition, **more)


def brief(*runs: CaseRun, records: Records | None = None) -> Brief:
    found = sample.records() if records is None else records
    return build_brief(
        found, sample.TIES if records is None else (), title="T", version="0", scenarios=runs
    )


def view(run: CaseRun = RUN) -> CaseView:
    (found,) = build_scenarios(Index(sample.records()), [run]).cases
    return found


def section(*runs: CaseRun) -> str:
    return text(parse(render_brief(brief(*runs))).find("scenario"))


@pytest.fixture(scope="module")
def page() -> Page:
    """Return the page of two cases, the second without moves."""
    bare = changed(case={"moves": (SEAT,)}, title="Nothing moves")
    return parse(render_brief(brief(RUN, bare)))


@pytest.mark.parametrize(
    "words",
    [
        "A thaw What if it thaws? Case thaw: 500 runs of 4 months from Nov 2025, seed 7, version 0",
        "Nov 2025 move 1 Beijing gets a seat seat of China on “Where the line runs” is set to 1; "
        "is made; given: also in what is called “without the moves”",
        "Jan 2026 move 2 Washington offers relief offer of United States to Russia grows by 0.3 to "
        "0.8; probability 60 % to 100 %; only if move 1 is made; taken back after 6 months",
        "size: 0.3 to 0.8 assumption assumption: a guess; nothing was agreed",
        "40 % not determined Does it warm? interval 5 % to 90 % 40 % alone is “unlikely” Monte "
        "Carlo error ± 2.1 points without the moves 10 % difference +30.0 points (± 2.0)",
        "Starts from 2 records of the articles, and 1 record that this brief does not have Moved "
        "most by +0.20 the offer warms (wedge); −0.10 cools (wedge)",
        "Starts from table table: Ties 2014",
        "The triangle of United States, Russia and China",
        "80 % end in romantic triangle, pivot: Russia, without the moves 0 % (the pivot is on good",
        "20 % end in stable marriage, outsider: United States, without the moves 100 %",
        "75 % United States against Russia and China (without the moves 100 %)",
        "25 % United States, Russia and China in one camp (without the moves 0 %)",
        "warming (wedge, Wedge) assumption assumption: a guess, 0 to 0.15; of a full offer 0.25 ± "
        "0.02 tie of United States and Russia 2 records of the articles",
        "all other inputs 0.00 ± 0.02 1 further input tried apart and not shown",
        "60 % of the inputs’ influence on the answers rests on assumptions, not on data.",
        "a guess 3 inputs 0.4 to 0.8 tie of Russia and China: a partnership",
        "Ties 2014 −0.7 to −0.3 tie of United States and China: cold",
        "1 record that this brief does not have 0.2 to 0.6 trust of Russia in China: as told",
        "1 further assumption, none of them shown as a driver above Further assumptions offers",
        "wedge Wedge: selective accommodation (Crawford 2011)",
        "Feb 2026",
    ],
)
def test_section_says(page: Page, words: str) -> None:
    assert words in text(page.find("scenario"))


def test_a_case_without_moves_is_its_own_baseline(page: Page) -> None:
    said = text(page.find("scenario")).partition("Nothing moves")[2]
    assert "No other move: this is the baseline." in said
    assert "ithout the moves" not in said.replace("called “without the moves”", "")
    assert "No move: this is the baseline." in section(changed(case={"moves": ()}))


def test_what_the_dynamics_foresaw_is_in_every_report(page: Page) -> None:
    said = text(page.find("scenario"))
    assert all(sentence in said for sentence in describe_skill(load_dynamics()))
    assert re.search(r"No measured skill\.|Measured skill in \d of \d\.", said)


def test_skill_is_told_in_words() -> None:
    told = describe_skill(load_dynamics())
    assert len(told) == 2 * len(HORIZONS)
    assert told[0] == "tie, 1 year ahead, against persistence: −0.02 [−0.07, +0.01], no skill"
    assert all("better" in line for line in describe_skill(load_dynamics(), "own mean"))


def test_measured_inputs_open_their_records(page: Page) -> None:
    links = [e for e in page.find("scenario").iter() if name(e) == "a"]
    assert {e.attrib["data-ids"] for e in links} == {"event-talks-wire event-teams"}
    assert "United States – Russia" in {text(e) for e in links}
    assert set(links[0].attrib["data-ids"].split()) <= set(page.ids)


def test_nothing_of_a_simulation_is_a_figure_of_the_records() -> None:
    assert brief(RUN).figures == brief().figures


def test_drawings_are_hidden_or_named_and_ids_unique(page: Page) -> None:
    for svg in (e for e in page.find("scenario").iter() if name(e) == "svg"):
        if svg.get("aria-hidden") != "true":
            assert text(page.find(svg.attrib["aria-labelledby"].split()[0]))
            assert text(page.find(svg.attrib["aria-labelledby"].split()[1]))
    assert len(page.ids) == len(set(page.ids))
    assert {"scenario", "scenario-1", "scenario-2"} <= set(page.ids)


def test_every_texture_is_of_its_own_drawing(page: Page) -> None:
    used = {
        found[1]
        for e in page.root.iter()
        if (found := re.fullmatch(r"url\(#(.+)\)", e.get("fill", "")))
    }
    assert used
    assert used <= set(page.ids)


def test_the_head_says_what_opens_no_sentence(page: Page) -> None:
    assert "save in What if, which rests on a simulation." in text(next(page.all("header")))
    assert "What if" in text(next(page.all("nav")))


def test_without_a_case_there_is_no_section() -> None:
    assert "scenario" not in parse(render_brief(brief())).ids


def test_a_brief_without_articles_has_the_section() -> None:
    said = text(parse(render_brief(brief(RUN, records=Records()))).find("scenario"))
    assert "3 records that this brief does not have" in said
    assert "United States – Russia" in said


def test_ways_of_a_tie_lie_between_minus_one_and_one() -> None:
    fan = view().fans[2]
    assert fan.median == "M26 72L68.5 58.5L111 45L153.5 31.5L196 18"
    assert (fan.end, fan.end_y) == ("+1.00", 18.0)
    assert fan.without == "M26 72L68.5 72L111 72L153.5 72L196 72"
    assert [mark.label for mark in fan.frame.moves] == ["1", "2"]
    assert [tick.label for tick in fan.frame.ticks] == ["Nov 2025", "Mar 2026"]


def test_baseline_bears_the_given_moves_only() -> None:
    made, bare = view().stacks
    assert [mark.label for mark in made.frame.moves] == ["1", "2"]
    assert [mark.label for mark in bare.frame.moves] == ["1"]


@pytest.mark.parametrize(
    ("months", "given", "labels"),
    [
        ((1, 1), (True, True), ["1–2", ""]),
        ((1, 2, 30), (True, True, True), ["1–2", "", "3"]),
        ((1, 2, 3), (True, False, True), ["1,3", ""]),
        ((1, 10, 20), (True, True, True), ["1", "2", "3"]),
    ],
)
def test_moves_that_crowd_share_a_label(
    months: tuple[int, ...], given: tuple[bool, ...], labels: list[str]
) -> None:
    moves = tuple(
        msgspec.structs.replace(SEAT, id=str(n), month=month, given=kept)
        for n, (month, kept) in enumerate(zip(months, given, strict=True))
    )
    run = changed(case={"moves": moves}, months=36)
    assert [mark.label for mark in draw_frame(run, 196, given=True).moves] == labels


def test_patterns_that_never_come_are_not_drawn_and_names_stand_apart() -> None:
    stack = view().stacks[1]
    assert [layer.label for layer in stack.layers] == ["stable marriage 100 %"]
    crowded = changed(triangle=[month(n, 0.995, 0.005) for n in range(5)])
    heights = [layer.label_y for layer in view(crowded).stacks[0].layers]
    assert heights[0] - heights[1] >= 15
    assert min(heights) >= 18


def test_a_long_case_has_a_short_table() -> None:
    long = changed(
        months=120,
        ties=[
            TiePath(
                a="USA",
                b="RUS",
                source=GUESS,
                quantiles=[[0.0] * 5] * 121,
                without=[[0.0] * 5] * 121,
            )
        ],
        triangle=[month(n, 1, 0) for n in range(121)],
        baseline=msgspec.structs.replace(
            RUN.baseline, triangle=[month(n, 1, 0) for n in range(121)]
        ),
    )
    rows = view(long).fans[0].rows
    assert len(rows) <= 10
    assert rows[-1][0] == "Nov 2035"


def test_a_difference_within_its_error_is_not_sure() -> None:
    answer = msgspec.structs.replace(ANSWER, effect=0.01, effect_error=0.006)
    assert view(changed(answers=[answer])).answers[0].difference == (
        "no sure difference: +1.0 points (± 0.6)"
    )


def test_a_rare_alignment_of_a_cut_list_is_said_to_be_rare() -> None:
    bare = msgspec.structs.replace(RUN.baseline, blocs=[BlocShare(camps=BLOCS[0].camps, share=0.9)])
    assert [bloc.without for bloc in view(changed(baseline=bare)).blocs] == ["90 %", "rare"]


def test_bars_stay_in_their_range() -> None:
    wild = Sensitivity(question="warms", rows=9, drivers=(driver("chance", 1.3, "", 0.6),))
    (row,) = view(changed(sensitivity=[wild])).answers[0].drivers
    assert (row.bar, row.low, row.high, row.total) == (100.0, 70.0, 100.0, "1.30 ± 0.60")


def test_many_drivers_are_cut_but_chance_and_the_rest_stay() -> None:
    inputs = [driver(value.name, 0.5, value.interval.source) for value in VALUES]
    many = Sensitivity(question="warms", rows=9, drivers=(*inputs, *DRIVERS))
    answer = view(changed(sensitivity=[many])).answers[0]
    assert len(answer.drivers) == 8
    assert answer.drivers[-1].words == "all other inputs"
    assert answer.further == "4 further inputs"


def test_what_is_missing_is_said() -> None:
    nothing = changed(
        case={"triangle": (), "mechanisms": (), "summary": ""},
        triangle=[],
        ties=[],
        mechanisms=[],
        sources=[],
        assumptions=[],
        assumed=None,
        sensitivity=[Sensitivity(question="warms", rows=9, drivers=())],
        baseline=msgspec.structs.replace(RUN.baseline, triangle=[]),
    )
    said = section(nothing)
    assert "Nothing: the answer is the same in every run." in said
    assert "No input moves any answer." in said
    assert "The ties, month by month" not in said
    assert "The triangle of" not in said


def test_hostile_words_of_a_case_are_shown_and_never_run() -> None:
    evil = interval(0, 1, f"assumption: {EVIL}", note=EVIL)
    moves = (
        msgspec.structs.replace(OFFER, title=EVIL, probability=evil, amount=evil, requires=None),
    )
    run = changed(
        case={"moves": moves, "summary": EVIL, "issues": (Issue(id="line", title=EVIL),)},
        title=EVIL,
        answers=[msgspec.structs.replace(ANSWER, text=EVIL)],
        contributions=[push(0.2, EVIL)],
        sources=[Basis(source=f"table: {EVIL}", inputs=("noise",), low=0, high=1, note=EVIL)],
        mechanisms=[msgspec.structs.replace(RUN.mechanisms[0], title=EVIL, model=EVIL)],
    )
    html = render_brief(brief(run))
    made = parse(html)
    assert len(list(made.all("script"))) == 1
    assert text(made.find("scenario")).count("alert(1)") >= 8
    assert "{{ 7 * 7 }}" in html
    assert "\u0000" not in html


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (interval(0.5, 0.5), "0.5"),
        (interval(-0.25, 0.5), "−0.25 to 0.5"),
        (interval(0, 1, mode=0.4), "0 to 1, likeliest 0.4"),
    ],
)
def test_intervals_in_words(found: Interval, words: str) -> None:
    assert interval_words(found) == words


@pytest.mark.parametrize(
    ("start", "months", "words"),
    [("2025-02", 0, "Feb 2025"), ("2025-02", 10, "Dec 2025"), ("2025-02", 11, "Jan 2026")],
)
def test_months_in_words(start: str, months: int, words: str) -> None:
    assert month_words(start, months) == words


@pytest.mark.parametrize(
    ("field", "names", "words"),
    [
        ("dependence", ("RUS", "CHN"), "dependence of Russia on China"),
        ("salience", ("USA", "line"), "weight for United States of “Where the line runs”"),
        ("attention", ("USA", "home"), "attention of United States to home"),
        ("wedge.phase", (), "phase (wedge)"),
        ("wedge.kept", ("USA",), "kept of United States (wedge)"),
        ("capability", ("ZZZ",), "capability of ZZZ"),
    ],
)
def test_values_in_words(field: str, names: tuple[str, ...], words: str) -> None:
    assert value_words(Index(sample.records()), CASE, field, names) == words


@pytest.mark.parametrize(
    ("source", "kind", "n_here", "n_records"),
    [
        ("assumption: a: b", "assumption", 0, 0),
        ("record: event-talks-wire", "record", 1, 1),
        ("record: event-talks-wire, event-talks-wire event-gone", "record", 1, 2),
        ("record: doc-wire", "record", 1, 1),
    ],
)
def test_sources_are_read(source: str, kind: str, n_here: int, n_records: int) -> None:
    found = read_source(Index(sample.records()), source)
    assert (found.kind, found.n_here, found.n_records) == (kind, n_here, n_records)


def test_simulation_is_imported_only_for_a_brief_that_shows_it() -> None:
    code = "import sys, detente.views.brief; sys.exit('detente.scenarios.results' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_shipped_case_on_measured_ties_is_shown() -> None:
    from detente.scenarios.cases import case_with_ties, read_case
    from detente.scenarios.simulate import run_case

    case = case_with_ties(read_case("reverse-nixon"), sample.TIES, sample.PERCEIVED)
    made = parse(render_brief(brief(run_case(case, runs=40))))
    links = [e for e in made.find("scenario").iter() if name(e) == "a"]
    assert {e.attrib["data-ids"] for e in links} >= {"event-drills"}
    assert len(made.ids) == len(set(made.ids))
