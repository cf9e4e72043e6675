"""Compare accuracy with eval/floors.json; end with 1 where a figure fell below its floor.

    python eval/gate.py [--shared DIR] [--update | --allow-regression REASON]

Unit tests say whether the code does what it should; this says how often it is right, on data that
lie beside the checkout (`--shared`) and of which the floors hold a digest. Without the data nothing
is measured. Floors only rise (`--update`); lowering one takes a reason, which is kept with it.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from detente.bench.mentions import measure_mentions
from detente.bench.polnear import code_attributions, write_predictions

HOME = Path(__file__).parent
FLOORS = HOME / "floors.json"
ANNOTATIONS = HOME / "annotations" / "mentions.jsonl"


class Floor(msgspec.Struct, kw_only=True):
    """The least that a figure may be, on the data with this digest."""

    figure: str
    floor: float
    digest: str
    lowered: list[str] = []
    """Why the floor was lowered, each time that it was."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is measured, in which files, and how far below a measured figure its floor is set.

    The margin is for other versions of the numerical libraries, which move a parse here and there.
    """

    figure: str
    margin: float
    files: Callable[[Path], Iterable[Path]]
    measure: Callable[[Path], float]


def mention_files(shared: Path) -> list[Path]:
    """Return the annotations and the texts that they speak of."""
    rows = [msgspec.json.decode(line) for line in ANNOTATIONS.read_bytes().splitlines()]
    return [ANNOTATIONS, *sorted({shared / "data" / row["file"] for row in rows})]


def measure_mention_accuracy(shared: Path) -> float:
    return float(measure_mentions(shared / "data", ANNOTATIONS)["accuracy"])


def polnear_files(shared: Path) -> list[Path]:
    """Return the scorer, the texts and their annotations."""
    dev = shared / "data" / "polnear" / "dev"
    return [
        shared / "tools" / "score_polnear.py",
        *sorted(dev.glob("text/*.txt")),
        *sorted(dev.glob("attributions/*.ann")),
    ]


def measure_polnear_f1(shared: Path) -> float:
    """Return the F1 of whole attributions on PolNeAR's development part, in percent."""
    dev = shared / "data" / "polnear" / "dev"
    with tempfile.TemporaryDirectory() as folder:
        predictions, figures = Path(folder, "predictions.jsonl"), Path(folder, "figures.json")
        write_predictions(predictions, code_attributions(sorted(dev.glob("text/*.txt"))))
        scorer = [sys.executable, str(shared / "tools" / "score_polnear.py"), "--strict"]
        command = [*scorer, str(dev), str(predictions), "--json", str(figures)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        scored = msgspec.json.decode(figures.read_bytes())
    return float(scored["figures"]["attribution"]["f1"])


BENCHMARKS = {
    "mentions": Benchmark("accuracy, 0 to 1", 0.005, mention_files, measure_mention_accuracy),
    "polnear-dev": Benchmark("attribution F1, percent", 0.3, polnear_files, measure_polnear_f1),
}


def digest_of(files: Iterable[Path]) -> str:
    """Return the SHA-256 of the files' names and contents."""
    found = hashlib.sha256()
    for path in files:
        found.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def judge(floor: Floor | None, value: float, digest: str) -> str | None:
    """Return what speaks against a measured value, or None."""
    if floor is None:
        return "has no floor yet"
    if floor.digest != digest:
        return "was measured on other data than its floor"
    if value < floor.floor:
        return f"fell below its floor of {floor.floor}"
    return None


def settle(
    benchmark: Benchmark, floor: Floor | None, value: float, digest: str, reason: str | None
) -> Floor:
    """Return the new floor: never lower than the old one on the same data without a reason."""
    new = round(value - benchmark.margin, 4)
    lowered = list(floor.lowered) if floor else []
    if floor and judge(floor, value, digest):
        if reason is None:
            raise SystemExit(f"{benchmark.figure}: lowering takes --allow-regression REASON")
        lowered.append(f"{floor.floor} to {new}: {reason}")
    elif floor:
        new = max(new, floor.floor)
    return Floor(figure=benchmark.figure, floor=new, digest=digest, lowered=lowered)


def main(arguments: list[str] | None = None) -> int:
    """Measure, compare and print; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=HOME.parents[1] / "shared", metavar="DIR")
    parser.add_argument("--update", action="store_true", help="raise the floors")
    parser.add_argument("--allow-regression", metavar="REASON", help="lower floors, and say why")
    options = parser.parse_args(arguments)
    floors = msgspec.json.decode(FLOORS.read_bytes(), type=dict[str, Floor])
    failed = False
    for name, benchmark in BENCHMARKS.items():
        files = list(benchmark.files(options.shared))
        if not all(path.is_file() for path in files):
            print(f"{name}: skipped, its data are not in {options.shared}; give --shared DIR")
            continue
        value, digest = benchmark.measure(options.shared), digest_of(files)
        floor = floors.get(name)
        against = judge(floor, value, digest)
        print(f"{name}: {value} ({benchmark.figure}) {against or f'floor {floor.floor}'}")
        if options.update or options.allow_regression:
            floors[name] = settle(benchmark, floor, value, digest, options.allow_regression)
        else:
            failed = failed or against is not None
    if options.update or options.allow_regression:
        FLOORS.write_bytes(msgspec.json.format(msgspec.json.encode(floors), indent=2) + b"\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
