package io.bitdelta.attestation.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.Shared;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.PolicyDocument;
import io.bitdelta.attestation.bench.SampleEvidence;
import io.bitdelta.attestation.conformance.CaseTable;
import io.bitdelta.attestation.conformance.ConformanceCase;
import io.bitdelta.attestation.envelope.Envelope;
import io.bitdelta.attestation.envelope.EnvelopeException;
import io.bitdelta.attestation.envelope.RecipientPrivateKey;
import io.bitdelta.attestation.evidence.StandardAppraiser;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.manifest.EvidenceBundle;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mutates genuine evidence, endorsements and documents: no input may crash a parser, none may be accepted that was not
 * before. The long run takes {@code bitdelta.fuzz.seconds} (600) and writes what it did beside the module.
 */
final class ParserFuzzTest {
    private static final long SEED = 20_261_121L;
    private static final Instant AT = Instant.parse("2026-11-01T00:00:00Z");

    /** One input whose bytes are mutated. */
    private interface Target {
        /** Gives whether the mutated input was accepted; throws only for a crash. */
        boolean accepts(byte[] input);
    }

    private static final class Seeded {
        private final String name;
        private final byte[] seed;
        private final Target target;

        private Seeded(String name, byte[] seed, Target target) {
            this.name = name;
            this.seed = seed.clone();
            this.target = target;
        }
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] out = seed.clone();
        int rounds = 1 + random.nextInt(4);
        for (int i = 0; i < rounds && out.length > 0; i++) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(6)) {
                case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> out[at] = (byte) random.nextInt(256);
                case 2 -> out = Arrays.copyOf(out, at);
                case 3 -> {
                    int length = Math.min(1 + random.nextInt(16), out.length - at);
                    Arrays.fill(out, at, at + length, (byte) (random.nextBoolean() ? 0xff : 0));
                }
                case 4 -> {
                    int from = random.nextInt(out.length);
                    int length = Math.min(1 + random.nextInt(64), out.length - Math.max(at, from));
                    System.arraycopy(out.clone(), from, out, at, length);
                }
                default -> {
                    byte[] longer = new byte[out.length + 8];
                    System.arraycopy(out, 0, longer, 0, at);
                    System.arraycopy(out, at, longer, at + 8, out.length - at);
                    out = longer;
                }
            }
        }
        return out;
    }

    private static List<Seeded> ownTargets() {
        List<Seeded> out = new ArrayList<>();
        Appraiser vendors = StandardAppraiser.create();
        RecipientPrivateKey recipient = RecipientPrivateKey.of(new byte[96]);
        for (SampleEvidence sample : List.of(SampleEvidence.tdx(), SampleEvidence.snp())) {
            out.add(new Seeded(
                    sample.appraise().technology().word(),
                    sample.evidence(),
                    input -> vendors.appraise(
                                    input, Endorsements.none(), AppraisalPolicy.strict(), AT, Expectation.nothing())
                            .affirming()));
        }
        byte[] manifest = ("{\"base\":{\"name\":\"b\",\"weightsHash\":\"0x" + "01".repeat(32)
                        + "\"},\"schema\":\"bitdelta/manifest/1\"}")
                .getBytes(StandardCharsets.UTF_8);
        out.add(new Seeded("manifest", manifest, input -> parses(() -> Manifest.parse(input))));
        out.add(new Seeded("bundle", manifest, input -> parses(() -> EvidenceBundle.parse(input))));
        out.add(new Seeded(
                "policy", "{\"snp\":{\"vmpls\":[0,1]},\"maxAgeSeconds\":5}".getBytes(StandardCharsets.UTF_8), input -> {
                    parses(() -> PolicyDocument.parse(input));
                    return false;
                }));
        byte[] nitro =
                HexFormat.of().parseHex("8444a1013822a0581aa3666469676573746653484133383464706372" + "73a1005800");
        out.add(new Seeded(
                "nitro",
                nitro,
                input -> vendors.appraise(
                                input, Endorsements.none(), AppraisalPolicy.strict(), AT, Expectation.nothing())
                        .affirming()));
        out.add(new Seeded("envelope", envelope(recipient), input -> {
            try {
                Envelope.open(new ByteArrayInputStream(input), OutputStream.nullOutputStream(), recipient);
                return true;
            } catch (EnvelopeException refused) {
                return false;
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
        return out;
    }

    private static byte[] envelope(RecipientPrivateKey recipient) {
        var out = new java.io.ByteArrayOutputStream();
        try {
            Envelope.seal(
                    new ByteArrayInputStream(new byte[10]),
                    out,
                    List.of(recipient.publicKey()),
                    new java.security.SecureRandom());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static boolean parses(Runnable parse) {
        try {
            parse.run();
            return true;
        } catch (JsonException | ManifestException refused) {
            return false;
        }
    }

    private static List<Seeded> publicTargets() throws Exception {
        List<Seeded> out = new ArrayList<>();
        Appraiser vendors = StandardAppraiser.create();
        for (ConformanceCase item :
                CaseTable.read(Shared.path("vectors/attestation/cases.json")).cases()) {
            List<byte[]> files = new ArrayList<>();
            for (Path file : item.files()) {
                files.add(Files.readAllBytes(file));
            }
            byte[] evidence = files.getFirst();
            List<byte[]> others = files.subList(1, files.size());
            boolean genuine = item.accepts();
            out.add(new Seeded(item.id(), evidence, input -> {
                AppraisalResult result = vendors.appraise(
                        input, Endorsements.of(others), AppraisalPolicy.strict(), item.at(), Expectation.nothing());
                return result.affirming() && !genuine;
            }));
            for (int i = 0; i < others.size(); i++) {
                int index = i;
                out.add(new Seeded(item.id() + "-endorsement-" + i, others.get(i), input -> {
                    List<byte[]> changed = new ArrayList<>(others);
                    changed.set(index, input);
                    AppraisalResult result = vendors.appraise(
                            evidence,
                            Endorsements.of(changed),
                            AppraisalPolicy.strict(),
                            item.at(),
                            Expectation.nothing());
                    return result.affirming() && !genuine;
                }));
            }
        }
        return out;
    }

    private static long run(Seeded seeded, Random random, int executions) {
        for (int i = 0; i < executions; i++) {
            byte[] input = mutate(seeded.seed, random);
            boolean accepted;
            try {
                accepted = seeded.target.accepts(input);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError crash) {
                throw new AssertionError(
                        seeded.name + " crashed for "
                                + HexFormat.of().formatHex(input, 0, Math.min(input.length, 4096)),
                        crash);
            }
            if (accepted) {
                assertThat(input).as(seeded.name + " accepted a mutation").isEqualTo(seeded.seed);
            }
        }
        return executions;
    }

    @Test
    void seededMutationsCrashNothingAndAreNeverAccepted() {
        Random random = new Random(SEED);
        for (Seeded seeded : ownTargets()) {
            assertThat(run(seeded, random, 300)).isEqualTo(300);
        }
    }

    @Test
    @Tag("long")
    void manyMutationsOfPublicEvidence() throws Exception {
        long seconds = Long.getLong("bitdelta.fuzz.seconds", 600);
        long seed = Long.getLong("bitdelta.fuzz.seed", SEED);
        Random random = new Random(seed);
        List<Seeded> targets = new ArrayList<>(ownTargets());
        targets.addAll(publicTargets());
        Map<String, Long> executions = new TreeMap<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            for (Seeded target : targets) {
                executions.merge(target.name, run(target, random, 20), Long::sum);
            }
        }
        StringBuilder report = new StringBuilder("seed " + seed + "\nseconds " + seconds + "\ncrashes 0\naccepted 0\n");
        executions.forEach(
                (name, count) -> report.append(name).append(' ').append(count).append('\n'));
        Files.writeString(Path.of(System.getProperty("bitdelta.fuzz.report", "target/fuzz-report.txt")), report);
    }
}
