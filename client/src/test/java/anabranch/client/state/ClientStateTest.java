// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import anabranch.client.TestRound;
import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientStateTest {

  private static final Plan PLAN = TestRound.plan(77, List.of(0), EncodingSettings.DENSE_F32);

  @TempDir Path directory;

  @Test
  void sessionIsTheSameAfterARestart() {
    long session;
    try (ClientState first = open()) {
      session = first.session();
    }
    try (ClientState second = open()) {
      assertThat(session).isNotZero().isEqualTo(second.session());
      assertThat(second.pending()).isEmpty();
      assertThat(second.hasAnswered(PLAN.planId())).isFalse();
    }
  }

  @Test
  void pendingUpdateComesBackByteForByte() {
    List<ClientUpdate> parts = parts(3);
    try (ClientState first = open()) {
      prepare(first, Map.of("loss", 0.5), parts);
    }
    try (ClientState second = open()) {
      PendingUpdate pending = second.pending().orElseThrow();

      assertThat(records(pending)).isEqualTo(encoded(parts));
      assertThat(pending.planId()).isEqualTo(PLAN.planId());
      assertThat(pending.round()).isEqualTo(77);
      assertThat(pending.sequence()).isEqualTo(9);
      assertThat(pending.samples()).isEqualTo(100);
      assertThat(pending.metrics()).isEqualTo(Map.of("loss", 0.5));
      assertThat(pending.acknowledged()).isFalse();
      assertThat(second.hasAnswered(PLAN.planId())).isTrue();
    }
  }

  @Test
  void acknowledgementIsRememberedAndTheReceiptLeavesOnlyThatThePlanWasAnswered() {
    try (ClientState first = open()) {
      prepare(first, Map.of(), parts(2));
      first.acknowledged();
    }
    try (ClientState second = open()) {
      assertThat(second.pending().orElseThrow().acknowledged()).isTrue();
      second.folded();
    }
    try (ClientState third = open()) {
      assertThat(third.pending()).isEmpty();
      assertThat(third.hasAnswered(PLAN.planId())).isTrue();
    }
    assertThat(files()).containsExactlyInAnyOrder("lock", "state.json");
  }

  @Test
  void crashBeforeTheStateIsReplacedLeavesTheStateBefore() throws IOException {
    try (ClientState first = open()) {
      first.session();
    }
    Files.write(directory.resolve("update-0000000000000005.records"), new byte[10]);
    Files.writeString(directory.resolve("state.json.next"), "{\"format\":");
    try (ClientState second = open()) {
      assertThat(second.pending()).isEmpty();
      prepare(second, Map.of(), parts(1));
    }
    assertThat(files())
        .containsExactlyInAnyOrder("lock", "state.json", "update-000000000000004d.records");
  }

  @Test
  void stateInMemoryDoesTheSame() {
    try (ClientState state = ClientState.inMemory("demo", "ann")) {
      List<ClientUpdate> parts = parts(2);
      PendingUpdate pending = prepare(state, Map.of(), parts);
      state.acknowledged();

      assertThat(records(pending)).isEqualTo(encoded(parts));
      assertThat(state.pending().orElseThrow().acknowledged()).isTrue();
      state.folded();
      assertThat(state.pending()).isEmpty();
      assertThat(state.hasAnswered(PLAN.planId())).isTrue();
    }
  }

  @Test
  void twoClientsCannotShareADirectory() {
    try (ClientState first = open()) {
      assertThat(first.session()).isNotZero();
      assertThatExceptionOfType(StateException.class)
          .isThrownBy(this::open)
          .withMessageContaining(directory.toString())
          .withMessageContaining("used by a client that runs now");
    }
  }

  @Test
  void stateOfAnotherClientIsRefusedByName() {
    try (ClientState ann = open()) {
      assertThat(ann.session()).isNotZero();
    }
    assertThatExceptionOfType(StateException.class)
        .isThrownBy(() -> ClientState.open(directory, "demo", "bob"))
        .withMessageContaining("client 'ann' of federation 'demo', not of 'bob' of 'demo'");
  }

  @Test
  void damagedStateIsRefusedWithTheFileAndWhatToDo() throws IOException {
    for (String content :
        List.of("", "{", "[]", "{}", "{\"format\":1}", "{\"format\":1,\"session\":\"x\"}")) {
      Files.writeString(directory.resolve("state.json"), content);
      assertThatExceptionOfType(StateException.class)
          .isThrownBy(this::open)
          .withMessageContaining("state.json is damaged")
          .withMessageContaining("delete the directory " + directory);
    }
  }

  @Test
  void stateOfANewerFormatIsLeftAlone() throws IOException {
    Files.writeString(directory.resolve("state.json"), "{\"format\":3,\"error\":[]}");
    assertThatExceptionOfType(StateException.class)
        .isThrownBy(this::open)
        .withMessageContaining("has format 3, this program knows 2");
  }

  @Test
  void damagedRecordsAreNeverSent() throws IOException {
    try (ClientState first = open()) {
      prepare(first, Map.of(), parts(1));
    }
    Path records = directory.resolve("update-000000000000004d.records");
    byte[] bytes = Files.readAllBytes(records);
    bytes[bytes.length / 2] ^= 1;
    Files.write(records, bytes);

    assertThatExceptionOfType(StateException.class)
        .isThrownBy(this::open)
        .withMessageContaining(records + " is damaged");
    Files.delete(records);
    assertThatExceptionOfType(StateException.class)
        .isThrownBy(this::open)
        .withMessageContaining(records + " is damaged");
  }

  @Test
  void fileInTheDirectorysPlaceIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatExceptionOfType(StateException.class)
        .isThrownBy(() -> ClientState.open(file, "demo", "ann"))
        .withMessageContaining(file.toString())
        .withMessageContaining("choose one that can be written");
  }

  private ClientState open() {
    return ClientState.open(directory, "demo", "ann");
  }

  private List<String> files() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Bytes> records(PendingUpdate update) {
    return IntStream.range(0, update.parts().count())
        .mapToObj(part -> Bytes.of(update.parts().part(part)))
        .toList();
  }

  private static List<Bytes> encoded(List<ClientUpdate> parts) {
    return parts.stream().map(part -> Bytes.of(Records.encode(part))).toList();
  }

  private static List<ClientUpdate> parts(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            part ->
                new ClientUpdate(
                    "ann",
                    3,
                    PLAN.planId(),
                    PLAN.round(),
                    part,
                    count,
                    100,
                    Map.of(),
                    List.of(
                        new SegmentUpdate(
                            part,
                            Reference.DELTA,
                            1,
                            new IndexCode.Dense(),
                            Bytes.EMPTY,
                            new ValueCode.F32(),
                            Bytes.of(new byte[] {1, 2, 3, (byte) part}))),
                    null,
                    null))
        .toList();
  }

  private static PendingUpdate prepare(
      ClientState state, Map<String, Double> metrics, List<ClientUpdate> parts) {
    return state.prepare(
        PLAN, 9, 100, metrics, parts, state.residuals(TestRound.opening(PLAN, "model", 1, 0)));
  }
}
