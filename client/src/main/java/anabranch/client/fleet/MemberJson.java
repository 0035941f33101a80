// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Orders and events, each as one line of JSON. */
final class MemberJson {

  // Records have methods that look like further fields.
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private MemberJson() {}

  static String write(MemberOrders orders) {
    return line(orders);
  }

  static String write(MemberEvent event) {
    return line(event);
  }

  private static String line(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every order and event can be written as JSON", e);
    }
  }

  /**
   * @throws IllegalArgumentException if the line is no order
   */
  static MemberOrders readOrders(String line) {
    return read(line, MemberOrders.class);
  }

  /**
   * @throws IllegalArgumentException if the line is no event
   */
  static MemberEvent readEvent(String line) {
    return read(line, MemberEvent.class);
  }

  private static <T> T read(String line, Class<T> type) {
    try {
      return JSON.readValue(line, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no %s: %s".formatted(type.getSimpleName(), line), e);
    }
  }
}
