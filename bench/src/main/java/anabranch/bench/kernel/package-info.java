// SPDX-License-Identifier: Apache-2.0

/**
 * How fast the inner loops are: decoding, adding up, encoding, transforms, and the serializers
 * between operators. JMH measures each, in a JVM of its own, and each is reported beside {@code
 * float[] += float[]}, so that figures of different machines compare. Start with {@link
 * anabranch.bench.kernel.KernelBenchmark}; what is measured stands in the classes named {@code
 * …Kernel}.
 */
package anabranch.bench.kernel;
