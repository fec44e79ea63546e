package io.bitdelta.attestation.fuzz;

import io.bitdelta.attestation.Shared;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.PolicyDocument;
import io.bitdelta.attestation.appraisal.SignedResults;
import io.bitdelta.attestation.bench.SampleEvidence;
import io.bitdelta.attestation.conformance.CaseTable;
import io.bitdelta.attestation.conformance.ConformanceCase;
import io.bitdelta.attestation.did.DidSyntaxException;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.envelope.Envelope;
import io.bitdelta.attestation.envelope.EnvelopeException;
import io.bitdelta.attestation.envelope.RecipientPrivateKey;
import io.bitdelta.attestation.evidence.StandardAppraiser;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.manifest.EvidenceBundle;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.Crl;
import io.bitdelta.attestation.pki.Ocsp;
import io.bitdelta.attestation.pki.PkiException;
import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.KeystoreException;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.sign.SignatureScheme;
import io.bitdelta.attestation.sign.SigningKey;
import io.bitdelta.attestation.typed.TypedDocument;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Mutates genuine evidence, endorsements and documents: no input may crash a parser, and no mutation of evidence or
 * endorsements may be accepted that says something else than the original. The long run gives every target its own thread
 * and {@code bitdelta.fuzz.seconds} (600) of wall clock, and writes what it did.
 */
final class ParserFuzzTest {
    private static final long SEED = 20_261_121L;
    private static final Instant AT = Instant.parse("2026-11-01T00:00:00Z");

    /** One input whose bytes are mutated. */
    private interface Target {
        /** Gives whether a mutated input was accepted that must not be; throws only for a crash. */
        boolean wronglyAccepts(byte[] input);
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

    /** A parser that refuses with one of its own exceptions. */
    private interface Parse {
        void run(byte[] input) throws Exception;
    }

    private static Seeded parser(String name, byte[] seed, Set<Class<? extends Exception>> refusals, Parse parse) {
        return new Seeded(name, seed, input -> {
            try {
                parse.run(input);
            } catch (Exception e) {
                if (refusals.stream().noneMatch(type -> type.isInstance(e))) {
                    throw new AssertionError(name + " refused with " + e, e);
                }
            }
            return false;
        });
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] out = seed.clone();
        int rounds = 1 + random.nextInt(4);
        for (int i = 0; i < rounds && out.length > 0; i++) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(7)) {
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
                case 5 -> {
                    // A digit for a digit keeps texts and encodings well formed: the change gets further.
                    boolean digit = out[at] >= '0' && out[at] <= '9';
                    out[at] = digit ? (byte) ('0' + random.nextInt(10)) : (byte) (out[at] + 1);
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

    /** Evidence or one of its endorsements; what is accepted must make the claims of the original. */
    private static Seeded judged(
            String name,
            byte[] seed,
            Appraiser appraiser,
            Instant at,
            Function<byte[], Map.Entry<byte[], List<byte[]>>> place) {
        Function<byte[], AppraisalResult> judge = input -> {
            Map.Entry<byte[], List<byte[]>> evidence = place.apply(input);
            return appraiser.appraise(
                    evidence.getKey(),
                    Endorsements.of(evidence.getValue()),
                    AppraisalPolicy.strict(),
                    at,
                    Expectation.nothing());
        };
        AppraisalResult original = judge.apply(seed);
        return new Seeded(name, seed, input -> {
            AppraisalResult result = judge.apply(input);
            return result.affirming()
                    && !(original.affirming()
                            && result.claims().equals(original.claims())
                            && result.status().equals(original.status()));
        });
    }

    private static List<Seeded> documents(
            String name, byte[] evidence, List<byte[]> others, Appraiser appraiser, Instant at) {
        List<Seeded> out = new ArrayList<>();
        out.add(judged(name, evidence, appraiser, at, input -> Map.entry(input, others)));
        for (int i = 0; i < others.size(); i++) {
            int index = i;
            out.add(judged(name + "-endorsement-" + i, others.get(i), appraiser, at, input -> {
                List<byte[]> changed = new ArrayList<>(others);
                changed.set(index, input);
                return Map.entry(evidence, changed);
            }));
        }
        return out;
    }

    private static List<Seeded> ownTargets() {
        List<Seeded> out = new ArrayList<>();
        for (SampleEvidence sample : List.of(SampleEvidence.tdx(), SampleEvidence.snp())) {
            String name = sample.appraise().technology().word();
            out.addAll(documents(name, sample.evidence(), sample.endorsements(), sample.appraiser(), AT));
            for (byte[] document : sample.endorsements()) {
                if (document[0] == 0x30) {
                    byte[] der = document;
                    out.add(parser(name + "-certificate-or-list", der, Set.of(PkiException.class), input -> {
                        try {
                            Cert.parse(input).view(String.class, Cert::label);
                        } catch (PkiException noCertificate) {
                            Crl.parse(input).nextUpdate();
                        }
                    }));
                }
            }
        }
        byte[] manifest = utf8("{\"base\":{\"name\":\"b\",\"weightsHash\":\"0x" + "01".repeat(32)
                + "\"},\"schema\":\"bitdelta/manifest/1\"}");
        Set<Class<? extends Exception>> json = Set.of(JsonException.class, ManifestException.class);
        out.add(parser("manifest", manifest, json, Manifest::parse));
        out.add(parser("bundle", manifest, json, EvidenceBundle::parse));
        out.add(parser(
                "policy-json", utf8("{\"snp\":{\"vmpls\":[0,1]},\"maxAgeSeconds\":5}"), json, PolicyDocument::parse));
        out.add(parser(
                "policy-yaml",
                utf8("allowedStatuses: [UpToDate]\nsnp:\n  vmpls: [0, 1]\n  minimumTcb: {microcode: 5}\n"),
                json,
                PolicyDocument::parse));
        out.add(parser("typed-data", utf8(TYPED), json, TypedDocument::parse));
        out.add(parser(
                "did",
                utf8("did:lux:31337:0x" + "ab".repeat(20)),
                Set.of(DidSyntaxException.class),
                input -> LuxDid.parse(new String(input, StandardCharsets.UTF_8))));
        out.add(parser("ocsp-or-der", new byte[] {0x30, 3, 0x0a, 1, 0}, Set.of(PkiException.class), Ocsp::parse));
        out.add(parser("keystore", utf8(KEYSTORE), Set.of(KeystoreException.class), input -> {
            Path file = Files.createTempFile("keystore", ".json");
            try {
                Files.write(file, input);
                Keystore.open(file, "x".toCharArray());
            } finally {
                Files.delete(file);
            }
        }));
        byte[] nitro =
                HexFormat.of().parseHex("8444a1013822a0581aa3666469676573746653484133383464706372" + "73a1005800");
        out.add(judged("nitro", nitro, StandardAppraiser.create(), AT, input -> Map.entry(input, List.of())));
        out.add(envelope());
        out.add(token());
        return out;
    }

    private static final String TYPED = """
            {"types":{"EIP712Domain":[{"name":"chainId","type":"uint256"}],"M":[{"name":"v","type":"uint8[2]"}]},
            "primaryType":"M","domain":{"chainId":1},"message":{"v":[1,"2"]}}""";

    /** Scrypt with n = 2: cheap enough to run for every mutation that keeps the form. */
    private static final String KEYSTORE =
            """
            {"address":"%s","crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"%s"},"ciphertext":"%s","kdf":"scrypt",
            "kdfparams":{"dklen":32,"n":2,"p":1,"r":8,"salt":"%s"},"mac":"%s"},"id":"00000000-0000-4000-8000-000000000000",
            "version":3}""".formatted("11".repeat(20), "22".repeat(16), "33".repeat(32), "44".repeat(32), "55".repeat(32));

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Seeded envelope() {
        RecipientPrivateKey recipient = RecipientPrivateKey.of(new byte[96]);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        try {
            Envelope.seal(
                    new ByteArrayInputStream(new byte[10]), sealed, List.of(recipient.publicKey()), new SecureRandom());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Seeded("envelope", sealed.toByteArray(), input -> {
            try {
                Envelope.open(new ByteArrayInputStream(input), OutputStream.nullOutputStream(), recipient);
                return true;
            } catch (EnvelopeException refused) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Seeded token() {
        SigningKey key = SigningKey.generate(SignatureScheme.ED25519, new SecureRandom());
        String token = SignedResults.token(Map.of("cpu", SampleEvidence.snp().appraise()), "fuzz", AT, key);
        return new Seeded("result-token", utf8(token), input -> {
            try {
                SignedResults.verify(new String(input, StandardCharsets.UTF_8), key.publicKey());
                return true;
            } catch (SignatureException | JsonException refused) {
                return false;
            }
        });
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
            out.addAll(documents(item.id(), files.getFirst(), files.subList(1, files.size()), vendors, item.at()));
        }
        return out;
    }

    private static void run(Seeded seeded, Random random, int executions) {
        for (int i = 0; i < executions; i++) {
            byte[] input = mutate(seeded.seed, random);
            boolean accepted;
            try {
                accepted = seeded.target.wronglyAccepts(input);
            } catch (RuntimeException | Error crash) {
                throw new AssertionError(
                        seeded.name + " crashed for "
                                + HexFormat.of().formatHex(input, 0, Math.min(input.length, 16_384)),
                        crash);
            }
            if (accepted && !Arrays.equals(input, seeded.seed)) {
                throw new AssertionError(seeded.name + " accepted a mutation: "
                        + HexFormat.of().formatHex(input, 0, Math.min(input.length, 16_384)));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> seededMutationsCrashNothingAndAreNeverAccepted() {
        return ownTargets().stream()
                .map(seeded -> DynamicTest.dynamicTest(seeded.name, () -> run(seeded, new Random(SEED), 150)));
    }

    @Test
    @Tag("long")
    void tenMinutesForEveryParser() throws Exception {
        long seconds = Long.getLong("bitdelta.fuzz.seconds", 600);
        long seed = Long.getLong("bitdelta.fuzz.seed", SEED);
        List<Seeded> targets = new ArrayList<>(ownTargets());
        targets.addAll(publicTargets());
        Map<String, Long> executions = new ConcurrentSkipListMap<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        try (ExecutorService threads = Executors.newFixedThreadPool(targets.size())) {
            List<Future<?>> runs = new ArrayList<>();
            for (Seeded target : targets) {
                runs.add(threads.submit(() -> {
                    Random random = new Random(seed ^ target.name.hashCode());
                    while (System.nanoTime() < end) {
                        run(target, random, 4);
                        executions.merge(target.name, 4L, Long::sum);
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
        StringBuilder report = new StringBuilder(
                "seed " + seed + "\nseconds " + seconds + "\ntargets " + targets.size() + "\ncrashes 0\naccepted 0\n");
        executions.forEach(
                (name, count) -> report.append(name).append(' ').append(count).append('\n'));
        Files.writeString(Path.of(System.getProperty("bitdelta.fuzz.report", "target/fuzz-report.txt")), report);
    }
}
