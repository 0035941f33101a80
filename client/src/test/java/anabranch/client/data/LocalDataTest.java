// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalDataTest {

  @ParameterizedTest
  @CsvSource({
    "100, 0.1, 10",
    "100, 0, 0",
    "14, 0.1, 1",
    "4, 0.1, 0",
    "2, 0.9, 1",
    "1, 0.9, 0",
    "10, 0.999, 9"
  })
  void shareIsRoundedAndOneSampleStaysForTraining(int samples, double share, int heldOut) {
    LocalData data = LocalData.split(Numbered.upTo(samples), share, 1);

    assertThat(data.heldOut().size()).isEqualTo(heldOut);
    assertThat(IntStream.concat(numbers(data.train()), numbers(data.heldOut())).sorted().toArray())
        .isEqualTo(IntStream.range(0, samples).toArray());
    assertThat(numbers(data.train()).toArray()).isSorted();
  }

  @Test
  void seedAloneDecidesWhatIsHeldOut() {
    Dataset samples = Numbered.upTo(200);

    int[] once = numbers(LocalData.split(samples, 5).heldOut()).toArray();

    assertThat(once).hasSize(20);
    assertThat(numbers(LocalData.split(samples, 5).heldOut()).toArray()).isEqualTo(once);
    assertThat(numbers(LocalData.split(samples, 6).heldOut()).toArray()).isNotEqualTo(once);
  }

  @Test
  void whatCannotBeSplitIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalData.split(Numbered.upTo(3), 1, 1))
        .withMessageContaining("below 1, not 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalData.split(Numbered.upTo(0), 0.1, 1))
        .withMessageContaining("no samples to train on");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LocalData(Numbered.upTo(3), new Numbered(3, 2)))
        .withMessageContaining("of 2 classes");
  }

  private static IntStream numbers(Dataset data) {
    return IntStream.range(0, data.size()).map(data::label);
  }
}
