// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.distribution.DirichletSampler;

/**
 * Each class is spread over the clients by shares drawn from a symmetric Dirichlet distribution
 * (Hsu et al. 2019, arXiv:1909.06335, in the form that divides class by class). Small alpha: each
 * client knows few classes, and clients differ in size; large alpha: as if drawn at random.
 *
 * @param alpha concentration, above 0
 */
public record DirichletPartition(double alpha) implements Partition {

  public DirichletPartition {
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException("alpha must be above 0 and finite, not " + alpha);
    }
  }

  @Override
  public List<int[]> divide(Dataset data, int clients, long seed) {
    Partition.checkClients(data, clients);
    SplittableRandom random = new SplittableRandom(seed);
    List<List<Integer>> parts = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      parts.add(new ArrayList<>());
    }
    for (int label = 0; label < data.classes(); label++) {
      int wanted = label;
      int[] samples =
          IntStream.range(0, data.size()).filter(i -> data.label(i) == wanted).toArray();
      Shuffle.inPlace(samples, random);
      deal(samples, shares(clients, random), parts);
    }
    feedTheEmpty(parts);
    return parts.stream()
        .map(part -> part.stream().mapToInt(Integer::intValue).sorted().toArray())
        .toList();
  }

  private double[] shares(int clients, SplittableRandom random) {
    // The sampler needs two categories; one client has all.
    return clients == 1
        ? new double[] {1}
        : DirichletSampler.symmetric(random::nextLong, clients, alpha).sample();
  }

  private static void deal(int[] samples, double[] shares, List<List<Integer>> parts) {
    double sum = 0;
    int from = 0;
    for (int client = 0; client < shares.length; client++) {
      sum += shares[client];
      int to =
          client == shares.length - 1
              ? samples.length
              : Math.min(samples.length, (int) Math.round(sum * samples.length));
      for (; from < to; from++) {
        parts.get(client).add(samples[from]);
      }
    }
  }

  /** A client that got nothing takes one sample from the one that then has most. */
  private static void feedTheEmpty(List<List<Integer>> parts) {
    for (List<Integer> part : parts) {
      if (part.isEmpty()) {
        List<Integer> richest = parts.stream().max(Comparator.comparingInt(List::size)).get();
        part.add(richest.remove(richest.size() - 1));
      }
    }
  }

  @Override
  public String toString() {
    return "dirichlet(" + alpha + ")";
  }
}
