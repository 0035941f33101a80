// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import anabranch.protocol.Bytes;
import anabranch.protocol.model.Digest;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * A Java type and the schema that it travels as, matched by name once: record components with
 * fields, constants with symbols, members of a sealed interface with the branches of a union. A
 * type and a schema that do not match are refused when the program starts, not when a record comes.
 *
 * @param toAvro from the Java value to Avro's generic one
 * @param fromAvro back; throws {@link UnreadableRecordException} for what the Java type refuses
 */
record Binding(UnaryOperator<Object> toAvro, UnaryOperator<Object> fromAvro) {

  private static final Map<Schema.Type, Set<Class<?>>> PRIMITIVES =
      Map.of(
          Schema.Type.BOOLEAN, Set.of(boolean.class, Boolean.class),
          Schema.Type.INT, Set.of(int.class, Integer.class),
          Schema.Type.LONG, Set.of(long.class, Long.class),
          Schema.Type.FLOAT, Set.of(float.class, Float.class),
          Schema.Type.DOUBLE, Set.of(double.class, Double.class));

  /**
   * @throws IllegalArgumentException if the type cannot travel as the schema
   */
  static Binding of(Type type, Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> ofRecord(type, schema);
      case UNION -> ofUnion(type, schema);
      case ENUM -> ofEnum(type, schema);
      case ARRAY -> ofList(of(argument(type, List.class, schema), schema.getElementType()));
      case MAP -> ofMap(of(argument(type, Map.class, schema), schema.getValueType()));
      case BYTES -> ofBytes(type, schema);
      case STRING -> {
        require(type == String.class, type, schema);
        yield new Binding(UnaryOperator.identity(), Object::toString);
      }
      default -> {
        require(PRIMITIVES.getOrDefault(schema.getType(), Set.of()).contains(type), type, schema);
        yield new Binding(UnaryOperator.identity(), UnaryOperator.identity());
      }
    };
  }

  private static Binding ofRecord(Type type, Schema schema) {
    Class<?> record = asClass(type, schema);
    require(record.isRecord(), type, schema);
    RecordComponent[] components = record.getRecordComponents();
    require(components.length == schema.getFields().size(), type, schema);
    Method[] accessors = new Method[components.length];
    Binding[] bindings = new Binding[components.length];
    Class<?>[] types = new Class<?>[components.length];
    int[] positions = new int[components.length];
    for (int i = 0; i < components.length; i++) {
      Schema.Field field = schema.getField(components[i].getName());
      require(field != null, type, schema);
      accessors[i] = components[i].getAccessor();
      types[i] = components[i].getType();
      bindings[i] = of(components[i].getGenericType(), field.schema());
      positions[i] = field.pos();
    }
    Constructor<?> constructor = constructor(record, types);
    return new Binding(
        value -> {
          GenericData.Record datum = new GenericData.Record(schema);
          for (int i = 0; i < accessors.length; i++) {
            datum.put(positions[i], bindings[i].toAvro.apply(get(accessors[i], value)));
          }
          return datum;
        },
        datum -> {
          Object[] values = new Object[bindings.length];
          for (int i = 0; i < values.length; i++) {
            values[i] = bindings[i].fromAvro.apply(((IndexedRecord) datum).get(positions[i]));
          }
          return construct(constructor, values);
        });
  }

  /**
   * A union of null and something is a reference that may be null; any other is a sealed family.
   */
  private static Binding ofUnion(Type type, Schema schema) {
    List<Schema> branches = schema.getTypes();
    if (branches.get(0).getType() == Schema.Type.NULL && branches.size() == 2) {
      Binding present = of(type, branches.get(1));
      return new Binding(
          value -> value == null ? null : present.toAvro.apply(value),
          datum -> datum == null ? null : present.fromAvro.apply(datum));
    }
    Class<?> family = asClass(type, schema);
    require(family.isSealed(), type, schema);
    Map<Class<?>, Binding> byClass = new HashMap<>();
    Map<String, Binding> byBranch = new HashMap<>();
    for (Class<?> member : family.getPermittedSubclasses()) {
      Schema branch =
          branches.stream()
              .filter(b -> b.getName().equals(member.getSimpleName()))
              .findFirst()
              .orElseThrow(() -> mismatch(member, schema));
      Binding binding = of(member, branch);
      byClass.put(member, binding);
      byBranch.put(branch.getFullName(), binding);
    }
    require(byBranch.size() == branches.size(), type, schema);
    return new Binding(
        value -> byClass.get(value.getClass()).toAvro.apply(value),
        datum ->
            byBranch.get(((IndexedRecord) datum).getSchema().getFullName()).fromAvro.apply(datum));
  }

  /** The schema has one symbol more, its default, for what a newer writer says. */
  private static Binding ofEnum(Type type, Schema schema) {
    Map<String, Object> constants =
        Stream.of(asClass(type, schema).getEnumConstants())
            .collect(Collectors.toMap(constant -> ((Enum<?>) constant).name(), c -> c));
    Map<String, Object> symbols = new HashMap<>();
    constants.keySet().forEach(s -> symbols.put(s, new GenericData.EnumSymbol(schema, s)));
    require(
        schema.getEnumSymbols().stream()
            .allMatch(s -> constants.containsKey(s) ^ s.equals(schema.getEnumDefault())),
        type,
        schema);
    require(schema.getEnumSymbols().containsAll(constants.keySet()), type, schema);
    return new Binding(
        value -> symbols.get(((Enum<?>) value).name()),
        datum -> {
          Object constant = constants.get(datum.toString());
          if (constant == null) {
            throw new UnreadableRecordException(
                "%s of %s has no meaning here".formatted(datum, schema.getName()));
          }
          return constant;
        });
  }

  private static Binding ofList(Binding item) {
    return new Binding(
        value -> ((List<?>) value).stream().map(item.toAvro).toList(),
        datum -> ((Collection<?>) datum).stream().map(item.fromAvro).toList());
  }

  /** Sorted, since Java's unmodifiable maps iterate in another order in every JVM. */
  private static Binding ofMap(Binding entry) {
    return new Binding(
        value -> {
          Map<Object, Object> sorted = new TreeMap<>();
          ((Map<?, ?>) value).forEach((k, v) -> sorted.put(k, entry.toAvro.apply(v)));
          return sorted;
        },
        datum -> {
          Map<Object, Object> map = new HashMap<>();
          ((Map<?, ?>) datum).forEach((k, v) -> map.put(k.toString(), entry.fromAvro.apply(v)));
          return map;
        });
  }

  private static Binding ofBytes(Type type, Schema schema) {
    if (type == Digest.class) {
      return new Binding(
          value -> ByteBuffer.wrap(((Digest) value).toBytes()),
          datum -> {
            byte[] bytes = window(datum).toArray();
            if (bytes.length != Digest.LENGTH) {
              throw new UnreadableRecordException(
                  "a digest of %d bytes, it has %d".formatted(bytes.length, Digest.LENGTH));
            }
            return Digest.of(bytes);
          });
    }
    require(type == Bytes.class, type, schema);
    return new Binding(
        value -> {
          Bytes bytes = (Bytes) value;
          return ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length());
        },
        Binding::window);
  }

  private static Bytes window(Object datum) {
    ByteBuffer buffer = (ByteBuffer) datum;
    return new Bytes(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
  }

  private static Class<?> asClass(Type type, Schema schema) {
    require(type instanceof Class, type, schema);
    return (Class<?>) type;
  }

  /** The last type argument: a list's items, a map's values. */
  private static Type argument(Type type, Class<?> raw, Schema schema) {
    require(type instanceof ParameterizedType p && p.getRawType() == raw, type, schema);
    Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
    return arguments[arguments.length - 1];
  }

  private static void require(boolean holds, Type type, Schema schema) {
    if (!holds) {
      throw mismatch(type, schema);
    }
  }

  private static IllegalArgumentException mismatch(Type type, Schema schema) {
    return new IllegalArgumentException(
        "%s does not match the schema %s".formatted(type.getTypeName(), schema));
  }

  private static Constructor<?> constructor(Class<?> record, Class<?>[] types) {
    try {
      return record.getConstructor(types);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(record + " must be public to travel", e);
    }
  }

  private static Object get(Method accessor, Object record) {
    try {
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a public record's component can be read", e);
    }
  }

  private static Object construct(Constructor<?> constructor, Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new UnreadableRecordException(
          constructor.getDeclaringClass().getSimpleName() + ": " + e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a public record can be constructed", e);
    }
  }
}
