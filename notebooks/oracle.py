#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Computes the versions of closed rounds anew from the clients' updates, and compares digests.

    python3 oracle.py --brokers localhost:9092 --federation demo

Whoever may read a federation's topics can check so that every version is the mean of the updates
that its round report names, to the last bit. It takes what the topics still hold: the newest rounds.
Where the job encodes changes of the model (downlink.preset), a change holds what was left out of all
before it, so the updates of its round do not give it. Checked is then that the published changes lead
to the announced versions.
Exit code 1 when a version differs, 2 when there was no round to check.
"""
import argparse
import hashlib
import pathlib
import sys
from collections import defaultdict

import numpy as np

from encoding import changed, decode_segment
from topics import Topics
from transform import PLAIN, Transform

SCHEMAS = pathlib.Path(__file__).resolve().parent.parent / "protocol/src/main/avro"


class Oracle:
    def __init__(self, topics, rule="weighted-mean", rate=1.0):
        """Reads what the topics hold."""
        self.rule, self.rate = rule, rate
        announcements = [topics.decode(r.value) for r in topics.read("plans")]
        self.opened = {a["plan"]["planId"]: a for a in announcements if a["plan"]}
        self.closed = {a["receipts"]["planId"]: a for a in reversed(announcements) if a["receipts"]}
        self.manifest = topics.manifest(announcements[-1]["manifest"])
        self.reports = [topics.decode(r.value) for r in topics.read("rounds")]
        segments = (topics.decode(r.value) for r in topics.read("model") if r.key != b"manifest")
        self.model = {(s["segment"], s["version"]): np.frombuffer(s["values"], "<f4")
                      for s in segments}
        self.changes = {}
        if any(block["snapshot"] for a in announcements for block in a["blocks"]):
            self.replay(topics)
        self.updates = self.complete_updates(topics)

    def replay(self, topics):
        """Adds the versions of the model that changes lead to from what is there."""
        deltas = (topics.decode(r.value, branches=True) for r in topics.read("deltas"))
        for delta in sorted(deltas, key=lambda delta: delta["version"]):
            segment, version = delta["change"]["segment"], delta["version"]
            old = self.model.get((segment, delta["fromVersion"]))
            if old is not None:
                self.changes[segment, delta["fromVersion"], version] = delta["change"]
                self.model.setdefault((segment, version), changed(old, delta["change"]))

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
            index, (old, new) = segment["index"], self.versions(report, segment)
            if (index, old) not in self.model:
                return f"version {old} of block {segment['block']}"
            if self.is_encoded(report, segment) and (index, old, new) not in self.changes:
                return f"the change from version {old} of block {segment['block']} to version {new}"
        if not all(self.is_encoded(report, segment) for segment in self.trained(report)):
            for contribution in report["contributions"]:
                if (plan, contribution["clientId"]) not in self.updates:
                    return f"the update of {contribution['clientId']}"
        return None

    def trained(self, report):
        return [s for s in self.manifest["segments"] if s["block"] in report["trainedBlocks"]]

    def versions(self, report, segment):
        """Of the segment's block, before and after the round."""
        return [announcements[report["planId"]]["blocks"][segment["block"]]["version"]
                for announcements in (self.opened, self.closed)]

    def is_encoded(self, report, segment):
        """Whether a change was encoded; it then holds more than the updates of its round."""
        opened, closed = self.opened[report["planId"]], self.closed[report["planId"]]
        deltas = segment["role"] != "BUFFER" and opened["plan"]["encoding"]["reference"] == "DELTA"
        return deltas and closed["blocks"][segment["block"]]["snapshot"] is not None

    def check(self, report):
        """Whether the computed content of every trained block has the announced digest."""
        digests, other, encoded = defaultdict(bytes), [], set()
        for segment in self.trained(report):
            if self.is_encoded(report, segment):
                content = self.with_change(report, segment)
                encoded.add(segment["block"])
            else:
                content = self.with_mean(report, segment)
            digests[segment["block"]] += hashlib.sha256(content.tobytes()).digest()
        for block, each in digests.items():
            announced = self.closed[report["planId"]]["blocks"][block]
            if hashlib.sha256(each).digest() != announced["digest"]:
                other += [f"block {block} version {announced['version']}"]
        updates = len(report["contributions"])
        print(f"round {report['round']}: {len(digests)} blocks of {updates} updates, "
              + (f"NOT AS ANNOUNCED: {', '.join(other)}" if other else "as announced")
              + (f"; {len(encoded)} by their published changes, which the updates of one round do "
                 "not give: the job adds what it left out of earlier ones" if encoded else ""))
        return not other

    def with_change(self, report, segment):
        """A segment's new version, by the change that was published."""
        old, new = self.versions(report, segment)
        return changed(self.model[segment["index"], old], self.changes[segment["index"], old, new])

    def with_mean(self, report, segment):
        """A segment's new version, by the updates' mean."""
        opened, index = self.opened[report["planId"]], segment["index"]
        q = next(g["unitExponent"] for g in opened["plan"]["grids"] if g["block"] == segment["block"])
        old = self.model[index, self.versions(report, segment)[0]]
        sent = [(c["weight"], self.updates[report["planId"], c["clientId"]][index])
                for c in report["contributions"]]
        one = sent[0][1]  # all have its reference and its transform
        transform = Transform(one["transform"], self.manifest, segment)
        n = transform.coefficients
        acc, omega = np.zeros(n, np.int64), np.zeros(n, np.int64)
        for weight, update in sent:
            elements, x = decode_segment(update, n)
            units = np.ldexp(float(weight), -q) * x.astype(np.float64)
            acc[elements] += np.rint(units).astype(np.int64)
            omega[elements if self.rule == "coordinate-count-mean" else slice(None)] += weight
        mean = transform.inverse(np.ldexp(acc.astype(np.float64), q) / np.maximum(omega, 1))
        rate = 1.0 if segment["role"] == "BUFFER" else self.rate
        kept = 1.0 if one["reference"] == "DELTA" else 1.0 - rate
        greatest = float(np.finfo("<f4").max)
        new = np.clip(kept * old + rate * mean, -greatest, greatest).astype("<f4")
        return np.where(omega > 0, new, old) if transform.code[0] == PLAIN else new


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
