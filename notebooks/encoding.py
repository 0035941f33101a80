# SPDX-License-Identifier: Apache-2.0
"""Segments into bytes and back: the index and value codes of docs/protocol.md.

`index` and `value` below are a branch of the schema's union as fastavro has it, its name with its
fields, such as (RICE, {"bits": 3}); elements are rising positions in a segment of n elements.
"""
import math

import numpy as np

DENSE, BITMAP, GAP_VARINT, RICE, SEEDED, F32, F16, BF16, AFFINE = (
    "anabranch.protocol." + name for name in (
        "Dense", "Bitmap", "GapVarint", "Rice", "Seeded", "F32", "F16", "BF16", "Affine"))
WORDS = {F32: "<f4", F16: "<f2", BF16: "<u2"}


def encode_segment(values, segment, plan):
    """A SegmentUpdate's fields as the plan asks for them, the elements that are sent, and what the
    job will read for these. values: float32, one for each element of the segment."""
    asked, n = plan["encoding"], len(values)
    kind, elements, index = asked["value"], np.arange(n), (DENSE, {})
    if segment["role"] == "BUFFER":
        kind = "F32"
    elif asked["index"] == "SEEDED":
        index = SEEDED, {"seed": plan["seed"], "p": asked["fraction"]}
        elements = decode_index(index, b"", n, n)
    elif asked["index"] != "DENSE":
        elements = largest(values, math.ceil(asked["fraction"] * n))
        index = smallest(elements, n)
    value, data = encode_values(values[elements], kind, asked["bits"])
    fields = {
        "count": len(elements), "indexCode": index, "index": encode_index(index, elements, n),
        "valueCode": value, "values": data}
    return fields, elements, decode_values(value, data, len(elements))


def largest(values, count):
    """The elements of greatest magnitude; zeros are left out."""
    elements = np.argpartition(-np.abs(values), count - 1)[:count]
    return np.sort(elements[values[elements] != 0])


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
        return np.flatnonzero(draws(fields["seed"], n) < fields["p"])
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


def encode_values(values, kind, bits):
    """The value code and its bytes; kind as in the plan's encoding, bits for AFFINE alone."""
    if kind == "AFFINE":
        top = 2**bits - 1
        least, most = (values.min(), values.max()) if len(values) else (0, 0)
        lo = np.float32(least if top or not len(values) else values.mean())
        step = np.float32((float(most) - float(least)) / top) if top else np.float32(0)
        codes = np.rint((values - lo) / step) if step else np.zeros(len(values))
        codes = np.clip(codes, 0, top).astype(np.int64)
        each = (codes[:, None] >> np.arange(bits) & 1).astype(np.uint8)
        data = np.packbits(each.ravel(), bitorder="little").tobytes()
        return (AFFINE, {"bits": bits, "lo": float(lo), "step": float(step)}), data
    if kind == "BF16":
        words = values.astype("<f4").view("<u4").astype(np.uint64)
        even = words >> np.uint64(16) & np.uint64(1)
        values = words + np.uint64(0x7fff) + even >> np.uint64(16)
    code = {"F32": F32, "F16": F16, "BF16": BF16}[kind]
    return (code, {}), values.astype(WORDS[code]).tobytes()


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


def draws(seed, n):
    """The first n doubles of SplitMix64."""
    z = np.uint64(seed % 2**64) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9e3779b97f4a7c15)
    for shift, factor in ((30, 0xbf58476d1ce4e5b9), (27, 0x94d049bb133111eb), (31, 1)):
        z = (z ^ z >> np.uint64(shift)) * np.uint64(factor)
    return (z >> np.uint64(11)) * 2.0**-53


def varint(gap):
    return (bytes([gap % 128 | 128]) + varint(gap >> 7)) if gap > 127 else bytes([gap])


def pack(text):
    """Bits as text, the lowest of each byte first."""
    return np.packbits(np.array(list(text), "U1") == "1", bitorder="little").tobytes()


def unpack(data):
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    return (bits + ord("0")).tobytes().decode()
