// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import java.io.IOException;
import java.io.OutputStream;

/** Runs another program in this JVM, which ends with the process that started it. */
final class ChildMain {

  private ChildMain() {}

  /**
   * @param arguments name of the program's main class, then the program's own arguments
   */
  public static void main(String[] arguments) throws Exception {
    Thread watch = new Thread(ChildMain::awaitEndOfParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    String[] own = new String[arguments.length - 1];
    System.arraycopy(arguments, 1, own, 0, own.length);
    Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) own);
  }

  private static void awaitEndOfParent() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A broken pipe says the same as its end.
    }
    Runtime.getRuntime().halt(0);
  }
}
