// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Whatever is passed in, a decoder answers with a record or with the exception it declares, and
 * allocates little on the way, whatever numbers the bytes declare.
 */
class HostileBytesTest {

  /** The largest of the records has 260 bytes. */
  private static final long MOST_ALLOCATED = 64_000;

  private interface Decoder {
    Object decode(byte[] bytes) throws MalformedUpdateException;
  }

  private record Target(byte[] record, Decoder decoder) {}

  private static final List<Target> TARGETS =
      List.of(
          new Target(Records.encode(SampleRecords.CHECK_IN), Records::decodeClientCheckIn),
          new Target(Records.encode(SampleRecords.UPDATE), Records::decodeClientUpdate),
          new Target(Records.encode(SampleRecords.ANNOUNCEMENT), Records::decodeAnnouncement),
          new Target(Records.encode(SampleRecords.MANIFEST), Records::decodeModelManifest),
          new Target(Records.encode(SampleRecords.MODEL_SEGMENT), Records::decodeModelSegment),
          new Target(Records.encode(SampleRecords.MODEL_DELTA), Records::decodeModelDelta),
          new Target(Records.encode(SampleRecords.REPORT), Records::decodeRoundReport),
          new Target(Records.encode(SampleRecords.DECISION), Records::decodeStageDecision),
          new Target(Records.encode(SampleRecords.REJECTED), Records::decodeRejectedRecord));

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aRecordCutAtAnyByteIsRefused() {
    for (Target target : TARGETS) {
      for (int length = 0; length < target.record().length; length++) {
        assertThat(refuses(target, Arrays.copyOf(target.record(), length)))
            .as("%d bytes", length)
            .isTrue();
      }
    }
  }

  @Test
  void bytesBehindARecordAreRefused() {
    for (Target target : TARGETS) {
      byte[] longer = Arrays.copyOf(target.record(), target.record().length + 1);
      assertThat(refuses(target, longer)).isTrue();
    }
  }

  @Test
  void aFlippedBitIsReadOrRefused() {
    for (Target target : TARGETS) {
      for (int bit = 0; bit < 8 * target.record().length; bit++) {
        byte[] flipped = target.record().clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        refuses(target, flipped);
      }
    }
  }

  @Test
  void damagedRecordsAreReadOrRefused() {
    SplittableRandom random = new SplittableRandom(11);
    for (int run = 0; run < 200_000; run++) {
      Target target = TARGETS.get(random.nextInt(TARGETS.size()));
      byte[] damaged = target.record().clone();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        int at =
            RecordFormat.HEADER_BYTES + random.nextInt(damaged.length - RecordFormat.HEADER_BYTES);
        damaged[at] = (byte) random.nextInt();
      }
      refuses(target, damaged);
    }
  }

  @Test
  void randomBytesBehindAGoodHeaderAreReadOrRefused() {
    SplittableRandom random = new SplittableRandom(12);
    for (int run = 0; run < 200_000; run++) {
      Target target = TARGETS.get(random.nextInt(TARGETS.size()));
      byte[] bytes = Arrays.copyOf(target.record(), random.nextInt(200));
      for (int i = RecordFormat.HEADER_BYTES; i < bytes.length; i++) {
        // Small numbers are lengths that nearly fit.
        bytes[i] = (byte) (random.nextInt() >> random.nextInt(24, 32));
      }
      refuses(target, bytes);
    }
  }

  @Test
  void randomBytesAreRefused() {
    SplittableRandom random = new SplittableRandom(13);
    for (int run = 0; run < 20_000; run++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      for (Target target : TARGETS) {
        assertThat(refuses(target, bytes)).isTrue();
      }
    }
  }

  @Test
  void aTombstoneIsRefused() {
    TARGETS.forEach(target -> assertThat(refuses(target, null)).isTrue());
  }

  private boolean refuses(Target target, byte[] bytes) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean refused = answers(target, bytes);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    // Again, since the JVM loads classes on the way, the last of them with the second exception.
    for (int again = 0; again < 2 && allocated > MOST_ALLOCATED; again++) {
      before = THREADS.getCurrentThreadAllocatedBytes();
      answers(target, bytes);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated).isLessThan(MOST_ALLOCATED);
    return refused;
  }

  /** Whether the exception came that is declared; lets every other through. */
  private static boolean answers(Target target, byte[] bytes) {
    try {
      target.decoder().decode(bytes);
      return false;
    } catch (MalformedUpdateException e) {
      return e.reason() == Reason.UNREADABLE;
    } catch (UnreadableRecordException e) {
      return true;
    }
  }
}
