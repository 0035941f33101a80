// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that can be wrong with a quickstart before it starts. */
class WrongArgumentsTest {

  private static final int WRONG_USAGE = 2;
  private static final int FAILURE = 1;

  @TempDir Path folder;

  static Stream<Arguments> wrongArguments() {
    return Stream.of(
        arguments("--clients many", "'--clients': 'many' is not an int"),
        arguments("--clients 0", "--clients must be from 1 to 1000, not 0"),
        arguments("--clients -3", "--clients must be from 1 to 1000, not -3"),
        arguments("--clients 1001", "--clients must be from 1 to 1000, not 1001"),
        arguments("--clients 99999999999", "is not an int"),
        arguments("--clients 5", "--cohort 10 is more than --clients 5: draw fewer, or add"),
        arguments("--cohort 0", "--cohort must be from 1 to"),
        arguments("--cohort x", "is not an int"),
        arguments("--rounds 0", "--rounds must be from 1 to"),
        arguments("--rounds -1", "--rounds must be from 1 to"),
        arguments("--rounds 1.5", "is not an int"),
        arguments("--epochs 0", "--epochs must be from 1 to"),
        arguments("--epochs 9999", "--epochs must be from 1 to"),
        arguments("--learning-rate 0", "--learning-rate must be above 0"),
        arguments("--learning-rate -0.1", "--learning-rate must be above 0"),
        arguments("--learning-rate NaN", "--learning-rate must be above 0"),
        arguments("--learning-rate Infinity", "--learning-rate must be above 0"),
        arguments("--learning-rate fast", "is not a double"),
        arguments("--seed dice", "is not a long"),
        arguments("--web-port 0", "--web-port must be from 1 to 65535, not 0"),
        arguments("--web-port 65536", "--web-port must be from 1 to 65535"),
        arguments("--web-port http", "is not an int"),
        arguments("--broker-port -1", "--broker-port must be from 0 to 65535"),
        arguments("--broker-port 70000", "--broker-port must be from 0 to 65535"),
        arguments("--web-port 9000 --broker-port 9000", "are both 9000: choose two"),
        arguments("--parallelism 0", "--parallelism must be from 1 to"),
        arguments("--parallelism 1000", "--parallelism must be from 1 to"),
        arguments("--uplink fast", "bandwidth 'fast' is not a number and one of bit"),
        arguments("--uplink 0mbit", "bandwidth '0mbit'"),
        arguments("--encoding zip", "--encoding"),
        arguments("--downlink-preset zip", "--downlink-preset: "),
        arguments(
            "--downlink-preset low-rank(2)", "--downlink-preset: low-rank(2) has a transform"),
        arguments("--partition random", "partition 'random' is none of iid, shard"),
        arguments("--partition shard(0)", "a client needs at least 1 shard, not 0"),
        arguments("--partition shard(two)", "is none of iid, shard"),
        arguments("--partition dirichlet(0)", "alpha must be above 0"),
        arguments("--partition dirichlet(-1)", "alpha must be above 0"),
        arguments("--model alexnet", "'alexnet' is not known here, choose one of conv-small, "),
        arguments("--dataset cats", "data set 'cats' is not known, choose one of fashion-mnist, "),
        arguments("--partition natural", "has no natural groups: divide it by iid"),
        arguments("--partition shard(9999)", "cannot be cut into 199980 shards"),
        arguments("--dataset hospital --clients 7", "6 natural groups cannot be divided among 7"),
        arguments("--dataset hospital --clients 5", "--cohort 6 is more than --clients 5"),
        arguments("--dataset hospital --model conv-small", "conv-small"),
        arguments("--no-such-flag", "Unknown option: '--no-such-flag'"),
        arguments("--clients", "Missing required parameter for option '--clients'"),
        arguments("extra", "Unmatched argument"));
  }

  @ParameterizedTest
  @MethodSource("wrongArguments")
  void wrongArgumentIsNamedWithAWayOut(String given, String expected) {
    CommandRun run = CommandRun.of(("quickstart " + given).split(" "));

    assertThat(run.err()).contains(expected).contains("See './anabranch quickstart --help'");
    assertThat(run.err()).doesNotContain("\tat ").hasLineCount(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(WRONG_USAGE);
  }

  @ParameterizedTest
  @CsvSource({"--web-port, the web UI", "--broker-port, the broker"})
  void takenPortIsNamedWithItsFlag(String flag, String purpose) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun run = quickstart(flag, Integer.toString(taken.getLocalPort()));

      assertThat(run.err())
          .contains("port %d for %s cannot be had".formatted(taken.getLocalPort(), purpose))
          .contains("choose another by " + flag);
      assertThat(run.exitCode()).isEqualTo(FAILURE);
    }
  }

  @Test
  void outputThatIsAFileIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    CommandRun run = quickstart("--output", file.toString());

    assertThat(run.err()).contains("choose another folder by --output");
    assertThat(run.exitCode()).isEqualTo(FAILURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fashion-mnist", "hospital"})
  void folderWithoutTheDataIsNamed(String dataset) {
    CommandRun run =
        CommandRun.of(
            "quickstart", "--dataset=" + dataset, "--data=" + folder, "--output=" + folder);

    assertThat(run.err()).contains(folder.toString(), "neither this file nor");
    assertThat(run.exitCode()).isEqualTo(FAILURE);
  }

  @Test
  void moreBytesThanTheDiskHasAreRefused() {
    CommandRun run = quickstart("--rounds", "1000000");

    assertThat(run.err()).contains("MB of free space").contains("run fewer --rounds");
    assertThat(run.exitCode()).isEqualTo(FAILURE);
  }

  /** Runs with a port that is free and an output folder of its own, unless given. */
  private CommandRun quickstart(String flag, String value) {
    Map<String, String> arguments = new HashMap<>();
    arguments.put("--web-port", Integer.toString(freePort()));
    arguments.put("--output", folder.resolve("output").toString());
    arguments.put(flag, value);
    return CommandRun.of(
        Stream.concat(
                Stream.of("quickstart"),
                arguments.entrySet().stream().map(a -> a.getKey() + "=" + a.getValue()))
            .toArray(String[]::new));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
