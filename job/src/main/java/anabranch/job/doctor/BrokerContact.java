// SPDX-License-Identifier: Apache-2.0
package anabranch.job.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A broker as the cluster advertises it, called from one machine.
 *
 * @param id of the broker
 * @param host that it advertises
 * @param port that it advertises
 * @param problem why it cannot be reached from there; null when it accepts connections
 */
public record BrokerContact(int id, String host, int port, String problem) {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Opens a connection to the address and closes it again. */
  static BrokerContact call(int id, String host, int port) {
    return new BrokerContact(id, host, port, problem(host, port));
  }

  private static String problem(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      return "the name does not resolve";
    }
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) PATIENCE.toMillis());
      return null;
    } catch (SocketTimeoutException e) {
      return "no answer within %d s".formatted(PATIENCE.toSeconds());
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /** The advertised address, {@code host:port}. */
  public String address() {
    return host + ":" + port;
  }

  /** For people: what is wrong. */
  public String complaint() {
    return "broker %d advertises %s: %s".formatted(id, address(), problem);
  }
}
