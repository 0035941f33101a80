// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.link.Traffic;
import anabranch.client.memory.NativeMemory;
import anabranch.client.round.ParticipantListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member in a JVM of its own. */
final class ProcessMember implements FleetMember {

  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
  private static final int LEAVE_SECONDS = 20;

  /** Exit code of a process that Ctrl-C in a terminal ended together with the one that began it. */
  private static final int INTERRUPTED = 130;

  private final String clientId;
  private final Process process;
  private final ParticipantListener listener;
  private final Thread ear;
  private volatile boolean leaving;
  private volatile Traffic traffic = Traffic.NONE;
  private boolean hasStopped;

  private ProcessMember(String clientId, Process process, ParticipantListener listener) {
    this.clientId = clientId;
    this.process = process;
    this.listener = listener;
    this.ear = new Thread(this::listen, "fleet-" + clientId);
    ear.setDaemon(true);
  }

  static ProcessMember start(MemberOrders orders, int heapMegabytes, ParticipantListener listener) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Where PyTorch is kept may have been said by a property.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-D"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(MemberMain.class.getName());
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
      NativeMemory.settle(builder.environment());
      Process process = builder.start();
      ProcessMember member = new ProcessMember(orders.clientId(), process, listener);
      member.ear.start();
      member.give(orders);
      return member;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the process of %s did not start".formatted(orders.clientId()), e);
    }
  }

  private void give(MemberOrders orders) {
    try {
      process
          .getOutputStream()
          .write((MemberJson.write(orders) + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // It has ended already, and whoever listens hears of that.
      LOG.debug("{} took no orders", clientId, e);
    }
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        MemberEvent event = MemberJson.readEvent(line);
        if (event instanceof MemberEvent.Traffic told) {
          traffic = told.total();
        }
        hasStopped |= event instanceof MemberEvent.Stopped;
        event.tell(listener);
      }
      int code = process.waitFor();
      if (!leaving && !hasStopped && code != INTERRUPTED) {
        listener.stopped(
            new MemberFailure(
                "the process of %s (%d) ended by itself with code %d"
                    .formatted(clientId, process.pid(), code)));
      }
    } catch (IOException | IllegalArgumentException e) {
      listener.stopped(e);
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void leave() {
    leaving = true;
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("{} has ended already", clientId, e);
    }
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public void close() {
    leave();
    try {
      if (!process.waitFor(LEAVE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{} does not leave within {} s and is killed", clientId, LEAVE_SECONDS);
        process.destroyForcibly();
      }
      ear.join();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
