#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A client of a federation, written from docs/protocol.md alone. See README.md beside it."""
import argparse
import importlib
import pathlib
import secrets

import numpy as np
from kafka.errors import KafkaError

from topics import Topics
from update import UpdateEncoder

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST_BYTES = 900_000  # of a record


class Client:
    def __init__(self, topics, me, trainer, folder=None):
        self.topics, self.me, self.trainer, self.folder = topics, me, trainer, folder
        self.session = secrets.randbelow(2**63 - 1) + 1
        self.manifest, self.manifest_digest, self.blocks = None, None, {}
        self.residual = {}  # by segment: what updates have left out so far, made up for later

    def check_in(self, status):
        self.topics.send("clients", self.me, "ClientCheckIn", {
            "clientId": self.me, "session": self.session, "status": status,
            "samples": self.trainer.samples, "agent": "notebooks/client.py"})

    def take_part(self, rounds):
        """Answers plans until so many receipts came, or the federation is finished."""
        sent = {"planId": None, "leftOut": {}}
        for news in self.topics.announcements():
            for receipts in filter(None, (announcement["receipts"] for announcement in news)):
                if receipts["planId"] == sent["planId"]:
                    self.settle(sent, {r["clientId"]: r["outcome"] for r in receipts["receipts"]})
                    sent, rounds = {"planId": None, "leftOut": {}}, rounds - 1
            newest = max(news, key=lambda announcement: announcement["sequence"])
            if rounds == 0 or newest["state"] == "FINISHED":
                return
            plan = newest["plan"]
            if plan and self.me in plan["cohort"] and plan["planId"] != sent["planId"]:
                for segment in sent["leftOut"]:  # its receipt was never seen: it may count or not
                    self.residual.pop(segment, None)
                try:
                    sent = self.answer(newest, plan)
                except LookupError as gone:
                    print(f"round {plan['round']}: {gone}, waiting for the next", flush=True)

    def settle(self, sent, outcomes):
        """Only what was folded is part of the model: else the residuals stay what they were."""
        if outcomes.get(self.me) == "FOLDED":
            self.residual.update(sent["leftOut"])
        print(f"round {sent['round']}: {outcomes.get(self.me, 'not listed')}, {sent['bytes']} bytes, "
              f"loss {sent['metrics'].get('loss', np.nan):.4f}", flush=True)

    def answer(self, announcement, plan):
        """Trains as the plan asks and sends the update; returns what is known of it."""
        if announcement["manifest"] != self.manifest_digest:
            self.manifest = self.topics.manifest(announcement["manifest"])
            self.manifest_digest = announcement["manifest"]
            self.blocks, self.residual = {}, {}
        old = {block: self.bring_up_to_date(announcement["blocks"][block])
               for block in plan["trainBlocks"] + plan["holdBlocks"]}
        encoder = UpdateEncoder(self.me, plan, self.manifest)
        new, metrics = self.train(old, plan, encoder)
        coded, left_out, read = encoder.encode(old, new, self.residual)
        if self.folder:
            arrays = {f"{name}{index}": array for index, arrays in read.items()
                      for name, array in zip(("elements", "values"), arrays)}
            np.savez(pathlib.Path(self.folder, f"round-{plan['round']}.npz"), **arrays)
        sent = {"planId": plan["planId"], "round": plan["round"], "metrics": metrics}
        return {**sent, "leftOut": left_out, "bytes": self.send(sent, coded)}

    def bring_up_to_date(self, named):
        """The flat vector of a block in the version that an announcement names."""
        held = self.blocks.pop(named["block"], None)  # one that leads nowhere is not kept
        if held and named["version"] < held["version"]:
            self.residual = {}  # of a model that was begun anew
        if held and held["digest"] == named["digest"]:
            vector = held["vector"]
        else:
            vector = self.topics.block(named, self.manifest, held)
        self.blocks[named["block"]] = {**named, "vector": vector}
        return vector

    def train(self, vectors, plan, encoder):
        """New flat vectors of the blocks to train, by block, and the trainer's metrics."""
        tensors, places = {}, {}
        for block in sorted(vectors):
            for t in self.manifest["blocks"][block]["tensors"]:
                if t["role"] != "LOCAL":
                    places[t["name"]] = block, slice(t["offset"], t["offset"] + int(np.prod(t["shape"])))
                    tensors[t["name"]] = vectors[block][places[t["name"]][1]].reshape(t["shape"])

        def flat(arrays):
            return {block: np.concatenate([arrays[name].ravel() for name in places
                                           if places[name][0] == block])
                    for block in plan["trainBlocks"]}

        def restrict(gradients):
            if not plan["encoding"]["restricted"]:
                return gradients
            kept = encoder.restrict(flat(gradients))
            return {name: kept[places[name][0]][places[name][1]].reshape(tensors[name].shape)
                    for name in gradients}

        wanted = [name for name in tensors if places[name][0] in plan["trainBlocks"]]
        trained, metrics = self.trainer.train(tensors, wanted, plan, restrict)
        return flat(trained), metrics

    def send(self, update, coded):
        """Sends the update in as few parts as hold it in this order; returns its bytes."""
        update = {**update, "clientId": self.me, "session": self.session,
                  "samples": self.trainer.samples, "part": 0, "parts": len(coded)}

        def size(segments):
            return len(self.topics.encode("ClientUpdate", {**update, "segments": segments}))

        parts = [[]]
        for segment in coded:
            if parts[-1] and size(parts[-1] + [segment]) > MOST_BYTES:
                parts.append([])
            parts[-1].append(segment)
        for part, segments in enumerate(parts):
            self.topics.send("updates", self.me, "ClientUpdate", {
                **update, "part": part, "parts": len(parts), "segments": segments})
        return sum(map(size, parts))


def main():
    parser = argparse.ArgumentParser(description="A client of a federation that trains here.")
    parser.add_argument("--brokers", default="localhost:9092", help="host:port, several with commas")
    parser.add_argument("--federation", required=True, help="its name, by which the topics begin")
    parser.add_argument("--id", required=True, help="1 to 128 characters of A-Z a-z 0-9 . _ -")
    parser.add_argument("--rounds", type=int, default=-1, help="receipts to wait for (default: all)")
    parser.add_argument("--samples", type=int, default=600, help="images to train on")
    parser.add_argument("--seed", type=int, default=1, help="by which they are drawn")
    parser.add_argument("--data", help="folder of the images (default: those of this repository)",
                        default=ROOT / "client/src/main/resources/anabranch/client/data/fashion-mnist")
    parser.add_argument("--schemas", help="folder of the .avsc files (default: this repository's)",
                        default=ROOT / "protocol/src/main/avro")
    parser.add_argument("--trainer", default="mlp", help="Python module with a class Trainer")
    parser.add_argument("--npz", metavar="DIR", help="write there what the job reads of each update")
    args = parser.parse_args()
    trainer = importlib.import_module(args.trainer).Trainer(args.data, args.samples, args.seed)
    topics = Topics(args.brokers, args.federation, args.schemas)
    client = Client(topics, args.id, trainer, args.npz)
    try:
        client.check_in("READY")
        try:
            client.take_part(args.rounds)
        finally:
            client.check_in("LEAVING")
    except KeyboardInterrupt:
        pass
    except KafkaError as problem:
        raise SystemExit(f"the cluster at {args.brokers} does not answer: {problem}")


if __name__ == "__main__":
    main()
