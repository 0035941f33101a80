// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import java.nio.file.Path;

/** Where clients keep their state unless they are told. */
final class StateFolder {

  private StateFolder() {}

  /** A folder of its own for each client, where the XDG base directories put state. */
  static Path of(String federation, String clientId) {
    String xdg = System.getenv("XDG_STATE_HOME");
    Path states =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(xdg);
    // A client may be called "..".
    return states.resolve("anabranch").resolve(federation).resolve("client-" + clientId);
  }
}
