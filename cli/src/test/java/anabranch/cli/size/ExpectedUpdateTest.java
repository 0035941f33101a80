// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import anabranch.bench.testbed.SyntheticModel;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.protocol.avro.Records;
import anabranch.protocol.avro.UpdateParts;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is foretold of an update, beside the bytes that a client writes. */
class ExpectedUpdateTest {

  private static final int PARAMETERS = 700_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "encoding.preset=dense-f32",
        "encoding.preset=dense-f16",
        "encoding.value=bf16",
        "encoding.value=affine encoding.bits=8",
        "encoding.value=affine encoding.bits=1",
        "encoding.index=bitmap encoding.fraction=0.1",
        "encoding.index=bitmap encoding.fraction=0.9 encoding.value=affine encoding.bits=3"
      })
  void codesWithoutChanceAreForetoldExactly(String encoding) throws Exception {
    Workload workload = workload(encoding);
    List<ClientUpdate> parts = written(workload);

    RoundTraffic foretold = new RoundTraffic(workload);
    assertThat(workload.payload()).isEqualTo(payload(parts));
    assertThat(foretold.records()).isEqualTo(parts.size());
    // Numbers whose length varies: session, samples.
    assertThat(new SampleRecords(workload).update().stream().mapToLong(Long::longValue).sum())
        .isCloseTo(recordBytes(parts), within(parts.size() * 16L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "encoding.preset=top-k(0.1)",
        "encoding.preset=top-k(0.01)",
        "encoding.preset=top-k(0.001)",
        "encoding.preset=top-k(0.5)",
        "encoding.index=rice encoding.fraction=0.01 encoding.value=affine encoding.bits=1",
        "encoding.index=rice encoding.fraction=0.3 encoding.value=f16",
        "encoding.index=gap-varint encoding.fraction=0.02",
        "encoding.index=gap-varint encoding.fraction=0.2",
        "encoding.index=seeded encoding.fraction=0.05",
        "encoding.preset=stc(1/100)",
        "encoding.preset=group-stc(1/50)",
        "encoding.preset=top-k(0.1,f16)"
      })
  void codesOfRandomPositionsAreForetoldOnAverage(String encoding) throws Exception {
    Workload workload = workload(encoding);
    List<ClientUpdate> parts = written(workload);

    RoundTraffic foretold = new RoundTraffic(workload);
    assertThat((double) workload.payload()).isCloseTo(payload(parts), withPercentage(1));
    assertThat(foretold.records()).isEqualTo(parts.size());
  }

  @Test
  void buffersTravelWholeWhateverTheCodec() throws Exception {
    ModelManifest manifest =
        Segmenter.manifest(
            "any",
            Map.of(),
            4,
            List.of(
                new BlockShape(
                    "block",
                    List.of(
                        new TensorShape("weight", List.of(1_000), Role.PARAMETER),
                        new TensorShape("mean", List.of(500), Role.BUFFER)))));

    Workload workload = workload(manifest, "encoding.preset=top-k(0.001)");

    assertThat(workload.payload()).isBetween(2_000L + 4, 2_000L + 8);
  }

  private static Workload workload(String settings) throws ConfigException {
    return workload(new SyntheticModel(PARAMETERS).manifest(), settings);
  }

  private static Workload workload(ModelManifest manifest, String settings) throws ConfigException {
    FederationConfig config =
        FederationConfigLoader.load(
            null,
            Stream.concat(
                    Stream.of("federation=any", "kafka.bootstrap-servers=localhost:1"),
                    Stream.of(settings.split(" ")))
                .toList());
    return new Workload(manifest, config, 10, 4, Duration.ofMinutes(1), 1 << 20);
  }

  private static List<ClientUpdate> written(Workload workload) {
    List<SegmentUpdate> segments =
        new SyntheticModel(PARAMETERS).update(workload.config().encoding());
    return UpdateParts.split(
        new ClientUpdate(
            "anna",
            Long.MIN_VALUE,
            Long.MIN_VALUE,
            1_000,
            0,
            1,
            100,
            SampleRecords.METRICS,
            new ArrayList<>(segments),
            null,
            null));
  }

  private static long payload(List<ClientUpdate> parts) {
    return parts.stream()
        .flatMap(part -> part.segments().stream())
        .mapToLong(segment -> segment.index().length() + segment.values().length())
        .sum();
  }

  private static long recordBytes(List<ClientUpdate> parts) {
    return parts.stream().mapToLong(part -> Records.encode(part).length).sum();
  }
}
