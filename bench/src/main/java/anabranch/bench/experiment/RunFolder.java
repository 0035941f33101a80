// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finished runs, one JSON file each, named by the hash of its settings. Several processes may fill
 * one folder: each takes the runs that nobody else has taken.
 */
public final class RunFolder {

  private static final String JSON = ".json";
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path folder;

  /**
   * @param folder made when the first run is put into it
   */
  public RunFolder(Path folder) {
    this.folder = folder;
  }

  /** Makes the result of a run that is not there. */
  interface Work {
    RunResult run(RunSettings settings) throws Exception;
  }

  /**
   * Runs what is neither there nor under way in another process.
   *
   * @return whether it ran here
   */
  boolean fill(RunSettings settings, Work work) throws Exception {
    Path file = file(settings);
    if (Files.exists(file)) {
      return false;
    }
    Files.createDirectories(folder);
    Path claim = folder.resolve(settings.hash() + ".lock");
    try (FileChannel channel =
            FileChannel.open(claim, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      // Another process may have finished it since; it then took its claim away.
      if (lock == null || Files.exists(file)) {
        return false;
      }
      RunResult result = work.run(settings);
      write(result, file);
      Files.deleteIfExists(claim);
      return true;
    }
  }

  /** Puts a value into a file, all of it or nothing. */
  static void write(Object value, Path file) throws IOException {
    Path half = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    Files.writeString(half, MAPPER.writeValueAsString(value) + "\n");
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path file(RunSettings settings) {
    return folder.resolve(settings.hash() + JSON);
  }

  /** All finished runs, in the order of their files' names. */
  public List<RunResult> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<RunResult> results = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(JSON)).sorted().toList()) {
        results.add(MAPPER.readValue(file.toFile(), RunResult.class));
      }
    }
    return results;
  }
}
