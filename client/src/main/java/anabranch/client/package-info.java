// SPDX-License-Identifier: Apache-2.0

/**
 * The participant's side of a federation. Start with {@link anabranch.client.round.Participant}: it
 * checks in, follows plans, trains, sends and takes receipts.
 *
 * <pre>
 *   &lt;f&gt;.plans ──▶ topic ──▶ round ──▶ &lt;f&gt;.clients, &lt;f&gt;.updates
 *   &lt;f&gt;.model ──▶ topic ──▶   │
 *                             ▼
 *                   data ──▶ train ◀── model (networks as data)
 * </pre>
 *
 * <p>Beside them: {@code state} keeps what must survive a crash, {@code link} is the client's line,
 * {@code fleet} runs many participants on one machine.
 */
package anabranch.client;
