// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Tensor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model in the safetensors format, which Python's {@code safetensors} and most frameworks read:
 * the header's length as a little-endian 64-bit number, the header as a JSON object (name to dtype,
 * shape and byte range), then the values, little-endian and without gaps. Equal models give equal
 * bytes.
 *
 * <p>Tensors keep the manifest's names, shapes and order. Only the deployed model is in it: neither
 * blocks that only earlier stages of block-wise training need, nor tensors of role {@code
 * AUXILIARY}, nor those of role {@code LOCAL}, which never leave their client.
 *
 * @param bytes of the whole file
 */
public record SafetensorsFile(byte[] bytes) {

  /**
   * The format wants the values to begin at a multiple of this; the header is filled with blanks.
   */
  private static final int ALIGNMENT = 8;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A version, with its federation, version and architecture as metadata. */
  public static SafetensorsFile of(GlobalModel model) {
    return of(
        model.manifest(),
        model.weights(),
        Map.of(
            "federation", model.announcement().federation(),
            "version", Long.toString(model.version()),
            "architecture", model.manifest().architecture()));
  }

  /**
   * @param manifest of the model
   * @param weights flat vectors of all deployed blocks, by block index
   * @param metadata what else the header says, as text, sorted by key
   * @throws IllegalArgumentException if a block is missing or has not the manifest's length, or the
   *     model has more than 2 GB
   */
  public static SafetensorsFile of(
      ModelManifest manifest, Map<Integer, float[]> weights, Map<String, String> metadata) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", new TreeMap<>(metadata));
    long end = 0;
    for (int index : manifest.deployedBlocks()) {
      Block block = manifest.blocks().get(index);
      requireFitting(manifest, block, weights.get(index));
      for (Tensor tensor : block.tensors()) {
        if (isDeployed(tensor)) {
          long begin = end;
          end += (long) Float.BYTES * tensor.size();
          header.put(tensor.name(), entry(tensor, begin, end));
        }
      }
    }
    byte[] head = padded(header);
    if (end + head.length + Long.BYTES > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s takes %,d bytes, more than 2 GB are not written"
              .formatted(manifest.architecture(), end));
    }
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + head.length + (int) end).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(head.length).put(head);
    for (int index : manifest.deployedBlocks()) {
      putValues(manifest.blocks().get(index), weights.get(index), file);
    }
    return new SafetensorsFile(file.array());
  }

  private static boolean isDeployed(Tensor tensor) {
    return tensor.role().travels() && tensor.role() != Role.AUXILIARY;
  }

  private static void requireFitting(ModelManifest manifest, Block block, float[] vector) {
    if (vector == null || vector.length != block.size()) {
      throw new IllegalArgumentException(
          "block '%s' of %s has %d values, given are %s"
              .formatted(
                  block.name(),
                  manifest.architecture(),
                  block.size(),
                  vector == null ? "none" : vector.length));
    }
  }

  private static Map<String, Object> entry(Tensor tensor, long begin, long end) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("dtype", "F32");
    entry.put("shape", tensor.shape());
    entry.put("data_offsets", List.of(begin, end));
    return entry;
  }

  private static byte[] padded(Map<String, Object> header) {
    try {
      byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
      int length = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      byte[] padded = Arrays.copyOf(json, length);
      Arrays.fill(padded, json.length, length, (byte) ' ');
      return padded;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void putValues(Block block, float[] vector, ByteBuffer file) {
    for (Tensor tensor : block.tensors()) {
      if (isDeployed(tensor)) {
        int bytes = Float.BYTES * tensor.size();
        file.slice()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .put(vector, tensor.offset(), tensor.size());
        file.position(file.position() + bytes);
      }
    }
  }

  /**
   * Writes the file, over one that is there.
   *
   * @throws IOException if it cannot be written
   */
  public void writeTo(Path file) throws IOException {
    Files.write(file, bytes);
  }
}
