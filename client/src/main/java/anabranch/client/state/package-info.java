// SPDX-License-Identifier: Apache-2.0

/**
 * What a client must not lose in a crash: its session and the update that it is sending. Start with
 * {@link anabranch.client.state.ClientState}.
 *
 * <p>On disk, in a directory that one process at a time has locked:
 *
 * <pre>
 *   lock                held as long as the client runs
 *   state.json          who the client is, its session, and what it is sending; replaced atomically
 *   update-*.records    the records of that update, one behind the other, as they are sent
 * </pre>
 */
package anabranch.client.state;
