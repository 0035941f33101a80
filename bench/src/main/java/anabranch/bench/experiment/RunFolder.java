// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import anabranch.bench.federation.DivergedException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finished runs, one JSON file each, named by the hash of its settings. Several processes may fill
 * one folder: each takes the runs that nobody else has taken.
 *
 * @param <S> settings of a run
 * @param <R> what came of it
 */
public final class RunFolder<S extends Settings, R> {

  private static final String JSON = ".json";
  private static final String DIVERGED = ".diverged.json";
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path folder;
  private final JavaType results;
  private final JavaType divergences;

  /**
   * @param folder made when the first run is put into it
   */
  public RunFolder(Path folder, Class<S> settings, Class<R> results) {
    this.folder = folder;
    this.results = MAPPER.constructType(results);
    this.divergences = MAPPER.getTypeFactory().constructParametricType(Divergence.class, settings);
  }

  /** Makes the result of a run that is not there. */
  public interface Work<S, R> {
    R run(S settings) throws Exception;
  }

  /**
   * Runs what is neither there nor under way in another process. What diverges is kept as a {@link
   * Divergence} and not tried again.
   *
   * @return whether it ran here
   */
  public boolean fill(S settings, Work<S, R> work) throws Exception {
    if (isThere(settings)) {
      return false;
    }
    Files.createDirectories(folder);
    Path claim = folder.resolve(settings.hash() + ".lock");
    try (FileChannel channel =
            FileChannel.open(claim, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      // Another process may have finished it since; it then took its claim away.
      if (lock == null || isThere(settings)) {
        return false;
      }
      try {
        write(work.run(settings), file(settings, JSON));
      } catch (DivergedException e) {
        write(new Divergence<>(settings, e.getMessage()), file(settings, DIVERGED));
      }
      Files.deleteIfExists(claim);
      return true;
    }
  }

  /**
   * Puts an array of objects into a file.
   *
   * @param keys of the objects that it has; others are left out
   */
  public static void writeTable(List<?> rows, Set<String> keys, Path file) throws IOException {
    ArrayNode table = MAPPER.createArrayNode();
    for (Object row : rows) {
      table.add(MAPPER.<ObjectNode>valueToTree(row).retain(keys));
    }
    write(table, file);
  }

  /** Puts a value into a file, all of it or nothing. */
  private static void write(Object value, Path file) throws IOException {
    Path half = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    Files.writeString(half, MAPPER.writeValueAsString(value) + "\n");
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private boolean isThere(S settings) {
    return Files.exists(file(settings, JSON)) || hasDiverged(settings);
  }

  /** Whether a run with these settings diverged. */
  public boolean hasDiverged(S settings) {
    return Files.exists(file(settings, DIVERGED));
  }

  private Path file(S settings, String ending) {
    return folder.resolve(settings.hash() + ending);
  }

  /** All finished runs, in the order of their files' names. */
  public List<R> all() throws IOException {
    return read(name -> name.endsWith(JSON) && !name.endsWith(DIVERGED), results);
  }

  /** All runs that diverged, in the order of their files' names. */
  public List<Divergence<S>> divergences() throws IOException {
    return read(name -> name.endsWith(DIVERGED), divergences);
  }

  private <T> List<T> read(Predicate<String> names, JavaType type) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<T> values = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> names.test(f.toString())).sorted().toList()) {
        values.add(MAPPER.readValue(file.toFile(), type));
      }
    }
    return values;
  }
}
