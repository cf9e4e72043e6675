from __future__ import annotations

import pytest

from detente.errors import nearest


@pytest.mark.parametrize(
    ("value", "allowed", "expected"),
    [
        ("month", ["year", "months"], "; did you mean 'months'?"),
        ("m1", ["M11", "M1"], "; did you mean 'M1'?"),
        ("usa", ["RUS", "USA"], "; did you mean 'USA'?"),
        ("RUSIA", ["Prussia", "Russia"], "; did you mean 'Russia'?"),
        ("xyz", ["USA", "CHN"], ""),
        ("usa", [], ""),
    ],
)
def test_nearest_suggests_what_is_allowed_as_it_is_spelt(
    value: str, allowed: list[str], expected: str
) -> None:
    assert nearest(value, allowed) == expected
