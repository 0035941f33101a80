// SPDX-License-Identifier: Apache-2.0

/**
 * How records become bytes: Avro in single-object encoding. Start with {@link
 * anabranch.protocol.avro.Records}; the schemas themselves, documented field by field, lie in
 * {@code src/main/avro}. No other package knows Avro.
 *
 * <pre>
 *   record ── Binding ──▶ generic Avro ── CountingEncoder, ArrayEncoder ──▶ header and body
 *   record ◀── Binding ── generic Avro ◀── BoundedDecoder ── header (SchemaStore: which schema), body
 * </pre>
 */
package anabranch.protocol.avro;
