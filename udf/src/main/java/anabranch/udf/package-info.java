// SPDX-License-Identifier: Apache-2.0

/**
 * The job's functions. {@code aggregation} is mathematics, {@code round} is policy, {@code message}
 * is what flows, {@code operator} holds state and calls the others.
 */
package anabranch.udf;
