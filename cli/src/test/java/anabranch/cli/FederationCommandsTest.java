// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.topic.KafkaConnection;
import anabranch.kafka.broker.LocalBroker;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every command that talks to Kafka, against a real broker. Each test has its own federation. */
class FederationCommandsTest {

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
  void topicsAreCreatedDescribedAndDeleted() {
    CommandRun created = run("topics", "topics", "create", "--set=kafka.partitions.updates=3");
    assertThat(created.exitCode()).as(created.err()).isZero();
    assertThat(created.out()).containsPattern("topics.updates +created +3 +1\n");

    CommandRun again = run("topics", "topics", "create");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.out())
        .containsPattern("topics.updates +present")
        .contains("topics.updates differs: partitions is 3, wanted is 4");

    CommandRun described = run("topics", "topics", "describe", "--set=kafka.partitions.updates=3");
    assertThat(described.exitCode()).isZero();

    assertThat(run("topics", "topics", "delete", "--yes=other").exitCode()).isEqualTo(2);
    CommandRun deleted = run("topics", "topics", "delete", "--yes=topics");
    assertThat(deleted.exitCode()).as(deleted.err()).isZero();
    assertThat(run("topics", "topics", "describe").out())
        .containsPattern("topics.updates +missing");
  }

  @Test
  void modelIsInitializedOnceAndToldAndExported(@TempDir Path folder) {
    run("model", "topics", "create");
    CommandRun absent = run("model", "model", "info");
    assertThat(absent.exitCode()).isEqualTo(1);
    assertThat(absent.err()).contains("federation 'model' has no model");

    CommandRun init = run("model", "model", "init", "--model=mlp", "--model-setting=hidden=16");
    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.out()).startsWith("federation 'model' has version 0 of mlp");

    CommandRun info = run("model", "model", "info");
    assertThat(info.exitCode()).as(info.err()).isZero();
    assertThat(info.out()).contains("version       0", "mlp, 12,730 parameters", "RUNNING");

    CommandRun export = run("model", "model", "export", "--output=" + folder.resolve("a.st"));
    assertThat(export.exitCode()).as(export.err()).isZero();
    assertThat(folder.resolve("a.st")).exists();
    CommandRun nowhere = run("model", "model", "export", "--output=" + folder.resolve("no/a.st"));
    assertThat(nowhere.exitCode()).isEqualTo(1);
    assertThat(nowhere.err()).contains("cannot be written", "choose another place by --output");

    CommandRun twice = run("model", "model", "init");
    assertThat(twice.exitCode()).isEqualTo(1);
    assertThat(twice.err()).contains("has a model already");

    CommandRun kept = run("model", "model", "init", "--if-absent");
    assertThat(kept.exitCode()).as(kept.err()).isZero();
    assertThat(kept.out())
        .isEqualToIgnoringNewLines("federation 'model' keeps the model that it has");
  }

  @ParameterizedTest
  @CsvSource({
    "hospital-default, 'mlp, 3,746 parameters', --dataset=hospital",
    "images-default, 'conv-small, 105,866 parameters', --dataset=fashion-mnist",
    "mcmahan, 'mcmahan-cnn, 1,663,370 parameters', --model=mcmahan-cnn",
    "resnet, 'resnet, 176,258 parameters', --dataset=fashion-mnist --model=resnet",
    "staged, 'vit-small, 205,834 parameters, 14,036 more for its 3 stages',"
        + " '--model=vit-small --model-setting=cuts=2,4'"
  })
  void modelSuitsTheDataSet(String federation, String told, String options) {
    run(federation, "topics", "create");

    CommandRun init = run(federation, ("model init " + options).split(" "));

    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.out()).contains("has version 0 of " + told);
  }

  @Test
  void newestRoundsAreShown() throws Exception {
    run("rounds", "topics", "create");
    CommandRun none = run("rounds", "rounds");
    assertThat(none.exitCode()).isZero();
    assertThat(none.err()).contains("has no report of a round yet");

    publishReports("rounds", 30);

    CommandRun two = run("rounds", "rounds", "--last=2");
    assertThat(two.exitCode()).as(two.err()).isZero();
    assertThat(two.out().lines())
        .hasSize(3)
        .last()
        .asString()
        .matches(" +30 +COMPLETED +30 +2 +2 +2 +0 +0 +0 +0 +1 +1.5 +0.50 +4.0");
    assertThat(run("rounds", "rounds", "--last=100").out().lines()).hasSize(31);
  }

  @Test
  void missingTopicsAreToldWithTheCommandThatCreatesThem() {
    CommandRun run = run("nowhere", "rounds");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("'nowhere.rounds' does not exist", "./anabranch topics create");
  }

  @Test
  void sizeIsThatOfThePublishedModel() {
    assertThat(run("size", "topics", "create").exitCode()).isZero();
    assertThat(run("size", "size", "--published").err()).contains("has no model yet");
    assertThat(run("size", "model", "init", "--model=mlp").exitCode()).isZero();

    CommandRun sized = run("size", "size", "--published");

    assertThat(sized.exitCode()).as(sized.err()).isZero();
    assertThat(sized.out()).containsPattern("parameters +50,890 +P\\n");
  }

  private static CommandRun run(String federation, String... command) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(command),
                Stream.of(
                    "--set=federation=" + federation,
                    "--set=kafka.bootstrap-servers=" + broker.bootstrapServers()))
            .toArray(String[]::new));
  }

  private static void publishReports(String federation, int count) throws Exception {
    String topic = new Topics(federation).rounds();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaConnection(broker.bootstrapServers()).openProducer()) {
      Future<?> last = null;
      for (int round = 1; round <= count; round++) {
        last = producer.send(new ProducerRecord<>(topic, Records.encode(report(round))));
      }
      last.get();
    }
  }

  private static RoundReport report(int round) {
    Ledger ledger = new Ledger(3, 2, 0, 0, 0, 1, 0, 0);
    return new RoundReport(
        "rounds",
        0,
        round,
        round,
        RoundOutcome.COMPLETED,
        round,
        1,
        0,
        0,
        List.of(0),
        2,
        List.of("a", "b"),
        2,
        "",
        List.of(),
        Map.of(),
        1_000,
        1_100,
        1_200,
        2_400,
        2_500,
        600_000,
        500_000,
        2_000_000,
        0.5,
        ledger,
        ledger,
        null);
  }
}
