// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Where the files of a data set lie; each is asked for by its usual name, without {@code .gz}. */
interface DataFiles {

  /** Makes something of a file's bytes. */
  interface Parser<T> {
    T parse(InputStream unpacked, String name) throws IOException;
  }

  /** Opens a file, whose bytes may be gzipped. */
  InputStream open(String name) throws IOException;

  /**
   * Reads a file, unpacking it if its bytes are gzipped, whatever its name says.
   *
   * @throws IOException if it is missing, damaged or not what the parser expects; the message names
   *     it
   */
  default <T> T read(String name, Parser<T> parser) throws IOException {
    try (BufferedInputStream file = new BufferedInputStream(open(name))) {
      file.mark(2);
      boolean gzipped = file.read() == 0x1f && file.read() == 0x8b;
      file.reset();
      return parser.parse(gzipped ? new GZIPInputStream(file) : file, name);
    } catch (EOFException | ZipException e) {
      String reason = e.getMessage() == null ? "" : " (%s)".formatted(e.getMessage());
      throw new IOException(
          "%s is cut off or damaged%s: fetch it again".formatted(name, reason), e);
    }
  }

  /** The files that come with this library, in a folder beside the classes of this package. */
  static DataFiles shipped(String folder) {
    return name -> {
      String resource = folder + "/" + name + ".gz";
      InputStream file = DataFiles.class.getResourceAsStream(resource);
      if (file == null) {
        throw new NoSuchFileException(resource, null, "missing in the jar: build it again");
      }
      return file;
    };
  }

  /** The files of a folder, plain or with suffix {@code .gz}; the plain one is preferred. */
  static DataFiles in(Path folder) {
    return name -> {
      if (!Files.isDirectory(folder)) {
        throw new NoSuchFileException(
            folder.toString(), null, "no such folder: give the one that holds " + name);
      }
      Path plain = folder.resolve(name);
      Path gzipped = folder.resolve(name + ".gz");
      if (!Files.exists(plain) && !Files.exists(gzipped)) {
        throw new NoSuchFileException(
            plain.toString(), null, "neither this file nor %s.gz exists".formatted(name));
      }
      return Files.newInputStream(Files.exists(plain) ? plain : gzipped);
    };
  }
}
