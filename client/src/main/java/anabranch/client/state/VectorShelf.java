// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Where vectors are kept by name: in memory, or in a {@link StateDirectory}. */
interface VectorShelf {

  /**
   * Keeps a vector, in the place of one that has its name.
   *
   * @param vector must not be changed any more
   * @return its checksum, 0 in memory
   */
  long writeVector(String name, float[] vector);

  /**
   * @param length in elements
   * @param crc32c as {@link #writeVector} gave it
   * @return a copy
   * @throws StateException if it is not what was kept
   */
  float[] readVector(String name, int length, long crc32c);

  /** Lets go of all vectors but these. */
  void deleteVectorsExcept(Set<String> names);

  /** A shelf that ends with the process. */
  final class InMemory implements VectorShelf {

    private final Map<String, float[]> vectors = new HashMap<>();

    @Override
    public long writeVector(String name, float[] vector) {
      vectors.put(name, vector);
      return 0;
    }

    @Override
    public float[] readVector(String name, int length, long crc32c) {
      return vectors.get(name).clone();
    }

    @Override
    public void deleteVectorsExcept(Set<String> names) {
      vectors.keySet().retainAll(names);
    }
  }
}
