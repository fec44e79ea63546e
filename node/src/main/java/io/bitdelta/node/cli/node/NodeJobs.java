package io.bitdelta.node.cli.node;

import io.bitdelta.node.chain.TxState;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.relay.GasBudget;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code node jobs}. */
@Command(
        name = "jobs",
        description =
                "What a stopped node has to do: jobs, transactions that are not final, gas money spent on others.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta node jobs --data ./data --limit 20"})
final class NodeJobs implements Callable<Integer> {
    @Option(
            names = "--limit",
            defaultValue = "50",
            paramLabel = "N",
            description = "How many of the newest jobs. Default: ${DEFAULT-VALUE}")
    private int limit = 50;

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (LocalNode node = local.open()) {
            List<Job> jobs = node.jobs().newest(limit);
            Map<TxState, Integer> queue = new TreeMap<>(node.outbox().queue());
            GasBudget.Status budget = node.gasBudget().status();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("jobs", jobs.stream().map(NodeJobs::row).toList());
            json.put("transactions", queue);
            json.put("gasHourWei", budget.hourSpent().toString());
            json.put("gasDayWei", budget.daySpent().toString());
            output.result(json, out -> {
                jobs.forEach(job -> out.printf(
                        "%s  %-14s %-10s %3d %%  %s%n",
                        job.id(),
                        job.kind(),
                        job.state(),
                        job.progress(),
                        job.problem().map(problem -> problem.detail()).orElse(job.waitingFor())));
                out.printf("transactions that are not final: %s%n", queue);
                out.printf(
                        "gas money: %s of %s wei in an hour, %s of %s in a day%n",
                        budget.hourSpent(), budget.hourLimit(), budget.daySpent(), budget.dayLimit());
            });
            return ExitCode.OK;
        }
    }

    private static Map<String, Object> row(Job job) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", job.id());
        row.put("kind", job.kind());
        row.put("state", job.state().name());
        row.put("waitingFor", job.waitingFor());
        row.put("progress", job.progress());
        row.put("created", job.created().toString());
        job.problem().ifPresent(problem -> row.put("problem", problem));
        return row;
    }
}
