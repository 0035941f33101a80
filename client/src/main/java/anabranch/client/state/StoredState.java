// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The content of {@code state.json}.
 *
 * @param format {@link #FORMAT}
 * @param federation that the session belongs to
 * @param clientId that it belongs to
 * @param session as checked in
 * @param answered id of the plan that was answered last, null when none was
 * @param pending the update whose receipt has not come, null when there is none
 * @param residuals of error feedback; absent in format 1
 */
record StoredState(
    int format,
    String federation,
    String clientId,
    long session,
    Long answered,
    StoredUpdate pending,
    StoredResiduals residuals) {

  /** Rises when an older program would misunderstand the file. */
  static final int FORMAT = 2;

  StoredState {
    if (format < 1 || session == 0 || federation == null || clientId == null) {
      throw new IllegalArgumentException("format, session, federation or client is missing");
    }
    residuals = residuals == null ? StoredResiduals.NONE : residuals;
  }

  /** Those that hold, and those that will if the pending update is folded. */
  Stream<StoredResidual> allResiduals() {
    Stream<StoredResidual> next =
        pending == null ? Stream.empty() : pending.residuals().blocks().stream();
    return Stream.concat(residuals.blocks().stream(), next);
  }

  /**
   * A {@link PendingUpdate}.
   *
   * @param file name of the file with the records
   * @param lengths of the records in it, in bytes
   * @param crc32c checksum of the file
   * @param residuals that hold once the update is folded; absent in format 1
   */
  record StoredUpdate(
      long planId,
      long round,
      long sequence,
      long samples,
      Map<String, Double> metrics,
      boolean acknowledged,
      String file,
      List<Integer> lengths,
      long crc32c,
      StoredResiduals residuals) {

    StoredUpdate {
      metrics = Map.copyOf(metrics);
      lengths = List.copyOf(lengths);
      residuals = residuals == null ? StoredResiduals.NONE : residuals;
    }

    StoredUpdate withAcknowledgement() {
      return new StoredUpdate(
          planId, round, sequence, samples, metrics, true, file, lengths, crc32c, residuals);
    }
  }

  /**
   * Residuals of some blocks of one model.
   *
   * @param model SHA-256 of its manifest, hexadecimal; empty without blocks
   * @param blocks at most one for each block
   */
  record StoredResiduals(String model, List<StoredResidual> blocks) {

    static final StoredResiduals NONE = new StoredResiduals("", List.of());

    StoredResiduals {
      blocks = List.copyOf(blocks);
    }

    /** These with others in the place of those that they have for the same blocks. */
    StoredResiduals replacedBy(StoredResiduals newer) {
      if (newer.blocks.isEmpty()) {
        return this;
      }
      Stream<StoredResidual> rest =
          model.equals(newer.model) ? without(newer).blocks.stream() : Stream.empty();
      return new StoredResiduals(newer.model, Stream.concat(rest, newer.blocks.stream()).toList());
    }

    /** These but those of the blocks that others have. */
    StoredResiduals without(StoredResiduals others) {
      Set<Integer> gone =
          others.blocks.stream().map(StoredResidual::block).collect(Collectors.toSet());
      return new StoredResiduals(
          model, blocks.stream().filter(kept -> !gone.contains(kept.block)).toList());
    }
  }

  /**
   * What encodings have left out of a block's updates.
   *
   * @param block index in the manifest
   * @param version of the block with which the training began
   * @param file its name
   * @param length in elements
   * @param crc32c checksum of the file
   */
  record StoredResidual(int block, long version, String file, int length, long crc32c) {

    /**
     * @throws StateException if the shelf does not have what was written
     */
    float[] readFrom(VectorShelf shelf) {
      return shelf.readVector(file, length, crc32c);
    }
  }
}
