// SPDX-License-Identifier: Apache-2.0

/**
 * The stream. Start with {@link anabranch.job.FederatedLearningJob}, which wires it in one method;
 * {@link anabranch.job.Main} is the jar's entry point. This is the only place with topics, uids and
 * parallelism.
 *
 * <pre>
 * f.clients ─▶ validate-check-ins ─────────────────┐
 * f.updates ─▶ validate-updates ─┬─ headers ───────┼─▶ coordinate ─┬─ orders ──┐
 * f.model ───▶ validate-model ───┤ (to its end)    ┤   (one key)   │           │
 * f.deltas ──▶ validate-deltas ──┤ (to its end)    ┤               │           ▼
 * f.control ─▶ validate-control ─┼─────────────────┘               │           │
 *                                └─ segments, keyed by segment ─────┼──▶ aggregate ─┬─ versions ─▶ publish ─▶ f.model, f.deltas
 *                                                                  │               └─ sealed ─┐
 *                                                                  ├─ drafts ─────────────────┴▶ seal ─▶ publish ─▶ f.plans, f.rounds, f.control
 *                                                                  └─ rejected ──────────────────────▶ publish ─▶ f.rejected
 * </pre>
 *
 * <p>Every consumed record becomes exactly one header. All decisions fall in <em>coordinate</em>,
 * which sends each payload exactly one order. A payload crosses the network once.
 */
package anabranch.job;
