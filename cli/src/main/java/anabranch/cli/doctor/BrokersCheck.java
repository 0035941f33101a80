// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.doctor.AdvertisedBrokers;
import anabranch.job.doctor.BrokerContact;
import java.util.stream.Collectors;

/**
 * Whether every broker answers at the address that it advertises. The bootstrap server is asked for
 * these once and then used no more, so a broker in a container or behind NAT that advertises a name
 * of its own network can be "reached" and never answers: all that clients say is that time ran out.
 */
final class BrokersCheck implements Check {

  static final String ADVICE =
      "let advertised.listeners of each broker name an address that this machine, every client and"
          + " every machine of Flink can reach; a broker in a container needs one listener for those"
          + " inside its network and one for those outside";

  @Override
  public String name() {
    return "brokers";
  }

  @Override
  public Finding examine(Examination examination) {
    AdvertisedBrokers found;
    try {
      found = examination.kafka().brokers();
    } catch (NotCheckedException e) {
      return Finding.failed(
          name(),
          e.getMessage(),
          "check kafka.bootstrap-servers, that the broker runs, and the security settings in"
              + " kafka.properties");
    }
    Problems problems = new Problems();
    found.unreachable().forEach(broker -> problems.failed(broker.complaint(), ADVICE));
    return problems.orOk(
        name(),
        "%s at %s; cluster %s, controller %d"
            .formatted(
                found.brokers().size() == 1 ? "1 broker" : found.brokers().size() + " brokers",
                found.brokers().stream()
                    .map(BrokerContact::address)
                    .collect(Collectors.joining(", ")),
                found.clusterId(),
                found.controllerId()));
  }
}
