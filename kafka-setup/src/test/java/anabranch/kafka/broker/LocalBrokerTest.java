// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBrokerTest {

  private static final String TOPIC = "demo.model";

  @Test
  void restartWithTheSameDirectoryAndPortKeepsTopicsAndRecords(@TempDir Path directory) {
    LocalBrokerSettings settings = LocalBrokerSettings.keptIn(directory);
    int port;
    try (LocalBroker broker = LocalBroker.start(settings)) {
      port = broker.port();
      TestRecords records = new TestRecords(broker.bootstrapServers());
      records.createTopic(TOPIC);
      records.commit(TOPIC, "writer", "one", "two");
    }
    try (LocalBroker broker = LocalBroker.start(settings.withPort(port))) {
      assertThat(broker.bootstrapServers()).isEqualTo("localhost:" + port);
      TestRecords records = new TestRecords(broker.bootstrapServers());
      records.commit(TOPIC, "writer", "three");
      assertThat(records.readCommitted(TOPIC)).isEqualTo(List.of("one", "two", "three"));
    }
  }

  @Test
  void temporaryDataVanishWithTheBrokerAndTopicsAreNotCreatedByUse() {
    Path directory;
    try (LocalBroker broker = LocalBroker.start()) {
      directory = broker.directory();
      assertThat(directory).isDirectory();
      TestRecords records = new TestRecords(broker.bootstrapServers());
      assertThat(records.topicNames()).isEmpty();
      assertThatThrownBy(() -> records.commit("misspelt", "writer", "one"))
          .hasStackTraceContaining("misspelt not present in metadata");
    }
    assertThat(directory).doesNotExist();
  }

  @Test
  void takenPortIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      assertThatThrownBy(() -> LocalBroker.start(LocalBrokerSettings.temporary().withPort(port)))
          .isInstanceOf(BrokerStartException.class)
          .hasMessage(
              "port %d of localhost is taken: stop what listens there or choose another port",
              port);
    }
  }

  @Test
  void directoryOfARunningBrokerIsRefused() {
    try (LocalBroker broker = LocalBroker.start()) {
      assertThatThrownBy(() -> LocalBroker.start(LocalBrokerSettings.keptIn(broker.directory())))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining(broker.directory().toString())
          .hasMessageContaining("another broker has the lock");
      TestRecords records = new TestRecords(broker.bootstrapServers());
      records.createTopic(TOPIC);
      assertThat(records.topicNames()).containsExactly(TOPIC);
    }
  }
}
