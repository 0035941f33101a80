// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HospitalTest {

  private static final Hospital SHIPPED = Hospital.shipped();
  private static final String HEADER =
      "zper,site,totadm,"
          + HospitalInput.ALL.stream()
              .map(HospitalInput::column)
              .distinct()
              .collect(Collectors.joining(","));
  private static final String NUMBERS = ",1".repeat(23);

  @Test
  void everyYearIsOnOneSideAndEverySiteOnBoth() {
    assertThat(SHIPPED.train().size()).isEqualTo(16_159);
    assertThat(SHIPPED.test().size()).isEqualTo(4_031);
    assertThat(sizesOfSites(SHIPPED.train())).containsExactly(3568, 3187, 1966, 2491, 2067, 2880);
    assertThat(sizesOfSites(SHIPPED.test())).containsExactly(894, 849, 470, 599, 528, 691);
  }

  @Test
  void thePeopleForTestingAreAFifthAndNoneIsTrainedOn() throws IOException {
    CsvTable table = DataFiles.shipped("hospital").read("hospital.csv", CsvTable::read);
    int person = table.column("zper");
    // Years of people who are tested, one after the other as in the table.
    List<Integer> testRows =
        IntStream.range(0, table.rows().size())
            .filter(row -> Hospital.isForTesting((long) table.rows().get(row)[person]))
            .boxed()
            .toList();
    Set<Double> tested = new HashSet<>();
    Set<Double> all = new HashSet<>();
    testRows.forEach(row -> tested.add(table.rows().get(row)[person]));
    table.rows().forEach(row -> all.add(row[person]));

    assertThat(testRows).hasSize(SHIPPED.test().size());
    assertThat(all).hasSize(5_912);
    assertThat(tested.size() / (double) all.size()).isCloseTo(0.2, within(0.01));
  }

  @Test
  void aboutNinePercentOfTheYearsHaveAnAdmission() {
    assertThat(meanLabel(SHIPPED.train())).isCloseTo(0.090, within(0.002));
    assertThat(meanLabel(SHIPPED.test())).isCloseTo(0.091, within(0.002));
    assertThat(SHIPPED.train().classes()).isEqualTo(2);
  }

  @Test
  void inputsAreStandardisedOnTheTrainingRows() {
    Dataset train = SHIPPED.train();
    int width = train.features();
    double[] sum = new double[width];
    double[] squares = new double[width];
    float[] row = new float[width];
    for (int sample = 0; sample < train.size(); sample++) {
      train.copyFeatures(sample, row, 0);
      for (int i = 0; i < width; i++) {
        assertThat(row[i]).isFinite();
        sum[i] += row[i];
        squares[i] += row[i] * row[i];
      }
    }

    assertThat(train.shape()).containsExactly(24);
    for (int i = 0; i < width; i++) {
      double mean = sum[i] / train.size();
      assertThat(mean).as(HospitalInput.ALL.get(i).column()).isCloseTo(0, within(0.06));
      // The general health index is missing in a quarter of the rows, which then are 0.
      assertThat(Math.sqrt(squares[i] / train.size() - mean * mean)).isBetween(0.8, 1.1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "outpdol",
        "drugdol",
        "suppdol",
        "mentdol",
        "inpdol",
        "meddol",
        "totadm",
        "inpmis",
        "mentvis",
        "mdvis",
        "notmdvis",
        "lnmeddol",
        "binexp",
        "time",
        "zper",
        "site",
        "black"
      })
  void whatTheYearBroughtIsNoInput(String column) {
    assertThat(HospitalInput.ALL).extracting(HospitalInput::column).doesNotContain(column);
  }

  @Test
  void missingValuesBecomeTheMeanAndAreMarked(@TempDir Path folder) throws IOException {
    int column = List.of(HEADER.split(",")).indexOf("ghindx");
    String[] fields = ("1,1,0" + NUMBERS).split(",");
    fields[column] = "";
    Files.writeString(
        folder.resolve("hospital.csv"), HEADER + "\n" + String.join(",", fields) + "\n");

    Hospital one = Hospital.in(folder);

    Dataset side = one.train().size() == 1 ? one.train() : one.test();
    float[] inputs = new float[24];
    side.copyFeatures(0, inputs, 0);
    assertThat(inputs[19]).isZero();
    assertThat(inputs[20]).isCloseTo(1.68f, within(0.01f));
  }

  @Test
  void damagedTablesAreRefusedWithThePlace(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("hospital.csv");
    assertThatIOException()
        .isThrownBy(() -> Hospital.in(folder))
        .withMessageContaining("neither this file nor hospital.csv.gz");
    assertThatIOException()
        .isThrownBy(() -> Hospital.in(file))
        .withMessageContaining("no such folder");
    Files.writeString(file, "");
    assertThatIOException().isThrownBy(() -> Hospital.in(folder)).withMessageContaining("empty");
    Files.writeString(file, "site,zper\n1,2\n");
    assertThatIOException()
        .isThrownBy(() -> Hospital.in(folder))
        .withMessageContaining("no column 'totadm'");
    Files.writeString(file, HEADER + "\n1,7,0" + NUMBERS + "\n");
    assertThatIOException()
        .isThrownBy(() -> Hospital.in(folder))
        .withMessageContaining("line 2: site is 7.0, expected 1 to 6");
    Files.writeString(file, HEADER + "\n1,1,none" + NUMBERS + "\n");
    assertThatIOException()
        .isThrownBy(() -> Hospital.in(folder))
        .withMessageContaining("line 2: column 'totadm' is 'none'");
    Files.writeString(file, HEADER + "\n1,1,0\n");
    assertThatIOException()
        .isThrownBy(() -> Hospital.in(folder))
        .withMessageContaining("line 2 has 3 fields, the header has 26");
  }

  private static int[] sizesOfSites(Dataset data) {
    int[] sizes = new int[data.groups()];
    for (int sample = 0; sample < data.size(); sample++) {
      sizes[data.group(sample)]++;
    }
    return sizes;
  }

  private static double meanLabel(Dataset data) {
    return IntStream.range(0, data.size()).map(data::label).average().orElseThrow();
  }
}
