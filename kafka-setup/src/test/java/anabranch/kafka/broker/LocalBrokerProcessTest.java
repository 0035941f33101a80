// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBrokerProcessTest {

  private static final String TOPIC = "demo.model";

  @Test
  void killedBrokerComesBackWithWhatWasCommittedAndTransactionsWork() {
    try (LocalBrokerProcess broker = LocalBrokerProcess.start(LocalBrokerSettings.temporary())) {
      String servers = broker.bootstrapServers();
      TestRecords records = new TestRecords(servers);
      records.createTopic(TOPIC);
      records.commit(TOPIC, "writer", "one", "two");
      try (Producer<String, String> open = records.leaveOpen(TOPIC, "writer", "never committed")) {
        broker.kill();
        open.close(Duration.ZERO);
      }

      broker.restart();

      assertThat(broker.bootstrapServers()).isEqualTo(servers);
      // A writer with the same transactional id aborts what its predecessor left open.
      records.commit(TOPIC, "writer", "three");
      assertThat(records.readCommitted(TOPIC)).containsExactly("one", "two", "three");
    }
  }

  @Test
  void directoryOfARunningBrokerIsRefusedToOtherProcesses(@TempDir Path directory) {
    LocalBrokerSettings settings = LocalBrokerSettings.keptIn(directory);
    try (LocalBroker broker = LocalBroker.start(settings)) {
      // To refuse it here must not give it to others.
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> LocalBroker.start(settings))
            .hasMessageContaining("another broker has the lock");
      }
      assertThatThrownBy(() -> LocalBrokerProcess.start(settings))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining("another broker has the lock");
      assertThat(new TestRecords(broker.bootstrapServers()).topicNames()).isEmpty();
    }
  }

  @Test
  void propertiesOfKafkasOwnReachTheProcess() throws Exception {
    String key = "transaction.max.timeout.ms";
    ConfigResource settings =
        new ConfigResource(ConfigResource.Type.BROKER, "" + BrokerProperties.NODE_ID);
    try (LocalBrokerProcess broker =
            LocalBrokerProcess.start(
                LocalBrokerSettings.temporary().withProperties(Map.of(key, "60000")));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      assertThat(
              admin.describeConfigs(List.of(settings)).all().get().get(settings).get(key).value())
          .isEqualTo("60000");
    }
  }

  @Test
  void closeEndsTheProcessAndDeletesTemporaryData() {
    LocalBrokerProcess broker = LocalBrokerProcess.start(LocalBrokerSettings.temporary());
    ProcessHandle process = ProcessHandle.of(broker.pid()).orElseThrow();
    Path directory = broker.log().getParent();

    broker.close();

    assertThat(process.isAlive()).isFalse();
    assertThat(directory).doesNotExist();
  }

  @Test
  void reasonOfAFailedStartReachesTheCaller(@TempDir Path directory) throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LocalBrokerSettings settings =
          LocalBrokerSettings.keptIn(directory).withPort(other.getLocalPort());
      assertThatThrownBy(() -> LocalBrokerProcess.start(settings))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining("port %d of localhost is taken", other.getLocalPort());
    }
  }
}
