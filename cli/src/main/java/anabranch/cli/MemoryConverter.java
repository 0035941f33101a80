// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 2gb}. */
final class MemoryConverter implements ITypeConverter<MemorySize> {

  @Override
  public MemorySize convert(String text) {
    try {
      return MemorySize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'%s' is not a number and a unit, such as 512mb or 2gb".formatted(text));
    }
  }
}
