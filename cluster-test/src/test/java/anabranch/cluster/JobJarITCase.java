// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the jar that users submit has in it, and what it must not have. */
class JobJarITCase {

  private static List<String> classes;
  private static String mainClass;

  @BeforeAll
  static void readJar() throws IOException {
    Path path = Repository.ROOT.resolve(Repository.JOB_JAR);
    classes = classesOf(path);
    try (JarFile jar = new JarFile(path.toFile())) {
      mainClass = jar.getManifest().getMainAttributes().getValue("Main-Class");
    }
  }

  private static List<String> classesOf(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      return jar.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
          .filter(name -> !name.equals("module-info.class"))
          .toList();
    }
  }

  @Test
  void hasTheJobAndItsKafkaConnector() {
    assertThat(classes)
        .contains(
            mainClass.replace('.', '/') + ".class",
            "anabranch/udf/operator/AggregateFunction.class",
            "org/apache/flink/connector/kafka/sink/KafkaSink.class",
            "org/apache/kafka/clients/producer/KafkaProducer.class");
  }

  @Test
  void hasNothingThatFlinkBrings() throws IOException {
    Set<String> flinks = new HashSet<>();
    try (Stream<Path> jars = Files.list(Path.of("target", "flink", "lib"))) {
      for (Path jar : jars.toList()) {
        // What Flink's class loader takes from the cluster in any case is its own and logging.
        if (jar.getFileName().toString().matches("(flink|slf4j|log4j)-.*")) {
          flinks.addAll(classesOf(jar));
        }
      }
    }
    assertThat(flinks).contains("org/apache/flink/runtime/jobmaster/JobMaster.class");

    assertThat(classes).doesNotContainAnyElementsOf(flinks);
  }

  @Test
  void hasNoNativeMathematics() {
    assertThat(classes)
        .noneMatch(name -> name.startsWith("org/nd4j/"))
        .noneMatch(name -> name.startsWith("org/bytedeco/"))
        .noneMatch(name -> name.startsWith("ai/djl/"));
  }
}
