// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicDeletionDisabledException;

/**
 * Waits for a cluster's answers and says in plain words what went wrong.
 *
 * @param servers the bootstrap servers, for messages
 */
record ClusterCalls(String servers) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 50;

  /**
   * The answer to a request.
   *
   * @param doing what the request is for, completes "while …"
   * @throws TopicSetupException when the cluster refuses or does not answer
   */
  <T> T await(KafkaFuture<T> answer, String doing) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw failure(doing, e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Returns when the cluster has got there, or throws after half a minute. */
  void awaitUntil(BooleanSupplier reached, String doing) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new TopicSetupException(
            "the cluster at %s is not ready after %d s of %s; look at the brokers' logs"
                .formatted(servers, PATIENCE.toSeconds(), doing),
            null);
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }

  TopicSetupException failure(String doing, Throwable cause) {
    return new TopicSetupException("%s, while %s".formatted(explain(cause), doing), cause);
  }

  private String explain(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return "no broker answered at %s: check the address and that the broker runs"
          .formatted(servers);
    }
    if (cause instanceof AuthenticationException) {
      return "the broker at %s refused the login (%s): check the security settings of the client"
          .formatted(servers, cause.getMessage());
    }
    if (cause instanceof AuthorizationException) {
      return "the broker at %s does not allow it (%s): this user needs CREATE, DESCRIBE, DELETE, "
              .formatted(servers, cause.getMessage())
          + "DESCRIBE_CONFIGS and ALTER_CONFIGS on the federation's topics";
    }
    if (cause instanceof InvalidReplicationFactorException) {
      return "the cluster at %s has too few brokers (%s): choose a smaller replication factor"
          .formatted(servers, cause.getMessage());
    }
    if (cause instanceof TopicDeletionDisabledException) {
      return "the cluster at %s does not allow topics to be deleted (delete.topic.enable)"
          .formatted(servers);
    }
    return "the cluster at %s refused: %s".formatted(servers, cause.getMessage());
  }
}
