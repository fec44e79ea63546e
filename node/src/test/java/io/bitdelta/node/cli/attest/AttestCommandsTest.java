package io.bitdelta.node.cli.attest;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class AttestCommandsTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine root = Main.commandLine();
        root.setOut(new PrintWriter(out));
        root.setErr(new PrintWriter(err));
        return root.execute(arguments);
    }

    private int issue(long chain, Path target, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "attest",
                "issue",
                "--chain",
                Long.toString(chain),
                "--registry",
                "0x" + "44".repeat(20),
                "--delta",
                "0x" + "11".repeat(32),
                "--nonce",
                "0x" + "66".repeat(32),
                "--expiry",
                "2000000000",
                "--out",
                target.toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private String issue() {
        Path evidence = folder.resolve("evidence.json");
        assertThat(issue(31337, evidence, "--data", folder.toString()))
                .as(err.toString())
                .isZero();
        return evidence.toString();
    }

    @Test
    void developmentEvidenceIsAdmittedOnATestChainOnly() {
        String evidence = issue();
        assertThat(run("attest", "verify", "--evidence", evidence)).isEqualTo(3);
        assertThat(run("attest", "verify", "--evidence", evidence, "--development-chain", "122"))
                .isEqualTo(3);
        assertThat(run("attest", "verify", "--evidence", evidence, "--development-chain", "31337", "--json"))
                .isZero();
        assertThat(out.toString()).contains("\"verdict\":\"warning\"", "\"development\":true");
    }

    @Test
    void aPlatformThatIsNotThereIsSaid() {
        Path quote = folder.resolve("quote");
        String none = folder.resolve("none").toString();
        assertThat(issue(1, quote, "--from", "tsm", "--source", none)).isEqualTo(1);
        assertThat(err.toString()).contains("no TDX or SEV-SNP guest");
        assertThat(issue(1, quote, "--from", "sgx", "--source", none)).isEqualTo(2);
        assertThat(err.toString()).contains("\"sgx\" is none of", "tsm");
        assertThat(issue(1, quote, "--from", "command", "--source", "cat old.bin"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("{reportData}");
        assertThat(quote).doesNotExist();
    }

    @Test
    void aProgramsEvidenceIsWrittenAsItCame() throws Exception {
        Path quote = folder.resolve("quote");
        assertThat(issue(1, quote, "--from", "command", "--source", "echo quote-of-{reportData}", "--json"))
                .as(err.toString())
                .isZero();
        String bound = Files.readString(quote).strip();
        assertThat(bound).startsWith("quote-of-").endsWith("00".repeat(32));
        assertThat(out.toString()).contains(bound.substring("quote-of-".length()), "\"development\":false");
    }

    @Test
    void evidenceOfOtherReportDataDoesNotHold() {
        String evidence = issue();
        assertThat(run(
                        "attest",
                        "verify",
                        "--evidence",
                        evidence,
                        "--development-chain",
                        "31337",
                        "--report-data",
                        "0x" + "01".repeat(64)))
                .isEqualTo(3);
        assertThat(out.toString()).contains("REPORT_DATA_MISMATCH");
    }

    @Test
    void unreadableInputIsAUsageError() throws Exception {
        assertThat(run("attest", "verify", "--evidence", folder.resolve("none").toString()))
                .isEqualTo(2);
        Path junk = folder.resolve("junk");
        Files.write(junk, new byte[] {1, 2, 3});
        assertThat(run("attest", "verify", "--evidence", junk.toString())).isEqualTo(3);
        assertThat(out.toString()).contains("UNSUPPORTED");
        assertThat(run("attest", "issue", "--registry", "0x12")).isEqualTo(2);
    }

    @Test
    void theTableOfPublicCasesRuns() throws Exception {
        Path cases = Path.of(System.getProperty("bitdelta.shared", "")).resolve("vectors/attestation/cases.json");
        Assumptions.assumeTrue(Files.exists(cases), "no " + cases);
        assertThat(run("attest", "conformance", "--cases", cases.toString(), "--json"))
                .as(out.toString())
                .isZero();
        assertThat(out.toString()).contains("\"ok\":true", "\"id\":\"tdx-01\"");
        Path vectors = cases.resolveSibling("nitro/doc-2024-09.cbor");
        String[] verify = {
            "attest", "verify", "--evidence", vectors.toString(), "--at", "2024-09-07T15:00:00Z", "--json"
        };
        assertThat(run(verify)).isEqualTo(3);
        String[] withRoots = java.util.Arrays.copyOf(verify, verify.length + 2);
        withRoots[verify.length] = "--roots";
        withRoots[verify.length + 1] = cases.resolveSibling("roots").toString();
        assertThat(run(withRoots)).as(out.toString() + err).isZero();
        assertThat(out.toString()).contains("\"verdict\":\"affirming\"");
    }

    @Test
    void nothingIsFetchedWithoutAnAddressAndWhatIsNotHadIsMissing() throws Exception {
        String evidence = issue();
        String cache = folder.resolve("collateral").toString();
        assertThat(run("attest", "verify", "--evidence", evidence, "--collateral-cache", cache))
                .isEqualTo(2);
        assertThat(run("attest", "verify", "--evidence", evidence, "--collateral-url", "ftp://host"))
                .isEqualTo(2);
        Path quote = folder.resolve("quote.bin");
        Files.write(quote, io.bitdelta.attestation.bench.SampleEvidence.tdx().evidence());
        int code = run(
                "attest",
                "verify",
                "--evidence",
                quote.toString(),
                "--collateral-url",
                "http://127.0.0.1:1",
                "--collateral-cache",
                cache);
        assertThat(code).isEqualTo(3);
        assertThat(err.toString()).contains("/tdx/certification/v4/tcb?fmspc=", "cannot be reached");
        assertThat(out.toString()).contains("COLLATERAL_MISSING");
    }
}
