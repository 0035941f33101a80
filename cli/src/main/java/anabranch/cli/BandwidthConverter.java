// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.link.Bandwidth;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 1mbit}. */
final class BandwidthConverter implements ITypeConverter<Bandwidth> {

  @Override
  public Bandwidth convert(String text) {
    try {
      return Bandwidth.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
