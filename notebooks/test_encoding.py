# SPDX-License-Identifier: Apache-2.0
"""Checks encoding.py against the vectors that the Java codecs are tested with.

    python3 -m unittest test_encoding
"""
import json
import pathlib
import unittest

import numpy as np

import encoding

ROOT = pathlib.Path(__file__).resolve().parent.parent
VECTORS = ROOT / "protocol/src/test/resources/codec-vectors.json"
CODES = {"riceHex": encoding.RICE, "varintHex": encoding.GAP_VARINT, "bitmapHex": encoding.BITMAP}


class EncodingTest(unittest.TestCase):
    def vectors(self, kind):
        chosen = [v for v in json.loads(VECTORS.read_text(encoding="utf-8")) if v["kind"] == kind]
        self.assertTrue(chosen)
        return chosen

    def test_index_codes_have_the_bytes_of_the_vectors(self):
        for vector in self.vectors("index"):
            elements = np.array(vector["indices"], np.int64)
            for key, name in CODES.items():
                if vector.get(key) is not None:
                    code = name, {"bits": vector["riceB"]} if name == encoding.RICE else {}
                    data = encoding.encode_index(code, elements, vector["n"])
                    decoded = encoding.decode_index(code, data, len(elements), vector["n"])
                    self.assertEqual((vector["id"], data.hex()), (vector["id"], vector[key]))
                    self.assertEqual(decoded.tolist(), vector["indices"])

    def test_seeded_elements_are_those_of_the_vector(self):
        for vector in self.vectors("seededMask"):
            code = encoding.SEEDED, {"seed": vector["seed"], "p": vector["p"]}
            elements = encoding.decode_index(code, b"", 0, vector["n"])
            self.assertEqual(elements.tolist(), vector["indices"])

    def test_affine_codes_stand_for_the_values_of_the_vectors(self):
        for vector in self.vectors("affine"):
            code = encoding.AFFINE, {key: vector[key] for key in ("bits", "lo", "step")}
            data = bytes.fromhex(vector["hex"])
            decoded = encoding.decode_values(code, data, len(vector["codes"]))
            self.assertEqual(decoded.tolist(), np.float32(vector["decoded"]).tolist())

    def test_values_come_back_within_half_a_step(self):
        values = np.random.default_rng(1).normal(size=1001).astype(np.float32)
        spread = float(values.max() - values.min())
        largest = float(np.abs(values).max())
        for kind, bits, bound in (
                ("F32", 32, 0), ("F16", 16, largest * 2**-11), ("BF16", 16, largest * 2**-8),
                ("AFFINE", 1, spread / 2), ("AFFINE", 3, spread / 14), ("AFFINE", 16, spread / 131070)):
            code, data = encoding.encode_values(values, kind, bits)
            decoded = encoding.decode_values(code, data, len(values))
            self.assertEqual(len(data), (len(values) * bits + 7) // 8)
            self.assertLessEqual(np.abs(decoded - values).max(), bound * 1.0001 + largest * 1e-6)

    def test_sparse_codes_carry_the_largest_values_without_zeros(self):
        values = np.float32([0, 3, 0, -4, 1, 0, 0, 0])
        plan = {"encoding": {"index": "SMALLEST", "value": "F32", "bits": 32, "fraction": 0.9}}
        fields, elements, decoded = encoding.encode_segment(values, {"role": "PARAMETER"}, plan)
        self.assertEqual(fields["count"], 3)
        self.assertEqual((elements.tolist(), decoded.tolist()), ([1, 3, 4], [3, -4, 1]))


if __name__ == "__main__":
    unittest.main()
