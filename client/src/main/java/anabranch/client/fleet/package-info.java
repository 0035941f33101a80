// SPDX-License-Identifier: Apache-2.0

/**
 * Many participants on one machine: in this JVM, where they share a trainer, or each in a process
 * of its own. Start with {@link anabranch.client.fleet.Fleet}.
 *
 * <p>A process gets its orders as one line of JSON on standard input and tells what it does as
 * lines of JSON on standard output. The end of its input tells it to leave, so it never outlives
 * whoever started it.
 */
package anabranch.client.fleet;
