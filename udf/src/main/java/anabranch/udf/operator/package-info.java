// SPDX-License-Identifier: Apache-2.0

/**
 * The Flink operators, one file each, in the order of the stream: validate, coordinate, aggregate,
 * seal. They hold state and call {@code round} and {@code aggregation}.
 */
package anabranch.udf.operator;
