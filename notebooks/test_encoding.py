# SPDX-License-Identifier: Apache-2.0
"""Checks encoding.py, transform.py and update.py, with the vectors of the Java tests.

    python3 -m unittest test_encoding
"""
import json
import math
import pathlib
import unittest

import numpy as np

import encoding
import transform
from update import UpdateEncoder, shares

ROOT = pathlib.Path(__file__).resolve().parent.parent
VECTORS = ROOT / "protocol/src/test/resources/codec-vectors.json"
CODES = {"riceHex": encoding.RICE, "varintHex": encoding.GAP_VARINT, "bitmapHex": encoding.BITMAP}


PLAIN = {"reference": "DELTA", "transform": "NONE", "rank": 0, "restricted": False, "index": "DENSE",
         "selection": "LARGEST", "fraction": 1.0,
         "group": 1, "allocation": "UNIFORM", "unbiased": False, "value": "F32", "bits": 32,
         "fit": "MIN_MAX", "rounding": "NEAREST", "errorFeedback": False}


def vectors(kind):
    return [v for v in json.loads(VECTORS.read_text(encoding="utf-8")) if v["kind"] == kind]


def encode(values, seed=7, **axes):
    return encoding.encode_segment(values, {**PLAIN, **axes}, seed)


def plan_with(**axes):
    return {"seed": -5, "trainBlocks": [0], "encoding": {**PLAIN, **axes}}


def manifest(*shapes, cut=None):
    """A block of tensors of these shapes, in segments of `cut` elements."""
    shapes = [[shape] if isinstance(shape, int) else shape for shape in shapes]
    sizes = [math.prod(shape) for shape in shapes]
    offsets = [sum(sizes[:i]) for i in range(len(sizes))]
    starts = range(0, sum(sizes), cut or sum(sizes))
    return {
        "blocks": [{"tensors": [{"offset": offset, "shape": shape, "role": "PARAMETER"}
                                for offset, shape in zip(offsets, shapes)]}],
        "segments": [{"index": i, "block": 0, "role": "PARAMETER", "offset": start,
                      "length": min(starts.step, sum(sizes) - start)}
                     for i, start in enumerate(starts)]}


class EncodingTest(unittest.TestCase):
    def test_every_kind_of_vector_is_there(self):
        for kind in ("index", "seededMask", "affine", "stc", "rht", "lowrank"):
            self.assertTrue(vectors(kind), kind)

    def test_index_codes_have_the_bytes_of_the_vectors(self):
        for vector in vectors("index"):
            elements = np.array(vector["indices"], np.int64)
            for key, name in CODES.items():
                if vector.get(key) is not None:
                    code = name, {"bits": vector["riceB"]} if name == encoding.RICE else {}
                    data = encoding.encode_index(code, elements, vector["n"])
                    decoded = encoding.decode_index(code, data, len(elements), vector["n"])
                    self.assertEqual((vector["id"], data.hex()), (vector["id"], vector[key]))
                    self.assertEqual(decoded.tolist(), vector["indices"])

    def test_seeded_elements_are_those_of_the_vector(self):
        for vector in vectors("seededMask"):
            code = encoding.SEEDED, {"seed": vector["seed"], "p": vector["p"]}
            elements = encoding.decode_index(code, b"", 0, vector["n"])
            self.assertEqual(elements.tolist(), vector["indices"])

    def test_affine_codes_stand_for_the_values_of_the_vectors(self):
        for vector in vectors("affine"):
            code = encoding.AFFINE, {key: vector[key] for key in ("bits", "lo", "step")}
            data = bytes.fromhex(vector["hex"])
            decoded = encoding.decode_values(code, data, len(vector["codes"]))
            self.assertEqual(decoded.tolist(), np.float32(vector["decoded"]).tolist())

    def test_values_come_back_within_half_a_step(self):
        values = np.random.default_rng(1).normal(size=1001).astype(np.float32)
        spread = float(values.max() - values.min())
        largest = float(np.abs(values).max())
        for kind, bits, fit, bound in (
                ("F32", 32, "MIN_MAX", 0), ("F16", 16, "MIN_MAX", largest * 2**-11),
                ("BF16", 16, "MIN_MAX", largest * 2**-8), ("AFFINE", 1, "MIN_MAX", spread / 2),
                ("AFFINE", 3, "MIN_MAX", spread / 14), ("AFFINE", 16, "MIN_MAX", spread / 131070),
                ("AFFINE", 3, "SYMMETRIC", largest / 6)):
            fields, _, decoded = encode(values, value=kind, bits=bits, fit=fit)
            self.assertEqual(len(fields["values"]), (len(values) * bits + 7) // 8)
            self.assertLessEqual(np.abs(decoded - values).max(), bound * 1.0001 + largest * 1e-6)

    def test_stochastic_rounding_has_the_value_as_its_mean(self):
        values = np.random.default_rng(2).normal(size=500).astype(np.float32)
        values[0] = 0
        for bits, fit in ((2, "MIN_MAX"), (3, "SYMMETRIC")):
            rounds = [encode(values, seed, value="AFFINE", bits=bits, fit=fit, rounding="STOCHASTIC")
                      for seed in range(400)]
            decoded = np.array([decoded for _, _, decoded in rounds])
            step = rounds[0][0]["valueCode"][1]["step"]
            self.assertLess(np.abs(decoded - values).max(), step * 1.0001)
            # A mean of 400 has a standard deviation of at most step / 40.
            self.assertLess(np.abs(decoded.mean(axis=0) - values).max(), step / 40 * 5)
        self.assertEqual(set(decoded[:, 0].tolist()), {0})

    def test_ternary_codes_are_those_of_the_vectors(self):
        for vector in vectors("stc"):
            x = np.float32(vector["x"])
            plan = plan_with(index="SMALLEST", fraction=vector["k"] / len(x), value="AFFINE", bits=1,
                             fit="MEAN_MAGNITUDE", errorFeedback=True)
            encoder = UpdateEncoder("anna", plan, manifest([len(x)]))
            before = np.zeros_like(x)
            (sent,), left_out, _ = encoder.encode({0: before}, {0: x}, {})
            elements, decoded = encoding.decode_segment(sent, len(x))
            self.assertEqual(sent["indexCode"], (encoding.RICE, {"bits": vector["riceB"]}))
            self.assertEqual(sent["index"].hex(), vector["riceHex"])
            self.assertEqual(sent["values"].hex(), vector["signHex"])
            self.assertEqual(elements.tolist(), vector["indices"])
            self.assertEqual(decoded.tolist(), np.float32(vector["decoded"])[elements].tolist())
            self.assertEqual(left_out[0].tolist(), np.float32(vector["residual"]).tolist())

    def test_groups_of_largest_sum_are_sent_with_all_their_elements(self):
        values = np.float32([.1, -.2, .3, 6, 0, 0, -2, 2, 2.5, -2.5, 2.5])
        fields, elements, decoded = encode(values, index="BITMAP", fraction=0.5, group=3)
        self.assertEqual((fields["group"], fields["count"]), (3, 6))
        self.assertEqual(elements.tolist(), [3, 4, 5, 6, 7, 8])
        read, again = encoding.decode_segment(fields, len(values))
        self.assertEqual((read.tolist(), again.tolist()), (elements.tolist(), decoded.tolist()))

    def test_small_blocks_have_a_larger_share_by_the_square_root(self):
        plan = plan_with(index="SMALLEST", fraction=0.01, allocation="SQUARE_ROOT", group=4)
        two = {"blocks": [{}, {}], "segments": [
            {"block": block, "length": length} for block, length in ((0, 400), (1, 90_000))]}
        small, large = shares(plan["encoding"], two)
        self.assertAlmostEqual(small * 20, large * 300)
        self.assertAlmostEqual(small * 400 + large * 90_000, 904)

    def test_what_was_left_out_is_added_to_the_next_update(self):
        plan = plan_with(index="SMALLEST", fraction=0.25, errorFeedback=True)
        encoder = UpdateEncoder("anna", plan, manifest([4]))
        before, after = {0: np.zeros(4, "<f4")}, {0: np.float32([1, -4, 0, 3])}
        _, left_out, _ = encoder.encode(before, after, {})
        (sent,), left_out, _ = encoder.encode(before, after, left_out)
        self.assertEqual(left_out[0].tolist(), [2, -4, 0, 0])
        self.assertEqual(encoding.decode_segment(sent, 4)[1].tolist(), [6])

    def test_sparse_codes_carry_the_largest_values_without_zeros(self):
        values = np.float32([0, 3, 0, -4, 1, 0, 0, 0])
        fields, elements, decoded = encode(values, index="SMALLEST", fraction=0.5)
        self.assertEqual(fields["count"], 3)
        self.assertEqual((elements.tolist(), decoded.tolist()), ([1, 3, 4], [3, -4, 1]))

    def test_one_sign_is_that_of_the_larger_mean(self):
        values = np.float32([5, -4, 1, -3, 0, 2])
        for sign, sent in ((1, [0, 5]), (-1, [1, 3])):
            _, elements, decoded = encode(
                values + np.float32(sign - 1), index="SMALLEST", fraction=1 / 3, value="AFFINE",
                bits=0, selection="LARGEST_OF_ONE_SIGN")
            self.assertEqual(elements.tolist(), sent)
            self.assertEqual(set(decoded.tolist()), {(values + sign - 1)[sent].mean()})

    def test_zeros_of_a_whole_segment_are_left_out_where_that_is_shorter(self):
        values = np.zeros(1000, "<f4")
        for others in (3, 900):
            values[:others] = 1
            fields, elements, _ = encode(
                values, index="SMALLEST", value="AFFINE", bits=4, fit="SYMMETRIC")
            self.assertEqual(len(elements), 3 if others == 3 else 1000)
            self.assertEqual(fields["count"], len(elements))

    def test_unbiased_subsets_have_the_whole_as_their_mean(self):
        values = np.ones(100_000, "<f4")
        fields, elements, decoded = encode(values, index="SEEDED", fraction=0.1, unbiased=True)
        self.assertEqual(fields["indexCode"][0], encoding.SEEDED)
        self.assertEqual(set(decoded.tolist()), {10})
        self.assertLess(abs(decoded.sum() - 100_000), 5 * 10 * math.sqrt(9000))


class TransformTest(unittest.TestCase):
    def test_rotation_is_that_of_the_vectors(self):
        for vector in vectors("rht"):
            x = np.array(vector["x"])
            self.assertEqual(transform.signs(vector["seed"], len(x)).tolist(), vector["signs"])
            run = transform.Run(transform.signs(vector["seed"], len(x)))
            np.testing.assert_allclose(run.forward(x), vector["y"], atol=1e-15)
            np.testing.assert_allclose(run.inverse(run.forward(x)), x, atol=1e-15)

    def test_low_rank_product_is_that_of_the_vectors(self):
        for vector in vectors("lowrank"):
            rows, columns, rank = vector["d2"], vector["d1"], vector["r"]
            signs = transform.signs(vector["seed"], columns * rank).reshape(columns, rank)
            np.testing.assert_allclose(signs / math.sqrt(rank), vector["A"], rtol=1e-15)
            matrix, b = transform.Matrix(rows, signs), np.array(vector["B"]).T.ravel()
            product = matrix.inverse(b)
            np.testing.assert_allclose(product.reshape(rows, columns).T, vector["AB"], rtol=1e-15)
            np.testing.assert_allclose(matrix.forward(product), b, atol=1e-14)

    def test_rotation_of_any_length_keeps_the_norm_and_turns_back(self):
        for n in (1, 2, 3, 100, 4095, 4096, 4097, 50_890):
            x = np.random.default_rng(3).normal(size=n)
            rotation = transform.Transform(
                (transform.ROTATED, {"seed": -9}), None, manifest([n])["segments"][0])
            y = rotation.forward(x)
            self.assertAlmostEqual(np.linalg.norm(y) / np.linalg.norm(x), 1, places=6)
            np.testing.assert_allclose(rotation.inverse(y), x, atol=1e-5)

    def test_matrices_cut_at_rows_have_the_factors_of_the_whole(self):
        whole, halves = manifest([5, 30], 5), manifest([5, 30], 5, cut=60)
        code = transform.LOW_RANK_FACTOR, {"seed": 11, "rank": 3}
        x = np.random.default_rng(4).normal(size=155)
        whole_way, *cut_way = (transform.Transform(code, m, s)
                               for m in (whole, halves) for s in m["segments"])
        self.assertEqual(whole_way.coefficients, 5 * 3 + 5)
        expected = whole_way.forward(x)
        cut = [t.forward(x[encoding.place(s)]) for t, s in zip(cut_way, halves["segments"])]
        np.testing.assert_allclose(np.concatenate(cut), expected, rtol=1e-5)
        self.assertEqual(expected[15:].tolist(), np.float32(x[150:]).tolist())

    def test_restricted_training_is_sent_without_loss(self):
        model, x = manifest([5, 30], 5), np.random.default_rng(5).normal(size=155).astype("<f4")
        for axes in ({"transform": "LOW_RANK", "rank": 3}, {"index": "SEEDED", "fraction": 0.2}):
            encoder = UpdateEncoder("anna", plan_with(restricted=True, **axes), model)
            trained = encoder.restrict({0: x})[0]
            (sent,), _, _ = encoder.encode({0: np.zeros_like(x)}, {0: trained}, {})
            way = transform.Transform(sent["transform"], model, model["segments"][0])
            read = np.zeros(way.coefficients)
            elements, values = encoding.decode_segment(sent, way.coefficients)
            read[elements] = values
            np.testing.assert_allclose(way.inverse(read), trained, atol=1e-6)
            self.assertGreater(np.abs(trained - x).max(), 0.1)
            self.assertGreater(np.abs(trained).max(), 0.1)


if __name__ == "__main__":
    unittest.main()
