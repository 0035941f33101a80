// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DoctorPageTest {

  private static final Path PAGE = Path.of("..", "docs", "doctor.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| \\*\\*([a-z0-9 ]+)\\*\\* \\|");

  @Test
  void pageTellsOfEveryCheckInItsOrder() throws Exception {
    List<String> told =
        ROW.matcher(Files.readString(PAGE)).results().map(row -> row.group(1)).toList();

    assertThat(told).isEqualTo(Doctor.names());
  }
}
