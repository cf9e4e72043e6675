"""The encoder that détente ships: one MiniLM trunk, a head for attributions, a head for events.

The trunk's word embeddings stay as published, so that the tuned and the untouched encoder share
one table. Case, quotation, part of speech and dependency come in as embeddings of their own, which
begin at zero.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from detente.extract.paths import PATHS
from detente.extract.windows import FEATURES, START, STOP
from training.polnear import LABELS

UNKNOWN = 100
WIDTH = 384
ROLE_WIDTH = 128
DISTANCES = 128
"""Pieces between an anchor and another piece that are told apart; farther ones count as this."""


class ChannelDropout(nn.Module):
    """Dropout that drops a channel for a whole window: drawn in no time, also on a CPU."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, states: Tensor) -> Tensor:
        if not self.training:
            return states
        kept = torch.rand(states.shape[0], 1, states.shape[-1]) >= self.p
        return states * kept / (1 - self.p)


class Trunk(nn.Module):
    """Six transformer layers over word pieces and their features."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(folder)
        config._attn_implementation = "eager"  # which the export can fuse
        config.attention_probs_dropout_prob = config.hidden_dropout_prob = 0.0
        self.bert = BertModel(config, add_pooling_layer=False)
        for layer in self.bert.encoder.layer:
            layer.attention.output.dropout = ChannelDropout(0.08)
            layer.output.dropout = ChannelDropout(0.08)
        weights = load_file(folder / "model.safetensors")
        self.bert.load_state_dict(
            {k.removeprefix("bert."): v for k, v in weights.items() if "pooler" not in k},
            strict=False,
        )
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self.features = nn.ModuleList(nn.Embedding(n, WIDTH) for n in FEATURES.values())
        for table in self.features:
            nn.init.zeros_(table.weight)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """Return the states (batch, pieces, WIDTH)."""
        embedded = self.bert.embeddings.word_embeddings(ids)
        for k, table in enumerate(self.features):
            embedded = embedded + table(features[..., k])
        return self.bert(inputs_embeds=embedded, attention_mask=mask).last_hidden_state


class Teacher(nn.Module):
    """The lower layers of an MPNet (Song et al. 2020), twice as wide, which reads the same pieces.

    Its vocabulary is that of the trunk behind four pieces of its own, and its window ends differ.
    """

    WIDTH = 768

    def __init__(self, folder: Path, layers: int = 8) -> None:
        super().__init__()
        config = MPNetConfig.from_pretrained(folder, num_hidden_layers=layers)
        config.attention_probs_dropout_prob = config.hidden_dropout_prob = 0.0
        self.mpnet = MPNetModel(config, add_pooling_layer=False)
        for layer in self.mpnet.encoder.layer:
            layer.attention.dropout = ChannelDropout(0.08)
            layer.output.dropout = ChannelDropout(0.08)
        self.mpnet.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
        self.mpnet.embeddings.word_embeddings.weight.requires_grad_(False)
        self.features = nn.ModuleList(nn.Embedding(n, self.WIDTH) for n in FEATURES.values())
        for table in self.features:
            nn.init.zeros_(table.weight)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """Return the states (batch, pieces, WIDTH)."""
        own = ids + 4
        for theirs, ours in ((UNKNOWN, 3), (START, 0), (STOP, 2)):
            own = torch.where(ids == theirs, ours, own)
        embedded = self.mpnet.embeddings.word_embeddings(own)
        for k, table in enumerate(self.features):
            embedded = embedded + table(features[..., k])
        return self.mpnet(inputs_embeds=embedded, attention_mask=mask).last_hidden_state


class Layer(nn.TransformerEncoderLayer):
    """A narrow transformer layer whose shapes stay free when it is exported."""

    def __init__(self, width: int) -> None:
        super().__init__(width, 4, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Return the next states; `mask` is 1 where a piece may be looked at."""
        rows, pieces, width = hidden.shape
        attention = self.self_attn
        joined = F.linear(self.norm1(hidden), attention.in_proj_weight, attention.in_proj_bias)
        query, key, value = (
            part.reshape(rows, pieces, 4, width // 4).transpose(1, 2)
            for part in joined.chunk(3, -1)
        )
        seen = (mask != 0)[:, None, None, :]
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        hidden = hidden + attention.out_proj(mixed.transpose(1, 2).reshape(rows, pieces, width))
        return hidden + self.linear2(F.gelu(self.linear1(self.norm2(hidden))))


class RoleHead(nn.Module):
    """Labels every piece of a window by its role for one anchor: narrow transformer layers.

    What a piece is likely to be for any anchor (`plain`) is told once a window; the layers add
    what it is for this one.
    """

    def __init__(
        self, n_labels: int, layers: int = 1, seen: int = WIDTH, width: int = ROLE_WIDTH
    ) -> None:
        super().__init__()
        self.plain = nn.Linear(seen, n_labels)
        self.piece = nn.Linear(seen, width)
        self.anchor = nn.Linear(seen, width)
        self.distance = nn.Embedding(2 * DISTANCES + 1, width)
        nn.init.normal_(self.distance.weight, std=0.02)
        self.path = nn.Embedding(PATHS, width)
        nn.init.zeros_(self.path.weight)
        self.norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(Layer(width) for _ in range(layers))
        self.out = nn.Linear(width, n_labels)

    def forward(
        self, states: Tensor, mask: Tensor, rows: Tensor, anchors: Tensor, paths: Tensor
    ) -> Tensor:
        """Return the logits (anchors, pieces, labels).

        `rows` says which window each anchor is of, `mask` (anchors, pieces) which pieces it sees,
        `paths` (anchors, pieces) how each piece hangs together with it.
        """
        pieces = self.piece(states)[rows]
        anchor = self.anchor(states[rows, anchors]).unsqueeze(1)
        offsets = torch.arange(states.shape[1]).unsqueeze(0) - anchors.unsqueeze(1)
        distance = self.distance(offsets.clamp(-DISTANCES, DISTANCES) + DISTANCES)
        hidden = self.norm(pieces + anchor + distance + self.path(paths))
        for layer in self.layers:
            hidden = layer(hidden, mask)
        return self.out(hidden) + self.plain(states)[rows]


class Claims(nn.Module):
    """Tags (batch, pieces, labels) and the roles of given anchors."""

    def __init__(self, seen: int = WIDTH) -> None:
        super().__init__()
        self.drop = ChannelDropout(0.1)
        self.tags = nn.Linear(seen, len(LABELS))
        self.roles = RoleHead(len(LABELS), 2, seen)


class PairHead(nn.Module):
    """The root of what one stretch of words does to another, and the piece that shows it."""

    def __init__(self, n_roots: int, seen: int = WIDTH, width: int = ROLE_WIDTH) -> None:
        super().__init__()
        self.piece = nn.Linear(seen, width)
        self.source = nn.Linear(seen, width)
        self.target = nn.Linear(seen, width)
        self.nobody = nn.Parameter(torch.randn(2, seen) * 0.02)
        self.party = nn.Embedding(3, width)
        self.norm = nn.LayerNorm(width)
        self.layer = Layer(width)
        self.trigger = nn.Linear(width, 1)
        self.value = nn.Linear(width + seen, 2 * width)
        self.out = nn.Sequential(
            nn.Linear(2 * width + 2 * seen, 2 * width), nn.GELU(), nn.Linear(2 * width, n_roots)
        )

    def forward(
        self, states: Tensor, mask: Tensor, rows: Tensor, sources: Tensor, targets: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the logits of the roots (pairs, roots) and of the triggers (pairs, pieces).

        `sources` and `targets` (pairs, pieces) are 1 where a party's words stand, 0 elsewhere; a
        party without words is nobody.
        """
        some = states[rows]
        source, target = (self._pool(some, at, k) for k, at in enumerate((sources, targets)))
        kind = (sources + 2 * targets).clamp(max=2).long()
        hidden = self.piece(some) + self.party(kind)
        hidden = self.norm(hidden + (self.source(source) + self.target(target)).unsqueeze(1))
        hidden = self.layer(hidden, mask)
        trigger = self.trigger(hidden).squeeze(-1).masked_fill(mask == 0, -1e4)
        weight = trigger.softmax(-1).unsqueeze(-1)
        shown = self.value((weight * torch.cat([hidden, some], -1)).sum(1))
        return self.out(torch.cat([shown, source, target], -1)), trigger

    def _pool(self, states: Tensor, at: Tensor, side: int) -> Tensor:
        """Return the mean state of a party's pieces, or the state of nobody."""
        at = at.unsqueeze(-1).to(states.dtype)
        count = at.sum(1)
        mean = (states * at).sum(1) / count.clamp(min=1)
        return torch.where(count > 0, mean, self.nobody[side])


class Events(nn.Module):
    """Triggers (batch, pieces, roots with none), the roles of a trigger, the root of a pair."""

    def __init__(self, n_roots: int, seen: int = WIDTH) -> None:
        super().__init__()
        self.drop = ChannelDropout(0.1)
        self.triggers = nn.Linear(seen, n_roots)
        self.roles = RoleHead(5, 1, seen)
        self.pairs = PairHead(n_roots, seen)
