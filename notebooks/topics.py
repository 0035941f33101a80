# SPDX-License-Identifier: Apache-2.0
"""The topics of a federation: Avro records out, committed Avro records in."""
import functools
import hashlib
import io
import json
import pathlib
import time

import fastavro
import numpy as np
from fastavro.schema import fingerprint, to_parsing_canonical_form
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from encoding import changed, place

MARK = b"\xc3\x01"


class Topics:
    def __init__(self, brokers, federation, schemas):
        """schemas: folder of the .avsc files, protocol/src/main/avro in the repository."""
        self.brokers, self.federation, self.producer = brokers, federation, None
        self.by_name, self.by_header = {}, {}
        folder = pathlib.Path(schemas)
        # The current ones last: what is written has them, what is read may have an older one.
        for file in [*sorted(folder.glob("older/*.avsc")), *sorted(folder.glob("*.avsc"))]:
            raw = json.loads(file.read_text(encoding="utf-8"))
            mark = bytes.fromhex(fingerprint(to_parsing_canonical_form(raw), "CRC-64-AVRO"))
            schema = fastavro.parse_schema(raw)
            self.by_name[raw["name"]] = MARK + mark, schema
            self.by_header[MARK + mark] = schema

    def encode(self, name, record):
        """A record in single-object encoding."""
        header, schema = self.by_name[name]
        body = io.BytesIO(header)
        body.seek(len(header))
        fastavro.schemaless_writer(body, schema, record)
        return body.getvalue()

    def decode(self, value, branches=False):
        """A record of the schema that its header names; LookupError when it is not among ours.

        branches: a union's record comes as (name of its schema, fields)
        """
        return fastavro.schemaless_reader(
            io.BytesIO(value[10:]), self.by_header[value[:10]], None, return_record_name=branches)

    def send(self, topic, key, name, record):
        """Writes a record and waits until the brokers have it."""
        if not self.producer:
            self.producer = KafkaProducer(bootstrap_servers=self.brokers, acks="all")
        value = self.encode(name, record)
        self.producer.send(f"{self.federation}.{topic}", value, key.encode()).get(timeout=60)

    def read(self, topic, since=None, patience=0):
        """The committed records that are there, from a time in milliseconds or from the beginning.

        A transaction becomes visible partition by partition, so what an announcement names may come
        a moment after it: `patience` is how many seconds to go on after the last record.
        """
        consumer, partitions = self.assigned(topic)
        try:
            ends = consumer.end_offsets(partitions)
            times = {} if since is None else dict.fromkeys(partitions, since)
            for partition, found in consumer.offsets_for_times(times).items():
                consumer.seek(partition, found.offset if found else ends[partition])
            heard = time.monotonic()
            while (time.monotonic() < heard + patience
                   or any(consumer.position(p) < ends[p] for p in partitions)):
                for records in consumer.poll(timeout_ms=200).values():
                    yield from records
                    heard = time.monotonic()
        finally:
            consumer.close()

    def announcements(self):
        """Lists of what came on the plans topic, for ever; each ends with the newest that is there."""
        consumer, (plans,) = self.assigned("plans")
        news = []
        while True:
            for records in consumer.poll(timeout_ms=200).values():
                news += [self.decode(record.value) for record in records]
            if news and consumer.position(plans) >= consumer.end_offsets([plans])[plans]:
                yield news
                news = []

    def manifest(self, digest):
        """The manifest whose record has this SHA-256."""
        for record in self.read("model"):
            if record.key == b"manifest" and hashlib.sha256(record.value).digest() == digest:
                return self.decode(record.value)
        raise LookupError("the announced manifest is not on the model topic")

    def block(self, named, manifest, held=None):
        """The flat vector of a block at the version that an announcement names.

        held: what an earlier announcement named, with its "vector"; changes since then are enough
        """
        segments = [s for s in manifest["segments"] if s["block"] == named["block"]]
        whole = named["snapshot"] or named
        begin, end = whole["version"], named["version"]
        if not (named["snapshot"] and held and begin <= held["version"] < end):
            held = {**whole, "vector": self.whole(named["block"], whole, segments)}
        vector = held["vector"]
        if held["version"] < end:
            vector = self.replayed(held, named, segments)
        digests = b"".join(hashlib.sha256(vector[place(s)].tobytes()).digest() for s in segments)
        if hashlib.sha256(digests).digest() != named["digest"]:
            raise LookupError(
                f"version {end} of block {named['block']} has another digest than announced")
        return vector

    def whole(self, block, named, segments):
        """The flat vector of a version that lies whole on the model topic."""
        got = {}
        for record in self.read("model", since=named["publishedAt"], patience=30):
            if record.key != b"manifest":
                segment = self.decode(record.value)
                if (segment["block"], segment["version"]) == (block, named["version"]):
                    got[segment["segment"]] = np.frombuffer(segment["values"], "<f4")
            if len(got) == len(segments):
                return np.concatenate([got[s["index"]] for s in segments])
        raise LookupError(
            f"version {named['version']} of block {block} is not on the model topic")

    def replayed(self, held, named, segments):
        """The flat vector of a version, by the changes that lead to it from the one that is held."""
        deltas = {}
        for record in self.read("deltas", since=held["publishedAt"], patience=30):
            delta = self.decode(record.value, branches=True)
            if delta["block"] == named["block"]:
                deltas[delta["change"]["segment"], delta["version"]] = delta
                chains = [chain(deltas, s["index"], held["version"], named["version"])
                          for s in segments]
                if None not in chains:
                    return np.concatenate([
                        functools.reduce(changed, changes, held["vector"][place(s)])
                        for s, changes in zip(segments, chains)])
        raise LookupError(f"no changes lead from version {held['version']} of block {named['block']} "
                          f"to version {named['version']}")

    def assigned(self, topic):
        """A consumer at the beginning of all partitions of a topic, and these."""
        consumer = KafkaConsumer(
            bootstrap_servers=self.brokers, isolation_level="read_committed",
            enable_auto_commit=False)
        numbers = consumer.partitions_for_topic(f"{self.federation}.{topic}")
        if not numbers:
            consumer.close()
            raise SystemExit(f"{self.brokers} has no topic {self.federation}.{topic}: "
                             "check --brokers and --federation, create the topics first")
        partitions = [TopicPartition(f"{self.federation}.{topic}", n) for n in sorted(numbers)]
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        return consumer, partitions


def chain(deltas, segment, start, end):
    """The changes of a segment from version start to version end; None while one is missing."""
    changes = []
    while end > start:
        delta = deltas.get((segment, end))
        if not delta:
            return None
        changes.insert(0, delta["change"])
        end = delta["fromVersion"]
    return changes if end == start else None
