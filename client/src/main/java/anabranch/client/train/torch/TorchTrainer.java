// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.client.data.Shuffle;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.train.Evaluation;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Stage;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Stochastic gradient descent with DJL and PyTorch: softmax cross entropy, momentum, and the
 * proximal term of FedProx (arXiv:1812.06127) where the settings ask for it. Any number of clients
 * may share one; they train one after the other, in the order in which they came. Every gradient is
 * projected to the task's subspace, if it has one.
 *
 * <p>Its metrics are {@code loss} (mean cross entropy, nats) and {@code accuracy} (0 to 1), both
 * over the batches of the last epoch as they were met, and {@code seconds} (training alone, without
 * waiting). Where λ or γ of block-wise training is above 0 there are also {@code nhsicX} and {@code
 * nhsicY}, means over those of these batches for which they are defined, and {@code nhsicBatch},
 * the size of these batches: values compare only at equal size. With held-out samples there are
 * also {@code heldOutLoss}, {@code heldOutAccuracy}, {@code heldOutSamples} and, for two classes,
 * {@code heldOutAuc}: they measure the <em>received global</em> model on the client's held-out
 * samples, before training. Averaged over the cohort that is federated evaluation of the version
 * that the round began with (Flower's client-side {@code evaluate}).
 */
public final class TorchTrainer implements LocalTrainer {

  /** DJL allows one gradient collector at a time in a JVM, so all trainers share this turn. */
  private static final ReentrantLock TURN = new ReentrantLock(true);

  private final KnownModels models;
  private final TorchEvaluator evaluator;
  private final boolean masksAbsentLabels;

  /**
   * @param own networks that are known beside those that are shipped
   */
  public TorchTrainer(DjlModel... own) {
    this(false, own);
  }

  private TorchTrainer(boolean masksAbsentLabels, DjlModel... own) {
    this.models = new KnownModels(List.of(own));
    this.evaluator = new TorchEvaluator(own);
    this.masksAbsentLabels = masksAbsentLabels;
  }

  /**
   * A trainer that counts the logits of labels which the client's training samples do not have as
   * 0, without gradient: what others know of these labels is not pushed away (the masked cross
   * entropy of HeteroFL, arXiv:2010.01264, section 3). The classifier's rows of such labels stay as
   * received.
   *
   * @param own networks that are known beside those that are shipped
   */
  public static TorchTrainer maskingAbsentLabels(DjlModel... own) {
    return new TorchTrainer(true, own);
  }

  @Override
  public TrainingResult train(TrainingTask task, LocalData data) throws InterruptedException {
    TURN.lockInterruptibly();
    try (NDManager manager = Torch.openManager()) {
      Map<String, Double> metrics = new HashMap<>(evaluateReceived(task, data.heldOut()));
      TrainingResult trained = train(task, data.train(), manager);
      metrics.putAll(trained.metrics());
      return new TrainingResult(trained.blocks(), trained.samples(), metrics);
    } finally {
      TURN.unlock();
    }
  }

  @Override
  public OptionalLong expectedMemory(ModelManifest manifest, Plan plan, LocalData data) {
    TrainingSettings settings = plan.training();
    try {
      Stage stage =
          manifest.stages().isEmpty()
              ? new Stage(plan.trainBlocks(), othersThan(plan.trainBlocks(), manifest))
              : new Stage(plan.trainBlocks(), plan.holdBlocks());
      Account account =
          Account.of(
              models.definition(manifest),
              stage,
              plan.lambda() > 0 || plan.gamma() > 0,
              plan.gamma() > 0);
      MemoryNeed need =
          new MemoryNeed(
              Math.min(settings.batchSize(), data.train().size()),
              settings.momentum() > 0,
              settings.proximal() > 0);
      int evaluated = Math.min(TorchEvaluator.BATCH, data.heldOut().size());
      return OptionalLong.of(need.expected(account, evaluated));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // A network of the user's own layers, or one that training will refuse with a reason.
      return OptionalLong.empty();
    }
  }

  /** Without stages the network consists of all blocks, whatever a plan trains. */
  private static List<Integer> othersThan(List<Integer> trained, ModelManifest manifest) {
    return manifest.deployedBlocks().stream().filter(block -> !trained.contains(block)).toList();
  }

  private Map<String, Double> evaluateReceived(TrainingTask task, Dataset heldOut) {
    if (heldOut.size() == 0) {
      return Map.of();
    }
    Evaluation received =
        evaluator.evaluate(task.manifest(), task.networkBlocks(), task.weights(), heldOut);
    Map<String, Double> metrics = new HashMap<>();
    metrics.put("heldOutLoss", received.loss());
    metrics.put("heldOutAccuracy", received.accuracy());
    metrics.put("heldOutSamples", (double) received.samples());
    received.auc().ifPresent(auc -> metrics.put("heldOutAuc", auc));
    // An update with a metric that is not finite is refused, and a model can have infinite loss.
    metrics.values().removeIf(value -> !Double.isFinite(value));
    return metrics;
  }

  TrainingResult train(TrainingTask task, Dataset data, NDManager manager)
      throws InterruptedException {
    long start = System.nanoTime();
    TrainingSettings settings = task.settings();
    Set<Integer> trained = Set.copyOf(task.trainBlocks());
    DependenceTerms terms = new DependenceTerms(task.lambda(), task.gamma());
    Network network =
        Network.load(
            models,
            task.manifest(),
            task.networkBlocks(),
            task.weights(),
            trained,
            terms.gamma() > 0,
            manager);
    network.requireFits(data);
    SgdOptimizer optimizer = new SgdOptimizer(settings);
    for (int block : task.trainBlocks()) {
      network
          .trainedTensorsOf(block)
          .forEach(tensor -> optimizer.add(network.array(tensor.name())));
    }
    GradientProjection projection = GradientProjection.of(task, network, manager);
    Staging staging = new Staging();
    NDArray mask = masksAbsentLabels ? manager.create(presentLabels(data)) : null;

    SplittableRandom random = new SplittableRandom(task.seed());
    int[] order = IntStream.range(0, data.size()).toArray();
    int fullBatch = Math.min(settings.batchSize(), data.size());
    Progress epoch = new Progress(fullBatch);
    for (int i = 0; i < settings.epochs(); i++) {
      Shuffle.inPlace(order, random);
      epoch = new Progress(fullBatch);
      for (int from = 0; from < order.length; from += settings.batchSize()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("training was broken off in epoch " + i);
        }
        int to = Math.min(order.length, from + settings.batchSize());
        step(network, terms, Batch.of(data, order, from, to), mask, staging, manager, epoch);
        projection.apply();
        optimizer.step();
      }
    }

    Map<Integer, float[]> blocks = new HashMap<>();
    task.trainBlocks().forEach(block -> blocks.put(block, network.vectorOf(block)));
    Map<String, Double> metrics = epoch.metrics();
    metrics.put("seconds", (System.nanoTime() - start) / 1e9);
    return new TrainingResult(blocks, data.size(), metrics);
  }

  /** For each class 1 if a sample has it, else 0. */
  private static float[] presentLabels(Dataset data) {
    float[] present = new float[data.classes()];
    for (int sample = 0; sample < data.size(); sample++) {
      present[data.label(sample)] = 1;
    }
    return present;
  }

  /**
   * Leaves the gradients of one batch in the network's tensors.
   *
   * @param mask factor of each class's logit, or null for none
   */
  private static void step(
      Network network,
      DependenceTerms terms,
      Batch batch,
      NDArray mask,
      Staging staging,
      NDManager manager,
      Progress progress) {
    try (NDManager scratch = manager.newSubManager();
        GradientCollector collector = Torch.engine().newGradientCollector()) {
      NDArray input = batch.featuresIn(scratch, staging);
      ForwardPass pass = network.forward(input, terms.observation(batch.size()));
      NDArray logits = mask == null ? pass.output() : pass.output().mul(mask);
      NDArray labels = scratch.create(batch.labels());
      NDArray loss =
          Loss.softmaxCrossEntropyLoss().evaluate(new NDList(labels), new NDList(logits));
      if (pass.features() == null) {
        collector.backward(loss);
      } else {
        DependenceTerms.Loss whole = terms.addTo(loss, pass.features(), batch, input);
        collector.backward(whole.root());
        progress.add(batch, whole.dependence());
      }
      progress.add(batch, loss.getFloat(), logits.toFloatArray());
    }
  }

  /** Measurements over the batches of an epoch. */
  private static final class Progress {

    private final int batchSize;
    private double lossSum;
    private long correct;
    private long samples;
    private final DoubleSummaryStatistics inputDependence = new DoubleSummaryStatistics();
    private final DoubleSummaryStatistics labelDependence = new DoubleSummaryStatistics();

    Progress(int batchSize) {
      this.batchSize = batchSize;
    }

    void add(Batch batch, DependenceTerms.Dependence dependence) {
      // The values depend on the size of the batch, so a smaller last one has no place in the mean.
      if (batch.size() == batchSize) {
        dependence.ofInput().ifPresent(inputDependence);
        dependence.ofLabels().ifPresent(labelDependence);
      }
    }

    void add(Batch batch, float meanLoss, float[] logits) {
      lossSum += meanLoss * (double) batch.size();
      correct += batch.countCorrect(logits);
      samples += batch.size();
    }

    Map<String, Double> metrics() {
      Map<String, Double> metrics = new HashMap<>();
      metrics.put("loss", lossSum / samples);
      metrics.put("accuracy", (double) correct / samples);
      putMean(metrics, "nhsicX", inputDependence);
      putMean(metrics, "nhsicY", labelDependence);
      return metrics;
    }

    private void putMean(Map<String, Double> metrics, String name, DoubleSummaryStatistics values) {
      if (values.getCount() > 0) {
        metrics.put(name, values.getAverage());
        metrics.put("nhsicBatch", (double) batchSize);
      }
    }
  }
}
