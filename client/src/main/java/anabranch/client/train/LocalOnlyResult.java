// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * How clients do that each train alone, see {@link LocalOnlyBaseline}. Scores are those of {@link
 * Evaluation#score()}, 0 to 1.
 *
 * @param clients in the order in which they were given, at least one
 */
public record LocalOnlyResult(List<Client> clients) {

  public LocalOnlyResult {
    clients = List.copyOf(clients);
  }

  /**
   * One client.
   *
   * @param samples trained on
   * @param evaluations of its model on the common test samples, one after each round
   */
  public record Client(long samples, List<Evaluation> evaluations) {

    public Client {
      evaluations = List.copyOf(evaluations);
    }

    /** After the last round. */
    public Evaluation last() {
      return evaluations.get(evaluations.size() - 1);
    }

    /**
     * After the round that scored highest on the test samples. No client could know that round:
     * this is more than it could reach, and so the stricter figure to beat.
     */
    public Evaluation best() {
      return evaluations.stream().max(Comparator.comparingDouble(Evaluation::score)).orElseThrow();
    }
  }

  /** Mean of the clients' last scores, all counting alike. */
  public double meanScore() {
    return mean(Client::last);
  }

  /** Mean of the clients' best scores, all counting alike. */
  public double meanBestScore() {
    return mean(Client::best);
  }

  private double mean(Function<Client, Evaluation> which) {
    return clients.stream().mapToDouble(c -> which.apply(c).score()).average().orElseThrow();
  }
}
