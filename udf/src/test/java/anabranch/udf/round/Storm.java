// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.Bytes;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Plan;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.UpdateBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Random steps against a control plane: honest clients, careless ones, liars, replays and the
 * clock. A step can be applied to several control planes that are in the same state.
 */
final class Storm {

  private static final List<String> CLIENTS = List.of("a", "b", "c", "d", "e", "f");

  private final SplittableRandom random;
  private final List<Plan> plans = new ArrayList<>();
  private long nextOffset = 10_000;

  /** Every update header that was sent. */
  final List<Header.Update> sent = new ArrayList<>();

  Storm(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The next step, chosen in view of the newest announcement. */
  Consumer<ControlPlane> next(ControlPlane plane) {
    Plan open = plane.output.drafts.isEmpty() ? null : plane.announcement().plan();
    if (open != null && (plans.isEmpty() || plans.get(plans.size() - 1) != open)) {
      plans.add(open);
    }
    int dice = random.nextInt(100);
    if (dice < 8 || plans.isEmpty()) {
      return header(checkIn());
    } else if (dice < 10) {
      return header(leave());
    } else if (dice < 16) {
      return ControlPlane::visible;
    } else if (dice < 26) {
      Duration time = Duration.ofMillis(random.nextInt(30_000));
      return p -> p.pass(time);
    } else if (dice < 30) {
      return header(garbage());
    } else if (dice < 32) {
      return header(Models.loaded(random.nextInt(5), random.nextInt(3), nextOffset++));
    }
    return header(update());
  }

  private static Consumer<ControlPlane> header(Header header) {
    return plane -> plane.receive(header);
  }

  private Header checkIn() {
    String client = client();
    long session = UpdateBuilder.session(client) + (random.nextInt(20) == 0 ? 1 : 0);
    return new Header.CheckIn(
        id(RecordId.Source.CLIENTS),
        new ClientCheckIn(
            client, session, ClientCheckIn.Status.READY, 1 + random.nextInt(50), 0, "storm"));
  }

  private Header leave() {
    String client = client();
    if (random.nextBoolean()) {
      return new Header.Gone(id(RecordId.Source.CLIENTS), client);
    }
    return new Header.CheckIn(
        id(RecordId.Source.CLIENTS),
        new ClientCheckIn(client, 1, ClientCheckIn.Status.LEAVING, 1, 0, "storm"));
  }

  private Header garbage() {
    boolean readable = random.nextBoolean();
    return new Header.Unusable(
        id(RecordId.Source.UPDATES),
        random.nextInt(500),
        "UNREADABLE",
        "garbage",
        readable ? client() : null,
        readable ? plans.get(plans.size() - 1).planId() : 0,
        Bytes.EMPTY);
  }

  private Header.Update update() {
    boolean replay = random.nextInt(10) == 0;
    Plan plan = plans.get(replay ? random.nextInt(plans.size()) : plans.size() - 1);
    int[] all = UpdateBuilder.segmentsOf(plan);
    UpdateBuilder update =
        UpdateBuilder.answer(client(), plan)
            .samples(1 + random.nextInt(60))
            .metrics(Map.of("loss", random.nextDouble(), "accuracy", random.nextDouble()));
    switch (random.nextInt(12)) {
      case 0 -> update.session(3);
      case 1 -> update.planId(random.nextLong()).round(plan.round() + random.nextInt(-2, 3));
      case 2 -> update.part(0, 1, 0);
      case 3 -> update.weights(true);
      case 4 -> update.part(random.nextInt(3), 3, all[random.nextInt(all.length)]).samples(7);
      case 5, 6, 7 -> half(update, all).samples(9);
      default -> {}
    }
    Header.Update header = update.header(nextOffset++);
    sent.add(header);
    return header;
  }

  private UpdateBuilder half(UpdateBuilder update, int[] all) {
    int cut = all.length / 2;
    boolean first = random.nextBoolean();
    int[] part = new int[first ? cut : all.length - cut];
    System.arraycopy(all, first ? 0 : cut, part, 0, part.length);
    return part.length == 0 ? update : update.part(first ? 0 : 1, 2, part);
  }

  private String client() {
    return CLIENTS.get(random.nextInt(CLIENTS.size()));
  }

  private RecordId id(RecordId.Source source) {
    return new RecordId(source, random.nextInt(4), nextOffset++);
  }
}
