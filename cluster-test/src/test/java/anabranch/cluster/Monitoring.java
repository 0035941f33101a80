// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What dashboard and alert rules ask Prometheus for. */
final class Monitoring {

  private static final Pattern METRIC = Pattern.compile("flink_[A-Za-z0-9_]+");

  private Monitoring() {}

  /** Names of all metrics that the dashboard shows or a rule watches. */
  static Set<String> metrics() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String file :
        new String[] {"prometheus/rules.yml", "grafana/dashboards/federation.json"}) {
      Matcher found =
          METRIC.matcher(Files.readString(Repository.ROOT.resolve("deploy").resolve(file)));
      while (found.find()) {
        names.add(found.group());
      }
    }
    return names;
  }
}
