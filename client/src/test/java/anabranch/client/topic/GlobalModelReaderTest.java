// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import anabranch.client.TestFederation;
import anabranch.client.link.Bandwidth;
import anabranch.client.link.Link;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.kafka.broker.LocalBroker;
import anabranch.protocol.Topics;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.Segment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GlobalModelReaderTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final ModelDefinition CONV = Architecture.CONV_SMALL.define(Map.of());

  /** Its hidden block has 200,704 elements and so two segments. */
  private static final ModelDefinition WIDE = Architecture.MLP.define(Map.of("hidden", "256"));

  /** Two stages: the output of the first is not deployed. */
  private static final ModelDefinition STAGED =
      Architecture.RESNET.define(
          Map.of("layers", "1,1", "widths", "4,8", "groups", "2", "cuts", "1"));

  private static LocalBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = LocalBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void versionZeroIsReadBackBitForBit() {
    try (TestFederation federation = federation("zero", CONV);
        GlobalModelReader reader = reader(federation)) {

      GlobalModel model = reader.newest(PATIENCE).orElseThrow();

      assertThat(model.version()).isZero();
      assertThat(model.manifest()).isEqualTo(federation.manifest);
      List<float[]> initial = CONV.initialWeights(1);
      assertThat(model.weights()).hasSize(4);
      model.weights().forEach((block, vector) -> assertThat(vector).isEqualTo(initial.get(block)));
    }
  }

  @Test
  void secondInitialisationIsRefusedWithWhatToDo() {
    try (TestFederation federation = federation("twice", CONV)) {
      assertThatExceptionOfType(ModelExistsException.class)
          .isThrownBy(
              () ->
                  new ModelInitializer(federation.connection, federation.topics)
                      .publish(federation.manifest, CONV.initialWeights(2)))
          .withMessageContaining("'twice' has a model already")
          .withMessageContaining("submit the job");
    }
  }

  @Test
  void theNewestOfManyAnnouncementsIsFoundAtTheEndOfTheTopic() {
    try (TestFederation federation = federation("many", CONV)) {
      for (int round = 1; round <= 150; round++) {
        federation.announce(null, null);
      }
      try (GlobalModelReader reader = reader(federation)) {
        assertThat(reader.newest(PATIENCE).orElseThrow().announcement().sequence()).isEqualTo(150);
      }
    }
  }

  @Test
  void blockInANewVersionIsFetchedAndTheOthersStayTheSameArrays() {
    try (TestFederation federation = federation("one-block", CONV);
        GlobalModelReader reader = reader(federation)) {
      GlobalModel before = reader.newest(PATIENCE).orElseThrow();
      float[] output = filled(federation, 3, 0.5f);

      List<BlockVersion> versions = federation.withVersion(3, 1, output);
      federation.publish(federation.manifest.segmentsOf(3).get(0), versions.get(3), output);
      federation.announce(null, null, versions);
      GlobalModel after = reader.newest(PATIENCE).orElseThrow();

      assertThat(after.weights().get(3)).isEqualTo(output);
      assertThat(after.weights().get(0)).isSameAs(before.weights().get(0));
    }
  }

  @Test
  void versionsThatAreStillOnTheTopicCanBeReadAfterNewerOnes() {
    try (TestFederation federation = federation("behind", CONV);
        GlobalModelReader reader = reader(federation)) {
      reader.newest(PATIENCE).orElseThrow();
      for (int version = 1; version <= 3; version++) {
        federation.announce(null, null, publishOutput(federation, version, version));
      }

      assertThat(reader.version(3, PATIENCE).orElseThrow().weights().get(3))
          .isEqualTo(filled(federation, 3, 3));
      assertThat(reader.version(1, PATIENCE).orElseThrow().weights().get(3))
          .isEqualTo(filled(federation, 3, 1));
      assertThat(reader.version(4, Duration.ofMillis(10))).isEmpty();
    }
  }

  @Test
  void versionsThatWereRolledBackAreNotReadAnyMore() {
    try (TestFederation federation = federation("rolled-back", CONV);
        GlobalModelReader reader = reader(federation)) {
      reader.newest(PATIENCE).orElseThrow();
      for (int version = 1; version <= 3; version++) {
        federation.announce(null, null, publishOutput(federation, version, version));
      }
      assertThat(reader.version(3, PATIENCE)).isPresent();

      federation.rollBack(1, publishOutput(federation, 5, 1));
      assertThat(reader.newest(PATIENCE).orElseThrow().version()).isEqualTo(1);
      assertThat(reader.version(2, Duration.ofMillis(10))).isEmpty();
      federation.announce(null, null, publishOutput(federation, 6, 7));

      assertThat(reader.version(2, PATIENCE).orElseThrow().weights().get(3))
          .isEqualTo(filled(federation, 3, 7));
    }
  }

  @Test
  void blocksThatDidNotChangeCostNoDownload() {
    Link line = new Link(Bandwidth.UNLIMITED);
    try (TestFederation federation = federation("downlink", CONV);
        ModelCopy copy = new ModelCopy(federation.connection, federation.topics, line)) {
      List<Integer> all = List.of(0, 1, 2, 3);
      copy.bringUpToDate(federation.last(), all);
      long whole = line.bytes();
      copy.bringUpToDate(federation.announce(null, null), all);
      long again = line.bytes();
      float[] output = filled(federation, 3, 0.5f);
      List<BlockVersion> versions = federation.withVersion(3, 1, output);
      federation.publish(federation.manifest.segmentsOf(3).get(0), versions.get(3), output);
      copy.bringUpToDate(federation.announce(null, null, versions), all);

      assertThat(whole).isGreaterThan(4 * 105_866);
      assertThat(again).isEqualTo(whole);
      assertThat(line.bytes() - whole).isBetween(4L * 650, 4L * 650 + 200);
    }
  }

  @Test
  void whatLiesBehindABlockDoesNotGoOverTheLine() throws Exception {
    try (TestFederation federation = federation("sparing", CONV)) {
      Announcement announced = federation.announce(null, null, publishOutput(federation, 1, 0.5f));
      for (int version = 2; version <= 200; version++) {
        publishOutput(federation, version, version);
      }
      try (ModelCopy copy =
          new ModelCopy(federation.connection, federation.topics, new Link(Bandwidth.UNLIMITED))) {
        copy.bringUpToDate(announced, List.of(3));

        // The block takes 2.6 kB; 520 kB lie behind it.
        assertThat(receivedBytes()).isBetween(4 * 650.0, 64_000.0);
      }
    }
  }

  /** What the consumers of this JVM have received, requests' answers of all kinds. */
  private static double receivedBytes() throws JMException {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    double bytes = 0;
    for (ObjectName consumer :
        beans.queryNames(
            new ObjectName("kafka.consumer:type=consumer-metrics,client-id=*"), null)) {
      bytes += (double) beans.getAttribute(consumer, "incoming-byte-total");
    }
    return bytes;
  }

  @Test
  void tornBlockIsRefusedByNameUntilItsLastSegmentIsThere() {
    try (TestFederation federation = federation("torn", WIDE);
        GlobalModelReader reader = reader(federation)) {
      List<Segment> segments = federation.manifest.segmentsOf(0);
      float[] hidden = filled(federation, 0, 0.25f);
      List<BlockVersion> versions = federation.withVersion(0, 1, hidden);
      federation.publish(segments.get(0), versions.get(0), hidden);
      federation.announce(null, null, versions);

      assertThatExceptionOfType(ModelIncompleteException.class)
          .isThrownBy(() -> reader.newest(PATIENCE))
          .withMessageContaining("block 'hidden1' version 1 has 1 of 2 segments");

      federation.publish(segments.get(1), versions.get(0), hidden);
      assertThat(reader.newest(Duration.ZERO).orElseThrow().weights().get(0)).isEqualTo(hidden);
    }
  }

  @Test
  void bytesThatWereNotAnnouncedAreRefusedUntilTheRightOnesFollow() {
    try (TestFederation federation = federation("forged", CONV);
        GlobalModelReader reader = reader(federation)) {
      Segment segment = federation.manifest.segmentsOf(3).get(0);
      float[] announced = filled(federation, 3, 1);
      List<BlockVersion> versions = federation.withVersion(3, 1, announced);
      federation.publish(segment, versions.get(3), filled(federation, 3, 2));
      federation.announce(null, null, versions);

      assertThatExceptionOfType(ModelIncompleteException.class)
          .isThrownBy(() -> reader.newest(PATIENCE))
          .withMessageContaining("block 'output' version 1 has not the announced digest");

      federation.publish(segment, versions.get(3), announced);
      assertThat(reader.newest(Duration.ZERO).orElseThrow().weights().get(3)).isEqualTo(announced);
    }
  }

  @Test
  void readerOfTheDeployedModelNeedsNoBlockOfAnEarlierStage() {
    try (TestFederation federation = federation("deployed", STAGED);
        GlobalModelReader all = reader(federation);
        GlobalModelReader deployed =
            GlobalModelReader.ofDeployedBlocks(federation.connection, federation.topics)) {
      List<Integer> wanted = federation.manifest.deployedBlocks();
      int unneeded =
          federation.manifest.blocks().stream()
              .mapToInt(Block::index)
              .filter(block -> !wanted.contains(block))
              .findFirst()
              .orElseThrow();
      // Announced and never published.
      federation.announce(
          null, null, federation.withVersion(unneeded, 1, filled(federation, unneeded, 1)));

      GlobalModel model = deployed.newest(PATIENCE).orElseThrow();

      List<float[]> initial = STAGED.initialWeights(1);
      assertThat(model.weights()).containsOnlyKeys(wanted);
      model.weights().forEach((block, vector) -> assertThat(vector).isEqualTo(initial.get(block)));
      assertThatExceptionOfType(ModelIncompleteException.class)
          .isThrownBy(() -> all.newest(PATIENCE))
          .withMessageContaining(federation.manifest.blocks().get(unneeded).name());
    }
  }

  @Test
  void deployedBlockThatIsNotWholeIsRefused() {
    try (TestFederation federation = federation("deployed-torn", STAGED);
        GlobalModelReader deployed =
            GlobalModelReader.ofDeployedBlocks(federation.connection, federation.topics)) {
      federation.announce(null, null, federation.withVersion(0, 1, filled(federation, 0, 1)));

      assertThatExceptionOfType(ModelIncompleteException.class)
          .isThrownBy(() -> deployed.newest(PATIENCE))
          .withMessageContaining(federation.manifest.blocks().get(0).name());
    }
  }

  @Test
  void manifestIsReadWithoutValues() {
    try (TestFederation federation = federation("manifest", CONV);
        GlobalModelReader reader = reader(federation)) {
      federation.announce(null, null, federation.withVersion(0, 1, filled(federation, 0, 1)));

      assertThat(reader.newestManifest(PATIENCE)).contains(federation.manifest);
    }
  }

  private static TestFederation federation(String name, ModelDefinition model) {
    return new TestFederation(broker.bootstrapServers(), name, model);
  }

  private static GlobalModelReader reader(TestFederation federation) {
    return GlobalModelReader.ofAllBlocks(
        federation.connection, new Topics(federation.topics.federation()));
  }

  /** Publishes block 3 filled with a value, and returns what is to be announced. */
  private static List<BlockVersion> publishOutput(
      TestFederation federation, long version, float value) {
    float[] output = filled(federation, 3, value);
    List<BlockVersion> versions = federation.withVersion(3, version, output);
    federation.publish(federation.manifest.segmentsOf(3).get(0), versions.get(3), output);
    return versions;
  }

  private static float[] filled(TestFederation federation, int block, float value) {
    float[] vector = new float[federation.manifest.blocks().get(block).size()];
    Arrays.fill(vector, value);
    return vector;
  }
}
