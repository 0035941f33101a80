// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.List;
import java.util.stream.Stream;

/** The table of all keys: what is read, checked, defaulted and documented is what stands here. */
final class ConfigKeys {

  private static final List<ConfigKey<?>> ALL =
      Stream.of(
              FederationKeys.TABLE,
              RoundKeys.TABLE,
              ClientKeys.TABLE,
              EncodingKeys.TABLE,
              DownlinkKeys.TABLE,
              ScheduleKeys.TABLE,
              OperationKeys.TABLE)
          .<ConfigKey<?>>flatMap(table -> table.keys().stream())
          .toList();

  private ConfigKeys() {}

  /** All keys in the order of the documentation. */
  static List<ConfigKey<?>> all() {
    return ALL;
  }
}
