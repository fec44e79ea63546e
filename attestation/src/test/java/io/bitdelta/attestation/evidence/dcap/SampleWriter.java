package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.pki.OwnPki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** Writes the samples of the bench package anew: run {@code main} with the folder of its resources. */
public final class SampleWriter {
    private SampleWriter() {}

    /** Writes the TDX sample. */
    public static void main(String[] arguments) throws IOException {
        DcapFixture fixture = DcapFixture.tdx15();
        write(
                Path.of(arguments[0], "tdx.json"),
                fixture.quote(),
                fixture.endorsements(),
                "intel",
                fixture.root.cert().keyId());
    }

    /** Writes one sample. */
    public static void write(Path file, byte[] evidence, List<byte[]> endorsements, String vendor, Bytes32 root)
            throws IOException {
        Files.write(
                file,
                CanonicalJson.write(new ObjectBuilder()
                        .put("at", OwnPki.NOW.toString())
                        .put(
                                "endorsements",
                                JsonValue.texts(endorsements.stream()
                                        .map(Base64.getEncoder()::encodeToString)
                                        .toList()))
                        .base64("evidence", evidence)
                        .put("root", root)
                        .put("vendor", vendor)
                        .build()));
    }
}
