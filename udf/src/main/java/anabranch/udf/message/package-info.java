// SPDX-License-Identifier: Apache-2.0

/**
 * What operators send each other. Start with {@link anabranch.udf.message.Header} and {@link
 * anabranch.udf.message.Order}.
 */
package anabranch.udf.message;
