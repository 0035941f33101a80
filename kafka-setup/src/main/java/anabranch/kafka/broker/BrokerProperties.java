// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.nio.file.Path;
import java.util.Properties;

/** The configuration of a broker that is alone: its own controller, one replica of everything. */
final class BrokerProperties {

  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private BrokerProperties() {}

  static Properties of(int port, int controllerPort, Path directory) {
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", Integer.toString(NODE_ID));
    p.put("controller.quorum.voters", "%d@localhost:%d".formatted(NODE_ID, controllerPort));
    p.put("controller.listener.names", CONTROLLER_LISTENER);
    p.put(
        "listeners",
        "PLAINTEXT://localhost:%d,%s://localhost:%d"
            .formatted(port, CONTROLLER_LISTENER, controllerPort));
    p.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
    p.put("log.dirs", directory.toString());

    // A misspelt topic is an error, not a topic with settings that nobody chose.
    p.put("auto.create.topics.enable", "false");

    p.put("default.replication.factor", "1");
    p.put("offsets.topic.replication.factor", "1");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");

    // 50 partitions each by default: files and start-up time that one machine has no use for.
    p.put("offsets.topic.num.partitions", "4");
    p.put("transaction.state.log.num.partitions", "1");
    p.put("share.coordinator.state.topic.num.partitions", "1");

    // The first member of a consumer group need not wait 3 s for others.
    p.put("group.initial.rebalance.delay.ms", "0");

    // What a segment's two indices take on disk until it is full: 10 MiB by default.
    p.put("log.index.size.max.bytes", Integer.toString(1 << 20));
    // Heap of the compaction thread: 128 MiB by default; 16 MiB hold 600,000 keys.
    p.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
    // How long the compaction thread sleeps when there is nothing to do: 15 s by default, in which
    // the rounds of a demonstration write many rings of versions.
    p.put("log.cleaner.backoff.ms", "1000");

    // A killed broker that comes back is let in when its old session has run out: 9 s by default.
    // With half of this a busy machine loses sessions of brokers that live.
    p.put("broker.session.timeout.ms", "6000");
    p.put("broker.heartbeat.interval.ms", "1000");

    p.put("num.network.threads", "2");
    p.put("num.io.threads", "4");
    return p;
  }
}
