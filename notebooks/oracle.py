#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Computes the versions of closed rounds anew from the clients' updates, and compares digests.

    python3 oracle.py --brokers localhost:9092 --federation demo

Whoever may read a federation's topics can check so that every version is the mean of the updates
that its round report names, to the last bit. It takes what the topics still hold: the newest rounds.
Exit code 1 when a version differs, 2 when there was no round to check.
"""
import argparse
import hashlib
import pathlib
import sys
from collections import defaultdict

import numpy as np

from encoding import decode_index, decode_values
from topics import Topics

SCHEMAS = pathlib.Path(__file__).resolve().parent.parent / "protocol/src/main/avro"


class Oracle:
    def __init__(self, topics, rule="weighted-mean", rate=1.0):
        """Reads what the topics hold."""
        self.rule, self.rate = rule, rate
        announcements = [topics.decode(r.value) for r in topics.read("plans")]
        self.opened = {a["plan"]["planId"]: a for a in announcements if a["plan"]}
        self.closed = {a["receipts"]["planId"]: a for a in announcements if a["receipts"]}
        self.manifest = topics.manifest(announcements[-1]["manifest"])
        self.reports = [topics.decode(r.value) for r in topics.read("rounds")]
        segments = (topics.decode(r.value) for r in topics.read("model") if r.key != b"manifest")
        self.model = {(s["segment"], s["version"]): s["values"] for s in segments}
        self.updates = self.complete_updates(topics)

    @staticmethod
    def complete_updates(topics):
        """By plan and client: the segments of the first update of which every part came."""
        records = list(topics.read("updates"))
        notes = (topics.decode(r.value) for r in topics.read("rejected"))
        refused = {(n["topic"], n["partition"], n["offset"]) for n in notes}
        began, complete = defaultdict(dict), {}
        for record in records:
            if (record.topic, record.partition, record.offset) not in refused:
                part = topics.decode(record.value, branches=True)
                update = part["planId"], part["clientId"]
                parts = began[update, part["session"]]
                parts.setdefault(part["part"], part["segments"])  # what comes again is a duplicate
                if len(parts) == part["parts"]:
                    segments = [s for sent in parts.values() for s in sent]
                    complete.setdefault(update, {s["segment"]: s for s in segments})
        return complete

    def check_all(self):
        """Prints what became of every completed round; returns whether each that was checked agrees."""
        agree = []
        for report in self.reports:
            if report["outcome"] == "COMPLETED":
                missing = self.missing(report)
                if missing:
                    print(f"round {report['round']}: not checked, {missing} is no longer there")
                else:
                    agree += [self.check(report)]
        return agree

    def missing(self, report):
        plan = report["planId"]
        if plan not in self.opened or plan not in self.closed:
            return "an announcement"
        for segment in self.trained(report):
            version = self.opened[plan]["blocks"][segment["block"]]["version"]
            if (segment["index"], version) not in self.model:
                return f"version {version} of block {segment['block']}"
        for contribution in report["contributions"]:
            if (plan, contribution["clientId"]) not in self.updates:
                return f"the update of {contribution['clientId']}"
        return None

    def trained(self, report):
        return [s for s in self.manifest["segments"] if s["block"] in report["trainedBlocks"]]

    def check(self, report):
        """Whether the computed content of every trained block has the announced digest."""
        digests, other = defaultdict(bytes), []
        for segment in self.trained(report):
            digests[segment["block"]] += hashlib.sha256(self.content(report, segment)).digest()
        for block, each in digests.items():
            announced = self.closed[report["planId"]]["blocks"][block]
            if hashlib.sha256(each).digest() != announced["digest"]:
                other += [f"block {block} version {announced['version']}"]
        updates = len(report["contributions"])
        print(f"round {report['round']}: {len(digests)} blocks of {updates} updates, "
              + (f"NOT AS ANNOUNCED: {', '.join(other)}" if other else "as announced"))
        return not other

    def content(self, report, segment):
        """The bytes of a segment's new version."""
        opened, index = self.opened[report["planId"]], segment["index"]
        version = opened["blocks"][segment["block"]]["version"]
        q = next(g["unitExponent"] for g in opened["plan"]["grids"] if g["block"] == segment["block"])
        old = np.frombuffer(self.model[index, version], "<f4")
        acc, omega = np.zeros(len(old), np.int64), np.zeros(len(old), np.int64)
        for contribution in report["contributions"]:
            weight = contribution["weight"]
            sent = self.updates[report["planId"], contribution["clientId"]][index]
            elements = decode_index(sent["indexCode"], sent["index"], sent["count"], len(old))
            x = decode_values(sent["valueCode"], sent["values"], sent["count"]).astype(np.float64)
            acc[elements] += np.rint(np.ldexp(float(weight), -q) * x).astype(np.int64)
            omega[elements if self.rule == "coordinate-count-mean" else slice(None)] += weight
        mean = np.ldexp(acc.astype(np.float64), q) / np.maximum(omega, 1)
        rate = 1.0 if segment["role"] == "BUFFER" else self.rate
        kept = 1.0 if sent["reference"] == "DELTA" else 1.0 - rate
        greatest = float(np.finfo("<f4").max)
        new = np.clip(kept * old + rate * mean, -greatest, greatest).astype("<f4")
        return np.where(omega > 0, new, old).astype("<f4").tobytes()


def main():
    parser = argparse.ArgumentParser(
        description="Computes versions of closed rounds anew and compares digests.")
    parser.add_argument("--brokers", default="localhost:9092", help="host:port, several with commas")
    parser.add_argument("--federation", required=True, help="its name, by which the topics begin")
    parser.add_argument("--schemas", default=SCHEMAS,
                        help="folder of the .avsc files (default: this repository's)")
    parser.add_argument("--rule", default="weighted-mean",
                        choices=["weighted-mean", "coordinate-count-mean"],
                        help="aggregation.rule of the federation's configuration")
    parser.add_argument("--server-learning-rate", type=float, default=1.0, metavar="RATE",
                        help="aggregation.server-learning-rate of the federation's configuration")
    args = parser.parse_args()
    topics = Topics(args.brokers, args.federation, args.schemas)
    oracle = Oracle(topics, args.rule, args.server_learning_rate)
    agree = oracle.check_all()
    print(f"{sum(agree)} of {len(agree)} checked rounds are as announced")
    sys.exit(2 if not agree else 0 if all(agree) else 1)


if __name__ == "__main__":
    main()
