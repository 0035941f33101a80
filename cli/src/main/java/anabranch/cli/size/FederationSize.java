// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import static anabranch.cli.size.Figure.bytes;
import static anabranch.cli.size.Figure.count;

import anabranch.cli.size.Figure.Unit;
import anabranch.kafka.topics.TopicSettings;
import anabranch.protocol.codec.EncodingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All figures of a federation. The symbols of the formulas stand in {@code docs/size.md}. */
public final class FederationSize {

  private final Workload workload;
  private final RoundTraffic traffic;
  private final TopicStorage storage;
  private final CheckpointSize checkpoint;
  private final MemoryNeed memory;
  private final boolean byChanges;
  private final boolean movement;

  /** What a round publishes of the model, in symbols. */
  private final String version;

  /** What all clients read, in symbols. */
  private final String downToAll;

  private final List<Section> sections;

  /**
   * @param topics of the federation, with all their settings
   * @throws IllegalArgumentException if no job could run such rounds
   */
  public FederationSize(Workload workload, List<TopicSettings> topics) {
    this.workload = workload;
    this.traffic = new RoundTraffic(workload);
    this.storage = new TopicStorage(workload, traffic, topics);
    this.checkpoint = new CheckpointSize(workload, traffic);
    this.memory = new MemoryNeed(workload, traffic);
    this.byChanges = workload.downlink().isPresent();
    this.movement = workload.config().schedule().freeze() != null;
    this.version = byChanges ? "d + m / w" : "m";
    this.downToAll = byChanges ? "D x changes + N a, see docs/size.md" : "D m j + N a";
    this.sections =
        List.of(model(), update(), round(), day(), topics(), parallelism(), memory(), snapshot());
  }

  /** All figures, in the order in which they are told. */
  public List<Section> sections() {
    return sections;
  }

  /** The figures by their keys. */
  public Map<String, Number> byKey() {
    Map<String, Number> byKey = new LinkedHashMap<>();
    for (Section section : sections) {
      for (Figure figure : section.figures()) {
        boolean whole = figure.unit() != Unit.SECONDS;
        byKey.put(figure.key(), whole ? (Number) Math.round(figure.value()) : figure.value());
      }
    }
    return byKey;
  }

  private Section model() {
    int blocks = workload.manifest().blocks().size();
    int stages = workload.stages();
    List<String> notes = new ArrayList<>();
    if (stages > 1) {
      notes.add(
          "one stage a round: all figures are for the one that trains %s, the largest update of %d"
              .formatted(
                  workload.trained().stream()
                      .map(block -> "'" + workload.manifest().blocks().get(block).name() + "'")
                      .collect(Collectors.joining(", ")),
                  stages));
    }
    return new Section(
        "Model",
        List.of(
            count("parameters", "parameters", workload.manifest().size(), "P"),
            count("blocks", "blocks", blocks, "B"),
            count("segments", "segments", workload.manifest().segments().size(), "S"),
            count(
                "trainedParameters",
                "parameters trained in a round",
                workload.trainedParameters(),
                "Pt"),
            count("trainedSegments", "segments of these", workload.trainedSegments().size(), "St"),
            bytes("modelBytes", "model as float32", 4.0 * workload.manifest().size(), "4 P")),
        notes);
  }

  private Section update() {
    EncodingSettings encoding = workload.config().encoding();
    boolean exact =
        encoding.index() == EncodingSettings.Index.DENSE
            || encoding.index() == EncodingSettings.Index.BITMAP;
    return new Section(
        "An update",
        List.of(
            bytes("payloadBytes", "payload", workload.payload(), "U = sum of index and values"),
            bytes("updateBytes", "in Kafka's log", traffic.update(), "u = U + headers"),
            count("updateRecords", "records", traffic.records(), "k, 900,000 B each at most"),
            bytes(
                "updateMostBytes",
                "payload that is let in",
                workload.mostPayload(),
                "Umax, of docs/protocol.md")),
        exact ? List.of() : List.of("payload and records are expectations, see docs/size.md"));
  }

  private Section round() {
    int wanted = workload.config().cohort().drawn(workload.clients());
    List<String> notes = new ArrayList<>();
    if (workload.drawn() < wanted) {
      notes.add(
          "the cohort is clamped from %d to %d: hold.budget, or the size of a plan"
              .formatted(wanted, workload.drawn()));
    }
    List<Figure> figures = new ArrayList<>();
    figures.add(count("drawnClients", "clients drawn", workload.drawn(), "D"));
    figures.add(count("foldedUpdates", "updates folded", workload.folded(), "K"));
    figures.add(bytes("upBytes", "up, all clients", traffic.up(), "D u"));
    figures.add(bytes("versionBytes", "the new version", traffic.version(), "m"));
    if (byChanges) {
      figures.add(bytes("changesBytes", "the changes to it", traffic.changes(), "d"));
      figures.add(
          count(
              "versionsToWhole",
              "versions to one published whole",
              workload.versionsToWhole(),
              "w"));
    }
    figures.add(bytes("announcementBytes", "plan and receipts", traffic.announcement(), "a"));
    figures.add(bytes("reportBytes", "report", traffic.report(), "r"));
    figures.add(
        bytes(
            "publishedBytes",
            "written by the job",
            traffic.published(),
            version + " + a + r + ends"));
    figures.add(
        bytes(
            "downToOneBytes",
            "down to a client drawn in a row",
            traffic.downToOne(),
            byChanges ? "d + a" : "m + a"));
    figures.add(
        bytes(
            "firstDownloadBytes",
            "down to a client without a model",
            traffic.downToNew(),
            byChanges
                ? "m and (w - 1) d of all blocks + manifest + a, at most"
                : "m of all blocks + manifest + a"));
    figures.add(bytes("downToAllBytes", "down, all clients", traffic.downToAll(), downToAll));
    return new Section("A round", figures, notes);
  }

  private Section day() {
    double rounds = workload.roundsADay();
    int copies = workload.config().kafka().replicationFactor();
    double in = (double) traffic.up() + traffic.published();
    double out = (double) traffic.up() + traffic.downToAll() + (copies - 1) * in;
    return new Section(
        "A day",
        List.of(
            count("roundsADay", "rounds", rounds, "86,400 s / T"),
            bytes("upBytesADay", "up, all clients", rounds * traffic.up(), "D u each"),
            bytes("downBytesADay", "down, all clients", rounds * traffic.downToAll(), downToAll),
            bytes(
                "brokerInBytesADay",
                "brokers take",
                rounds * in,
                "D u + %s + a + r + ends".formatted(version)),
            bytes(
                "brokerOutBytesADay",
                "brokers give",
                rounds * out,
                "D u to the job + down + (f - 1) copies")),
        List.of());
  }

  private Section topics() {
    List<Figure> figures = new ArrayList<>();
    figures.add(bytes("updatesRestBytes", "updates", storage.updates(), "D u x kept / T"));
    figures.add(
        bytes(
            "updatesRestMostBytes",
            "updates, at most",
            storage.updatesMost(),
            "D u x (kept + a log segment's time) / T"));
    figures.add(
        bytes("modelRestBytes", "model, compacted", storage.modelCompacted(), "R m of all blocks"));
    figures.add(
        bytes(
            "modelRestMostBytes",
            "model, at most",
            storage.modelMost(),
            "R m / (1 - dirty ratio) + log segments in use"));
    if (byChanges) {
      figures.add(bytes("deltasRestBytes", "changes", storage.deltas(), "d x kept / T"));
      figures.add(
          bytes(
              "deltasRestMostBytes",
              "changes, at most",
              storage.deltasMost(),
              "d x (kept + a log segment's time) / T"));
    }
    figures.add(bytes("plansRestBytes", "plans, compacted", storage.plansCompacted(), "8 a"));
    figures.add(
        bytes(
            "plansRestMostBytes",
            "plans, at most",
            storage.plansMost(),
            "8 a / (1 - dirty ratio) + log segment in use"));
    figures.add(bytes("roundsRestBytes", "reports", storage.rounds(), "r x kept / T"));
    figures.add(
        bytes("clientsRestBytes", "check-ins, compacted", storage.clientsCompacted(), "N c"));
    figures.add(
        bytes(
            "clientsRestMostBytes",
            "check-ins, at most",
            storage.clientsMost(),
            "N c / (1 - dirty ratio) + log segments in use"));
    figures.add(
        bytes("brokerDiskBytes", "disk of all brokers", storage.disk(), "f x what is at most"));
    return new Section("Topics, one copy", figures, List.of());
  }

  private Section parallelism() {
    int slots = memory.slots();
    int configured = workload.config().kafka().partitions().updates();
    int updates = slots * ((configured + slots - 1) / slots);
    int model =
        Math.min(
            workload.config().kafka().partitions().model(), workload.manifest().segments().size());
    List<String> notes = new ArrayList<>();
    notes.add(
        "partitions of updates: a subtask reads whole partitions, so a multiple of the slots;"
            + " kafka.partitions.updates is %d%s"
                .formatted(configured, updates == configured ? "" : ", too few or uneven"));
    notes.add(
        "partitions of the model: a segment lies in one, more than there are segments stay empty");
    if (memory.overloaded()) {
      notes.add(
          "the updates of a round take longer than a round: a segment is folded by one slot, so"
              + " more than %d slots do not help; longer rounds, or a smaller codec, do"
                  .formatted(slots));
    }
    double rate = traffic.up() / (workload.roundTime().toMillis() / 1e3);
    return new Section(
        "Parallelism",
        List.of(
            new Figure("updateBytesPerSecond", "updates", rate, Unit.BYTES_PER_SECOND, "D u / T"),
            new Figure(
                "slotBytesPerSecond",
                "one slot takes",
                workload.slotBytesPerSecond(),
                Unit.BYTES_PER_SECOND,
                "v, by bench pipeline"),
            count("slots", "slots", slots, "p = D u / (T v), at most S and 128"),
            new Figure(
                "drainSeconds",
                "a round's updates at once take",
                (double) traffic.up() / slots / workload.slotBytesPerSecond(),
                Unit.SECONDS,
                "D u / (p v)"),
            count("updatesPartitions", "partitions of updates", updates, "multiple of p"),
            count("modelPartitions", "partitions of the model", model, "at most S")),
        notes);
  }

  private Section memory() {
    boolean auto = workload.config().holdBudgetBytes().isEmpty();
    List<Figure> figures = new ArrayList<>();
    figures.add(bytes("heapModelBytes", "model", memory.model(), "4 P + 4 Pt"));
    if (byChanges) {
      figures.add(
          bytes(
              "heapResidualBytes",
              "what changes left out",
              memory.residual(),
              "E and that of Pt, see docs/size.md"));
    }
    if (movement) {
      figures.add(
          bytes(
              "heapMovementBytes", "movement of blocks", memory.movement(), "V, see docs/size.md"));
    }
    figures.add(bytes("heapSumsBytes", "sums", memory.sums(), "2 x 8 Pt, or 2 x 16 Pt"));
    figures.add(bytes("heapHeldBytes", "held payloads", memory.held(), "H = D Umax"));
    figures.add(bytes("heapReadingBytes", "fetched records", memory.reading(), "see docs/size.md"));
    figures.add(
        bytes(
            "heapDecodingBytes",
            "decoded segments",
            memory.decoding(),
            byChanges ? "2 p x 1 MiB + p x 2 MiB" : "2 p x 1 MiB"));
    figures.add(bytes("heapProducingBytes", "producer", memory.producing(), "2 x 64 MiB at most"));
    figures.add(
        bytes(
            "heapCoordinatorBytes", "coordinator", memory.coordinator(), "N x 0.2 kB + sketches"));
    figures.add(bytes("heapFrameworkBytes", "Flink", memory.framework(), "its default"));
    figures.add(
        bytes(
            "heapBytes",
            "heap to give",
            memory.heap(),
            auto ? "4/3 of all these, at least 4 H" : "4/3 of all these"));
    figures.add(bytes("networkBytes", "network memory", memory.network(), "see docs/size.md"));
    figures.add(
        bytes(
            "clientBytes",
            "a client's model and update",
            memory.client(),
            workload.config().encoding().errorFeedback()
                ? "4 P + 12 Pt + U + 1.4 MB, with error feedback"
                : "4 P + 4 Pt + U + 1.4 MB"));
    return new Section(
        "Memory, all TaskManagers together",
        figures,
        List.of(
            auto
                ? "hold.budget: auto is a quarter of one TaskManager's heap; several smaller ones"
                    + " need hold.budget: %db".formatted(memory.held())
                : "with RocksDB, model%s%s and sums are on disk"
                    .formatted(
                        byChanges ? ", what changes left out" : "", movement ? ", movement" : "")));
  }

  private Section snapshot() {
    List<Figure> figures = new ArrayList<>();
    if (byChanges) {
      figures.add(
          bytes("checkpointResidualBytes", "what changes left out", checkpoint.residual(), "E"));
    }
    if (movement) {
      figures.add(
          bytes("checkpointMovementBytes", "movement of blocks", checkpoint.movement(), "V"));
    }
    figures.add(
        bytes(
            "checkpointIdleBytes",
            "idle",
            checkpoint.idle(),
            "4 P%s%s + N c + small".formatted(byChanges ? " + E" : "", movement ? " + V" : "")));
    figures.add(
        bytes(
            "checkpointMidRoundBytes",
            "in mid-round",
            checkpoint.midRound(),
            "idle + 8 Pt, or + 16 Pt"));
    figures.add(bytes("checkpointMostBytes", "at most", checkpoint.most(), "mid-round + H"));
    figures.add(
        new Figure(
            "checkpointIntervalSeconds",
            "one every",
            workload.checkpointInterval().toMillis() / 1e3,
            Unit.SECONDS,
            "checkpoint.interval"));
    return new Section("Checkpoint", figures, List.of());
  }
}
