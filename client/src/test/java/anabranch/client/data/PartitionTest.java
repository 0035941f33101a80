// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTest {

  /** 1,000 samples, 100 of each of 10 classes, in turn. */
  private static final Dataset TEN_CLASSES = new Numbered(1_000, 10);

  @ParameterizedTest
  @CsvSource({
    "iid, 7",
    "iid, 1000",
    "shard(2), 50",
    "shard(1), 1",
    "dirichlet(0.05), 60",
    "dirichlet(100), 20",
    "dirichlet(0.5), 1"
  })
  void everySampleGoesToExactlyOneClientAndNoClientIsEmpty(String partition, int clients) {
    List<int[]> parts = Partition.parse(partition).divide(TEN_CLASSES, clients, 1);

    assertThat(parts).hasSize(clients).allSatisfy(part -> assertThat(part).isNotEmpty().isSorted());
    assertThat(parts.stream().flatMapToInt(IntStream::of).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1_000).toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"iid", "shard(2)", "dirichlet(0.5)"})
  void theSeedAloneDecides(String partition) {
    Partition parsed = Partition.parse(partition);

    List<int[]> once = parsed.divide(TEN_CLASSES, 20, 5);
    List<int[]> again = parsed.divide(TEN_CLASSES, 20, 5);
    List<int[]> otherwise = parsed.divide(TEN_CLASSES, 20, 6);

    assertThat(once).usingRecursiveComparison().isEqualTo(again);
    assertThat(once).usingRecursiveComparison().isNotEqualTo(otherwise);
  }

  @Test
  void iidPartsDifferInSizeByAtMostOne() {
    List<int[]> parts = new IidPartition().divide(TEN_CLASSES, 7, 3);

    assertThat(parts).allSatisfy(part -> assertThat(part.length).isBetween(142, 143));
  }

  @Test
  void twoShardsHoldAtMostTwoClassesWhenShardsFitTheClasses() {
    List<int[]> parts = new ShardPartition(2).divide(TEN_CLASSES, 50, 3);

    assertThat(parts)
        .allSatisfy(
            part -> {
              assertThat(part).hasSize(20);
              assertThat(classesIn(part)).isLessThanOrEqualTo(2);
            });
  }

  @Test
  void smallAlphaGivesClientsFewerClassesThanLargeAlpha() {
    double skewed = meanClasses(new DirichletPartition(0.1).divide(TEN_CLASSES, 20, 3));
    double even = meanClasses(new DirichletPartition(100).divide(TEN_CLASSES, 20, 3));

    assertThat(skewed).isLessThan(5);
    assertThat(even).isGreaterThan(9);
  }

  @Test
  void whatCannotBeDividedIsRefusedWithTheNumbers() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IidPartition().divide(TEN_CLASSES, 1_001, 1))
        .withMessageContaining("1000 samples")
        .withMessageContaining("1001 clients");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ShardPartition(3).divide(TEN_CLASSES, 400, 1))
        .withMessageContaining("1200 shards");
    assertThatIllegalArgumentException().isThrownBy(() -> new DirichletPartition(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Partition.parse("dirichlet(much)"))
        .withMessageContaining("dirichlet(<alpha>)");
  }

  private static long classesIn(int[] part) {
    return IntStream.of(part).map(TEN_CLASSES::label).distinct().count();
  }

  private static double meanClasses(List<int[]> parts) {
    return parts.stream().mapToLong(PartitionTest::classesIn).average().orElseThrow();
  }
}
