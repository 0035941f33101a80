# SPDX-License-Identifier: Apache-2.0
"""Segments into bytes and back: the index and value codes of docs/protocol.md.

`index` and `value` below are a branch of the schema's union as fastavro has it, its name with its
fields, such as (RICE, {"bits": 3}); elements are rising positions in a segment of n elements, or
coefficients where the segment is transformed.
"""
import math

import numpy as np

DENSE, BITMAP, GAP_VARINT, RICE, SEEDED, F32, F16, BF16, AFFINE = (
    "anabranch.protocol." + name for name in (
        "Dense", "Bitmap", "GapVarint", "Rice", "Seeded", "F32", "F16", "BF16", "Affine"))
WORDS = {F32: "<f4", F16: "<f2", BF16: "<u2"}


def encode_segment(values, asked, seed):
    """A SegmentUpdate's fields, the elements that are sent, and what the job will read for these.

    values: float32, one for each element
    asked: the plan's encoding
    seed: of what the client draws itself, a seeded index and stochastic rounding
    """
    n, group = len(values), asked["group"]
    elements = select(values, asked, seed)
    sent = values[elements]
    if asked["unbiased"]:
        sent = sent / np.float32(asked["fraction"])
    value, words = quantize(sent, asked, np.random.default_rng(seed % 2**64))

    def fields(chosen):
        seeded = SEEDED, {"seed": seed, "p": asked["fraction"]}
        listed, of = elements[chosen], n
        if group > 1 and len(listed) < n:
            listed, of = np.unique(listed // group), math.ceil(n / group)
        index = seeded if asked["index"] == "SEEDED" else smallest(listed, of)
        return {"count": len(chosen), "indexCode": index, "index": encode_index(index, listed, of),
                "valueCode": value, "values": pack_values(value, words[chosen]),
                "group": group if of < n else 1}

    chosen = np.arange(len(elements))
    decoded = decode_values(value, pack_values(value, words), len(elements))
    if asked["index"] == "SMALLEST" and len(elements) == n and group == 1:
        chosen = min(chosen, np.flatnonzero(decoded), key=lambda some: payload(fields(some)))
    return fields(chosen), elements[chosen], decoded[chosen]


def select(values, asked, seed):
    """The elements to send; zeros are left out of a choice by magnitude."""
    n, count = len(values), math.ceil(asked["fraction"] * len(values))
    if asked["index"] == "SEEDED":
        return np.flatnonzero(uniform(seed, n) < asked["fraction"])
    if asked["selection"] == "LARGEST_OF_ONE_SIGN":
        sides = [largest(np.maximum(side, 0), count) for side in (values, -values)]
        return max(sides, key=lambda side: np.abs(values[side]).sum() / max(1, len(side)))
    if asked["index"] == "DENSE" or count == n:
        return np.arange(n)
    if asked["group"] > 1:
        sums = np.add.reduceat(np.abs(values), np.arange(0, n, asked["group"]))
        return members(largest(sums, math.ceil(asked["fraction"] * len(sums))), asked["group"], n)
    return largest(np.abs(values), count)


def members(groups, size, n):
    """The elements of groups of neighbours."""
    elements = (groups[:, None] * size + np.arange(size)).ravel()
    return elements[elements < n]


def largest(magnitudes, count):
    elements = np.argpartition(-magnitudes, count - 1)[:count]
    return np.sort(elements[magnitudes[elements] > 0])


def payload(fields):
    return len(fields["index"]) + len(fields["values"])


def smallest(elements, n):
    """The index code that takes the fewest bytes; dense where every element is there."""
    if len(elements) == n:
        return DENSE, {}
    gaps = np.diff(elements, prepend=-1) - 1
    low = min(range(31), key=lambda bits: np.sum(gaps >> bits) + len(gaps) * (1 + bits))
    codes = [(RICE, {"bits": low}), (GAP_VARINT, {}), (BITMAP, {})]
    return min(codes, key=lambda code: len(encode_index(code, elements, n)))


def encode_index(index, elements, n):
    name, fields = index
    if name in (DENSE, SEEDED):
        return b""
    if name == BITMAP:
        present = np.zeros(n, np.uint8)
        present[elements] = 1
        return np.packbits(present, bitorder="little").tobytes()
    gaps = (np.diff(elements, prepend=-1) - 1).tolist()
    if name == GAP_VARINT:
        return b"".join(map(varint, gaps))
    bits, low = fields["bits"], "{:0%db}" % fields["bits"]
    text = "".join(
        "1" * (gap >> bits) + "0" + (low.format(gap % 2**bits)[::-1] if bits else "") for gap in gaps)
    return pack(text + "1" * (-len(text) % 8))


def decode_index(index, data, count, n):
    """The elements, from bytes that the job has checked."""
    name, fields = index
    if name == DENSE:
        return np.arange(n)
    if name == SEEDED:
        return np.flatnonzero(uniform(fields["seed"], n) < fields["p"])
    if name == BITMAP:
        return np.flatnonzero(np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little"))
    gaps, at = [], 0
    if name == GAP_VARINT:
        while at < len(data):
            end = next(i for i in range(at, len(data)) if data[i] < 128)
            gaps.append(sum(data[i] % 128 << 7 * (i - at) for i in range(at, end + 1)))
            at = end + 1
    else:
        bits, text = fields["bits"], unpack(data)
        for _ in range(count):
            end = text.index("0", at)
            at_next = end + 1 + bits
            gaps.append((end - at << bits) + int(text[end + 1:at_next][::-1] or "0", 2))
            at = at_next
    return np.cumsum(np.array(gaps, np.int64) + 1) - 1


def quantize(values, asked, dice):
    """The value code that the plan asks for, and the word of each value.

    dice: a random generator, for stochastic rounding
    """
    if asked["value"] != "AFFINE":
        code = {"F32": F32, "F16": F16, "BF16": BF16}[asked["value"]]
        if code == BF16:
            words = values.astype("<f4").view("<u4").astype(np.uint64)
            even = words >> np.uint64(16) & np.uint64(1)
            values = words + np.uint64(0x7fff) + even >> np.uint64(16)
        return (code, {}), values.astype(WORDS[code])
    lo, step = grid(values, asked["fit"], asked["bits"])
    code = AFFINE, {"bits": asked["bits"], "lo": float(lo), "step": float(step)}
    top = 2**asked["bits"] - 1
    if not step:
        exact = np.zeros(len(values))
    elif asked["fit"] == "MEAN_MAGNITUDE":
        exact = (values >= 0).astype(np.float64)  # a sign, which no rounding turns
    elif asked["fit"] == "SYMMETRIC":
        exact = values.astype(np.float64) / step + top // 2
        top -= 1
    else:
        exact = (values.astype(np.float64) - lo) / step
    stochastic = asked["rounding"] == "STOCHASTIC"
    words = np.floor(exact + dice.random(len(values))) if stochastic else np.rint(exact)
    return code, np.clip(words, 0, top).astype(np.int64)


def grid(values, fit, bits):
    """Value of code 0 and distance of two codes, float32."""
    lo, step, top = np.float32(0), np.float32(0), 2**bits - 1
    if len(values) and bits == 0:
        lo = values.mean(dtype=np.float64)
    elif len(values) and fit == "MEAN_MAGNITUDE":
        mean = np.float32(np.abs(values).mean(dtype=np.float64))
        lo, step = -mean, 2 * mean
    elif len(values) and fit == "SYMMETRIC":
        step = np.float32(float(np.abs(values).max()) / (top // 2))
        lo = -(np.float32(top // 2) * step)
    elif len(values):
        lo = values.min()
        step = (float(values.max()) - float(lo)) / top
    return np.float32(lo), np.float32(step)


def pack_values(value, words):
    name, fields = value
    if name != AFFINE:
        return words.tobytes()
    each = (words[:, None] >> np.arange(fields["bits"]) & 1).astype(np.uint8)
    return np.packbits(each.ravel(), bitorder="little").tobytes()


def decode_values(value, data, count):
    """What the bytes stand for, float32."""
    name, fields = value
    if name == AFFINE:
        each = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        each = each[:count * fields["bits"]].reshape(count, fields["bits"]).astype(np.int64)
        codes = (each << np.arange(fields["bits"])).sum(axis=1).astype(np.float32)
        return np.float32(fields["lo"]) + codes * np.float32(fields["step"])
    words = np.frombuffer(data, WORDS[name])
    if name == BF16:
        return (words.astype(np.uint32) << np.uint32(16)).view(np.float32)
    return words.astype(np.float32)


def decode_segment(sent, n):
    """The elements that a SegmentUpdate has values for, and these, float32."""
    group = sent["group"]
    listed = decode_index(
        sent["indexCode"], sent["index"], math.ceil(sent["count"] / group), math.ceil(n / group))
    elements = listed if group == 1 else members(listed, group, n)
    return elements, decode_values(sent["valueCode"], sent["values"], sent["count"])


def changed(values, change):
    """A segment's next version: the values with a change of the deltas topic, float32."""
    elements, decoded = decode_segment(change, len(values))
    new = values.copy()
    new[elements] = decoded if change["reference"] == "WEIGHTS" else new[elements] + decoded
    return new


def place(segment):
    """Where a segment lies in its block's flat vector."""
    return slice(segment["offset"], segment["offset"] + segment["length"])


def draws(seed, n, first=0):
    """n draws of SplitMix64 from draw number `first` on, 64 bits each."""
    numbers = np.uint64(first + 1) + np.arange(n, dtype=np.uint64)
    z = np.uint64(seed % 2**64) + numbers * np.uint64(0x9e3779b97f4a7c15)
    for shift, factor in ((30, 0xbf58476d1ce4e5b9), (27, 0x94d049bb133111eb), (31, 1)):
        z = (z ^ z >> np.uint64(shift)) * np.uint64(factor)
    return z


def uniform(seed, n):
    """The first n draws as doubles from 0 to 1."""
    return (draws(seed, n) >> np.uint64(11)) * 2.0**-53


def varint(gap):
    return (bytes([gap % 128 | 128]) + varint(gap >> 7)) if gap > 127 else bytes([gap])


def pack(text):
    """Bits as text, the lowest of each byte first."""
    return np.packbits(np.array(list(text), "U1") == "1", bitorder="little").tobytes()


def unpack(data):
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    return (bits + ord("0")).tobytes().decode()
