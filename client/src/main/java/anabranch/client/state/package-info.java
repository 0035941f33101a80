// SPDX-License-Identifier: Apache-2.0

/**
 * What a client must not lose in a crash: its session, the update that it is sending, and what
 * encodings have left out of its updates. Start with {@link anabranch.client.state.ClientState}.
 *
 * <p>On disk, in a directory that one process at a time has locked:
 *
 * <pre>
 *   lock                held as long as the client runs
 *   state.json          who the client is, its session, what it is sending, and which residuals
 *                       hold; replaced atomically
 *   update-*.records    the records of that update, one behind the other, as they are sent
 *   residual-b-a.f32,   what was left out of updates of block b, float32, little-endian: the one
 *   residual-b-b.f32    that holds and the one that will if the pending update is folded
 * </pre>
 *
 * <p>Residuals are there only if the federation's encoding asks for error feedback. They take 4
 * bytes for every parameter of the blocks that the client has trained, and as much again for those
 * of the pending update.
 */
package anabranch.client.state;
