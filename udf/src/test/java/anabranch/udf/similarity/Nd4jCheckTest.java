// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.similarity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class Nd4jCheckTest {

  @Test
  void itIsContentWhereNd4jIs() {
    assertThatCode(() -> Nd4jCheck.demand("report.similarity")).doesNotThrowAnyException();
  }

  @Test
  void itSaysWhereToPutNd4jThatIsMissing() throws Exception {
    URL classes = Nd4jCheck.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader withoutNd4j =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
      Method demand =
          withoutNd4j.loadClass(Nd4jCheck.class.getName()).getMethod("demand", String.class);

      assertThatThrownBy(() -> demand.invoke(null, "report.similarity"))
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("report.similarity needs ND4J")
          .hasMessageContaining("lib/ on every machine");
    }
  }
}
