package io.bitdelta.node.chain;

import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobProblem;
import io.bitdelta.node.jobs.JobRules;
import io.bitdelta.node.jobs.JobRules.Verdict;
import io.bitdelta.node.jobs.JobRun;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** A job of one transaction, which counts on the chain. */
final class CountingJob implements JobKind {
    static final String NAME = "count";

    private static final JsonMapper JSON = new JsonMapper();

    private final Outbox outbox;
    private final String counter;

    CountingJob(Outbox outbox, String counter) {
        this.outbox = outbox;
        this.counter = counter;
    }

    static JobRules rules() {
        return new JobRules(
                4,
                Duration.ofMillis(100),
                Duration.ofMillis(400),
                Duration.ofMillis(300),
                Duration.ofDays(1),
                Duration.ofDays(1),
                1000,
                failure -> failure instanceof ChainException
                        ? new Verdict.TryAgain(String.valueOf(failure.getMessage()))
                        : new Verdict.GiveUp(new JobProblem("failed", 500, String.valueOf(failure.getMessage()))));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of("counted");
    }

    @Override
    public Outcome run(JobRun run) {
        OutboxEntry entry = outbox.execute(
                TxRequest.call("count " + run.id(), counter, "0x").from(new TxRequest.Sender.Any()));
        run.record("counted", JSON.createObjectNode().put("tx", entry.hash()));
        return new Outcome.Done();
    }
}
