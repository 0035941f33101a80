// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The backward pass through what a forward pass has gone through: gradients come and go, and what
 * was kept goes with the last step that needs it.
 */
final class BackwardPass {

  /** Where no gradient comes. */
  private static final Values NONE = new Values(0, false);

  /** A step, told in the order of the forward pass. */
  private interface Step {

    void back(Moment moment);
  }

  /** How far the backward pass has come. */
  private static final class Moment {

    private final Set<Values> kept = Values.identitySet();
    private final Deque<Values> waiting = new ArrayDeque<>();
    private Values gradient;
    private long peak;

    Moment(Collection<Values> kept, Values gradient) {
      this.kept.addAll(kept);
      this.gradient = gradient;
    }

    /** Takes note of what is there, and of a gradient that is being computed. */
    void there(Values next) {
      Set<Values> there = Values.identitySet();
      there.addAll(kept);
      there.addAll(waiting);
      there.add(gradient);
      there.add(next);
      peak = Math.max(peak, Values.size(there));
    }
  }

  private final List<Step> steps = new ArrayList<>();
  private final Set<Values> releasedBefore = Values.identitySet();
  private Values last = NONE;

  /** A layer that makes output of input. */
  void step(Values input, Values output, List<Values> kept) {
    // Going back, the first layer that kept something is the last to need it.
    List<Values> released = kept.stream().filter(releasedBefore::add).toList();
    steps.add(
        moment -> {
          Values next = input.needsGradient() ? new Values(input.size(), false) : NONE;
          moment.there(next);
          moment.gradient = next;
          released.forEach(moment.kept::remove);
        });
    last = output;
  }

  /** Values go two ways from here, first that of a shortcut. */
  void branch() {
    steps.add(
        moment -> {
          Values other = moment.waiting.pop();
          if (moment.gradient == NONE) {
            moment.gradient = other;
          } else if (other != NONE) {
            moment.waiting.push(other);
            Values sum = new Values(other.size(), false);
            moment.there(sum);
            moment.waiting.pop();
            moment.gradient = sum;
          }
        });
  }

  /** From here on the main way is gone, from where the shortcut began. */
  void mainBranch() {
    steps.add(
        moment -> {
          Values ofShortcut = moment.waiting.pop();
          moment.waiting.push(moment.gradient);
          moment.gradient = ofShortcut;
        });
  }

  /** Here the other way ends with logits, and goes on from where they branched off. */
  void exit(Values logits) {
    steps.add(
        moment -> {
          moment.waiting.push(moment.gradient);
          moment.gradient = new Values(logits.size(), false);
        });
  }

  /** Both ways meet in a sum. */
  void join(Values sum, boolean mainNeedsGradient, boolean shortcutNeedsGradient) {
    steps.add(
        moment -> {
          moment.waiting.push(shortcutNeedsGradient ? moment.gradient : NONE);
          moment.gradient = mainNeedsGradient ? moment.gradient : NONE;
        });
    last = sum;
  }

  /**
   * The most values that are there at once.
   *
   * @param kept by the forward pass
   */
  long peak(Collection<Values> kept) {
    Moment moment = new Moment(kept, new Values(last.size(), false));
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).back(moment);
    }
    return moment.peak;
  }
}
