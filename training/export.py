"""Write the trained weights as the files that détente ships: int8 ONNX and the shared word table.

    python -m training.export joint.pt --base DIR --out src/detente/weights

`trunk.onnx` reads embedded words and features and gives states, attribution tags and triggers;
`roles.onnx`, `parties.onnx` and `pairs.onnx` read states; `sentence.onnx` is the untouched encoder.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from detente.extract.windows import FEATURES
from training.events import ROOTS
from training.model import WIDTH, Claims, Events, Trunk


class Reader(nn.Module):
    """The trunk with the heads that every piece gets."""

    def __init__(self, trunk: Trunk, claims: Claims, events: Events) -> None:
        super().__init__()
        self.trunk, self.claims, self.events = trunk, claims, events

    def forward(self, embedded: Tensor, features: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        for k, table in enumerate(self.trunk.features):
            embedded = embedded + table(features[..., k])
        states = self.trunk.bert(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        return states, self.claims.tags(states), self.events.triggers(states)


class Untouched(nn.Module):
    """The published encoder: the mean of the states of a sentence's pieces."""

    def __init__(self, trunk: Trunk) -> None:
        super().__init__()
        self.trunk = trunk

    def forward(self, embedded: Tensor, mask: Tensor) -> Tensor:
        states = self.trunk.bert(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(states.dtype)
        return (states * weight).sum(1) / weight.sum(1)


def write(
    module: nn.Module,
    inputs: dict[str, Tensor],
    outputs: list[str],
    path: Path,
    *,
    is_trunk: bool = False,
) -> None:
    """Write a module as int8 ONNX; the first two axes of every input may have any length.

    The attention of a trunk becomes one operator a layer, which is a third faster.
    """
    torch.backends.mha.set_fastpath_enabled(False)
    axes = {name: {k: f"{name}{k}" for k in range(min(2, x.dim()))} for name, x in inputs.items()}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole.onnx")
        torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            whole,
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        if is_trunk:
            fusions = FusionOptions("bert")
            fusions.enable_gelu_approximation = True
            sizes = {"num_heads": 12, "hidden_size": WIDTH}
            fused = optimize_model(
                str(whole), "bert", **sizes, optimization_options=fusions, opt_level=0
            )
            fused.save_model_to_file(str(whole))
        quantize_dynamic(
            whole,
            path,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Attention"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )


def write_words(table: Tensor, folder: Path) -> None:
    """Write the word embeddings as int8 with a scale a row."""
    scale = table.abs().amax(1, keepdim=True) / 127
    np.save(folder / "words.npy", (table / scale).round().to(torch.int8).numpy())
    np.save(folder / "scales.npy", scale.to(torch.float32).numpy())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("weights", type=Path)
    options.add_argument("--base", type=Path, required=True)
    options.add_argument("--out", type=Path, default=Path("src/detente/weights"))
    args = options.parse_args()
    modules = {"trunk": Trunk(args.base), "claims": Claims(), "events": Events(len(ROOTS))}
    for name, weights in torch.load(args.weights).items():
        modules[name].load_state_dict(weights)
    untouched = Trunk(args.base)
    args.out.mkdir(parents=True, exist_ok=True)
    write_words(untouched.bert.embeddings.word_embeddings.weight.detach(), args.out)
    embedded, states = torch.randn(2, 9, WIDTH), torch.randn(2, 9, WIDTH)
    features = torch.ones(2, 9, len(FEATURES), dtype=torch.int64)
    mask, rows = torch.ones(2, 9, dtype=torch.int64), torch.tensor([0, 1, 1])
    seen, anchors = torch.ones(3, 9, dtype=torch.int64), torch.tensor([2, 3, 4])
    party = torch.zeros(3, 9)
    reader = Reader(modules["trunk"], modules["claims"], modules["events"])
    inputs = {"embedded": embedded, "features": features, "mask": mask}
    write(reader, inputs, ["states", "tags", "triggers"], args.out / "trunk.onnx", is_trunk=True)
    asked = {"states": states, "mask": seen, "rows": rows, "anchors": anchors, "paths": seen}
    write(modules["claims"].roles, asked, ["roles"], args.out / "roles.onnx")
    write(modules["events"].roles, asked, ["parties"], args.out / "parties.onnx")
    pairs = {"states": states, "mask": seen, "rows": rows, "sources": party, "targets": party}
    write(modules["events"].pairs, pairs, ["roots", "shown"], args.out / "pairs.onnx")
    sentence = {"embedded": embedded, "mask": mask}
    write(Untouched(untouched), sentence, ["sentences"], args.out / "sentence.onnx", is_trunk=True)
    for path in sorted(args.out.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
