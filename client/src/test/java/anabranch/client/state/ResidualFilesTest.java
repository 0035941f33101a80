// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import anabranch.client.TestRound;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.message.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Residuals on disk, as a process leaves them that is killed at some moment. */
class ResidualFilesTest {

  private static final int SIZE = 40_000;
  private static final float[] NOTHING = new float[SIZE];
  private static final float[] FIRST = filled(1.5f);
  private static final float[] SECOND = filled(-0.25f);

  @TempDir Path folder;

  private Path directory;
  private ClientState state;
  private int copies;

  @BeforeEach
  void open() {
    directory = folder.resolve("ann");
    state = open(directory);
  }

  @AfterEach
  void close() {
    state.close();
  }

  @Test
  void killedClientHasTheResidualBeforeItsUpdateOrTheOneAfter() {
    assertThat(residualWhenKilledNow(nothing -> {})).isEqualTo(NOTHING);
    Residuals first = residuals(state, 1);
    first.keep(0, FIRST);
    assertThat(residualWhenKilledNow(nothing -> {})).isEqualTo(NOTHING);
    prepare(1, first);
    assertOutcomes(FIRST, NOTHING, NOTHING);
    state.acknowledged();
    assertOutcomes(FIRST, NOTHING, NOTHING);
    state.folded();
    assertThat(residualWhenKilledNow(nothing -> {})).isEqualTo(FIRST);

    Residuals second = residuals(state, 2);
    second.keep(0, SECOND);
    assertThat(residualWhenKilledNow(nothing -> {})).isEqualTo(FIRST);
    prepare(2, second);
    assertOutcomes(SECOND, FIRST, NOTHING);
    state.acknowledged();
    assertOutcomes(SECOND, FIRST, NOTHING);
    state.notFolded();
    assertThat(residualWhenKilledNow(nothing -> {})).isEqualTo(FIRST);
  }

  @Test
  void filesThatACrashLeftHalfWrittenOrUndeletedAreDeleted() throws IOException {
    commit(1, FIRST);
    commit(2, SECOND);
    assertThat(files(directory))
        .containsExactlyInAnyOrder("lock", "residual-0-b.f32", "state.json");

    Path killed = killed();
    Files.write(killed.resolve("residual-0-a.f32"), new byte[1_000]);
    Files.write(killed.resolve("residual-9-b.f32"), new byte[10]);
    try (ClientState again = open(killed)) {
      assertThat(residuals(again, 3).of(0, SIZE)).isEqualTo(SECOND);
      assertThat(files(killed)).containsExactlyInAnyOrder("lock", "residual-0-b.f32", "state.json");
    }
  }

  @Test
  void oneFileForEachBlockWithSomethingLeftOut() {
    Residuals both = residuals(state, 1);
    both.keep(0, FIRST);
    both.keep(1, SECOND);
    prepare(1, both);
    state.folded();
    commit(2, SECOND);

    assertThat(files(directory))
        .containsExactlyInAnyOrder("lock", "residual-0-b.f32", "residual-1-a.f32", "state.json");
    assertThat(residuals(state, 3).of(1, SIZE)).isEqualTo(SECOND);
  }

  @Test
  void residualsOfAModelThatIsNoMoreAreDeletedWithTheNextThatHold() {
    Residuals both = residuals(state, 1);
    both.keep(0, FIRST);
    both.keep(1, FIRST);
    prepare(1, both);
    state.folded();

    Residuals ofOther = state.residuals(TestRound.opening(plan(2), "other model", 2, 2));
    ofOther.keep(0, SECOND);
    prepare(2, ofOther);
    state.folded();

    assertThat(files(directory))
        .containsExactlyInAnyOrder("lock", "residual-0-b.f32", "state.json");
  }

  @Test
  void damagedResidualIsRefusedWithTheFileAndWhatToDo() throws IOException {
    commit(1, FIRST);
    Path killed = killed();
    Path residual = killed.resolve("residual-0-a.f32");
    byte[] bytes = Files.readAllBytes(residual);
    bytes[SIZE] ^= 1;
    for (byte[] damaged : List.of(bytes, Arrays.copyOf(bytes, bytes.length - 4), new byte[0])) {
      Files.write(residual, damaged);
      assertThatExceptionOfType(StateException.class)
          .isThrownBy(() -> open(killed))
          .withMessageContaining(residual + " is damaged")
          .withMessageContaining("delete the directory " + killed);
    }
  }

  @Test
  void stateOfAClientWithoutResidualsIsRead() throws IOException {
    Path old = Files.createDirectories(folder.resolve("old"));
    Files.writeString(
        old.resolve("state.json"),
        "{\"format\":1,\"federation\":\"demo\",\"clientId\":\"ann\",\"session\":7,"
            + "\"answered\":5,\"pending\":null}");
    try (ClientState again = open(old)) {
      assertThat(again.session()).isEqualTo(7);
      assertThat(again.hasAnswered(5)).isTrue();
      assertThat(residuals(again, 6).of(0, SIZE)).isEqualTo(NOTHING);
    }
  }

  @Test
  void nothingIsEncodedWhileAReceiptDecidesAboutResiduals() {
    prepare(1, residuals(state, 1));

    assertThatIllegalStateException().isThrownBy(() -> residuals(state, 2));
  }

  /** For a process that is killed now: the residual that holds after each outcome. */
  private void assertOutcomes(float[] folded, float[] notFolded, float[] lost) {
    assertThat(residualWhenKilledNow(ClientState::folded)).isEqualTo(folded);
    assertThat(residualWhenKilledNow(ClientState::notFolded)).isEqualTo(notFolded);
    assertThat(residualWhenKilledNow(ClientState::lost)).isEqualTo(lost);
  }

  private float[] residualWhenKilledNow(Consumer<ClientState> outcome) {
    try (ClientState again = open(killed())) {
      outcome.accept(again);
      return residuals(again, 100).of(0, SIZE);
    }
  }

  private void commit(long round, float[] residual) {
    Residuals residuals = residuals(state, round);
    residuals.keep(0, residual);
    prepare(round, residuals);
    state.folded();
  }

  private void prepare(long round, Residuals residuals) {
    state.prepare(plan(round), round, 1, Map.of(), List.of(), residuals);
  }

  private static Residuals residuals(ClientState state, long round) {
    return state.residuals(TestRound.opening(plan(round), "model", 2, round));
  }

  private static Plan plan(long round) {
    return TestRound.plan(round, List.of(0), EncodingSettings.DENSE_F32);
  }

  /** A copy of the files as they are now. */
  private Path killed() {
    Path copy = folder.resolve("killed-" + copies++);
    try {
      Files.createDirectories(copy);
      for (String file : files(directory)) {
        Files.copy(directory.resolve(file), copy.resolve(file));
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClientState open(Path directory) {
    return ClientState.open(directory, "demo", "ann");
  }

  private static List<String> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] filled(float value) {
    float[] vector = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      vector[i] = value + i;
    }
    return vector;
  }
}
