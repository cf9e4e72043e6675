"""The way of the data from documents to records: parse, actors, dates, claims, events, the rest.

`Coder` codes one document; `code` and `code_stream` code many, in this process or in several. One
document that fails becomes a `Skipped` row and never stops the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from detente.extract.actors import DocumentActors, find_actors
from detente.extract.claims import code_claims
from detente.extract.dates import find_dates
from detente.extract.dyads import with_dyads
from detente.extract.encoder import has_weights, read_windows
from detente.extract.events import code_events
from detente.extract.expectations import find_expectations
from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Parser, Sentence
from detente.extract.quantities import find_quantities
from detente.extract.reports import group_reports
from detente.extract.tagger import Tagged, tag_attributions
from detente.extract.terms import terms_sentence
from detente.extract.triggers import Found, find_triggers
from detente.extract.windows import windows_of
from detente.schema import Actor, Document, Mention, Records, Skipped, Tie
from detente.settings import Settings
from detente.tables import merge_actors

if TYPE_CHECKING:
    from detente.relations.perceived import PerceivedTie
    from detente.relations.triangle import TrianglePattern
    from detente.scenarios.results import CaseRun
    from detente.views.outlook import Outlook

CODER = "heads-4"
"""Version of the coder; a dossier codes its documents again when it changes."""

RULES = "rules-2"
"""Version of the coder that does without the trained weights."""

BATCH = 4
"""Documents sent to a worker process at once."""


@dataclass(slots=True)
class Coded:
    """The machine records of one document."""

    document: Document
    records: Records


class Coder:
    """Codes one document after another with one loaded language pipeline."""

    def __init__(self, settings: Settings) -> None:
        self._parser = Parser(settings.pipeline)
        self._gazetteer = load_gazetteer()
        self._has_heads = coder_of(settings) == CODER

    def code(self, doc: Document) -> Records:
        """Return the records of one document; its reports are left to `group_reports`."""
        if doc.language != "en":
            # The reader's words: the row that both report is one.
            reason = f"the text seems to be in language {doc.language!r}; only English is coded"
            return Records(
                documents=[doc], skipped=[Skipped(item=doc.path, stage="language", reason=reason)]
            )
        sentences = self._parser.parse(doc)
        actors = find_actors(doc, sentences, self._gazetteer)
        dates = find_dates(doc, sentences)
        tagged, found = read_heads(doc, sentences) if self._has_heads else (None, [])
        claims = code_claims(doc, sentences, actors, dates, tagged)
        events = code_events(doc, sentences, actors, dates, claims, found)
        return Records(
            documents=[doc],
            actors=self._with_countries(actors),
            mentions=[
                Mention(document=doc.id, actor=m.actor, span=doc.span(m.start, m.end))
                for m in actors.mentions
            ],
            events=events,
            claims=with_dyads(claims, events, actors),
            expectations=find_expectations(doc, sentences, actors, claims, dates),
            quantities=find_quantities(doc, sentences, actors, dates),
        )

    def _with_countries(self, actors: DocumentActors) -> list[Actor]:
        """Return a document's actors and the states that they act for, so that all have names."""
        found = dict(actors.actors)
        for actor in actors.actors.values():
            state = self._gazetteer.actors.get(actor.country or "")
            if state is not None:
                found.setdefault(state.id, state)
        return list(found.values())


def read_heads(doc: Document, sentences: list[Sentence]) -> tuple[list[Tagged], list[Found]]:
    """Return the attributions and events that the trained heads find in one pass over the text."""
    tagged: list[Tagged] = []
    found: list[Found] = []
    for reading in read_windows(list(windows_of(doc, sentences))):
        tagged += tag_attributions(reading)
        found += find_triggers(reading, sentences)
    return tagged, found


def coder_of(settings: Settings) -> str:
    """Return the version of the coder by which these settings code here."""
    return CODER if settings.weights and has_weights() else RULES


@cache
def _coder(settings: Settings) -> Coder:
    """Return this process's coder; loading one takes seconds."""
    return Coder(settings)


def code_document(doc: Document, settings: Settings) -> Coded:
    """Return the records of one document; a failure becomes a `Skipped` row that names it."""
    try:
        return Coded(doc, _coder(settings).code(doc))
    except Exception as err:
        reason = f"could not be coded ({type(err).__name__}: {err}); please report this text"
        return Coded(
            doc,
            Records(documents=[doc], skipped=[Skipped(item=doc.path, stage="code", reason=reason)]),
        )


def _code_batch(docs: list[Document], settings: Settings) -> list[Coded]:
    return [code_document(doc, settings) for doc in docs]


def code_stream(documents: Iterable[Document], settings: Settings) -> Iterator[Coded]:
    """Yield each document with its records, in order, as soon as it is coded.

    With `settings.processes` above 1 the documents go to worker processes; memory stays bounded by
    the batches in flight.
    """
    if settings.processes == 1:
        for doc in documents:
            yield code_document(doc, settings)
        return
    remaining = iter(documents)
    with ProcessPoolExecutor(max_workers=settings.processes) as pool:
        pending: list[Future[list[Coded]]] = []
        while True:
            while len(pending) < 2 * settings.processes:
                batch = list(islice(remaining, BATCH))
                if not batch:
                    break
                pending.append(pool.submit(_code_batch, batch, settings))
            if not pending:
                return
            yield from pending.pop(0).result()


def code(documents: Iterable[Document], settings: Settings | None = None) -> Records:
    """Return all records of the documents, with duplicates grouped and reports made.

    Args:
        documents: what `detente.read` returned.
        settings: the settings of the run; the defaults when left out.
    """
    from detente.documents.duplicates import group_duplicates  # imported late, as above

    settings = settings or Settings()
    records = Records()
    for coded in code_stream(group_duplicates(list(documents)), settings):
        records.extend(coded.records)
    return finish(records)


def finish(records: Records) -> Records:
    """Return the records with actors merged over documents and one report for each telling.

    What two stages left out for the same reason is listed once.
    """
    actors: dict[str, Actor] = {}
    for actor in records.actors:
        known = actors.get(actor.id)
        actors[actor.id] = merge_actors(known, actor) if known else actor
    by_id = {doc.id: doc for doc in records.documents}
    records.actors = sorted(actors.values(), key=lambda actor: actor.id)
    records.reports = group_reports(records.events, by_id)
    records.skipped = list(dict.fromkeys(records.skipped))
    return records


TRIANGLE = ("USA", "RUS", "CHN")
"""The triangle that a brief shows when all three occur."""

FEW_MONTHS = 6
"""Months with events of the triangle below which a brief shows it by week."""


def make_brief(
    records: Records,
    *,
    title: str,
    since: str | None = None,
    known: Collection[str] | None = None,
    history: Path | None = None,
    scenarios: Sequence[str] = (),
    settings: Settings | None = None,
) -> str:
    """Return the HTML brief of finished records, with the ties and the triangle they tell of.

    Args:
        records: what `code` or a dossier gave.
        title: heading of the page.
        since: ISO date from which on things are new.
        known: ids of documents that an earlier dossier holds; what others tell is new.
        history: a file or folder of event data, for forecasts of what the triangle does next.
        scenarios: cases to run, by name or path, on the ties that the records tell of.
        settings: half-life and seed of the ties, and whether the weights coded.

    Raises:
        InputError: `since` is no date, a case is not as it must be, or the history cannot be read
            or is too short.
    """
    from detente.relations.blocs import find_blocs  # imported late: coding alone starts faster
    from detente.relations.discourse import propose_discourse
    from detente.relations.perceived import perceived_ties
    from detente.relations.ties import contexts_of, ties_of
    from detente.relations.triangle import classify_triangle
    from detente.views.brief import build_brief, render_brief

    settings = settings or Settings()
    ties = ties_of(records, settings=settings)
    perceived = perceived_ties(records.claims, seed=settings.seed)
    tied = {party for tie in ties for party in (tie.a, tie.b)}
    has_triangle = tied.issuperset(TRIANGLE)
    page = build_brief(
        records,
        ties
        + [t for c in contexts_of(records) for t in ties_of(records, context=c, settings=settings)],
        [classify_triangle(ties, TRIANGLE, period="all")] if has_triangle else [],
        title=title,
        version=f"{version('detente')} (coder {coder_of(settings)})",
        history=_triangle_over_time(records, settings) if has_triangle else [],
        blocs=find_blocs(ties, period="all", seed=settings.seed),
        perceived=perceived,
        discourse=propose_discourse(records) if coder_of(settings) == CODER else None,
        scenarios=[_run_scenario(case, ties, perceived, settings) for case in scenarios],
        since=since,
        known=known,
        outlook=_look_ahead(history) if history else None,
        seed=settings.seed,
        notes=[terms_sentence()] if coder_of(settings) == CODER else [],
    )
    return render_brief(page)


def _run_scenario(
    name: str, ties: Sequence[Tie], perceived: Sequence[PerceivedTie], settings: Settings
) -> CaseRun:
    """Return what comes of a case on measured ties."""
    from detente.scenarios.cases import case_with_ties, read_case
    from detente.scenarios.simulate import run_case

    return run_case(case_with_ties(read_case(name), ties, perceived), seed=settings.seed)


def _look_ahead(path: Path) -> Outlook:
    """Return what the triangle is likeliest to do next, and how earlier forecasts did."""
    from detente.relations.history import read_history
    from detente.scenarios.advantage import measure_record
    from detente.scenarios.outlook import likeliest_interactions
    from detente.views.outlook import Outlook

    events = read_history(path).events
    forecasts = likeliest_interactions(events, TRIANGLE)
    last = forecasts[0].as_of
    advantage, bins = measure_record(events, date.fromisoformat(last))
    source = f"{path.name}, {events.height:,} events up to {last}"
    return Outlook(forecasts=tuple(forecasts), bins=bins, advantage=advantage, source=source)


def _triangle_over_time(records: Records, settings: Settings) -> list[TrianglePattern]:
    """Return the triangle by month, or by week where there are few months."""
    from detente.relations.ties import ties_of
    from detente.relations.triangle import classify_periods

    by_month, by_week = (
        classify_periods(ties_of(records, period=width, settings=settings), TRIANGLE)
        for width in ("month", "week")
    )
    return by_month if len(by_month) >= FEW_MONTHS else by_week
