// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.movement;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MovementSampleTest {

  /** Three segments of parameters, then a buffer; and a block with an auxiliary tensor. */
  private static final ModelManifest MANIFEST =
      Segmenter.manifest(
          "any",
          Map.of(),
          4,
          List.of(
              new BlockShape(
                  "large",
                  List.of(
                      new TensorShape("weight", List.of(300, 1000), Role.PARAMETER),
                      new TensorShape("mean", List.of(300), Role.BUFFER))),
              new BlockShape(
                  "small",
                  List.of(
                      new TensorShape("bias", List.of(77), Role.PARAMETER),
                      new TensorShape("head", List.of(5), Role.AUXILIARY)))));

  @Test
  void ofALargeBlockOneIsTakenFromEachOfTenThousandRuns() {
    int[] elements = ofBlock(0, 1);

    assertThat(elements).hasSize(10_000).isSorted().doesNotHaveDuplicates();
    for (int run = 0; run < elements.length; run++) {
      assertThat(elements[run]).isBetween(run * 30, run * 30 + 29);
    }
  }

  @Test
  void ofASmallBlockAllParametersAreTakenAndNothingElse() {
    assertThat(ofBlock(1, 1)).isEqualTo(IntStream.range(0, 77).toArray());
  }

  @Test
  void seedAloneDecidesAndSpreadsEvenly() {
    assertThat(ofBlock(0, 7)).isEqualTo(ofBlock(0, 7)).isNotEqualTo(ofBlock(0, 8));
    int[] places = new int[30];
    for (int seed = 0; seed < 20; seed++) {
      for (int element : ofBlock(0, seed)) {
        places[element % 30]++;
      }
    }

    // 6,667 expected at each of a run's places, standard deviation 80.
    assertThat(places).hasSize(30);
    assertThat(IntStream.of(places).boxed()).allSatisfy(n -> assertThat(n).isBetween(6250, 7080));
  }

  /** The sample of all segments of a block, as places in its flat vector. */
  private static int[] ofBlock(int block, long seed) {
    return MANIFEST.segmentsOf(block).stream()
        .flatMapToInt(
            segment ->
                IntStream.of(MovementSample.of(MANIFEST, segment, seed))
                    .peek(i -> demandInside(segment, i))
                    .map(i -> segment.offset() + i))
        .toArray();
  }

  private static void demandInside(Segment segment, int element) {
    assertThat(element).isBetween(0, segment.length() - 1);
  }
}
