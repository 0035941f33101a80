// SPDX-License-Identifier: Apache-2.0

/**
 * A participant's part in rounds. Start with {@link anabranch.client.round.Participant}; what it
 * does and meets is told to a {@link anabranch.client.round.ParticipantListener}.
 */
package anabranch.client.round;
