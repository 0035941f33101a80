// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.message.Receipt;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class BindingTest {

  @Test
  void aTypeThatDoesNotMatchItsSchemaIsRefusedAtOnce() {
    refuses(
        Receipt.class,
        SchemaBuilder.record("Receipt").fields().requiredString("clientId").endRecord());
    refuses(
        Receipt.class,
        SchemaBuilder.record("Receipt")
            .fields()
            .requiredString("clientId")
            .requiredLong("outcome")
            .endRecord());
    refuses(
        Receipt.class,
        SchemaBuilder.record("Receipt")
            .fields()
            .requiredString("client")
            .requiredString("outcome")
            .endRecord());
    refuses(Reference.class, SchemaBuilder.enumeration("Reference").symbols("DELTA", "SHARE"));
    refuses(Reference.class, SchemaBuilder.enumeration("Reference").symbols("DELTA"));
    refuses(
        IndexCode.class,
        SchemaBuilder.unionOf()
            .record("Dense")
            .fields()
            .endRecord()
            .and()
            .record("Bitmap")
            .fields()
            .endRecord()
            .endUnion());
  }

  private static void refuses(Class<?> type, Schema schema) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Binding.of(type, schema))
        .withMessageContaining("match");
  }
}
