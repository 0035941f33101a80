# SPDX-License-Identifier: Apache-2.0
"""What a client makes of trained weights for one plan: segments, transformed and encoded."""
import hashlib
import struct

import numpy as np

from encoding import encode_segment, place, select
from transform import PLAIN, Transform, asked_for

OF_BUFFERS = {"reference": "WEIGHTS", "index": "DENSE", "value": "F32", "fraction": 1.0,
              "selection": "LARGEST", "group": 1, "unbiased": False, "errorFeedback": False}


def shares(encoding, manifest):
    """The share of the elements that each block sends."""
    sizes = np.zeros(len(manifest["blocks"]))
    for segment in manifest["segments"]:
        sizes[segment["block"]] += segment["length"]
    if encoding["allocation"] == "UNIFORM":
        return np.full(len(sizes), encoding["fraction"])
    roots = np.sqrt(sizes)
    return np.minimum(1, encoding["fraction"] * sizes.sum() / (roots * roots.sum()))


class UpdateEncoder:
    def __init__(self, client_id, plan, manifest):
        """client_id: with the plan's seed it gives that of what the client draws itself."""
        self.encoding, code = plan["encoding"], asked_for(plan)
        self.shares = shares(self.encoding, manifest)
        self.segments = [s for s in manifest["segments"] if s["block"] in plan["trainBlocks"]]
        self.transforms = {
            s["index"]: Transform((PLAIN, {}) if s["role"] == "BUFFER" else code, manifest, s)
            for s in self.segments}
        digest = hashlib.sha256(struct.pack(">q", plan["seed"]) + client_id.encode()).digest()
        self.seed, = struct.unpack(">q", digest[:8])

    def restrict(self, vectors):
        """Flat vectors by block, with what an update can express of them alone."""
        kept = {block: vector.copy() for block, vector in vectors.items()}
        for segment in self.segments:
            if segment["role"] != "BUFFER":
                vector = kept[segment["block"]][place(segment)]
                transform = self.transforms[segment["index"]]
                coefficients = transform.forward(vector)
                if self.encoding["index"] == "SEEDED":
                    drawn = select(coefficients, self.of(segment), self.seed_of(segment))
                    coefficients = coefficients * np.isin(np.arange(len(coefficients)), drawn)
                vector[:] = transform.inverse(coefficients)
        return kept

    def encode(self, old, new, residual):
        """The update's segments; what each leaves out, if the plan has error feedback; the elements
        and values that the job will read of each.

        old, new: flat vectors by block, before and after training
        residual: what earlier updates left out, by segment
        """
        coded, left_out, read = [], {}, {}
        for segment in self.segments:
            index, block = segment["index"], segment["block"]
            encoding = OF_BUFFERS if segment["role"] == "BUFFER" else self.of(segment)
            values = new[block][place(segment)]
            if encoding["reference"] == "DELTA":
                values = values - old[block][place(segment)]
            if encoding["errorFeedback"]:
                values = values + residual.get(index, np.float32(0))
            transform = self.transforms[index]
            coefficients = transform.forward(values)
            fields, elements, decoded = encode_segment(coefficients, encoding, self.seed_of(segment))
            coded.append({"segment": index, "reference": encoding["reference"],
                          "transform": transform.code, **fields})
            read[index] = elements, decoded
            if encoding["errorFeedback"]:
                said = np.zeros_like(coefficients)
                said[elements] = decoded
                left_out[index] = (values - transform.inverse(said)).astype("<f4")
        return coded, left_out, read

    def of(self, segment):
        return {**self.encoding, "fraction": self.shares[segment["block"]]}

    def seed_of(self, segment):
        """Of what this client draws in this round and segment, a signed number of 64 bits."""
        return (self.seed + segment["index"] + 2**63) % 2**64 - 2**63
