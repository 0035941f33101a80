// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StartConditionsTest {

  private static final long MIB = 1 << 20;

  @Test
  void smallHeapIsNamedWithTheFlagThatMendsIt() {
    assertThatThrownBy(() -> StartConditions.demandHeap(64 * MIB, 400))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("may use 64 MB of heap, these clients and this model need 400 MB")
        .hasMessageContaining("ANABRANCH_JAVA_OPTS=-Xmx");
  }

  @Test
  void smallMachineIsNamed() {
    assertThatThrownBy(() -> StartConditions.demandMemory(512 * MIB, 1_000))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("this machine or container has 512 MB of memory");
  }

  @Test
  void enoughIsEnough() {
    assertThatCode(() -> StartConditions.demandHeap(2048 * MIB, 400)).doesNotThrowAnyException();
    assertThatCode(() -> StartConditions.demandMemory(4096 * MIB, 1_000))
        .doesNotThrowAnyException();
  }
}
