"""The brief: records to one typed page, and the page to one self-contained HTML file.

`build_brief` decides what is shown and what it rests on; `render_brief` only sets it in type. All
text of documents is escaped by the templates; the file asks nothing of the network and its content
security policy forbids it to.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from detente.errors import InputError
from detente.relations.blocs import Blocs
from detente.relations.discourse import Discourse
from detente.relations.perceived import PerceivedTie
from detente.relations.triangle import TrianglePattern
from detente.schema import Figure, Record, Records, Tie
from detente.views.articles import Article, build_articles
from detente.views.charts import Chart
from detente.views.corpus import Corpus, Dispute, build_corpus, build_disputes
from detente.views.figures import Index, Novelty, Number
from detente.views.quantities import Quantities, QuantityRow, build_quantities
from detente.views.sides import DiscourseView, build_discourse
from detente.views.standing import Standing, build_standing
from detente.views.timeline import (
    APART,
    EventRow,
    Timeline,
    build_chart,
    build_timeline,
    event_rows,
    most_reported,
)
from detente.views.voices import (
    Band,
    ClaimRow,
    ExpectationRow,
    Speaker,
    build_bands,
    build_voices,
    new_claims,
)
from detente.views.wording import count, date_words, has_year, plain, printable, range_words

if TYPE_CHECKING:
    from detente.scenarios.results import CaseRun
    from detente.views.outlook import Outlook, OutlookView
    from detente.views.scenario import WhatIf

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

GLANCE = 5
"""Most reported events named at the head of the brief."""


SECTIONS: tuple[tuple[str, str], ...] = (
    ("glance", "At a glance"),
    ("fresh", "What is new"),
    ("events", "What happened"),
    ("voices", "Who says what"),
    ("outlook", "What they expect"),
    ("quantities", "Figures"),
    ("standing", "How the main actors stand"),
    ("differ", "Where accounts differ"),
    ("forecasts", "What may come next"),
    ("scenario", "What if"),
    ("corpus", "What this rests on"),
    ("skipped", "What was skipped"),
    ("method", "Method and limits"),
    ("articles", "The articles"),
)
"""Ids and names of the sections, in the order of the page."""

ALWAYS = ("corpus", "skipped", "method", "articles")
"""Sections that a brief without any article has as well."""


class Headline(Record, frozen=True, kw_only=True):
    """The numbers that the brief opens with, and the time that they cover."""

    articles: Number
    outlets: Number | None
    events: Number
    claims: Number
    expectations: Number
    quantities: Number
    published: str
    covers: str
    undated: int


class Fresh(Record, frozen=True, kw_only=True):
    """What is new, and compared with what."""

    than: str
    events: tuple[EventRow, ...]
    claims: tuple[ClaimRow, ...]
    expectations: tuple[ExpectationRow, ...]
    quantities: tuple[QuantityRow, ...]


class Brief(Record, frozen=True, kw_only=True):
    """All sections of a brief, in the order in which they are read."""

    title: str
    version: str
    seed: int
    notes: tuple[str, ...]
    headline: Headline | None
    glance: tuple[EventRow, ...]
    fresh: Fresh | None
    chart: Chart | None
    timeline: Timeline
    voices: tuple[Speaker, ...]
    bands: tuple[Band, ...]
    discourse: DiscourseView | None
    quantities: Quantities
    standing: Standing
    disputes: tuple[Dispute, ...]
    outlook: OutlookView | None
    scenarios: WhatIf | None
    corpus: Corpus
    articles: tuple[Article, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return every number and drawing of the brief that stands for records, for the trace.

        Those of the outlook stand for rows of a history file, those of scenarios for a simulation;
        they are none.
        """
        numbers: list[Number] = []
        if self.headline:
            fields = msgspec.structs.asdict(self.headline).values()
            numbers += [field for field in fields if isinstance(field, Number)]
        numbers += [row.articles for row in self.corpus.outlets]
        numbers += [row.pieces for row in self.corpus.waste]
        charts = [self.chart, *(group.chart for group in self.quantities.groups)]
        return (
            *(number.figure for number in numbers),
            *(chart.figure for chart in charts if chart),
            *self.standing.figures,
            *(self.discourse.figures if self.discourse else ()),
        )


def build_brief(
    records: Records,
    ties: Sequence[Tie] = (),
    triangles: Sequence[TrianglePattern] = (),
    *,
    title: str,
    version: str,
    history: Sequence[TrianglePattern] = (),
    blocs: Blocs | None = None,
    perceived: Sequence[PerceivedTie] = (),
    discourse: Discourse | None = None,
    outlook: Outlook | None = None,
    scenarios: Sequence[CaseRun] = (),
    since: str | None = None,
    known: Collection[str] | None = None,
    seed: int = 1,
    notes: Sequence[str] = (),
) -> Brief:
    """Return the brief of some records: what every section shows, with the ids that it rests on.

    Args:
        records: what was read.
        ties: how actors stand to each other, over all contexts and by issue.
        triangles: strategic triangles with their sides.
        title: heading of the page.
        version: version of détente that made the records.
        history: the patterns of one triangle, period by period, in time order.
        blocs: the partition of the actors that their ties make.
        perceived: how speakers describe the ties.
        discourse: who takes which side on which proposition.
        outlook: what a history of events says about the next ones.
        scenarios: cases that were simulated.
        since: ISO date; what is dated or published from then on is marked as new.
        known: ids of documents seen before; what only other documents tell is marked as new.
        seed: seed of the bootstrap.
        notes: further sentences for the foot of the page: terms of weights, warnings.

    Raises:
        InputError: `since` is no ISO date.
    """
    if since is not None and not _DATE.fullmatch(since):
        raise InputError(f"since: {since!r} is no date; write it as 2025-02-18 or 2025-02")
    novelty = Novelty(since=since, known=None if known is None else frozenset(known))
    index = Index(records, novelty)
    rows = event_rows(index)
    present = [row for row in rows if row.status not in APART]
    voices, bands = build_voices(index), build_bands(index)
    quantities = build_quantities(index)
    return Brief(
        title=title,
        version=version,
        seed=seed,
        notes=tuple(notes),
        headline=_headline(index, rows) if records.documents else None,
        glance=tuple(most_reported([row for row in present if row.status != "denied"], GLANCE)),
        fresh=_fresh(novelty, rows, voices, bands, quantities) if novelty.is_asked else None,
        chart=build_chart(index, rows),
        timeline=build_timeline(rows),
        voices=voices,
        bands=bands,
        discourse=build_discourse(index, discourse) if discourse else None,
        quantities=quantities,
        standing=build_standing(
            index, ties, triangles, history=history, blocs=blocs, perceived=perceived
        ),
        disputes=build_disputes(index, rows),
        outlook=_outlook(index, outlook) if outlook else None,
        scenarios=_scenarios(index, scenarios) if scenarios else None,
        corpus=build_corpus(index),
        articles=build_articles(index),
    )


def render_brief(brief: Brief) -> str:
    """Return the brief as one HTML5 file: text, drawings, styles and script in it."""
    environment = Environment(
        loader=PackageLoader("detente.views"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(count=count, plain=plain)
    script = _source(environment, "brief.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("brief.html").render(
        brief=brief,
        sections=_sections(brief),
        script=script,
        script_hash=digest,
        style=_source(environment, "brief.css"),
        drawn=Markup,  # only for SVG that `charts.fit_svg` has reduced to drawing elements
    )


def _sections(brief: Brief) -> list[tuple[str, str]]:
    """Return the sections that this brief has."""
    given = {
        "fresh": bool(brief.fresh),
        "forecasts": bool(brief.outlook),
        "scenario": bool(brief.scenarios),
    }
    has_articles = brief.headline is not None
    return [(key, name) for key, name in SECTIONS if given.get(key, has_articles or key in ALWAYS)]


def _source(environment: Environment, name: str) -> Markup:
    """Return a file of ours, not a template, to be set into the page as it stands."""
    if environment.loader is None:
        raise InputError("the brief's templates are not installed; install détente again")
    return Markup(environment.loader.get_source(environment, name)[0].strip() + "\n")


def _finalize(value: Any) -> Any:
    """Return what a template prints, with unprintable characters made visible."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _headline(index: Index, rows: Sequence[EventRow]) -> Headline:
    records = index.records
    first_of: dict[str, str] = {}
    for doc in records.documents:
        first_of.setdefault(doc.outlet or "", doc.id)
    outlets = [doc for outlet, doc in first_of.items() if outlet]
    happened = [row for row in rows if row.status in ("past", "ongoing") and has_year(row.date)]

    def number(name: str, noun: str, ids: Sequence[str]) -> Number:
        return index.number(name, name.capitalize(), count(len(ids), noun), ids)

    return Headline(
        articles=number("articles", "article", [doc.id for doc in records.documents]),
        outlets=number("outlets", "outlet", outlets) if outlets else None,
        events=number("events", "event", [row.id for row in rows]),
        claims=number("claims", "statement", [claim.id for claim in records.claims]),
        expectations=number("expectations", "expectation", [e.id for e in records.expectations]),
        quantities=number("quantities", "figure", [q.id for q in records.quantities]),
        published=range_words([doc.date for doc in records.documents if doc.date]),
        covers=range_words([str(row.date) for row in happened]),
        undated=sum(doc.date is None for doc in records.documents),
    )


def _outlook(index: Index, outlook: Outlook) -> OutlookView:
    from detente.views.outlook import build_outlook  # imported late: forecasts take a second

    return build_outlook(index, outlook)


def _scenarios(index: Index, runs: Sequence[CaseRun]) -> WhatIf:
    from detente.views.scenario import build_scenarios  # imported late, as forecasts are

    return build_scenarios(index, runs)


def _fresh(
    novelty: Novelty,
    rows: Sequence[EventRow],
    voices: Sequence[Speaker],
    bands: Sequence[Band],
    quantities: Quantities,
) -> Fresh:
    """Return what is new, from the rows that say so."""
    than = [f"since {date_words(novelty.since)}"] if novelty.since else []
    than += ["beside what was read before"] if novelty.known is not None else []
    events = [row for row in rows if row.is_new and row.status not in APART]
    return Fresh(
        than=" or ".join(than),
        events=tuple(most_reported(events, len(events))),
        claims=new_claims(voices),
        expectations=tuple(row for band in bands for row in band.rows if row.is_new),
        quantities=tuple(row for row in quantities.rows if row.is_new),
    )
