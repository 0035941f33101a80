// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

/** Sizes in MiB, as people read them and as the configuration takes them. */
final class Mebibytes {

  private static final long MEBIBYTE = 1 << 20;

  private Mebibytes() {}

  /** With one digit behind the point. */
  static String of(long bytes) {
    return "%.1f".formatted((double) bytes / MEBIBYTE);
  }

  /** Rounded up, with the unit. */
  static String setting(long bytes) {
    return (bytes + MEBIBYTE - 1) / MEBIBYTE + "mb";
  }
}
