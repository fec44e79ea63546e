package io.bitdelta.node.cli.attest;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Finding;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.pki.RootFolder;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code attest verify}. */
@Command(
        name = "verify",
        description = "Verify evidence and name every reason against it. Exit code 3 when it is not admitted.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta attest verify --evidence quote.bin --endorsement collateral.json",
            "  bitdelta attest verify --evidence quote.bin --collateral-url https://pccs.example --collateral-cache pccs",
            "  bitdelta attest verify --evidence gpu.json --collateral-url https://rim.example --ocsp-url https://ocsp.example",
            "  bitdelta attest verify --evidence evidence.json --development-chain 31337"
        })
final class AttestVerify implements Callable<Integer> {
    @Option(names = "--evidence", required = true, paramLabel = "FILE", description = "The evidence.")
    private Path evidence;

    @Option(
            names = "--endorsement",
            paramLabel = "FILE",
            description = "Collateral, certificates, revocation lists, reference values; may be given often.")
    private List<Path> endorsements = new ArrayList<>();

    @Option(names = "--at", paramLabel = "TIME", description = "Time of the judgement (RFC 3339). Default: now.")
    private @Nullable Instant at;

    @Option(names = "--report-data", paramLabel = "HEX", description = "Report data that the evidence must bind.")
    private @Nullable String reportData;

    @Option(
            names = "--development-chain",
            paramLabel = "ID",
            description = "Admit development evidence for this test chain.")
    private @Nullable Long developmentChain;

    @Option(names = "--nonce", paramLabel = "HEX", description = "Nonce that the evidence must answer (Nitro, NVIDIA).")
    private @Nullable String nonce;

    @Mixin
    private CollateralOptions collateral;

    @Mixin
    private Judgement judgement;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    AttestVerify() {}

    @Override
    public Integer call() throws Exception {
        List<byte[]> documents = new ArrayList<>();
        for (Path file : endorsements) {
            documents.add(Judgement.read(file));
        }
        AppraisalPolicy stated = judgement.policy();
        AppraisalPolicy policy = developmentChain == null ? stated : stated.withDevelopment(developmentChain);
        RootFolder roots = judgement.rootFolder();
        documents.addAll(roots.documents());
        Appraiser appraiser = Judgement.appraiser(roots);
        byte[] bytes = Judgement.read(evidence);
        documents.addAll(collateral.collect(appraiser.collateral(bytes), output::say));
        documents.addAll(collateral.revocation(appraiser.revocation(bytes, Endorsements.of(documents)), output::say));
        AppraisalResult result = appraiser.appraise(
                bytes,
                Endorsements.of(documents),
                policy,
                at == null ? Clock.systemUTC().instant() : at,
                expectation());
        output.result(VerdictView.of(result), out -> {
            out.println(result.tier().word() + "  " + result.technology().word() + "  status " + result.status()
                    + (result.development() ? "  (development evidence)" : ""));
            for (Finding finding : result.findings()) {
                out.println("  " + finding.reason() + ": " + finding.detail());
            }
        });
        return result.admitted() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }

    private Expectation expectation() {
        try {
            Expectation expected =
                    reportData == null ? Expectation.nothing() : Expectation.reportData(HexText.parse(reportData));
            return nonce == null ? expected : expected.withNonce(HexText.parse(nonce));
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--report-data or --nonce: " + e.getMessage());
        }
    }
}
