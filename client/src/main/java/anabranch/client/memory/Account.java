// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import anabranch.client.model.BlockDefinition;
import anabranch.client.model.Exit;
import anabranch.client.model.Layer;
import anabranch.client.model.ModelDefinition;
import anabranch.client.model.TensorDefinition;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Stage;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What training a stage takes, by arithmetic on the model's layers. Numbers of values are of
 * float32 values, activations those of one sample.
 *
 * <p>Activations are what the backward pass needs of the forward pass, as PyTorch keeps it: a
 * convolution or linear map keeps its input if its weights are trained, a normalisation its input,
 * a ReLU its output, maximum pooling its input and its indices; additions and means keep nothing.
 * What two layers keep counts once, and what lies before every trained layer keeps nothing. The
 * input is not an activation.
 *
 * @param activations values kept for the backward pass, per sample
 * @param peakActivations the most that is there at once per sample, in the forward or the backward
 *     pass: kept values, values and gradients on their way; at least {@code activations}
 * @param largestOutput values of the largest output of a layer, per sample
 * @param parameters values of all tensors of the stage's network, projection head included
 * @param trained values under training, each with a gradient
 * @param head values of the projection head, under training only if the loss has its term
 * @param forwardOperations multiply-accumulate operations of a forward pass, per sample:
 *     convolutions, linear maps and attention
 * @param trainingOperations those of a forward and a backward pass, per sample
 */
public record Account(
    long activations,
    long peakActivations,
    long largestOutput,
    long parameters,
    long trained,
    long head,
    long forwardOperations,
    long trainingOperations) {

  private static final int BYTES = Float.BYTES;

  /**
   * Of a stage.
   *
   * @param dependence whether the loss has the terms λ·nHSIC(X; Z) and γ·nHSIC(Y; Z)
   * @throws IllegalArgumentException if the model has layers of a user's own, whose memory is not
   *     known
   */
  public static Account of(ModelDefinition model, Stage stage, boolean dependence) {
    return of(model, stage, dependence, dependence);
  }

  /**
   * Of a stage.
   *
   * @param dependence whether the loss has one of the terms λ·nHSIC(X; Z) and γ·nHSIC(Y; Z)
   * @param trainsHead whether it has the second of them
   * @throws IllegalArgumentException as {@link #of(ModelDefinition, Stage, boolean)}
   */
  public static Account of(
      ModelDefinition model, Stage stage, boolean dependence, boolean trainsHead) {
    Set<Integer> trained = Set.copyOf(stage.trainBlocks());
    return of(model, Exit.ofOne(stage.blocks()), trained, dependence, trainsHead);
  }

  /**
   * Of all stages trained together, each block of them, in one pass with an exit for each.
   *
   * @throws IllegalArgumentException if the model has no stages, one of them does not go on where
   *     the one before ends, or there are layers of a user's own
   */
  public static Account together(ModelDefinition model) {
    List<Exit> exits = Exit.ofAll(model.stages());
    return of(model, exits, Set.copyOf(Exit.blocks(exits)), false, false);
  }

  private static Account of(
      ModelDefinition model,
      List<Exit> exits,
      Set<Integer> trained,
      boolean dependence,
      boolean trainsHead) {
    SamplePass pass = new SamplePass(model.inputShape(), dependence, trainsHead);
    for (Exit exit : exits) {
      for (int index : exit.path()) {
        pass.through(model.blocks().get(index).layers(), trained.contains(index));
      }
      List<Layer> output = model.blocks().get(exit.output()).layers();
      boolean trains = trained.contains(exit.output());
      if (exit == exits.get(exits.size() - 1)) {
        pass.through(output, trains);
      } else {
        pass.exit(output, trains);
      }
    }
    long parameters = 0;
    long gradients = 0;
    long head = 0;
    for (int index : Exit.blocks(exits)) {
      BlockDefinition block = model.blocks().get(index);
      boolean trains = trained.contains(index);
      for (TensorDefinition tensor : block.tensors()) {
        parameters += tensor.size();
        if (tensor.role() == Role.AUXILIARY) {
          head += tensor.size();
        }
        boolean gathers =
            tensor.role() == Role.PARAMETER || tensor.role() == Role.AUXILIARY && trainsHead;
        gradients += trains && gathers ? tensor.size() : 0;
      }
    }
    return new Account(
        pass.kept(),
        pass.peak(),
        pass.largestOutput(),
        parameters,
        gradients,
        head,
        pass.forwardOperations(),
        pass.trainingOperations());
  }

  /** Training the deployed model as a whole. */
  public static Stage whole(ModelDefinition model) {
    List<Integer> blocks =
        model.stages().isEmpty()
            ? IntStream.range(0, model.blocks().size()).boxed().toList()
            : model.stages().get(model.stages().size() - 1).blocks();
    return new Stage(blocks, List.of());
  }

  /** Bytes of activations for a batch. */
  public long activationBytes(int batch) {
    return BYTES * activations * batch;
  }

  /** Bytes of all that the passes of a batch have in memory at once, but the weights. */
  public long passBytes(int batch) {
    return BYTES * peakActivations * batch;
  }

  /** Bytes of the largest output of a layer for a batch. */
  public long largestOutputBytes(int batch) {
    return BYTES * largestOutput * batch;
  }

  /** Bytes of the tensors of the stage's network. */
  public long weightBytes() {
    return BYTES * parameters;
  }

  /** Bytes of the gradients of what is trained. */
  public long gradientBytes() {
    return BYTES * trained;
  }

  /**
   * Bytes that the optimizer keeps: a velocity of each value under training for gradient descent
   * with momentum, nothing without; the received values for the proximal term.
   */
  public long optimizerBytes(boolean momentum, boolean proximal) {
    return BYTES * trained * ((momentum ? 1 : 0) + (proximal ? 1 : 0));
  }
}
