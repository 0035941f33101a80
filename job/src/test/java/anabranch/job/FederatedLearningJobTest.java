// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.config.FederationConfigLoader;
import anabranch.job.kafka.FederationHead;
import anabranch.job.testkit.TestModel;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class FederatedLearningJobTest {

  private static final ModelManifest MANIFEST = TestModel.threeBlocks().manifest();

  /** A savepoint finds its state by these: whoever changes one orphans what users have saved. */
  @Test
  void uidsStayAsTheyAre() throws Exception {
    Map<String, String> names = new TreeMap<>();
    for (StreamNode node : graph().getStreamNodes()) {
      names.put(node.getTransformationUID(), node.getOperatorName());
    }
    assertThat(names)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("updates", "Source: updates"),
                Map.entry("check-ins", "Source: check-ins"),
                Map.entry("model", "Source: model"),
                Map.entry("deltas", "Source: deltas"),
                Map.entry("validate-deltas", "validate deltas"),
                Map.entry("control", "Source: control"),
                Map.entry("validate-control", "validate control"),
                Map.entry("validate-updates", "validate updates"),
                Map.entry("validate-check-ins", "validate check-ins"),
                Map.entry("validate-model", "validate model"),
                Map.entry("coordinate", "coordinate rounds"),
                Map.entry("aggregate", "aggregate segments"),
                Map.entry("seal", "seal versions"),
                Map.entry("publish", "publish: Writer"),
                Map.entry("Sink Committer: publish", "publish: Committer")));
  }

  @Test
  void checkpointsAreExactlyOnceAndAligned() throws Exception {
    StreamGraph graph = graph();
    assertThat(graph.getCheckpointingMode()).isEqualTo(CheckpointingMode.EXACTLY_ONCE);
    assertThat(graph.getCheckpointConfig().isUnalignedCheckpointsEnabled()).isFalse();
    assertThat(graph.getCheckpointConfig().getCheckpointInterval()).isEqualTo(500);
    assertThat(graph.getCheckpointConfig().getMinPauseBetweenCheckpoints()).isEqualTo(250);
  }

  private static StreamGraph graph() throws Exception {
    Digest digest = Digest.of(new byte[Digest.LENGTH]);
    Announcement initial =
        new Announcement(
            "demo",
            0,
            0,
            0,
            digest,
            MANIFEST.blocks().stream()
                .map(block -> new BlockVersion(block.index(), 0, 0, digest, 0))
                .toList(),
            Announcement.State.RUNNING,
            "",
            null,
            null);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    new FederatedLearningJob(
            FederationConfigLoader.load(
                null, List.of("federation=demo", "kafka.bootstrap-servers=localhost:9092")),
            new FederationHead(MANIFEST, List.of(initial), 2, 1),
            /* rollback= */ false)
        .define(env);
    return env.getStreamGraph();
  }
}
