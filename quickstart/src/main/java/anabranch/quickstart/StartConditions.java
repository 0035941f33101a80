// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a quickstart needs of its machine, looked at before anything starts. Each method throws an
 * {@link IllegalStateException} that says what is missing and what to do.
 */
final class StartConditions {

  private static final long MIB = 1 << 20;

  // The default run has been seen to work with 360 MiB of heap.
  private static final long HEAP_MIB = 256;
  private static final long HEAP_MIB_A_CLIENT = 2;

  /**
   * Copies of the model that a client keeps (received, trained, encoded), and the job of its
   * update.
   */
  private static final long MODELS_A_CLIENT = 3;

  /** What PyTorch, code and Flink's network buffers take beside the heap. */
  private static final long NATIVE_MIB = 700;

  private static final long DISK_MIB = 300;

  private StartConditions() {}

  static void demand(QuickstartSettings settings, long parameters) throws IOException {
    demandFree(settings.webPort(), "the web UI", "--web-port");
    if (settings.brokerPort() != 0) {
      demandFree(settings.brokerPort(), "the broker", "--broker-port");
    }
    long heap = heapMib(settings, parameters * Float.BYTES);
    demandHeap(Runtime.getRuntime().maxMemory(), heap);
    demandMemory(machineMemory(), heap + NATIVE_MIB);
    demandDisk(settings.directory(), (long) settings.rounds() * settings.cohort() * parameters * 4);
    demandWritable(settings.output());
  }

  private static void demandFree(int port, String purpose, String flag) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new IllegalStateException(
          "port %d for %s cannot be had (%s): end what uses it, or choose another by %s"
              .formatted(port, purpose, e.getMessage(), flag),
          e);
    }
  }

  private static long heapMib(QuickstartSettings settings, long modelBytes) {
    int copies = settings.processes() ? settings.cohort() : settings.clients() + settings.cohort();
    return HEAP_MIB
        + settings.clients() * HEAP_MIB_A_CLIENT
        + copies * MODELS_A_CLIENT * modelBytes / MIB;
  }

  static void demandHeap(long bytes, long neededMib) {
    if (bytes < neededMib * MIB) {
      throw new IllegalStateException(
          ("this JVM may use %d MB of heap, these clients and this model need %d MB: set it by"
                  + " ANABRANCH_JAVA_OPTS=-Xmx%dm, or simulate fewer --clients")
              .formatted(bytes / MIB, neededMib, Math.max(1_024, neededMib * 5 / 4)));
    }
  }

  static void demandMemory(long bytes, long neededMib) {
    if (bytes < neededMib * MIB) {
      throw new IllegalStateException(
          ("this machine or container has %d MB of memory, these clients and this model need %d MB:"
                  + " give it more, or simulate fewer --clients")
              .formatted(bytes / MIB, neededMib));
    }
  }

  private static long machineMemory() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /** The broker keeps all updates of a run. */
  private static void demandDisk(Path directory, long updateBytes) throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace();
    long needed = updateBytes + DISK_MIB * MIB;
    if (free < needed) {
      throw new IllegalStateException(
          ("%s has %d MB of free space, these rounds need up to %d MB: free some, run fewer --rounds,"
                  + " or choose another place by ANABRANCH_JAVA_OPTS=-Djava.io.tmpdir=FOLDER")
              .formatted(directory.getParent(), free / MIB, needed / MIB));
    }
  }

  private static void demandWritable(Path output) {
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw cannotWrite(output, e.toString(), e);
    }
    if (!Files.isWritable(output)) {
      throw cannotWrite(output, "it may not be written to", null);
    }
  }

  private static IllegalStateException cannotWrite(Path output, String why, IOException cause) {
    return new IllegalStateException(
        "%s cannot take the model and the report (%s): choose another folder by --output"
            .formatted(output, why),
        cause);
  }
}
