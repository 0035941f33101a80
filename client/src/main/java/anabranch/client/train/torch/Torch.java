// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;

/** The PyTorch engine, set up once a JVM so that it never uses the network. */
final class Torch {

  private static final String NAME = "PyTorch";

  /** Initialised when first used, by the JVM's own lock. */
  private static final class Holder {
    static final Engine ENGINE = load();
  }

  private Torch() {}

  static Engine engine() {
    return Holder.ENGINE;
  }

  /** A manager of its own on the CPU; whoever opens it closes it. */
  static NDManager openManager() {
    return engine().newBaseManager(Device.cpu());
  }

  private static Engine load() {
    // DJL would report its use and could download libraries: everything it needs is in the jars.
    setUnlessGiven("ai.djl.offline", "true", "DJL_OFFLINE");
    setUnlessGiven("OPT_OUT_TRACKING", "true", "OPT_OUT_TRACKING");
    // It unpacks 450 MB of native libraries once and keeps them there.
    setUnlessGiven("DJL_CACHE_DIR", cacheFolder().toString(), "DJL_CACHE_DIR");
    // Small nets gain little from a second thread, and where cores are busy otherwise (a broker and
    // a job in the same machine) threads that wait for each other make a step ten times slower.
    // With one, results do not depend on the number of cores either.
    setUnlessGiven("ai.djl.pytorch.num_threads", "1", null);
    // Speeds up only scripted graphs, which are not used here, and warns at every start.
    setUnlessGiven("ai.djl.pytorch.graph_optimizer", "false", null);
    return Engine.getEngine(NAME);
  }

  private static Path cacheFolder() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return caches.resolve("anabranch").resolve("djl");
  }

  private static void setUnlessGiven(String property, String value, String environment) {
    boolean given = environment != null && System.getenv(environment) != null;
    if (!given && System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
