// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.udf.message.Fields;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The clients that have checked in, in the order of their ids. */
final class ClientRegistry {

  private final TreeMap<String, ClientCheckIn> clients = new TreeMap<>();

  /** Returns whether this is a session that was not known. */
  boolean checkIn(ClientCheckIn checkIn) {
    if (checkIn.status() == ClientCheckIn.Status.LEAVING) {
      clients.remove(checkIn.clientId());
      return false;
    }
    ClientCheckIn before = clients.put(checkIn.clientId(), checkIn);
    return before == null || before.session() != checkIn.session();
  }

  void remove(String clientId) {
    clients.remove(clientId);
  }

  /** The newest check-in of a client, or null. */
  ClientCheckIn get(String clientId) {
    return clients.get(clientId);
  }

  int size() {
    return clients.size();
  }

  /** Ids of the clients that may be drawn for training that takes so much memory, sorted. */
  List<String> eligible(CohortPolicy policy, long requiredMemoryBytes) {
    List<String> eligible = new ArrayList<>();
    clients.forEach(
        (id, client) -> {
          boolean fits = client.memoryBytes() == 0 || client.memoryBytes() >= requiredMemoryBytes;
          if (fits && client.samples() >= policy.minSamples()) {
            eligible.add(id);
          }
        });
    return eligible;
  }

  /**
   * Draws uniformly without replacement: the first steps of a Fisher–Yates shuffle.
   *
   * @param eligible sorted ids
   * @param count how many to draw, at most all
   * @param seed of this draw
   * @return sorted ids
   */
  static List<String> draw(List<String> eligible, int count, long seed) {
    List<String> pool = new ArrayList<>(eligible);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      Collections.swap(pool, i, i + random.nextInt(pool.size() - i));
    }
    List<String> drawn = new ArrayList<>(pool.subList(0, count));
    Collections.sort(drawn);
    return drawn;
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(clients.size());
    for (ClientCheckIn client : clients.values()) {
      Fields.writeArray(Records.encode(client), out);
    }
  }

  static ClientRegistry read(DataInput in) throws IOException {
    ClientRegistry read = new ClientRegistry();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      try {
        ClientCheckIn client = Records.decodeClientCheckIn(Fields.readArray(in));
        read.clients.put(client.clientId(), client);
      } catch (MalformedUpdateException e) {
        throw new IOException("a check-in in the coordinator's state is unreadable", e);
      }
    }
    return read;
  }
}
