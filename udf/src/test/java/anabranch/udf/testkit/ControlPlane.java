// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.testkit;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.RecordId;
import anabranch.udf.round.Coordinator;
import anabranch.udf.round.CoordinatorGauges;
import anabranch.udf.round.CoordinatorState;
import anabranch.udf.round.FederationPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** A coordinator with a clock that the test moves, and a memory of all it decided. */
public final class ControlPlane {

  /** Samples that a client declares when the test does not care. */
  public static final long SAMPLES = 10;

  /** Where the clock starts. */
  public static final long START = 1_000_000;

  public final RecordingOutput output;
  private final ModelManifest manifest;
  private final FederationPolicy policy;
  private Coordinator coordinator;
  private long now;
  private long nextOffset;

  private ControlPlane(
      ModelManifest manifest,
      FederationPolicy policy,
      CoordinatorState state,
      RecordingOutput output,
      long now) {
    this.manifest = manifest;
    this.policy = policy;
    this.output = output;
    this.now = now;
    coordinator = coordinator(state);
  }

  private Coordinator coordinator(CoordinatorState state) {
    return new Coordinator(manifest, Models.manifestDigest(), policy, state, output);
  }

  /** A job without state; nothing has been read from the model topic. */
  public static ControlPlane fresh(FederationPolicy policy, List<Announcement> heads) {
    return fresh(Models.MANIFEST, policy, heads);
  }

  /** The same with a manifest of the same blocks. */
  public static ControlPlane fresh(
      ModelManifest manifest, FederationPolicy policy, List<Announcement> heads) {
    return new ControlPlane(
        manifest,
        policy,
        CoordinatorState.fresh(manifest, heads, START),
        new RecordingOutput(),
        START);
  }

  /** A job that has loaded version 0 and waits for clients. */
  public static ControlPlane loaded(FederationPolicy policy) {
    return loaded(Models.MANIFEST, policy);
  }

  /** The same with a manifest of the same blocks. */
  public static ControlPlane loaded(ModelManifest manifest, FederationPolicy policy) {
    ControlPlane plane = fresh(manifest, policy, List.of(Models.initial()));
    plane.load(0);
    return plane;
  }

  /** A job with an open plan: these clients have checked in. */
  public static ControlPlane running(FederationPolicy policy, String... clients) {
    ControlPlane plane = loaded(policy);
    for (String client : clients) {
      plane.checkIn(client);
    }
    return plane;
  }

  /** Reads all segments of a version of the model. */
  public void load(long version) {
    for (int segment = 0; segment < Models.MANIFEST.segments().size(); segment++) {
      receive(Models.loaded(segment, version, nextOffset++));
    }
  }

  public void checkIn(String client) {
    checkIn(client, SAMPLES);
  }

  public void checkIn(String client, long samples) {
    checkIn(client, samples, 0);
  }

  /**
   * @param memoryBytes that the client declares, 0 for none
   */
  public void checkIn(String client, long samples, long memoryBytes) {
    receive(
        new Header.CheckIn(
            new RecordId(RecordId.Source.CLIENTS, 0, nextOffset++),
            UpdateBuilder.checkIn(client, samples, memoryBytes)));
  }

  /** A tombstone under the client's id. */
  public void leave(String client) {
    receive(new Header.Gone(new RecordId(RecordId.Source.CLIENTS, 0, nextOffset++), client));
  }

  /** The client answers the open plan completely. */
  public Header.Update answer(String client) {
    return send(UpdateBuilder.answer(client, plan()));
  }

  /** Receives an update at the next offset. */
  public Header.Update send(UpdateBuilder update) {
    Header.Update header = update.header(nextOffset++);
    receive(header);
    return header;
  }

  public void receive(Header header) {
    coordinator.receive(header, now);
  }

  public void visible() {
    coordinator.visible(now);
  }

  /** What is shown of the coordinator, by the names of its metrics. */
  public Map<String, Supplier<Number>> gauges() {
    return CoordinatorGauges.of(coordinator);
  }

  /** Time passes; the coordinator is woken whenever it asked to be. */
  public void pass(Duration time) {
    long until = now + time.toMillis();
    for (long wake = coordinator.wakeAt(now); wake <= until; wake = coordinator.wakeAt(now)) {
      now = Math.max(now + 1, wake);
      coordinator.wake(now);
    }
    now = Math.max(now, until);
  }

  /** The plan becomes visible and its deadline passes. */
  public void passDeadline() {
    visible();
    pass(PolicyBuilder.DEADLINE);
  }

  /** Goes on from its own snapshot, as after a failure, so much later. */
  public void restart(Duration outage) {
    byte[] snapshot = snapshot();
    now += outage.toMillis();
    restore(snapshot);
    coordinator.resumeAfterRestore(now, Duration.ofMinutes(5).toMillis());
  }

  /** Takes the state of a snapshot, not yet told that it is a restart. */
  public void restore(byte[] snapshot) {
    coordinator = coordinator(state(snapshot));
  }

  /** Another control plane in the same state, with an output of its own. */
  public ControlPlane twin() {
    return twin(policy);
  }

  /** The same under another configuration, not yet told that it is a restart. */
  public ControlPlane twin(FederationPolicy policy) {
    ControlPlane twin =
        new ControlPlane(manifest, policy, state(snapshot()), new RecordingOutput(), now);
    twin.nextOffset = nextOffset;
    return twin;
  }

  public byte[] snapshot() {
    try {
      return coordinator.state().write(now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CoordinatorState state(byte[] snapshot) {
    try {
      return CoordinatorState.read(manifest, snapshot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Coordinator coordinator() {
    return coordinator;
  }

  public long now() {
    return now;
  }

  public Announcement announcement() {
    return output.drafts.get(output.drafts.size() - 1).announcement();
  }

  /** The open plan, as it was announced. */
  public Plan plan() {
    return Objects.requireNonNull(announcement().plan(), "no plan is open");
  }

  /** Reports of rounds, in order. */
  public List<RoundReport> reports() {
    return output.drafts.stream().map(Draft::report).filter(Objects::nonNull).toList();
  }

  public RoundReport lastReport() {
    List<RoundReport> reports = reports();
    return reports.get(reports.size() - 1);
  }

  /** The one order that consumes a record's payload in a segment, or null while there is none. */
  public Order.ForPayload orderFor(RecordId id, int segment) {
    List<Order.ForPayload> orders =
        output.orders(Order.ForPayload.class).stream()
            .filter(order -> order.segment() == segment && order.payload().equals(id))
            .toList();
    if (orders.size() > 1) {
      throw new AssertionError("several orders for one payload: " + orders);
    }
    return orders.isEmpty() ? null : orders.get(0);
  }
}
