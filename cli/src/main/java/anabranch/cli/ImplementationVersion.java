// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class ImplementationVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Anabranch.class.getPackage().getImplementationVersion();
    return new String[] {
      "anabranch " + Objects.requireNonNullElse(version, "(not from a jar, so without a version)"),
      "Java " + Runtime.version()
    };
  }
}
