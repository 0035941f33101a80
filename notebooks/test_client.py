# SPDX-License-Identifier: Apache-2.0
"""Checks what client.py does between two records.

    python3 -m unittest test_client
"""
import contextlib
import io
import unittest

import numpy as np

from client import ROOT, Client
from mlp import Trainer
from test_encoding import manifest, plan_with
from test_topics import MODEL, Kept
from update import UpdateEncoder

IMAGES = ROOT / "client/src/main/resources/anabranch/client/data/fashion-mnist"
NAMES = "hidden1.weight", "hidden1.bias", "output.weight", "output.bias"
TRAINING = {"epochs": 2, "batchSize": 20, "learningRate": 0.1, "momentum": 0.9, "proximal": 0.01}


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.client = Client(None, "anna", Trainer(IMAGES, 60, 1))

    def test_restricted_training_changes_nothing_that_an_update_cannot_carry(self):
        model = manifest([8, 784], 8, [10, 8], 10)
        for tensor, name in zip(model["blocks"][0]["tensors"], NAMES):
            tensor["name"] = name
        old = np.random.default_rng(6).normal(scale=0.05, size=6370).astype("<f4")
        self.client.manifest = model
        for axes in ({"transform": "LOW_RANK", "rank": 2}, {"index": "SEEDED", "fraction": 0.1}):
            for restricted in (True, False):
                plan = {**plan_with(restricted=restricted, **axes), "training": TRAINING,
                        "lambda": 0, "gamma": 0}
                encoder = UpdateEncoder("anna", plan, model)
                new, _ = self.client.train({0: old}, plan, encoder)
                change = new[0] - old
                lost = np.linalg.norm(encoder.restrict({0: change})[0] - change)
                share = lost / np.linalg.norm(change)
                self.assertLess(share, 1e-4) if restricted else self.assertGreater(share, 0.1)

    def test_only_a_folded_update_commits_what_it_left_out(self):
        sent = {"round": 1, "bytes": 0, "metrics": {}, "leftOut": {0: np.float32([2])}}
        for outcome, residual in ((None, {}), ("EXPIRED", {}), ("FOLDED", sent["leftOut"])):
            with contextlib.redirect_stdout(io.StringIO()):
                self.client.settle(sent, {"anna": outcome} if outcome else {})
            self.assertEqual(self.client.residual, residual)

    def test_a_model_that_was_begun_anew_is_owed_nothing(self):
        self.client.topics, self.client.manifest, self.client.residual = Kept(), MODEL, {0: 1}
        for version, owed in ((7, {0: 1}), (8, {0: 1}), (4, {})):
            vector = self.client.bring_up_to_date(self.client.topics.named(version))
            self.assertEqual(vector.tolist(), self.client.topics.vectors[version].tolist())
            self.assertEqual(self.client.residual, owed)


if __name__ == "__main__":
    unittest.main()
