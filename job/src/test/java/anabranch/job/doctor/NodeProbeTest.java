// SPDX-License-Identifier: Apache-2.0
package anabranch.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A probe on this machine. What it says of brokers is the doctor's test's business. */
class NodeProbeTest {

  private static final Map<String, String> NO_KAFKA =
      Map.of("bootstrap.servers", "no-such-host.invalid:9092");

  @TempDir private Path folder;

  @Test
  void folderThatTheJobManagerWroteToIsSharedAndLeftClean() throws Exception {
    NodeProbe probe = new NodeProbe("1", folder.toUri().toString(), NO_KAFKA);
    probe.leaveMarker();

    NodeReport report = probe.run(0, /* awaitMarker= */ true);
    probe.removeMarker();

    assertThat(report.folder().problem()).isNull();
    assertThat(report.folder().shared()).isTrue();
    assertThat(report.folder().freeBytes()).isPositive();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void folderThatAnotherMachineHasUnderTheSameNameIsNotShared() {
    NodeReport report =
        new NodeProbe("1", folder.toUri().toString(), NO_KAFKA).run(0, /* awaitMarker= */ true);

    assertThat(report.folder().problem()).isNull();
    assertThat(report.folder().shared()).isFalse();
  }

  @Test
  void folderThatCannotBeWrittenToSaysWhy() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    NodeReport report =
        new NodeProbe("1", file.toUri().toString(), NO_KAFKA).run(0, /* awaitMarker= */ false);

    assertThat(report.folder().problem()).contains(file.toString());
  }

  @Test
  void brokerThatCannotBeFoundFromHereIsToldAndNd4jIsMissed() {
    NodeReport report = new NodeProbe("1", null, NO_KAFKA).run(0, /* awaitMarker= */ false);

    assertThat(report.folder()).isNull();
    assertThat(report.kafkaProblem()).contains("No resolvable bootstrap urls");
    assertThat(report.nd4jProblem()).contains("put the jars of nd4j-native");
    assertThat(report.ended()).isGreaterThanOrEqualTo(report.began());
  }
}
