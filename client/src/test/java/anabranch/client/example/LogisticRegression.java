// SPDX-License-Identifier: Apache-2.0
package anabranch.client.example;

import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.List;
import java.util.Map;

/** A trainer and a model of one's own without any library, as {@code docs/data.md} shows them. */
final class LogisticRegression implements LocalTrainer {

  /** One block of one tensor: a weight for each feature and the bias behind them. */
  static ModelManifest manifest(int features) {
    TensorShape weights = new TensorShape("weights", List.of(features + 1), Role.PARAMETER);
    BlockShape block = new BlockShape("regression", List.of(weights));
    return Segmenter.manifest("logistic-regression", Map.of(), 4, List.of(block));
  }

  @Override
  public TrainingResult train(TrainingTask task, LocalData data) {
    Dataset samples = data.train();
    int bias = samples.features();
    float[] weights = task.weights().get(0).clone();
    float[] x = new float[samples.features()];
    double rate = task.settings().learningRate();
    double loss = 0;
    for (int epoch = 0; epoch < task.settings().epochs(); epoch++) {
      loss = 0;
      for (int sample = 0; sample < samples.size(); sample++) {
        samples.copyFeatures(sample, x, 0);
        double logit = weights[bias];
        for (int i = 0; i < x.length; i++) {
          logit += weights[i] * x[i];
        }
        int label = samples.label(sample);
        loss += Math.log1p(Math.exp(label == 1 ? -logit : logit));
        double step = rate * (label - 1 / (1 + Math.exp(-logit)));
        for (int i = 0; i < x.length; i++) {
          weights[i] += (float) (step * x[i]);
        }
        weights[bias] += (float) step;
      }
    }
    return new TrainingResult(
        Map.of(0, weights), samples.size(), Map.of("loss", loss / samples.size()));
  }
}
