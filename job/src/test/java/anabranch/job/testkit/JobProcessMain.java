// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.job.Main;
import anabranch.job.config.FederationConfigLoader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs the job on a cluster in this JVM until it is killed, or until its parent is. */
final class JobProcessMain {

  private JobProcessMain() {}

  /**
   * @param args parallelism, then settings of the configuration
   */
  public static void main(String[] args) throws Exception {
    endWithParent();
    Configuration cluster = new Configuration();
    cluster.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    cluster.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(Integer.parseInt(args[0]), cluster);
    List<String> settings = List.of(args).subList(1, args.length);
    Main.define(env, FederationConfigLoader.load(null, settings), /* rollback= */ false);
    env.execute();
  }

  /** The pipe to the parent ends when the parent does. */
  private static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // A broken pipe says the same as a closed one.
              }
              Runtime.getRuntime().halt(1);
            });
    watch.setDaemon(true);
    watch.start();
  }
}
