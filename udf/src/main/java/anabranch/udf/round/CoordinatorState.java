// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundReceipts;
import anabranch.protocol.message.StageMovement;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.Fields;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that the coordinator knows. It lives on the heap as plain objects and is written as one piece
 * at each snapshot; a few kilobytes and the registry of clients.
 */
public final class CoordinatorState {

  private static final int FORMAT = 3;
  private static final int WITH_STAGES = 2;
  private static final int WITH_ORDER = 3;

  /** What the coordinator is doing. */
  enum Phase {
    /** Gathering the newest version from the model topic. */
    LOADING,
    /** No plan is open: too few clients, or a pause after a failure. */
    WAITING,
    /** A plan is open. */
    OPEN,
    /** Too many failures in a row; waits for a client's new session. */
    PAUSED,
    /** The configured number of rounds is done. */
    FINISHED
  }

  Phase phase = Phase.LOADING;
  int incarnation;
  long sequence;
  long modelVersion;
  long round;

  /** Whose stage is trained; null until a model is loaded, and when an older release wrote it. */
  Turn turn;

  /** The order of stages that {@link #turn} belongs to; null if not known, as before format 3. */
  StageSchedule.Order order;

  /** What the rounds of each stage have told, where they did. */
  TreeMap<Integer, StageDependence> dependence = new TreeMap<>();

  /** The newest version of which is known whether its stage has settled. */
  long decided;

  /** The stages that have settled, by the version that told; each until it counts. */
  TreeMap<Long, Integer> settled = new TreeMap<>();

  long lastPlanId;
  List<BlockVersion> blocks;
  ClientRegistry registry = new ClientRegistry();
  OrderBook orders;
  ModelLoad load;
  OpenRound open;
  ClosedPlans closed = new ClosedPlans();
  LedgerBook ledger = new LedgerBook();
  Ledger reported = Ledger.EMPTY;
  TreeMap<String, Long> admitted = new TreeMap<>();
  Traffic traffic = new Traffic();
  int failuresInRow;

  /** Time from the opening to the close of the newest round, in milliseconds; for show alone. */
  long lastRoundMillis;

  /** Of the round that was closed last, or null; they are announced again with its version. */
  RoundReceipts newestReceipts;

  /** What the clients of the newest completed round measured; for show alone. */
  Nhsic newestNhsic = Nhsic.NONE;

  /** Stage that they measured, 0 before a round was completed; for show alone. */
  int newestNhsicStage;

  /** Of the newest decision about a stage, or null; for show alone. */
  StageMovement newestMovement;

  /** Eligible clients when a plan was last tried to open; for show alone. */
  int newestEligible;

  /** The plan that was opened last, or null; for show alone. */
  Plan newestPlan;

  /** No plan opens before this time. */
  long backoffUntil;

  /** If no plan can be opened by this time, the round has failed for want of clients. */
  long waitUntil;

  /** When the snapshot was taken that this state came from, 0 for a start without state. */
  long snapshotAt;

  /** The plan that was open at the start without state, whose round is to be reported; or null. */
  Announcement abandoned;

  private CoordinatorState() {}

  /**
   * The state of a job that starts without any: it gathers the newest announced version.
   *
   * @param manifest of the model
   * @param heads the newest announcements, at least one, newest first
   * @param now in milliseconds since 1970
   */
  public static CoordinatorState fresh(ModelManifest manifest, List<Announcement> heads, long now) {
    CoordinatorState state = new CoordinatorState();
    state.orders = new OrderBook(manifest.segments().size());
    state.load = new ModelLoad(manifest, heads);
    state.beginIncarnation(heads, manifest.ring());
    state.modelVersion = heads.get(0).modelVersion();
    state.waitUntil = now;
    return state;
  }

  /**
   * Goes on behind everything that an earlier job announced or may have published since.
   *
   * @param heads the newest announcements, newest first
   */
  private void beginIncarnation(List<Announcement> heads, int ring) {
    Announcement head = heads.get(0);
    incarnation = head.incarnation() + 1;
    sequence = head.sequence();
    // Behind the announcement of "model init" alone no job can have published anything.
    boolean neverRun = head.sequence() == 0;
    blocks =
        head.blocks().stream()
            .map(b -> neverRun ? b : b.withIssued(Versions.after(b, ring)))
            .toList();
    for (int oldestFirst = heads.size() - 1; oldestFirst >= 0; oldestFirst--) {
      Announcement announcement = heads.get(oldestFirst);
      if (announcement.receipts() != null) {
        endPlan(announcement.receipts().planId(), announcement.receipts().round());
      }
      if (announcement.plan() != null) {
        endPlan(announcement.plan().planId(), announcement.plan().round());
      }
    }
    if (head.plan() != null) {
      lastPlanId = head.plan().planId();
      abandoned = head;
    } else if (head.receipts() != null) {
      lastPlanId = head.receipts().planId();
    }
  }

  private void endPlan(long planId, long planRound) {
    round = Math.max(round, planRound);
    closed.add(planId, planRound, false);
  }

  /** What the rounds of a stage have told so far. */
  StageDependence dependence(int stage) {
    return dependence.getOrDefault(stage, StageDependence.NONE);
  }

  /** Whether this is the state of a model of as many segments. */
  public boolean fits(ModelManifest manifest) {
    return orders.segments() == manifest.segments().size();
  }

  /** Whether an announcement is newer than this state, or of a job that began after it. */
  public boolean isBehind(Announcement head) {
    return head.sequence() > sequence || head.incarnation() > incarnation;
  }

  public int incarnation() {
    return incarnation;
  }

  public long modelVersion() {
    return modelVersion;
  }

  public long sequence() {
    return sequence;
  }

  /**
   * Makes a state that is older than the topic's head the newest: a new incarnation whose versions
   * lie behind all that were announced, with the old values.
   *
   * @param heads the newest announcements, newest first
   */
  void rollBack(List<Announcement> heads, int ring) {
    List<BlockVersion> own = blocks;
    beginIncarnation(heads, ring);
    blocks =
        blocks.stream()
            .map(b -> Versions.bumped(b, own.get(b.block()).digest(), ring, b.publishedAt()))
            .sorted(Comparator.comparingInt(BlockVersion::block))
            .toList();
    open = null;
    decided = modelVersion;
    settled.clear();
    newestReceipts = null;
    ledger = new LedgerBook();
    reported = Ledger.EMPTY;
    traffic = new Traffic();
    admitted = new TreeMap<>();
    failuresInRow = 0;
  }

  /** Writes everything, with the time of the snapshot. */
  public byte[] write(long now) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(FORMAT);
    out.writeLong(now);
    out.writeByte(phase.ordinal());
    out.writeInt(failuresInRow);
    out.writeLong(backoffUntil);
    out.writeLong(waitUntil);
    out.writeLong(round);
    out.writeLong(lastPlanId);
    Fields.writeArray(
        Records.encode(Announcements.snapshot(this, open == null ? null : open.plan())), out);
    registry.write(out);
    orders.write(out);
    closed.write(out);
    ledger.write(out);
    traffic.write(out);
    Fields.writeLedger(reported, out);
    out.writeInt(admitted.size());
    for (Map.Entry<String, Long> entry : admitted.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeLong(entry.getValue());
    }
    out.writeBoolean(load != null);
    if (load != null) {
      load.write(out);
    }
    if (open != null) {
      open.write(out);
    }
    out.writeBoolean(abandoned != null);
    if (abandoned != null) {
      Fields.writeArray(Records.encode(abandoned), out);
    }
    out.writeBoolean(turn != null);
    if (turn != null) {
      turn.write(out);
    }
    out.writeInt(dependence.size());
    for (Map.Entry<Integer, StageDependence> entry : dependence.entrySet()) {
      out.writeInt(entry.getKey());
      entry.getValue().write(out);
    }
    out.writeLong(decided);
    out.writeInt(settled.size());
    for (Map.Entry<Long, Integer> entry : settled.entrySet()) {
      out.writeLong(entry.getKey());
      out.writeInt(entry.getValue());
    }
    out.writeUTF(order == null ? "" : order.name());
    return bytes.toByteArray();
  }

  /**
   * @throws IOException if a newer release wrote the bytes
   */
  public static CoordinatorState read(ModelManifest manifest, byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int format = in.readInt();
    if (format > FORMAT) {
      throw new IOException(
          "coordinator state of format %d, this release reads up to %d: use the newer release"
              .formatted(format, FORMAT));
    }
    CoordinatorState state = new CoordinatorState();
    state.snapshotAt = in.readLong();
    state.phase = Phase.values()[in.readByte()];
    state.failuresInRow = in.readInt();
    state.backoffUntil = in.readLong();
    state.waitUntil = in.readLong();
    state.round = in.readLong();
    state.lastPlanId = in.readLong();
    Announcement snapshot = Records.decodeAnnouncement(Fields.readArray(in));
    state.incarnation = snapshot.incarnation();
    state.sequence = snapshot.sequence();
    state.modelVersion = snapshot.modelVersion();
    state.blocks = new ArrayList<>(snapshot.blocks());
    state.newestReceipts = snapshot.receipts();
    state.registry = ClientRegistry.read(in);
    state.orders = OrderBook.read(in);
    state.closed = ClosedPlans.read(in);
    state.ledger = LedgerBook.read(in);
    state.traffic = Traffic.read(in);
    state.reported = Fields.readLedger(in);
    int admitted = in.readInt();
    for (int i = 0; i < admitted; i++) {
      state.admitted.put(in.readUTF(), in.readLong());
    }
    if (in.readBoolean()) {
      state.load = ModelLoad.read(manifest, format, in);
    }
    if (snapshot.plan() != null) {
      state.newestPlan = snapshot.plan();
      state.open = OpenRound.read(snapshot.plan(), manifest, in);
    }
    if (in.readBoolean()) {
      state.abandoned = Records.decodeAnnouncement(Fields.readArray(in));
    }
    if (format >= WITH_STAGES) {
      state.turn = in.readBoolean() ? Turn.read(in) : null;
      int observed = in.readInt();
      for (int i = 0; i < observed; i++) {
        state.dependence.put(in.readInt(), StageDependence.read(in));
      }
      state.decided = in.readLong();
      int settled = in.readInt();
      for (int i = 0; i < settled; i++) {
        state.settled.put(in.readLong(), in.readInt());
      }
    }
    if (format >= WITH_ORDER) {
      String order = in.readUTF();
      state.order = order.isEmpty() ? null : StageSchedule.Order.valueOf(order);
    }
    return state;
  }
}
