// SPDX-License-Identifier: Apache-2.0
package anabranch.client.example;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.data.LocalData;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.message.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnDataAndTrainerTest {

  @Test
  void theRegressionLearnsWhichSideOfALineAPointIsOn() {
    SplittableRandom random = new SplittableRandom(1);
    float[][] rows = new float[500][2];
    int[] labels = new int[500];
    for (int i = 0; i < rows.length; i++) {
      rows[i][0] = (float) (2 * random.nextDouble() - 1);
      rows[i][1] = (float) (2 * random.nextDouble() - 1);
      labels[i] = rows[i][0] - 2 * rows[i][1] > 0 ? 1 : 0;
    }
    TrainingTask task =
        new TrainingTask(
            LogisticRegression.manifest(2),
            Map.of(0, new float[3]),
            List.of(0),
            new TrainingSettings(20, 1, 0.1, 0, 0, Map.of()),
            1,
            1,
            0,
            0,
            1);

    TrainingResult result =
        new LogisticRegression().train(task, LocalData.split(new Measurements(rows, labels), 1));

    float[] weights = result.blocks().get(0);
    assertThat(weights[0]).isPositive();
    assertThat(weights[1] / weights[0]).isBetween(-2.2f, -1.8f);
    assertThat(result.metrics().get("loss")).isLessThan(0.1);
    assertThat(result.samples()).isEqualTo(450);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Measurements", "LogisticRegression", "OwnClient"})
  void theDocumentationShowsThisCode(String name) throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/anabranch/client/example/" + name + ".java"));
    int start = Math.max(source.indexOf("\nfinal class "), source.indexOf("\nrecord "));

    assertThat(Files.readString(Path.of("../docs/data.md"))).contains(source.substring(start));
  }
}
