// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An operation of PyTorch for which DJL 0.35 has no method, gradient included: a TorchScript module
 * of one expression, put together in memory. Lives as long as the JVM; safe for several threads.
 *
 * <p>A module is a zip archive of uncompressed entries: its code, a pickled object of its class and
 * the constants, here none.
 */
final class ScriptedOperation {

  private static final NDManager LIFETIME = Torch.openManager();

  /** The pickled object: an instance of {@code __torch__.Operation} with {@code training} true. */
  private static final String OBJECT =
      "\u0080\u0002c__torch__\nOperation\n)\u0081}X\u0008\0\0\0training\u0088sb.";

  private static final String NO_CONSTANTS = "\u0080\u0002).";

  private final PtSymbolBlock module;

  /**
   * @param inputs names of the arrays that it takes
   * @param expression in Python, such as {@code torch.relu(x)}
   */
  ScriptedOperation(List<String> inputs, String expression) {
    String parameters =
        inputs.stream().map(name -> ", " + name + ": Tensor").collect(Collectors.joining());
    String code =
        """
        class Operation(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Operation%s) -> Tensor:
            return %s
        """
            .formatted(parameters, expression);
    try {
      module =
          JniUtils.loadModule(
              (PtNDManager) LIFETIME, new ByteArrayInputStream(archive(code)), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The result belongs to the manager of the first input. */
  NDArray apply(NDArray... inputs) {
    // True leaves it to the arrays and the thread whether gradients are wanted.
    return IValueUtils.forward(module, new NDList(inputs), true).singletonOrThrow();
  }

  private static byte[] archive(String code) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", OBJECT);
      store(zip, "code/__torch__.py", code);
      store(zip, "constants.pkl", NO_CONSTANTS);
      store(zip, "version", "3\n");
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    ZipEntry entry = new ZipEntry("operation/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
