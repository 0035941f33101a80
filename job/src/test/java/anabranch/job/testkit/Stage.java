// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.kafka.broker.LocalBroker;
import java.nio.file.Path;
import java.time.Duration;

/** A broker and a cluster in this JVM, on which one federation after the other can be played. */
public final class Stage implements AutoCloseable {

  /** Time that ten rounds never take. */
  public static final Duration PATIENCE = Duration.ofSeconds(120);

  private static final TestModel MODEL = TestModel.threeBlocks();

  /** The one recorded set of updates. */
  public static final RecordedUpdates UPDATES = new RecordedUpdates(MODEL);

  private final LocalBroker broker;
  private final JobCluster cluster;
  private final TestFederation federation;

  private Stage(LocalBroker broker, JobCluster cluster, TestModel model) {
    this.broker = broker;
    this.cluster = cluster;
    this.federation = new TestFederation(broker.bootstrapServers(), model);
  }

  /**
   * Starts both.
   *
   * @param directory of checkpoints and savepoints
   */
  public static Stage open(Path directory) throws Exception {
    return open(directory, MODEL);
  }

  /** The same for a model of the same blocks, to which the recorded updates fit. */
  public static Stage open(Path directory, TestModel model) throws Exception {
    LocalBroker broker = LocalBroker.start();
    try {
      return new Stage(broker, JobCluster.start(directory), model);
    } catch (Exception e) {
      broker.close();
      throw e;
    }
  }

  public JobCluster cluster() {
    return cluster;
  }

  public TestFederation federation() {
    return federation;
  }

  /** A fresh federation whose clients have checked in. */
  public void begin() throws Exception {
    cluster.cancelIfRunning();
    federation.begin();
    federation.checkIn(UPDATES.checkIns());
  }

  /** The configuration with which it is finished after the recorded rounds. */
  public FederationConfig tenRounds() throws ConfigException {
    return federation.config("round.limit=" + RecordedUpdates.ROUNDS);
  }

  /** New participants that read the plans from the first. */
  public Participants participants(long shuffle) {
    return new Participants(federation, UPDATES, shuffle);
  }

  /** Plays a fresh federation through all recorded rounds. */
  public PublishedVersions playTenRounds(long shuffle, Run run) throws Exception {
    begin();
    try (Participants participants = participants(shuffle)) {
      cluster.submit(tenRounds(), run);
      participants.play(RecordedUpdates.ROUNDS, PATIENCE);
      cluster.cancel();
    }
    return PublishedVersions.read(federation);
  }

  @Override
  public void close() {
    cluster.close();
    broker.close();
  }
}
