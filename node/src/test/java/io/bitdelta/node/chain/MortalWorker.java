package io.bitdelta.node.chain;

import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.fault.MortalNode;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.web3j.crypto.Credentials;

/**
 * A process that works on jobs until somebody kills it. Arguments: JDBC address, user, RPC address, counter contract, a
 * fault point to die at or {@code -}, and the private keys of the accounts that it shares with others. Prints {@code WORKING} when it has begun; ends with its input.
 */
final class MortalWorker {
    private MortalWorker() {}

    public static void main(String[] arguments) throws IOException {
        List<Credentials> keys = Arrays.stream(arguments)
                .skip(5)
                .map(hex -> Credentials.create(hex))
                .toList();
        Faults faults = MortalNode.deadlyAt(arguments[4]);
        try (Database database = Database.open(new DatabaseSettings.Postgresql(arguments[0], arguments[1], null, 6));
                ChainClient chain = new ChainClient(arguments[2])) {
            Outbox outbox = new Outbox(
                    database,
                    chain,
                    new Signers(keys),
                    SendingRules.of(OutboxHouse.QUICK, 500),
                    block -> {},
                    faults,
                    Clock.systemUTC());
            try (Jobs jobs = new Jobs(
                    database,
                    List.of(new CountingJob(outbox, arguments[3])),
                    CountingJob.rules(),
                    faults,
                    Clock.systemUTC())) {
                jobs.start();
                System.out.println("WORKING");
                System.out.flush();
                System.in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }
}
