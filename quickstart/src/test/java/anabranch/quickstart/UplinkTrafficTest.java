// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UplinkTrafficTest {

  @Test
  void loneRecordTakesBatchHeaderLengthsKeyAndValue() {
    // 61 for the batch, 2 for the record's length, 4 fields, 1 + 10 for the key, 2 + 100 for the
    // value.
    assertThat(UplinkTraffic.stored(10, 100)).isEqualTo(61 + 2 + 4 + 1 + 10 + 2 + 100);
  }
}
