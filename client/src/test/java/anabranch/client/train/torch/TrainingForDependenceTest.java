// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static anabranch.client.train.torch.StagedNetworks.IMAGES;
import static anabranch.client.train.torch.StagedNetworks.LITTLE;
import static anabranch.client.train.torch.StagedNetworks.MANIFEST;
import static anabranch.client.train.torch.StagedNetworks.NET;
import static anabranch.client.train.torch.StagedNetworks.TWO_STEPS;
import static anabranch.client.train.torch.StagedNetworks.batch;
import static anabranch.client.train.torch.StagedNetworks.network;
import static anabranch.client.train.torch.StagedNetworks.samples;
import static anabranch.client.train.torch.StagedNetworks.slice;
import static anabranch.client.train.torch.StagedNetworks.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.Role;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What nHSIC adds to the loss of a stage, and what clients report of it. */
class TrainingForDependenceTest {

  private static final int BODY2 = 2;

  private final TorchTrainer trainer = new TorchTrainer();

  @Test
  void dependencesAreReportedAndHeadsTrainedOnlyWhereTheyCount() throws InterruptedException {
    TrainingTask off = task(NET, 2, 0, 0, TWO_STEPS);
    TrainingResult without = trainer.train(off, LITTLE);
    TrainingResult with = trainer.train(task(NET, 2, 0.5, 0.5, TWO_STEPS), LITTLE);

    assertThat(without.metrics()).containsOnlyKeys("loss", "accuracy", "seconds");
    assertThat(head(2, without.blocks())).isEqualTo(head(2, off.weights()));
    assertThat(with.metrics()).containsEntry("nhsicBatch", 32.0);
    assertThat(with.metrics().get("nhsicX")).isBetween(0.0, 1.0);
    assertThat(with.metrics().get("nhsicY")).isBetween(0.0, 1.0);
    assertThat(head(2, with.blocks())).isNotEqualTo(head(2, off.weights()));
  }

  @Test
  void reportedDependencesAreThoseOfTheFormula() throws InterruptedException {
    TrainingSettings still = new TrainingSettings(1, 64, 1e-30, 0, 0, Map.of());
    TrainingTask task = task(NET, 3, 1, 1, still);

    Map<String, Double> metrics = trainer.train(task, LITTLE).metrics();

    try (NDManager manager = Torch.openManager()) {
      Network network = network(task, manager);
      Batch batch = batch(64);
      NDArray input = batch.featuresIn(manager, new Staging());
      ForwardPass.Features features =
          network.forward(input, ForwardPass.Observation.HEAD_TRAINED).features();
      assertThat(metrics.get("nhsicX"))
          .isCloseTo(nhsic(rows(features.flat()), rows(input)), within(1e-5));
      assertThat(metrics.get("nhsicY"))
          .isCloseTo(nhsic(rows(features.projected()), oneHot(batch)), within(1e-5));
    }
  }

  @Test
  void trainingRaisesTheDependenceThatCounts() throws InterruptedException {
    TrainingSettings long1 = new TrainingSettings(20, 64, 0.05, 0, 0, Map.of());
    double neither = trainer.train(task(NET, 1, 1e-9, 1e-9, long1), LITTLE).metrics().get("nhsicX");
    double x = trainer.train(task(NET, 1, 5, 1e-9, long1), LITTLE).metrics().get("nhsicX");
    double before = trainer.train(task(NET, 1, 1e-9, 1e-9, long1), LITTLE).metrics().get("nhsicY");
    double y = trainer.train(task(NET, 1, 1e-9, 5, long1), LITTLE).metrics().get("nhsicY");

    assertThat(x).isGreaterThan(neither);
    assertThat(y).isGreaterThan(before);
  }

  @Test
  void slopesOfTheWholeLossAreFiniteDifferences() throws InterruptedException {
    // One step of size 1 without momentum moves a weight by its slope. The smooth transformer, so
    // that differences mean something.
    ModelDefinition net =
        Architecture.VIT_SMALL.define(
            Map.of(
                "patch",
                "14",
                "width",
                "8",
                "hidden",
                "8",
                "layers",
                "2",
                "heads",
                "2",
                "cuts",
                "1",
                "projection",
                "4"));
    TrainingSettings oneStep = new TrainingSettings(1, 64, 1, 0, 0, Map.of());
    TrainingTask task = task(net, 1, 0.8, 0.6, oneStep);
    Map<Integer, float[]> moved = trainer.train(task, LITTLE).blocks();

    for (int block : task.trainBlocks()) {
      float[] before = task.weights().get(block);
      for (int i = 0; i < before.length; i += Math.max(1, before.length / 12)) {
        double slope = before[i] - moved.get(block)[i];
        double difference = (loss(task, block, i, 1e-2f) - loss(task, block, i, -1e-2f)) / 2e-2;
        assertThat(slope).as("block %d, element %d", block, i).isCloseTo(difference, within(2e-3));
      }
    }
  }

  /** With one element moved. */
  private static double loss(TrainingTask task, int block, int element, float by) {
    Map<Integer, float[]> weights = new HashMap<>(task.weights());
    float[] moved = weights.get(block).clone();
    moved[element] += by;
    weights.put(block, moved);
    TrainingTask there =
        new TrainingTask(
            task.manifest(),
            weights,
            task.trainBlocks(),
            task.settings(),
            task.round(),
            1,
            task.lambda(),
            task.gamma(),
            1);
    try (NDManager manager = Torch.openManager()) {
      Batch batch = batch(64);
      NDArray input = batch.featuresIn(manager, new Staging());
      ForwardPass pass =
          network(there, manager).forward(input, ForwardPass.Observation.HEAD_TRAINED);
      return crossEntropy(rows(pass.output()), batch.labels())
          - task.lambda() * nhsic(rows(pass.features().flat()), rows(input))
          - task.gamma() * nhsic(rows(pass.features().projected()), oneHot(batch));
    }
  }

  @Test
  void batchOfOneLabelTrainsOn() throws InterruptedException {
    int[] ofOneLabel =
        IntStream.range(0, 2000).filter(i -> IMAGES.label(i) == 3).limit(64).toArray();
    LocalData oneLabel = LocalData.withoutHeldOut(IMAGES.subset(ofOneLabel));
    TrainingTask task = task(NET, 2, 1, 1, TWO_STEPS);

    TrainingResult result = trainer.train(task, oneLabel);

    assertThat(result.metrics()).containsKey("nhsicX").doesNotContainKey("nhsicY");
    for (float[] vector : result.blocks().values()) {
      for (float value : vector) {
        assertThat(value).isFinite();
      }
    }
    assertThat(result.blocks().get(BODY2)).isNotEqualTo(task.weights().get(BODY2));
  }

  @Test
  void smallLastBatchTrainsWithoutTheTerms() throws InterruptedException {
    TrainingResult result = trainer.train(task(NET, 2, 1, 1, TWO_STEPS), samples(0, 39));

    assertThat(result.metrics()).containsEntry("nhsicBatch", 32.0);
    TrainingResult tiny = trainer.train(task(NET, 2, 1, 1, TWO_STEPS), samples(0, 7));
    assertThat(tiny.metrics()).containsOnlyKeys("loss", "accuracy", "seconds");
  }

  /** Of the projection head of a stage, all values. */
  private static List<String> head(int stage, Map<Integer, float[]> weights) {
    Block output = MANIFEST.blocks().get(MANIFEST.blocks().size() - 4 + stage);
    return output.tensors().stream()
        .filter(tensor -> tensor.role() == Role.AUXILIARY)
        .map(tensor -> Arrays.toString(slice(weights.get(output.index()), tensor)))
        .toList();
  }

  private static double[][] rows(NDArray array) {
    float[] values = array.toFloatArray();
    int samples = (int) array.getShape().get(0);
    int width = values.length / samples;
    double[][] rows = new double[samples][width];
    IntStream.range(0, values.length).forEach(i -> rows[i / width][i % width] = values[i]);
    return rows;
  }

  private static double[][] oneHot(Batch batch) {
    double[][] rows = new double[batch.size()][batch.classes()];
    IntStream.range(0, batch.size()).forEach(i -> rows[i][batch.labels()[i]] = 1);
    return rows;
  }

  private static double crossEntropy(double[][] logits, int[] labels) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double all = Arrays.stream(logits[i]).map(Math::exp).sum();
      sum += Math.log(all) - logits[i][labels[i]];
    }
    return sum / labels.length;
  }

  /** As the formula is written: tr(K_a·H·K_b·H), with plain exponentials. */
  private static double nhsic(double[][] a, double[][] b) {
    double[][] one = centered(a);
    double[][] other = centered(b);
    return inner(one, other) / Math.sqrt(inner(one, one) * inner(other, other));
  }

  private static double inner(double[][] a, double[][] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        sum += a[i][j] * b[j][i];
      }
    }
    return sum;
  }

  /** K·H. */
  private static double[][] centered(double[][] rows) {
    int samples = rows.length;
    double[][] kernel = new double[samples][samples];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < samples; j++) {
        double distance = 0;
        for (int k = 0; k < rows[i].length; k++) {
          distance += (rows[i][k] - rows[j][k]) * (rows[i][k] - rows[j][k]);
        }
        kernel[i][j] = Math.exp(-distance / (50 * rows[i].length));
      }
      double mean = Arrays.stream(kernel[i]).average().orElseThrow();
      for (int j = 0; j < samples; j++) {
        kernel[i][j] -= mean;
      }
    }
    return kernel;
  }
}
