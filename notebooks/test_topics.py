# SPDX-License-Identifier: Apache-2.0
"""Checks how topics.py gets at a version of the model that is published through changes.

    python3 -m unittest test_topics
"""
import hashlib
import types
import unittest

import numpy as np

from encoding import changed, place
from oracle import SCHEMAS
from test_encoding import encode, manifest
from topics import Topics
from transform import PLAIN

MODEL = manifest([60, 2], 30, cut=100)
SEGMENTS = MODEL["segments"]
WHOLE = 3
VERSIONS = {4: 3, 7: 4, 8: 7}  # and what each leads from


class Kept(Topics):
    """Topics without brokers: version 3 whole, and the changes to 4, 7 and 8."""
    def __init__(self):
        super().__init__("none", "f", SCHEMAS)
        random = np.random.default_rng(8)
        self.vectors = {WHOLE: random.normal(size=150).astype("<f4")}
        self.read_from = []
        self.records = {"deltas": [], "model": [
            self.record("ModelSegment", {
                "block": 0, "segment": s["index"], "version": WHOLE,
                "values": self.vectors[WHOLE][place(s)].tobytes()}) for s in SEGMENTS]}
        for version, old in VERSIONS.items():
            vector = self.vectors[old].copy()
            for s in SEGMENTS:
                fields, _, _ = encode(
                    random.normal(size=s["length"]).astype("<f4"), index="SMALLEST", fraction=0.2,
                    value="AFFINE", bits=1, fit="MEAN_MAGNITUDE")
                change = {**fields, "segment": s["index"], "reference": "DELTA",
                          "transform": (PLAIN, {})}
                self.records["deltas"].append(self.record("ModelDelta", {
                    "block": 0, "version": version, "fromVersion": old, "change": change}))
                vector[place(s)] = changed(vector[place(s)], change)
            self.vectors[version] = vector

    def record(self, name, fields):
        return types.SimpleNamespace(key=b"", value=self.encode(name, fields))

    def read(self, topic, since=None, patience=0):
        self.read_from.append((topic, since))
        return iter(self.records[topic])

    def named(self, version):
        digests = b"".join(
            hashlib.sha256(self.vectors[version][place(s)].tobytes()).digest() for s in SEGMENTS)
        return {"block": 0, "version": version, "publishedAt": 1000 + version,
                "digest": hashlib.sha256(digests).digest(),
                "snapshot": {"version": WHOLE, "publishedAt": 1000 + WHOLE}}

    def held(self, version):
        return {**self.named(version), "vector": self.vectors[version]}


class ChangesTest(unittest.TestCase):
    def setUp(self):
        self.topics = Kept()

    def test_who_has_nothing_begins_with_the_whole_version(self):
        vector = self.topics.block(self.topics.named(8), MODEL)
        self.assertEqual(vector.tolist(), self.topics.vectors[8].tolist())
        self.assertEqual(self.topics.read_from, [("model", 1003), ("deltas", 1003)])

    def test_who_has_a_version_since_reads_what_came_after_it_alone(self):
        vector = self.topics.block(self.topics.named(8), MODEL, self.topics.held(4))
        self.assertEqual(vector.tolist(), self.topics.vectors[8].tolist())
        self.assertEqual(self.topics.read_from, [("deltas", 1004)])

    def test_who_has_an_older_version_than_the_whole_one_begins_with_that(self):
        held = {**self.topics.held(3), "version": 2}
        vector = self.topics.block(self.topics.named(7), MODEL, held)
        self.assertEqual(vector.tolist(), self.topics.vectors[7].tolist())

    def test_missing_change_and_other_digest_are_refused(self):
        with self.assertRaisesRegex(LookupError, "another digest"):
            self.topics.block({**self.topics.named(8), "digest": bytes(32)}, MODEL)
        del self.topics.records["deltas"][3]
        with self.assertRaisesRegex(LookupError, "no changes lead from version 3 of block 0"):
            self.topics.block(self.topics.named(8), MODEL)


if __name__ == "__main__":
    unittest.main()
