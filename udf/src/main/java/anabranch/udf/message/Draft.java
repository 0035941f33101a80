// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.RoundReport;
import java.util.List;

/**
 * An announcement that waits until the versions it names are out. The digests of blocks in {@code
 * awaited} are filled in when it is sealed.
 *
 * @param announcement what will be announced
 * @param report of the round that it closes, or null
 * @param awaited indices of the blocks whose segments must be sealed first
 * @param rebuilt those of them that were put together from an older version and changes, which must
 *     come out with the digests that the announcement has
 */
public record Draft(
    Announcement announcement, RoundReport report, List<Integer> awaited, List<Integer> rebuilt) {

  public Draft {
    awaited = List.copyOf(awaited);
    rebuilt = List.copyOf(rebuilt);
  }

  /** Nothing was rebuilt. */
  public Draft(Announcement announcement, RoundReport report, List<Integer> awaited) {
    this(announcement, report, awaited, List.of());
  }
}
