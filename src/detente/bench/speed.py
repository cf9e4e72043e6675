"""Speed of the coder: words per second, start-up, memory, and where the time goes.

Words are runs of characters between blanks. The pipeline is loaded in each worker before the clock
starts, as in a long-running session; start-up is measured apart, from a fresh process to its first
record on one short article.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from detente.documents.readers import read_paths
from detente.errors import InputError
from detente.extract.actors import find_actors
from detente.extract.claims import code_claims
from detente.extract.dates import find_dates
from detente.extract.events import code_events
from detente.extract.expectations import find_expectations
from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Parser
from detente.extract.quantities import find_quantities
from detente.pipeline import BATCH, CODER, Coded, code_document, coder_of, read_heads
from detente.schema import Document, Skipped, Span
from detente.settings import Settings

PROCESSES = 2
SHORT = (
    "On 18 February 2025 the United States and Russia held talks in Riyadh. "
    "Lavrov said the meeting was useful."
)
STAGES = ("parse", "actors", "dates", "heads", "claims", "events", "expectations", "quantities")


def measure_speed(data: Path, *, limit: int = 200) -> dict[str, Any]:
    """Return speed, memory and span checks over the first `limit` articles of a folder.

    Raises:
        InputError: the folder holds no readable article.
    """
    settings = Settings()
    items = read_paths([data], settings=settings, options=None)
    documents = [item for item in items if not isinstance(item, Skipped)][:limit]
    if not documents:
        raise InputError(f"no articles in {data}")
    n_words = sum(len(doc.text.split()) for doc in documents)
    coded, seconds = _code_all(documents, settings)
    profile = _profile(documents[: max(1, limit // 10)], settings)
    records = [row.records for row in coded]
    return {
        "articles": len(documents),
        "words": n_words,
        "processes": PROCESSES,
        "seconds": round(seconds, 2),
        "words_per_second": round(n_words / seconds),
        "startup_seconds": round(_startup(), 2),
        "peak_memory_mb": _peak_memory_mb(),
        "crashes": sum(s.stage == "code" for r in records for s in r.skipped),
        "spans": sum(1 for _ in spans_of(records)),
        "spans_valid": _share_valid(coded),
        "profile": profile,
    }


def _warm(settings: Settings) -> int:
    """Load this worker's pipeline, slowly enough that every worker takes a turn."""
    code_document(Document(id="warm", path="warm", text=SHORT), settings)
    time.sleep(0.5)
    return 0


def _code_all(documents: list[Document], settings: Settings) -> tuple[list[Coded], float]:
    """Return the coded documents and the seconds it took with warm workers."""
    with ProcessPoolExecutor(max_workers=PROCESSES) as pool:
        list(pool.map(_warm, [settings] * PROCESSES))
        start = time.perf_counter()
        coded = list(
            pool.map(code_document, documents, [settings] * len(documents), chunksize=BATCH)
        )
        return coded, time.perf_counter() - start


def _profile(documents: list[Document], settings: Settings) -> dict[str, float]:
    """Return the share of time of each stage, 0 to 1, on one process."""
    spent = dict.fromkeys(STAGES, 0.0)

    def timed(stage: str, run: Callable[..., Any], *values: Any) -> Any:
        start = time.perf_counter()
        result = run(*values)
        spent[stage] += time.perf_counter() - start
        return result

    parser, gazetteer = Parser(settings.pipeline), load_gazetteer()
    has_heads = coder_of(settings) == CODER
    for doc in documents:
        sentences = timed("parse", parser.parse, doc)
        actors = timed("actors", find_actors, doc, sentences, gazetteer)
        dates = timed("dates", find_dates, doc, sentences)
        tagged, found = timed("heads", read_heads, doc, sentences) if has_heads else (None, [])
        claims = timed("claims", code_claims, doc, sentences, actors, dates, tagged)
        timed("events", code_events, doc, sentences, actors, dates, claims, found)
        timed("expectations", find_expectations, doc, sentences, actors, claims, dates)
        timed("quantities", find_quantities, doc, sentences, actors, dates)
    total = sum(spent.values())
    return {stage: round(seconds / total, 3) for stage, seconds in spent.items()}


def _startup() -> float:
    """Return the seconds from starting `detente extract` on a short article to its first line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "short.txt"
        path.write_text(SHORT, encoding="utf-8")
        command = [sys.executable, "-m", "detente", "extract", str(path), "--kind", "event"]
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
            stream = run.stdout
            first = stream.readline() if stream else b""
            seconds = time.perf_counter() - start
            run.communicate()
    if not first:
        raise InputError("detente extract printed nothing for a short article")
    return seconds


def _peak_memory_mb() -> int:
    """Return the largest resident memory of this process or a worker, in MB."""
    usage = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return round(max(resource.getrusage(who).ru_maxrss for who in usage) / 1024)


def spans_of(value: object) -> Iterator[Span]:
    """Yield every span anywhere in records, those of references and boilerplate included."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from spans_of(getattr(value, name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from spans_of(part)


def _share_valid(coded: list[Coded]) -> float:
    """Return the share of spans whose quote is the text at their offsets, 0 to 1."""
    checks = [
        row.document.text[s.start : s.end] == s.quote
        for row in coded
        for s in spans_of(row.records)
    ]
    return sum(checks) / len(checks) if checks else 1.0
