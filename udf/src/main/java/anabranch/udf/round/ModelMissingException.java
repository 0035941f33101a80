// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

/** There is no version from which the job could go on; starting again would not help. */
public final class ModelMissingException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  public ModelMissingException(String message) {
    super(message);
  }
}
