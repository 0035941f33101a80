// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.CompilerControl;
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
  public void prepare() throws IOException {
    bytes = message.toBytes();
    out = new DataOutputSerializer(bytes.length);
  }

  @Benchmark
  public void serialize(Blackhole hole) throws IOException {
    for (int i = 0; i < BATCH; i++) {
      hole.consume(write());
    }
  }

  /** Not inlined, since of equal writes to the same place the compiler keeps one. */
  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private int write() throws IOException {
    out.clear();
    message.write(out);
    return out.length();
  }

  @Benchmark
  public void deserialize(Blackhole hole) throws IOException {
    for (int i = 0; i < BATCH; i++) {
      hole.consume(read());
    }
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private Object read() throws IOException {
    in.setBuffer(bytes);
    return message.read(in);
  }
}
