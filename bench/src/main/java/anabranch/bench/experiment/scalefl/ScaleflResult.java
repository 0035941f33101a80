// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.Where;
import java.util.List;

/**
 * What came of a run; its components are the keys of its JSON file.
 *
 * @param method label of the method
 * @param partition notation of the split
 * @param seed of the run
 * @param rounds completed
 * @param parameters of the deployed model, or of all that is measured together
 * @param accuracy of the deployed model in percent, mean of the last tenth of the rounds: on all
 *     test images, in a run of tuning on training images that it does not train on
 * @param participation share of the clients that took part in one round at least
 * @param peakMemoryBytes the most that a client's training took, as accounted
 * @param uplinkBytes stored for all clients, check-ins included
 * @param downlinkBytes that all clients had to read
 * @param clientComputeFlops floating-point operations of all clients' training, two for each
 *     multiply-accumulate operation
 * @param seconds that it took
 * @param where it ran
 * @param modelSha256 of the last model
 * @param settings all that it depends on
 * @param points the model in the course of the run, in order
 * @param stages what each round trained, in order; empty where rounds train the whole model
 */
public record ScaleflResult(
    String method,
    String partition,
    long seed,
    int rounds,
    long parameters,
    double accuracy,
    double participation,
    long peakMemoryBytes,
    long uplinkBytes,
    long downlinkBytes,
    double clientComputeFlops,
    double seconds,
    Where where,
    String modelSha256,
    ScaleflSettings settings,
    List<Point> points,
    List<StageRound> stages) {

  /**
   * The federation after a round.
   *
   * @param round number of completed rounds
   * @param accuracy of the deployed model in percent, of the same images
   * @param uplinkBytes sent so far
   * @param downlinkBytes read so far
   * @param clientComputeFlops computed so far
   */
  public record Point(
      long round,
      double accuracy,
      long uplinkBytes,
      long downlinkBytes,
      double clientComputeFlops) {}

  /**
   * A round of block-wise training.
   *
   * @param round number of completed rounds after it
   * @param stage that it trained, from 1
   * @param lambda λ of its plan
   * @param gamma γ of its plan
   * @param nhsicX mean nHSIC(X; Z) of its clients; null where the loss has no such term
   * @param nhsicY mean nHSIC(Y; Z)
   * @param eligible clients with the memory for the stage
   */
  public record StageRound(
      long round,
      int stage,
      double lambda,
      double gamma,
      Double nhsicX,
      Double nhsicY,
      int eligible) {}

  public ScaleflResult {
    points = List.copyOf(points);
    stages = List.copyOf(stages);
  }
}
