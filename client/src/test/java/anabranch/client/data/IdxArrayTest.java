// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxArrayTest {

  private static final byte[] TWO_BY_THREE = {
    0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 7, (byte) 200, 0, 1, 2, 3
  };

  @Test
  void plainAndGzippedBytesAreTheSameArray() throws IOException {
    for (byte[] file : new byte[][] {TWO_BY_THREE, gzip(TWO_BY_THREE)}) {
      IdxArray array = read(file);

      assertThat(array.shape()).containsExactly(2, 3);
      assertThat(array.values()).containsExactly(7, 200, 0, 1, 2, 3);
    }
  }

  @Test
  void cutOffAnywhereItIsRefusedByName() throws IOException {
    for (byte[] whole : new byte[][] {TWO_BY_THREE, gzip(TWO_BY_THREE)}) {
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatIOException().isThrownBy(() -> read(cut)).withMessageContaining("labels ");
      }
    }
  }

  @Test
  void flippedBitsGiveAnArrayOfTheRightSizeOrAnErrorThatNamesTheFile() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (byte[] whole : new byte[][] {TWO_BY_THREE, gzip(TWO_BY_THREE)}) {
      for (int i = 0; i < 20_000; i++) {
        byte[] damaged = whole.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        try {
          IdxArray array = read(damaged);
          assertThat(array.shape().stream().reduce(1, Math::multiplyExact))
              .isEqualTo(array.values().length);
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("labels ");
        }
      }
    }
  }

  @Test
  void hugeDeclaredSizesAllocateNothing() {
    byte[] twoBillion = {0, 0, 8, 1, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xf0, 1, 2, 3};
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    assertThatIOException().isThrownBy(() -> read(twoBillion)).withMessageContaining("cut off");

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void axesOfNoLengthAreImpossible(int length) {
    byte[] file = {
      0, 0, 8, 1, (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length
    };

    assertThatIOException().isThrownBy(() -> read(file)).withMessageContaining("impossible shape");
  }

  @Test
  void foreignFilesAreToldApart() {
    byte[] zip = {'P', 'K', 3, 4, 0};
    byte[] floats = {0, 0, 13, 1, 0, 0, 0, 0};
    byte[] longer = Arrays.copyOf(TWO_BY_THREE, TWO_BY_THREE.length + 1);

    for (byte[] foreign : new byte[][] {zip, floats}) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> read(foreign))
          .withMessageContaining("labels is no IDX file of unsigned bytes");
    }
    assertThatIOException()
        .isThrownBy(() -> read(longer))
        .withMessageContaining("bytes after its last value");
  }

  private static IdxArray read(byte[] file) throws IOException {
    DataFiles files = name -> new ByteArrayInputStream(file);
    return files.read("labels", IdxArray::read);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }
}
