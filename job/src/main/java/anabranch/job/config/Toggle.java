// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

/** True or false. */
record Toggle() implements ValueType<Boolean> {

  @Override
  public Boolean parse(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  @Override
  public String allowed() {
    return "true or false";
  }
}
