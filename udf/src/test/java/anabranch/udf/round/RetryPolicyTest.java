// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  @Test
  void backoffDoublesUpToItsLimit() {
    RetryPolicy retry = new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(5), 9);

    assertThat(retry.backoffMillis(1)).isEqualTo(1000);
    assertThat(retry.backoffMillis(2)).isEqualTo(2000);
    assertThat(retry.backoffMillis(3)).isEqualTo(4000);
    assertThat(retry.backoffMillis(4)).isEqualTo(5000);
    assertThat(retry.backoffMillis(Integer.MAX_VALUE)).isEqualTo(5000);
  }

  @Test
  void backoffIsNeverNothing() {
    RetryPolicy retry = new RetryPolicy(Duration.ZERO, Duration.ofSeconds(5), 9);

    assertThat(retry.backoffMillis(1)).isEqualTo(1);
  }
}
