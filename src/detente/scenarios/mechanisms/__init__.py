'''The mechanisms that scenarios run, one module a family.

How to write one
----------------
A mechanism is a small pure function of the state; the decorator makes a `Mechanism` of it::

    @mechanism(
        id="M4",
        title="Dependence as lock-in",
        family="dependence",                     # the module's name
        model="asymmetric interdependence",
        reference="Hirschman 1945; Keohane & Nye 1977",
        roles=(Role("client"), Role("patron")),  # who plays them is the case's business
        parameters=(
            Parameter("weight", 0.0, 1.0, "cost a share", "exit cost at full dependence"),
        ),
        gauges=(Gauge("stage", 0.0, 3.0, note="0 none, 1 draft, …"),),
        findings=("exit cost",),
    )
    def lock_in(state: State, use: Use, rng: np.random.Generator) -> Change:
        """The more the client needs the patron, the dearer a turn away (name, equation, units)."""
        client, patron = use.one("client"), use.one("patron")
        target = use["weight"] * state.dependence[client, patron]
        gap = target - state.exit_costs[client, patron]
        return Change(
            shifts=(Shift("exit_costs", (client, patron), gap, "trade that a turn would cost"),),
            findings={"exit cost": target},
        )

* **Runs are the last axis.** `state.ties[i, j]`, `use["weight"]` and every finding are arrays
  `(runs,)`; `state.ties` is `(n, n, runs)`. Write plain numpy on them, no loop over runs.
* **A call is one month.** Read the state, return shifts; never write into it (arrays are
  read-only). Shifts of all mechanisms are summed, then clamped. `Shift("ties", (i, j), …)` moves
  both sides; place `()` shifts a whole field by an array of its shape.
* **Roles** are filled by the case: `use.one("client")` is an index, `use.all("members")` several.
  A role may be an `issue` or a `theatre` (`Role("file", axis="issue")`). With `many=True` a case
  that names nobody means all. Names: `use.world.actors[i]`.
* **Parameters** are drawn once a run from their interval (uniform). An effect size without data
  includes zero. A case may replace the interval within `least` and `most`. Their unit is stated;
  rates are a month.
* **Gauges** are the mechanism's own memory: `state.array(use.gauge("stage"))`, changed by
  `Shift(use.gauge("stage"), (), amount, reason)`; of one an actor (`axes=("actor",)`) the place is
  `(i,)`. Other mechanisms may read them (`state.gauges.get("M17.phase")`).
* **Findings** are what a question can ask for: `M4.exit cost`. Names may hold an actor's id
  (declare `"payoff {actor}"`). They must be there in every month and be numbers.
* **Chance** comes from `rng` alone: an array a call (`rng.random(state.runs)`), the same draws
  whatever the state, so that two cases can be compared run by run.
* **Shared quantities join mechanisms**: `offers[i, j]` (what i holds out to j: M1 reads it; M6
  discounts by trust, M5, M9, M15, M17 raise or cap it), `exit_costs[i, j]` (M4, M19 raise it, M1
  reads it), `trust`, `opposition`. So one mechanism need not import another. Let no two
  mechanisms count the same thing: trust enters M1 already as `offers × trust`.
* **A reason** says in a few words why, without numbers.

Then name the module in `FAMILIES`. Test the signs that the theory demands, its limits, and that
all stays in range; `tests/scenarios/stage.py` makes states and uses for that. A case that
`extends = "riyadh-2025"` has its actors, values and mechanisms, and adds its own.
'''

from __future__ import annotations

import dataclasses
import functools
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import numpy as np

from detente.errors import DetenteError, InputError
from detente.scenarios.mechanisms import (
    alignment,
    alliances,
    attention,
    bargains,
    dependence,
    domestic,
    exclusion,
    haggling,
    peace,
    signals,
    trust,
)
from detente.scenarios.mechanisms.mechanism import Mechanism, Use
from detente.scenarios.state import Change, State

FAMILIES: tuple[ModuleType, ...] = (
    alignment,
    alliances,
    attention,
    bargains,
    dependence,
    domestic,
    exclusion,
    haggling,
    peace,
    signals,
    trust,
)
"""The modules that hold mechanisms."""


def mechanisms_of(module: ModuleType) -> dict[str, Mechanism]:
    """Return the mechanisms in a module, by id; of those that it imports too.

    Raises:
        InputError: two of them have the same id.
    """
    found: dict[str, Mechanism] = {}
    for value in vars(module).values():
        if isinstance(value, Mechanism) and found.setdefault(value.id, value) is not value:
            raise InputError(f"{module.__file__}: two mechanisms are called {value.id!r}")
    return found


def _number(mechanism_id: str) -> int:
    return int(mechanism_id.removeprefix("M"))


_FOUND = {key: value for module in FAMILIES for key, value in mechanisms_of(module).items()}

MECHANISMS: Mapping[str, Mechanism] = {key: _FOUND[key] for key in sorted(_FOUND, key=_number)}
"""The mechanisms that ship with détente, by id, in the order of their numbers."""


def load_user_mechanisms(path: Path) -> dict[str, Mechanism]:
    """Return the shipped mechanisms and those of the user's own Python file.

    The file is run, so this is for a path that the user gave on the command line, never for one
    that a case or a document names.

    Raises:
        InputError: the file is missing, cannot be run, has no mechanism, or takes a shipped id.
    """
    spec = importlib.util.spec_from_file_location(f"detente_user_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise InputError(f"{path}: no Python file; mechanisms stand in a file that ends in .py")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except DetenteError as err:
        raise InputError(f"{path}: {err}") from err
    except (Exception, SystemExit) as err:  # whatever the user's code raises is told with its file
        raise InputError(f"{path}: cannot be run: {type(err).__name__}: {err}") from err
    own = {k: v for k, v in mechanisms_of(module).items() if MECHANISMS.get(k) is not v}
    if not own:
        raise InputError(f"{path}: has no mechanism; mark a function with @mechanism(…)")
    taken = sorted(set(own) & set(MECHANISMS))
    if taken:
        raise InputError(f"{path}: {taken[0]} is the id of a shipped mechanism; take another")
    return {**MECHANISMS, **{key: _guard(one, path) for key, one in own.items()}}


def _guard(mechanism: Mechanism, path: Path) -> Mechanism:
    """Return a mechanism of the user's whose failures are told with their file."""

    @functools.wraps(mechanism.rule)
    def rule(state: State, use: Use, rng: np.random.Generator) -> Change:
        try:
            change = mechanism.rule(state, use, rng)
        except Exception as err:
            what = f"{type(err).__name__}: {err}"
            raise InputError(f"{path}: {mechanism.id} cannot be run: {what}") from err
        if not isinstance(change, Change):
            raise InputError(
                f"{path}: {mechanism.id} returns {type(change).__name__}; return a Change"
            )
        return change

    return dataclasses.replace(mechanism, rule=rule)
