// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.TrainingPart;
import anabranch.client.data.Dataset;
import anabranch.client.data.FederatedDataset;
import anabranch.client.data.LocalData;
import anabranch.client.data.Partition;
import anabranch.client.fleet.FleetClient;
import anabranch.client.fleet.FleetSettings;
import anabranch.client.fleet.MemoryBudgets;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.ModelChoice;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.Evaluation;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.torch.TorchEvaluator;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run trains: the federation's model, the clients with their data and memory, and what each
 * of them trains in which stage.
 */
final class Workload {

  private static final String NETWORK = "resnet";
  private static final List<Integer> WIDTHS = List.of(8, 16, 32, 64);

  /** Sixteenths of the channels that a slice can have: the shares of HeteroFL, and 3/4. */
  private static final List<Integer> SIXTEENTHS = List.of(16, 12, 8, 4, 2, 1);

  private static final int ALL = 16;

  /** Of versions of a manifest by which only weights are read. */
  private static final int RING = 2;

  private final ScaleflSettings settings;
  private final Method method;
  private final FederatedDataset data;
  private final ModelDefinition model;
  private final MemoryBudgets budgets;
  private final List<LocalData> shares;
  private final Dataset measured;

  /** For each client the network that it trains a stage or all of. */
  private final List<ModelDefinition> trained = new ArrayList<>();

  Workload(ScaleflSettings settings, FederatedDataset data) {
    this.settings = settings;
    this.method = Method.named(settings.method());
    this.data = data;
    ModelDefinition full = full();
    // Methods are paired: the same seed gives clients the same memory, whatever their loss has.
    this.budgets =
        MemoryBudgets.draw(network(Map.of()), need(), settings.clients(), settings.seed());
    this.model =
        switch (method.part()) {
          case NARROW_FOR_ALL -> widest(budgets.least());
          case FIRST_LAYERS -> DepthSlice.federated(full);
          default -> full;
        };
    for (long budget : budgets.bytes()) {
      trained.add(
          switch (method.part()) {
            case LEADING_CHANNELS, ROLLING_CHANNELS -> widest(budget);
            case FIRST_LAYERS -> deepest(budget);
            default -> model;
          });
    }
    TrainingPart part = TrainingPart.of(data, settings.trainingShare(), settings.seed());
    this.measured = part.measured();
    this.shares =
        Partition.parse(settings.partition())
            .divide(part.trained(), settings.clients(), settings.seed())
            .stream()
            .map(share -> LocalData.withoutHeldOut(part.trained().subset(share)))
            .toList();
  }

  private ModelDefinition network(Map<String, String> chosen) {
    return ModelChoice.of(data, NETWORK, chosen);
  }

  /** The network that a method divides, or trains as a whole. */
  private ModelDefinition full() {
    ModelDefinition network = network(settings.modelSettings());
    return method.part() == Method.Part.FIRST_LAYERS ? DepthSlice.network(network) : network;
  }

  /** The widest network that trains in so much memory; the narrowest of all if none does. */
  private ModelDefinition widest(long budget) {
    ModelDefinition slice = null;
    for (int sixteenths : SIXTEENTHS) {
      slice = slice(sixteenths);
      if (bytes(slice, Account.whole(slice)) <= budget) {
        return slice;
      }
    }
    return slice;
  }

  /** Normalises over as many channels a group as the wide network; over all if it has fewer. */
  private ModelDefinition slice(int sixteenths) {
    String widths =
        WIDTHS.stream()
            .map(width -> String.valueOf(-Math.floorDiv(-width * sixteenths, ALL)))
            .collect(Collectors.joining(","));
    int groups = Math.max(1, ChannelSlice.GROUPS * sixteenths / ALL);
    return network(Map.of("widths", widths, "groups", String.valueOf(groups)));
  }

  /** The most exits that train together in so much memory; the first alone if none does. */
  private ModelDefinition deepest(long budget) {
    ModelDefinition network = full();
    for (int depth = network.stages().size(); depth > 1; depth--) {
      ModelDefinition own = DepthSlice.prefix(network, depth);
      if (need().accounted(Account.together(own)) <= budget) {
        return own;
      }
    }
    return DepthSlice.prefix(network, 1);
  }

  private long bytes(ModelDefinition network, Stage stage) {
    return need().accounted(account(network, stage));
  }

  private MemoryNeed need() {
    return new MemoryNeed(settings.batchSize(), settings.momentum() > 0, false);
  }

  private Account account(ModelDefinition network, Stage stage) {
    return Account.of(network, stage, method.hasCurriculum(), method.gamma());
  }

  /** The federation's model. */
  ModelDefinition model() {
    return model;
  }

  /** Values of what is measured, without a projection head: of DepthFL with all its exits. */
  long deployedParameters() {
    if (method.part() == Method.Part.FIRST_LAYERS) {
      return Account.together(full()).parameters();
    }
    Account deployed = account(model, stageOf(model, model.stages().size()));
    return deployed.parameters() - deployed.head();
  }

  /** Measures what a federation would deploy: the deployed model, of DepthFL all its exits. */
  Evaluation evaluate(ModelManifest manifest, Map<Integer, float[]> weights) {
    if (method.part() == Method.Part.FIRST_LAYERS) {
      ModelDefinition network = full();
      return TorchEvaluator.of(network).evaluateExits(network.manifest(RING), weights, measured);
    }
    return new TorchEvaluator().evaluate(manifest, weights, measured);
  }

  List<float[]> initialWeights() {
    return model.initialWeights(settings.seed());
  }

  /** The clients. */
  List<FleetClient> clients() {
    TorchTrainer trainer = trainer();
    List<FleetClient> clients = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      LocalTrainer own = trainer(trainer, trained.get(i));
      clients.add(new FleetClient(shares.get(i), budgets.bytes().get(i), own));
    }
    return clients;
  }

  private TorchTrainer trainer() {
    if (method.masksAbsentLabels()) {
      return TorchTrainer.maskingAbsentLabels();
    }
    return method.part() == Method.Part.FIRST_LAYERS ? TorchTrainer.of(model) : new TorchTrainer();
  }

  private LocalTrainer trainer(TorchTrainer trainer, ModelDefinition own) {
    return switch (method.part()) {
      case LEADING_CHANNELS -> new SlicedTrainer(trainer, model, own, false);
      case ROLLING_CHANNELS -> new SlicedTrainer(trainer, model, own, true);
      case FIRST_LAYERS -> new DepthTrainer(trainer, own, settings.rounds());
      // Budgets are shares of what is accounted: what a real process takes beside it is left out.
      default -> trainer::train;
    };
  }

  private List<Stage> stages() {
    return model.stages().isEmpty() ? List.of(Account.whole(model)) : model.stages();
  }

  /** What each stage demands of a client, in bytes; what nobody lacks where nothing is demanded. */
  private List<Long> required() {
    if (method == Method.FEDAVG_UNLIMITED) {
      return List.of(0L);
    }
    if (method.slices()) {
      ModelDefinition least = widest(0);
      return List.of(bytes(least, Account.whole(least)));
    }
    if (method.part() == Method.Part.FIRST_LAYERS) {
      return List.of(need().accounted(Account.together(deepest(0))));
    }
    return stages().stream().map(stage -> bytes(model, stage)).toList();
  }

  /** What a client's training of a stage takes, in bytes. */
  long bytes(int client, int stage) {
    return need().accounted(account(client, stage));
  }

  /** Floating-point operations of a client's training of a stage on so many samples. */
  double flops(int client, int stage, long samples) {
    double operations = account(client, stage).trainingOperations();
    return 2 * operations * samples * settings.epochs();
  }

  /** The network that a client trains a stage or all of. */
  ModelDefinition trained(int client) {
    return trained.get(client);
  }

  private Account account(int client, int stage) {
    ModelDefinition network = trained(client);
    return method.part() == Method.Part.FIRST_LAYERS
        ? Account.together(network)
        : account(network, stageOf(network, stage));
  }

  private static Stage stageOf(ModelDefinition network, int stage) {
    return network.stages().isEmpty() ? Account.whole(network) : network.stages().get(stage - 1);
  }

  /**
   * The federation's configuration.
   *
   * @param bootstrapServers of its brokers
   * @throws IllegalArgumentException if a key is not sound or no client has the memory for a stage
   */
  FederationConfig config(String bootstrapServers) {
    List<String> keys = new ArrayList<>();
    keys.add("federation=experiment");
    keys.add("seed=" + settings.seed());
    keys.add("kafka.bootstrap-servers=" + bootstrapServers);
    keys.add("round.limit=" + settings.rounds());
    keys.add("round.deadline=10min");
    // Whoever measures each version may fall some behind.
    keys.add("model.ring=8");
    keys.addAll(budgets.cohort(settings.cohort(), required()));
    keys.add("training.epochs=" + settings.epochs());
    keys.add("training.batch-size=" + settings.batchSize());
    keys.add("training.learning-rate=" + settings.learningRate());
    keys.add("training.momentum=" + settings.momentum());
    keys.addAll(settings.configuration());
    try {
      return FederationConfigLoader.load(null, keys);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(
          "method '%s' is not sound: %s".formatted(settings.method(), e.getMessage()), e);
    }
  }

  /** Numbers of the clients, by their ids. */
  Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new HashMap<>();
    for (int number = 0; number < shares.size(); number++) {
      numbers.put(FleetSettings.clientId(number), number);
    }
    return numbers;
  }
}
