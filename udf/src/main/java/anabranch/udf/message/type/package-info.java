// SPDX-License-Identifier: Apache-2.0

/**
 * How messages and state are written: one serializer a type, none by Kryo. Start with {@link
 * anabranch.udf.message.type.MessageType}.
 */
package anabranch.udf.message.type;
