// SPDX-License-Identifier: Apache-2.0
package anabranch.job.doctor;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source whose enumerator, which lives on the JobManager, leaves a file in the checkpoint folder
 * while the job runs. A folder of the same name on every machine can be written to everywhere and
 * is still no place for checkpoints: only what one writes and another reads tells the two apart.
 */
final class MarkerSource extends NumberSequenceSource {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(MarkerSource.class);

  private final NodeProbe probe;
  private final boolean marked;

  /**
   * @param marked whether the JobManager can write to the folder
   */
  MarkerSource(NodeProbe probe, boolean marked) {
    super(0, 0);
    this.probe = probe;
    this.marked = marked;
  }

  @Override
  public SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> createEnumerator(
      SplitEnumeratorContext<NumberSequenceSplit> context) {
    return new Marker(super.createEnumerator(context));
  }

  private final class Marker
      implements SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> {

    private final SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> sequence;

    Marker(SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> sequence) {
      this.sequence = sequence;
    }

    @Override
    public void start() {
      if (marked) {
        try {
          probe.leaveMarker();
        } catch (IOException e) {
          LOG.warn("the checkpoint folder can be written to no more", e);
        }
      }
      sequence.start();
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
      sequence.handleSplitRequest(subtask, host);
    }

    @Override
    public void addSplitsBack(List<NumberSequenceSplit> splits, int subtask) {
      sequence.addSplitsBack(splits, subtask);
    }

    @Override
    public void addReader(int subtask) {
      sequence.addReader(subtask);
    }

    @Override
    public Collection<NumberSequenceSplit> snapshotState(long checkpointId) throws Exception {
      return sequence.snapshotState(checkpointId);
    }

    @Override
    public void close() throws IOException {
      sequence.close();
      if (marked) {
        probe.removeMarker();
      }
    }
  }
}
