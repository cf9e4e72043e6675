"""Train the encoder: first on attributions alone, then on attributions and events together.

    python -m training.train claims --shared ../shared --base DIR --out claims.pt
    python -m training.train joint  --shared ../shared --base DIR --start claims.pt --out joint.pt

`--base` is the folder of the published MiniLM-L6 (`model.safetensors`, `config.json`), with
`--teacher` that of an MPNet. With `--taught` the examples are those that a teacher labelled
(`training.teach`). What is measured is kept out: the sentences of `eval/annotations` and PolNeAR's
dev part.
"""

from __future__ import annotations

import argparse
import math
import pickle
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
from detente.extract.paths import paths_of
from detente.extract.windows import Window
from training.events import ROOTS, Pair, Sentence, read_news, read_plv, read_written, sample_pairs
from training.model import WIDTH, Claims, Events, Teacher, Trunk
from training.polnear import Example, examples, load

ROOT = {name: i for i, name in enumerate(ROOTS)}
YIELD = [ROOT["CONCEDE"], ROOT["RETREAT"]]
FASTER = 5
TAUGHT = 0.7
"""Share of a teacher's labels in the loss, beside the gold ones (Hinton et al. 2015)."""
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


def _widened(rows: np.ndarray, size: int) -> np.ndarray:
    return np.pad(rows, ((0, 0), (0, size - rows.shape[1])))


def label_loss(logits: Tensor, gold: Tensor, taught: Sequence[np.ndarray | None]) -> Tensor:
    """Return the cross entropy to the gold labels, and to a teacher's where there are such.

    `logits` are (rows, pieces, labels), `gold` (rows, pieces) with -100 where nothing is known.
    """
    scores = logits.float().log_softmax(-1)
    loss = F.nll_loss(scores.flatten(0, 1), gold.flatten(), ignore_index=-100)
    if not taught or taught[0] is None:
        return loss
    likely = _padded([t.astype(np.float32) for t in taught], logits.shape[1])
    count = (likely.sum(-1) > 0).sum()
    return (1 - TAUGHT) * loss - TAUGHT * (likely * scores).sum() / count


def claims_loss(trunk: Trunk, claims: Claims, some: list[Example]) -> Tensor:
    """Return the loss of the tags and of the roles of the gold anchors."""
    batch = stack([e.window for e in some])
    size = batch.ids.shape[1]
    states = claims.drop(trunk(batch.ids, batch.features, batch.mask))
    tags = _padded([e.tags for e in some], size, -100)
    loss = label_loss(claims.tags(states), tags, [e.taught_tags for e in some])
    if any(e.anchors for e in some):
        gold = _padded([r for e in some for r in e.roles], size, -100)
        logits = roles_of(claims, states, batch.mask, some)
        loss = loss + label_loss(logits, gold, [r for e in some for r in e.taught_roles])
    return loss


def roles_of(claims: Claims, states: Tensor, mask: Tensor, some: Sequence[Example]) -> Tensor:
    """Return the logits (anchors, pieces, labels) of the roles of all anchors of some windows."""
    size = states.shape[1]
    rows = torch.tensor([k for k, e in enumerate(some) for _ in e.anchors])
    anchors = torch.tensor([a for e in some for a in e.anchors])
    paths = [_widened(paths_of(e.window, e.anchors), size) for e in some if e.anchors]
    return claims.roles(states, mask[rows], rows, anchors, torch.from_numpy(np.concatenate(paths)))


@dataclass(slots=True)
class Packed:
    """Sentences that stand in one window, each with the place of its first piece."""

    window: Window
    parts: list[tuple[int, Sentence]]


def pack(sentences: Sequence[Sentence]) -> Packed:
    """Return the sentences as paragraphs of one window: an article's sentences have neighbours."""
    first = sentences[0].window
    parts, ids, features, heads = [], [first.ids[:1]], [first.features[:1]], [first.heads[:1]]
    place = 0
    for sentence in sentences:
        parts.append((place, sentence))
        ids.append(sentence.window.ids[1:])
        features.append(sentence.window.features[1:])
        heads.append(place + sentence.window.heads[1:])
        place += len(sentence.window.ids) - 1
    joined = np.concatenate(ids)
    empty = np.zeros(len(joined), dtype=np.int64)
    window = Window(joined, np.concatenate(features), np.concatenate(heads), empty, empty)
    return Packed(window, parts)


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
        torch.from_numpy(np.stack([marked(size, part.place, side(pair)) for part, pair in asked]))
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
            pairs = [asked[i][1] for i in kind]
            loss = loss + root_loss(logits[kind], pairs)
    gold = torch.tensor([-100 if q.trigger is None else p.place + q.trigger for p, q in asked])
    if (gold >= 0).any():
        loss = loss + 0.3 * F.cross_entropy(shown.float(), gold, ignore_index=-100)
    return loss


def triggers_loss(events: Events, states: Tensor, parts: Sequence[Part]) -> Tensor:
    """Return 3 times the loss of the triggers, and twice that of their parties."""
    tags = torch.full(states.shape[:2], -100)
    taught = np.zeros((*states.shape[:2], len(ROOTS)), dtype=np.float32)
    asked, parties, paths, taught_parties = [], [], [], []
    for part in parts:
        inside = slice(part.place + 1, part.place + len(part.sentence.window.ids))
        tags[part.row, inside] = 0
        if part.sentence.taught is not None:
            taught[part.row, inside] = part.sentence.taught[1:]
        for trigger in part.sentence.triggers:
            tags[part.row, part.place + trigger.at] = ROOT[trigger.root]
            labels = np.where(part.inside, 0, -100)
            for begin, side in ((1, trigger.sources), (3, trigger.targets)):
                for party in side:
                    labels[[part.place + i for i in party]] = begin + 1
                    labels[part.place + party[0]] = begin
            asked.append((part, part.place + trigger.at))
            parties.append(labels)
            around = (part.place, states.shape[1] - part.place - len(part.sentence.window.ids))
            paths.append(np.pad(paths_of(part.sentence.window, [trigger.at])[0], around))
            if trigger.taught is not None:
                taught_parties.append(np.pad(trigger.taught, (around, (0, 0))))
    loss = 3 * label_loss(events.triggers(states), tags, list(taught) if taught.any() else [])
    if asked:
        roles = events.roles(
            states,
            torch.from_numpy(np.stack([part.inside for part, _ in asked])),
            torch.tensor([part.row for part, _ in asked]),
            torch.tensor([at for _, at in asked]),
            torch.from_numpy(np.stack(paths)),
        )
        loss = loss + 2 * label_loss(roles, torch.from_numpy(np.stack(parties)), taught_parties)
    return loss


def marked(size: int, place: int, pieces: Sequence[int]) -> np.ndarray:
    """Return 1 for the pieces of a party, counted from `place`, and 0 for the others."""
    at = np.zeros(size, dtype=np.float32)
    at[[place + i for i in pieces]] = 1
    return at


def root_loss(logits: Tensor, pairs: Sequence[Pair]) -> Tensor:
    """Return the smoothed cross entropy; YIELD is CONCEDE or RETREAT, whichever is likelier.

    A teacher's probabilities count beside the gold roots.
    """
    scores = logits.float().log_softmax(-1)
    chosen = [
        torch.logsumexp(row[YIELD], 0) if pair.root == "YIELD" else row[ROOT[pair.root]]
        for row, pair in zip(scores, pairs, strict=True)
    ]
    loss = -((1 - SMOOTHING) * torch.stack(chosen).mean() + SMOOTHING * scores.mean())
    if any(pair.taught is None for pair in pairs):
        return loss
    likely = torch.from_numpy(np.stack([pair.taught for pair in pairs]).astype(np.float32))
    return (1 - TAUGHT) * loss - TAUGHT * (likely * scores).sum(-1).mean()


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
    options.add_argument("--start", type=Path, nargs="+", help="later files count more")
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--epochs", type=float, default=4)
    options.add_argument("--claims-share", type=float, default=0.5)
    options.add_argument("--copies", type=int, default=1, help="of the sentences that were found")
    options.add_argument("--written-share", type=float, default=1.0)
    options.add_argument("--stop", type=int, help="steps after which to stop, decay or not")
    options.add_argument("--rate", type=float, default=1.5e-4, help="highest learning rate")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--teacher", action="store_true", help="`--base` is an MPNet")
    options.add_argument("--taught", type=Path, help="what `training.teach` wrote")
    args = options.parse_args()
    torch.manual_seed(args.seed)
    chance = random.Random(args.seed)
    width = Teacher.WIDTH if args.teacher else WIDTH
    trunk = Teacher(args.base) if args.teacher else Trunk(args.base)
    modules: dict[str, nn.Module] = {"trunk": trunk, "claims": Claims(width)}
    if args.stage == "joint":
        modules["events"] = Events(len(ROOTS), width)
    for path in args.start or ():
        for name, weights in torch.load(path).items():
            if name in modules:
                modules[name].load_state_dict(weights)
    if args.taught:
        attributed, found, written = pickle.loads(args.taught.read_bytes())
    else:
        attributed = polnear_examples(args.shared, Parser())
        joint = args.stage == "joint"
        found, written = event_sentences(args.shared, Parser()) if joint else ([], [])

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
