// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class ClusterCallsTest {

  private static final List<TopicSettings> TABLE =
      TopicTable.of(new Topics("demo"), TopicParameters.singleBroker());

  @Test
  void unreachableBrokerIsNamed() {
    // Nothing listens on port 1; a short patience instead of the default of ten seconds.
    Map<String, String> nobody =
        Map.of(
            "bootstrap.servers", "localhost:1",
            "default.api.timeout.ms", "500",
            "request.timeout.ms", "500");
    try (TopicSetup setup = TopicSetup.connect(nobody)) {
      assertThatThrownBy(() -> setup.describe(TABLE))
          .isInstanceOf(TopicSetupException.class)
          .hasMessage(
              "no broker answered at localhost:1: check the address and that the broker runs,"
                  + " while reading the topics");
    }
  }

  @Test
  void addressThatCannotBeResolvedIsNamed() {
    assertThatThrownBy(() -> TopicSetup.connect("no-such-host.invalid:9092"))
        .isInstanceOf(TopicSetupException.class)
        .hasMessageContaining("no-such-host.invalid:9092");
  }

  @Test
  void missingRightsAreListed() {
    assertThat(messageFor(new TopicAuthorizationException("Topic authorization failed.")))
        .contains("broker:9092 does not allow it", "CREATE", "ALTER_CONFIGS", "creating topics");
  }

  @Test
  void refusedLoginIsNoMatterOfRights() {
    assertThat(messageFor(new SaslAuthenticationException("wrong password")))
        .contains("refused the login", "wrong password", "security settings");
  }

  @Test
  void otherRefusalsKeepTheBrokersWords() {
    assertThat(messageFor(new InvalidConfigurationException("segment.ms is not editable")))
        .contains("broker:9092 refused: segment.ms is not editable");
  }

  private static String messageFor(RuntimeException refusal) {
    KafkaFutureImpl<Void> answer = new KafkaFutureImpl<>();
    answer.completeExceptionally(refusal);
    try {
      new ClusterCalls("broker:9092").await(answer, "creating topics");
      throw new AssertionError("the refusal was swallowed");
    } catch (TopicSetupException e) {
      return e.getMessage();
    }
  }
}
