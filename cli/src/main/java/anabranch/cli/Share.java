// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * One of the shares of a data set.
 *
 * @param number from 1 to {@code of}
 * @param of number of all shares
 */
record Share(int number, int of) {

  /** Reads {@code 2/10}. */
  static final class Converter implements ITypeConverter<Share> {

    @Override
    public Share convert(String text) {
      String[] parts = text.split("/", -1);
      try {
        Share share = new Share(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        if (parts.length == 2 && share.number >= 1 && share.number <= share.of) {
          return share;
        }
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        // The message below says what is expected.
      }
      throw new TypeConversionException(
          "share '%s' is not I/N with I from 1 to N, such as 2/10".formatted(text));
    }
  }
}
