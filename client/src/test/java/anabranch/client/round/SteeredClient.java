// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.TestRound;
import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.state.ClientState;
import anabranch.client.state.EncodedParts;
import anabranch.client.topic.ModelSource;
import anabranch.client.train.TrainingResult;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The client ann, whose model is 0 always and whose training moves it by what the test says. */
final class SteeredClient {

  private static final String MODEL = "model";
  private static final Dataset SAMPLE = FashionMnist.shipped().train().subset(new int[] {0});

  private final ClientState state;
  private final ModelManifest manifest;
  private final RoundWork work;
  private final List<String> events = new ArrayList<>();
  private Map<Integer, float[]> deltas;
  private EncodedParts sent;

  SteeredClient(ClientState state, ModelManifest manifest) {
    this.state = state;
    this.manifest = manifest;
    this.work =
        new RoundWork(
            "ann",
            state,
            new ZeroModel(),
            LocalData.withoutHeldOut(SAMPLE),
            (task, data) -> new TrainingResult(deltas, 1, Map.of()),
            0,
            parts -> {
              sent = parts;
              return 0;
            },
            new ParticipantListener() {
              @Override
              public void receiptLost(long round) {
                events.add("receipt %d lost".formatted(round));
              }

              @Override
              public void satOut(Plan plan, RuntimeException cause) {
                throw new AssertionError(cause);
              }
            });
  }

  /** Answers a plan; what the update says, turned back to elements, by block. */
  Map<Integer, double[]> send(Plan plan, Map<Integer, float[]> trained) throws Exception {
    deltas = trained;
    work.take(TestRound.opening(plan, MODEL, manifest.blocks().size(), plan.round()));
    work.advance();
    Map<Integer, double[]> blocks = new HashMap<>();
    for (int part = 0; part < sent.count(); part++) {
      for (SegmentUpdate update : Records.decodeClientUpdate(sent.part(part)).segments()) {
        Segment segment = manifest.segments().get(update.segment());
        double[] elements = elements(update, segment);
        double[] vector =
            blocks.computeIfAbsent(
                segment.block(), block -> new double[manifest.blocks().get(block).size()]);
        System.arraycopy(elements, 0, vector, segment.offset(), segment.length());
      }
    }
    return blocks;
  }

  private double[] elements(SegmentUpdate update, Segment segment) throws Exception {
    SegmentTransform transform = SegmentTransform.of(update.transform(), manifest, segment);
    DecodedSegment decoded = new DecodedSegment();
    SegmentDecoder.decode(update, transform.coefficients(), 16, decoded);
    double[] coefficients = new double[transform.coefficients()];
    for (int i = 0; i < decoded.count(); i++) {
      coefficients[decoded.dense() ? i : decoded.indices()[i]] = decoded.values()[i];
    }
    double[] elements = new double[segment.length()];
    transform.inverse(coefficients, elements);
    return elements;
  }

  /**
   * @param outcome null if the receipts do not list ann
   */
  void receive(Plan plan, Outcome outcome) {
    work.take(TestRound.closing(plan, MODEL, manifest.blocks().size(), outcome));
  }

  /** What would be added to the next update of a block. */
  float[] residual(int block) {
    Plan next = TestRound.plan(1_000, List.of(block), null);
    return state
        .residuals(TestRound.opening(next, MODEL, manifest.blocks().size(), 1_000))
        .of(block, manifest.blocks().get(block).size());
  }

  List<String> events() {
    return events;
  }

  private final class ZeroModel implements ModelSource {

    @Override
    public ModelManifest manifest(Announcement announcement) {
      return manifest;
    }

    @Override
    public Map<Integer, float[]> bringUpToDate(
        Announcement announcement, Collection<Integer> wanted) {
      Map<Integer, float[]> zeros = new HashMap<>();
      wanted.forEach(block -> zeros.put(block, new float[manifest.blocks().get(block).size()]));
      return zeros;
    }
  }
}
