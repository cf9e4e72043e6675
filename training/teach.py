"""Let a teacher label what the small encoder learns from, and stories that nobody labelled.

    python -m training.teach teacher.pt --base MPNET --shared ../shared --out taught.pkl

The small encoder then learns the teacher's probabilities beside the gold labels, where there are
such: `python -m training.train joint --taught taught.pkl`. What the teacher finds in the stories
stands in for gold labels there (Hinton, Vinyals & Dean 2015).
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import msgspec
import numpy as np
import torch
from torch import Tensor, nn

from detente.extract.actors import find_actors
from detente.extract.gazetteer import load_gazetteer
from detente.extract.labels import best_labels
from detente.extract.language import Parser
from detente.extract.paths import paths_of
from detente.extract.tagger import CUE, anchors_of
from detente.extract.windows import windows_of
from detente.schema import Document
from training.events import ROOTS, Pieces, Sentence, Trigger, sentence_of, unlabelled
from training.model import Claims, Events, Teacher
from training.polnear import Example
from training.train import event_sentences, marked, polnear_examples, roles_of, stack

EVERY = 3
"""Of so many stories one is read."""
LEAST = 0.3
"""Least probability with which the teacher's trigger counts in a story."""
BATCH = 32


class Story(msgspec.Struct):
    text: str


@dataclass(slots=True)
class Labeller:
    """The teacher's trunk and heads, which label in batches."""

    trunk: nn.Module
    claims: Claims
    events: Events

    def label_claims(self, examples: Sequence[Example]) -> None:
        """Give each example the teacher's probabilities; one without labels gets these, too."""
        for some in _batches(examples, lambda e: len(e.tags)):
            batch = stack([e.window for e in some])
            states = self.trunk(batch.ids, batch.features, batch.mask)
            tags = self.claims.tags(states).float().softmax(-1).numpy()
            for example, likely in zip(some, tags, strict=True):
                size = len(example.tags)
                example.taught_tags = likely[:size].astype(np.float16)
                if (example.tags < 0).all():
                    example.tags = _best(likely[None, :size])[0]
                    example.anchors = anchors_of(likely[:size, 2 * CUE - 1], example.window)
            if any(e.anchors for e in some):
                found = roles_of(self.claims, states, batch.mask, some)
                self._keep_roles(some, found.float().softmax(-1).numpy())

    @staticmethod
    def _keep_roles(some: Sequence[Example], roles: np.ndarray) -> None:
        """Give the examples the probabilities (anchors of all of them, pieces, labels)."""
        first = 0
        for example in some:
            own = roles[first : first + len(example.anchors), : len(example.tags)]
            first += len(example.anchors)
            example.taught_roles = list(own.astype(np.float16))
            if len(own) and not example.roles:
                example.roles = list(_best(own))

    def label_events(self, sentences: Sequence[Sentence], *, is_gold: bool = True) -> None:
        """Give each sentence the teacher's probabilities, and its events where there is no gold."""
        for some in _batches(sentences, lambda s: len(s.window.ids)):
            batch = stack([s.window for s in some])
            states = self.trunk(batch.ids, batch.features, batch.mask)
            named = self.events.triggers(states).float().softmax(-1).numpy()
            for k, sentence in enumerate(some):
                size = len(sentence.window.ids)
                sentence.taught = named[k, :size].astype(np.float16)
                if not is_gold:
                    sentence.triggers = list(_named(named[k, :size], sentence))
                self._label_parties(states[k : k + 1, :size], sentence)
                if not is_gold:
                    unlabelled(sentence)
            self._label_pairs(states, batch.mask, some)

    def _label_parties(self, states: Tensor, sentence: Sentence) -> None:
        """Label the parties of each trigger; one without parties gets these."""
        if not sentence.triggers:
            return
        anchors = [t.at for t in sentence.triggers]
        paths = torch.from_numpy(paths_of(sentence.window, anchors))
        mask = torch.ones(len(anchors), states.shape[1], dtype=torch.long)
        rows = torch.zeros(len(anchors), dtype=torch.long)
        found = self.events.roles(states, mask, rows, torch.tensor(anchors), paths)
        likely = found.float().softmax(-1).numpy()
        for trigger, labels, row in zip(sentence.triggers, _best(likely), likely, strict=True):
            trigger.taught = row.astype(np.float16)
            if not (trigger.sources or trigger.targets):
                trigger.sources, trigger.targets = (list(_runs(labels, k)) for k in (1, 3))

    def _label_pairs(self, states: Tensor, mask: Tensor, some: Sequence[Sentence]) -> None:
        """Label the roots of all pairs, related or not."""
        asked = [(k, pair) for k, s in enumerate(some) for pair in (*s.pairs, *s.unrelated)]
        if not asked:
            return
        sources, targets = (
            torch.from_numpy(np.stack([marked(states.shape[1], 0, side(p)) for _, p in asked]))
            for side in (attrgetter("source"), attrgetter("target"))
        )
        rows = torch.tensor([k for k, _ in asked])
        logits, _ = self.events.pairs(states, mask[rows], rows, sources, targets)
        for (_, pair), likely in zip(asked, logits.float().softmax(-1).numpy(), strict=True):
            pair.taught = likely.astype(np.float16)
            if not pair.root:
                pair.root = ROOTS[int(likely.argmax())]


def _batches(items: Sequence, length: Callable) -> Iterator[list]:
    order = sorted(items, key=length)
    for i in range(0, len(order), BATCH):
        yield order[i : i + BATCH]


def _best(likely: np.ndarray) -> np.ndarray:
    return best_labels(np.log(np.maximum(likely, 1e-9)))


def _named(named: np.ndarray, sentence: Sentence) -> Iterator[Trigger]:
    """Yield the triggers that a teacher finds, of close ones the likeliest."""
    sure = 1 - named[:, 0]
    chosen: list[int] = []
    for i in np.argsort(-sure, kind="stable").tolist():
        is_word = sentence.window.starts[i] < sentence.window.ends[i]
        if sure[i] >= LEAST and is_word and all(abs(i - j) > 1 for j in chosen):
            chosen.append(i)
    for i in sorted(chosen):
        yield Trigger(i, ROOTS[1 + int(named[i, 1:].argmax())], [], [])


def _runs(labels: np.ndarray, begin: int) -> Iterator[Pieces]:
    """Yield the stretches of pieces labelled `begin` and inside."""
    run: list[int] = []
    for i, label in enumerate([*labels.tolist(), 0]):
        if run and label != begin + 1:
            yield tuple(run)
            run = []
        if label == begin or (run and label == begin + 1):
            run.append(i)


def read_stories(path: Path, parser: Parser) -> tuple[list[Example], list[Sentence]]:
    """Return windows of stories, and their sentences that name two actors or more."""
    stories = msgspec.json.Decoder(Story).decode_lines(path.read_bytes())[::EVERY]
    docs = [Document(id="story", path="story", text=story.text) for story in stories]
    examples, sentences = [], []
    for doc, parsed in zip(docs, parser.parse_many(docs), strict=True):
        for window in windows_of(doc, parsed):
            examples.append(Example(window, np.full(len(window.ids), -100)))
        actors = find_actors(doc, parsed, load_gazetteer())
        sentences += [
            sentence_of("story", doc.text[s.start : s.end], [], parser)
            for s in parsed
            if len({m.actor for m in actors.by_sentence[s.index]}) > 1
        ]
    return examples, sentences


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("teacher", type=Path)
    options.add_argument("--base", type=Path, required=True)
    options.add_argument("--shared", type=Path, default=Path("../shared"))
    options.add_argument("--out", type=Path, required=True)
    args = options.parse_args()
    parser = Parser()
    claims = polnear_examples(args.shared, parser)
    found, written = event_sentences(args.shared, parser)
    data = args.shared / "data" / "synthetic_events" / "synthetic_stories.jsonl"
    windows, sentences = read_stories(data, parser)
    width = Teacher.WIDTH
    labeller = Labeller(Teacher(args.base), Claims(width), Events(len(ROOTS), width))
    for name, weights in torch.load(args.teacher).items():
        part = {"trunk": labeller.trunk, "claims": labeller.claims, "events": labeller.events}[name]
        part.load_state_dict(weights)
        part.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        labeller.label_claims([*claims, *windows])
        labeller.label_events([*found, *written])
        labeller.label_events(sentences, is_gold=False)
    args.out.write_bytes(pickle.dumps(([*claims, *windows], found, [*written, *sentences])))


if __name__ == "__main__":
    main()
