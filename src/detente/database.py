"""Opening a DuckDB file, and saying clearly what went wrong with it.

DuckDB is imported when the first file is opened, for it takes a fifth of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import DossierError

if TYPE_CHECKING:
    import duckdb

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    # The statements are small: handing them to a second thread costs more than it saves.
    "threads": 1,
    # Files of this storage version open in every DuckDB since 1.1, also in R.
    "storage_compatibility_version": "v1.1.0",
    # DuckDB would fetch extensions from the network; what is needed here is built in.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    # A dossier from elsewhere must not read other files through a view.
    "enable_external_access": False,
}

WRITING_MEMORY = "1GB"
"""Most memory for writing; DuckDB handles 2,048 texts at once, so this does for texts of 500 kB."""

FAILURES = (
    (r"Could not set lock|Conflicting lock", "is in use by another process{pid}; close it there"),
    (r"different configuration", "is already open in this program in another mode; close it first"),
    (r"not a valid DuckDB database file", "is not a dossier; give another name or remove the file"),
    (r"with version number", "was written by a newer DuckDB; install a newer duckdb"),
    (r"read-only mode", "is open for reading only; open it without `read_only`"),
    (
        r"No space left|File too large|Disk quota|failed to offload",
        "cannot grow, the disk is full; free some space and run again (earlier articles are kept)",
    ),
    (
        r"Out of Memory|failed to pin|failed to allocate|could not allocate",
        "needs more memory; put long texts into a dossier of their own (earlier articles are kept)",
    ),
    (r"Permission denied|Read-only file system", "cannot be written: no permission; copy it first"),
)
"""What DuckDB says, and the sentence that the user reads."""


def connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Return a connection to the DuckDB file at `path`, which is made if it is not there."""
    import duckdb

    config = CONFIG if read_only else {**CONFIG, "memory_limit": WRITING_MEMORY}
    return duckdb.connect(str(path), read_only=read_only, config=config)


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn what DuckDB and the system say about a file into one sentence with a remedy.

    Raises:
        DossierError: DuckDB or the system failed inside the block.
    """
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as err:
        said = str(err)
        holder = re.search(r"\(PID \d+\)", said)
        for pattern, sentence in FAILURES:
            if re.search(pattern, said):
                remedy = sentence.format(pid=f" {holder[0]}" if holder else "")
                raise DossierError(f"{path} {remedy}") from err
        raise DossierError(f"{path} could not be used: {said.splitlines()[0]}") from err
