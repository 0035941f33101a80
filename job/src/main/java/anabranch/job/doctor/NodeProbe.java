// SPDX-License-Identifier: Apache-2.0
package anabranch.job.doctor;

import anabranch.job.doctor.NodeReport.FolderReport;
import anabranch.udf.similarity.Nd4jCheck;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.kafka.common.KafkaException;

/** Looks around on one machine of a Flink cluster, as the job's own code would. */
final class NodeProbe implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Duration MARKER_PATIENCE = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 100;
  private static final byte[] CONTENT = "anabranch doctor".getBytes(StandardCharsets.UTF_8);

  /** URI of the checkpoint folder; null without one. */
  private final String checkpoints;

  /** How the names of this look around's files begin. */
  private final String prefix;

  private final HashMap<String, String> kafka;

  /**
   * @param id that no other look around has
   * @param checkpoints URI of the checkpoint folder, or null
   * @param kafka properties of Kafka clients, with the bootstrap servers
   */
  NodeProbe(String id, String checkpoints, Map<String, String> kafka) {
    this.checkpoints = checkpoints;
    this.prefix = "anabranch-doctor-" + id;
    this.kafka = new HashMap<>(kafka);
  }

  /**
   * Looks around.
   *
   * @param subtask as in {@link NodeReport}
   * @param awaitMarker whether the JobManager's marker should be in the checkpoint folder
   */
  NodeReport run(int subtask, boolean awaitMarker) {
    long began = System.currentTimeMillis();
    FolderReport found = checkpoints == null ? null : lookAtFolder(subtask, awaitMarker);
    String kafkaProblem = null;
    List<BrokerContact> unreachable = List.of();
    try {
      unreachable = AdvertisedBrokers.call(kafka).unreachable();
    } catch (KafkaException e) {
      kafkaProblem = root(e).getMessage();
    }
    return new NodeReport(
        subtask,
        hostName(),
        System.getProperty("java.version"),
        EnvironmentInformation.getVersion(),
        began,
        System.currentTimeMillis(),
        found,
        nd4jProblem(),
        kafkaProblem,
        unreachable);
  }

  private FolderReport lookAtFolder(int subtask, boolean awaitMarker) {
    try {
      Path file = new Path(checkpoints, prefix + "-of-" + subtask);
      FileSystem files = file.getFileSystem();
      write(files, file);
      byte[] read = new byte[CONTENT.length];
      try (FSDataInputStream in = files.open(file)) {
        in.readNBytes(read, 0, read.length);
      }
      String problem = Arrays.equals(read, CONTENT) ? null : "what was written reads differently";
      boolean shared = !awaitMarker || seesMarker(files);
      if (!files.delete(file, /* recursive= */ false)) {
        problem = "%s cannot be deleted".formatted(file);
      }
      return new FolderReport(problem, freeBytes(files), shared);
    } catch (IOException | RuntimeException e) {
      Throwable root = root(e);
      // Of a file system's failures the message is often the path alone.
      return new FolderReport(
          "%s: %s".formatted(root.getClass().getSimpleName(), root.getMessage()), -1, true);
    }
  }

  private boolean seesMarker(FileSystem files) throws IOException {
    long deadline = System.nanoTime() + MARKER_PATIENCE.toNanos();
    while (!files.exists(marker())) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /** Puts a file into the folder, for every TaskManager to see. */
  void leaveMarker() throws IOException {
    write(marker().getFileSystem(), marker());
  }

  /** Takes it away again. */
  void removeMarker() throws IOException {
    marker().getFileSystem().delete(marker(), /* recursive= */ false);
  }

  private Path marker() {
    return new Path(checkpoints, prefix + "-marker");
  }

  private static void write(FileSystem files, Path file) throws IOException {
    files.mkdirs(file.getParent());
    try (FSDataOutputStream out = files.create(file, WriteMode.OVERWRITE)) {
      out.write(CONTENT);
    }
  }

  private long freeBytes(FileSystem files) {
    return files.isDistributedFS()
        ? -1
        : new File(new Path(checkpoints).getPath()).getUsableSpace();
  }

  private static String nd4jProblem() {
    try {
      Nd4jCheck.demand("report.similarity");
      return null;
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
