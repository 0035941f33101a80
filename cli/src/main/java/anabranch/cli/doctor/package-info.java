// SPDX-License-Identifier: Apache-2.0

/**
 * What {@code ./anabranch doctor} looks at. Open {@link anabranch.cli.doctor.Doctor} first: it
 * lists the checks, one class each, in their order. {@link anabranch.cli.doctor.KafkaSide} and
 * {@link anabranch.cli.doctor.FlinkSide} hold what several checks need and ask for it once.
 */
package anabranch.cli.doctor;
