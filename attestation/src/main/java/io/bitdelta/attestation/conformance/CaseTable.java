package io.bitdelta.attestation.conformance;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A table of cases: JSON with {@code cases[]{id, files[], verificationTime, verdict, status, reason}}, files relative to
 * the table's folder. The first file that an appraiser recognises is the evidence, all others are endorsements.
 */
public final class CaseTable {
    private static final int MAX_TABLE = 4 << 20;
    private static final long MAX_FILE = 16 << 20;

    private final List<ConformanceCase> cases;

    private CaseTable(List<ConformanceCase> cases) {
        this.cases = cases;
    }

    /**
     * Reads a table.
     *
     * @throws JsonException when it is malformed or names an unknown reason
     */
    public static CaseTable read(Path file) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (Files.size(file) > MAX_TABLE || folder == null) {
            throw new JsonException(file + " is no table of cases (longer than " + MAX_TABLE + " bytes)");
        }
        JsonObject root = JsonObject.of("table", CanonicalJson.readAny(Files.readAllBytes(file), MAX_TABLE));
        List<ConformanceCase> cases = new ArrayList<>();
        for (JsonObject item : root.objects("cases")) {
            cases.add(new ConformanceCase(
                    item.text("id"),
                    resolve(folder, item.texts("files")),
                    time(item),
                    item.optionalText("verdict").orElse("-"),
                    item.optionalText("status").orElse("-"),
                    reasons(item)));
        }
        return new CaseTable(List.copyOf(cases));
    }

    private static Instant time(JsonObject item) {
        try {
            return Instant.parse(item.text("verificationTime"));
        } catch (DateTimeException e) {
            throw new JsonException(item.at("verificationTime") + ": not an RFC 3339 instant", e);
        }
    }

    private static Set<Reason> reasons(JsonObject item) {
        Set<Reason> out = EnumSet.noneOf(Reason.class);
        for (String word : item.optionalText("reason").orElse("").split("[,\\s]+", -1)) {
            if (word.isEmpty()) {
                continue;
            }
            try {
                out.add(Reason.valueOf(word));
            } catch (IllegalArgumentException e) {
                throw new JsonException(item.at("reason") + ": unknown reason \"" + word + "\"", e);
            }
        }
        return out;
    }

    private static List<Path> resolve(Path folder, List<String> patterns) throws IOException {
        List<Path> out = new ArrayList<>();
        for (String pattern : patterns) {
            Path target = folder.resolve(pattern).normalize();
            if (!target.startsWith(folder)) {
                throw new JsonException("the file " + pattern + " is outside the table's folder");
            }
            Path name = target.getFileName();
            Path parent = target.getParent();
            if (name == null || parent == null || !name.toString().contains("*")) {
                out.add(target);
                continue;
            }
            try (DirectoryStream<Path> matches = Files.newDirectoryStream(parent, name.toString())) {
                List<Path> found = new ArrayList<>();
                matches.forEach(found::add);
                out.addAll(found.stream().sorted().toList());
            }
        }
        return out;
    }

    /** The lines. */
    public List<ConformanceCase> cases() {
        return cases;
    }

    /**
     * Judges one case.
     *
     * @param extra endorsements beside the case's files, e.g. roots
     */
    public static AppraisalResult run(
            ConformanceCase item, Appraiser appraiser, AppraisalPolicy policy, List<byte[]> extra) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (Path file : item.files()) {
            if (Files.size(file) > MAX_FILE) {
                throw new IOException(file + " is longer than " + MAX_FILE + " bytes");
            }
            files.add(Files.readAllBytes(file));
        }
        int evidence = 0;
        for (int i = 0; i < files.size(); i++) {
            if (appraiser.recognises(files.get(i))) {
                evidence = i;
                break;
            }
        }
        byte[] subject = files.isEmpty() ? new byte[0] : files.remove(evidence);
        files.addAll(extra);
        return appraiser.appraise(subject, Endorsements.of(files), policy, item.at(), expectation(item));
    }

    /** A case about a wrong nonce needs an expected one: any that the evidence cannot answer. */
    private static Expectation expectation(ConformanceCase item) {
        return item.statedReasons().contains(Reason.NONCE_MISMATCH)
                ? Expectation.nothing().withNonce(new byte[32])
                : Expectation.nothing();
    }
}
