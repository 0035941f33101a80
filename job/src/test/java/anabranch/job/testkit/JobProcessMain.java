// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.job.config.FederationConfigLoader;
import anabranch.job.testkit.JobCluster.Run;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** Runs the job on a cluster in this JVM until it is killed, or until its parent is. */
final class JobProcessMain {

  /** What precedes the time, in milliseconds since 1970, when the cluster stood. */
  static final String SUBMITTING = "submitting at ";

  private JobProcessMain() {}

  /**
   * @param args directory of checkpoints, then settings of the configuration
   */
  public static void main(String[] args) throws Exception {
    JobCluster cluster = JobCluster.start(Path.of(args[0]));
    System.out.println(SUBMITTING + System.currentTimeMillis());
    cluster.submit(
        FederationConfigLoader.load(null, List.of(args).subList(1, args.length)), Run.PLAIN.at(2));
    awaitEndOfParent();
    Runtime.getRuntime().halt(0);
  }

  private static void awaitEndOfParent() throws IOException {
    System.in.transferTo(OutputStream.nullOutputStream());
  }
}
