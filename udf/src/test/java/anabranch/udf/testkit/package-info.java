// SPDX-License-Identifier: Apache-2.0

/**
 * What the tests of this module share: a model of five small segments ({@link
 * anabranch.udf.testkit.Models}), configurations ({@link anabranch.udf.testkit.PolicyBuilder}),
 * updates ({@link anabranch.udf.testkit.UpdateBuilder}), and a control plane with a clock moved by
 * hand ({@link anabranch.udf.testkit.ControlPlane}).
 */
package anabranch.udf.testkit;
