// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobInfoImpl;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.api.common.functions.BroadcastVariableInitializer;
import org.apache.flink.api.common.functions.util.AbstractRuntimeUDFContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;

/** What a keyed function has around it, in one thread: state on the heap, metrics for nobody. */
final class OneThreadContext extends AbstractRuntimeUDFContext {

  private static final String NAME = "in process";

  /** Of the key that is current, by name; null until the first is. */
  private Map<String, Object> current;

  private final Map<Integer, Map<String, Object>> byKey = new HashMap<>();

  OneThreadContext() {
    super(
        new JobInfoImpl(new JobID(), NAME),
        new TaskInfoImpl(NAME, 1, 0, 1, 0),
        SimpleUserCodeClassLoader.create(OneThreadContext.class.getClassLoader()),
        new ExecutionConfig(),
        Map.of(),
        Map.of(),
        UnregisteredMetricsGroup.createOperatorMetricGroup());
  }

  /** State that is used from now on is that of this key. */
  void setKey(int key) {
    current = byKey.computeIfAbsent(key, k -> new HashMap<>());
  }

  @Override
  public <T> ValueState<T> getState(ValueStateDescriptor<T> descriptor) {
    return new HeapValue<>(descriptor.getName());
  }

  @Override
  public <K, V> MapState<K, V> getMapState(MapStateDescriptor<K, V> descriptor) {
    return new HeapMap<>(descriptor.getName());
  }

  @Override
  public boolean hasBroadcastVariable(String name) {
    return false;
  }

  @Override
  public <T> List<T> getBroadcastVariable(String name) {
    throw new UnsupportedOperationException("streams have no broadcast variables");
  }

  @Override
  public <T, C> C getBroadcastVariableWithInitializer(
      String name, BroadcastVariableInitializer<T, C> initializer) {
    throw new UnsupportedOperationException("streams have no broadcast variables");
  }

  @Override
  public Set<ExternalResourceInfo> getExternalResourceInfos(String resource) {
    throw new UnsupportedOperationException("there are no external resources");
  }

  private final class HeapValue<T> implements ValueState<T> {

    private final String name;

    HeapValue(String name) {
      this.name = name;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T value() {
      return (T) current.get(name);
    }

    @Override
    public void update(T value) {
      current.put(name, value);
    }

    @Override
    public void clear() {
      current.remove(name);
    }
  }

  private final class HeapMap<K, V> implements MapState<K, V> {

    private final String name;

    HeapMap(String name) {
      this.name = name;
    }

    @SuppressWarnings("unchecked")
    private Map<K, V> map() {
      return (Map<K, V>) current.computeIfAbsent(name, n -> new HashMap<>());
    }

    @Override
    public V get(K key) {
      return map().get(key);
    }

    @Override
    public void put(K key, V value) {
      map().put(key, value);
    }

    @Override
    public void putAll(Map<K, V> entries) {
      map().putAll(entries);
    }

    @Override
    public void remove(K key) {
      map().remove(key);
    }

    @Override
    public boolean contains(K key) {
      return map().containsKey(key);
    }

    @Override
    public Iterable<Map.Entry<K, V>> entries() {
      return map().entrySet();
    }

    @Override
    public Iterable<K> keys() {
      return map().keySet();
    }

    @Override
    public Iterable<V> values() {
      return map().values();
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
      return map().entrySet().iterator();
    }

    @Override
    public boolean isEmpty() {
      return map().isEmpty();
    }

    @Override
    public void clear() {
      current.remove(name);
    }
  }
}
