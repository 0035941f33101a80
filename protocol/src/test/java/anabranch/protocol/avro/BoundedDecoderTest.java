// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BoundedDecoderTest {

  @Test
  void numbersOfAnyLengthAreRead() {
    assertThat(over(0x00).readLong()).isZero();
    assertThat(over(0x01).readLong()).isEqualTo(-1);
    assertThat(over(0xFE, 0xFF, 0xFF, 0xFF, 0x0F).readInt()).isEqualTo(Integer.MAX_VALUE);
    assertThat(over(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01).readLong())
        .isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void numbersThatAreTooLongOrUnfinishedAreRefused() {
    refuses(
        () -> over(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02).readLong(),
        "64 bits");
    refuses(
        () -> over(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0).readLong(),
        "64 bits");
    refuses(() -> over(0x80, 0x80, 0x80, 0x80, 0x10).readInt(), "2147483648");
    refuses(() -> over(0x80).readLong(), "unfinished");
    refuses(() -> over().readDouble(), "a double of 8 bytes at byte 0, where 0 are left");
  }

  @Test
  void aByteFieldIsAWindowOnTheArray() {
    byte[] bytes = {4, 7, 8, 9};
    ByteBuffer field = new BoundedDecoder(bytes, 0, 4, 0, 0).readBytes(null);
    assertThat(field.array()).isSameAs(bytes);
    assertThat(field.position()).isEqualTo(1);
    assertThat(field.remaining()).isEqualTo(2);
  }

  @Test
  void aLengthBeyondTheEndIsRefusedBeforeAnythingIsAllocated() {
    // 2^30 and -2 as lengths.
    refuses(() -> over(0x80, 0x80, 0x80, 0x80, 0x08).readBytes(null), "1073741824 bytes");
    refuses(() -> over(0x80, 0x80, 0x80, 0x80, 0x08).readString(null), "1073741824 bytes");
    refuses(() -> over(0x80, 0x80, 0x80, 0x80, 0x08).skipString(), "1073741824 bytes");
    refuses(() -> over(0x03).readString(), "-2 bytes");
    refuses(() -> over(0x80, 0x80, 0x80, 0x80, 0x08).readArrayStart(), "1073741824 items");
  }

  @Test
  void itemsAreCountedOverAllBlocks() {
    byte[] bytes = {4, 1, 1, 2, 1, 0, 0};
    BoundedDecoder enough = new BoundedDecoder(bytes, 0, bytes.length, 0, 3);
    assertThat(enough.readArrayStart()).isEqualTo(2);
    enough.skipFixed(2);
    assertThat(enough.arrayNext()).isEqualTo(1);
    BoundedDecoder tooFew = new BoundedDecoder(bytes, 0, bytes.length, 0, 2);
    tooFew.readMapStart();
    tooFew.skipFixed(2);
    refuses(tooFew::mapNext, "a block of 1 items, 1 too many,");
  }

  @Test
  void blocksWithASizeAreReadAndSkipped() {
    // -2 items, 3 bytes, the items, no further block.
    assertThat(over(0x03, 0x06, 1, 2, 3, 0).readArrayStart()).isEqualTo(2);
    BoundedDecoder skipping = over(0x03, 0x06, 1, 2, 3, 0);
    assertThat(skipping.skipMap()).isZero();
    skipping.expectEnd();
    refuses(() -> over(0x03, 0x08, 1, 2, 3).readMapStart(), "a block of 4 bytes");
    refuses(() -> over(0x03, 0x08, 1, 2, 3).skipArray(), "a block of 4 bytes");
    // Long.MIN_VALUE has no positive counterpart.
    refuses(
        () -> over(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0).readArrayStart(),
        "items");
  }

  private static BoundedDecoder over(int... values) {
    byte[] bytes = SampleRecords.bytes(values).array();
    return new BoundedDecoder(bytes, 0, bytes.length, 0, Integer.MAX_VALUE);
  }

  private static void refuses(Runnable read, String message) {
    assertThatExceptionOfType(UnreadableRecordException.class)
        .isThrownBy(read::run)
        .withMessageContaining(message);
  }
}
