// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.round.Participant;
import anabranch.client.train.torch.TorchTrainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** A member as a program: reads its orders, and takes part until its input ends. */
final class MemberMain {

  private MemberMain() {}

  public static void main(String[] arguments) throws IOException {
    MemberVoice voice = new MemberVoice(new PrintStream(System.out, false, StandardCharsets.UTF_8));
    // What libraries print must not get among the events.
    System.setOut(System.err);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      MemberOrders orders = MemberJson.readOrders(in.readLine());
      Participant participant =
          new Participant(
              orders.settings().participant(orders.number()).withMemory(orders.memoryBytes()),
              orders.data().share(orders.number()),
              new TorchTrainer(),
              voice);
      Runtime.getRuntime().addShutdownHook(new Thread(participant::close, "leave-federation"));
      participant.start();
    } catch (IOException | RuntimeException e) {
      voice.stopped(e);
    }
    in.transferTo(Writer.nullWriter());
    System.exit(0);
  }
}
