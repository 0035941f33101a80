// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays a model's tensors out in the flat vectors of their blocks and cuts these into segments.
 *
 * <p>A block's vector holds its tensors in the given order, but first all of role {@link
 * Role#PARAMETER}, then {@link Role#AUXILIARY}, then {@link Role#BUFFER}. A segment lies inside one
 * block and one role and has at most {@link Segment#MAX_LENGTH} elements. Tensors share a segment
 * while they fit; a tensor that is longer than a segment is cut between rows, its slices along the
 * first axis, unless a single row is longer than a segment.
 */
public final class Segmenter {

  private static final List<Role> ORDER = List.of(Role.PARAMETER, Role.AUXILIARY, Role.BUFFER);

  private final List<Block> blocks = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private Segmenter() {}

  /**
   * A tensor before it has a place.
   *
   * @param name unique in the model
   * @param shape lengths of the axes, each at least 1; empty for a scalar
   * @param role what the tensor is to the federation
   */
  public record TensorShape(String name, List<Integer> shape, Role role) {}

  /**
   * A block before its tensors have places.
   *
   * @param name unique in the model
   * @param tensors at least one of which travels
   */
  public record BlockShape(String name, List<TensorShape> tensors) {}

  /**
   * The manifest of a model that declares no stages, else as {@link #manifest(String, Map, int,
   * List, List)}.
   */
  public static ModelManifest manifest(
      String architecture, Map<String, String> settings, int ring, List<BlockShape> shapes) {
    return manifest(architecture, settings, ring, shapes, List.of());
  }

  /**
   * The manifest of a model.
   *
   * @param architecture name by which clients build the network
   * @param settings what the architecture needs to be built, as text
   * @param ring number of versions that stay on the model topic, at least 2
   * @param shapes the blocks, in order
   * @param stages of block-wise training, in order, empty when there are none
   * @throws IllegalArgumentException if a name is used twice, an axis is shorter than 1, a block
   *     has nothing that travels, or a stage names a block that is none
   * @throws ArithmeticException if a block has 2^31 elements or more
   */
  public static ModelManifest manifest(
      String architecture,
      Map<String, String> settings,
      int ring,
      List<BlockShape> shapes,
      List<Stage> stages) {
    Segmenter segmenter = new Segmenter();
    shapes.forEach(segmenter::add);
    return new ModelManifest(
        architecture, settings, ring, segmenter.blocks, segmenter.segments, stages);
  }

  private void add(BlockShape shape) {
    claim("block", shape.name());
    shape.tensors().forEach(this::check);
    int block = blocks.size();
    List<Tensor> placed = new ArrayList<>();
    int offset = 0;
    for (Role role : ORDER) {
      Cut cut = new Cut(block, role, offset);
      for (TensorShape tensor : shape.tensors()) {
        if (tensor.role() == role) {
          Tensor t = new Tensor(tensor.name(), tensor.shape(), role, cut.end);
          placed.add(t);
          cut.append(t);
        }
      }
      cut.close();
      offset = cut.end;
    }
    if (offset == 0) {
      throw new IllegalArgumentException(
          "block '%s' has no tensor that travels: give its tensors to another block"
              .formatted(shape.name()));
    }
    for (TensorShape tensor : shape.tensors()) {
      if (!tensor.role().travels()) {
        placed.add(new Tensor(tensor.name(), tensor.shape(), tensor.role(), -1));
      }
    }
    blocks.add(new Block(block, shape.name(), placed));
  }

  private void check(TensorShape tensor) {
    claim("tensor", tensor.name());
    if (tensor.shape().stream().anyMatch(axis -> axis < 1)) {
      throw new IllegalArgumentException(
          "tensor '%s' has the shape %s, every axis must be at least 1"
              .formatted(tensor.name(), tensor.shape()));
    }
  }

  private void claim(String kind, String name) {
    if (!names.add(kind + " " + name)) {
      throw new IllegalArgumentException(
          "%s '%s' appears twice, names must be unique in the model".formatted(kind, name));
    }
  }

  /** Cuts the tensors of one role, which come one after the other. */
  private final class Cut {

    private final int block;
    private final Role role;
    private int start;
    private int end;

    Cut(int block, Role role, int start) {
      this.block = block;
      this.role = role;
      this.start = start;
      this.end = start;
    }

    void append(Tensor tensor) {
      int size = tensor.size();
      Math.addExact(end, size);
      if (size > Segment.MAX_LENGTH - (end - start)) {
        close();
      }
      int row = tensor.shape().isEmpty() ? 1 : size / tensor.shape().get(0);
      int most = row > Segment.MAX_LENGTH ? Segment.MAX_LENGTH : Segment.MAX_LENGTH / row * row;
      for (int left = size; left > Segment.MAX_LENGTH; left -= most) {
        end += most;
        close();
      }
      end = tensor.offset() + size;
    }

    void close() {
      if (end > start) {
        segments.add(new Segment(segments.size(), block, role, start, end - start));
        start = end;
      }
    }
  }
}
