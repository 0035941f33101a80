# SPDX-License-Identifier: Apache-2.0
"""Elements into coefficients and back: the transforms of docs/protocol.md.

A code is a branch of the schema's union as in encoding.py, such as (ROTATED, {"seed": 5}). The way
back is in float64 with operations in the job's order, so that the bits are the same.
"""
import numpy as np

from encoding import draws

PLAIN, ROTATED, LOW_RANK_FACTOR = (
    "anabranch.protocol." + name for name in ("Plain", "Rotated", "LowRankFactor"))
LONGEST_RUN = 4096


class Transform:
    def __init__(self, code, manifest, segment):
        self.code = name, fields = code
        if name == ROTATED:
            self.pieces = runs(segment, draw(fields["seed"], segment["index"]))
        elif name == LOW_RANK_FACTOR:
            tensors = manifest["blocks"][segment["block"]]["tensors"]
            self.pieces = list(matrices(segment, tensors, fields["seed"], fields["rank"]))
        else:
            self.pieces = [Same(segment["length"])]
        self.coefficients = sum(piece.coefficients for piece in self.pieces)

    def forward(self, elements):
        """The coefficients, float32, whose inverse is nearest to the elements."""
        ends = np.cumsum([piece.length for piece in self.pieces])[:-1]
        parts = zip(self.pieces, np.split(elements.astype(np.float64), ends))
        return np.concatenate([piece.forward(part) for piece, part in parts]).astype("<f4")

    def inverse(self, coefficients):
        """The elements, float64."""
        ends = np.cumsum([piece.coefficients for piece in self.pieces])[:-1]
        parts = zip(self.pieces, np.split(coefficients.astype(np.float64), ends))
        return np.concatenate([piece.inverse(part) for piece, part in parts])


class Same:
    """Elements that are their own coefficients."""
    def __init__(self, n):
        self.length = self.coefficients = n

    def forward(self, x):
        return x

    inverse = forward


class Run:
    """A randomized Hadamard transform; signs: one for each element."""
    def __init__(self, signs):
        self.length = self.coefficients = len(signs)
        self.signs = signs

    def forward(self, x):
        return hadamard(self.signs * x)

    def inverse(self, y):
        return self.signs * hadamard(y)


class Matrix:
    """Rows H = B·Aᵀ, of which B travels; signs: A·√rank, a row for each column of H."""
    def __init__(self, rows, signs):
        self.rows, self.signs = rows, signs
        self.length, self.coefficients = rows * signs.shape[0], rows * signs.shape[1]
        self.scale = 1 / np.sqrt(np.float64(signs.shape[1]))
        self.left_inverse = np.linalg.pinv(self.scale * signs.T)

    def forward(self, h):
        return (h.reshape(self.rows, -1) @ self.left_inverse).ravel()

    def inverse(self, b):
        total = np.zeros((self.rows, len(self.signs)))
        for factors, signs in zip(b.reshape(self.rows, -1).T, self.signs.T):
            total += np.outer(factors, signs)
        return (total * self.scale).ravel()


def asked_for(plan):
    """The code of the plan's transform."""
    seed, encoding = plan["seed"], plan["encoding"]
    return {"NONE": (PLAIN, {}), "ROTATION": (ROTATED, {"seed": seed}),
            "LOW_RANK": (LOW_RANK_FACTOR, {"seed": seed, "rank": encoding["rank"]}),
            }[encoding["transform"]]


def runs(segment, seed):
    flips, pieces = signs(seed, segment["length"]), []
    while len(flips):
        length = min(LONGEST_RUN, 1 << len(flips).bit_length() - 1)
        pieces.append(Run(flips[:length]))
        flips = flips[length:]
    return pieces


def matrices(segment, tensors, seed, rank):
    start, end = segment["offset"], segment["offset"] + segment["length"]
    for t in tensors:
        size = int(np.prod(t["shape"]))
        first, last = max(t["offset"], start), min(t["offset"] + size, end)
        if t["role"] != "LOCAL" and first < last:
            columns = size // t["shape"][0] if t["shape"] else 1
            whole_rows = (first - t["offset"]) % columns == (last - t["offset"]) % columns == 0
            if whole_rows and columns > rank:
                own = draw(draw(seed, segment["block"]), t["offset"])
                a = signs(own, columns * rank).reshape(columns, rank)
                yield Matrix((last - first) // columns, a)
            else:
                yield Same(last - first)


def hadamard(x):
    """H·x / √m for m = len(x), a power of two: butterflies, the shortest first."""
    half, scale = 1, 1 / np.sqrt(np.float64(len(x)))
    while half < len(x):
        a, b = x.reshape(-1, 2, half).swapaxes(0, 1)
        x = np.stack([a + b, a - b], axis=1).ravel()
        half *= 2
    return x * scale


def signs(seed, n):
    return np.where(draws(seed, n) >> np.uint64(63), -1.0, 1.0)


def draw(seed, number):
    return int(draws(seed, 1, number)[0])
