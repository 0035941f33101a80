// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The serializers of what goes between operators and into state. */
@State(Scope.Thread)
public class SerializeKernel {

  /** Messages at a time: one takes no longer than it takes to read a clock. */
  static final int BATCH = 64;

  @Param("PAYLOAD_DENSE")
  public Message message;

  private final DataInputDeserializer in = new DataInputDeserializer();
  private DataOutputSerializer out;
  private byte[] bytes;

  @Setup
  public void write() throws IOException {
    bytes = message.toBytes();
    out = new DataOutputSerializer(bytes.length);
  }

  @Benchmark
  public void serialize(Blackhole hole) throws IOException {
    for (int i = 0; i < BATCH; i++) {
      out.clear();
      message.write(out);
      hole.consume(out.length());
    }
  }

  @Benchmark
  public void deserialize(Blackhole hole) throws IOException {
    for (int i = 0; i < BATCH; i++) {
      in.setBuffer(bytes);
      hole.consume(message.read(in));
    }
  }
}
