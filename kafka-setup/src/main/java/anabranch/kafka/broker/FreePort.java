// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports to listen on.
 *
 * <p>They are drawn from below 32768, where no operating system takes the ports of outgoing
 * connections: those of a client that reconnects to a dead broker could otherwise occupy the
 * broker's own port, and it could not come back.
 */
public final class FreePort {

  private static final int LOWEST = 15_000;
  private static final int BEYOND = 32_768;
  private static final int TRIES = 200;

  private FreePort() {}

  /** A port on which nobody listens now. */
  public static int find() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
      if (isFree(port)) {
        return port;
      }
    }
    throw new BrokerStartException(
        "no free port found between %d and %d in %d tries".formatted(LOWEST, BEYOND - 1, TRIES));
  }

  /** Whether a server could listen on this port of localhost now. */
  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
