package io.bitdelta.attestation.fuzz;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.SnpRule;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.evidence.StandardAppraiser;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.TrustAnchors;
import io.bitdelta.attestation.pki.TrustAnchors.Vendor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Affirming evidence of a platform that tests made up and whose private keys nobody kept, judged as published roots are.
 * A mutation of it may be refused with reasons or mean the very same; nobody can have signed another one.
 */
public final class JudgedSample {
    private static final int MAX_BYTES = 1 << 20;

    /** Asks for AMD's list too: without it a mutated list is one that is not there. */
    private static final AppraisalPolicy POLICY =
            AppraisalPolicy.strict().withSnp(new SnpRule(Set.of(0), false, false, true, Map.of()));

    private final byte[] evidence;
    private final List<byte[]> documents;
    private final Endorsements endorsements;
    private final Appraiser appraiser;
    private final AppraisalResult original;

    private JudgedSample(JsonObject root) {
        TrustAnchors anchors = TrustAnchors.none();
        JsonObject pins = root.object("anchors");
        for (String vendor : pins.keys()) {
            Set<Bytes32> ids = new HashSet<>();
            pins.texts(vendor).forEach(id -> ids.add(Bytes32.of(id)));
            anchors = anchors.with(Vendor.valueOf(vendor), ids);
        }
        appraiser = StandardAppraiser.create(anchors);
        evidence = root.base64("evidence");
        documents = root.base64List("endorsements");
        endorsements = Endorsements.of(documents);
        original = judge(evidence, endorsements);
        if (!original.affirming()) {
            throw new IllegalStateException("the sample itself is not affirming: " + original.findings());
        }
    }

    /** A sample among the resources of this package, by its name without the ending. */
    public static JudgedSample read(String name) {
        try (InputStream in = JudgedSample.class.getResourceAsStream(name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + ".json is missing");
            }
            return new JudgedSample(JsonObject.of(name, CanonicalJson.read(in.readAllBytes(), MAX_BYTES)));
        } catch (IOException e) {
            throw new IllegalStateException("the resource " + name + ".json cannot be read", e);
        }
    }

    /** Judges mutated evidence, and asks for its collateral, beside the sample's endorsements. */
    public void checkEvidence(byte[] mutated) {
        appraiser.significant(mutated);
        appraiser.collateral(mutated);
        appraiser.revocation(mutated, endorsements);
        compare(judge(mutated, endorsements));
    }

    /** Judges the sample's evidence with a mutated document in the place of one of its endorsements. */
    public void checkEndorsement(int index, byte[] mutated) {
        List<byte[]> changed = new ArrayList<>(documents);
        changed.set(index, mutated);
        compare(judge(evidence, Endorsements.of(changed)));
    }

    /** As above; the first byte of the input chooses the document. */
    public void checkEndorsement(byte[] input) {
        if (input.length > 0) {
            byte[] document = new byte[input.length - 1];
            System.arraycopy(input, 1, document, 0, document.length);
            checkEndorsement((input[0] & 0xff) % documents.size(), document);
        }
    }

    /** The evidence. */
    public byte[] evidence() {
        return evidence.clone();
    }

    /** The endorsement documents. */
    public List<byte[]> documents() {
        return documents.stream().map(byte[]::clone).toList();
    }

    private AppraisalResult judge(byte[] judged, Endorsements with) {
        return appraiser.appraise(judged, with, POLICY, OwnPki.NOW, Expectation.nothing());
    }

    private void compare(AppraisalResult result) {
        if (result.affirming()
                && !(result.technology() == original.technology()
                        && result.status().equals(original.status())
                        && result.claims().equals(original.claims()))) {
            throw new AssertionError("accepted with other claims: " + result + " instead of " + original);
        }
    }

    /**
     * Writes a sample.
     *
     * @param resources of this module's packages
     * @param name of the sample
     */
    public static void write(
            Path resources, String name, TrustAnchors anchors, byte[] evidence, List<byte[]> endorsements)
            throws IOException {
        TreeMap<String, JsonValue> pins = new TreeMap<>();
        for (Vendor vendor : Vendor.values()) {
            if (!anchors.of(vendor).equals(TrustAnchors.vendors().of(vendor))) {
                pins.put(
                        vendor.name(),
                        JsonValue.texts(
                                anchors.of(vendor).stream().map(Bytes32::hex).toList()));
            }
        }
        ObjectBuilder sample = new ObjectBuilder()
                .put("anchors", new JsonValue.Members(pins))
                .put(
                        "endorsements",
                        JsonValue.texts(endorsements.stream()
                                .map(Base64.getEncoder()::encodeToString)
                                .toList()))
                .base64("evidence", evidence);
        Files.createDirectories(resources.resolve("fuzz"));
        Files.write(resources.resolve("fuzz/" + name + ".json"), CanonicalJson.write(sample.build()));
    }

    /**
     * Writes endorsements as the first inputs of a fuzz test, each behind the byte that chooses it.
     *
     * @param flag bits that are set in this byte besides
     */
    public static void seeds(Path folder, List<byte[]> endorsements, int flag) throws IOException {
        for (int i = 0; i < endorsements.size(); i++) {
            byte[] document = endorsements.get(i);
            byte[] placed = new byte[document.length + 1];
            placed[0] = (byte) (flag | i);
            System.arraycopy(document, 0, placed, 1, document.length);
            seed(folder, "endorsement-" + i, placed);
        }
    }

    /** Writes one first input of a fuzz test. */
    public static void seed(Path folder, String name, byte[] input) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("seed-" + name), input);
    }
}
