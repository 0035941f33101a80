// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.similarity;

/** Tells whether ND4J is there for those federations that need it. */
public final class Nd4jCheck {

  private static final String PROBE = "org.nd4j.linalg.factory.Nd4j";

  private Nd4jCheck() {}

  /**
   * @param key the configuration key that needs it
   * @throws IllegalStateException if it is absent; the message says where to put it
   */
  public static void demand(String key) {
    try {
      Class.forName(PROBE, false, Nd4jCheck.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          ("%s needs ND4J, which is not on Flink's class path: put the jars of nd4j-native into"
                  + " Flink's lib/ on every machine (never into the job's jar, where each"
                  + " submission would load its native code again), or set %s to false")
              .formatted(key, key),
          e);
    }
  }
}
