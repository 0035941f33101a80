// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import anabranch.client.state.StoredState.StoredResidual;
import anabranch.client.state.StoredState.StoredResiduals;
import anabranch.protocol.message.Announcement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The residuals of error feedback, for one update: what encodings have left out of each block's
 * updates so far, and what this one leaves out, which counts once it is folded. From {@link
 * ClientState#residuals}.
 */
public final class Residuals {

  private final VectorShelf shelf;
  private final StoredResiduals held;
  private final Announcement announcement;
  private final List<StoredResidual> written = new ArrayList<>();

  Residuals(VectorShelf shelf, StoredResiduals held, Announcement announcement) {
    this.shelf = shelf;
    this.held = held;
    this.announcement = announcement;
  }

  /**
   * What is to be added to a block's next update: all 0 if nothing was left out, or if that was of
   * another model.
   *
   * @param size of the block's flat vector
   * @return the caller's own
   */
  public float[] of(int block, int size) {
    return heldOf(block)
        .filter(residual -> isOfThisModel(residual) && residual.length() == size)
        .map(residual -> residual.readFrom(shelf))
        .orElseGet(() -> new float[size]);
  }

  private Optional<StoredResidual> heldOf(int block) {
    return held.blocks().stream().filter(residual -> residual.block() == block).findFirst();
  }

  /** A version below the one that was trained then means that the model was begun anew. */
  private boolean isOfThisModel(StoredResidual residual) {
    return held.model().equals(announcement.manifest().toHex())
        && residual.version() <= version(residual.block());
  }

  private long version(int block) {
    return announcement.blocks().get(block).version();
  }

  /**
   * Keeps what the update leaves out of a block, beside the residual that holds until the update is
   * folded.
   *
   * @param residual flat vector; must not be changed any more
   */
  public void keep(int block, float[] residual) {
    String name = "residual-%d-a.f32".formatted(block);
    if (heldOf(block).filter(old -> old.file().equals(name)).isPresent()) {
      write(block, "residual-%d-b.f32".formatted(block), residual);
    } else {
      write(block, name, residual);
    }
  }

  private void write(int block, String file, float[] residual) {
    long crc32c = shelf.writeVector(file, residual);
    written.add(new StoredResidual(block, version(block), file, residual.length, crc32c));
  }

  StoredResiduals written() {
    return new StoredResiduals(announcement.manifest().toHex(), written);
  }
}
