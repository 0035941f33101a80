// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.client.data.Shuffle;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.Exit;
import anabranch.client.model.ModelDefinition;
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
 * samples, before training and in batches no larger than its. Averaged over the cohort that is
 * federated evaluation of the version that the round began with (Flower's client-side {@code
 * evaluate}).
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
    this(KnownModels.with(own), false);
  }

  private TorchTrainer(KnownModels models, boolean masksAbsentLabels) {
    this.models = models;
    this.evaluator = new TorchEvaluator(models);
    this.masksAbsentLabels = masksAbsentLabels;
  }

  /**
   * A trainer that knows networks made of the shipped layers, beside those that are shipped.
   *
   * @param own each with an architecture's name of its own
   */
  public static TorchTrainer of(ModelDefinition... own) {
    return new TorchTrainer(new KnownModels(List.of(own)), false);
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
    return new TorchTrainer(KnownModels.with(own), true);
  }

  @Override
  public TrainingResult train(TrainingTask task, LocalData data) throws InterruptedException {
    return train(task, Exit.ofOne(task.networkBlocks()), MutualDistillation.NONE, data);
  }

  /**
   * Trains the networks of all stages of the task's manifest together, in one forward pass with an
   * exit for each. Every exit learns from the labels and from what the others answer, as in DepthFL
   * (Kim et al. 2023), so that what is deep learns more than its own few samples tell. Measurements
   * are those of the deepest exit.
   *
   * @param task with the weights of the blocks of all stages, and without λ and γ
   * @param data as in {@link #train(TrainingTask, LocalData)}
   * @param distillation weight of what the exits learn from each other beside the labels, at least
   *     0; a single exit learns from the labels alone
   * @throws IllegalArgumentException as {@link #train(TrainingTask, LocalData)}, and if there are
   *     no stages, or one does not go on where the stage before ends
   * @throws InterruptedException if interrupted, while waiting for its turn or while training
   */
  public TrainingResult trainExits(TrainingTask task, LocalData data, double distillation)
      throws InterruptedException {
    if (task.lambda() != 0 || task.gamma() != 0) {
      throw new IllegalArgumentException(
          "the terms of λ and γ are those of one stage, not of several exits: leave them 0");
    }
    List<Exit> exits = Exit.ofAll(task.manifest().stages());
    return train(task, exits, new MutualDistillation(distillation), data);
  }

  private TrainingResult train(
      TrainingTask task, List<Exit> exits, MutualDistillation distillation, LocalData data)
      throws InterruptedException {
    TURN.lockInterruptibly();
    try (NDManager manager = Torch.openManager()) {
      Map<String, Double> metrics =
          new HashMap<>(evaluateReceived(task, Exit.deepest(exits), data));
      TrainingResult trained = train(task, exits, distillation, data.train(), manager);
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
              fullBatch(settings, data.train()),
              settings.momentum() > 0,
              settings.proximal() > 0,
              plan.encoding().restricted());
      return OptionalLong.of(need.expected(account));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // A network of the user's own layers, or one that training will refuse with a reason.
      return OptionalLong.empty();
    }
  }

  /** Without stages the network consists of all blocks, whatever a plan trains. */
  private static List<Integer> othersThan(List<Integer> trained, ModelManifest manifest) {
    return manifest.deployedBlocks().stream().filter(block -> !trained.contains(block)).toList();
  }

  /**
   * In batches no larger than those of training: a pass that keeps nothing takes no more than one
   * of as many samples that does, so whoever has the memory to train has that to measure.
   */
  private Map<String, Double> evaluateReceived(
      TrainingTask task, List<Integer> blocks, LocalData data) {
    if (data.heldOut().size() == 0) {
      return Map.of();
    }
    int mostSamples = Math.max(1, fullBatch(task.settings(), data.train()));
    Evaluation received =
        evaluator.evaluate(task.manifest(), blocks, task.weights(), data.heldOut(), mostSamples);
    Map<String, Double> metrics = new HashMap<>();
    metrics.put("heldOutLoss", received.loss());
    metrics.put("heldOutAccuracy", received.accuracy());
    metrics.put("heldOutSamples", (double) received.samples());
    received.auc().ifPresent(auc -> metrics.put("heldOutAuc", auc));
    // An update with a metric that is not finite is refused, and a model can have infinite loss.
    metrics.values().removeIf(value -> !Double.isFinite(value));
    return metrics;
  }

  TrainingResult train(
      TrainingTask task,
      List<Exit> exits,
      MutualDistillation distillation,
      Dataset data,
      NDManager manager)
      throws InterruptedException {
    long start = System.nanoTime();
    TrainingSettings settings = task.settings();
    Set<Integer> trained = Set.copyOf(task.trainBlocks());
    DependenceTerms terms = new DependenceTerms(task.lambda(), task.gamma());
    Network network =
        Network.load(
            models, task.manifest(), exits, task.weights(), trained, terms.gamma() > 0, manager);
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
    Objective objective = new Objective(terms, distillation, mask);

    SplittableRandom random = new SplittableRandom(task.seed());
    int[] order = IntStream.range(0, data.size()).toArray();
    int fullBatch = fullBatch(settings, data);
    Progress epoch = new Progress(fullBatch);
    for (int i = 0; i < settings.epochs(); i++) {
      Shuffle.inPlace(order, random);
      epoch = new Progress(fullBatch);
      for (int from = 0; from < order.length; from += settings.batchSize()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("training was broken off in epoch " + i);
        }
        int to = Math.min(order.length, from + settings.batchSize());
        step(network, objective, Batch.of(data, order, from, to), staging, manager, epoch);
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

  /** Samples in a batch that is not cut short by the end of the epoch. */
  private static int fullBatch(TrainingSettings settings, Dataset data) {
    return Math.min(settings.batchSize(), data.size());
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
   * What is minimised.
   *
   * @param terms that are subtracted
   * @param distillation between the exits
   * @param mask factor of each class's logit, or null for none
   */
  private record Objective(DependenceTerms terms, MutualDistillation distillation, NDArray mask) {

    List<NDArray> masked(List<NDArray> exits) {
      return mask == null ? exits : exits.stream().map(logits -> logits.mul(mask)).toList();
    }
  }

  /** Leaves the gradients of one batch in the network's tensors. */
  private static void step(
      Network network,
      Objective objective,
      Batch batch,
      Staging staging,
      NDManager manager,
      Progress progress) {
    try (NDManager scratch = manager.newSubManager();
        GradientCollector collector = Torch.engine().newGradientCollector()) {
      NDArray input = batch.featuresIn(scratch, staging);
      DependenceTerms terms = objective.terms();
      ForwardPass pass = network.forward(input, terms.observation(batch.size()));
      List<NDArray> exits = objective.masked(pass.exits());
      NDArray logits = exits.get(exits.size() - 1);
      NDArray labels = scratch.create(batch.labels());
      NDArray loss = MutualDistillation.crossEntropy(logits, labels);
      NDArray ofAllExits = objective.distillation().addTo(loss, exits, labels);
      if (pass.features() == null) {
        collector.backward(ofAllExits);
      } else {
        DependenceTerms.Loss whole = terms.addTo(ofAllExits, pass.features(), batch, input);
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
