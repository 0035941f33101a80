# SPDX-License-Identifier: Apache-2.0
"""Local training of the network `mlp` in NumPy, on samples of Fashion-MNIST.

This is the part of a client that is yours: `client.py --trainer NAME` imports a module of that name
and uses its class `Trainer` as it is used here.
"""
import gzip
import pathlib
import time

import numpy as np


def idx(folder, name):
    """The array in an IDX file, plain or gzipped, of unsigned bytes."""
    plain = pathlib.Path(folder) / name
    data = plain.read_bytes() if plain.exists() else gzip.open(f"{plain}.gz").read()
    shape = np.frombuffer(data, ">u4", count=data[3], offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


class Trainer:
    def __init__(self, folder, samples, seed):
        """Takes `samples` of the training images in `folder`, drawn by `seed`."""
        images, labels = (idx(folder, f"train-{n}-ubyte") for n in ("images-idx3", "labels-idx1"))
        mine = np.random.default_rng(seed).permutation(len(labels))[:samples]
        pixels = images[mine].reshape(len(mine), -1) / 255
        self.x = ((pixels - 0.2860) / 0.3530).astype(np.float32)
        self.y = labels[mine]
        self.samples = len(mine)

    def train(self, tensors, trained, plan, restrict):
        """Trains as the plan asks, on all samples.

        tensors: arrays by name in the manifest's order, which are left as they are
        trained: names of those that may change
        restrict: takes their gradients by name, returns what of them an update may carry
        returns the new arrays of the trained names, and metrics
        """
        first = next(iter(tensors.values()))
        if first.ndim != 2 or first.shape[1] != self.x.shape[1] or plan["lambda"] or plan["gamma"]:
            raise SystemExit(
                f"mlp.py trains fully connected layers on {self.x.shape[1]} pixels by cross entropy alone, "
                f"the plan asks for {first.shape}, lambda {plan['lambda']}, gamma {plan['gamma']}: "
                "write a trainer of your own, see --trainer")
        start, asked = time.perf_counter(), plan["training"]
        now = {name: tensors[name].copy() for name in tensors}
        velocity = {name: np.zeros_like(tensors[name]) for name in trained}
        random = np.random.default_rng(plan["seed"] & 2**64 - 1)
        for _ in range(asked["epochs"]):
            loss = correct = 0
            order = random.permutation(self.samples)
            for at in range(0, self.samples, asked["batchSize"]):
                batch = order[at:at + asked["batchSize"]]
                batch_loss, hits, gradients = self.step(now, batch)
                loss, correct = loss + batch_loss, correct + hits
                gradients = restrict({name: gradients[name] for name in trained})
                for name in trained:
                    pull = asked["proximal"] * (now[name] - tensors[name])
                    velocity[name] = asked["momentum"] * velocity[name] + gradients[name] + pull
                    now[name] -= asked["learningRate"] * velocity[name]
        return {name: now[name] for name in trained}, {
            "loss": float(loss / self.samples), "accuracy": correct / self.samples,
            "seconds": time.perf_counter() - start}

    def step(self, tensors, batch):
        """Summed cross entropy and hits of a batch, and the gradient of its mean by name."""
        layers = [name[:-len(".weight")] for name in tensors if name.endswith(".weight")]
        inputs = [self.x[batch]]
        for layer in layers:
            z = inputs[-1] @ tensors[layer + ".weight"].T + tensors[layer + ".bias"]
            inputs.append(z if layer == layers[-1] else np.maximum(z, 0))
        shifted = z - z.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        rows, y = np.arange(len(batch)), self.y[batch]
        back = np.exp(log_p)
        back[rows, y] -= 1
        back /= len(batch)
        gradients = {}
        for layer, x in zip(reversed(layers), reversed(inputs[:-1])):
            gradients[layer + ".weight"] = back.T @ x
            gradients[layer + ".bias"] = back.sum(axis=0)
            back = back @ tensors[layer + ".weight"] * (x > 0)
        return -log_p[rows, y].sum(), int((z.argmax(axis=1) == y).sum()), gradients
