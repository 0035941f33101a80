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

  /** 23 samples whose groups go round, as their labels do. */
  private static final Dataset FIVE_GROUPS = new Numbered(23, 5);

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

  @ParameterizedTest
  @CsvSource({"1", "2", "4", "5"})
  void naturalGroupsStayWholeAndGoToOneClientEach(int clients) {
    List<int[]> parts = Partition.parse("natural").divide(FIVE_GROUPS, clients, 1);

    assertThat(parts).hasSize(clients).allSatisfy(part -> assertThat(part).isNotEmpty().isSorted());
    assertThat(parts.stream().flatMapToInt(IntStream::of).sorted().toArray())
        .isEqualTo(IntStream.range(0, FIVE_GROUPS.size()).toArray());
    List<List<Integer>> groups =
        parts.stream()
            .map(part -> IntStream.of(part).map(FIVE_GROUPS::group).distinct().boxed().toList())
            .toList();
    assertThat(groups.stream().flatMap(List::stream)).hasSize(5).doesNotHaveDuplicates();
    assertThat(groups.stream().mapToInt(List::size).max().orElseThrow())
        .isLessThanOrEqualTo((5 + clients - 1) / clients);
  }

  @Test
  void naturalClientsHaveTheNumberOfTheirGroup() {
    List<int[]> parts = new NaturalPartition().divide(FIVE_GROUPS, 5, 9);

    for (int client = 0; client < 5; client++) {
      assertThat(IntStream.of(parts.get(client)).map(FIVE_GROUPS::group)).containsOnly(client);
    }
  }

  @Test
  void groupsWithoutSamplesMakeNoClient() {
    Dataset two = FIVE_GROUPS.subset(new int[] {1, 4, 6, 9});

    assertThat(new NaturalPartition().divide(two, 2, 1)).containsExactly(ints(0, 2), ints(1, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NaturalPartition().divide(two, 3, 1))
        .withMessageContaining("2 natural groups cannot be divided among 3 clients: choose 1 to 2");
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
        .isThrownBy(() -> new NaturalPartition().divide(TEN_CLASSES, 5, 1))
        .withMessageContaining("no natural groups");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Partition.parse("dirichlet(much)"))
        .withMessageContaining("iid, shard(N), dirichlet(ALPHA), natural");
  }

  private static int[] ints(int... numbers) {
    return numbers;
  }

  private static long classesIn(int[] part) {
    return IntStream.of(part).map(TEN_CLASSES::label).distinct().count();
  }

  private static double meanClasses(List<int[]> parts) {
    return parts.stream().mapToLong(PartitionTest::classesIn).average().orElseThrow();
  }
}
