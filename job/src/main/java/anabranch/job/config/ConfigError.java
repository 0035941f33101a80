// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param path dotted path of the key, empty when the file as a whole is meant
 * @param origin where the value stands, such as {@code line 7} or {@code --set}; empty when it
 *     stands nowhere
 * @param problem what was found and what is allowed
 */
public record ConfigError(String path, String origin, String problem) {

  @Override
  public String toString() {
    String where = origin.isEmpty() ? "" : origin + ": ";
    return where + (path.isEmpty() ? "" : path + ": ") + problem;
  }
}
