// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import java.util.List;
import org.apache.flink.runtime.util.EnvironmentInformation;

/**
 * Whether Flink answers and is of the version that the job was built with. Between minor versions
 * methods that the job and its connector call may move, which shows when the job starts.
 */
final class FlinkVersionCheck implements Check {

  @Override
  public String name() {
    return "flink";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    String found;
    try {
      found = examination.flink().overview().path("flink-version").asText();
    } catch (NotCheckedException e) {
      if (!examination.flink().isGiven()) {
        throw e;
      }
      return Finding.failed(
          name(), e.getMessage(), "start the cluster, or name its REST address by --flink");
    }
    String built = EnvironmentInformation.getVersion();
    String both = "version %s, the job was built with %s".formatted(found, built);
    Problems problems = new Problems();
    if (!release(found, 1).equals(release(built, 1))) {
      problems.failed(both, "run the job on Flink " + built);
    } else if (!release(found, 2).equals(release(built, 2))) {
      problems.warning(both, "only Flink %s is tested".formatted(built));
    }
    return problems.orOk(name(), both);
  }

  private static List<String> release(String version, int parts) {
    List<String> all = List.of(version.split("[.-]"));
    return all.subList(0, Math.min(parts, all.size()));
  }
}
