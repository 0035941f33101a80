// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import java.io.PrintStream;

/** A probe as a program: reads its workload, measures and tells. */
final class ProbeMain {

  /** Measures memory. */
  static final String MEMORY = "memory";

  /** Measures time; the number of turns follows. */
  static final String TIME = "time";

  private ProbeMain() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    // What libraries print must not get into the answer.
    System.setOut(System.err);
    Workload workload = ProbeProcess.JSON.readValue(System.in, Workload.class);
    Object answer =
        arguments[0].equals(MEMORY)
            ? StageProbe.increment(workload)
            : StepClock.times(workload, Integer.parseInt(arguments[1]));
    out.println(ProbeProcess.JSON.writeValueAsString(answer));
    out.flush();
    System.exit(0);
  }
}
