// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.ModelHash;
import anabranch.bench.experiment.Where;
import java.util.List;

/**
 * What came of a run; its components are the keys of its JSON file.
 *
 * @param preset name of the method
 * @param partition notation of the split
 * @param seed of the run
 * @param rounds completed
 * @param parameters of the model
 * @param accuracy in percent, mean of the last tenth of the rounds: on all test images, in a run of
 *     tuning on training images that it does not train on
 * @param uplinkBytes stored for all clients, check-ins included
 * @param downlinkBytes that all clients had to read
 * @param where it ran
 * @param modelSha256 of the last model, see {@link ModelHash}
 * @param seconds that it took
 * @param settings all that it depends on
 * @param evaluations of the model, in order
 */
public record RunResult(
    String preset,
    String partition,
    long seed,
    int rounds,
    long parameters,
    double accuracy,
    long uplinkBytes,
    long downlinkBytes,
    Where where,
    String modelSha256,
    double seconds,
    RunSettings settings,
    List<Point> evaluations) {

  /**
   * The federation after a round.
   *
   * @param round number of completed rounds
   * @param accuracy in percent, of the same images
   * @param uplinkBytes sent so far
   * @param downlinkBytes read so far
   * @param slowestUplinkBytes for each round the most that one client had to send, added up
   */
  public record Point(
      long round, double accuracy, long uplinkBytes, long downlinkBytes, long slowestUplinkBytes) {}

  public RunResult {
    evaluations = List.copyOf(evaluations);
  }

  /** The result of a run that has ended. */
  static RunResult of(
      RunSettings settings,
      long parameters,
      String modelSha256,
      double seconds,
      List<Point> evaluations) {
    Point last = evaluations.get(evaluations.size() - 1);
    double accuracy =
        evaluations.stream()
            .filter(point -> settings.counts(point.round()))
            .mapToDouble(Point::accuracy)
            .average()
            .orElseThrow();
    return new RunResult(
        settings.preset(),
        settings.partition(),
        settings.seed(),
        settings.rounds(),
        parameters,
        accuracy,
        last.uplinkBytes(),
        last.downlinkBytes(),
        settings.where(),
        modelSha256,
        seconds,
        settings,
        evaluations);
  }
}
