package io.bitdelta.node.cli.attest;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.conformance.CaseTable;
import io.bitdelta.attestation.conformance.ConformanceCase;
import io.bitdelta.attestation.pki.RootFolder;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code attest conformance}. */
@Command(
        name = "conformance",
        description = "Run a table of cases. Exit code 3 when a verdict or reason differs from the table's.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta attest conformance --cases vectors/attestation/cases.json --json"})
final class AttestConformance implements Callable<Integer> {
    @Option(names = "--cases", required = true, paramLabel = "FILE", description = "The table (JSON).")
    private Path table;

    @Mixin
    private Judgement judgement;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    AttestConformance() {}

    @Override
    public Integer call() throws Exception {
        RootFolder roots = judgement.rootFolder();
        Appraiser appraiser = Judgement.appraiser(roots);
        AppraisalPolicy policy = judgement.policy();
        List<Map<String, Object>> cases = new ArrayList<>();
        List<String> different = new ArrayList<>();
        for (ConformanceCase item : CaseTable.read(table).cases()) {
            AppraisalResult result = CaseTable.run(item, appraiser, policy, roots.documents());
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("id", item.id());
            line.putAll(VerdictView.of(result));
            boolean same = result.affirming() == item.accepts();
            line.put("asStated", same);
            cases.add(line);
            if (!same) {
                different.add(item.id());
            }
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("ok", different.isEmpty());
        summary.put("different", different);
        summary.put("cases", cases);
        output.result(summary, out -> {
            for (Map<String, Object> line : cases) {
                out.printf(
                        "%-18s %-16s %-36s %s%n",
                        line.get("id"), line.get("verdict"), line.get("status"), line.get("reasons"));
            }
            out.println(
                    different.isEmpty() ? "all verdicts as stated" : "verdicts differ from the table: " + different);
        });
        return different.isEmpty() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }
}
