// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Fields;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes {@link Draft}. */
public final class DraftSerializer extends ImmutableSerializer<Draft> {

  private static final int WITHOUT_REBUILT = 0;

  public static final DraftSerializer INSTANCE = new DraftSerializer();

  private DraftSerializer() {
    super(1);
  }

  @Override
  void write(Draft message, DataOutputView out) throws IOException {
    Fields.writeArray(Records.encode(message.announcement()), out);
    Fields.writeArray(message.report() == null ? null : Records.encode(message.report()), out);
    writeBlocks(message.awaited(), out);
    writeBlocks(message.rebuilt(), out);
  }

  @Override
  Draft read(int format, DataInputView in) throws IOException {
    Announcement announcement = Records.decodeAnnouncement(Fields.readArray(in));
    byte[] report = Fields.readArray(in);
    return new Draft(
        announcement,
        report == null ? null : Records.decodeRoundReport(report),
        readBlocks(in),
        format == WITHOUT_REBUILT ? List.of() : readBlocks(in));
  }

  private static void writeBlocks(List<Integer> blocks, DataOutputView out) throws IOException {
    Fields.writeInts(blocks.stream().mapToInt(Integer::intValue).toArray(), out);
  }

  private static List<Integer> readBlocks(DataInputView in) throws IOException {
    return IntStream.of(Fields.readInts(in)).boxed().toList();
  }

  @Override
  public TypeSerializerSnapshot<Draft> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What a savepoint keeps of this serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Draft> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
