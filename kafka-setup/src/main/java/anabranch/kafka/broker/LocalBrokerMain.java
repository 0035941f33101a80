// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A local broker as a program, with a port, a directory and any number of the broker's properties
 * as arguments, {@code name=value}. It says {@link #READY} on standard output when clients can
 * connect, and stops cleanly at a termination signal or at the end of its standard input, so it
 * never outlives the process that started it.
 */
final class LocalBrokerMain {

  /** The line that says that clients can connect. */
  static final String READY = "broker ready";

  private LocalBrokerMain() {}

  public static void main(String[] arguments) throws IOException {
    try {
      LocalBroker broker =
          LocalBroker.start(
              LocalBrokerSettings.keptIn(Path.of(arguments[1]))
                  .withPort(Integer.parseInt(arguments[0]))
                  .withProperties(properties(arguments)));
      Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "close-broker"));
    } catch (BrokerStartException e) {
      System.out.println(e.getMessage());
      System.exit(1);
    }
    System.out.println(READY);
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private static Map<String, String> properties(String[] arguments) {
    return Arrays.stream(arguments, 2, arguments.length)
        .map(argument -> argument.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }
}
