"""The gate of `make eval`: floors are compared on the same data and never fall without a reason."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

EVAL = Path(__file__).parents[1] / "eval"


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gate", EVAL / "gate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["gate"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("value", "digest", "words"),
    [(0.7, "d", None), (0.71, "d", None), (0.69, "d", "below its floor"), (0.7, "e", "other data")],
)
def test_a_figure_is_held_against_its_floor(
    gate: ModuleType, value: float, digest: str, words: str | None
) -> None:
    against = gate.judge(gate.Floor(figure="f", floor=0.7, digest="d"), value, digest)
    assert (words or "") in (against or "")
    assert (against is None) is (words is None)


def test_a_floor_rises_but_does_not_fall_by_itself(gate: ModuleType) -> None:
    benchmark = gate.Benchmark("f", 0.01, list, float)
    floor = gate.Floor(figure="f", floor=0.7, digest="d")
    assert gate.settle(benchmark, floor, 0.8, "d", None).floor == 0.79
    assert gate.settle(benchmark, floor, 0.705, "d", None).floor == 0.7
    with pytest.raises(SystemExit, match="REASON"):
        gate.settle(benchmark, floor, 0.6, "d", None)


def test_a_lowered_floor_keeps_the_reason(gate: ModuleType) -> None:
    benchmark = gate.Benchmark("f", 0.01, list, float)
    floor = gate.Floor(figure="f", floor=0.7, digest="d")
    lowered = gate.settle(benchmark, floor, 0.6, "d", "a smaller model")
    assert lowered.floor == 0.59
    assert lowered.lowered == ["0.7 to 0.59: a smaller model"]


def test_without_its_data_nothing_is_measured(
    gate: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate.main(["--shared", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("skipped") == len(gate.BENCHMARKS)


def test_every_benchmark_has_a_floor(gate: ModuleType) -> None:
    floors = gate.msgspec.json.decode(gate.FLOORS.read_bytes(), type=dict[str, gate.Floor])
    assert set(floors) == set(gate.BENCHMARKS)
    for name, floor in floors.items():
        assert floor.figure == gate.BENCHMARKS[name].figure
        assert floor.floor > 0
