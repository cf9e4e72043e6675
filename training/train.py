"""Train the encoder: first on attributions alone, then on attributions and events together.

    python -m training.train claims --shared ../shared --base DIR --out claims.pt
    python -m training.train joint  --shared ../shared --base DIR --start claims.pt --out joint.pt

`--base` is the folder of the published MiniLM-L6 (`model.safetensors`, `config.json`). What is
measured is kept out: the sentences of `eval/annotations` and PolNeAR's dev part.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from detente.extract.language import Parser
from detente.extract.windows import Window
from training.events import ROOTS, Sentence, read_news, read_plv, read_written, sample_pairs
from training.model import Claims, Events, Trunk
from training.polnear import Example, examples, load

ROOT = {name: i for i, name in enumerate(ROOTS)}
YIELD = [ROOT["CONCEDE"], ROOT["RETREAT"]]
FASTER = 5
SMOOTHING = 0.05
"""Share of a label's weight that is spread over all roots, which keeps the head calibrated."""


@dataclass(slots=True)
class Batch:
    """Padded windows: ids and features (windows, pieces), mask 1 where a piece stands."""

    ids: Tensor
    features: Tensor
    mask: Tensor


def stack(windows: Sequence[Window]) -> Batch:
    size = max(len(w.ids) for w in windows)
    return Batch(
        _padded([w.ids for w in windows], size),
        _padded([w.features for w in windows], size),
        _padded([np.ones(len(w.ids), dtype=np.int64) for w in windows], size),
    )


def _padded(rows: Sequence[np.ndarray], size: int, value: int = 0) -> Tensor:
    out = np.full((len(rows), size, *rows[0].shape[1:]), value, dtype=rows[0].dtype)
    for k, row in enumerate(rows):
        out[k, : len(row)] = row
    return torch.from_numpy(out)


def claims_loss(trunk: Trunk, claims: Claims, some: list[Example]) -> Tensor:
    """Return the loss of the tags and of the roles of the gold anchors."""
    batch = stack([e.window for e in some])
    size = batch.ids.shape[1]
    states = claims.drop(trunk(batch.ids, batch.features, batch.mask))
    tags = _padded([e.tags for e in some], size, -100)
    loss = F.cross_entropy(
        claims.tags(states).float().flatten(0, 1), tags.flatten(), ignore_index=-100
    )
    rows = torch.tensor([k for k, e in enumerate(some) for _ in e.anchors])
    if len(rows):
        anchors = torch.tensor([a for e in some for a in e.anchors])
        gold = _padded([r for e in some for r in e.roles], size, -100)
        logits = claims.roles(states, batch.mask[rows], rows, anchors)
        loss = loss + F.cross_entropy(
            logits.float().flatten(0, 1), gold.flatten(), ignore_index=-100
        )
    return loss


@dataclass(slots=True)
class Packed:
    """Sentences that stand in one window, each with the place of its first piece."""

    window: Window
    parts: list[tuple[int, Sentence]]


def pack(sentences: Sequence[Sentence]) -> Packed:
    """Return the sentences as paragraphs of one window: an article's sentences have neighbours."""
    parts, ids, features = [], [sentences[0].window.ids[:1]], [sentences[0].window.features[:1]]
    place = 0
    for sentence in sentences:
        parts.append((place, sentence))
        ids.append(sentence.window.ids[1:])
        features.append(sentence.window.features[1:])
        place += len(sentence.window.ids) - 1
    joined = np.concatenate(ids)
    empty = np.zeros(len(joined), dtype=np.int64)
    return Packed(Window(joined, np.concatenate(features), empty, empty), parts)


class Part(NamedTuple):
    """A sentence in a batch: its window's row, its first piece, and 1 for each of its pieces."""

    row: int
    place: int
    inside: np.ndarray
    sentence: Sentence


def events_loss(trunk: Trunk, events: Events, some: list[Packed], chance: random.Random) -> Tensor:
    """Return the loss of pairs, triggers and parties; each sentence is read by itself."""
    batch = stack([p.window for p in some])
    states = events.drop(trunk(batch.ids, batch.features, batch.mask))
    parts = []
    for row, packed in enumerate(some):
        for place, sentence in packed.parts:
            inside = np.zeros(batch.ids.shape[1], dtype=np.int64)
            inside[place : place + len(sentence.window.ids)] = 1
            parts.append(Part(row, place, inside, sentence))
    return pairs_loss(events, states, parts, chance) + triggers_loss(events, states, parts)


def pairs_loss(
    events: Events, states: Tensor, parts: Sequence[Part], chance: random.Random
) -> Tensor:
    """Return the loss of the roots of pairs, and 0.3 of that of the pieces that show them.

    PLV's own pairs are few beside the others, and count as much.
    """
    asked = [(part, pair) for part in parts for pair in sample_pairs(part.sentence, chance)]
    size = states.shape[1]
    sources, targets = (
        torch.from_numpy(np.stack([_marked(size, part.place, side(pair)) for part, pair in asked]))
        for side in (attrgetter("source"), attrgetter("target"))
    )
    logits, shown = events.pairs(
        states,
        torch.from_numpy(np.stack([part.inside for part, _ in asked])),
        torch.tensor([part.row for part, _ in asked]),
        sources,
        targets,
    )
    loss = torch.zeros(())
    for is_marked in (True, False):
        if kind := [i for i, (_, pair) in enumerate(asked) if pair.is_marked == is_marked]:
            loss = loss + root_loss(logits[kind], [asked[i][1].root for i in kind])
    gold = torch.tensor([-100 if q.trigger is None else p.place + q.trigger for p, q in asked])
    if (gold >= 0).any():
        loss = loss + 0.3 * F.cross_entropy(shown.float(), gold, ignore_index=-100)
    return loss


def triggers_loss(events: Events, states: Tensor, parts: Sequence[Part]) -> Tensor:
    """Return 3 times the loss of the triggers, and twice that of their parties."""
    tags = torch.full(states.shape[:2], -100)
    asked, parties = [], []
    for part in parts:
        tags[part.row, part.place + 1 : part.place + len(part.sentence.window.ids)] = 0
        for trigger in part.sentence.triggers:
            tags[part.row, part.place + trigger.at] = ROOT[trigger.root]
            labels = np.where(part.inside, 0, -100)
            for begin, side in ((1, trigger.sources), (3, trigger.targets)):
                for party in side:
                    labels[[part.place + i for i in party]] = begin + 1
                    labels[part.place + party[0]] = begin
            asked.append((part, part.place + trigger.at))
            parties.append(labels)
    found = events.triggers(states).float().flatten(0, 1)
    loss = 3 * F.cross_entropy(found, tags.flatten(), ignore_index=-100)
    if asked:
        roles = events.roles(
            states,
            torch.from_numpy(np.stack([part.inside for part, _ in asked])),
            torch.tensor([part.row for part, _ in asked]),
            torch.tensor([at for _, at in asked]),
        )
        labels = torch.from_numpy(np.stack(parties)).flatten()
        loss = loss + 2 * F.cross_entropy(roles.float().flatten(0, 1), labels, ignore_index=-100)
    return loss


def _marked(size: int, place: int, pieces: Sequence[int]) -> np.ndarray:
    at = np.zeros(size, dtype=np.float32)
    at[[place + i for i in pieces]] = 1
    return at


def root_loss(logits: Tensor, roots: Sequence[str]) -> Tensor:
    """Return the smoothed cross entropy; YIELD is CONCEDE or RETREAT, whichever is likelier."""
    scores = logits.float().log_softmax(-1)
    chosen = [
        torch.logsumexp(row[YIELD], 0) if root == "YIELD" else row[ROOT[root]]
        for row, root in zip(scores, roots, strict=True)
    ]
    return -((1 - SMOOTHING) * torch.stack(chosen).mean() + SMOOTHING * scores.mean())


def batches(items: Sequence, size: int, length: Callable, chance: random.Random) -> list[list]:
    """Return shuffled batches of items of like length."""
    order = chance.sample(list(items), len(items))
    out = []
    for i in range(0, len(order), 12 * size):
        part = sorted(order[i : i + 12 * size], key=length)
        out += [part[j : j + size] for j in range(0, len(part), size)]
    return chance.sample(out, len(out))


def packed(sentences: Sequence[Sentence], chance: random.Random) -> list[Packed]:
    """Return half of the sentences alone, the others two to five a window."""
    order = chance.sample(list(sentences), len(sentences))
    half = len(order) // 2
    out = [pack([s]) for s in order[:half]]
    while half < len(order):
        count = chance.randint(2, 5)
        out.append(pack(order[half : half + count]))
        half += count
    return out


class Average:
    """The moving average of the weights, which is what is kept."""

    def __init__(self, modules: dict[str, nn.Module]) -> None:
        self._modules = modules
        self._steps = 0
        self.weights = {name: self._of(m) for name, m in modules.items()}

    @staticmethod
    def _of(module: nn.Module) -> dict[str, Tensor]:
        return {k: p.detach().clone() for k, p in module.named_parameters() if p.requires_grad}

    def update(self, most: float) -> None:
        self._steps += 1
        keep = min(most, (1 + self._steps) / (10 + self._steps))
        for name, module in self._modules.items():
            now = dict(module.named_parameters())
            torch._foreach_lerp_(
                list(self.weights[name].values()),
                [now[k].detach() for k in self.weights[name]],
                1 - keep,
            )

    def save(self, path: Path) -> None:
        states = {
            name: {**module.state_dict(), **self.weights[name]}
            for name, module in self._modules.items()
        }
        torch.save(states, path)


def train(
    modules: dict[str, nn.Module],
    steps: Iterator[Callable[[], Tensor]],
    total: int,
    rate: float,
    stop: int,
    out: Path,
    keep: float,
) -> None:
    """Take the steps with AdamW, a linear warm-up and decay; write the averaged weights.

    What is new beside the published encoder learns `FASTER` times as fast as it.
    """
    trunk = dict(modules["trunk"].named_parameters())
    slow = [p for k, p in trunk.items() if p.requires_grad and "features" not in k]
    fast = [p for k, p in trunk.items() if "features" in k]
    fast += [p for name, m in modules.items() if name != "trunk" for p in m.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": slow, "lr": rate}, {"params": fast, "lr": FASTER * rate}], weight_decay=0.01
    )
    warm = max(1, int(0.06 * total))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, s / warm) * max(0.02, (total - s) / total)
    )
    average = Average(modules)
    for module in modules.values():
        module.train()
    began, losses = time.monotonic(), []
    for step, loss_of in enumerate(steps, 1):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(slow + fast, 1.0)
        optimizer.step()
        schedule.step()
        average.update(keep)
        losses.append(loss.item())
        if step % 50 == 0 or step == stop:
            seconds = round(time.monotonic() - began)
            print(f"{step}/{total} {seconds} s loss {np.mean(losses[-100:]):.4f}", flush=True)
            average.save(out)
        if step >= stop:
            return


def polnear_examples(shared: Path, parser: Parser) -> list[Example]:
    part = shared / "data" / "polnear" / "train"
    return [
        example
        for _, _, windows, attributions in load(part, parser, every_annotator=True)
        for example in examples(windows, attributions)
    ]


def event_sentences(shared: Path, parser: Parser) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences to learn from: annotated ones of PLV and of articles, and written ones.

    The annotations leave out what measures the events (`eval/annotations`).
    """
    plv = read_plv(shared / "data" / "plv" / "PLV_train.tsv", parser)
    return [*plv, *read_news(shared / "data", parser)], list(read_written(parser))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("stage", choices=["claims", "joint"])
    options.add_argument("--shared", type=Path, default=Path("../shared"))
    options.add_argument("--base", type=Path, required=True)
    options.add_argument("--start", type=Path)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--epochs", type=float, default=4)
    options.add_argument("--claims-share", type=float, default=0.5)
    options.add_argument("--copies", type=int, default=1, help="of the sentences that were found")
    options.add_argument("--written-share", type=float, default=1.0)
    options.add_argument("--stop", type=int, help="steps after which to stop, decay or not")
    options.add_argument("--rate", type=float, default=1.5e-4, help="highest learning rate")
    options.add_argument("--seed", type=int, default=1)
    args = options.parse_args()
    torch.manual_seed(args.seed)
    chance = random.Random(args.seed)
    parser = Parser()
    modules: dict[str, nn.Module] = {"trunk": Trunk(args.base), "claims": Claims()}
    if args.stage == "joint":
        modules["events"] = Events(len(ROOTS))
    if args.start:
        for name, weights in torch.load(args.start).items():
            modules[name].load_state_dict(weights)
    attributed = polnear_examples(args.shared, parser)
    found, written = event_sentences(args.shared, parser) if args.stage == "joint" else ([], [])

    def epoch() -> list[Callable[[], Tensor]]:
        share = 1.0 if args.stage == "claims" else args.claims_share
        some = chance.sample(attributed, int(share * len(attributed)))
        steps: list[Callable[[], Tensor]] = [
            lambda b=b: claims_loss(modules["trunk"], modules["claims"], b)
            for b in batches(some, 16, lambda e: len(e.tags), chance)
        ]
        told = args.copies * found
        told += chance.sample(written, int(args.written_share * len(written)))
        steps += [
            lambda b=b: events_loss(modules["trunk"], modules["events"], b, chance)
            for b in batches(packed(told, chance), 16, lambda p: len(p.window.ids), chance)
        ]
        return chance.sample(steps, len(steps))

    total = math.ceil(args.epochs * len(epoch()))
    stream = (step for _ in range(1000) for step in epoch())
    keep = 0.997 if args.stage == "claims" else 0.99
    train(modules, stream, total, args.rate, args.stop or total, args.out, keep)


if __name__ == "__main__":
    main()
